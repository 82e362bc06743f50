# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the walk asks of Confluence's pages, forms and JSON-RPC."""

from __future__ import annotations

from typing import Any

from . import json_rpc

_ADMIN = (
    "console", "darkfeatures", "viewsecurityconfig", "editsecurityconfig", "viewspacesconfig", "editspacesconfig", "users/signupoptions",
    "permissions/globalpermissions", "permissions/editglobalpermissions",
)
READ = (
    "/", "/dashboard.action", "/login.action", "/login.action?os_destination=%2F", "/signup.action", "/display/DOC", "/display/DOC/Home", "/display/HR",
    "/authenticate.action?destination=%2Fadmin%2Fconsole.action", *(f"/admin/{page}.action" for page in _ADMIN),
    *(f"/spaces/spacepermissions.action?key={key}" for key in ("DOC", "~witness", "HR", "NO")),
    *(f"/spaces/editspacepermissions.action?key={key}&edit=Edit+Permissions" for key in ("DOC", "~witness", "HR", "NO")),
)

# Method -> parameters that make sense, and some that do not.
_PARAMETERS: dict[str, tuple[list[Any], ...]] = {
    "getServerInfo": ([],),
    "getSpaces": ([],),
    "getSpacePermissionSets": (["DOC"], ["NO"]),
    "removeAnonymousViewUserProfilePermission": ([],),
    "removeAnonymousUsePermission": ([],),
    "addAnonymousViewUserProfilePermission": ([],),
    "addAnonymousUsePermission": ([],),
    "removeAnonymousPermissionFromSpace": (["VIEWSPACE", "DOC"], ["FLY", "DOC"], ["VIEWSPACE", "NO"]),
    "addAnonymousPermissionToSpace": (["VIEWSPACE", "DOC"], ["FLY", "DOC"], ["VIEWSPACE", "NO"]),
    "addAnonymousPermissionsToSpace": ([["VIEWSPACE", "COMMENT"], "DOC"],),
    "addPermissionToSpace": (["COMMENT", "witness", "DOC"], ["COMMENT", "nobody", "DOC"]),
    "removePermissionFromSpace": (["COMMENT", "witness", "DOC"], ["COMMENT", "witness", "NO"]),
}
CALLS: tuple[tuple[str, str, Any], ...] = (
    *(("POST", f"{json_rpc.PATH}/{method}", given) for method, some in _PARAMETERS.items() for given in some),
    *(
        ("POST", json_rpc.PATH, {"jsonrpc": "2.0", "method": method, "params": given, "id": 1})
        for method, some in _PARAMETERS.items()
        for given in some
    ),
)

# Whole forms: a box that is not posted counts as unticked.
_SECURITY = {
    "addWildcardsToUserAndGroupSearches": "true", "allowRemoteApiAnonymous": "true", "emailAddressVisibility": "email.address.private",
    "loginAttemptsThreshold": "3", "webSudoEnabled": "true", "webSudoTimeout": "60", "attachmentSecurityLevel": "insecure", "enableSpaceStyles": "true",
    "maxRssItems": "1000", "rssTimeout": "60", "pageTimeout": "120", "showSystemInfoIn500Page": "true", "confirm": "Save",
}
_FURTHER = {
    "configurationRevision": "r-17", "allowRemoteApi": "true", "allowThreadedComments": "true", "siteWelcome": "Welcome", "defaultEditor": "rich",
    "draftSaveInterval": "30", "maintenanceNotice": "", "confirm": "Save",
}
_SIGNUP = {"signupMode": "private", "signupDomains": "", "notifyAdministrators": "true", "confirm": "Save"}
_SAVE_SECURITY, _SAVE_FURTHER = "/admin/doeditsecurityconfig.action", "/admin/doeditspacesconfig.action"
_SAVE_GLOBAL = "/admin/permissions/doeditglobalpermissions.action"
_SAVE_SPACE = "/spaces/doeditspacepermissions.action"
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    (_SAVE_SECURITY, _SECURITY),
    (_SAVE_SECURITY, {**_SECURITY, "webSudoTimeout": "none"}),
    (_SAVE_FURTHER, _FURTHER),
    (_SAVE_FURTHER, {**_FURTHER, "defaultEditor": "none"}),
    ("/admin/users/dosignupoptions.action", _SIGNUP),
    ("/admin/users/dosignupoptions.action", {**_SIGNUP, "signupMode": "none"}),
    (_SAVE_GLOBAL, {"confluence_checkbox_viewuserprofiles_anonymous": "on", "confirm": "Save all"}),
    (_SAVE_GLOBAL, {"confluence_initial_useconfluence_anonymous": "on", "confluence_checkbox_viewuserprofiles_anonymous": "on"}),
    *(
        (f"{_SAVE_SPACE}?key={key}", {"confluence_initial_viewspace_anonymous": "on", "confluence_checkbox_comment_user_witness": "on", "save": "Save"})
        for key in ("DOC", "HR", "NO")
    ),
    (f"{_SAVE_SPACE}?key=DOC", {"confluence_checkbox_fly_anonymous": "on", "save": "Save all"}),
)
CLOSING: tuple[tuple[str, dict[str, str]], ...] = (
    (_SAVE_GLOBAL, {f"confluence_initial_{name}_anonymous": "on" for name in ("useconfluence", "viewuserprofiles")}),
    (_SAVE_FURTHER, {name: value for name, value in _FURTHER.items() if name != "allowRemoteApi"}),
)
