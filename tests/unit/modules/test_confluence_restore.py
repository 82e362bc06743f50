# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_restore: what was taken from anonymous comes back, then what was added goes; in this order, and only that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_restore

URL = "https://wiki.example.com"
READ, USE, PROFILES, UNLICENSED = "space read", "application use", "user read", "application use_unlicensed"
ANYBODY, STAFF, ANN = (READ, "anonymous"), (READ, "group:staff"), (READ, "userkey:ann1")
ROW = "A: space read"


def operation(text: str) -> dict[str, str]:
    target, key = text.split()
    return {"targetType": target, "operationKey": key}


def entry(scope: str, removed: list[Any], added: list[Any], **other: Any) -> dict[str, Any]:
    mark = {"at": "2026-01-01T00:00:00+00:00", "product": "confluence", "url": URL, "scope": scope, "finished": True}
    return {**mark, "removed": removed, "added": added, **other}


def in_spaces(removed: list[tuple[str, str]], added: list[tuple[str, str]], space: str = "A", **other: Any) -> dict[str, Any]:
    def grants(given: list[tuple[str, str]]) -> list[Any]:
        halves = [(text, holder.partition(":")) for text, holder in given]
        return [{"space": space, "operation": operation(text), "holder": {"kind": kind, "name": name}} for text, (kind, _colon, name) in halves]

    return entry("spaces", grants(removed), grants(added), **other)


def of_scope(scope: str, *removed: str, subject: str = "anonymous") -> dict[str, Any]:
    return entry(scope, [{"subject": subject, "operation": operation(text)} for text in removed], [])


@pytest.fixture
def restore(run_wiki: Any, tmp_path: Path) -> Any:
    def run(runs: list[Any], calls: list[Any], **options: Any) -> dict[str, Any]:
        path = tmp_path / "restore.json"
        text = json.dumps({"schema": 1, "runs": runs})
        path.write_text(text)
        result: dict[str, Any] = run_wiki(confluence_restore, calls, restore_path=str(path), **options)
        assert path.read_text() == text
        return result

    return run


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_back_first_then_away(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any, put: Any) -> None:
    calls = [
        whoami, of_anonymous("A"), *of_all("A", STAFF, ANN),
        put("A/permissions/anonymous/grant", READ), put("A/permissions/group/staff/revoke", READ),
        of_anonymous("A", READ), *of_all("A", ANN, ANYBODY),
    ]  # fmt: skip
    result = restore([in_spaces([ANYBODY], [STAFF])], calls)
    assert rows(result) == [(ROW, ["group:staff", "userkey:ann1"], ["anonymous", "userkey:ann1"], "changed")]
    assert result["changed"] and not result["failed"]
    assert result["diff"] == {"before": {ROW: ["group:staff", "userkey:ann1"]}, "after": {ROW: ["anonymous", "userkey:ann1"]}}


def test_nothing_goes_while_nothing_came_back(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any, put: Any) -> None:
    refused = put("A/permissions/anonymous/grant", READ, 500)
    result = restore(
        [in_spaces([ANYBODY], [STAFF])], [whoami, *[of_anonymous("A"), *of_all("A", STAFF)], refused, of_anonymous("A"), *of_all("A", STAFF)]
    )
    assert rows(result) == [(ROW, ["group:staff"], ["group:staff"], "failed")]
    assert "a missing right" in result["settings"][0]["reason"]


def test_check_mode_predicts_and_writes_nothing(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any) -> None:
    result = restore([in_spaces([ANYBODY], [STAFF])], [whoami, of_anonymous("A"), *of_all("A", STAFF)], check=True)
    assert rows(result) == [(ROW, ["group:staff"], ["anonymous"], "drifted")]
    assert result["changed"]


def test_a_second_time_changes_nothing(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any) -> None:
    result = restore([in_spaces([ANYBODY], [STAFF])], [whoami, of_anonymous("A", READ), *of_all("A", ANYBODY)])
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "compliant")]
    assert not result["changed"]


def test_runs_that_were_cut_off_count_with_the_last(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any) -> None:
    runs = [
        in_spaces([ANYBODY], [], space="LONGAGO"),
        in_spaces([ANYBODY, ("comment create", "anonymous")], [STAFF], finished=False),
        in_spaces([ANYBODY], [], space="B", url="https://other.example.com"),
        in_spaces([ANYBODY], [], space="B", product="jira"),
        in_spaces([("comment create", "anonymous")], []),
    ]
    result = restore(runs, [whoami, of_anonymous("A"), *of_all("A", STAFF)], check=True)
    assert [(row["setting"], row["after"]) for row in result["settings"]] == [("A: comment create", ["anonymous"]), (ROW, ["anonymous"])]


def test_a_space_that_is_gone_does_not_stop_the_others(restore: Any, call: Any, whoami: Any, of_anonymous: Any, of_all: Any) -> None:
    gone = {"status": 404, "json": {"statusCode": 404}}
    calls = [whoami, of_anonymous("A", **gone), call("GET", "/rest/api/space/A/permissions", **gone), *of_all("B")]
    result = restore([in_spaces([ANYBODY], []), in_spaces([ANYBODY], [], space="B", finished=False)][::-1], calls, check=True)
    assert rows(result) == [(ROW, None, None, "not_examined"), ("B: space read", [], ["anonymous"], "drifted")]
    assert "gone" in result["settings"][0]["reason"]


def test_without_a_way_to_spaces_nothing_is_called_fine(restore: Any, whoami: Any, of_anonymous: Any) -> None:
    result = restore([in_spaces([ANYBODY], [])], [whoami, of_anonymous("A", status=404)])
    assert rows(result) == [(ROW, None, None, "not_examined")]
    assert "No way to spaces is open" in result["settings"][0]["reason"]


def test_use_comes_back_before_what_hangs_on_it(
    restore: Any, whoami: Any, held: Any, probes: Any, profile: Any, can_write: Any, put_global: Any
) -> None:
    calls = [
        whoami,
        held(), *probes(), can_write(), put_global("anonymous/grant", USE), held(USE), *probes(True),
        held(USE), profile(), can_write(), put_global("anonymous/grant", PROFILES), held(USE, PROFILES), profile(True),
    ]  # fmt: skip
    result = restore([of_scope("site", PROFILES, USE)], calls)
    assert rows(result) == [("anonymous: use Confluence", False, True, "changed"), ("anonymous: view user profiles", False, True, "changed")]
    assert result["changed"] and not result["failed"]


def test_a_pair_the_product_wants_the_other_way_round(restore: Any, whoami: Any, held: Any, profile: Any, can_write: Any, put_global: Any) -> None:
    turned = [put_global("anonymous/grant", PROFILES, 400), put_global("anonymous/grant", "read user")]
    result = restore(
        [of_scope("user_profiles", PROFILES)], [whoami, held(USE), profile(), can_write(), *turned, held(USE, "read user"), profile(True)]
    )
    assert rows(result) == [("anonymous: view user profiles", False, True, "changed")]


def test_check_mode_predicts_the_site(restore: Any, whoami: Any, held: Any, probes: Any, can_write: Any) -> None:
    result = restore([of_scope("site", USE)], [whoami, held(), *probes(), can_write()], check=True)
    assert rows(result) == [("anonymous: use Confluence", False, True, "drifted")]


def test_unlicensed_people_get_only_what_they_lost(restore: Any, whoami: Any, held: Any, can_write: Any, put_global: Any) -> None:
    by = {"by": "unlicensed"}
    calls = [whoami, held(**by), can_write(**by), put_global("unlicensed/grant", UNLICENSED), held(UNLICENSED, **by)]
    result = restore([of_scope("unlicensed", UNLICENSED, subject="unlicensed")], calls)
    assert rows(result) == [("unlicensed: use Confluence", False, True, "changed")]


def test_only_the_scopes_asked_for(restore: Any, whoami: Any, of_anonymous: Any, of_all: Any) -> None:
    runs = [of_scope("site", USE), in_spaces([ANYBODY], [])]
    result = restore(runs, [whoami, of_anonymous("A", READ), *of_all("A", ANYBODY)], scopes=["spaces"])
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "compliant")]


def test_spaces_come_back_by_the_remote_api(restore: Any, whoami: Any, log_in: Any, rpc: Any, rpc_sets: Any, log_out: Any) -> None:
    server, view = rpc("getServerInfo", answer={}), "VIEWSPACE"
    calls = [
        whoami, *log_in(), server, rpc_sets("A", (view, "group:staff")), rpc("addAnonymousPermissionToSpace", view, "A"),
        rpc("removePermissionFromSpace", view, "staff", "A"), rpc_sets("A", (view, "anonymous")), log_out,
    ]  # fmt: skip
    result = restore([in_spaces([ANYBODY], [STAFF])], calls, browser=True, routes=["jsonrpc"])
    assert rows(result) == [(ROW, ["group:staff"], ["anonymous"], "changed")]


def test_the_site_comes_back_by_the_remote_api(restore: Any, whoami: Any, probes: Any, log_in: Any, rpc: Any, log_out: Any) -> None:
    calls = [whoami, *probes(), *log_in(), rpc("getServerInfo", answer={}), rpc("addAnonymousUsePermission"), *probes(True), log_out]
    result = restore([of_scope("site", USE)], calls, browser=True, routes=["jsonrpc"])
    assert rows(result) == [("anonymous: use Confluence", False, True, "changed")]


def test_profiles_come_back_by_the_remote_api(restore: Any, whoami: Any, profile: Any, log_in: Any, rpc: Any, log_out: Any) -> None:
    calls = [
        whoami, profile(), *log_in(), rpc("getServerInfo", answer={}), rpc("addAnonymousViewUserProfilePermission"), profile(True), log_out,
    ]  # fmt: skip
    result = restore([of_scope("user_profiles", PROFILES)], calls, browser=True, routes=["jsonrpc"])
    assert rows(result) == [("anonymous: view user profiles", False, True, "changed")]


def test_nothing_for_this_address_is_said_before_anything_is_sent(restore: Any) -> None:
    result = restore([in_spaces([ANYBODY], [], url="https://other.example.com")], [])
    assert result["failed"] and f"holds nothing that was removed from {URL}" in result["msg"]


@pytest.mark.parametrize(
    "broken",
    [
        entry("spaces", [{"space": "A", "operation": operation(READ)}], []),
        entry("spaces", [{"space": "A", "operation": {"targetType": "space"}, "holder": {"kind": "anonymous", "name": ""}}], []),
        entry("spaces", [], ["x"]),
        entry("site", [{"operation": operation(USE)}], []),
        {key: value for key, value in of_scope("site", USE).items() if key != "removed"},
    ],
)
def test_an_edited_file_is_refused_before_anything_is_sent(restore: Any, broken: dict[str, Any]) -> None:
    result = restore([broken], [])
    assert result["failed"] and "is not understood" in result["msg"]


@pytest.mark.parametrize(
    ("options", "words"), [({"allow_forms": True}, "the forms need a log-in"), ({"scopes": ["attic"]}, "attic"), ({"routes": ["soap"]}, "soap")]
)
def test_refused_before_anything_is_asked(restore: Any, options: dict[str, Any], words: str) -> None:
    result = restore([of_scope("site", USE)], [], **options)
    assert result["failed"] and words in result["msg"]


def test_a_restore_that_cannot_see_says_so(restore: Any, whoami: Any, profile: Any) -> None:
    login = {"status": 302, "headers": {"Location": f"{URL}/login.action?os_destination=%2F"}}
    result = restore([of_scope("user_profiles", "user read")], [whoami, profile(**login)], browser=True, routes=["jsonrpc"])
    assert rows(result) == [("anonymous: view user profiles", None, None, "not_examined")]


def test_users_named_by_another_way_are_found(restore: Any, call: Any, whoami: Any, of_anonymous: Any, of_all: Any, put: Any) -> None:
    """JSON-RPC and forms name users, REST has keys: what one of them added goes by the other."""
    freya = (READ, "userkey:ff1")
    calls = [
        whoami, of_anonymous("A"), call("GET", "/rest/api/user?username=freya", json={"type": "known", "username": "freya", "userKey": "ff1"}),
        *of_all("A", freya), put("A/permissions/anonymous/grant", READ), put("A/permissions/user/ff1/revoke", READ),
        of_anonymous("A", READ), *of_all("A", ANYBODY),
    ]  # fmt: skip
    assert rows(restore([in_spaces([ANYBODY], [(READ, "user:freya")])], calls)) == [(ROW, ["userkey:ff1"], ["anonymous"], "changed")]


@pytest.mark.parametrize(
    ("options", "words"),
    [({"routes": []}, "routes: the list is empty"), ({"scopes": ["site"]}, "holds nothing that was removed in site")],
)
def test_a_restore_of_nothing_is_refused(restore: Any, options: dict[str, Any], words: str) -> None:
    result = restore([in_spaces([ANYBODY], [])], [], **options)
    assert result["failed"] and words in result["msg"]
