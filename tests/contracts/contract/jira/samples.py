# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded bodies of Jira, and what the modules read."""

from __future__ import annotations

SAMPLES = {
    "permissionscheme-list-expanded.json": "schema PermissionSchemesBean",
    "permissionscheme-by-id-short.json": "schema PermissionSchemeBean",
    "project-permissionscheme.json": "schema PermissionSchemeBean",
    "permissionscheme-create-request.json": "schema PermissionSchemeBean",
    "permissionscheme-missing-error.json": "schema ErrorCollection",
    "error-field.json": "schema ErrorCollection",
    "error-unrecognised-field.json": "schema ErrorCollection",
    "groups-picker.json": "schema GroupSuggestionsBean",
    "filter-permission-global.json": "schema FilterPermissionBean",
}
OTHER_SAMPLES = {
    "mypermissions-excerpt.json": "a template: \"Type\" stands there for the type",
    "filters-with-sharepermissions.json": "from the cloud documentation: its users and filters have members that Data Center lacks",
    "role.json": "no module asks for project roles",
    "webhooks-list.json": "no module asks for webhooks",
}
READS = {
    "GET /api/2/serverInfo": ("version", "baseUrl"),
    "GET /api/2/myself": ("name",),
    "GET /api/2/mypermissions": ("permissions.*.havePermission",),
    "GET /api/2/project": ("[].key",),
    "GET /api/2/dashboard": ("dashboards.[].id", "dashboards.[].name", "total"),
    "GET /api/2/filter/favourite": ("[].id", "[].name"),
    "GET /api/2/filter/{id}": ("id", "name", "description", "jql", "favourite", "owner.name", "owner.active"),
    "GET /api/2/filter/{id}/permission": (
        "[].id", "[].type", "[].edit", "[].group.name", "[].user.key", "[].project.id", "[].role.id",
    ),
    "GET /api/2/user/picker": ("users.[].name", "total"),
    "GET /api/2/groupuserpicker": ("users.users.[].name", "groups.groups.[].name"),
    "GET /api/2/groups/picker": ("groups.[].name", "total"),
    "GET /api/2/permissionscheme": (
        "permissionSchemes.[].id", "permissionSchemes.[].name", "permissionSchemes.[].permissions.[].id",
        "permissionSchemes.[].permissions.[].permission", "permissionSchemes.[].permissions.[].holder.type",
        "permissionSchemes.[].permissions.[].holder.parameter",
    ),
    "GET /api/2/project/{projectKeyOrId}/permissionscheme": ("id", "name"),
    "GET /api/2/application-properties": ("[].key", "[].value", "value"),
    "GET /api/2/applicationrole": ("[].groups",),
}
