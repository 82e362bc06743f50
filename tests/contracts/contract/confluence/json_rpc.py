# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON-RPC interface, in both forms: no document describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..interfaces import Private
from ..schemas import BOOLEAN, NUMBER, TEXT, listed, only

PATH = "/rpc/json-rpc/confluenceservice-v2"
_SOURCE = "developer.atlassian.com/server/confluence/confluence-json-rpc-apis; methods: javadoc of ConfluenceSoapService"
_NAME = {"type": ["string", "null"]}
# Sample jsonrpc-space-permission-sets.
_SETS = listed(only({"type": TEXT, "spacePermissions": listed(only({"type": TEXT, "userName": _NAME, "groupName": _NAME}))}))
_SUMMARIES = listed(only(dict.fromkeys(("key", "name", "type", "url"), TEXT)))
_SERVER = only({
    **dict.fromkeys(("majorVersion", "minorVersion", "patchLevel"), NUMBER), **dict.fromkeys(("buildId", "baseUrl"), TEXT), "developmentBuild": BOOLEAN,
})
# Method -> (parameters, result).
_METHODS: dict[str, tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any]]] = {
    "getServerInfo": ((), _SERVER),
    "getSpaces": ((), _SUMMARIES),
    "getSpacePermissionSets": ((TEXT,), _SETS),
    "addAnonymousUsePermission": ((), BOOLEAN),
    "removeAnonymousUsePermission": ((), BOOLEAN),
    "addAnonymousViewUserProfilePermission": ((), BOOLEAN),
    "removeAnonymousViewUserProfilePermission": ((), BOOLEAN),
    "addAnonymousPermissionToSpace": ((TEXT, TEXT), BOOLEAN),
    "addAnonymousPermissionsToSpace": ((listed(TEXT), TEXT), BOOLEAN),
    "removeAnonymousPermissionFromSpace": ((TEXT, TEXT), BOOLEAN),
    "addPermissionToSpace": ((TEXT, TEXT, TEXT), BOOLEAN),
    "removePermissionFromSpace": ((TEXT, TEXT, TEXT), BOOLEAN),
}
# Sample jsonrpc-error; the light form has the error alone.
_ERROR = only({"code": NUMBER, "message": TEXT}, ("code", "message"))
_FRAME = {"jsonrpc": {"const": "2.0"}, "id": NUMBER}
# 404, 405 or 401: the Remote API is off (developer documentation; onyx; a terraform provider).
_STATUSES = frozenset((200, 404, 405))
# WebSudo is asked for with 200 and an HTML page (an article of the vendor; onyx).
_PAGE = frozenset(("text/html",))


def _exactly(parameters: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    items: dict[str, Any] = {"prefixItems": list(parameters)} if parameters else {}
    return {"type": "array", "minItems": len(parameters), "maxItems": len(parameters), **items}


def _light(method: str) -> Private:
    parameters, result = _METHODS[method]
    answer = {"oneOf": [result, only({"error": _ERROR}, ("error",))]}
    return Private("POST", f"{PATH}/{method}", _SOURCE, _exactly(parameters), answer, _STATUSES, also=_PAGE)


def _call(method: str) -> dict[str, Any]:
    return only({**_FRAME, "method": {"const": method}, "params": _exactly(_METHODS[method][0])}, ("jsonrpc", "method", "params", "id"))


_RESULTS = {"anyOf": [result for _parameters, result in _METHODS.values()]}
_ENVELOPE = Private(
    "POST", PATH, _SOURCE, {"oneOf": [_call(method) for method in _METHODS]},
    {"oneOf": [only({"result": _RESULTS, **_FRAME}, ("result", "jsonrpc", "id")), only({"error": _ERROR, **_FRAME}, ("error", "jsonrpc", "id"))]},
    _STATUSES, also=_PAGE,
)
ENTRIES = (_ENVELOPE, *(_light(method) for method in _METHODS))
