# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that several modules of Confluence make. A grant is written as a pair, as in ("space read", "group:staff")."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

SPACE = "/rest/api/space"


def operation(text: str) -> dict[str, str]:
    target, key = text.split()
    return {"targetType": target, "operationKey": key}


def as_json(grants: Any) -> list[Any]:
    found = []
    for text, holder in grants:
        kind, _colon, name = holder.partition(":")
        subject = {"type": "user", "userKey": name} if kind == "userkey" else {"type": kind, "name": name} if name else {"type": kind}
        found.append({"operation": operation(text), "subject": subject})
    return found


@pytest.fixture
def metrics(call: Any) -> Any:
    """metrics(): a version that does not count its spaces. metrics(7): one that has seven."""
    return lambda count=None: call("GET", "/rest/api/instance-metrics", **({"status": 404} if count is None else {"json": {"spaces": count}}))


@pytest.fixture
def space_page(call: Any) -> Any:
    """space_page("A", "B", kind="personal", status="archived"): a page of the list of spaces."""

    def page(*keys: str, kind: str = "global", status: str = "current", start: int = 0, more: bool = False) -> Any:
        body = {"results": [{"key": key} for key in keys], "_links": {"next": f"{SPACE}?start=9"} if more else {}}
        return call("GET", f"{SPACE}?type={kind}&status={status}&limit=100&start={start}", json=body)

    return page


@pytest.fixture
def no_more(space_page: Any) -> list[Any]:
    """The lists after that of ordinary spaces, all empty."""
    return [space_page(kind="personal"), space_page(status="archived"), space_page(kind="personal", status="archived")]


@pytest.fixture
def of_anonymous(call: Any) -> Any:
    """of_anonymous("A", "space read"): what anonymous holds in a space, by REST."""

    def answer(key: str, *operations: str, **other: Any) -> Any:
        given = other or {"json": as_json((text, "anonymous") for text in operations)}
        return call("GET", f"{SPACE}/{key}/permissions/anonymous", **given)

    return answer


@pytest.fixture
def of_all(call: Any, of_anonymous: Any) -> Any:
    """of_all("A", grant, ...): the two requests for all grants of a space; the list of the space leaves anonymous out."""

    def answer(key: str, *grants: tuple[str, str]) -> list[Any]:
        named = as_json(grant for grant in grants if grant[1] != "anonymous")
        return [call("GET", f"{SPACE}/{key}/permissions", json=named), of_anonymous(key, *(text for text, holder in grants if holder == "anonymous"))]

    return answer


@pytest.fixture
def put(call: Any) -> Any:
    """put("A/permissions/anonymous/revoke", "space read"): one operation granted or revoked."""
    return lambda path, text, status=204: call("PUT", f"{SPACE}/{path}", status, body=[operation(text)])


@pytest.fixture
def of_site(call: Any) -> Any:
    """of_site(grant, ...): the global permissions of everybody."""
    return lambda *grants, **other: call("GET", "/rest/api/permissions", **(other or {"json": as_json(grants)}))


@pytest.fixture
def held(call: Any) -> Any:
    """held("application use"): the global permissions of anonymous or, as `by` says, of unlicensed users."""
    return lambda *operations, by="anonymous": call("GET", f"/rest/api/permissions/{by}", json=as_json((text, by) for text in operations))


@pytest.fixture
def can_write(call: Any) -> Any:
    """Whether the global permissions can be changed by REST: the address exists for PUT only, or not at all."""
    return lambda yes=True, by="anonymous": call("GET", f"/rest/api/permissions/{by}/revoke", 405 if yes else 404)


@pytest.fixture
def put_global(call: Any) -> Any:
    return lambda path, text, status=204: call("PUT", f"/rest/api/permissions/{path}", status, body=[operation(text)])


@pytest.fixture
def probes(call: Any) -> Any:
    """The three requests of a stranger to a site. probes(True): it is open."""

    def asked(is_open: bool = False, base: str = "", **answers: Any) -> list[Any]:
        if is_open:
            found = {
                "current": {"json": {"type": "anonymous"}},
                "anonymous": {"json": {"type": "anonymous"}},
                "space": {"json": {"results": [{"key": "A"}]}},
            }
        else:
            found = {name: {"status": 403} for name in ("current", "anonymous", "space")}
        found.update(answers)
        paths = {"current": "/rest/api/user/current", "anonymous": "/rest/api/user/anonymous", "space": f"{SPACE}?limit=1"}
        return [call("GET", base + path, stranger=True, **found[name]) for name, path in paths.items()]

    return asked


@pytest.fixture
def profile(call: Any) -> Any:
    """A stranger asks for a profile."""
    shown = {"json": {"type": "known", "username": "automation"}}
    return lambda is_open=False, **answer: call(
        "GET", "/rest/api/user?username=automation", stranger=True, **(answer or (shown if is_open else {"status": 403}))
    )


@pytest.fixture
def run_spaces(run_wiki: Any, tmp_path: Path) -> Any:
    """confluence_anonymous_access with scope spaces. The restore file is tmp_path/restore.json."""

    def run(calls: list[Any], **options: Any) -> dict[str, Any]:
        given = {"scope": "spaces", "restore_path": str(tmp_path / "restore.json"), **options}
        result: dict[str, Any] = run_wiki(confluence_anonymous_access, calls, **given)
        return result

    return run


@pytest.fixture
def rpc(call: Any) -> Any:
    """rpc("removeAnonymousUsePermission", answer=True): a call of the remote API in the browser session."""

    def ask(method: str, *parameters: Any, answer: Any = True, **other: Any) -> Any:
        given = other or {"json": answer}
        return call("POST", f"/rpc/json-rpc/confluenceservice-v2/{method}", body=list(parameters), session=True, **given)

    return ask


@pytest.fixture
def rpc_sets(rpc: Any) -> Any:
    """rpc_sets("A", ("VIEWSPACE", "group:staff")): the grants of a space by the remote API."""

    def ask(key: str, *grants: tuple[str, str]) -> Any:
        sets = []
        for permission, holder in grants:
            kind, _colon, name = holder.partition(":")
            one = {"type": permission, "userName": name if kind == "user" else None, "groupName": name if kind == "group" else None}
            sets.append({"type": permission, "spacePermissions": [one]})
        return rpc("getSpacePermissionSets", key, answer=sets)

    return ask
