# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira's documents, and what the versions without one do not have."""

from __future__ import annotations

import re

# Played version -> document. 8.20 and 9.12 have none: they are held against the oldest there is.
DOCUMENTS = {"8.20": "10.0", "9.12": "10.0", "10.3": "10.3", "11.2": "11.2.1"}
FILES = {version: f"jira-software-dc-{version}-openapi.json" for version in DOCUMENTS.values()}
# Operations of the documents that came with 10.3.24 or later.
_NEWER = ("GET /api/2/readonly-mode", "PUT /api/2/readonly-mode", "GET /api/2/user/list")
ABSENT = {"8.20": _NEWER, "9.12": _NEWER}


def same_as(path: str) -> str:
    return re.sub(r"^/rest/api/latest/", "/rest/api/2/", path)
