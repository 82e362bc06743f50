# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded bodies of Confluence, and what the modules read."""

from __future__ import annotations

from . import json_rpc

_OF_A_SPACE = "/api/space/{spaceKey}/permissions"
_SETS = f"POST {json_rpc.PATH}/getSpacePermissionSets"
_MANIFEST = "GET /rest/applinks/1.0/manifest"

SAMPLES = {
    "server-information.json": "answer GET /api/server-information",
    "applinks-manifest.json": f"answer {_MANIFEST}",
    "status-running.json": "answer GET /status",
    "user-current-known.json": "answer GET /api/user/current",
    "user-current-anonymous.json": "answer GET /api/user/current",
    "group.json": "answer GET /api/group/{groupName}",
    "group-members-page.json": "answer GET /api/group/{groupName}/member",
    "space-list-page-1.json": "answer GET /api/space",
    "space-list-page-2-last.json": "answer GET /api/space",
    "global-permissions-anonymous-granted.json": "answer GET /api/permissions/anonymous",
    "global-permissions-anonymous-none.json": "answer GET /api/permissions/anonymous",
    "global-permissions-anonymous-revoke-request.json": "request PUT /api/permissions/anonymous/revoke",
    "global-permissions-put-request.json": "request PUT /api/permissions",
    "space-permissions-list.json": f"answer GET {_OF_A_SPACE}",
    "space-permissions-anonymous.json": f"answer GET {_OF_A_SPACE}/anonymous",
    "space-permissions-anonymous-revoke-request.json": f"request PUT {_OF_A_SPACE}/anonymous/revoke",
    "space-permissions-set-request.json": f"request POST {_OF_A_SPACE}",
    "jsonrpc-request-envelope.json": f"request POST {json_rpc.PATH}",
    "jsonrpc-result-true.json": f"answer POST {json_rpc.PATH}",
    "jsonrpc-error.json": f"answer POST {json_rpc.PATH}",
    "jsonrpc-space-permission-sets.json": f"answer {_SETS}",
    "error-400.json": "schema RestError",
    "error-403.json": "schema RestError",
}
_ADD_ON = "of an add-on that no module asks"
OTHER_SAMPLES = {
    **dict.fromkeys(("applinks-list.json", "applinks-delete-result.json"), "no module asks for application links"),
    "audit-coverage.json": "no module asks for the audit log",
    **dict.fromkeys(("authconfig-login-options.json", "authconfig-sso-patch-request.json"), "no module asks for single sign-on"),
    "basicauth-config.json": "no module asks for the switch of basic authentication",
    **dict.fromkeys(
        (
            "bootstrapi-all-status.json", "bootstrapi-error.json", "bootstrapi-permissions-global-revoke-request.json",
            "bootstrapi-permissions-global.json", "bootstrapi-settings-general.json", "bootstrapi-settings-security.json",
            "confapi-anonymous-access.json", "confapi-settings.json",
        ),
        _ADD_ON,
    ),
}

_GRANTS = ("[].operation.targetType", "[].operation.operationKey", "[].subject.type", "[].subject.name", "[].subject.userKey", "[].subject.displayName")
READS = {
    "GET /api/server-information": ("version", "baseUrl"),
    "GET /api/user/current": ("type", "username", "userKey"),
    "GET /api/user/anonymous": ("type",),
    "GET /api/instance-metrics": ("spaces",),
    "GET /api/user/memberof": ("results.[].name", "_links.next"),
    "GET /api/space": ("results.[].key", "results.[].name", "results.[].type", "_links.next"),
    **{f"GET /api/permissions{subject}": _GRANTS for subject in ("", "/anonymous", "/unlicensed")},
    **{f"GET {_OF_A_SPACE}{subject}": _GRANTS for subject in ("", "/anonymous", "/group/{groupName}", "/user/{userKey}")},
    _MANIFEST: ("version", "url", "publicSignup"),
    _SETS: ("[].type", "[].spacePermissions.[].type", "[].spacePermissions.[].userName", "[].spacePermissions.[].groupName"),
}
