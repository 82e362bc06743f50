# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope global_permissions: only a page knows them; who logs in keeps what anyone had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access

PAGE, ACTION = "/secure/admin/GlobalPermissions!default.jspa", "/secure/admin/GlobalPermissions.jspa"
BROWSE, ANYONE = "USER_PICKER", ""
NOBODY = [("ADMINISTER", [], [], "compliant"), ("BULK_CHANGE", [], [], "compliant"), ("USER", [], [], "compliant")]


@pytest.fixture
def run_global(run_jira: Any, tmp_path: Path) -> Any:
    """The restore file is tmp_path/restore.json."""
    given = {"scope": "global_permissions", "restore_path": str(tmp_path / "restore.json")}
    return lambda calls, **options: run_jira(jira_anonymous_access, calls, **{**given, **options})


@pytest.fixture
def roles(call: Any) -> Any:
    """roles(["jira-users"], ["agents"]): the groups of each application role."""
    return lambda *groups, **other: call("GET", "/rest/api/2/applicationrole", **(other or {"json": [{"key": "x", "groups": list(each)} for each in groups]}))


@pytest.fixture
def writes(global_page: Any, global_post: Any) -> Any:
    """writes(before, ("add", BROWSE, "staff"), after): the page before the post, the post, and the page after it."""
    return lambda before, post, after, **other: [global_page(before), global_post(*post, **other), global_page(after)]


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_anyone_goes_after_the_groups_of_all_application_roles_came(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, roles: Any, writes: Any
) -> None:
    old, one, two = {BROWSE: [ANYONE, "ops"]}, {BROWSE: [ANYONE, "ops", "agents"]}, {BROWSE: [ANYONE, "ops", "agents", "jira-users"]}
    new = {BROWSE: ["ops", "agents", "jira-users"]}
    calls = [
        myself, *jira_in(), global_page(old), roles(["jira-users", "ops"], ["agents", "jira-users"]),
        *writes(old, ("add", BROWSE, "agents"), one), *writes(one, ("add", BROWSE, "jira-users"), two),
        *writes(two, ("del", BROWSE, ANYONE), new), global_page(new), jira_out,
    ]  # fmt: skip
    result = run_global(calls, replace_with="logged_in")
    before, after = ["anyone", "group:ops"], ["group:agents", "group:jira-users", "group:ops"]
    assert rows(result) == [*NOBODY, (BROWSE, before, after, "changed")]
    assert result["diff"] == {"before": {BROWSE: before}, "after": {BROWSE: after}}
    assert result["restore_path"] == str(tmp_path / "restore.json")
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert run["removed"] == [{"permission": BROWSE, "group": ""}]
    assert run["added"] == [{"permission": BROWSE, "group": "agents"}, {"permission": BROWSE, "group": "jira-users"}]
    assert (run["product"], run["url"], run["scope"], run["finished"]) == ("jira", "https://jira.example.com", "global_permissions", True)


def test_the_restore_file_is_there_before_the_first_post(
    run_global: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    path, seen = tmp_path / "restore.json", []
    permissions = jira_anonymous_access.GlobalPermissions
    change = permissions.change

    def watched(self: Any, *arguments: Any) -> None:
        seen.append(json.loads(path.read_text())["runs"][0]["finished"])
        change(self, *arguments)

    monkeypatch.setattr(permissions, "change", watched)
    old = {BROWSE: [ANYONE]}
    run_global([myself, *jira_in(), global_page(old), *writes(old, ("del", BROWSE, ANYONE), {}), global_page({}), jira_out], replace_with="none")
    assert seen == [False] and json.loads(path.read_text())["runs"][0]["finished"]


def test_named_groups_take_the_place(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    old, between, new = {BROWSE: [ANYONE, "a b"]}, {BROWSE: [ANYONE, "a b", "my_staff"]}, {BROWSE: ["a b", "my_staff"]}
    added, removed = writes(old, ("add", BROWSE, "my_staff"), between), writes(between, ("del", BROWSE, ANYONE), new)
    calls = [myself, *jira_in(), global_page(old), *added, *removed, global_page(new), jira_out]
    result = run_global(calls, replace_with="logged_in", replace_groups=["my_staff", "a b"])
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone", "group:a b"], ["group:a b", "group:my_staff"], "changed")]


def test_replace_with_none_only_removes(run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any) -> None:
    old = {BROWSE: [ANYONE]}
    result = run_global([myself, *jira_in(), global_page(old), *writes(old, ("del", BROWSE, ANYONE), {}), global_page({}), jira_out], replace_with="none")
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone"], [], "changed")]


def test_without_replace_with_it_is_reported_and_left(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, roles: Any
) -> None:
    old = {BROWSE: [ANYONE, "ops"]}
    result = run_global([myself, *jira_in(), global_page(old), roles(["jira-users", "ops"], ["agents"]), jira_out])
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone", "group:ops"], ["anyone", "group:ops"], "drifted")]
    reason = result["settings"][-1]["reason"]
    assert "do not hold it otherwise: agents, jira-users." in reason and "Set replace_with" in reason
    assert not result["changed"] and not result["failed"] and list(tmp_path.iterdir()) == []


def test_without_replace_with_it_goes_where_everybody_who_logs_in_is_covered(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, roles: Any, writes: Any
) -> None:
    old, new = {BROWSE: [ANYONE, "agents", "jira-users"]}, {BROWSE: ["agents", "jira-users"]}
    calls = [myself, *jira_in(), global_page(old), roles(["jira-users"], ["agents"]), *writes(old, ("del", BROWSE, ANYONE), new), global_page(new), jira_out]
    assert rows(run_global(calls))[-1] == (BROWSE, ["anyone", "group:agents", "group:jira-users"], ["group:agents", "group:jira-users"], "changed")


def test_keys_and_groups_with_underscores_are_told_apart(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any
) -> None:
    """USER is a key and the beginning of USER_PICKER; a group may begin as a key ends."""
    held = {"USER": ["my_group", "PICKER"], BROWSE: ["my_group", "_x_", "with space", "ä ö"], "BULK_CHANGE": ["CHANGE_", "a_b_c"]}
    result = run_global([myself, *jira_in(), global_page(held), jira_out])
    assert rows(result) == [
        ("ADMINISTER", [], [], "compliant"),
        ("BULK_CHANGE", ["group:CHANGE_", "group:a_b_c"], ["group:CHANGE_", "group:a_b_c"], "compliant"),
        ("USER", ["group:PICKER", "group:my_group"], ["group:PICKER", "group:my_group"], "compliant"),
        (BROWSE, *[["group:_x_", "group:my_group", "group:with space", "group:ä ö"]] * 2, "compliant"),
    ]


@pytest.mark.parametrize("permission", ["USER", "USER_PICKER"])
def test_anyone_of_a_key_that_begins_another_is_not_the_others(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, permission: str
) -> None:
    result = run_global([myself, *jira_in(), global_page({permission: [ANYONE]}), jira_out], check=True, replace_with="none")
    assert {setting: state for setting, _before, _after, state in rows(result) if state != "compliant"} == {permission: "drifted"}


def test_every_permission_that_anyone_holds_is_written(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    old, between = {"BULK_CHANGE": [ANYONE, "x_y"], BROWSE: [ANYONE]}, {"BULK_CHANGE": ["x_y"], BROWSE: [ANYONE]}
    new = {"BULK_CHANGE": ["x_y"]}
    first, second = writes(old, ("del", "BULK_CHANGE", ANYONE), between), writes(between, ("del", BROWSE, ANYONE), new)
    result = run_global([myself, *jira_in(), global_page(old), *first, *second, global_page(new), jira_out], replace_with="none")
    assert [state for *_row, state in rows(result)] == ["compliant", "changed", "compliant", "changed"]


def test_a_second_run_writes_nothing(run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any) -> None:
    result = run_global([myself, *jira_in(), global_page({BROWSE: ["jira-users"]}), jira_out], replace_with="logged_in")
    assert rows(result) == [*NOBODY, (BROWSE, ["group:jira-users"], ["group:jira-users"], "compliant")]
    assert not result["changed"] and "restore_path" not in result and list(tmp_path.iterdir()) == []


def test_check_mode_posts_nothing(
    run_global: Any, tmp_path: Path, call: Any, myself: Any, jira_in: Any, jira_asks: Any, jira_sudo: Any, jira_out: Any, global_page: Any, roles: Any
) -> None:
    """Log-in, password question and end are none of the writes."""
    old = {BROWSE: [ANYONE]}
    calls = [myself, *jira_in(), call("GET", PAGE, session=True, **jira_asks), jira_sudo, global_page(old), roles(["jira-users"]), jira_out]
    result = run_global(calls, check=True, replace_with="logged_in")
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone"], ["group:jira-users"], "drifted")]
    assert result["changed"] and "restore_path" not in result and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("browser", [True, False], ids=["password", "token"])
def test_without_forms_it_is_not_examined(run_global: Any, myself: Any, browser: bool) -> None:
    result = run_global([myself], browser=browser, allow_forms=False, replace_with="none")
    assert rows(result) == [("global permissions", None, None, "not_examined")]
    assert f"({PAGE}): set allow_forms" in result["settings"][0]["reason"] and not result["failed"]


def test_forms_with_a_token_are_refused_before_anything_is_asked(run_global: Any) -> None:
    result = run_global([], browser=False, allow_forms=True)
    assert result["failed"] and "allow_forms: the forms need a log-in" in result["msg"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": '<html><form><select name="globalPermType"><option>A</option></select><input name="groupName"></form></html>'}, "is not built as"),
        ({"text": '<html><table id="global_perms"></table></html>'}, "is not built as"),
        ({"text": '<html><table id="global_perms"></table><form><input name="groupName"></form></html>'}, "is not built as"),
        ({"text": '<html><table id="global_perms"></table><form><select name="globalPermType"></select><input name="groupName"></form></html>'}, "not built"),
        ({"text": '<html><table id="global_perms"></table><form><select name="globalPermType"><option>A</option></select></form></html>'}, "not built"),
        ({"status": 404, "text": "<html></html>"}, "answer 404"),
        ({"text": '<html><table id="global_perms">'}, "without its end"),
        ({"status": 403}, "may not use this page"),
        ({"status": 302, "headers": {"Location": "/login.jsp?permissionViolation=true"}}, "leads to the log-in page"),
    ],
)
def test_a_page_that_is_not_understood_is_not_examined(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, answer: Any, words: str
) -> None:
    result = run_global([myself, *jira_in(), global_page({}, **answer), jira_out], replace_with="none")
    assert rows(result) == [("global permissions", None, None, "not_examined")]
    assert words in result["settings"][0]["reason"] and not result["changed"] and list(tmp_path.iterdir()) == []


def test_an_empty_page_with_a_redirect_is_not_examined(run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any) -> None:
    away = global_page({}, status=302, headers={"Location": "/secure/Dashboard.jspa"})
    result = run_global([myself, *jira_in(), away, jira_out], replace_with="none")
    assert rows(result) == [("global permissions", None, None, "not_examined")]


@pytest.mark.parametrize("mark", ["del_SYSTEM_ADMIN_admins", "del_CREATE_SHARED_OBJECTS_", "del_USER"])
def test_a_grant_of_a_permission_the_form_does_not_offer_is_not_passed_over(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, mark: str
) -> None:
    page = global_page({BROWSE: [ANYONE]}, more=f'<a id="{mark}">-</a>')
    result = run_global([myself, *jira_in(), page, jira_out], replace_with="none")
    assert rows(result) == [("global permissions", None, None, "not_examined")] and mark in result["settings"][0]["reason"]


def test_a_removal_that_jira_refuses_is_failed(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    old = {BROWSE: [ANYONE]}
    refused = writes(old, ("del", BROWSE, ANYONE), old, status=200, text="<html>-</html>")
    result = run_global([myself, *jira_in(), global_page(old), *refused, global_page(old), jira_out], replace_with="none")
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone"], ["anyone"], "failed")]
    assert f"POST {ACTION} answered 200, and {BROWSE} is granted to anyone when it is read again" in result["msg"]
    assert result["failed"] and not result["changed"]
    assert not json.loads((tmp_path / "restore.json").read_text())["runs"][0]["finished"]


def test_an_addition_that_jira_refuses_stops_the_removal(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    old = {BROWSE: [ANYONE]}
    refused = writes(old, ("add", BROWSE, "nosuch"), old, status=200, text="<html>-</html>")
    calls = [myself, *jira_in(), global_page(old), *refused, global_page(old), global_page(old), jira_out]
    result = run_global(calls, replace_with="logged_in", replace_groups=["nosuch", "staff"])
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone"], ["anyone"], "failed")]
    assert f"{BROWSE} is not granted to nosuch when it is read again" in result["msg"]
    assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["added"] == []


@pytest.mark.parametrize("again", ["there", "not read"])
def test_an_addition_that_could_not_be_read_again_is_remembered(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, global_post: Any, again: str
) -> None:
    """The post was done, and the page that would tell so is broken."""
    old, new = {BROWSE: [ANYONE]}, {BROWSE: [ANYONE, "staff"]}
    broken = global_page({}, status=500, text="<html>-</html>")
    post = [global_page(old), global_post("add", BROWSE, "staff", 500, text="<html>-</html>"), broken]
    calls = [myself, *jira_in(), global_page(old), *post, global_page(new) if again == "there" else broken, global_page(new), jira_out]
    result = run_global(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [*NOBODY, (BROWSE, ["anyone"], ["anyone", "group:staff"], "failed")]
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert (run["added"], run["finished"]) == ([{"permission": BROWSE, "group": "staff"}], False)


def test_a_refusal_does_not_stop_the_other_permissions(
    run_global: Any, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, writes: Any
) -> None:
    old, new = {"BULK_CHANGE": [ANYONE], BROWSE: [ANYONE]}, {"BULK_CHANGE": [ANYONE]}
    first = writes(old, ("del", "BULK_CHANGE", ANYONE), old, status=200, text="<html>-</html>")
    calls = [myself, *jira_in(), global_page(old), *first, *writes(old, ("del", BROWSE, ANYONE), new), global_page(new), jira_out]
    result = run_global(calls, replace_with="none")
    assert [state for *_row, state in rows(result)] == ["compliant", "failed", "compliant", "changed"]
    assert result["failed"] and result["changed"]


@pytest.mark.parametrize("answer", [{"status": 403}, {"json": {}}, {"json": [{"key": "x"}]}, {"json": ["x"]}, {"text": "<html>"}])
def test_without_the_application_roles_nothing_is_written(
    run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any, roles: Any, answer: Any
) -> None:
    result = run_global([myself, *jira_in(), global_page({BROWSE: [ANYONE]}), roles(**answer), jira_out], replace_with="logged_in")
    assert result["failed"] and not result["changed"] and list(tmp_path.iterdir()) == []


def test_a_wrong_password_is_sent_once(run_global: Any, myself: Any, jira_in: Any) -> None:
    page, refused, _who = jira_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    result = run_global([myself, page, refused], replace_with="none")
    assert rows(result) == [("global permissions", None, None, "not_examined")] and "not tried again" in result["settings"][0]["reason"]


def test_no_restore_file_no_post(run_global: Any, tmp_path: Path, myself: Any, jira_in: Any, jira_out: Any, global_page: Any) -> None:
    (tmp_path / "restore.json").write_text("mine")
    result = run_global([myself, *jira_in(), global_page({BROWSE: [ANYONE]}), jira_out], replace_with="none")
    assert result["failed"] and "restore_path" in result["msg"] and not result["changed"]


@pytest.mark.parametrize("option", [{"public_url": "https://x.example.com"}, {"keep": [{"scheme": "A", "permission": "B"}]}])
def test_options_of_other_scopes_are_refused_before_anything_is_asked(run_global: Any, option: dict[str, Any]) -> None:
    result = run_global([], **option)
    assert result["failed"] and result["msg"].startswith(f"{next(iter(option))}: means nothing with scope global_permissions")


def test_groups_without_replacing_are_refused(run_global: Any) -> None:
    result = run_global([], replace_groups=["staff"])
    assert result["failed"] and result["msg"].startswith("replace_groups: means nothing")
