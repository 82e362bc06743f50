# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access by the remote API: what is called in the browser session, and what is not believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

VIEW, ROW = "VIEWSPACE", "A: space read"
ANYBODY, STAFF = (VIEW, "anonymous"), (VIEW, "group:staff")
WEBSUDO = "<html>The application was unable to serve your request: com.atlassian.confluence.rpc.WebSudoRequiredException</html>"


@pytest.fixture
def by_rpc(run_spaces: Any) -> Any:
    return lambda calls, **options: run_spaces(calls, browser=True, **{"routes": ["jsonrpc"], **options})


@pytest.fixture
def opened(whoami: Any, metrics: Any, space_page: Any, log_in: Any, rpc: Any) -> Any:
    """Up to the first look into a space."""
    return lambda *keys: [whoami, metrics(len(keys) or 1), space_page(*(keys or "A")), *log_in(), rpc("getServerInfo", answer={"majorVersion": 7})]


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_the_substitute_comes_first(
    by_rpc: Any, tmp_path: Path, opened: Any, rpc: Any, rpc_sets: Any, no_more: Any, group: Any, log_out: Any
) -> None:
    open_, between, closed = rpc_sets("A", ANYBODY), rpc_sets("A", ANYBODY, STAFF), rpc_sets("A", STAFF)
    add, remove = rpc("addPermissionToSpace", VIEW, "staff", "A"), rpc("removeAnonymousPermissionFromSpace", VIEW, "A")
    calls = [*opened(), open_, open_, *no_more, group("staff"), add, between, remove, closed, log_out]
    result = by_rpc(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [(ROW, ["anonymous"], ["group:staff"], "changed")]
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert run["removed"][0]["operation"] == {"targetType": "space", "operationKey": "read"} and run["finished"] is True


def test_check_mode_reads_by_the_same_calls_and_writes_nothing(
    by_rpc: Any, tmp_path: Path, opened: Any, rpc_sets: Any, no_more: Any, log_out: Any
) -> None:
    result = by_rpc([*opened(), rpc_sets("A", ANYBODY), rpc_sets("A", ANYBODY), *no_more, log_out], check=True, replace_with="none")
    assert rows(result) == [(ROW, ["anonymous"], [], "drifted")]
    assert list(tmp_path.iterdir()) == []


def test_a_secure_administrator_session_is_asked_for_once(
    by_rpc: Any, opened: Any, rpc: Any, rpc_sets: Any, web_sudo: Any, no_more: Any, log_out: Any
) -> None:
    refused = rpc("getSpacePermissionSets", "A", text=WEBSUDO)
    result = by_rpc([*opened("A", "B"), refused, web_sudo, rpc_sets("A", STAFF), rpc_sets("B", STAFF), *no_more, log_out])
    assert rows(result) == [("spaces without a grant to anonymous", 2, 2, "compliant")]


@pytest.mark.parametrize("status", [401, 404, 405])
def test_a_remote_api_that_is_off_is_never_switched_on(
    by_rpc: Any, whoami: Any, metrics: Any, space_page: Any, log_in: Any, rpc: Any, log_out: Any, status: int
) -> None:
    result = by_rpc([whoami, metrics(), space_page("A"), *log_in(), rpc("getServerInfo", status=status), log_out])
    assert rows(result) == [("spaces", None, None, "not_examined")]
    assert "the Remote API is off" in result["settings"][0]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"json": {"error": {"code": 500, "message": "java.lang.Exception: example"}}}, "java.lang.Exception: example"),
        ({"text": "<html>Portal</html>"}, "no JSON came back"),
        ({"status": 500, "json": []}, "answered 500"),
        ({"json": {"result": []}}, "shape"),
        ({"json": [{"type": VIEW}]}, "shape"),
        ({"json": [{"spacePermissions": [{"type": VIEW, "userName": None}]}]}, "shape"),
        ({"json": None, "text": "null"}, "shape"),
    ],
)
def test_a_broken_space_does_not_stop_the_others(
    by_rpc: Any, opened: Any, rpc: Any, rpc_sets: Any, no_more: Any, log_out: Any, answer: dict[str, Any], words: str
) -> None:
    calls = [*opened("A", "B"), rpc("getSpacePermissionSets", "A", **answer), rpc_sets("B", ANYBODY), rpc_sets("B", ANYBODY), *no_more]
    removed = [rpc("removeAnonymousPermissionFromSpace", VIEW, "B"), rpc_sets("B")]
    result = by_rpc([*calls, *removed, log_out], replace_with="none")
    assert rows(result) == [("B: space read", ["anonymous"], [], "changed"), ("A", None, None, "failed")]
    assert words in result["settings"][1]["reason"]
    assert result["failed"] and result["changed"]


@pytest.mark.parametrize("answer", [False, None, "true", {"result": True}])
def test_only_true_is_a_yes(by_rpc: Any, opened: Any, rpc: Any, rpc_sets: Any, no_more: Any, log_out: Any, answer: Any) -> None:
    remove = rpc("removeAnonymousPermissionFromSpace", VIEW, "A", text=json.dumps(answer))
    open_ = rpc_sets("A", ANYBODY)
    result = by_rpc([*opened(), open_, open_, *no_more, remove, open_, log_out], replace_with="none")
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "failed")]
    assert "did not answer true" in result["settings"][0]["reason"]


def test_a_refused_substitute_keeps_the_grant(by_rpc: Any, opened: Any, rpc: Any, rpc_sets: Any, no_more: Any, group: Any, log_out: Any) -> None:
    add, open_ = rpc("addPermissionToSpace", VIEW, "staff", "A", answer=False), rpc_sets("A", ANYBODY)
    calls = [*opened(), open_, open_, *no_more, group("staff"), add, open_, open_, log_out]
    result = by_rpc(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "failed")]


@pytest.mark.parametrize("there", [True, False])
def test_who_is_named_by_a_key_is_asked_for_by_name(
    by_rpc: Any, call: Any, opened: Any, of_site: Any, rpc_sets: Any, no_more: Any, log_out: Any, there: bool
) -> None:
    """The global permissions come from REST, which names users by key; whoever is gone cannot be granted anything."""
    named = call("GET", "/rest/api/user?key=ann1", 200 if there else 404, json={"type": "known", "username": "ann", "userKey": "ann1"})
    calls = [*opened(), rpc_sets("A", ANYBODY), rpc_sets("A", ANYBODY), *no_more, of_site(("application use", "userkey:ann1")), named, log_out]
    result = by_rpc(calls, check=True, replace_with="logged_in", routes=["jsonrpc", "rest"])
    if there:
        assert rows(result) == [(ROW, ["anonymous"], ["user:ann"], "drifted")]
    else:
        assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "drifted")]
        assert "by JSON-RPC nothing can be granted to userkey:ann1" in result["settings"][0]["reason"]


def test_a_permission_nobody_knows_is_seen_and_removed_by_its_name(
    by_rpc: Any, opened: Any, rpc: Any, rpc_sets: Any, no_more: Any, log_out: Any
) -> None:
    open_ = rpc_sets("A", ("FLYSPACE", "anonymous"))
    calls = [*opened(), open_, open_, *no_more, rpc("removeAnonymousPermissionFromSpace", "FLYSPACE", "A"), rpc_sets("A"), log_out]
    assert rows(by_rpc(calls, replace_with="none")) == [("A: unknown FLYSPACE", ["anonymous"], [], "changed")]


@pytest.mark.parametrize(
    ("answer", "remembered"), [({"is_open": True}, ["use", "read"]), ({}, ["use"]), ({"status": 500}, ["use"])], ids=["open", "closed", "broken"]
)
def test_the_whole_site_is_closed_where_rest_cannot(
    run_wiki: Any, call: Any, tmp_path: Path, whoami: Any, probes: Any, profile: Any, can_write: Any, log_in: Any, rpc: Any, log_out: Any,
    answer: dict[str, Any], remembered: list[str],
) -> None:  # fmt: skip
    """What goes with use is remembered as far as a stranger sees it, since nothing lists it."""
    unlisted = call("GET", "/rest/api/permissions/anonymous", 404)
    calls = [
        whoami, unlisted, *probes(True), can_write(False), *log_in(), rpc("getServerInfo", answer={}),
        profile(**answer), rpc("removeAnonymousUsePermission"), unlisted, *probes(), log_out,
    ]  # fmt: skip
    options = {"browser": True, "scope": "site", "restore_path": str(tmp_path / "restore.json")}
    result = run_wiki(confluence_anonymous_access, calls, **options)
    assert rows(result)[0] == ("anonymous: use Confluence", True, False, "changed")
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert [item["operation"]["operationKey"] for item in run["removed"]] == remembered


def test_profiles_are_closed_by_their_own_call(run_wiki: Any, tmp_path: Path, whoami: Any, profile: Any, log_in: Any, rpc: Any, log_out: Any) -> None:
    calls = [
        whoami, profile(True), *log_in(), rpc("getServerInfo", answer={}), rpc("removeAnonymousViewUserProfilePermission"), profile(), log_out,
    ]  # fmt: skip
    options = {"browser": True, "scope": "user_profiles", "routes": ["jsonrpc"], "restore_path": str(tmp_path / "restore.json")}
    result = run_wiki(confluence_anonymous_access, calls, **options)
    assert rows(result)[0] == ("anonymous: view user profiles", True, False, "changed")


def test_a_wrong_password_is_sent_once_and_the_session_is_none(by_rpc: Any, whoami: Any, metrics: Any, space_page: Any, log_in: Any) -> None:
    page, refused, _who = log_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    result = by_rpc([whoami, metrics(), space_page("A", "B"), page, refused])
    assert rows(result) == [("spaces", None, None, "not_examined")]
    assert "not accepted" in result["settings"][0]["reason"] and not result["changed"]
