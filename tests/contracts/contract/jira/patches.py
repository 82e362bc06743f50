# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Known mistakes of Jira's documents, each with its reason."""

from __future__ import annotations

from ..patching import Answer, Members, Patches
from ..schemas import BOOLEAN, NUMBER, TEXT, listed, only, ref

_ONE_FOR_MANY = "the document shows one object where a list is answered (also listed as a mistake by zackbunch/jira-dc-mock-server)"

_REPLACED_ANSWERS = {
    "GET /api/2/project": Answer(listed(ref("ProjectBean")), _ONE_FOR_MANY, []),
    "GET /api/2/priority": Answer(listed(ref("PriorityJsonBean")), f"{_ONE_FOR_MANY}; its text says all priorities", []),
    "GET /api/2/applicationrole": Answer(listed(ref("ApplicationRoleBean")), f"{_ONE_FOR_MANY}; its text says all roles", []),
    "GET /api/2/application-properties": Answer(
        {"oneOf": [listed(ref("Property")), ref("Property")]},
        "a list without the parameter key, one object with it; the document's own example is a list", [],
    ),
    "GET /api/2/application-properties/advanced-settings": Answer(listed(ref("Property")), _ONE_FOR_MANY, []),
    "GET /api/2/filter/favourite": Answer(listed(ref("FilterBean")), _ONE_FOR_MANY, []),
    "GET /api/2/filter/{id}/permission": Answer(listed(ref("FilterPermissionBean")), _ONE_FOR_MANY, []),
    "POST /api/2/filter/{id}/permission": Answer(listed(ref("FilterPermissionBean")), f"{_ONE_FOR_MANY}; its text says share permissions", []),
}

_ADDED_MEMBERS = {
    "ServerInfoBean": Members(
        {
            "baseUrl": TEXT, "version": TEXT, "versionNumbers": listed(NUMBER), "deploymentType": TEXT,
            "buildNumber": NUMBER, "buildDate": TEXT, "serverTime": TEXT, "scmInfo": TEXT, "serverTitle": TEXT,
        },
        "the schema is empty; members as in fixtures of 9.4, 9.12 and 10.3.17",
    ),
    "CurrentUser": Members({"self": TEXT, "name": TEXT, "loginInfo": ref("LoginInfo")}, "the schema is empty; members as public clients read them"),
    "UserPickerResultsBean": Members(
        {
            "users": {"type": "array", "items": {"type": "object", "properties": dict.fromkeys(("name", "key", "html", "displayName", "avatarUrl"), TEXT)}},
            "total": NUMBER, "header": TEXT,
        },
        "the schema is empty; members as the product's own documentation of the picker and public clients have them",
    ),
    "Property": Members(
        {"id": TEXT, "name": TEXT, "desc": TEXT, "type": TEXT, "defaultValue": TEXT, "allowedValues": listed(TEXT)},
        "the schema has key, value, example only; the example beside it has the others, allowedValues belongs to settings with a choice",
    ),
    "PermissionJsonBean": Members(
        {"havePermission": BOOLEAN, "deprecatedKey": BOOLEAN}, "mypermissions answers them (sample mypermissions-excerpt); the schema lacks them",
    ),
    "PermissionHolderBean": Members({"expand": TEXT}, "samples have it, the schema only from 11.2 on"),
    "IssueBean": Members({"fields": {"type": "object", "additionalProperties": True}}, "the schema says each field is an object; a summary is a text"),
}

_EXTRA_STATUS = {
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

_ADDED_BODIES = {
    "PUT /api/2/application-properties/{id}": Members(
        only({"id": TEXT, "value": TEXT}, ("value",)), "its text says that the field value of the PUT is taken, and the document has no body (pycontribs/jira)",
    ),
}

PATCHES = Patches(_ADDED_MEMBERS, _REPLACED_ANSWERS, _EXTRA_STATUS, added_bodies=_ADDED_BODIES)
