# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_restore of filters: shares come back, what the run added goes, nothing else is lost, and a filter that was kept goes to its owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_restore

PATH = "/rest/api/2/filter"
ANYONE, LOGGED_IN, ALIEN = {"type": "global"}, {"type": "loggedin"}, {"type": "project-unknown"}
TEAM = {"type": "group", "group": {"name": "team"}}
TEAM_SENT = {"type": "group", "groupname": "team", "view": True, "edit": False}
LOGGED_IN_SENT = {"type": "authenticated"}
HIDDEN = {"status": 400, "json": {"errorMessages": ["The selected filter is not available to you."], "errors": {}}}
ROW = "filter 7 (F7)"


def of_filters(removed: list[Any], added: list[Any], owner: str = "wilma", finished: bool = True, number: int = 7) -> dict[str, Any]:
    sides = {
        side: [{"filter": number, "name": f"F{number}", "owner": owner, "share": share} for share in shares]
        for side, shares in (("removed", removed), ("added", added))
    }
    return {"product": "jira", "url": "https://jira.example.com", "scope": "filters", "finished": finished, **sides}


@pytest.fixture
def restore(run_module: Any, tmp_path: Path) -> Any:
    def run(runs: list[Any], calls: list[Any], **options: Any) -> dict[str, Any]:
        path = tmp_path / "restore.json"
        path.write_text(json.dumps({"schema": 1, "runs": runs}))
        result: dict[str, Any] = run_module(jira_restore, calls, restore_path=str(path), **options)
        return result

    return run


@pytest.fixture
def one(call: Any) -> Any:
    """A filter with its owner, without its shares."""

    def answer(owner: str = "wilma", active: bool = True, number: int = 7, **other: Any) -> Any:
        bean = {"id": str(number), "name": f"F{number}", "jql": "a = b", "owner": {"name": owner, "active": active}}
        return call("GET", f"{PATH}/{number}", **(other or {"json": bean}))

    return answer


@pytest.fixture
def shares(call: Any) -> Any:
    """shares(ANYONE, TEAM): with ids from 1."""

    def answer(*found: dict[str, Any], number: int = 7, **other: Any) -> Any:
        listed = [{"id": index, "view": True, "edit": False, **share} for index, share in enumerate(found, start=1)]
        return call("GET", f"{PATH}/{number}/permission", **(other or {"json": listed}))

    return answer


@pytest.fixture
def details(one: Any, shares: Any) -> Any:
    return lambda *found, owner="wilma", active=True: [one(owner, active), shares(*found)]


@pytest.fixture
def give(call: Any) -> Any:
    return lambda owner, **other: call("PUT", f"{PATH}/7", body={"name": "F7", "jql": "a = b", "owner": {"name": owner}}, **(other or {"json": {}}))


@pytest.fixture
def add(call: Any) -> Any:
    return lambda body, **other: call("POST", f"{PATH}/7/permission", body=body, **(other or {"status": 201, "json": []}))


@pytest.fixture
def delete(call: Any) -> Any:
    return lambda share: call("DELETE", f"{PATH}/7/permission/{share}", 204)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_anyone_comes_back_and_everyone_who_logs_in_goes(
    restore: Any, myself: Any, details: Any, one: Any, shares: Any, give: Any, add: Any
) -> None:
    """Jira deletes all other shares with it, so the others are added again; the owner keeps the filter."""
    now, then = details(LOGGED_IN, TEAM), shares(ANYONE, TEAM)
    calls = [
        myself, *now, *now, give("automation"), one("automation"), add({"type": "global"}), shares(ANYONE), add(TEAM_SENT), then, then,
        one("automation"), give("wilma"), one("wilma"), *details(ANYONE, TEAM),
    ]  # fmt: skip
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], calls)
    assert rows(result) == [(ROW, ["group:team", "loggedin"], ["anyone", "group:team"], "changed")] and not result["failed"]
    assert result["diff"] == {"before": {ROW: ["group:team", "loggedin"]}, "after": {ROW: ["anyone", "group:team"]}}


@pytest.mark.parametrize(("held", "check", "state"), [((ANYONE,), False, "compliant"), ((LOGGED_IN,), True, "drifted")])
def test_a_second_time_and_in_check_mode_nothing_is_written(
    restore: Any, myself: Any, details: Any, held: Any, check: bool, state: str
) -> None:
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], [myself, *details(*held)], check=check)
    assert [(row["state"], row["after"]) for row in result["settings"]] == [(state, ["anyone"])] and result["changed"] == check


def test_what_the_run_did_not_add_stays(
    restore: Any, myself: Any, details: Any, shares: Any, add: Any
) -> None:
    """A group that was there before, or came later."""
    mine, then = details(TEAM, owner="automation"), (TEAM, ANYONE)
    calls = [myself, *mine, *mine, add({"type": "global"}), shares(ANYONE), add(TEAM_SENT), shares(*then), shares(*then), *details(*then, owner="automation")]
    result = restore([of_filters([ANYONE], [], owner="automation")], calls)
    assert rows(result) == [(ROW, ["group:team"], ["anyone", "group:team"], "changed")]


def test_what_a_run_both_added_and_removed_stays(restore: Any, myself: Any, details: Any) -> None:
    runs = [of_filters([ANYONE], [TEAM_SENT], finished=False), of_filters([TEAM_SENT], [])]
    assert rows(restore(runs, [myself, *details(TEAM)], check=True)) == [(ROW, ["group:team"], ["anyone", "group:team"], "drifted")]


def test_a_share_that_cannot_be_added_again_is_not_lost(restore: Any, myself: Any, details: Any) -> None:
    """Anyone would take it along."""
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], [myself, *details(LOGGED_IN, ALIEN)])
    before = ["loggedin", "project-unknown"]
    assert rows(result) == [(ROW, before, before, "drifted")] and "project-unknown would go" in result["settings"][0]["reason"] and not result["changed"]


def test_the_filter_of_somebody_who_left_is_not_taken_over(restore: Any, myself: Any, details: Any) -> None:
    """It could not be given back."""
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], [myself, *details(LOGGED_IN, active=False)])
    assert rows(result) == [(ROW, ["loggedin"], ["loggedin"], "drifted")] and "owner wilma is not active" in result["settings"][0]["reason"]


def test_what_its_owner_did_meanwhile_is_not_undone(restore: Any, myself: Any, details: Any) -> None:
    calls = [myself, *details(LOGGED_IN), *details(TEAM), *details(TEAM)]
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], calls)
    assert rows(result) == [(ROW, ["loggedin"], ["group:team"], "failed")] and "somebody changed the filter" in result["msg"]


def test_one_that_is_not_shown_is_not_examined(restore: Any, myself: Any, one: Any) -> None:
    result = restore([of_filters([ANYONE], [])], [myself, one(**HIDDEN)])
    assert rows(result) == [(ROW, None, None, "not_examined")] and "Its owner wilma" in result["settings"][0]["reason"]


@pytest.mark.parametrize("answer", [{"status": 500}, {"status": 404, "text": "<html>proxy</html>"}, {"json": {"id": "7"}}, {"json": []}])
def test_one_that_cannot_be_read_is_not_restored_and_that_is_a_failure(restore: Any, myself: Any, one: Any, answer: dict[str, Any]) -> None:
    result = restore([of_filters([ANYONE], [])], [myself, one(**answer)])
    assert rows(result) == [(ROW, None, None, "failed")] and result["failed"]


def test_a_refused_share_leaves_the_others_and_the_owner(
    restore: Any, myself: Any, details: Any, one: Any, give: Any, add: Any
) -> None:
    """As where public shares are switched off: nothing was removed before."""
    now = details(LOGGED_IN)
    refused = add({"type": "global"}, status=400, json={"errorMessages": ["Sharing is off."], "errors": {}})
    calls = [myself, *now, *now, give("automation"), one("automation"), refused, one("automation"), give("wilma"), one("wilma"), *now]
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], calls)
    assert rows(result) == [(ROW, ["loggedin"], ["loggedin"], "failed")] and "Sharing is off." in result["msg"]


def test_one_that_is_not_given_back_is_said_loudly(
    restore: Any, myself: Any, details: Any, one: Any, shares: Any, give: Any, add: Any
) -> None:
    now, mine = details(LOGGED_IN), one("automation")
    refused = give("wilma", status=400, json={"errorMessages": ["Nobody of that name."], "errors": {}})
    calls = [
        myself, *now, *now, give("automation"), mine, add({"type": "global"}), shares(ANYONE), shares(ANYONE), shares(ANYONE),
        mine, refused, mine, *details(ANYONE, owner="automation"),
    ]  # fmt: skip
    result = restore([of_filters([ANYONE], [LOGGED_IN_SENT])], calls)
    assert rows(result) == [(ROW, ["loggedin"], None, "failed")] and "taken over from wilma" in result["msg"] and "Nobody of that name." in result["msg"]


class TestAFilterThatWasKept:
    """The run was cut off, or could not give it back: it is ours."""

    RUN = of_filters([ANYONE], [LOGGED_IN_SENT], finished=False)

    @pytest.fixture
    def mine(self, details: Any) -> list[Any]:
        return list(details(ANYONE, owner="automation"))

    def test_it_goes_to_its_owner(self, restore: Any, myself: Any, mine: Any, one: Any, details: Any, give: Any) -> None:
        calls = [myself, *mine, one("automation"), give("wilma"), one("wilma"), *details(ANYONE)]
        assert rows(restore([self.RUN], calls)) == [(ROW, ["anyone"], ["anyone"], "compliant"), (f"{ROW}: owner", "automation", "wilma", "changed")]

    def test_the_owner_before_the_first_of_several_runs_counts(self, restore: Any, myself: Any, mine: Any) -> None:
        runs = [self.RUN, of_filters([ANYONE], [], owner="automation")]
        assert rows(restore(runs, [myself, *mine], check=True))[1] == (f"{ROW}: owner", "automation", "wilma", "drifted")

    def test_what_is_not_shown_after_that_is_not_ours(self, restore: Any, myself: Any, mine: Any, one: Any, give: Any) -> None:
        """And of its shares nothing is said any more."""
        calls = [myself, *mine, one("automation"), give("wilma"), one(**HIDDEN), one(**HIDDEN)]
        assert rows(restore([self.RUN], calls)) == [(ROW, ["anyone"], None, "not_examined"), (f"{ROW}: owner", "automation", "wilma", "changed")]

    def test_a_refusal_is_a_failure(self, restore: Any, myself: Any, mine: Any, one: Any, give: Any) -> None:
        refused = give("wilma", status=400, json={"errorMessages": ["You own one of this name."], "errors": {}})
        result = restore([self.RUN], [myself, *mine, one("automation"), refused, one("automation"), *mine])
        assert rows(result)[1] == (f"{ROW}: owner", "automation", "automation", "failed") and "one of this name" in result["msg"]

    def test_what_somebody_else_got_meanwhile_stays_theirs(self, restore: Any, myself: Any, mine: Any, one: Any, details: Any) -> None:
        result = restore([self.RUN], [myself, *mine, one("fred"), *details(ANYONE, owner="fred")])
        assert rows(result)[1] == (f"{ROW}: owner", "automation", "fred", "failed")

    def test_what_somebody_else_got_before_needs_no_row(self, restore: Any, myself: Any, details: Any) -> None:
        assert rows(restore([self.RUN], [myself, *details(ANYONE, owner="fred")])) == [(ROW, ["anyone"], ["anyone"], "compliant")]


def test_one_that_fails_does_not_stop_the_others(restore: Any, myself: Any, details: Any, one: Any, shares: Any) -> None:
    runs = [{**of_filters([ANYONE], []), "removed": [*of_filters([ANYONE], [])["removed"], *of_filters([ANYONE], [], number=8)["removed"]]}]
    result = restore(runs, [myself, one(status=500), one(number=8), shares(ANYONE, number=8)])
    assert [(row[0], row[3]) for row in rows(result)] == [(ROW, "failed"), ("filter 8 (F8)", "compliant")]


def test_public_shares_come_after_the_setting_that_allows_them(
    restore: Any, myself: Any, properties: Any, put_property: Any, details: Any, shares: Any, add: Any
) -> None:
    key = "jira.option.globalsharing"
    settings = {"product": "jira", "url": "https://jira.example.com", "scope": "settings", "removed": [{"key": key, "value": True}], "added": []}
    mine, then = details(owner="automation"), shares(ANYONE)
    calls = [
        myself, properties((key, "false", "boolean")), put_property(key, "true"), properties((key, "true", "boolean")),
        *mine, *mine, add({"type": "global"}), then, then, then, *details(ANYONE, owner="automation"),
    ]  # fmt: skip
    result = restore([of_filters([ANYONE], [], owner="automation"), settings], calls)
    assert rows(result) == [(key, False, True, "changed"), (ROW, [], ["anyone"], "changed")]


def test_another_scope_leaves_them_alone(restore: Any, myself: Any, properties: Any) -> None:
    key = "jira.option.globalsharing"
    settings = {"product": "jira", "url": "https://jira.example.com", "scope": "settings", "removed": [{"key": key, "value": True}], "added": []}
    result = restore([of_filters([ANYONE], []), settings], [myself, properties((key, "true", "boolean"))], scopes=["settings"])
    assert rows(result) == [(key, True, True, "compliant")]


@pytest.mark.parametrize(
    "broken",
    [
        {"removed": [{}]}, {"removed": None}, {"added": ["x"]}, {"removed": [{"filter": "x", "name": "F", "owner": "w", "share": ANYONE}]},
        {"removed": [{"filter": 7, "name": "F", "owner": "w", "share": None}]}, {"removed": [{"filter": 7, "name": "F", "owner": "w", "share": {"type": "x"}}]},
        {"removed": [{"filter": 7, "name": "F", "owner": "w", "share": {"type": "group"}}]}, {"removed": [{"filter": 7, "name": "F", "share": ANYONE}]},
    ],
)  # fmt: skip
def test_an_edited_file_is_refused_before_anything_is_sent(restore: Any, broken: dict[str, Any]) -> None:
    result = restore([{**of_filters([], []), **broken}], [])
    assert result["failed"] and "is not understood" in result["msg"] and result["settings"] == []
