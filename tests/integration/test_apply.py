# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check, apply, apply again, check after, drift by hand: what each run says and what the product then is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import (
    jira_anonymous_access,
    jira_dark_features,
    jira_identity,
    jira_projects_visible,
    jira_restore,
)

from .cases import CASES, PUBLIC, REOPENED, SYSTEM, Case, false_statements, rows

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@by_name
def test_check_mode_changes_nothing_and_predicts_the_run(simulator: Any, run: Any, tmp_path: Path, case: Case) -> None:
    state, audit = simulator.state(), simulator.audit()
    options = case.with_restore(tmp_path)
    predicted = run(case.module, check=True, **options)
    assert (simulator.state(), simulator.audit()) == (state, audit)
    assert {call["method"] for call in simulator.calls()} == {"GET"}
    assert list(tmp_path.iterdir()) == []
    real = run(case.module, **options)
    if case.name == "site" and not simulator.closes:
        assert real["failed"] and rows(predicted, "drifted")[0] in rows(real, "changed")
        return
    assert not real["failed"] and predicted["changed"] and real["changed"]
    assert rows(predicted, "drifted") == rows(real, "changed") != []
    assert predicted["diff"] == real["diff"]
    assert false_statements(real, simulator.state()) == []


@by_name
def test_a_second_run_writes_nothing(simulator: Any, run: Any, tmp_path: Path, case: Case) -> None:
    options = case.with_restore(tmp_path)
    run(case.module, **options)
    state, audit = simulator.state(), simulator.audit()
    again, check = run(case.module, **options), run(case.module, check=True, **options)
    assert (simulator.state(), simulator.audit()) == (state, audit)
    for result in (again, check):
        assert not result["changed"] and result["diff"]["before"] == result["diff"]["after"]
        assert result["failed"] == (case.name == "site" and not simulator.closes)
        assert rows(result, "drifted", "changed") == []


def test_planted_grants_are_found(simulator: Any, run: Any, tmp_path: Path) -> None:
    options = {"scope": "permission_schemes", "replace_with": "logged_in", "restore_path": str(tmp_path / "restore.json")}
    run(jira_anonymous_access, **options)
    simulator.plant(grant={"scheme": 10101, "permission": "CREATE_ISSUES", "holder": {"type": "anyone"}})
    found = run(jira_anonymous_access, check=True, **options)
    assert rows(found, "drifted") == [
        ("Internal Scheme: CREATE_ISSUES", ["anyone", "applicationRole:jira-software"], ["applicationRole", "applicationRole:jira-software"])
    ]


def test_planted_features_are_found(simulator: Any, run: Any) -> None:
    options = {"enabled": [PUBLIC], "disabled": [REOPENED], "exclusive": True, "allowed": [SYSTEM]}
    run(jira_dark_features, **options)
    simulator.plant(site_feature={"key": "planted.by.hand", "enabled": True})
    simulator.plant(site_feature={"key": PUBLIC, "enabled": False})
    found = run(jira_dark_features, check=True, **options)
    assert rows(found, "drifted") == [("planted.by.hand", True, False), (PUBLIC, False, True)]


def test_a_key_of_the_jvm_is_failed(simulator: Any, run: Any) -> None:
    simulator.plant(system_feature={"key": "jvm.switch", "enabled": True})
    result = run(jira_dark_features, disabled=["jvm.switch"])
    assert result["failed"] and rows(result, "failed") == [("jvm.switch", True, True)]
    assert "-Datlassian.darkfeature.jvm.switch=true" in result["msg"]


def test_migration_keys_and_the_closing_key_survive_exclusive(simulator: Any, run: Any) -> None:
    simulator.plant(site_feature={"key": PUBLIC, "enabled": True})
    run(jira_dark_features, exclusive=True, allowed=[SYSTEM])
    assert simulator.state()["features"]["site"] == ["com.atlassian.jira.migration.simulated-step", PUBLIC]


def test_people_who_log_in_lose_nothing_and_strangers_everything(simulator: Any, run: Any, tmp_path: Path) -> None:
    people: dict[str, dict[str, Any]] = {
        "witness": {"username": "witness", "password": simulator.secrets["user_password"], "token": None},
        "automation": {},
    }
    before = {name: run(jira_projects_visible, **who) for name, who in people.items()}
    assert before["witness"]["projects"] == ["INT", "OPS", "PART", "SUP", "WEB"]
    run(jira_anonymous_access, scope="permission_schemes", replace_with="logged_in", restore_path=str(tmp_path / "restore.json"))
    for name, who in people.items():
        after = run(jira_projects_visible, expected=before[name]["projects"], **who)
        assert rows(after, "compliant") == [(f"projects visible to {name}", before[name]["projects"], before[name]["projects"])]
    assert simulator._http.request("GET", f"{simulator.url}/rest/api/2/project").json() == []


def test_taking_the_right_away_is_noticed(simulator: Any, run: Any, tmp_path: Path) -> None:
    who = {"username": "witness", "password": simulator.secrets["user_password"], "token": None}
    before = run(jira_projects_visible, **who)["projects"]
    run(jira_anonymous_access, scope="permission_schemes", replace_with="none", restore_path=str(tmp_path / "restore.json"))
    after = run(jira_projects_visible, expected=before, **who)
    assert after["failed"] and "witness no longer sees SUP, WEB" in after["msg"]


def test_sole_grants_are_left_without_replace_with(simulator: Any, run: Any, tmp_path: Path) -> None:
    result = run(jira_anonymous_access, scope="permission_schemes", restore_path=str(tmp_path / "restore.json"))
    assert rows(result, "changed") == [("Default Permission Scheme: BROWSE_PROJECTS", ["anyone", "applicationRole"], ["applicationRole"])]
    left = {setting for setting, before, after in rows(result, "drifted") if before == after}
    assert "Public Scheme: BROWSE_PROJECTS" in left and len(left) == 5


def test_the_restore_file_brings_everything_back(simulator: Any, run: Any, tmp_path: Path) -> None:
    def granted() -> list[tuple[Any, ...]]:
        schemes = simulator.state()["schemes"].values()
        return sorted((s["id"], g["permission"], g["type"] == "anyone" or not g["parameter"] and g["type"] == "group") for s in schemes for g in s["grants"])

    before = granted()
    path = str(tmp_path / "restore.json")
    run(jira_anonymous_access, scope="permission_schemes", replace_with="logged_in", restore_path=path)
    assert granted() != before
    predicted = run(jira_restore, check=True, restore_path=path)
    assert granted() != before
    restored = run(jira_restore, restore_path=path)
    assert rows(restored, "changed") == rows(predicted, "drifted") != []
    assert granted() == before
    assert rows(run(jira_restore, restore_path=path), "changed") == []


def test_identity(simulator: Any, run: Any) -> None:
    result = run(jira_identity)
    assert (result["user"], result["is_admin"], result["is_system_admin"]) == ("automation", True, True)
    assert result["version"].startswith(f"{simulator.version}.") and result["base_url"] == simulator.url
    limited = run(jira_identity, token=simulator.secrets["admin2_token"])
    assert (limited["is_admin"], limited["is_system_admin"]) == (True, False)
