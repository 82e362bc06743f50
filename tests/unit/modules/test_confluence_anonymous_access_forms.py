# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access by the permission pages: the whole form with one box less, and no page that is not understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

PAGE = "/spaces/editspacepermissions.action?key={key}&edit=Edit+Permissions"
GLOBAL = "/admin/permissions/editglobalpermissions.action"
VIEW, STAFF = "confluence_checkbox_viewspace_anonymous", "confluence_checkbox_viewspace_group_staff"
USE, PROFILES = "confluence_checkbox_useconfluence_anonymous", "confluence_checkbox_viewuserprofiles_anonymous"
USERS = "confluence_checkbox_useconfluence_group_staff"
INITIAL = f'<input type="hidden" name="confluence_initial_{VIEW.removeprefix("confluence_checkbox_")}" value="on">'
ROW = "A: space read"
XSRF = "5f2c8e61xsrf"


@pytest.fixture
def by_form(run_spaces: Any) -> Any:
    return lambda calls, **options: run_spaces(calls, browser=True, allow_forms=True, **{"routes": ["form"], **options})


@pytest.fixture
def page(call: Any, form_page: Any) -> Any:
    """page(True, False): the page of space A with the boxes of anonymous and of staff."""

    def get(anonymous: bool, staff: bool | None = None, key: str = "A") -> Any:
        boxes = [(VIEW, anonymous), *([] if staff is None else [(STAFF, staff)])]
        text = form_page(INITIAL, *boxes, action="doeditspacepermissions.action?key=" + key)
        return call("GET", PAGE.format(key=key), text=text, session=True)

    return get


@pytest.fixture
def post(call: Any) -> Any:
    def save(*ticked: str, key: str = "A") -> Any:
        initial = {f"confluence_initial_{VIEW.removeprefix('confluence_checkbox_')}": "on"}
        form = {"atl_token": XSRF, **initial, **dict.fromkeys(ticked, "true"), "confirm": "Save"}
        return call("POST", f"/spaces/doeditspacepermissions.action?key={key}", 302, form=form, session=True)

    return save


@pytest.fixture
def opened(whoami: Any, metrics: Any, space_page: Any, log_in: Any) -> Any:
    return lambda *keys: [whoami, metrics(len(keys) or 1), space_page(*(keys or "A")), *log_in()]


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_one_box_less_and_all_else_as_it_was(by_form: Any, opened: Any, page: Any, post: Any, no_more: Any, log_out: Any) -> None:
    open_, closed = page(True, True), page(False, True)
    result = by_form([*opened(), open_, open_, *no_more, open_, post(STAFF), closed, closed, log_out], replace_with="none")
    assert rows(result) == [(ROW, ["anonymous", "group:staff"], ["group:staff"], "changed")]


def test_the_substitute_comes_first(by_form: Any, opened: Any, page: Any, post: Any, no_more: Any, group: Any, log_out: Any) -> None:
    before, between, after = page(True, False), page(True, True), page(False, True)
    calls = [
        *opened(), before, before, *no_more, group("staff"), before,
        before, post(VIEW, STAFF), between, between,
        between, post(STAFF), after, after, log_out,
    ]  # fmt: skip
    result = by_form(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [(ROW, ["anonymous"], ["group:staff"], "changed")]


def test_check_mode_posts_nothing(by_form: Any, tmp_path: Path, opened: Any, page: Any, no_more: Any, log_out: Any) -> None:
    result = by_form([*opened(), page(True), page(True), *no_more, log_out], check=True, replace_with="none")
    assert rows(result) == [(ROW, ["anonymous"], [], "drifted")]
    assert list(tmp_path.iterdir()) == []


def test_a_group_without_a_row_cannot_take_the_place(by_form: Any, opened: Any, page: Any, no_more: Any, group: Any, log_out: Any) -> None:
    result = by_form(
        [*opened(), *[page(True)] * 2, *no_more, group("staff"), page(True), log_out], replace_with="logged_in", replace_groups=["staff"]
    )
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "drifted")]
    assert "no row for group:staff" in result["settings"][0]["reason"]


def test_who_logs_in_stands_on_the_global_page(
    by_form: Any, call: Any, form_page: Any, opened: Any, page: Any, post: Any, no_more: Any, log_out: Any
) -> None:
    everybody = call("GET", GLOBAL, text=form_page((USE, False), (USERS, True)), session=True)
    open_, closed = page(True, True), page(False, True)
    result = by_form([*opened(), open_, open_, *no_more, everybody, everybody, open_, post(STAFF), closed, closed, log_out])
    assert rows(result) == [(ROW, ["anonymous", "group:staff"], ["group:staff"], "changed")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": "<html><form><input type='checkbox' name='confluence_checkbox_viewspace_group_staff'></form></html>"}, "has no form with"),
        ({"text": ""}, "without its end"),
        ({"text": "<html>Space not found</html>", "status": 404}, "has no form with"),
        ({"status": 403}, "may not use this page"),
        ({"status": 302, "headers": {"Location": "https://wiki.example.com/login.action?os_destination=x"}}, "leads to the log-in page"),
    ],
    ids=["no box of anonymous", "empty", "404", "403", "log-in"],
)
def test_a_page_that_is_not_understood_does_not_stop_the_others(
    by_form: Any, call: Any, opened: Any, page: Any, post: Any, no_more: Any, log_out: Any, answer: dict[str, Any], words: str
) -> None:
    broken = call("GET", PAGE.format(key="A"), session=True, **answer)
    open_, closed = page(True, key="B"), page(False, key="B")
    result = by_form([*opened("A", "B"), broken, open_, open_, *no_more, open_, post(key="B"), closed, closed, log_out], replace_with="none")
    assert rows(result) == [("B: space read", ["anonymous"], [], "changed"), ("A", None, None, "failed")]
    assert words in result["settings"][1]["reason"]


def test_another_box_that_moves_is_put_back(by_form: Any, opened: Any, page: Any, post: Any, no_more: Any, log_out: Any) -> None:
    open_, moved = page(True, True), page(False, False)
    calls = [*opened(), open_, open_, *no_more, open_, post(STAFF), moved, post(VIEW, STAFF), open_, open_, log_out]
    result = by_form(calls, replace_with="none")
    assert rows(result) == [(ROW, ["anonymous", "group:staff"], ["anonymous", "group:staff"], "failed")]
    assert "the old values were posted back" in result["settings"][0]["reason"]


@pytest.fixture
def everybody(call: Any, form_page: Any) -> Any:
    return lambda use, profiles: call("GET", GLOBAL, text=form_page((USE, use), (PROFILES, profiles), action="save.action"), session=True)


def test_the_whole_site_is_closed_and_profiles_go_with_it(
    run_wiki: Any, call: Any, tmp_path: Path, whoami: Any, probes: Any, log_in: Any, everybody: Any, log_out: Any
) -> None:
    open_, closed = everybody(True, True), everybody(False, False)
    save = call("POST", "/admin/permissions/save.action", 302, form={"atl_token": XSRF, "confirm": "Save"}, session=True)
    calls = [
        whoami, *log_in(), open_, open_, *probes(True), open_,  # read; whether it can be written
        open_, open_, save, closed,  # whether profiles have a box; the change
        closed, *probes(), log_out,
    ]  # fmt: skip
    options = {"browser": True, "allow_forms": True, "routes": ["form"], "scope": "site", "restore_path": str(tmp_path / "restore.json")}
    result = run_wiki(confluence_anonymous_access, calls, **options)
    assert rows(result)[0] == ("anonymous: use Confluence", True, False, "changed")
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert [entry["operation"]["operationKey"] for entry in run["removed"]] == ["use", "read"]


def test_a_page_without_a_box_for_anonymous_tells_nothing(
    run_wiki: Any, call: Any, form_page: Any, whoami: Any, profile: Any, log_in: Any, log_out: Any
) -> None:
    known = "confluence_checkbox_useconfluence_group_confluence-administrators"
    page = call("GET", GLOBAL, text=form_page((known, True)), session=True)
    calls = [whoami, *log_in(), page, page, profile(status=404), log_out]
    options = {"browser": True, "allow_forms": True, "routes": ["form"], "scope": "user_profiles"}
    result = run_wiki(confluence_anonymous_access, calls, **options)
    assert rows(result)[0] == ("anonymous: view user profiles", None, None, "not_examined")


def test_no_page_of_global_permissions_is_an_error(run_wiki: Any, call: Any, whoami: Any, log_in: Any, log_out: Any) -> None:
    calls = [
        whoami,
        *log_in(),
        call("GET", GLOBAL, 404, session=True),
        call("GET", "/admin/console.action", text="<html><p>-</p></html>", session=True),
        log_out,
    ]
    result = run_wiki(confluence_anonymous_access, calls, browser=True, allow_forms=True, routes=["form"], scope="site")
    assert result["failed"] and "The form Global permissions was not found" in result["msg"]
    assert result["settings"] == []


def test_unlicensed_people_have_no_known_box(run_wiki: Any, whoami: Any) -> None:
    """Nobody even logs in for it."""
    result = run_wiki(confluence_anonymous_access, [whoami], browser=True, allow_forms=True, routes=["jsonrpc", "form"], scope="unlicensed")
    assert {row["state"] for row in result["settings"]} == {"not_examined"}
