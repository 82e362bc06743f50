# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in no document: the closed list of private REST and pages that may be called, each with its source."""

from __future__ import annotations

from ..interfaces import Private
from ..schemas import BOOLEAN, TEXT, only

FLAG = only({"enabled": BOOLEAN}, ("enabled",))
FLAGS = {"type": "object", "additionalProperties": FLAG}
LOGIN = only(dict.fromkeys(("username", "password", "rememberMe", "targetUrl"), TEXT))
LOGGED_IN = only({"success": BOOLEAN, "targetUrl": TEXT})
_GENERAL = frozenset((
    "mode", "captcha", "maximumAuthenticationAttemptsAllowed", "emailVisibility", "externalUM", "logoutConfirm", "useGzip", "allowRpc",
    "groupVisibility", "ieMimeSniffer", "showContactAdministratorsForm", "useGravatar", "gravatarApiAddress",
    # Nobody asks for these, but a form is posted back whole.
    "title", "introduction", "encodingCode", "defaultLocale", "voting", "baseURL",
))

ENTRIES = (
    Private(
        "GET", r"/rest/internal/1\.0/darkFeatures/[^/]+", "Atlassian's article on dark features; schema DarkFeaturePropertyBean",
        None, FLAG, frozenset((200,)),
    ),
    Private(
        "PUT", r"/rest/internal/1\.0/darkFeatures/[^/]+", "Atlassian's article on dark features; Atlassian's jira-testkit",
        FLAG, None, frozenset((204, 400)),
    ),
    Private(
        "PUT", r"/rest/internal/1\.0/darkFeatures", "schema DarkFeaturesBean; unverified on 8.x and later", FLAGS,
        only({"siteFeatures": FLAGS, "systemFeatures": FLAGS}), frozenset((200, 400)),
    ),
    Private("GET", r"/rest/internal/1\.0/darkFeatures", "absent in the old resource: 405; unverified", None, None, frozenset((405,))),
    Private(
        "POST", r"/rest/tsv/1\.0/authenticate", "Atlassian's dc-app-performance-toolkit, from 10.1 on", LOGIN,
        LOGGED_IN, frozenset((200, 404)),
    ),
    Private(
        "GET", r"/status", "Atlassian's article on the status endpoint", None,
        only({"state": TEXT}), frozenset((200, 500, 503)),
    ),
    Private(
        "GET", r"/login\.jsp", "Atlassian's dc-app-performance-toolkit",
        statuses=frozenset((200,)), query=frozenset(("os_destination", "permission-violation")),
    ),
    Private("POST", r"/login\.jsp", "Atlassian's dc-app-performance-toolkit", form=frozenset(("os_username", "os_password", "os_cookie", "os_destination"))),
    Private("GET", r"/|/secure/Dashboard\.jspa|/browse/[A-Z]+(-\d+)?", "public pages", statuses=frozenset((200, 302, 404)), query=frozenset(("selectPageId",))),
    Private("GET", r"/secure/Signup!default\.jspa", "Atlassian's page on public sign-up", statuses=frozenset((200, 302))),
    Private(
        "POST", r"/secure/admin/WebSudoAuthenticate\.jspa", "Atlassian's dc-app-performance-toolkit; pycontribs/jira",
        form=frozenset(("webSudoPassword", "webSudoDestination", "webSudoIsPost", "atl_token")),
    ),
    Private(
        "GET", r"/secure/admin/GlobalPermissions(!default)?\.jspa", "a public Selenium script has its ids (facts, 2.3)",
        statuses=frozenset((200, 302)), query=frozenset(("action", "globalPermType", "groupName")),
    ),
    Private(
        "POST", r"/secure/admin/GlobalPermissions\.jspa", "behaviour of Jira 6.x (facts, 2.3)",
        form=frozenset(("action", "globalPermType", "groupName", "Add", "Delete", "atl_token")),
    ),
    Private("GET", r"/secure/admin/(ViewApplicationProperties|EditApplicationProperties!default)\.jspa", "behaviour of Jira 6.x (facts, 3.4)"),
    Private("POST", r"/secure/admin/EditApplicationProperties\.jspa", "behaviour of Jira 6.x (facts, 3.4)", form=_GENERAL | {"Update", "atl_token"}),
    Private(
        "GET", r"/secure/admin/(filters/ViewSharedFilters|dashboards/ViewSharedDashboards)\.jspa", "administration pages; the addresses are unverified",
        query=frozenset(("pagingOffset",)),
    ),
    Private(
        "GET", r"/secure/ManageFilters\.jspa", "the popular filters, which a stranger may open; address and layout are unverified",
        statuses=frozenset((200, 302)), query=frozenset(("filterView",)),
    ),
    Private("GET", r"/secure/admin/\w+(!default)?\.jspa", "administration pages", statuses=frozenset((200, 302, 404))),
)
