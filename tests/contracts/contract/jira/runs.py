# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Jira are run with, and what the judge of requests must find wrong."""

from __future__ import annotations

from typing import Any

from ..product import Run
from .documents import DOCUMENTS

_EVERY = tuple(DOCUMENTS)
_SCHEMES = {"scope": "permission_schemes"}
# Together they take every branch that writes, and those that only read.
RUNS = (
    Run("jira_identity", {}),
    Run("jira_projects_visible", {}),
    Run("jira_dark_features", {"enabled": ["planted.key"], "disabled": ["simulated.experiment"]}),
    Run("jira_dark_features", {"exclusive": True, "allowed": ["planted.key"]}, disobeyed=_EVERY),  # a system feature stays on
    Run("jira_anonymous_access", _SCHEMES, restore=True),
    Run("jira_anonymous_access", {**_SCHEMES, "replace_with": "logged_in"}, restore=True),
    Run("jira_anonymous_access", {"scope": "site"}, disobeyed=("8.20",)),  # the key closes nothing there
)


def must_send(_version: str, _password: bool) -> frozenset[str]:
    """Writes without which the runs would be a proof of nothing."""
    flags = ("planted.key", "simulated.experiment", "public.access.disabled")
    schemes = ("POST /rest/api/2/permissionscheme/10102/permission", "DELETE /rest/api/2/permissionscheme/0/permission/10501")
    return frozenset((*schemes, *(f"PUT /rest/internal/1.0/darkFeatures/{flag}" for flag in flags)))


_GRANTS = {"method": "POST", "path": "/rest/api/2/permissionscheme/0/permission", "query": []}
GOOD_REQUEST = {"method": "GET", "path": "/rest/api/2/permissionscheme", "query": [["expand", "permissions"]]}
BAD_REQUESTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"path": "/rest/whitelist/1.0/rules", "query": []}, "neither in the document nor"),
    ({"query": [["expnad", "permissions"]]}, "unknown query parameter expnad"),
    ({**_GRANTS, "xsrf_header": None, "body": {}}, "without X-Atlassian-Token"),
    ({**_GRANTS, "body": {"holder": {"typ": "anyone"}}}, "'typ' was unexpected"),
    ({"method": "PUT", "path": "/rest/internal/1.0/darkFeatures/x", "query": [], "body": {"enabled": "true"}}, "'true' is not of type 'boolean'"),
    ({"user_agent": "Mozilla/5.0"}, "looks like a browser's"),
    ({"body": {"a": 1}}, "takes no body"),
)
