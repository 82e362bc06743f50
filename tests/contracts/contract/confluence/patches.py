# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known mistakes of Confluence's documents, each with its reason."""

from __future__ import annotations

from typing import Any

from ..patching import Answer, Members, Patches
from ..schemas import TEXT, listed, ref


def _object(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, TEXT)}


def _page(item: str) -> dict[str, Any]:
    """One page of a collection, as the newer documents describe it for every other collection."""
    numbers = dict.fromkeys(("start", "limit", "size"), {"type": "number"})
    links = _object("base", "context", "self", "next", "prev")
    return {"type": "object", "properties": {"results": listed(ref(item)), "totalCount": {"type": "integer"}, **numbers, "_links": links}}


_LONE = "the document of 9.2 shows one object; its text says a list, and so do the documents of 9.3 and later"
_LIST = Answer(listed(ref("GlobalPermission")), _LONE, [], ("9.2.21",))
_GROUPS = {"results": [{"type": "group", "name": "confluence-users"}]}

_REPLACED_ANSWERS = {
    **{f"GET /api/permissions{subject}": _LIST for subject in ("", "/anonymous", "/unlicensed", "/group/{groupName}", "/user/{userKey}")},
    "GET /api/space": Answer(_page("Space"), "the document of 9.2 shows one space; later ones a page of them", {"results": []}, ("9.2.21",)),
    "GET /api/user/memberof": Answer(_page("Group"), "the document shows persons; the operation is named \"Get groups\"", _GROUPS),
}

_ADDED_MEMBERS = {
    "Subject": Members({"name": TEXT, "userKey": TEXT}, "onyx: groups have a name, users a userKey and no username (CONFSERVER-100505)"),
    "Person": Members(
        {"username": TEXT, "userKey": TEXT, "_links": _object("self", "base", "context"), "_expandable": _object("status")},
        "samples user-current-known and user-current-anonymous",
    ),
    "Group": Members(
        {"type": TEXT, "name": TEXT, "_links": _object("self", "base", "context")},
        "sample group; the schema is empty in 9.2 and has no type later",
    ),
    "Space": Members(
        {
            "_links": _object("self", "webui", "base", "context"),
            "_expandable": _object("metadata", "icon", "description", "retentionPolicy", "homepage"),
        },
        "samples space-list-page-1 and space-list-page-2-last",
    ),
    "ValidationResult": Members({"errors": {"type": "array", "maxItems": 0}}, "the schema says an object; the recorded error-403 has a list, seen empty only"),
}

_OF_A_SPACE = "/api/space/{spaceKey}/permissions"
_NO_RIGHT = {500: "the caller may not: CONFSERVER-99908, onyx and elastic/connectors"}
_NO_SPACE = {404: "no such space"}
_EXTRA_STATUS: dict[str, dict[int, str]] = {
    "GET /api/group/{groupName}": {404: "no such group"},
    "GET /api/group/{groupName}/member": {404: "no such group"},
    "GET /api/user/memberof": {400: "start or limit is no number (unverified)", 404: "no such user"},
    "GET /api/space": {
        400: "a parameter that makes no sense (unverified)", 500: "expand=permissions by someone who is no administrator; seen in public code",
    },
    f"GET {_OF_A_SPACE}": {**_NO_RIGHT, **_NO_SPACE},
    f"POST {_OF_A_SPACE}": _NO_RIGHT,
    f"GET {_OF_A_SPACE}/anonymous": {**_NO_RIGHT, **_NO_SPACE},
    **{f"PUT {_OF_A_SPACE}/anonymous/{change}": {**_NO_RIGHT, **_NO_SPACE} for change in ("grant", "revoke")},
    **{f"GET {_OF_A_SPACE}/{subject}": _NO_RIGHT for subject in ("group/{groupName}", "user/{userKey}")},
    **{f"PUT {_OF_A_SPACE}/{subject}/{change}": _NO_RIGHT for subject in ("group/{groupName}", "user/{userKey}") for change in ("grant", "revoke")},
}
_NO_BODY = {"GET /api/space": "a read; the document has a text as its body"}

PATCHES = Patches(_ADDED_MEMBERS, _REPLACED_ANSWERS, _EXTRA_STATUS, _NO_BODY)
