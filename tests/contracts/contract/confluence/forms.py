# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages and forms of Confluence: HTML in no document. Names of fields are regular expressions."""

from __future__ import annotations

from ..interfaces import Private

_TOKEN = "atl_token"
_GET = frozenset((200, 302))
_SAVED = frozenset((200, 302, 400))
_SECURITY = frozenset((
    "externalUserManagement", "addWildcardsToUserAndGroupSearches", "allowRemoteApiAnonymous", "nofollowExternalLinks",
    "emailAddressVisibility", "enableElevatedSecurityCheck", "loginAttemptsThreshold", "webSudoEnabled", "webSudoTimeout", "xsrfAddComments",
    "attachmentSecurityLevel", "enableSpaceStyles", "maxRssItems", "rssTimeout", "pageTimeout", "showSystemInfoIn500Page",
))
# Of the simulator alone: nobody asks for them, but a form is posted back whole.
_FURTHER = frozenset((
    "allowRemoteApi", "configurationRevision", "allowThreadedComments", "siteWelcome", "defaultEditor", "draftSaveInterval", "maintenanceNotice",
))
_SIGNUP = frozenset(("signupMode", "signupDomains", "notifyAdministrators"))
# The two texts are left empty: with the buttons beside them they would add a row, and save nothing.
_PERMISSIONS = frozenset((r"confluence_(checkbox|initial)_[a-z]+_(anonymous|(group|user)_[^_].*)", "groupsToAdd", "usersToAdd"))

ENTRIES = (
    Private(
        "GET", r"/login\.action", "Atlassian's dc-app-performance-toolkit", statuses=frozenset((200,)), query=frozenset(("os_destination",)),
    ),
    Private(
        "POST", r"/dologin\.action", "Atlassian's dc-app-performance-toolkit",
        form=frozenset(("os_username", "os_password", "os_cookie", "os_destination", "login", _TOKEN)),
        statuses=frozenset((200, 302, 404)),  # gone where the newer log-in page is (unverified)
    ),
    Private("GET", r"/logout\.action", "Atlassian's dc-app-performance-toolkit"),
    Private("POST", r"/logout\.action", "the form on every page", form=frozenset((_TOKEN,))),
    Private("GET", r"/authenticate\.action", "Atlassian's dc-app-performance-toolkit", statuses=_GET, query=frozenset(("destination",))),
    Private(
        "POST", r"/doauthenticate\.action", "Atlassian's dc-app-performance-toolkit",
        form=frozenset(("password", "authenticate", "destination", _TOKEN)),
    ),
    Private("GET", r"/|/dashboard\.action|/display/[^/]+(/[^/]+)?", "public pages", statuses=frozenset((200, 302, 404))),
    Private("GET", r"/signup\.action", "the vendor's manual, User Signup Options", statuses=frozenset((200, 302))),
    Private("GET", r"/admin/(view|edit)securityconfig\.action", "public client code (facts, section 6)", statuses=_GET),
    Private(
        "POST", r"/admin/doeditsecurityconfig\.action", "javadoc of SecurityConfigurationAction; the action is unverified",
        form=_SECURITY | {"confirm", _TOKEN}, statuses=_SAVED,
    ),
    Private("GET", r"/admin/(view|edit)spacesconfig\.action", "further configuration; path unverified", statuses=_GET),
    Private(
        "POST", r"/admin/doeditspacesconfig\.action", "further configuration; path unverified",
        form=_FURTHER | {"confirm", _TOKEN}, statuses=_SAVED,
    ),
    Private("GET", r"/admin/users/signupoptions\.action", "the vendor's manual, User Signup Options; path unverified", statuses=_GET),
    Private(
        "POST", r"/admin/users/dosignupoptions\.action", "the vendor's manual, User Signup Options; path unverified",
        form=_SIGNUP | {"confirm", _TOKEN}, statuses=_SAVED,
    ),
    Private("GET", r"/admin/console\.action|/admin/darkfeatures\.action", "an article of the vendor on dark features (1079350770)", statuses=_GET),
    Private("GET", r"/admin/permissions/(edit)?globalpermissions\.action", "public client code (facts, section 5)", statuses=_GET),
    Private(
        "POST", r"/admin/permissions/doeditglobalpermissions\.action", "the action is unverified",
        form=_PERMISSIONS | {"confirm", "save", _TOKEN}, statuses=_SAVED,
    ),
    Private(
        "GET", r"/spaces/(edit)?spacepermissions\.action", "public client code (facts, section 5)",
        statuses=frozenset((200, 302, 404)), query=frozenset(("key", "edit")),
    ),
    Private(
        "POST", r"/spaces/doeditspacepermissions\.action", "public client code (facts, section 5)",
        query=frozenset(("key",)), form=_PERMISSIONS | {"key", "save", "confirm", _TOKEN}, statuses=frozenset((200, 302, 400, 404)),
    ),
)
