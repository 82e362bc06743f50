# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_identity: one request decides who we are; version and right are told in the way each version has."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_identity

CURRENT, INFO, MANIFEST, PERMISSIONS = (
    "/rest/api/user/current",
    "/rest/api/server-information",
    "/rest/applinks/1.0/manifest",
    "/rest/api/permissions",
)
SYSTEM = {"targetType": "system", "operationKey": "administer"}


@pytest.fixture
def info(call: Any) -> Any:
    return call("GET", INFO, json={"version": "9.2.6", "baseUrl": "https://wiki.example.com"})


@pytest.fixture
def groups(call: Any) -> Any:
    return lambda *names: call("GET", "/rest/api/user/memberof?username=automation&limit=200", json={"results": [{"name": name} for name in names]})


@pytest.fixture
def writes(call: Any) -> Any:
    """Whether this version changes global permissions by REST: 405 where the address is there."""
    return call("GET", "/rest/api/permissions/anonymous/revoke", 405)


@pytest.fixture
def permissions(call: Any) -> Any:
    return lambda *grants: call("GET", PERMISSIONS, json=[{"operation": operation, "subject": subject} for operation, subject in grants])


def test_who_and_what(run_wiki: Any, whoami: Any, info: Any, groups: Any, writes: Any) -> None:
    result = run_wiki(confluence_identity, [whoami, info, groups("staff", "confluence-administrators"), writes])
    assert result == {
        "failed": False,
        "changed": False,
        "diff": {"before": {}, "after": {}},
        "settings": [],
        "user": "automation",
        "version": "9.2.6",
        "base_url": "https://wiki.example.com",
        "is_system_admin": True,
        "rest_permissions": True,
    }


@pytest.mark.parametrize(
    ("grant", "expected"),
    [
        ((SYSTEM, {"type": "group", "name": "operators"}), True),
        ((SYSTEM, {"type": "user", "userKey": "ff80808"}), True),
        ((SYSTEM, {"type": "user", "userKey": "another"}), False),
        ((SYSTEM, {"type": "group", "name": "others"}), False),
        ((SYSTEM, {"displayName": "automation"}), False),
        (({"targetType": "application", "operationKey": "administer"}, {"type": "group", "name": "operators"}), False),
    ],
)
def test_the_right_is_a_groups_or_ones_own(
    run_wiki: Any, whoami: Any, info: Any, groups: Any, permissions: Any, writes: Any, grant: Any, expected: bool
) -> None:
    result = run_wiki(confluence_identity, [whoami, info, groups("operators"), permissions(grant), writes])
    assert result["is_system_admin"] is expected


@pytest.mark.parametrize(("status", "expected"), [(404, None), (403, False), (401, False)])
def test_a_version_that_does_not_tell_is_not_a_no(
    run_wiki: Any, call: Any, whoami: Any, info: Any, groups: Any, writes: Any, status: int, expected: bool | None
) -> None:
    assert run_wiki(confluence_identity, [whoami, info, groups(), call("GET", PERMISSIONS, status), writes])["is_system_admin"] is expected


def test_an_older_version_tells_itself_by_the_manifest(run_wiki: Any, call: Any, whoami: Any, groups: Any) -> None:
    manifest = call("GET", MANIFEST, json={"version": "7.19.30", "url": "https://wiki.example.com"})
    unwritable = call("GET", "/rest/api/permissions/anonymous/revoke", 404)
    result = run_wiki(confluence_identity, [whoami, call("GET", INFO, 404), manifest, groups("confluence-administrators"), unwritable])
    assert (result["version"], result["base_url"]) == ("7.19.30", "https://wiki.example.com")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401, "text": "<html>", "headers": {"X-AUSERNAME": ""}}, "Correct token"),
        ({"json": {"type": "anonymous"}, "headers": {"X-AUSERNAME": "anonymous"}}, "as anonymous"),
        ({"json": {"type": "anonymous"}, "headers": {"X-AUSERNAME": ""}}, "as anonymous"),
        ({"json": {"type": "anonymous"}}, "as anonymous"),
        ({"json": {"type": "known"}}, "nothing proves"),
        ({"json": {"type": "known", "username": "someone"}}, "answers for it"),
        ({"json": {}}, "another shape"),
        ({"json": ["x"]}, "another shape"),
        ({"text": "<html>Portal</html>", "headers": {"X-AUSERNAME": ""}}, "HTML"),
        ({"text": "", "headers": {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}}, "not accepted"),
        ({"status": 401, "text": "<html>", "headers": {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}}, "CAPTCHA"),
        ({"status": 403, "json": {"statusCode": 403, "message": "User not permitted to use Confluence"}}, "no right"),
        ({"status": 404, "text": "<html>", "headers": {"X-AUSERNAME": ""}}, "context path"),
    ],
)
def test_one_request_and_one_sentence(run_wiki: Any, call: Any, answer: dict[str, Any], words: str) -> None:
    result = run_wiki(confluence_identity, [call("GET", CURRENT, **answer)])
    assert result["failed"] and words in result["msg"]
    assert (result["changed"], result["settings"]) == (False, [])


def test_a_name_with_other_letters_is_the_same_user(run_wiki: Any, call: Any, info: Any) -> None:
    calls = [
        call("GET", CURRENT, json={"type": "known", "username": "Jörg Ä", "userKey": "1"}, headers={"X-AUSERNAME": "j%C3%B6rg+%C3%A4"}),
        info,
        call("GET", "/rest/api/user/memberof?username=J%C3%B6rg%20%C3%84&limit=200", json={"results": []}),
        call("GET", PERMISSIONS, 404),
        call("GET", "/rest/api/permissions/anonymous/revoke", 404),
    ]
    assert run_wiki(confluence_identity, calls)["user"] == "Jörg Ä"


@pytest.mark.parametrize("body", [{}, [], {"size": 0}])
def test_another_shape_is_no_empty_list_of_groups(run_wiki: Any, call: Any, whoami: Any, info: Any, groups: Any, body: Any) -> None:
    result = run_wiki(confluence_identity, [whoami, info, call("GET", groups().path, json=body)])
    assert result["failed"] and "list of groups" in result["msg"]


def test_a_manifest_without_a_version_is_no_confluence(run_wiki: Any, call: Any, whoami: Any) -> None:
    result = run_wiki(confluence_identity, [whoami, call("GET", INFO, 404), call("GET", MANIFEST, json={})])
    assert result["failed"] and "without a version" in result["msg"]


def test_credentials_come_from_confluences_environment(run_wiki: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("CONFLUENCE_TOKEN", raising=False)
    result = run_wiki(confluence_identity, [], token=None)
    assert result["failed"] and "CONFLUENCE_TOKEN" in result["msg"]


@pytest.fixture
def page_of_groups(call: Any, groups: Any) -> Any:
    """One page of the caller's groups; more: it names a next one."""

    def page(*names: str, start: int = 0, more: bool = True) -> Any:
        links = {"next": "/rest/api/user/memberof?start=x"} if more else {"self": "x"}
        return call("GET", groups().path + (f"&start={start}" if start else ""), json={"results": [{"name": name} for name in names], "_links": links})

    return page


def test_all_pages_of_groups_are_read(run_wiki: Any, whoami: Any, info: Any, page_of_groups: Any, writes: Any) -> None:
    """The next page starts after what came, not after what was asked for."""
    calls = [page_of_groups("a", "b"), page_of_groups("c", start=2), page_of_groups("confluence-administrators", start=3, more=False)]
    assert run_wiki(confluence_identity, [whoami, info, *calls, writes])["is_system_admin"] is True


@pytest.mark.parametrize("last", [(), ("a", "b")], ids=["empty", "repeated"])
def test_a_page_that_brings_nothing_new_is_the_last(
    run_wiki: Any, whoami: Any, info: Any, page_of_groups: Any, permissions: Any, writes: Any, last: tuple[str, ...]
) -> None:
    calls = [page_of_groups("a", "b"), page_of_groups(*last, start=2), permissions((SYSTEM, {"type": "group", "name": "b"}))]
    assert run_wiki(confluence_identity, [whoami, info, *calls, writes])["is_system_admin"] is True


def test_a_broken_page_of_groups_is_an_error(run_wiki: Any, call: Any, whoami: Any, info: Any, page_of_groups: Any) -> None:
    broken = call("GET", page_of_groups(start=1).path, json={})
    result = run_wiki(confluence_identity, [whoami, info, page_of_groups("a"), broken])
    assert result["failed"] and "list of groups" in result["msg"]
