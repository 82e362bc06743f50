# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope filters in trouble: refusals, lost answers, changes meanwhile and runs that were cut off make no false statement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

PATH = "/rest/api/2/filter"
POPULAR = "/secure/ManageFilters.jspa?filterView=popular"
ANYONE, LOGGED_IN = {"type": "global"}, {"type": "loggedin"}
TEAM, EDITORS = {"type": "group", "group": {"name": "team"}}, {"type": "group", "group": {"name": "editors"}, "edit": True}
HIDDEN = {"status": 404, "json": {"errorMessages": ["The filter does not exist."], "errors": {}}}


def page(*links: str, more: str = "") -> str:
    rows = "".join(f'<tr><td><a href="{link}">x</a></td></tr>' for link in links)
    return f"<html><table>{rows}</table>{more}</html>"


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


UNLISTED = ("filters that nobody lists", None, None, "not_examined")


@pytest.mark.parametrize(
    "answer", [{"status": 404, "text": "<html>proxy</html>"}, {"status": 500}, {"json": {"not": "a list"}}, {"json": [{"id": 1}]}, {"text": "[{"}]
)
def test_an_answer_that_is_not_jiras_own_is_no_closed_filter(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, answer: dict[str, Any]
) -> None:
    result = run_filters([myself, favourites(1), popular(), shares(1, **answer)])
    assert rows(result) == [("filter 1", None, None, "failed"), UNLISTED] and result["failed"]


def test_one_that_cannot_be_read_does_not_stop_the_others(
    run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, delete: Any
) -> None:
    both = (ANYONE, LOGGED_IN)
    calls = [
        myself, favourites(1, 2, 3), popular(), shares(1, *both), shares(2, status=500), shares(3, TEAM), *details(1, *both), *details(1, *both),
        shares(1, *both), shares(1, *both), delete(1, 1), shares(1, LOGGED_IN), shares(1, LOGGED_IN),
    ]  # fmt: skip
    assert [(row[0], row[3]) for row in rows(run_filters(calls))] == [
        ("filter 1 (F1)", "changed"), ("filter 2", "failed"), ("filters not shared with anyone", "compliant"), (UNLISTED[0], "not_examined"),
    ]  # fmt: skip


class TestTakeOver:
    BOTH = (ANYONE, LOGGED_IN)

    @pytest.fixture
    def before(self, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any) -> list[Any]:
        theirs = details(7, *self.BOTH, owner="wilma")
        return [myself, favourites(), popular(7), shares(7, *self.BOTH), *theirs, *theirs]

    @pytest.fixture
    def up_to_delete(self, before: Any, shares: Any, one: Any, give: Any) -> list[Any]:
        return [*before, give(7, "automation"), one(7), shares(7, *self.BOTH), shares(7, *self.BOTH)]

    def test_refused(self, run_filters: Any, before: Any, shares: Any, one: Any, give: Any) -> None:
        refused, theirs = give(7, "automation", status=400, json={"errorMessages": ["You already own a filter of this name."], "errors": {}}), one(7, "wilma")
        result = run_filters([*before, refused, theirs, theirs, shares(7, *self.BOTH)])
        assert rows(result)[0] == ("filter 7 (F7)", ["anyone", "loggedin"], ["anyone", "loggedin"], "failed")
        assert "already own a filter" in result["settings"][0]["reason"]

    def test_an_error_that_was_answered_to_what_happened(self, run_filters: Any, before: Any, shares: Any, one: Any, give: Any, delete: Any) -> None:
        calls = [
            *before, give(7, "automation", status=500, json={}), one(7), shares(7, *self.BOTH), shares(7, *self.BOTH), delete(7, 1), shares(7, LOGGED_IN),
            one(7), give(7, "wilma", status=500, json={}), one(7, "wilma"), shares(7, LOGGED_IN),
        ]  # fmt: skip
        assert rows(run_filters(calls))[0][3] == "changed"

    def test_a_change_that_fails_gives_it_back_all_the_same(
        self, run_filters: Any, up_to_delete: Any, shares: Any, one: Any, give: Any, delete: Any
    ) -> None:
        refused = delete(7, 1, status=400, json={"errorMessages": ["No."]})
        result = run_filters([*up_to_delete, refused, one(7), give(7, "wilma"), one(7, "wilma"), shares(7, *self.BOTH)])
        assert rows(result)[0][3] == "failed" and "No." in result["settings"][0]["reason"]

    def test_one_that_cannot_be_given_back_is_said_loudly(
        self, run_filters: Any, tmp_path: Path, up_to_delete: Any, shares: Any, one: Any, give: Any, delete: Any
    ) -> None:
        refused = give(7, "wilma", status=400, json={"errorMessages": ["Nobody of that name."]})
        result = run_filters([*up_to_delete, delete(7, 1), shares(7, LOGGED_IN), one(7), refused, one(7), shares(7, LOGGED_IN)])
        reason = result["settings"][0]["reason"]
        assert result["failed"] and "taken over from wilma" in reason and "Nobody of that name." in reason and "restore.yml" in reason
        assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["removed"][0]["owner"] == "wilma"


def test_what_was_added_before_an_error_is_remembered(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, add: Any
) -> None:
    group = {"type": "group", "groupname": "team", "view": True, "edit": False}
    both = (ANYONE, TEAM)
    calls = [
        myself, favourites(1), popular(), shares(1, ANYONE), *details(1, ANYONE), *details(1, ANYONE),
        add(1, group, status=500, json={}), shares(1, *both), shares(1, *both),
    ]  # fmt: skip
    assert rows(run_filters(calls, replace_with="logged_in", replace_groups=["team"]))[0][3] == "failed"
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert [item["share"] for item in run["added"]] == [group] and not run["finished"]


class TestMeanwhile:
    """Between the look at a filter and its change others are looked at, and people go on working."""

    @pytest.mark.parametrize(
        ("now", "owner"), [((LOGGED_IN,), "wilma"), ((ANYONE, TEAM), "wilma"), ((ANYONE,), "fred")], ids=["shares gone", "shares new", "another owner"]
    )
    def test_what_its_owner_changed_is_not_undone(
        self, run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, now: Any, owner: str
    ) -> None:
        """Nor counted as added: a restore would take the owner's share away."""
        calls = [
            myself, favourites(), popular(7), shares(7, ANYONE), *details(7, ANYONE, owner="wilma"), *details(7, *now, owner=owner), shares(7, *now),
        ]  # fmt: skip
        result = run_filters(calls, replace_with="logged_in")
        assert rows(result)[0] == ("filter 7 (F7)", ["anyone"], None, "failed") and "somebody changed the filter" in result["msg"]
        [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
        assert run["added"] == [] and not run["finished"]

    def test_one_that_is_gone_is_not_called_changed(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any
    ) -> None:
        calls = [myself, favourites(1), popular(), shares(1, ANYONE), *details(1, ANYONE), one(1, **HIDDEN), shares(1, **HIDDEN)]
        assert rows(run_filters(calls, replace_with="none"))[0] == ("filter 1 (F1)", ["anyone"], None, "failed")

    def test_a_query_that_was_edited_is_sent_back_as_it_is_now(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any, delete: Any
    ) -> None:
        both = (ANYONE, LOGGED_IN)
        calls = [
            myself, favourites(), popular(7), shares(7, *both), *details(7, *both, owner="wilma"), *details(7, *both, owner="wilma", jql="new"),
            give(7, "automation", jql="new"), one(7, jql="new"), shares(7, *both), shares(7, *both), delete(7, 1), shares(7, LOGGED_IN),
            one(7, jql="newest"), give(7, "wilma", jql="newest"), one(7, "wilma", jql="newest"), shares(7, LOGGED_IN),
        ]  # fmt: skip
        assert rows(run_filters(calls))[0] == ("filter 7 (F7)", ["anyone", "loggedin"], ["loggedin"], "changed")

    def test_what_somebody_else_got_meanwhile_is_not_taken_from_them(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any, delete: Any
    ) -> None:
        both = (ANYONE, LOGGED_IN)
        theirs = details(7, *both, owner="wilma")
        calls = [
            myself, favourites(), popular(7), shares(7, *both), *theirs, *theirs,
            give(7, "automation"), one(7), shares(7, *both), shares(7, *both), delete(7, 1), shares(7, LOGGED_IN), one(7, "fred"), shares(7, LOGGED_IN),
        ]  # fmt: skip
        assert rows(run_filters(calls))[0][3] == "changed"


class TestWhatIsNotSeenWhole:
    def test_a_public_filter_whose_details_are_hidden_is_not_left_out(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any
    ) -> None:
        result = run_filters([myself, favourites(1), popular(), shares(1, ANYONE), one(1, **HIDDEN)])
        assert rows(result) == [("filter 1", None, None, "failed"), UNLISTED] and "and then not the filter itself" in result["msg"]

    def test_what_a_stranger_is_led_to_and_we_are_not_shown_is_not_closed(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any
    ) -> None:
        result = run_filters([myself, favourites(8), popular(7), shares(7, **HIDDEN), shares(8, TEAM)])
        assert rows(result) == [("filter 7", None, None, "not_examined"), ("filters not shared with anyone", 1, 1, "compliant"), UNLISTED]
        assert "asked for without log-in leads to filter 7" in result["settings"][0]["reason"]

    @pytest.mark.parametrize("kind", ["GLOBAL", "anyone", "all-users", ""])
    def test_a_share_of_an_unknown_type_may_let_anyone_in(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, kind: str
    ) -> None:
        result = run_filters([myself, favourites(1), popular(), shares(1, {"type": kind})])
        assert rows(result) == [("filter 1", None, None, "failed"), UNLISTED] and f"share type {kind}" in result["msg"]

    def test_the_answer_to_another_question_is_not_believed(
        self, run_filters: Any, call: Any, myself: Any, favourites: Any, popular: Any, shares: Any
    ) -> None:
        """Else the filter of that id would be changed."""
        other = {"id": "9", "name": "F9", "owner": {"name": "automation", "active": True}}
        calls = [myself, favourites(1), popular(), shares(1, ANYONE), call("GET", f"{PATH}/1", json=other)]
        assert rows(run_filters(calls, replace_with="none")) == [("filter 1", None, None, "failed"), UNLISTED]

    def test_ids_may_be_texts_and_the_logged_in_may_be_called_as_they_are_sent(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, delete: Any
    ) -> None:
        both, after = ({"type": "global", "id": "1"}, {"type": "authenticated", "id": "2"}), {"type": "authenticated", "id": "2"}
        calls = [
            myself, favourites(1), popular(), shares(1, *both), *details(1, *both), *details(1, *both), shares(1, *both), shares(1, *both),
            delete(1, 1), shares(1, after), shares(1, after),
        ]  # fmt: skip
        assert rows(run_filters(calls, replace_with="logged_in"))[0] == ("filter 1 (F1)", ["anyone", "loggedin"], ["loggedin"], "changed")


def test_what_was_added_to_a_filter_that_is_hidden_again_is_remembered(
    run_filters: Any, tmp_path: Path, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any, add: Any, delete: Any
) -> None:
    """The last look fails, and given back it is shared with a group that our account is not in."""
    group = {"type": "group", "groupname": "team", "view": True, "edit": False}
    theirs, both = details(7, ANYONE, owner="wilma"), (ANYONE, TEAM)
    calls = [
        myself, favourites(), popular(7), shares(7, ANYONE), *theirs, *theirs, give(7, "automation"), one(7), add(7, group), shares(7, *both),
        shares(7, *both), delete(7, 1), shares(7, status=500), one(7), give(7, "wilma"), one(7, **HIDDEN), shares(7, **HIDDEN), shares(7, **HIDDEN),
    ]  # fmt: skip
    result = run_filters(calls, replace_with="logged_in", replace_groups=["team"])
    assert rows(result)[0] == ("filter 7 (F7)", ["anyone"], None, "failed")
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert [item["share"] for item in run["added"]] == [group]


class TestAnswersThatAreLost:
    """A write without an answer is looked after, and done again only if it did not happen."""

    BOTH = (ANYONE, LOGGED_IN)

    @pytest.fixture
    def lost(self) -> dict[str, Any]:
        return {"status": 503, "headers": {"Retry-After": "0"}, "text": "<html></html>"}

    @pytest.fixture
    def theirs(self, details: Any) -> list[Any]:
        return list(details(7, *self.BOTH, owner="wilma"))

    def test_each_was_done(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any, give: Any, delete: Any, lost: Any, theirs: Any
    ) -> None:
        mine, again, left = one(7), one(7, "wilma"), shares(7, {**LOGGED_IN, "id": 2})
        calls = [
            myself, favourites(), popular(7), shares(7, *self.BOTH), *theirs, *theirs, give(7, "automation", **lost), mine, mine,
            shares(7, *self.BOTH), shares(7, *self.BOTH), delete(7, 1, **lost), left, left,
            mine, give(7, "wilma", **lost), again, again, left,
        ]  # fmt: skip
        assert rows(run_filters(calls))[0] == ("filter 7 (F7)", ["anyone", "loggedin"], ["loggedin"], "changed")

    def test_the_way_back_was_not_done_and_is_tried_again(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any, give: Any, delete: Any, lost: Any, theirs: Any
    ) -> None:
        mine = one(7)
        calls = [
            myself, favourites(), popular(7), shares(7, *self.BOTH), *theirs, *theirs, give(7, "automation"), mine,
            shares(7, *self.BOTH), shares(7, *self.BOTH), delete(7, 1), shares(7, LOGGED_IN),
            mine, give(7, "wilma", **lost), mine, give(7, "wilma"), one(7, "wilma"), shares(7, LOGGED_IN),
        ]  # fmt: skip
        assert rows(run_filters(calls))[0][3] == "changed"

    def test_whose_it_is_cannot_be_read(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any, give: Any, delete: Any, theirs: Any
    ) -> None:
        calls = [
            myself, favourites(), popular(7), shares(7, *self.BOTH), *theirs, *theirs, give(7, "automation"), one(7),
            shares(7, *self.BOTH), shares(7, *self.BOTH), delete(7, 1), shares(7, LOGGED_IN), one(7, status=500), shares(7, LOGGED_IN),
        ]  # fmt: skip
        result = run_filters(calls)
        assert rows(result)[0] == ("filter 7 (F7)", ["anyone", "loggedin"], None, "failed")
        assert "taken over from wilma" in result["msg"] and "not proved" in result["msg"]

    def test_the_shares_cannot_be_read_and_it_is_given_back_all_the_same(
        self, run_filters: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any, give: Any, theirs: Any
    ) -> None:
        calls = [
            myself, favourites(), popular(7), shares(7, *self.BOTH), *theirs, *theirs, give(7, "automation"), one(7),
            shares(7, status=500), one(7), give(7, "wilma"), one(7, "wilma"), shares(7, status=500),
        ]  # fmt: skip
        assert rows(run_filters(calls))[0] == ("filter 7 (F7)", ["anyone", "loggedin"], None, "failed")


class TestARunThatWasCutOff:
    """It had taken over wilma's filter 7, and its restore file says so."""

    @pytest.fixture
    def cut_off(self, tmp_path: Path) -> Any:
        def write(**other: Any) -> None:
            removed = [{"filter": 7, "name": "F7", "owner": "wilma", "share": {"type": "global"}}]
            run = {"product": "jira", "url": "https://jira.example.com", "scope": "filters", "at": "x", "finished": False, "removed": removed, "added": []}
            (tmp_path / "restore.json").write_text(json.dumps({"schema": 1, "runs": [{**run, **other}]}))

        return write

    ROW = ("filter 7 (F7): owner", "automation", "wilma")

    def test_it_goes_back_to_its_owner(
        self, run_filters: Any, tmp_path: Path, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any
    ) -> None:
        """Nothing is removed by that, so there is nothing to remember."""
        cut_off()
        before = (tmp_path / "restore.json").read_text()
        calls = [
            myself, favourites(), popular(), shares(7, LOGGED_IN), *details(7, LOGGED_IN),
            one(7), give(7, "wilma"), one(7, "wilma"), *details(7, LOGGED_IN, owner="wilma"),
        ]  # fmt: skip
        result = run_filters(calls)
        assert rows(result) == [(*self.ROW, "changed"), ("filters not shared with anyone", 1, 1, "compliant"), UNLISTED]
        assert "belonged to wilma before a run" in result["settings"][0]["reason"]
        assert (tmp_path / "restore.json").read_text() == before and "restore_path" not in result

    def test_after_the_rest_of_its_work(
        self, run_filters: Any, tmp_path: Path, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any,
        delete: Any,
    ) -> None:
        cut_off()
        both = (ANYONE, LOGGED_IN)
        calls = [
            myself, favourites(), popular(), shares(7, *both), *details(7, *both), *details(7, *both), *details(7, *both),
            shares(7, *both), shares(7, *both), delete(7, 1), shares(7, LOGGED_IN), one(7), give(7, "wilma"), one(7, **HIDDEN),
            one(7, **HIDDEN), shares(7, **HIDDEN),
        ]  # fmt: skip
        assert rows(run_filters(calls))[:2] == [("filter 7 (F7)", ["anyone", "loggedin"], ["loggedin"], "changed"), (*self.ROW, "changed")]
        assert [run["finished"] for run in json.loads((tmp_path / "restore.json").read_text())["runs"]] == [False, True]

    def test_check_mode_tells_it_and_leaves_it(
        self, run_filters: Any, tmp_path: Path, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any
    ) -> None:
        cut_off()
        before = (tmp_path / "restore.json").read_text()
        result = run_filters([myself, favourites(), popular(), shares(7, LOGGED_IN), *details(7, LOGGED_IN)], check=True)
        assert rows(result)[0] == (*self.ROW, "drifted") and result["changed"] and (tmp_path / "restore.json").read_text() == before

    def test_a_refusal_is_a_failure(
        self, run_filters: Any, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, give: Any
    ) -> None:
        cut_off()
        refused = give(7, "wilma", status=400, json={"errorMessages": ["Nobody of that name."]})
        calls = [myself, favourites(), popular(), shares(7, TEAM), *details(7, TEAM), one(7), refused, one(7), *details(7, TEAM)]
        result = run_filters(calls)
        assert rows(result)[0] == ("filter 7 (F7): owner", "automation", "automation", "failed") and "Nobody of that name." in result["msg"]

    @pytest.mark.parametrize("owner", ["wilma", "fred", None])
    def test_what_is_not_ours_needs_no_row(
        self, run_filters: Any, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, details: Any, one: Any, owner: Any
    ) -> None:
        cut_off()
        look = [shares(7, **HIDDEN), one(7, **HIDDEN)] if owner is None else [shares(7, TEAM), *details(7, TEAM, owner=owner)]
        assert rows(run_filters([myself, favourites(), popular(), *look])) == [("filters not shared with anyone", 1, 1, "compliant"), UNLISTED]

    def test_whose_it_is_may_not_be_known(
        self, run_filters: Any, cut_off: Any, myself: Any, favourites: Any, popular: Any, shares: Any, one: Any
    ) -> None:
        cut_off()
        result = run_filters([myself, favourites(), popular(), shares(7, TEAM), one(7, status=500)])
        assert rows(result)[0] == ("filter 7: owner", None, None, "failed") and "belonged to wilma" in result["msg"]

    @pytest.mark.parametrize("other", [{"finished": True}, {"scope": "settings"}, {"url": "https://other.example.com"}, {"removed": [{"filter": "x"}]}])
    def test_other_runs_say_nothing_of_it(
        self, run_filters: Any, cut_off: Any, myself: Any, favourites: Any, popular: Any, other: dict[str, Any]
    ) -> None:
        cut_off(**other)
        assert rows(run_filters([myself, favourites(), popular()])) == [UNLISTED]


def test_a_page_for_strangers_that_is_answered_to_somebody_only_names_filters(
    run_filters: Any, call: Any, myself: Any, favourites: Any, shares: Any
) -> None:
    page_of_fred = call("GET", POPULAR, stranger=True, text=page("/issues/?filter=8"), headers={"X-AUSERNAME": "fred"})
    assert rows(run_filters([myself, favourites(), page_of_fred, shares(8, TEAM)])) == [("filters not shared with anyone", 1, 1, "compliant"), UNLISTED]
