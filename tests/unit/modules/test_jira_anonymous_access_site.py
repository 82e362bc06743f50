# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope site: the switch and the stranger must agree."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access

SWITCH = "/rest/internal/1.0/darkFeatures/public.access.disabled"
PROJECTS, DASHBOARDS, USERS, BOTH, GROUPS = (
    "/rest/api/2/project",
    "/rest/api/2/dashboard",
    "/rest/api/2/user/picker",
    "/rest/api/2/groupuserpicker",
    "/rest/api/2/groups/picker",
)
SYSTEM = {"id": "10000", "name": "System Dashboard"}


@pytest.fixture
def is_on(call: Any) -> Any:
    return lambda state: call("GET", SWITCH, json={"enabled": state})


@pytest.fixture
def stranger(call: Any) -> Any:
    """stranger(base, **answers): the five requests of a stranger; closed unless told otherwise."""

    def asks(base: str = "", **answers: Any) -> list[Any]:
        closed: dict[str, Any] = {
            "projects": {"json": []},
            "dashboards": {"json": {"dashboards": [SYSTEM]}},
            "users": {"status": 401},
            "both": {"status": 403},
            "groups": {"json": {"groups": []}},
        }
        paths = {"projects": PROJECTS, "dashboards": DASHBOARDS, "users": f"{USERS}?query=a", "both": f"{BOTH}?query=a", "groups": GROUPS}
        return [call("GET", base + path, stranger=True, **answers.get(name, closed[name])) for name, path in paths.items()]

    return asks


OPEN = {
    "projects": {"json": [{"key": "WEB"}]},
    "users": {"json": {"users": [{"name": "ann"}]}},
    "both": {"json": {"users": {"users": []}, "groups": {"groups": [{"name": "g"}]}}},
}


def rows(result: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {row["setting"].removeprefix("stranger: "): (row["before"], row["after"], row["state"]) for row in result["settings"]}


def run_site(run_module: Any, calls: list[Any], **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = run_module(jira_anonymous_access, calls, scope="site", **options)
    return result


def test_an_open_site_is_closed_and_proved(run_module: Any, call: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    calls = [myself, is_on(False), *stranger(**OPEN), call("PUT", SWITCH, 204, body={"enabled": True}), is_on(True), *stranger()]
    result = run_site(run_module, calls)
    assert rows(result) == {
        "public.access.disabled": (False, True, "changed"),
        PROJECTS: ("open", "closed", "changed"),
        DASHBOARDS: ("closed", "closed", "compliant"),
        USERS: ("open", "closed", "changed"),
        BOTH: ("open", "closed", "changed"),
        GROUPS: ("closed", "closed", "compliant"),
    }
    assert result["changed"] and not result["failed"]
    assert result["diff"]["before"]["public.access.disabled"] is False
    assert result["diff"]["after"][f"stranger: {PROJECTS}"] == "closed"


def test_check_mode_predicts_it(run_module: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    result = run_site(run_module, [myself, is_on(False), *stranger(**OPEN)], check=True)
    assert rows(result)["public.access.disabled"] == (False, True, "drifted")
    assert rows(result)[PROJECTS] == ("open", "closed", "drifted")
    assert result["changed"]


def test_a_closed_site_is_left_alone(run_module: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    result = run_site(run_module, [myself, is_on(True), *stranger()])
    assert {row["state"] for row in result["settings"]} == {"compliant"}
    assert not result["changed"]


@pytest.mark.parametrize("check", [True, False])
def test_switch_on_and_data_readable_is_failed_in_both_modes(run_module: Any, myself: Any, is_on: Any, stranger: Any, check: bool) -> None:
    result = run_site(run_module, [myself, is_on(True), *stranger(**OPEN)], check=check)
    assert result["failed"] and not result["changed"]
    assert rows(result)[PROJECTS] == ("open", "open", "failed")
    assert rows(result)[GROUPS] == ("closed", "closed", "compliant")


def test_a_product_that_ignores_the_switch_is_failed(run_module: Any, call: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    calls = [myself, is_on(False), *stranger(**OPEN), call("PUT", SWITCH, 204, body={"enabled": True}), is_on(True), *stranger(**OPEN)]
    result = run_site(run_module, calls)
    assert rows(result)["public.access.disabled"] == (False, True, "changed")
    assert rows(result)[PROJECTS] == ("open", "open", "failed")
    assert "does not close this site" in result["msg"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "neither open nor closed"),
        ({"status": 500}, "neither open nor closed"),
        ({"status": 302, "headers": {"Location": "https://other.example.com/rest/api/2/project"}}, "neither open nor closed"),
        ({"text": "<html>Welcome</html>"}, "HTML"),
        ({"text": "[{"}, "truncated"),
        ({"json": {"projects": []}}, "another shape"),
        ({"json": [], "headers": {"X-AUSERNAME": "kiosk"}}, "answered as kiosk"),
    ],
)
def test_a_probe_that_says_nothing_is_not_examined(run_module: Any, myself: Any, is_on: Any, stranger: Any, answer: Any, words: str) -> None:
    result = run_site(run_module, [myself, is_on(True), *stranger(projects=answer)])
    assert rows(result)[PROJECTS] == (None, None, "not_examined")
    reason = next(row["reason"] for row in result["settings"] if row["setting"].endswith(PROJECTS))
    assert words in reason


def test_a_log_in_page_is_closed(run_module: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    login = {"status": 302, "headers": {"Location": "https://jira.example.com/login.jsp?os_destination=%2F"}}
    assert rows(run_site(run_module, [myself, is_on(True), *stranger(projects=login)]))[PROJECTS] == ("closed", "closed", "compliant")


@pytest.mark.parametrize(
    ("boards", "expected"),
    [
        ([], ("closed", "closed", "compliant")),
        ([SYSTEM, {"id": "10001"}], ("open", "open", "failed")),
        ([{"id": "10001"}], (None, None, "not_examined")),
    ],
)
def test_dashboards(run_module: Any, myself: Any, is_on: Any, stranger: Any, boards: Any, expected: Any) -> None:
    result = run_site(run_module, [myself, is_on(True), *stranger(dashboards={"json": {"dashboards": boards}})])
    assert rows(result)[DASHBOARDS] == expected


def test_the_stranger_asks_where_people_type_as_well(run_module: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    public = "https://www.example.com/jira"
    result = run_site(run_module, [myself, is_on(True), *stranger(), *stranger(public, **OPEN)], public_url=f"{public}/")
    assert result["failed"]
    assert rows(result)[f"stranger at public_url: {PROJECTS}"] == ("open", "open", "failed")
    assert rows(result)[PROJECTS] == ("closed", "closed", "compliant")


def test_the_same_address_is_asked_once(run_module: Any, myself: Any, is_on: Any, stranger: Any) -> None:
    result = run_site(run_module, [myself, is_on(True), *stranger()], public_url="https://jira.example.com/")
    assert len(result["settings"]) == 6


def test_an_unreadable_switch_with_an_open_site_is_failed(run_module: Any, call: Any, myself: Any, stranger: Any) -> None:
    result = run_site(run_module, [myself, call("GET", SWITCH, 403), *stranger(**OPEN)])
    assert rows(result)["public.access.disabled"] == (None, None, "failed")
    assert rows(result)[PROJECTS] == ("open", "open", "failed")


@pytest.mark.parametrize("option", ["keep", "replace_with", "replace_groups", "restore_path"])
def test_options_of_the_other_scope_are_refused(run_module: Any, option: str) -> None:
    value: Any = {"keep": [{"scheme": "0", "permission": "X"}], "replace_with": "none", "replace_groups": ["g"], "restore_path": "/x"}[option]
    result = run_site(run_module, [], **{option: value})
    assert result["failed"] and result["msg"].startswith(f"{option}: means nothing with scope site")
