# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_projects_visible: who sees what, and who lost what."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _jira_projects
from ansible_collections.hardening.atlassian.plugins.modules import jira_projects_visible

PATH = "/rest/api/2/project"
FAVOURITES = "/rest/api/2/filter/favourite"
PROJECTS = [{"key": "WEB"}, {"key": "DOCS"}]
SYSTEM = {"id": "10000", "name": "System Dashboard"}


@pytest.fixture
def boards(call: Any) -> Any:
    """boards({"id": "10000", "name": "System Dashboard"}, start=1, total=2): a page of the list of dashboards."""

    def page(*items: dict[str, str], start: int = 0, total: int | None = None, **other: Any) -> Any:
        body = {"startAt": start, "dashboards": list(items), **({} if total is None else {"total": total})}
        return call("GET", f"/rest/api/2/dashboard?startAt={start}&maxResults=100", **(other or {"json": body}))

    return page


@pytest.fixture
def look(run_module: Any, call: Any, myself: Any, boards: Any) -> Any:
    """Run with these projects, pages of dashboards, and requests for filters; a single dashboard and no favourite where they are not given."""

    def run(projects: Any = None, pages: Any = None, asked: Any = None, **options: Any) -> dict[str, Any]:
        listed = call("GET", PATH, json=PROJECTS if projects is None else projects)
        pages = [boards(SYSTEM, total=1)] if pages is None else pages
        asked = [call("GET", FAVOURITES, json=[])] if asked is None else asked
        result: dict[str, Any] = run_module(jira_projects_visible, [myself, listed, *pages, *asked], **options)
        return result

    return run


def test_everything_is_sorted_and_nothing_is_judged_unasked(look: Any, call: Any, boards: Any) -> None:
    pages = [boards({"id": "10200", "name": "Wall"}, {"id": "9000", "name": "Old"}, total=2)]
    result = look(pages=pages, asked=[call("GET", FAVOURITES, json=[{"id": "10101", "name": "B"}, {"id": "10100", "name": "A"}])])
    assert (result["user"], result["projects"], result["settings"]) == ("automation", ["DOCS", "WEB"], [])
    assert result["dashboards"] == [{"id": 9000, "name": "Old"}, {"id": 10200, "name": "Wall"}]
    assert result["filters"] == [{"id": 10100, "name": "A"}, {"id": 10101, "name": "B"}]
    assert not result["changed"] and not result["failed"]


def test_all_still_there(look: Any, call: Any) -> None:
    mine = [call("GET", FAVOURITES, json=[{"id": "10100", "name": "A"}])]
    result = look(asked=mine, expected=["WEB"], expected_dashboards=[10000], expected_filters=[10100])
    assert result["settings"] == [
        {"setting": "projects visible to automation", "before": ["WEB"], "after": ["WEB"], "state": "compliant", "reason": ""},
        {"setting": "dashboards visible to automation", "before": [10000], "after": [10000], "state": "compliant", "reason": ""},
        {"setting": "filters visible to automation", "before": [10100], "after": [10100], "state": "compliant", "reason": ""},
    ]


def test_a_lost_project_is_named_with_its_user(look: Any) -> None:
    result = look(expected=["OPS", "WEB", "HR"])
    assert result["failed"]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == (["HR", "OPS", "WEB"], ["WEB"], "failed")
    assert "automation no longer sees HR, OPS" in row["reason"]
    assert "restore.yml" in row["reason"]
    assert result["projects"] == ["DOCS", "WEB"]


def test_who_saw_nothing_before_proves_nothing(look: Any) -> None:
    result = look(projects=[], expected=[], expected_dashboards=[], expected_filters=[])
    assert [(row["setting"], row["state"]) for row in result["settings"]] == [
        (f"{things} visible to automation", "not_examined") for things in ("projects", "dashboards", "filters")
    ]
    assert "saw none of the projects before" in result["settings"][0]["reason"]


@pytest.mark.parametrize("body", [{}, [{"name": "x"}], ["x"]])
def test_another_shape_is_no_empty_list(run_module: Any, call: Any, myself: Any, body: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=body)])
    assert result["failed"] and "list of projects" in result["msg"]


def test_a_lost_dashboard_promises_no_restore(look: Any) -> None:
    result = look(expected_dashboards=[10000, 10200])
    assert result["failed"]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == ([10000, 10200], [10000], "failed")
    assert "automation no longer sees 10200." in row["reason"] and "restore.yml" not in row["reason"]


def test_all_pages_are_read_and_each_starts_after_what_came(look: Any, boards: Any) -> None:
    one, two, three = ({"id": str(number), "name": "-"} for number in (1, 2, 3))
    assert [item["id"] for item in look(pages=[boards(one, two, total=3), boards(three, start=2, total=3)])["dashboards"]] == [1, 2, 3]


@pytest.mark.parametrize("total", [None, 9])
def test_an_empty_page_is_the_last_whatever_the_total_says(look: Any, boards: Any, total: int | None) -> None:
    result = look(pages=[boards(SYSTEM, total=total), boards(start=1, total=total)])
    assert result["dashboards"] == [{"id": 10000, "name": "System Dashboard"}] and result["settings"] == []


def test_the_same_page_again_is_no_list(look: Any, boards: Any) -> None:
    result = look(pages=[boards(SYSTEM, total=2), boards(SYSTEM, start=1, total=2)])
    [row] = result["settings"]
    assert (row["setting"], row["state"]) == ("dashboards visible to automation", "not_examined")
    assert "does not come to an end after 1 dashboards" in row["reason"] and "dashboards" not in result


def test_ever_new_dashboards_come_to_an_end(look: Any, boards: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_jira_projects, "MOST_PAGES", 3)
    [row] = look(pages=[boards({"id": str(number), "name": "-"}, start=number) for number in range(3)])["settings"]
    assert row["state"] == "not_examined" and "after 3 dashboards" in row["reason"]


@pytest.mark.parametrize("body", [[], {"dashboards": {}}, {"dashboards": ["x"]}, {"dashboards": [{"id": "x", "name": "-"}]}, {"dashboards": [{"id": "1"}]}])
def test_another_shape_is_no_list_of_dashboards(look: Any, boards: Any, body: Any) -> None:
    [row] = look(pages=[boards(json=body)])["settings"]
    assert row["state"] == "not_examined" and "without a list of dashboards" in row["reason"]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_other_filters_are_asked_for_one_by_one(look: Any, call: Any, status: int) -> None:
    asked = [
        call("GET", FAVOURITES, json=[{"id": "10101", "name": "B"}]),
        call("GET", "/rest/api/2/filter/10100", json={"id": "10100", "name": "A"}),
        call("GET", "/rest/api/2/filter/10102", status, json={"errorMessages": ["-"]}),
    ]
    result = look(asked=asked, filters=[10100, 10101], expected_filters=[10102, 10101])
    assert result["filters"] == [{"id": 10100, "name": "A"}, {"id": 10101, "name": "B"}]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == ([10101, 10102], [10101], "failed")
    assert "automation no longer sees 10102." in row["reason"] and "restore.yml" in row["reason"]


def test_a_filter_that_is_no_favourite_any_more_is_not_lost(look: Any, call: Any) -> None:
    asked = [call("GET", FAVOURITES, json=[]), call("GET", "/rest/api/2/filter/10100", json={"id": "10100", "name": "A"})]
    [row] = look(asked=asked, expected_filters=[10100])["settings"]
    assert (row["after"], row["state"]) == ([10100], "compliant")


@pytest.mark.parametrize("status", [401, 403])
def test_a_witness_without_the_right_gets_a_sentence_and_no_advice_to_become_administrator(look: Any, call: Any, boards: Any, status: int) -> None:
    refused = {"status": status, "json": {"errorMessages": ["-"]}}
    result = look(pages=[boards(**refused)], asked=[call("GET", FAVOURITES, **refused)], expected=["WEB"])
    rows = {row["setting"]: (row["before"], row["after"], row["state"], row["reason"]) for row in result["settings"][1:]}
    may_not = f"answered {status}: this user may not ask for it."
    assert rows == {
        "dashboards visible to automation": (None, None, "not_examined", f"GET https://jira.example.com/rest/api/2/dashboard {may_not}"),
        "filters visible to automation": (None, None, "not_examined", f"GET https://jira.example.com{FAVOURITES} {may_not}"),
    }
    assert not result["failed"] and "dashboards" not in result and "filters" not in result


def test_what_was_seen_before_and_cannot_be_read_now_fails(look: Any, call: Any) -> None:
    result = look(asked=[call("GET", FAVOURITES, 500)], expected_filters=[10100])
    assert result["failed"] and result["dashboards"] == [{"id": 10000, "name": "System Dashboard"}]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == ([10100], None, "failed")
    assert "is not known" in row["reason"] and "answered 500" in row["reason"]


def test_one_filter_that_cannot_be_read_is_not_called_hidden(look: Any, call: Any) -> None:
    asked = [call("GET", FAVOURITES, json=[]), call("GET", "/rest/api/2/filter/10100", 500)]
    [row] = look(asked=asked, filters=[10100])["settings"]
    assert row["state"] == "not_examined" and "answered 500" in row["reason"]


@pytest.mark.parametrize("favourites, single", [({}, None), ([{"name": "A"}], None), ([], ["x"]), ([], {"id": None, "name": "A"})])
def test_another_shape_is_no_filter(look: Any, call: Any, favourites: Any, single: Any) -> None:
    asked = [call("GET", FAVOURITES, json=favourites)]
    if single is not None:
        asked.append(call("GET", "/rest/api/2/filter/10100", json=single))
    [row] = look(asked=asked, filters=[10100])["settings"]
    assert row["state"] == "not_examined" and "answered without a" in row["reason"]
