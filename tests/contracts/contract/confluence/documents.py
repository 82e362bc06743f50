# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confluence's documents, and what a version does not have."""

from __future__ import annotations

# Played version -> document. 7.19 and 8.5 have none: they are held against the oldest there is, without what came later.
DOCUMENTS = {"7.19": "9.2.21", "8.5": "9.2.21", "9.2": "9.2.21", "10.2": "10.2.14"}
FILES = {"9.2.21": "confluence-dc-9.2.21-openapi-rebuilt.json", "10.2.14": "confluence-dc-10.2.14-openapi.json"}

CHANGES = ("grant", "revoke")
# Documented for 9.2 on; earlier versions: unverified, so they are played without it.
_OF_THE_SERVER = ("GET /api/server-information", "GET /api/instance-metrics")
# Since 9.2.5. The user's path has another placeholder since 9.3.
_GLOBAL_READS = (
    "GET /api/permissions", "GET /api/permissions/anonymous", "GET /api/permissions/unlicensed", "GET /api/permissions/group/{groupName}",
    "GET /api/permissions/user/{userKey}", "GET /api/permissions/user/{user}",
)
# Since 9.3.0: there is none in the document of 9.2.21.
_GLOBAL_WRITES = (
    "PUT /api/permissions",
    *(f"PUT /api/permissions/{subject}/{change}" for subject in ("anonymous", "unlicensed", "group/{groupName}", "user/{user}") for change in CHANGES),
)
# Since 9.1.0.
_OF_A_SPACE = "/api/space/{spaceKey}/permissions"
_SUBJECTS = ("anonymous", "group/{groupName}", "user/{userKey}")
_SPACE = (
    f"GET {_OF_A_SPACE}", f"POST {_OF_A_SPACE}",
    *(f"GET {_OF_A_SPACE}/{subject}" for subject in _SUBJECTS),
    *(f"PUT {_OF_A_SPACE}/{subject}/{change}" for subject in _SUBJECTS for change in CHANGES),
)
_OLD = (*_OF_THE_SERVER, *_GLOBAL_READS, *_GLOBAL_WRITES, *_SPACE)
ABSENT = {"7.19": _OLD, "8.5": _OLD, "9.2": _GLOBAL_WRITES}
# What stands for a placeholder where a request is made of a template: things that there are.
EXAMPLES = {"groupName": "confluence-users", "userKey": "ff80808-witness", "user": "witness", "spaceKey": "DOC"}
