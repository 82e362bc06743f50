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

from .jira_cases import (
    CASES,
    ENFORCED,
    NOT_EXAMINED,
    PART,
    PUBLIC,
    REOPENED,
    STATES,
    STILL_OPEN,
    SYSTEM,
    Case,
    by_password,
    comparable,
    false_statements,
)
from .results import rows, said

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
# Pages are translated, REST is not.
in_each_language = pytest.mark.parametrize(
    ("case", "language"),
    [pytest.param(case, language, id=f"{case.name}, {language}") for case in CASES for language in (("en", "de") if case.way == "form" else ("en",))],
)
REMOVING = [case for case in CASES if case.name in ("permission_schemes by REST", "global_permissions by form", "settings by form", "filters by form")]
READING_WRITES = (  # into a session, up to administration, and out again
    ("POST", "/login.jsp"), ("POST", "/rest/tsv/1.0/authenticate"), ("POST", "/secure/admin/WebSudoAuthenticate.jspa"), ("DELETE", "/rest/auth/1/session"),
)  # fmt: skip


def reads_only(calls: list[dict[str, Any]]) -> bool:
    return all(call["method"] == "GET" or (call["method"], call["path"]) in READING_WRITES for call in calls)


@in_each_language
def test_check_mode_changes_nothing_and_predicts_the_run(simulator: Any, run: Any, tmp_path: Path, case: Case, language: str) -> None:
    simulator.plant(language=language)
    state, audit = simulator.state(), simulator.audit()
    options = case.given(simulator, tmp_path)
    predicted = run(case.module, check=True, **options)
    assert (simulator.state(), simulator.audit()) == (state, audit)
    assert reads_only(simulator.calls()) and list(tmp_path.iterdir()) == []
    real = run(case.module, **options)
    outcome = case.on(simulator.version)
    assert {row["state"] for row in real["settings"]} - {"compliant"} == STATES[outcome]
    assert false_statements(real, simulator.state()) == [] or outcome == STILL_OPEN
    if outcome == STILL_OPEN:
        assert real["failed"] and rows(predicted, "drifted")[0] in rows(real, "changed")
        return
    assert not real["failed"], real["msg"]
    assert rows(predicted, "drifted", "not_examined") == rows(real, "changed", "drifted", "not_examined")
    assert predicted["changed"] == real["changed"] == (outcome in (ENFORCED, PART)) and predicted["diff"] == real["diff"]
    if outcome not in (ENFORCED, PART):
        assert (simulator.state(), simulator.audit()) == (state, audit)
        assert all(row["before"] == row["after"] and (row["reason"] or row["state"] == "compliant") for row in real["settings"])
    assert outcome != NOT_EXAMINED or said(real) == []


@by_name
def test_a_second_run_writes_nothing(simulator: Any, run: Any, tmp_path: Path, case: Case) -> None:
    options = case.given(simulator, tmp_path)
    first = run(case.module, **options)
    state, audit = simulator.state(), simulator.audit()
    again, check = run(case.module, **options), run(case.module, check=True, **options)
    assert (simulator.state(), simulator.audit()) == (state, audit)
    for result in (again, check):
        assert not result["changed"] and result["diff"]["before"] == result["diff"]["after"]
        assert result["failed"] == (case.on(simulator.version) == STILL_OPEN)
        assert rows(result, "changed") == [] and rows(result, "drifted", "not_examined") == rows(first, "drifted", "not_examined")
        assert false_statements(result, state) == []


@pytest.mark.parametrize("case", [case for case in CASES if case.planted], ids=lambda case: case.name)
def test_planted_drift_is_found_and_healed(simulator: Any, run: Any, tmp_path: Path, case: Case) -> None:
    options = case.given(simulator, tmp_path)
    before = run(case.module, **options)
    simulator.plant(**(case.planted or {}))
    found = run(case.module, check=True, **options)
    drift = [row for row in rows(found, "drifted") if not row[0].startswith("stranger") and row not in rows(before, "drifted")]
    assert drift == [case.found]
    healed = run(case.module, **options)
    if case.on(simulator.version) in (ENFORCED, PART):
        assert rows(healed, "changed") == rows(found, "drifted")
    else:
        assert drift[0] in rows(healed, "drifted", "changed")
    assert false_statements(healed, simulator.state()) == []


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
    simulator.plant(user={"name": "guest", "groups": ["jira-software-users", "hr-team"]})  # lena's groups: she has no password of her own
    people: dict[str, dict[str, Any]] = {
        "witness": {"username": "witness", "password": simulator.secrets["user_password"], "token": None},
        "guest": {"token": simulator.secrets["guest_token"]},
        "automation": {},
    }
    ids = [int(number) for number in simulator.state()["filters"]]

    def seen(who: dict[str, Any], **expected: Any) -> dict[str, Any]:
        found: dict[str, Any] = run(jira_projects_visible, filters=ids, **who, **expected)
        assert not found["failed"], found["msg"]
        return {"expected": found["projects"], **{f"expected_{name}": [item["id"] for item in found[name]] for name in ("dashboards", "filters")}}

    before = {name: seen(who) for name, who in people.items()}
    assert before["witness"] == {
        "expected": ["INT", "OPS", "PART", "SUP", "WEB"], "expected_dashboards": [10000, 10001, 10002], "expected_filters": [10000, 10001, 10003],
    }  # fmt: skip
    assert (before["guest"]["expected"][0], before["guest"]["expected_dashboards"][-1]) == ("HR", 10003)
    for case in REMOVING:
        assert not run(case.module, **case.given(simulator, tmp_path))["failed"]
    for name, who in people.items():
        assert seen(who, **before[name]) == before[name]
    stranger = simulator._http
    assert stranger.request("GET", f"{simulator.url}/rest/api/2/project").json() == []
    assert [stranger.request("GET", f"{simulator.url}/rest/api/2/filter/{number}").status for number in ids] == [400] * len(ids)


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


@pytest.mark.parametrize("removing", [*([case] for case in REMOVING), REMOVING], ids=lambda cases: ", ".join(case.scope for case in cases))
def test_the_restore_file_brings_everything_back(simulator: Any, run: Any, tmp_path: Path, removing: list[Case]) -> None:
    """Grants, shares, owners, global permissions and settings; equal apart from ids."""
    before = comparable(simulator.state())
    for case in removing:
        assert run(case.module, **case.given(simulator, tmp_path))["changed"]
    removed = comparable(simulator.state())
    assert removed != before
    options = {"restore_path": str(tmp_path / "restore.json"), **by_password(simulator)}
    predicted = run(jira_restore, check=True, **options)
    assert comparable(simulator.state()) == removed
    restored = run(jira_restore, **options)
    assert not restored["failed"], restored["msg"]
    assert rows(restored, "changed") == rows(predicted, "drifted") != []
    assert comparable(simulator.state()) == before
    audit = simulator.audit()
    assert rows(run(jira_restore, **options), "changed", "drifted", "failed", "not_examined") == []
    assert simulator.audit() == audit


def test_identity(simulator: Any, run: Any) -> None:
    result = run(jira_identity)
    assert (result["user"], result["is_admin"], result["is_system_admin"]) == ("automation", True, True)
    assert result["version"].startswith(f"{simulator.version}.") and result["base_url"] == simulator.url
    limited = run(jira_identity, token=simulator.secrets["admin2_token"])
    assert (limited["is_admin"], limited["is_system_admin"]) == (True, False)
