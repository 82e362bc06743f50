# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through every route of the simulator, as each kind of caller, with each kind of answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..steps import EVERYONE, SECRETS, Step
from . import json_rpc, pages

_JSON = {"Accept": "application/json"}
WITNESS = "ff80808-witness"
READ, USE, PROFILES = ({"targetType": target, "operationKey": key} for target, key in (("space", "read"), ("application", "use"), ("user", "read")))
COMMENT = {"targetType": "comment", "operationKey": "create"}
NONSENSE = {"targetType": "user", "operationKey": "fly"}
USE_UNLICENSED = {"targetType": "application", "operationKey": "use_unlicensed"}
_SPACE_SUBJECTS = ("anonymous", "group/confluence-users", f"user/{WITNESS}")
_SUBJECTS = (*_SPACE_SUBJECTS, "unlicensed", "user/witness")
_NOBODY = ("group/none", "user/none")

_READ = (
    "/status", "/rest/applinks/1.0/manifest", "/rest/api/server-information", "/rest/api/instance-metrics",
    "/rest/api/user/current", "/rest/api/user/anonymous",
    "/rest/api/user?username=witness", f"/rest/api/user?key={WITNESS}", "/rest/api/user?username=nobody",
    "/rest/api/user/memberof?username=witness", "/rest/api/user/memberof?username=witness&limit=1&start=x", "/rest/api/user/memberof?username=nobody",
    "/rest/api/group", "/rest/api/group?limit=1&start=1", "/rest/api/group/confluence-users", "/rest/api/group/none",
    "/rest/api/group/confluence-users/member", "/rest/api/group/confluence-users/member?limit=1", "/rest/api/group/none/member",
    "/rest/api/space", "/rest/api/space?limit=2", "/rest/api/space?limit=2&start=2", "/rest/api/space?start=500", "/rest/api/space?start=x",
    "/rest/api/space?type=personal&status=archived", "/rest/api/space?spaceKey=DOC&spaceKey=HR", "/rest/api/space?limit=0", "/rest/api/space?type=none",
    "/rest/api/space?expand=permissions", "/rest/api/space/DOC", "/rest/api/space/~witness", "/rest/api/space/HR", "/rest/api/space/NO",
    "/rest/api/permissions", *(f"/rest/api/permissions/{subject}" for subject in (*_SUBJECTS, *_NOBODY)),
    *(f"/rest/api/permissions/{subject}/revoke" for subject in _SUBJECTS),
    *(f"/rest/api/space/{key}/permissions" for key in ("DOC", "~witness", "HR", "NO")),
    *(f"/rest/api/space/{key}/permissions/{subject}" for key in ("DOC", "~witness", "HR", "NO") for subject in _SPACE_SUBJECTS),
    *(f"/rest/api/space/DOC/permissions/{subject}" for subject in _NOBODY),
    "/rest/feature/1/site/simulated.experiment", "/rest/feature/1/site/simulated.jvm.switch", "/rest/feature/1/site/none",
)
_WRITES: tuple[tuple[str, str, Any], ...] = (
    *(("PUT", f"/rest/api/space/SUP/permissions/{subject}/grant", [COMMENT]) for subject in (*_SPACE_SUBJECTS, *_NOBODY)),
    *(("PUT", f"/rest/api/space/SUP/permissions/{subject}/revoke", [READ, COMMENT]) for subject in (*_SPACE_SUBJECTS, *_NOBODY)),
    *(("PUT", f"/rest/api/space/SUP/permissions/{subject}/{change}", [NONSENSE]) for subject in _SPACE_SUBJECTS for change in ("grant", "revoke")),
    ("PUT", "/rest/api/space/NO/permissions/anonymous/revoke", [READ]),
    ("PUT", "/rest/api/space/NO/permissions/anonymous/grant", [READ]),
    ("POST", "/rest/api/space/SUP/permissions", [{"operations": []}, {"groupName": "confluence-users", "operations": [READ]}]),
    ("POST", "/rest/api/space/SUP/permissions", [{"userKey": WITNESS, "operations": [NONSENSE]}]),
    ("POST", "/rest/api/space/SUP/permissions", [{"userKey": "none", "operations": [READ]}]),
    ("PUT", "/rest/api/permissions/anonymous/revoke", [PROFILES]),
    ("PUT", "/rest/api/permissions/anonymous/grant", [PROFILES]),
    ("PUT", "/rest/api/permissions/anonymous/revoke", [USE]),
    ("PUT", "/rest/api/permissions/anonymous/grant", [PROFILES]),
    ("PUT", "/rest/api/permissions/anonymous/grant", [USE, PROFILES]),
    ("PUT", "/rest/api/permissions/unlicensed/revoke", [USE_UNLICENSED]),
    ("PUT", "/rest/api/permissions/unlicensed/grant", [USE_UNLICENSED]),
    *(("PUT", f"/rest/api/permissions/{subject}/grant", [USE]) for subject in ("group/confluence-users", f"user/{WITNESS}", "user/witness", *_NOBODY)),
    *(("PUT", f"/rest/api/permissions/{subject}/revoke", [USE]) for subject in (f"user/{WITNESS}", "user/witness", *_NOBODY)),
    *(("PUT", f"/rest/api/permissions/{subject}/{change}", [NONSENSE]) for subject in _SUBJECTS for change in ("grant", "revoke")),
    ("PUT", "/rest/api/permissions", [{"groupName": "hr-team", "operations": [USE]}]),
    ("PUT", "/rest/api/permissions", [{"groupName": "none", "operations": [USE]}]),
    ("PUT", "/rest/api/permissions", [{"operations": [USE]}]),
    ("POST", "/rest/feature/1/site", ["some.key", "other.key"]),
    ("POST", "/rest/feature/1/site", {"some.key": True}),
    ("PUT", "/rest/feature/1/site/third.key,fourth.key", None),
    ("DELETE", "/rest/feature/1/site/third.key,fourth.key", None),
    ("DELETE", "/rest/feature/1/site/simulated.jvm.switch", None),
)


def _step(method: str, path: str, user: str | None = None, json: Any = None, form: dict[str, str] | None = None, session: bool = False) -> Step:
    return Step(method, path, user, json, form, session, _JSON if path.startswith(("/rest/", "/rpc/")) else {})


def steps(_version: str) -> Iterator[Step]:
    for user in EVERYONE:
        for path in (*_READ, *pages.READ):
            yield _step("GET", path, user)
    yield Step("GET", "/rest/applinks/1.0/manifest", None, headers={"Accept": "application/xml"})
    # Strangers and users first: what they are refused must still be there for the administrator.
    for user in reversed(EVERYONE):
        for method, path, json in (*_WRITES, *pages.CALLS):
            yield _step(method, path, user, json)
        for path, form in pages.FORMS:
            yield _step("POST", path, user, form=form)
    yield from _in_a_browser()
    # And the same for strangers once the site is closed.
    for path in (*_READ, *pages.READ):
        yield _step("GET", path)
    yield _step("POST", "/logout.action", session=True)


def _in_a_browser() -> Iterator[Step]:
    """A session, without and with WebSudo; at its end the site is closed to strangers and the Remote API is off."""
    for password in ("wrong", SECRETS["admin_password"]):
        yield _step("POST", "/dologin.action", form={"os_username": "automation", "os_password": password, "os_cookie": "true"}, session=True)
        wish = {"username": "automation", "password": password, "rememberMe": "false", "targetUrl": ""}
        yield _step("POST", "/rest/tsv/1.0/authenticate", json=wish, session=True)
    for path in pages.READ:  # need WebSudo
        yield _step("GET", path, session=True)
    yield _step("GET", "/rest/feature/1/site/simulated.experiment", session=True)
    for password in ("wrong", SECRETS["admin_password"]):
        form = {"password": password, "authenticate": "Confirm", "destination": "/admin/console.action"}
        yield _step("POST", "/doauthenticate.action", form=form, session=True)
    for path in (*pages.READ, *_READ):
        yield _step("GET", path, session=True)
    for method, path, json in (*_WRITES, *pages.CALLS):
        yield _step(method, path, json=json, session=True)
    for path, form in (*pages.FORMS, *pages.CLOSING):
        yield _step("POST", path, form=form, session=True)
    for method, path, json in pages.CALLS:  # the Remote API is off
        yield _step(method, path, json=json, session=True)
    yield _step("GET", "/logout.action", session=True)


# JSON-RPC answers posts alone; the classic form is gone where the newer log-in page is.
_NO_GET = frozenset(((json_rpc.PATH, "GET"), (f"{json_rpc.PATH}/<method>", "GET")))
REFUSED = {"7.19": _NO_GET, "8.5": _NO_GET, "9.2": _NO_GET, "10.2": _NO_GET | {("/dologin.action", "POST")}}
