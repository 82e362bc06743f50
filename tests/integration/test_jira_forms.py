# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Jira has no REST for: global permissions and the general configuration, on English and German pages; and settings by REST."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access, jira_restore, jira_settings

from .cases import rows
from .test_faults import HARMLESS, KINDS, more

by_language = pytest.mark.parametrize("language", ["en", "de"])
SETTINGS = {
    "jira.option.globalsharing": False,
    "jira.mode": "private",
    "jira.maximum.authentication.attempts.allowed": 3,
    "jira.option.emailvisible": "user",
    "jira.user.avatar.gravatar.enabled": False,
    "jira.comment.level.visibility.groups": False,
}


@pytest.fixture
def who(simulator: Any) -> dict[str, Any]:
    return {"token": None, "username": "automation", "password": simulator.secrets["admin_password"], "allow_forms": True}


@pytest.fixture
def cases(who: dict[str, Any], tmp_path: Path) -> dict[str, tuple[Any, dict[str, Any]]]:
    path = str(tmp_path / "restore.json")
    return {
        "settings": (jira_settings, {"settings": SETTINGS, "restore_path": path, **who}),
        "global permissions": (jira_anonymous_access, {"scope": "global_permissions", "replace_with": "logged_in", "restore_path": path, **who}),
    }


by_case = pytest.mark.parametrize("case", ["settings", "global permissions"])


def values(simulator: Any) -> dict[str, Any]:
    """What the tasks are about, from the state alone."""
    state = simulator.state()
    return {"properties": state["properties"], "permissions": state["global_permissions"]}


@by_case
@by_language
def test_check_apply_again_and_restore(simulator: Any, run: Any, cases: Any, who: dict[str, Any], tmp_path: Path, case: str, language: str) -> None:
    simulator.plant(language=language)
    module, options = cases[case]
    state, audit, before = simulator.state(), simulator.audit(), values(simulator)
    predicted = run(module, check=True, **options)
    assert (simulator.state(), simulator.audit()) == (state, audit) and list(tmp_path.iterdir()) == []
    real = run(module, **options)
    assert not real["failed"], real["msg"]
    assert rows(predicted, "drifted") == rows(real, "changed") != []
    assert rows(real, "drifted", "not_examined") == [] and predicted["diff"] == real["diff"]
    after, audit = values(simulator), simulator.audit()
    assert after != before
    for check in (False, True):
        again = run(module, check=check, **options)
        assert not again["changed"] and rows(again, "drifted", "changed", "failed", "not_examined") == []
    assert (values(simulator), simulator.audit()) == (after, audit)
    predicted = run(jira_restore, check=True, restore_path=options["restore_path"], **who)
    restored = run(jira_restore, restore_path=options["restore_path"], **who)
    assert rows(restored, "changed") == rows(predicted, "drifted") != []
    assert values(simulator) == before


def test_anyone_goes_and_whoever_logs_in_keeps_it(simulator: Any, run: Any, cases: Any) -> None:
    module, options = cases["global permissions"]
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": None, "granted": True})
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": "jira-software-users", "granted": False})
    run(module, **options)
    state = simulator.state()["global_permissions"]
    assert all(None not in groups for groups in state.values())
    assert "jira-software-users" in state["BULK_CHANGE"] and "jira-software-users" in state["USER_PICKER"]


def test_planted_drift_is_found(simulator: Any, run: Any, cases: Any) -> None:
    for module, options in cases.values():
        run(module, **options)
    simulator.plant(global_permission={"key": "CREATE_SHARED_OBJECTS", "group": None, "granted": True})
    simulator.plant(property={"key": "jira.option.globalsharing", "value": "true"})
    found = [row for module, options in cases.values() for row in rows(run(module, check=True, **options), "drifted")]
    assert ("CREATE_SHARED_OBJECTS", ["anyone", "group:jira-software-users"], ["group:jira-software-users"]) in found
    assert ("jira.option.globalsharing", True, False) in found and len(found) == 2


@by_case
def test_without_forms_what_only_pages_tell_is_not_examined(simulator: Any, run: Any, cases: Any, case: str) -> None:
    module, options = cases[case]
    state = simulator.state()
    result = run(module, check=True, **{**options, "allow_forms": False})
    unseen = rows(result, "not_examined")
    assert unseen and all("allow_forms" in row["reason"] for row in result["settings"] if row["state"] == "not_examined")
    assert {row[0] for row in rows(result, "compliant", "drifted")} <= {"jira.option.globalsharing"}
    assert simulator.state() == state


def test_a_form_that_moves_something_else_is_put_back(simulator: Any, run: Any, cases: Any) -> None:
    module, options = cases["settings"]
    simulator.plant(form_side_effect={"form": "general", "set": {"jira.option.web.usegzip": "false"}})
    before = values(simulator)
    result = run(module, **{**options, "settings": {"jira.mode": "private"}})
    assert result["failed"] and "useGzip as well" in result["msg"]
    assert values(simulator) == before


@by_case
@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_fault_of_the_pages_makes_no_false_statement(simulator: Any, run: Any, cases: Any, case: str, kind: str) -> None:
    module, options = cases[case]
    simulator.fault(kind, "/secure/admin/", "GET", **more(kind))
    state = simulator.state()
    result = run(module, check=True, **options)
    assert simulator.state() == state
    said = {row[0] for row in rows(result, "compliant", "changed")}
    if kind not in HARMLESS:
        assert said <= {"jira.option.globalsharing"}
        assert result["failed"] or rows(result, "not_examined")


@by_case
@pytest.mark.parametrize("after_effect", [False, True], ids=["write lost", "answer lost"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "anonymous_200"])
def test_one_fault_of_a_post(simulator: Any, run: Any, cases: Any, case: str, kind: str, after_effect: bool) -> None:
    module, options = cases[case]
    path = "/secure/admin/EditApplicationProperties.jspa" if case == "settings" else "/secure/admin/GlobalPermissions.jspa"
    simulator.fault(kind, path, "POST", times=1, after_effect=after_effect, **more(kind))
    result = run(module, **options)
    again = run(module, check=True, **options)
    claimed = {row[0] for row in rows(result, "compliant", "changed")}
    assert claimed <= {row[0] for row in rows(again, "compliant")}, "said to be so, and it is not"


def test_an_unknown_key_is_refused_with_the_known_ones(simulator: Any, run: Any, cases: Any) -> None:
    module, options = cases["settings"]
    audit = simulator.audit()
    result = run(module, **{**options, "settings": {"jira.mode": "private", "jira.no.such.key": True}})
    assert result["failed"] and "jira.no.such.key is unknown here" in result["msg"] and "jira.mode" in result["msg"]
    result = run(module, **{**options, "settings": {"jira.mode": "friends"}})
    assert result["failed"] and "'friends'" in result["msg"] and "private" in result["msg"]
    assert simulator.audit() == audit
