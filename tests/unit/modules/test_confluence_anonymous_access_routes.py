# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access: which way is taken, in which order, and that a session ends however the work ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

READ, USE = "space read", "application use"
PAGE = "/spaces/editspacepermissions.action?key=A&edit=Edit+Permissions"
CLOSED = [("spaces without a grant to anonymous", "compliant")]


@pytest.fixture
def listed(whoami: Any, metrics: Any, space_page: Any) -> list[Any]:
    return [whoami, metrics(1), space_page("A")]


@pytest.fixture
def page(call: Any, form_page: Any) -> Any:
    return call("GET", PAGE, text=form_page(("confluence_checkbox_viewspace_anonymous", False)), session=True)


@pytest.fixture
def run_site(run_wiki: Any, tmp_path: Path) -> Any:
    def run(calls: list[Any], **options: Any) -> dict[str, Any]:
        given = {"scope": "site", "browser": True, "restore_path": str(tmp_path / "restore.json"), **options}
        result: dict[str, Any] = run_wiki(confluence_anonymous_access, calls, **given)
        return result

    return run


def rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["setting"], row["state"]) for row in result["settings"]]


def test_spaces_take_rest_first_and_open_no_session_then(run_spaces: Any, listed: Any, of_anonymous: Any, no_more: Any) -> None:
    result = run_spaces([*listed, of_anonymous("A"), of_anonymous("A"), *no_more], browser=True, allow_forms=True)
    assert rows(result) == CLOSED


def test_spaces_go_down_to_the_form(
    run_spaces: Any, listed: Any, of_anonymous: Any, log_in: Any, rpc: Any, page: Any, no_more: Any, log_out: Any
) -> None:
    calls = [*listed, of_anonymous("A", status=404), *log_in(), rpc("getServerInfo", status=404), page, *no_more, log_out]
    assert rows(run_spaces(calls, browser=True, allow_forms=True)) == CLOSED


def test_the_order_is_the_tasks(run_spaces: Any, listed: Any, log_in: Any, page: Any, no_more: Any, log_out: Any) -> None:
    result = run_spaces([*listed, *log_in(), page, *no_more, log_out], browser=True, allow_forms=True, routes=["form", "rest", "form"])
    assert rows(result) == CLOSED


def test_no_way_is_taken_that_was_not_named(run_spaces: Any, listed: Any, of_anonymous: Any) -> None:
    result = run_spaces([*listed, of_anonymous("A", status=404)], browser=True, allow_forms=True, routes=["rest"])
    assert rows(result) == [("spaces", "not_examined")]
    assert "jsonrpc" not in result["settings"][0]["reason"] and "form:" not in result["settings"][0]["reason"]


def test_forms_are_not_used_unless_allowed(run_spaces: Any, listed: Any, of_anonymous: Any, log_in: Any, rpc: Any, log_out: Any) -> None:
    calls = [*listed, of_anonymous("A", status=404), *log_in(), rpc("getServerInfo", status=404), log_out]
    result = run_spaces(calls, browser=True)
    assert rows(result) == [("spaces", "not_examined")]
    assert "form: allow_forms is not set." in result["settings"][0]["reason"]


def test_the_remote_api_needs_a_password(run_spaces: Any, listed: Any) -> None:
    result = run_spaces(listed, routes=["jsonrpc"])
    assert rows(result) == [("spaces", "not_examined")]
    assert "jsonrpc: it needs username and password" in result["settings"][0]["reason"]


def test_the_global_form_writes_what_rest_only_reads(
    run_site: Any, call: Any, form_page: Any, whoami: Any, held: Any, probes: Any, can_write: Any, log_in: Any, rpc: Any, log_out: Any
) -> None:
    path, box = "/admin/permissions/editglobalpermissions.action", "confluence_checkbox_useconfluence_anonymous"
    open_, closed = (call("GET", path, text=form_page((box, state)), session=True) for state in (True, False))
    save = call("POST", "/save.action", 302, form={"atl_token": "5f2c8e61xsrf", "confirm": "Save"}, session=True)
    calls = [
        whoami, held(USE), *probes(True), can_write(False), *log_in(), rpc("getServerInfo", status=404), open_, open_,
        open_, open_, save, closed, held(), *probes(), log_out,
    ]  # fmt: skip
    assert rows(run_site(calls, allow_forms=True))[0] == ("anonymous: use Confluence", "changed")


def test_the_next_way_where_the_call_does_not_exist_after_all(
    run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any, log_in: Any, rpc: Any, log_out: Any
) -> None:
    calls = [
        whoami, held(USE), *probes(True), can_write(), put_global("anonymous/revoke", USE, 404),
        *log_in(), rpc("getServerInfo", answer={}), rpc("removeAnonymousUsePermission"), held(), *probes(), log_out,
    ]  # fmt: skip
    assert rows(run_site(calls))[0] == ("anonymous: use Confluence", "changed")


def test_no_log_in_where_rest_can_do_it(run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any) -> None:
    calls = [whoami, held(USE), *probes(True), can_write(), put_global("anonymous/revoke", USE), held(), *probes()]
    assert rows(run_site(calls))[0] == ("anonymous: use Confluence", "changed")


def test_a_session_ends_when_the_work_fails(run_spaces: Any, call: Any, listed: Any, log_in: Any, page: Any, space_page: Any, log_out: Any) -> None:
    broken = call("GET", space_page(kind="personal").path, 500)
    result = run_spaces([*listed, *log_in(), page, broken, log_out], browser=True, allow_forms=True, routes=["form"])
    assert result["failed"] and "failed inside" in result["msg"]
