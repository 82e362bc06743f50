# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope dashboards: what a stranger sees is told, and what a stranger cannot see is not called closed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access

PATH = "/rest/api/2/dashboard"
SWITCH = "/rest/internal/1.0/darkFeatures/public.access.disabled"
PUBLIC = "https://public.example.com"
ALL = "dashboards a stranger sees"
UNKNOWN = (ALL, None, None, "not_examined")
SYSTEM = ("dashboard 10000 (D10000)", "visible", "visible", "compliant")


@pytest.fixture
def run_dashboards(run_module: Any) -> Any:
    return lambda calls, **options: run_module(jira_anonymous_access, calls, **{"scope": "dashboards", **options})


@pytest.fixture
def seen(call: Any) -> Any:
    """seen(10000, 7, start=2, total=9): a page of what a stranger is shown. seen(status=401): another answer."""

    def page(*ids: int, start: int = 0, total: Any = None, base: str = "", **other: Any) -> Any:
        body = {"startAt": start, "total": len(ids) if total is None else total, "dashboards": [{"id": str(number), "name": f"D{number}"} for number in ids]}
        return call("GET", f"{base}{PATH}?startAt={start}&maxResults=100", stranger=True, **{**({} if "status" in other else {"json": body}), **other})

    return page


@pytest.fixture
def is_closed(call: Any) -> Any:
    return lambda state=True, **other: call("GET", SWITCH, **(other or {"json": {"enabled": state}}))


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_each_that_a_stranger_sees_is_a_row(run_dashboards: Any, myself: Any, seen: Any) -> None:
    """Nothing is written: no REST changes their shares."""
    result = run_dashboards([myself, seen(10000, 7, 8)], keep_dashboards=[8])
    assert rows(result) == [
        ("dashboard 7 (D7)", "visible", "visible", "drifted"), ("dashboard 8 (D8)", "visible", "visible", "compliant"), SYSTEM,
    ]  # fmt: skip
    assert [word in row["reason"] for word, row in zip(("No REST", "keep_dashboards", "system dashboard"), result["settings"])] == [True] * 3
    assert not result["changed"] and result["diff"] == {"before": {}, "after": {}}


@pytest.mark.parametrize("check", [True, False])
def test_check_mode_says_the_same(run_dashboards: Any, myself: Any, seen: Any, check: bool) -> None:
    assert rows(run_dashboards([myself, seen(7)], check=check)) == [("dashboard 7 (D7)", "visible", "visible", "drifted")]


def test_two_of_one_name_are_two(run_dashboards: Any, myself: Any, seen: Any) -> None:
    same = {"total": 2, "dashboards": [{"id": "7", "name": "Same"}, {"id": 8, "name": "Same"}]}
    assert [row[0] for row in rows(run_dashboards([myself, seen(json=same)]))] == ["dashboard 7 (Same)", "dashboard 8 (Same)"]


def test_an_open_site_that_shows_none_is_compliant(run_dashboards: Any, myself: Any, seen: Any, is_closed: Any) -> None:
    assert rows(run_dashboards([myself, seen(), is_closed(False)])) == [(ALL, 0, 0, "compliant")]


def test_an_open_site_that_shows_its_own_only(run_dashboards: Any, myself: Any, seen: Any, is_closed: Any) -> None:
    assert rows(run_dashboards([myself, seen(10000), is_closed(False)])) == [SYSTEM]


@pytest.mark.parametrize("answer", [{"json": {"enabled": True}}, {"status": 404}, {"status": 500}, {"json": {"enabled": "false"}}, {"json": []}])
def test_none_of_a_site_that_may_be_closed_says_nothing(
    run_dashboards: Any, myself: Any, seen: Any, is_closed: Any, answer: dict[str, Any]
) -> None:
    """What is shared would open with the site; where the switch cannot be read, nothing follows from seeing none."""
    result = run_dashboards([myself, seen(10000), is_closed(**answer)])
    assert rows(result) == [SYSTEM, UNKNOWN] and "closed to strangers" in result["settings"][1]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401}, "closed to strangers"),
        ({"status": 403}, "closed to strangers"),
        ({"status": 302, "headers": {"Location": "/login.jsp"}}, "a redirect to /login.jsp"),
        ({"status": 500}, "failed inside"),
        ({"status": 200, "text": ""}, "nothing, where JSON was expected"),
        ({"status": 200, "text": "<html>sso</html>"}, "a page (HTML)"),
        ({"status": 200, "json": []}, "without a list of dashboards"),
        ({"status": 200, "json": {"dashboards": [{"id": "7"}]}}, "without a list of dashboards"),
        ({"status": 200, "json": {"dashboards": [{"id": "seven", "name": "D"}]}}, "without a list of dashboards"),
        ({"status": 200, "json": {"total": 0}}, "without a list of dashboards"),
        ({"status": 200, "json": {"total": 0, "dashboards": []}, "headers": {"X-AUSERNAME": "kiosk"}}, "answered as kiosk although nobody logged in"),
        ({"status": 401, "headers": {"X-AUSERNAME": "kiosk"}}, "answered as kiosk although nobody logged in"),
    ],
)
def test_what_is_not_a_strangers_list_is_not_examined(
    run_dashboards: Any, myself: Any, seen: Any, answer: dict[str, Any], words: str
) -> None:
    result = run_dashboards([myself, seen(**answer)])
    assert rows(result) == [UNKNOWN] and words in result["settings"][0]["reason"]


def test_all_pages_are_read(run_dashboards: Any, myself: Any, seen: Any) -> None:
    """The server may give fewer than asked for, and no total."""
    calls = [myself, seen(10000, 7, total="?"), seen(8, start=2, total="?"), seen(start=3, total="?")]
    assert [row[0] for row in rows(run_dashboards(calls))] == ["dashboard 7 (D7)", "dashboard 8 (D8)", "dashboard 10000 (D10000)"]


@pytest.mark.parametrize("second", [{"status": 500}, {"ids": (10000, 7)}])
def test_a_list_without_its_end_is_no_list(run_dashboards: Any, myself: Any, seen: Any, second: dict[str, Any]) -> None:
    """A page that fails, and one that comes twice."""
    answer = seen(*second.pop("ids", ()), start=2, total=9, **second)
    result = run_dashboards([myself, seen(10000, 7, total=9), answer])
    assert rows(result) == [UNKNOWN] and not result["failed"]


class TestTwoAddresses:
    def test_whoever_sees_one_there_sees_all(self, run_dashboards: Any, myself: Any, seen: Any) -> None:
        result = run_dashboards([myself, seen(10000, 7), seen(10000, 8, base=PUBLIC)], public_url=PUBLIC)
        assert [row[0] for row in rows(result)] == ["dashboard 7 (D7)", "dashboard 8 (D8)", "dashboard 10000 (D10000)"]

    def test_one_that_is_closed_says_nothing_of_the_other(self, run_dashboards: Any, myself: Any, seen: Any) -> None:
        result = run_dashboards([myself, seen(10000), seen(base=PUBLIC, status=401)], public_url=PUBLIC)
        assert rows(result) == [SYSTEM, UNKNOWN]

    def test_what_one_shows_is_told_where_the_other_fails(self, run_dashboards: Any, myself: Any, seen: Any) -> None:
        result = run_dashboards([myself, seen(status=500), seen(7, base=PUBLIC)], public_url=PUBLIC)
        assert rows(result) == [("dashboard 7 (D7)", "visible", "visible", "drifted"), UNKNOWN]


@pytest.mark.parametrize(("option", "value"), [("filters", [1]), ("keep_filters", [1]), ("replace_with", "none"), ("restore_path", "/tmp/x")])
def test_options_of_another_scope_are_refused(run_dashboards: Any, option: str, value: Any) -> None:
    result = run_dashboards([], **{option: value})
    assert result["failed"] and f"{option}: means nothing with scope dashboards" in result["msg"]
