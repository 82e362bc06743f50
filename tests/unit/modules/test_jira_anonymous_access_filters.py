# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope filters: who owns a filter keeps it, who logs in keeps seeing it, and what nobody lists is not called closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PATH = "/rest/api/2/filter"
SHARED = "/secure/admin/filters/ViewSharedFilters.jspa"
POPULAR = "/secure/ManageFilters.jspa?filterView=popular"
ANYONE, LOGGED_IN = {"type": "global"}, {"type": "loggedin"}
TEAM, EDITORS = {"type": "group", "group": {"name": "team"}}, {"type": "group", "group": {"name": "editors"}, "edit": True}
ROLE = {"type": "project", "project": {"id": 10}, "role": {"id": 3}}
HIDDEN = {"status": 404, "json": {"errorMessages": ["The filter does not exist."], "errors": {}}}


def page(*links: str, more: str = "") -> str:
    rows = "".join(f'<tr><td><a href="{link}">x</a></td></tr>' for link in links)
    return f"<html><table>{rows}</table>{more}</html>"


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


UNLISTED = ("filters that nobody lists", None, None, "not_examined")


def test_a_filter_of_ours_is_shared_with_everyone_who_logs_in_instead(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, add: Any
) -> None:
    calls = [
        myself, favourites(1), popular(), shares(1, ANYONE), *details(1, ANYONE), *details(1, ANYONE), add(1, {"type": "authenticated"}),
        shares(1, LOGGED_IN), shares(1, LOGGED_IN), shares(1, LOGGED_IN), shares(1, LOGGED_IN),
    ]  # fmt: skip
    result = run_filters(calls, replace_with="logged_in")
    assert rows(result) == [("filter 1 (F1)", ["anyone"], ["loggedin"], "changed"), UNLISTED]
    assert result["diff"] == {"before": {"filter 1 (F1)": ["anyone"]}, "after": {"filter 1 (F1)": ["loggedin"]}}
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    entry = {"filter": 1, "name": "F1", "owner": "automation"}
    assert run["removed"] == [{**entry, "share": {"type": "global"}}] and run["added"] == [{**entry, "share": {"type": "authenticated"}}]
    assert run["scope"] == "filters" and run["finished"]


def test_somebody_elses_filter_is_taken_over_and_given_back(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any, delete: Any
) -> None:
    both = (ANYONE, LOGGED_IN)
    theirs = details(7, *both, owner="wilma")
    calls = [
        myself, favourites(), popular(7), shares(7, *both), *theirs, *theirs,
        give(7, "automation"), one(7), shares(7, *both), shares(7, *both), delete(7, 1), shares(7, LOGGED_IN),
        one(7), give(7, "wilma"), one(7, owner="wilma"), shares(7, LOGGED_IN),
    ]  # fmt: skip
    assert rows(run_filters(calls)) == [("filter 7 (F7)", ["anyone", "loggedin"], ["loggedin"], "changed"), UNLISTED]


def test_a_filter_that_is_private_after_the_change_was_read_while_it_was_ours(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any, delete: Any
) -> None:
    """Given back, Jira does not show it to us any more."""
    theirs = details(7, ANYONE, owner="wilma")
    calls = [
        myself, favourites(), popular(7), shares(7, ANYONE), *theirs, *theirs,
        give(7, "automation"), one(7), shares(7, ANYONE), shares(7, ANYONE), delete(7, 1), shares(7),
        one(7), give(7, "wilma"), one(7, **HIDDEN), shares(7, **HIDDEN),
    ]  # fmt: skip
    assert rows(run_filters(calls, replace_with="none")) == [("filter 7 (F7)", ["anyone"], [], "changed"), UNLISTED]


def test_other_shares_come_back_where_everyone_who_logs_in_took_their_place(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, add: Any
) -> None:
    """Jira deletes all other shares with it; who could edit still can."""
    before, after = (ANYONE, EDITORS, ROLE), (LOGGED_IN, EDITORS, ROLE)
    calls = [
        myself, favourites(1), popular(), shares(1, *before), *details(1, *before), *details(1, *before),
        add(1, {"type": "authenticated"}), shares(1, LOGGED_IN), add(1, {"type": "group", "groupname": "editors", "view": True, "edit": True}),
        add(1, {"type": "project_role", "projectId": "10", "projectRoleId": "3", "view": True, "edit": False}),
        shares(1, *after), shares(1, *after), shares(1, *after),
    ]  # fmt: skip
    result = run_filters(calls, replace_with="logged_in")
    assert rows(result)[0][1:] == (["anyone", "group:editors (edit)", "project:10:3"], ["group:editors (edit)", "loggedin", "project:10:3"], "changed")
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert [item["share"]["type"] for item in run["removed"]] == ["global", "group", "project_role"]


def test_named_groups_take_the_place(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, add: Any, delete: Any
) -> None:
    both = (ANYONE, TEAM)
    calls = [
        myself, favourites(1), popular(), shares(1, ANYONE), *details(1, ANYONE), *details(1, ANYONE),
        add(1, {"type": "group", "groupname": "team", "view": True, "edit": False}), shares(1, *both), shares(1, *both), delete(1, 1),
        shares(1, TEAM), shares(1, TEAM),
    ]  # fmt: skip
    assert rows(run_filters(calls, replace_with="logged_in", replace_groups=["team"]))[0] == ("filter 1 (F1)", ["anyone"], ["group:team"], "changed")


def test_without_replace_with_it_is_reported_and_left(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any
) -> None:
    result = run_filters([myself, favourites(1), popular(), shares(1, ANYONE, TEAM), *details(1, ANYONE, TEAM)])
    assert rows(result) == [("filter 1 (F1)", ["anyone", "group:team"], ["anyone", "group:team"], "drifted"), UNLISTED]
    assert "Set replace_with" in result["settings"][0]["reason"] and not result["changed"] and list(tmp_path.iterdir()) == []


def test_the_filter_of_somebody_who_left_is_not_taken_over(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any
) -> None:
    calls = [myself, favourites(), popular(7), shares(7, ANYONE), *details(7, ANYONE, owner="fred", active=False)]
    result = run_filters(calls, replace_with="logged_in")
    assert rows(result)[0] == ("filter 7 (F7)", ["anyone"], ["anyone"], "drifted") and "owner fred is not active" in result["settings"][0]["reason"]


def test_a_share_that_cannot_be_added_again_is_not_lost(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any
) -> None:
    found = (ANYONE, {"type": "project-unknown"})
    result = run_filters([myself, favourites(1), popular(), shares(1, *found), *details(1, *found)], replace_with="logged_in")
    assert rows(result)[0][3] == "drifted" and "project-unknown would go" in result["settings"][0]["reason"]


def test_kept_filters_are_compliant(run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any) -> None:
    calls = [myself, favourites(), popular(), shares(7, ANYONE), *details(7, ANYONE, owner="wilma")]
    result = run_filters(calls, keep_filters=[7], replace_with="none")
    assert rows(result)[0] == ("filter 7 (F7)", ["anyone"], ["anyone"], "compliant") and "keep_filters" in result["settings"][0]["reason"]


def test_a_kept_filter_that_is_not_there_is_a_mistake(run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any) -> None:
    result = run_filters([myself, favourites(), popular(), shares(7, **HIDDEN)], keep_filters=[7])
    assert result["failed"] and "keep_filters: there is no filter 7" in result["msg"]


def test_a_named_filter_that_is_not_shown_is_not_examined(run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any) -> None:
    result = run_filters([myself, favourites(), popular(), shares(7, **HIDDEN)], filters=[7])
    assert rows(result) == [("filter 7", None, None, "not_examined"), UNLISTED]


class TestThePageOfSharedFilters:
    @pytest.fixture
    def shown(self, call: Any) -> Any:
        """shown(0, "/issues/?filter=1", more="..."): one page of the list."""

        def answer(number: int, *links: str, more: str = "", **other: Any) -> Any:
            path = f"{SHARED}?pagingOffset={number}" if number else SHARED
            return call("GET", path, session=True, **(other or {"text": page(*links, more=more)}))

        return answer

    def test_all_pages_are_read_and_then_nothing_is_missing(
        self, run_filters: Any, myself: Any, jira_in: Any, jira_out: Any, favourites: Any, popular: Any, shares: Any, shown: Any
    ) -> None:
        calls = [
            myself, favourites(3), *jira_in(),
            shown(0, "/issues/?filter=1", more=f'<a href="{SHARED}?pagingOffset=1">next</a><a href="/other?pagingOffset=9">x</a>'),
            shown(1, "/secure/EditFilter!default.jspa?filterId=2", "/issues/?filter=3", more=f'<a href="{SHARED}?pagingOffset=0">back</a>'),
            popular(), shares(1, TEAM), shares(2, **HIDDEN), shares(3, TEAM), jira_out,
        ]  # fmt: skip
        assert rows(run_filters(calls, allow_forms=True)) == [("filters not shared with anyone", 3, 3, "compliant")]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({"text": page()}, "shows no link to a filter"),
            ({"text": page(more='<a href="/issues/?filter=1">a menu</a>')}, "shows no link to a filter"),
            ({"status": 404, "text": "<html></html>"}, "answered 404"),
            ({"status": 403}, "may not use this page"),
            ({"text": '<html><table><a href="/issues/?filter=1">'}, "without its end"),
        ],
    )
    def test_a_page_that_is_not_understood_is_no_list(
        self, run_filters: Any, myself: Any, jira_in: Any, jira_out: Any, favourites: Any, popular: Any, shown: Any, answer: Any, words: str
    ) -> None:
        result = run_filters([myself, favourites(), *jira_in(), shown(0, **answer), popular(), jira_out], allow_forms=True)
        assert rows(result) == [UNLISTED] and words in result["settings"][0]["reason"]

    def test_a_shared_filter_that_it_lacks_proves_that_it_is_no_whole_list(
        self, run_filters: Any, myself: Any, jira_in: Any, jira_out: Any, favourites: Any, popular: Any, shares: Any, shown: Any
    ) -> None:
        calls = [myself, favourites(5), *jira_in(), shown(0, "/issues/?filter=1"), popular(), shares(5, TEAM), shares(1, TEAM), jira_out]
        result = run_filters(calls, allow_forms=True)
        assert rows(result)[-1] == UNLISTED and "does not show filter 5, which is shared" in result["settings"][-1]["reason"]

    def test_a_next_page_without_filters_is_not_understood(
        self, run_filters: Any, myself: Any, jira_in: Any, jira_out: Any, favourites: Any, popular: Any, shown: Any
    ) -> None:
        more = f'<a href="{SHARED}?pagingOffset=1">next</a>'
        calls = [myself, favourites(), *jira_in(), shown(0, "/issues/?filter=1", more=more), shown(1), popular(), jira_out]
        result = run_filters(calls, allow_forms=True)
        assert rows(result) == [UNLISTED] and "another page of the list leads to it" in result["settings"][0]["reason"]


def test_a_stranger_may_be_asked_at_two_addresses(run_filters: Any, call: Any, myself: Any, favourites: Any, popular: Any, shares: Any) -> None:
    public = call("GET", f"https://public.example.com{POPULAR}", stranger=True, text=page("/issues/?filter=8"))
    result = run_filters([myself, favourites(), popular(), public, shares(8, TEAM)], public_url="https://public.example.com")
    assert rows(result) == [("filters not shared with anyone", 1, 1, "compliant"), UNLISTED]


def test_check_mode_sends_no_write(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any
) -> None:
    calls = [myself, favourites(), popular(7), shares(7, ANYONE), *details(7, ANYONE, owner="wilma")]
    result = run_filters(calls, check=True, replace_with="logged_in")
    assert rows(result)[0] == ("filter 7 (F7)", ["anyone"], ["loggedin"], "drifted") and result["changed"] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "value"), [("filters", [1]), ("keep_filters", [1]), ("keep_dashboards", [1])])
def test_options_of_another_scope_are_refused(run_filters: Any, option: str, value: Any) -> None:
    result = run_filters([], scope="permission_schemes", **{option: value})
    assert result["failed"] and f"{option}: means nothing with scope permission_schemes" in result["msg"]


def test_a_group_that_may_edit_needs_no_second_share(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, delete: Any
) -> None:
    both = (ANYONE, EDITORS)
    calls = [
        myself, favourites(1), popular(), shares(1, *both), *details(1, *both), *details(1, *both), shares(1, *both), shares(1, *both),
        delete(1, 1), shares(1, EDITORS), shares(1, EDITORS),
    ]  # fmt: skip
    result = run_filters(calls, replace_with="logged_in", replace_groups=["editors"])
    assert rows(result)[0] == ("filter 1 (F1)", ["anyone", "group:editors (edit)"], ["group:editors (edit)"], "changed")
    assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["added"] == []


def test_two_filters_of_one_name_are_two(run_filters: Any, call: Any, myself: Any, popular: Any, shares: Any, delete: Any) -> None:
    """The change of one of them fails: each row tells of its own."""
    same = [{"id": str(number), "name": "Same", "owner": {"name": "automation", "active": True}} for number in (1, 2)]
    both = (ANYONE, LOGGED_IN)
    look = [[call("GET", f"{PATH}/{bean['id']}", json=bean), shares(int(bean["id"]), *both)] for bean in same]
    calls = [
        myself, call("GET", f"{PATH}/favourite", json=same), popular(), shares(1, *both), shares(2, *both), *look[0], *look[1],
        *look[0], shares(1, *both), shares(1, *both), delete(1, 1, status=400, json={"errorMessages": ["No."]}),
        *look[1], shares(2, *both), shares(2, *both), delete(2, 1), shares(2, LOGGED_IN), shares(1, *both), shares(2, LOGGED_IN),
    ]  # fmt: skip
    assert rows(run_filters(calls))[:2] == [
        ("filter 1 (Same)", ["anyone", "loggedin"], ["anyone", "loggedin"], "failed"), ("filter 2 (Same)", ["anyone", "loggedin"], ["loggedin"], "changed"),
    ]  # fmt: skip
