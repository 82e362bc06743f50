# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_restore: what the last run removed comes back, and what it added goes; in this order, and only that. Settings return to what they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_restore

PATH = "/rest/api/2/permissionscheme"
URL = "https://jira.example.com"
SHARING, MODE, BROWSE = "jira.option.globalsharing", "jira.mode", "USER_PICKER"
ANYONE, LOGGED_IN, ROLE = {"type": "anyone"}, {"type": "applicationRole"}, {"type": "projectRole", "parameter": "10002"}


def entry(removed: list[Any], added: list[Any], url: str = URL) -> dict[str, Any]:
    def grants(holders: list[Any]) -> list[Any]:
        return [{"scheme": {"id": 7, "name": "Open"}, "permission": "BROWSE_PROJECTS", "holder": holder} for holder in holders]

    return {"at": "2026-01-01T00:00:00+00:00", "product": "jira", "url": url, "removed": grants(removed), "added": grants(added)}


@pytest.fixture
def restore(run_module: Any, tmp_path: Path, call: Any) -> Any:
    def run(runs: list[Any], calls: list[Any], check: bool = False) -> dict[str, Any]:
        path = tmp_path / "restore.json"
        path.write_text(json.dumps({"schema": 1, "runs": runs}))
        result: dict[str, Any] = run_module(jira_restore, calls, check=check, restore_path=str(path))
        return result

    return run


@pytest.fixture
def listing(call: Any) -> Any:
    def answer(*holders: dict[str, Any]) -> Any:
        grants = [{"id": number, "holder": holder, "permission": "BROWSE_PROJECTS"} for number, holder in enumerate(holders, start=1)]
        return call("GET", f"{PATH}?expand=permissions", json={"permissionSchemes": [{"id": 7, "name": "Open", "permissions": grants}]})

    return answer


def test_back_first_then_away(restore: Any, listing: Any, call: Any, myself: Any) -> None:
    add = call("POST", f"{PATH}/7/permission", 201, json={}, body={"holder": ANYONE, "permission": "BROWSE_PROJECTS"})
    delete = call("DELETE", f"{PATH}/7/permission/2", 204)
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(ROLE, LOGGED_IN), add, delete, listing(ROLE, ANYONE)])
    assert not result["failed"]
    assert result["changed"]
    assert result["diff"] == {
        "before": {"Open: BROWSE_PROJECTS": ["applicationRole", "projectRole:10002"]},
        "after": {"Open: BROWSE_PROJECTS": ["anyone", "projectRole:10002"]},
    }


def test_check_mode_predicts_and_writes_nothing(restore: Any, listing: Any, myself: Any) -> None:
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(LOGGED_IN)], check=True)
    assert result["changed"]
    assert [(row["setting"], row["state"], row["after"]) for row in result["settings"]] == [("Open: BROWSE_PROJECTS", "drifted", ["anyone"])]


def test_a_second_time_changes_nothing(restore: Any, listing: Any, myself: Any) -> None:
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(ANYONE)])
    assert not result["changed"]
    assert [row["state"] for row in result["settings"]] == ["compliant"]


def test_the_last_entry_for_this_address_counts(restore: Any, listing: Any, myself: Any) -> None:
    runs = [entry([ANYONE], []), entry([ROLE], []), entry([LOGGED_IN], [], url="https://other.example.com")]
    result = restore(runs, [myself, listing()], check=True)
    assert result["settings"][0]["after"] == ["projectRole:10002"]


def test_a_scheme_that_is_gone_is_not_examined(restore: Any, call: Any, myself: Any) -> None:
    empty = call("GET", f"{PATH}?expand=permissions", json={"permissionSchemes": []})
    result = restore([entry([ANYONE], [])], [myself, empty])
    assert [row["state"] for row in result["settings"]] == ["not_examined"]
    assert "Open (id 7) is no longer there" in result["settings"][0]["reason"]


def test_nothing_for_this_address_is_said_before_anything_is_sent(restore: Any) -> None:
    result = restore([entry([ANYONE], [], url="https://other.example.com")], [])
    assert result["failed"]
    assert "holds nothing that was removed from https://jira.example.com" in result["msg"]


def test_an_edited_file_is_refused_before_anything_is_sent(restore: Any) -> None:
    broken = entry([ANYONE], [])
    del broken["removed"][0]["permission"]
    result = restore([broken], [])
    assert result["failed"]
    assert "is not understood" in result["msg"]


def of_settings(*values: tuple[str, Any], url: str = URL, finished: bool = True) -> dict[str, Any]:
    removed = [{"key": key, "value": value} for key, value in values]
    return {"product": "jira", "url": url, "scope": "settings", "finished": finished, "removed": removed, "added": []}


def of_globals(removed: list[str], added: list[str], finished: bool = True, permission: str = BROWSE) -> dict[str, Any]:
    sides = {side: [{"permission": permission, "group": group} for group in groups] for side, groups in (("removed", removed), ("added", added))}
    return {"product": "jira", "url": URL, "scope": "global_permissions", "finished": finished, **sides}


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


@pytest.fixture
def restore_all(run_jira: Any, tmp_path: Path) -> Any:
    """With a password, and the forms allowed."""

    def run(runs: list[Any], calls: list[Any], **options: Any) -> dict[str, Any]:
        path = tmp_path / "restore.json"
        path.write_text(json.dumps({"schema": 1, "runs": runs}))
        result: dict[str, Any] = run_jira(jira_restore, calls, **{"restore_path": str(path), **options})
        return result

    return run


def test_a_global_permission_goes_back_to_anyone_before_the_groups_lose_it(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, global_post: Any
) -> None:
    now, between, then = global_page({BROWSE: ["ops", "my_staff"]}), global_page({BROWSE: ["", "ops", "my_staff"]}), global_page({BROWSE: ["", "ops"]})
    calls = [
        myself, *jira_in(), now, now, global_post("add", BROWSE, ""), between,
        between, global_post("del", BROWSE, "my_staff"), then, then, jira_out,
    ]  # fmt: skip
    result = restore_all([of_globals([""], ["my_staff"])], calls)
    assert rows(result) == [(BROWSE, ["group:my_staff", "group:ops"], ["anyone", "group:ops"], "changed")]
    assert result["diff"] == {"before": {BROWSE: ["group:my_staff", "group:ops"]}, "after": {BROWSE: ["anyone", "group:ops"]}}


def test_an_addition_that_jira_refuses_leaves_the_groups(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, global_post: Any
) -> None:
    now = global_page({BROWSE: ["staff"]})
    calls = [myself, *jira_in(), now, now, global_post("add", BROWSE, "", 200, text="<html>-</html>"), now, now, jira_out]
    result = restore_all([of_globals([""], ["staff"])], calls)
    assert rows(result) == [(BROWSE, ["group:staff"], ["group:staff"], "failed")]
    assert f"{BROWSE} is not granted to anyone when it is read again" in result["msg"]


@pytest.mark.parametrize(("held", "check", "state"), [(["", "ops"], False, "compliant"), (["staff"], True, "drifted")])
def test_global_permissions_a_second_time_and_in_check_mode_post_nothing(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, held: list[str], check: bool, state: str
) -> None:
    result = restore_all([of_globals([""], ["staff"])], [myself, *jira_in(), global_page({BROWSE: held}), jira_out], check=check)
    assert [row["state"] for row in result["settings"]] == [state] and result["changed"] == check


def test_a_run_that_was_cut_off_counts_with_the_one_after_it(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any
) -> None:
    runs = [of_globals([""], [], permission="USER"), of_globals([""], ["a"], finished=False), of_globals([""], ["b"])]
    result = restore_all(runs, [myself, *jira_in(), global_page({BROWSE: ["a", "b", "c"]}), jira_out], check=True)
    assert rows(result) == [(BROWSE, ["group:a", "group:b", "group:c"], ["anyone", "group:c"], "drifted")]


def test_global_permissions_without_forms_are_not_examined(restore: Any, myself: Any) -> None:
    result = restore([of_globals([""], ["staff"])], [myself])
    assert rows(result) == [(BROWSE, None, None, "not_examined")] and "set allow_forms" in result["settings"][0]["reason"]


def test_global_permissions_of_a_page_that_is_not_understood_are_not_examined(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any
) -> None:
    result = restore_all([of_globals([""], [])], [myself, *jira_in(), global_page({}, text="<html></html>"), jira_out])
    assert rows(result) == [(BROWSE, None, None, "not_examined")]


def test_settings_come_back_by_rest(restore: Any, myself: Any, properties: Any, put_property: Any) -> None:
    on, off = (SHARING, "true", "boolean"), (SHARING, "false", "boolean")
    calls = [myself, properties(off, ("jira.title", "New", "string")), put_property(SHARING, "true"), put_property("jira.title", "")]
    result = restore([of_settings((SHARING, True), ("jira.title", ""))], [*calls, properties(on, ("jira.title", None, "string"))])
    assert rows(result) == [(SHARING, False, True, "changed"), ("jira.title", "New", "", "changed")]


def test_settings_come_back_by_form(
    restore_all: Any, myself: Any, properties: Any, jira_in: Any, jira_out: Any, general_page: Any, save_general: Any
) -> None:
    never = "jira.maximum.authentication.attempts.allowed"
    old = general_page(mode="private", maximumAuthenticationAttemptsAllowed="3", captcha="true")
    new = general_page(mode="public", maximumAuthenticationAttemptsAllowed="", captcha="true")
    save = save_general(mode="public", maximumAuthenticationAttemptsAllowed="", captcha="true")
    calls = [myself, properties(), *jira_in(), old, old, old, save, new, properties(), new, jira_out]
    result = restore_all([of_settings((MODE, "public"), (never, ""))], calls)
    assert rows(result) == [(never, 3, "", "changed"), (MODE, "private", "public", "changed")]


def test_of_a_setting_that_several_runs_changed_the_oldest_value_comes_back(restore: Any, myself: Any, properties: Any) -> None:
    key = "jira.search.views.default.max"
    runs = [of_settings((key, 1)), of_settings((key, 5000), finished=False), of_settings((key, 2000))]
    result = restore(runs, [myself, properties((key, "1000", "number"))], check=True)
    assert rows(result) == [(key, 1000, 5000, "drifted")]


def test_settings_a_second_time_change_nothing(restore: Any, myself: Any, properties: Any) -> None:
    result = restore([of_settings((SHARING, True))], [myself, properties((SHARING, "true", "boolean"))])
    assert rows(result) == [(SHARING, True, True, "compliant")] and not result["changed"]


def test_settings_that_only_the_page_has_are_not_examined_without_forms(restore: Any, myself: Any, properties: Any) -> None:
    result = restore([of_settings((MODE, "public"))], [myself, properties()])
    assert rows(result) == [(MODE, None, None, "not_examined")] and "set allow_forms" in result["settings"][0]["reason"]


def test_all_scopes_come_back_in_one_run_with_one_session(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, listing: Any, global_page: Any, properties: Any, general_page: Any
) -> None:
    runs = [of_settings((MODE, "public")), of_globals([""], []), entry([ANYONE], [])]
    page = general_page(mode="private")
    calls = [myself, listing(), *jira_in(), global_page({}), properties(), page, page, jira_out]
    result = restore_all(runs, calls, check=True)
    assert rows(result) == [
        ("Open: BROWSE_PROJECTS", [], ["anyone"], "drifted"), (BROWSE, [], ["anyone"], "drifted"), (MODE, "private", "public", "drifted"),
    ]  # fmt: skip
    assert result["diff"]["after"] == {"Open: BROWSE_PROJECTS": ["anyone"], BROWSE: ["anyone"], MODE: "public"}


@pytest.mark.parametrize("scope", ["permission_schemes", "global_permissions", "settings"])
def test_a_scope_leaves_the_others_alone(
    restore_all: Any, myself: Any, jira_in: Any, jira_out: Any, listing: Any, global_page: Any, properties: Any, scope: str
) -> None:
    calls = {
        "permission_schemes": [listing(ANYONE)],
        "global_permissions": [*jira_in(), global_page({BROWSE: [""]}), jira_out],
        "settings": [properties((SHARING, "true", "boolean"))],
    }
    runs = [of_settings((SHARING, True)), of_globals([""], []), entry([ANYONE], [])]
    result = restore_all(runs, [myself, *calls[scope]], scopes=[scope])
    assert [row["state"] for row in result["settings"]] == ["compliant"]


@pytest.mark.parametrize("scopes", [["settings"], ["global_permissions", "settings"], []])
def test_nothing_in_these_scopes_is_said_before_anything_is_sent(restore_all: Any, scopes: list[str]) -> None:
    result = restore_all([entry([ANYONE], [])], [], scopes=scopes)
    assert result["failed"] and f"holds nothing that was removed in {', '.join(scopes) or 'none of the scopes'}" in result["msg"]


@pytest.mark.parametrize("broken", [{"removed": [{"key": MODE}]}, {"removed": [{}]}, {"removed": None}, {"removed": ["x"]}])
def test_edited_settings_are_refused_before_anything_is_sent(restore: Any, broken: dict[str, Any]) -> None:
    result = restore([{**of_settings(), **broken}], [])
    assert result["failed"] and "is not understood" in result["msg"]


@pytest.mark.parametrize("broken", [{"removed": [{"permission": BROWSE}]}, {"added": None}, {"added": ["x"]}])
def test_edited_global_permissions_are_refused_and_nothing_is_written(restore_all: Any, myself: Any, broken: dict[str, Any]) -> None:
    result = restore_all([{**of_globals([""], []), **broken}], [myself])
    assert result["failed"] and "is not understood" in result["msg"]


def test_forms_with_a_token_are_refused_before_anything_is_sent(run_jira: Any, tmp_path: Path) -> None:
    result = run_jira(jira_restore, [], browser=False, allow_forms=True, restore_path=str(tmp_path / "restore.json"))
    assert result["failed"] and "allow_forms: the forms need a log-in" in result["msg"]
