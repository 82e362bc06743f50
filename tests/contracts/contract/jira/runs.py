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
_FILTERS = {"scope": "filters", "replace_with": "logged_in"}
_FORMS = {"allow_forms": True}
_SETTINGS = {"settings": {"jira.option.globalsharing": False, "jira.option.emailvisible": "hide"}}
# Together they take every branch that writes, and those that only read.
RUNS = (
    Run("jira_identity", {}),
    Run("jira_projects_visible", {"filters": [10001, 10002]}),
    Run("jira_dark_features", {"enabled": ["planted.key"], "disabled": ["simulated.experiment"]}),
    Run("jira_dark_features", {"exclusive": True, "allowed": ["planted.key"]}, disobeyed=_EVERY),  # a system feature stays on
    Run("jira_anonymous_access", {"scope": "dashboards"}),
    Run("jira_anonymous_access", {**_FILTERS, "filters": [10001]}, restore=True),
    Run("jira_restore", {"scopes": ["filters"]}, restore=True),
    Run("jira_anonymous_access", {**_FILTERS, "replace_groups": ["jira-software-users"]}, restore=True),  # so that the public share is deleted
    Run("jira_restore", {"scopes": ["filters"]}, restore=True),
    Run("jira_anonymous_access", {**_FILTERS, **_FORMS}, restore=True, password=True),
    Run("jira_restore", {"scopes": ["filters"]}, restore=True, password=True),
    Run("jira_anonymous_access", _SCHEMES, restore=True),
    Run("jira_anonymous_access", {**_SCHEMES, "replace_with": "logged_in"}, restore=True),
    Run("jira_restore", {"scopes": ["permission_schemes"]}, restore=True),
    Run("jira_anonymous_access", {"scope": "global_permissions", "replace_with": "none", **_FORMS}, restore=True, password=True),
    Run("jira_settings", _SETTINGS, restore=True),
    Run("jira_settings", {**_SETTINGS, **_FORMS}, restore=True, password=True),
    Run("jira_restore", {"scopes": ["global_permissions", "settings"], **_FORMS}, restore=True, password=True),
    Run("jira_admin_session", {}),
    Run("jira_admin_session", _FORMS, password=True),
    Run("jira_anonymous_access", {"scope": "site"}, disobeyed=("8.20",)),  # the key closes nothing there
)
_FILTER = "/rest/api/2/filter/10000"
_SHARED = "/secure/admin/filters/ViewSharedFilters.jspa"


def must_send(version: str, password: bool) -> frozenset[str]:
    """Requests without which the runs would be a proof of nothing."""
    flags = ("planted.key", "simulated.experiment", "public.access.disabled")
    schemes = ("POST /rest/api/2/permissionscheme/10102/permission", "DELETE /rest/api/2/permissionscheme/0/permission/10501")
    reads = (
        _FILTER, f"{_FILTER}/permission", "/rest/api/2/filter/favourite", "/rest/api/2/dashboard", "/rest/api/2/project/WEB/permissionscheme",
        "/secure/ManageFilters.jspa",
    )
    sharing = ("PUT /rest/api/2/application-properties/jira.option.globalsharing", f"PUT {_FILTER}", f"POST {_FILTER}/permission")
    found = [*schemes, *sharing, *(f"GET {path}" for path in reads), *(f"PUT /rest/internal/1.0/darkFeatures/{flag}" for flag in flags)]
    if password:
        posted = ("WebSudoAuthenticate", "GlobalPermissions", "EditApplicationProperties")
        found += [f"GET {_SHARED}", "GET /secure/admin/ViewSystemInfo.jspa", *(f"POST /secure/admin/{action}.jspa" for action in posted)]
        found.append("POST /login.jsp" if version in ("8.20", "9.12") else "POST /rest/tsv/1.0/authenticate")
    return frozenset(found)


_GRANTS = {"method": "POST", "path": "/rest/api/2/permissionscheme/0/permission", "query": []}
GOOD_REQUEST = {"method": "GET", "path": "/rest/api/2/permissionscheme", "query": [["expand", "permissions"]]}
BAD_REQUESTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"path": "/rest/whitelist/1.0/rules", "query": []}, "neither in the document nor"),
    ({"query": [["expnad", "permissions"]]}, "unknown query parameter expnad"),
    ({**_GRANTS, "xsrf_header": None, "body": {}}, "without X-Atlassian-Token"),
    ({**_GRANTS, "body": {"holder": {"typ": "anyone"}}}, "'typ' was unexpected"),
    ({"method": "PUT", "path": "/rest/internal/1.0/darkFeatures/x", "query": [], "body": {"enabled": "true"}}, "'true' is not of type 'boolean'"),
    ({"method": "PUT", "path": "/rest/api/2/filter/10000", "query": [], "body": {"owner": "automation"}}, "is not of type 'object'"),
    ({"method": "POST", "path": "/rest/api/2/filter/10000/permission", "query": [], "body": {"kind": "global"}}, "'kind' was unexpected"),
    ({"method": "PUT", "path": "/rest/api/2/application-properties/x", "query": [], "body": {"value": False}}, "False is not of type 'string'"),
    ({"user_agent": "Mozilla/5.0"}, "looks like a browser's"),
    ({"body": {"a": 1}}, "takes no body"),
)
