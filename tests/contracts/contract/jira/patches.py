# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known mistakes of the vendor's documents. Each has a reason; an entry that is not needed any more fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


@dataclass(frozen=True)
class Patch:
    schema: Mapping[str, Any]
    reason: str


_ONE_FOR_MANY = "the document shows one object where a list is answered (also listed as a mistake by zackbunch/jira-dc-mock-server)"

REPLACED_ANSWERS: dict[str, Patch] = {
    "GET /api/2/project": Patch(_list("ProjectBean"), _ONE_FOR_MANY),
    "GET /api/2/priority": Patch(_list("PriorityJsonBean"), f"{_ONE_FOR_MANY}; its text says all priorities"),
    "GET /api/2/applicationrole": Patch(_list("ApplicationRoleBean"), f"{_ONE_FOR_MANY}; its text says all roles"),
    "GET /api/2/application-properties": Patch(
        {"oneOf": [{"type": "array", "items": {"$ref": "#/$defs/Property"}}, {"$ref": "#/$defs/Property"}]},
        "a list without the parameter key, one object with it; the document's own example is a list",
    ),
    "GET /api/2/application-properties/advanced-settings": Patch(_list("Property"), _ONE_FOR_MANY),
    "GET /api/2/filter/favourite": Patch(_list("FilterBean"), _ONE_FOR_MANY),
    "GET /api/2/filter/{id}/permission": Patch(_list("FilterPermissionBean"), _ONE_FOR_MANY),
    "POST /api/2/filter/{id}/permission": Patch(_list("FilterPermissionBean"), f"{_ONE_FOR_MANY}; its text says share permissions"),
}

ADDED_MEMBERS: dict[str, Patch] = {
    "ServerInfoBean": Patch(
        {
            "baseUrl": TEXT, "version": TEXT, "versionNumbers": {"type": "array", "items": NUMBER}, "deploymentType": TEXT,
            "buildNumber": NUMBER, "buildDate": TEXT, "serverTime": TEXT, "scmInfo": TEXT, "serverTitle": TEXT,
        },
        "the schema is empty; members as in fixtures of 9.4, 9.12 and 10.3.17",
    ),
    "CurrentUser": Patch({"self": TEXT, "name": TEXT, "loginInfo": _ref("LoginInfo")}, "the schema is empty; members as public clients read them"),
    "UserPickerResultsBean": Patch(
        {
            "users": {"type": "array", "items": {"type": "object", "properties": dict.fromkeys(("name", "key", "html", "displayName", "avatarUrl"), TEXT)}},
            "total": NUMBER, "header": TEXT,
        },
        "the schema is empty; members as the product's own documentation of the picker and public clients have them",
    ),
    "Property": Patch(
        {"id": TEXT, "name": TEXT, "desc": TEXT, "type": TEXT, "defaultValue": TEXT, "allowedValues": {"type": "array", "items": TEXT}},
        "the schema has key, value, example only; the example beside it has the others, allowedValues belongs to settings with a choice",
    ),
    "PermissionJsonBean": Patch(
        {"havePermission": BOOLEAN, "deprecatedKey": BOOLEAN}, "mypermissions answers them (sample mypermissions-excerpt); the schema lacks them",
    ),
    "PermissionHolderBean": Patch({"expand": TEXT}, "samples have it, the schema only from 11.2 on"),
    "IssueBean": Patch({"fields": {"type": "object", "additionalProperties": True}}, "the schema says each field is an object; a summary is a text"),
}

# Codes that the document does not list for the operation, each with the reason why the simulator may answer it.
EXTRA_STATUS: dict[str, dict[int, str]] = {
    "POST /api/2/permissionscheme": {400: "a body that makes no sense; the document lists no validation error"},
    "PUT /api/2/permissionscheme/{schemeId}": {400: "a body that makes no sense"},
    "DELETE /api/2/permissionscheme/{schemeId}": {400: "in use (unverified)", 404: "no such scheme"},
    "POST /api/2/permissionscheme/{schemeId}/permission": {400: "a body that makes no sense", 404: "no such scheme"},
    "DELETE /api/2/permissionscheme/{schemeId}/permission/{permissionId}": {404: "no such grant"},
    "GET /api/2/filter/{id}": {400: "a filter one may not see; public clients"},
    "DELETE /api/2/filter/{id}/permission/{permission-id}": {400: "not the owner"},
    "GET /api/2/application-properties": {400: "keyFilter is no regular expression"},
    "PUT /api/2/application-properties/{id}": {400: "a bad value (pycontribs/jira)"},
}
# Codes that stand before every resource: log-in, the closed site, CAPTCHA, XSRF, rate limiting.
BEFORE_EVERY_RESOURCE = {401, 403, 429}
# Operations of the documents that came with 10.3.24 or later: a version before must not serve them.
ABSENT_BEFORE_10 = ("GET /api/2/readonly-mode", "PUT /api/2/readonly-mode", "GET /api/2/user/list")
