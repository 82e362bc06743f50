# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: a passing one is got over, a lasting one ends in a sentence, and none makes a module say what is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access, jira_dark_features, jira_identity, jira_restore

from .conftest import free_port
from .jira_cases import CASES, NOT_EXAMINED, PUBLIC, REST_OF_FILTERS, SCHEMES, STATES, STILL_OPEN, Case, false_statements
from .results import rows, said

KINDS = ("429", "500", "502", "503", "reset", "slow", "captcha", "websudo", "html_login", "anonymous_200", "empty_200", "truncated_json", "wrong_content_type")
PASSING = ("429", "502", "503", "reset")
HARMLESS = ("slow", "wrong_content_type")  # late, or with another label, but the true answer
# With these nothing can be read. The others give the true answer late or with another label, to somebody else, or cut off.
BLINDING = ("429", "500", "502", "503", "reset", "captcha", "websudo", "html_login", "empty_200")
EXAMINED = [case for case in CASES if NOT_EXAMINED not in case.outcome]
by_name = pytest.mark.parametrize("case", EXAMINED, ids=lambda case: case.name)
WRITING = pytest.mark.parametrize("case", [case for case in EXAMINED if case.writes], ids=lambda case: case.name)


def owners(state: dict[str, Any]) -> dict[str, str]:
    return {number: item["owner"] for number, item in state["filters"].items()}


def assert_given_back(simulator: Any, run: Any, result: dict[str, Any], before: dict[str, str], options: dict[str, Any]) -> None:
    """Every filter is its owner's. Where credentials went bad in between nothing more is sent: then the row says so, and a restore does it."""
    moved = {number: owner for number, owner in before.items() if owners(simulator.state())[number] != owner}
    for number, owner in moved.items():
        [row] = [row for row in result["settings"] if row["setting"].startswith(f"filter {number} ")]
        assert row["state"] == "failed" and f"taken over from {owner}" in row["reason"] and "restore.yml" in row["reason"], row["reason"]
    if moved:
        run(jira_restore, **{name: value for name, value in options.items() if name in ("restore_path", "token", "username", "password")})
        assert owners(simulator.state()) == before


def more(kind: str) -> dict[str, Any]:
    return {"429": {"retry_after": 0}, "503": {"retry_after": 0}, "slow": {"delay": 0.1}}.get(kind, {})


@by_name
@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_fault_of_the_reads(simulator: Any, run: Any, tmp_path: Path, case: Case, kind: str, check: bool) -> None:
    state = simulator.state()
    method, path = case.reads
    simulator.fault(kind, path, method, **more(kind))
    result = run(case.module, check=check, **case.given(simulator, tmp_path))
    assert false_statements(result, simulator.state()) == []
    assert owners(simulator.state()) == owners(state)
    if check or not result["changed"]:
        assert simulator.state() == state
    for row in result["settings"]:
        assert row["state"] not in ("failed", "not_examined") or len(row["reason"]) > 40
    if kind in HARMLESS:
        assert rows(result, "compliant", "changed", "drifted")
    if kind in BLINDING:
        assert result["failed"] or rows(result, "not_examined"), "nothing was said of it"
        # What REST or a stranger tells is not affected by faults of a page.
        told = {"filters": {"filter 10000 (All open bugs)", REST_OF_FILTERS}, "settings": {"jira.option.globalsharing"}} if case.way == "form" else {}
        assert {row[0] for row in said(result)} <= told.get(case.scope, set())
    assert not result["failed"] or (result["msg"].count("\n") == 0 and len(result["msg"]) > 40)


@by_name
@pytest.mark.parametrize("kind", PASSING + HARMLESS)
def test_a_passing_fault_of_the_reads_is_got_over(simulator: Any, run: Any, tmp_path: Path, case: Case, kind: str) -> None:
    method, path = case.reads
    simulator.fault(kind, path, method, times=1, **more(kind))
    result = run(case.module, **case.given(simulator, tmp_path))
    outcome = case.on(simulator.version)
    assert {row["state"] for row in result["settings"]} - {"compliant"} == STATES[outcome]
    assert false_statements(result, simulator.state()) == [] and result["failed"] == (outcome == STILL_OPEN)


@WRITING
@pytest.mark.parametrize("after_effect", [False, True], ids=["write lost", "answer lost"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_of_a_write(simulator: Any, run: Any, tmp_path: Path, case: Case, kind: str, after_effect: bool) -> None:
    assert case.writes is not None
    method, path = case.writes
    before, options = owners(simulator.state()), case.given(simulator, tmp_path)
    simulator.fault(kind, path, method, times=1, after_effect=after_effect, **more(kind))
    result = run(case.module, **options)
    assert simulator.control("GET", "faults") == [], "the fault was not met"
    assert false_statements(result, simulator.state()) == []
    if kind in PASSING + HARMLESS and (case.way == "REST" or case.scope == "filters"):
        assert rows(result, "changed") and result["failed"] == (case.on(simulator.version) == STILL_OPEN)
    done = [(entry["what"], entry["object"], str(entry["before"]), str(entry["after"])) for entry in simulator.audit()]
    assert len(done) == len(set(done)), "a write that had happened was repeated"
    assert_given_back(simulator, run, result, before, options)


@pytest.mark.parametrize("kind", PASSING)
def test_an_added_grant_whose_answer_is_lost_is_not_added_twice(simulator: Any, run: Any, tmp_path: Path, kind: str) -> None:
    simulator.fault(kind, SCHEMES, "POST", times=1, after_effect=True, **more(kind))
    run(jira_anonymous_access, scope="permission_schemes", replace_with="logged_in", restore_path=str(tmp_path / "restore.json"))
    for scheme in simulator.state()["schemes"].values():
        logged_in = [grant["permission"] for grant in scheme["grants"] if grant["type"] == "applicationRole" and not grant["parameter"]]
        assert len(logged_in) == len(set(logged_in)), scheme["name"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in HARMLESS])
def test_a_faulty_stranger_probe_is_never_a_closed_site(simulator: Any, run: Any, kind: str) -> None:
    simulator.plant(site_feature={"key": PUBLIC, "enabled": True})
    simulator.fault(kind, "/rest/api/2/project", "GET", **more(kind))
    result = run(jira_anonymous_access, scope="site", check=True)
    [row] = [row for row in result["settings"] if row["setting"] == "stranger: /rest/api/2/project"]
    if kind in ("captcha", "websudo"):  # 401 and 403 do turn the stranger away
        assert row["state"] == "compliant"
    elif kind in ("anonymous_200", "truncated_json") and simulator.closes:  # the true answer, a 401, whatever its body
        assert row["state"] == "compliant"
    elif kind == "anonymous_200":
        assert row["state"] == "failed"
    else:
        assert row["state"] == "not_examined" and row["reason"]


def test_an_unreadable_list_is_not_examined(simulator: Any, run: Any) -> None:
    simulator.fault("html_login", "/login.jsp")
    simulator.fault("html_login", "/secure/Dashboard.jspa")
    result = run(jira_dark_features, exclusive=True)
    assert rows(result, "not_examined") == [("exclusive", None, None)]
    assert not result["changed"]


@pytest.mark.parametrize("answered", ["refuse", "anonymous", "empty_200"])
@pytest.mark.parametrize("secret", ["token", "password"])
@by_name
def test_wrong_credentials_are_tried_once(simulator: Any, run: Any, tmp_path: Path, case: Case, answered: str, secret: str) -> None:
    simulator.plant(login_failure=answered)
    wrong = {"token": "x" * 40} if secret == "token" else {"token": None, "username": "automation", "password": "x" * 40}
    options = {name: value for name, value in case.given(simulator, tmp_path).items() if name not in ("allow_forms", "token", "username", "password")}
    result = run(case.module, **options, **wrong)
    assert result["failed"] and f"Correct {'token' if secret == 'token' else 'username and password'}" in result["msg"]
    assert result["settings"] == []
    assert len(simulator.calls()) == 1


def test_basic_authentication_blocked(simulator: Any, run: Any) -> None:
    simulator.plant(basic_auth=False)
    result = run(jira_identity, token=None, username="automation", password=simulator.secrets["admin_password"])
    assert result["failed"] and "Basic authentication is blocked" in result["msg"] and "Use a token" in result["msg"]


def test_an_ordinary_user_is_told_what_is_missing(simulator: Any, run: Any) -> None:
    result = run(jira_dark_features, token=simulator.secrets["user_token"], enabled=[PUBLIC])
    assert result["failed"] and "system administrator" in result["msg"]
    assert rows(result, "failed") == [(PUBLIC, None, None)]


def test_a_product_that_is_down(run: Any) -> None:
    result = run(jira_identity, url=f"http://127.0.0.1:{free_port()}")
    assert result["failed"] and "nothing accepts connections" in result["msg"] and "Connection refused" in result["msg"]


def test_a_product_that_is_too_slow(simulator: Any, run: Any) -> None:
    simulator.fault("slow", "/rest/api/2/myself", delay=1.6)
    result = run(jira_identity, timeout=1)
    assert result["failed"] and "no answer within 1 seconds" in result["msg"]


def test_a_wrong_context_path(simulator: Any, run: Any) -> None:
    result = run(jira_identity, url=f"{simulator.url}/jira")
    assert result["failed"] and result["settings"] == []
