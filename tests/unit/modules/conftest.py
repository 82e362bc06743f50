# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that several modules make. A grant of Confluence is written as a pair, as in ("space read", "group:staff")."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access, jira_anonymous_access

SPACE = "/rest/api/space"
FILTER = "/rest/api/2/filter"
POPULAR_FILTERS = "/secure/ManageFilters.jspa?filterView=popular"
PASSWORD = "correct-horse-battery-staple-4711"
SESSION, XSRF = "6F3A0C1D2E9B4857session", "5f2c8e61xsrf"


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
def group(call: Any) -> Any:
    """group("staff"): the group is there."""
    return lambda name, status=200: call("GET", f"/rest/api/group/{name}", status, json={"type": "group", "name": name})


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


@pytest.fixture
def run_jira(run_module: Any) -> Any:
    """As run_module. browser: give username and password, and allow the forms."""

    def run(module: Any, calls: list[Any], browser: bool = True, **options: Any) -> dict[str, Any]:
        who = {"token": None, "username": "automation", "password": PASSWORD, "allow_forms": True} if browser else {}
        result: dict[str, Any] = run_module(module, calls, **{**who, **options})
        return result

    return run


@pytest.fixture
def jira_in(call: Any, myself: Any) -> Any:
    """The requests by which a browser session of Jira begins, on the classic page."""
    page = '<html><form id="login-form" action="/login.jsp"><input id="login-form-remember-me" type="checkbox" name="os_cookie"></form></html>'
    cookies = (f"JSESSIONID={SESSION}; Path=/; HttpOnly", f"atlassian.xsrf.token={XSRF}; Path=/")
    form = {"os_username": "automation", "os_password": PASSWORD}
    return lambda: [
        call("GET", "/login.jsp", text=page, headers={"X-AUSERNAME": "anonymous"}, session=True),
        call("POST", "/login.jsp", 302, form=form, session=True, cookies=cookies),
        replace(myself, session=True),
    ]


@pytest.fixture
def jira_out(call: Any) -> Any:
    return call("DELETE", "/rest/auth/1/session", 204, session=True)


@pytest.fixture
def jira_sudo(call: Any) -> Any:
    """The answer to the password question of administration; granted."""
    form = {"webSudoPassword": PASSWORD, "webSudoDestination": "/secure/admin/ViewSystemInfo.jspa", "webSudoIsPost": "false", "atl_token": XSRF}
    granted = {"X-Atlassian-WebSudo": "Has-Authentication"}
    return call("POST", "/secure/admin/WebSudoAuthenticate.jspa", 302, form=form, session=True, headers=granted)


@pytest.fixture
def jira_asks() -> dict[str, Any]:
    """How a page answers that wants the password first."""
    return {"status": 302, "headers": {"Location": "https://jira.example.com/secure/admin/WebSudoAuthenticate!default.jspa?webSudoDestination=x"}}


@pytest.fixture
def global_page(call: Any) -> Any:
    """global_page({"USER_PICKER": ["", "staff"]}): the page of global permissions; "" stands for anyone. keys: what its form offers."""

    def page(held: dict[str, list[str]], keys: Any = ("ADMINISTER", "BULK_CHANGE", "USER", "USER_PICKER"), more: str = "", **other: Any) -> Any:
        links = [(key, group, f'id="del_{key}_{group}"') for key, groups in held.items() for group in groups]
        rows = "".join(f'<a {mark} href="GlobalPermissions.jspa?action=del&amp;globalPermType={key}">-</a>' for key, _group, mark in links)
        options = "".join(f'<option value="{key}">-</option>' for key in ("", *keys))
        text = (
            f'<html><form action="/secure/QuickSearch.jspa"><input name="searchString"></form><table id="global_perms">{rows}</table>{more}'
            '<form action="GlobalPermissions.jspa" method="post"><input type="hidden" name="action" value="add">'
            f'<input type="hidden" name="atl_token" value="{XSRF}"><select name="globalPermType">{options}</select>'
            '<select name="groupName"><option value="">Anyone</option></select><input type="submit" name="addBtn" value="Add"></form></html>'
        )
        return call("GET", "/secure/admin/GlobalPermissions!default.jspa", session=True, **(other or {"text": text}))

    return page


@pytest.fixture
def global_post(call: Any) -> Any:
    """global_post("add", "USER_PICKER", "staff"). Done is answered with a redirect, refused with a page."""

    def post(action: str, permission: str, group: str, status: int = 302, **other: Any) -> Any:
        form = {"action": action, "globalPermType": permission, "groupName": group, "atl_token": XSRF}
        return call("POST", "/secure/admin/GlobalPermissions.jspa", status, form=form, session=True, **other)

    return post


@pytest.fixture
def properties(call: Any) -> Any:
    """properties(("jira.option.globalsharing", "true", "boolean")): what Jira exposes by REST; a fourth member is the values it allows."""

    def listing(*found: tuple[Any, ...], **other: Any) -> Any:
        body = [{"id": key, "key": key, "value": value, "type": kind, **({"allowedValues": more[0]} if more else {})} for key, value, kind, *more in found]
        return call("GET", "/rest/api/2/application-properties", **(other or {"json": body}))

    return listing


@pytest.fixture
def put_property(call: Any) -> Any:
    def put(key: str, value: str, status: int = 200, **other: Any) -> Any:
        return call("PUT", f"/rest/api/2/application-properties/{key}", status, body={"id": key, "value": value}, **other)

    return put


@pytest.fixture
def general_page(call: Any) -> Any:
    """general_page(mode="public", captcha="false", useGzip=False): General Configuration. A text in true, false is a radio, a bool a box."""

    def page(more: str = "", **controls: Any) -> Any:
        choices = {"mode": ("public", "private"), "emailVisibility": ("show", "hide", "mask", "user")}
        inner = ""
        for name, value in controls.items():
            if isinstance(value, bool):
                inner += f'<input type="checkbox" name="{name}" value="true"{" checked" if value else ""}>'
            elif value in ("true", "false"):
                inner += "".join(f'<input type="radio" name="{name}" value="{item}"{" checked" if item == value else ""}>' for item in ("true", "false"))
            elif name in choices:
                options = "".join(f'<option value="{item}"{" selected" if item == value else ""}>-</option>' for item in choices[name])
                inner += f'<select name="{name}">{options}</select>'
            else:
                inner += f'<input type="text" name="{name}" value="{value}">'
        text = (
            '<html><form action="/secure/QuickSearch.jspa"><input name="searchString"></form><form action="EditApplicationProperties.jspa" method="post">'
            f'<input type="hidden" name="atl_token" value="{XSRF}">{inner}{more}<input type="submit" name="Update" value="Update"></form></html>'
        )
        return call("GET", "/secure/admin/EditApplicationProperties!default.jspa", text=text, session=True)

    return page


@pytest.fixture
def save_general(call: Any) -> Any:
    def save(**fields: str) -> Any:
        form = {"atl_token": XSRF, **fields, "Update": "Update"}
        return call("POST", "/secure/admin/EditApplicationProperties.jspa", 302, form=form, session=True)

    return save


@pytest.fixture
def run_filters(run_jira: Any, tmp_path: Path) -> Any:
    """The restore file is tmp_path/restore.json; without forms unless asked for."""
    given = {"scope": "filters", "restore_path": str(tmp_path / "restore.json"), "allow_forms": False}
    return lambda calls, **options: run_jira(jira_anonymous_access, calls, **{**given, **options})


@pytest.fixture
def favourites(call: Any) -> Any:
    return lambda *ids: call("GET", f"{FILTER}/favourite", json=[{"id": str(number), "name": f"F{number}"} for number in ids])


@pytest.fixture
def popular(call: Any) -> Any:
    """What a stranger is shown; by default sent to the log-in page."""

    def answer(*ids: int, **other: Any) -> Any:
        closed = {"status": 302, "headers": {"Location": "/login.jsp"}}
        shown = {"text": "<html>" + "".join(f'<a href="/issues/?filter={number}">x</a>' for number in ids) + "</html>"}
        return call("GET", POPULAR_FILTERS, stranger=True, **(other or (shown if ids else closed)))

    return answer


@pytest.fixture
def shares(call: Any) -> Any:
    """shares(1, ANYONE, TEAM): the shares of filter 1, with ids from 1. shares(1, **HIDDEN): another answer."""

    def answer(number: int, *found: dict[str, Any], **other: Any) -> Any:
        listed = [{"id": index, "view": True, "edit": False, **share} for index, share in enumerate(found, start=1)]
        return call("GET", f"{FILTER}/{number}/permission", **(other or {"json": listed}))

    return answer


@pytest.fixture
def one(call: Any) -> Any:
    """A filter with its owner, without its shares. one(1, **HIDDEN): another answer."""

    def answer(number: int, owner: str = "automation", active: bool = True, jql: str = "a = b", **other: Any) -> Any:
        bean = {"id": str(number), "name": f"F{number}", "description": "d", "jql": jql, "favourite": True, "owner": {"name": owner, "active": active}}
        return call("GET", f"{FILTER}/{number}", **(other or {"json": bean}))

    return answer


@pytest.fixture
def details(one: Any, shares: Any) -> Any:
    """A filter with its owner, and its shares."""
    return lambda number, *found, **about: [one(number, **about), shares(number, *found)]


@pytest.fixture
def give(call: Any) -> Any:
    """The owner is set, and everything else a person can set is sent along."""

    def put(number: int, owner: str, jql: str = "a = b", **other: Any) -> Any:
        body = {"name": f"F{number}", "description": "d", "jql": jql, "favourite": True, "owner": {"name": owner}}
        return call("PUT", f"{FILTER}/{number}", body=body, **(other or {"json": {}}))

    return put


@pytest.fixture
def add(call: Any) -> Any:
    return lambda number, body, **other: call("POST", f"{FILTER}/{number}/permission", body=body, **(other or {"status": 201, "json": []}))


@pytest.fixture
def delete(call: Any) -> Any:
    return lambda number, share, **other: call("DELETE", f"{FILTER}/{number}/permission/{share}", **(other or {"status": 204}))
