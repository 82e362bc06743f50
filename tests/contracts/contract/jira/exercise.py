# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through every route of the simulator, as each kind of caller, with each kind of answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..steps import EVERYONE, SECRETS, Step

GRANT = {"holder": {"type": "applicationRole"}, "permission": "BROWSE_PROJECTS"}
GROUP = {"holder": {"type": "group", "parameter": "jira-software-users"}, "permission": "ADD_COMMENTS"}

_PAGES = (
    "/secure/admin/GlobalPermissions!default.jspa", "/secure/admin/GlobalPermissions.jspa?action=del&globalPermType=USER_PICKER",
    "/secure/admin/ViewApplicationProperties.jspa", "/secure/admin/EditApplicationProperties!default.jspa",
    "/secure/admin/filters/ViewSharedFilters.jspa?pagingOffset=0", "/secure/admin/dashboards/ViewSharedDashboards.jspa",
)
# A whole form: what is not posted is emptied or switched off.
_GENERAL = {
    "title": "Jira", "mode": "private", "maximumAuthenticationAttemptsAllowed": "3", "captcha": "true", "baseURL": "http://localhost:8080",
    "emailVisibility": "hide", "introduction": "", "encodingCode": "UTF-8", "defaultLocale": "en_UK", "voting": "true", "logoutConfirm": "never",
    "useGzip": "true", "ieMimeSniffer": "secure", "Update": "Update",
}
_ADD, _SAVE = "/secure/admin/GlobalPermissions.jspa", "/secure/admin/EditApplicationProperties.jspa"
_FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    (_ADD, {"action": "add", "globalPermType": "BULK_CHANGE", "groupName": "hr-team", "Add": "Add"}),
    (_ADD, {"action": "del", "globalPermType": "USER_PICKER", "groupName": ""}),
    (_ADD, {"action": "del", "globalPermType": "SYSTEM_ADMIN", "groupName": "jira-administrators"}),
    (_SAVE, _GENERAL),
    (_SAVE, {**_GENERAL, "title": ""}),
)
_TAKEN = {"name": "Support queue", "jql": "project = SUP", "description": "For the walk", "owner": {"name": "automation"}}

_READ = (
    "/rest/api/2/serverInfo", "/rest/api/2/myself", "/rest/api/2/mypermissions", "/rest/api/2/mypermissions?projectKey=WEB",
    "/rest/api/2/mypermissions?issueKey=WEB-1", "/rest/api/2/mypermissions?projectKey=NO", "/rest/api/2/permissions",
    "/rest/api/2/configuration", "/rest/api/2/priority", "/rest/api/2/project", "/rest/api/2/project/WEB", "/rest/api/2/project/HR",
    "/rest/api/2/project/WEB/permissionscheme", "/rest/api/2/issue/WEB-1", "/rest/api/2/issue/NO-1", "/rest/api/2/search?jql=project=WEB",
    "/rest/api/2/search?jql=nonsense", "/rest/api/2/user?username=witness", "/rest/api/2/user?username=nobody",
    "/rest/api/2/user/picker?query=wi", "/rest/api/2/groupuserpicker?query=jira", "/rest/api/2/groups/picker?query=jira",
    "/rest/api/2/applicationrole", "/rest/api/2/applicationrole/jira-software", "/rest/api/2/applicationrole/none",
    "/rest/api/2/dashboard", "/rest/api/2/dashboard?startAt=1&maxResults=1", "/rest/api/2/dashboard?startAt=x",
    "/rest/api/2/dashboard/10001", "/rest/api/2/dashboard/1", "/rest/api/2/filter/10000", "/rest/api/2/filter/10002",
    "/rest/api/2/filter/favourite", "/rest/api/2/filter/defaultShareScope", "/rest/api/2/filter/10000/permission",
    "/rest/api/2/filter/10003/permission", "/rest/api/2/filter/1/permission", "/rest/api/2/permissionscheme",
    "/rest/api/2/permissionscheme?expand=permissions", "/rest/api/2/permissionscheme/0", "/rest/api/2/permissionscheme/0?expand=all",
    "/rest/api/2/permissionscheme/7", "/rest/api/2/permissionscheme/10102/permission", "/rest/api/2/permissionscheme/0/permission/10500",
    "/rest/api/2/permissionscheme/0/permission/7", "/rest/api/2/application-properties", "/rest/api/2/application-properties?key=jira.title",
    "/rest/api/2/application-properties?key=jira.mode", "/rest/api/2/application-properties?keyFilter=(",
    "/rest/api/2/application-properties/advanced-settings", "/rest/auth/1/session", "/rest/internal/1.0/darkFeatures/x", "/status",
    "/login.jsp", "/", "/secure/Dashboard.jspa", "/browse/WEB-1", "/browse/HR-1", "/secure/Signup!default.jspa",
    "/secure/ManageFilters.jspa?filterView=popular", "/secure/admin/SiteDarkFeatures!default.jspa", "/rest/internal/1.0/darkFeatures", *_PAGES,
)
_SHARING = "/rest/api/2/application-properties/jira.option.globalsharing"
_WRITES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/rest/api/2/permissionscheme", {"name": "New scheme", "description": "For the walk", "permissions": [GRANT]}),
    ("POST", "/rest/api/2/permissionscheme", {}),
    ("PUT", "/rest/api/2/permissionscheme/10104", {"name": "Renamed"}),
    ("PUT", "/rest/api/2/permissionscheme/10104", {}),
    ("DELETE", "/rest/api/2/permissionscheme/10104", None),
    ("DELETE", "/rest/api/2/permissionscheme/0", None),
    ("POST", "/rest/api/2/permissionscheme/10101/permission", GRANT),
    ("POST", "/rest/api/2/permissionscheme/10101/permission", GROUP),
    ("POST", "/rest/api/2/permissionscheme/10101/permission", {"permission": "FLY"}),
    ("DELETE", "/rest/api/2/permissionscheme/0/permission/10501", None),
    ("DELETE", "/rest/api/2/permissionscheme/0/permission/10501", None),
    ("PUT", "/rest/api/2/project/INT/permissionscheme", {"id": 0}),
    ("PUT", "/rest/api/2/project/INT/permissionscheme", {"id": 7}),
    ("POST", "/rest/api/2/filter/10003/permission", {"type": "user", "userKey": "JIRAUSER-lena", "view": True, "edit": False}),
    ("POST", "/rest/api/2/filter/10003/permission", {"type": "project", "projectId": "10000", "view": True, "edit": False}),
    ("POST", "/rest/api/2/filter/10003/permission", {"type": "authenticated"}),
    ("POST", "/rest/api/2/filter/10003/permission", {"type": "nothing"}),
    ("POST", "/rest/api/2/filter/10003/permission", {"type": "project_role", "projectId": "10000", "projectRoleId": "10001", "view": True, "edit": False}),
    ("PUT", "/rest/api/2/filter/10003", _TAKEN),
    ("PUT", "/rest/api/2/filter/10003", {"owner": {"name": "automation"}}),
    ("PUT", "/rest/api/2/filter/10002", _TAKEN),
    ("DELETE", "/rest/api/2/filter/10000/permission/10100", None),
    ("DELETE", "/rest/api/2/filter/10000/permission/10100", None),
    ("PUT", "/rest/api/2/filter/defaultShareScope", {"scope": "PRIVATE"}),
    ("PUT", "/rest/api/2/filter/defaultShareScope", {"scope": "NOBODY"}),
    ("PUT", _SHARING, {"id": "jira.option.globalsharing", "value": "false"}),
    ("PUT", _SHARING, {"id": "jira.option.globalsharing", "value": "no"}),
    ("PUT", "/rest/api/2/application-properties/jira.mode", {"id": "jira.mode", "value": "private"}),
    ("POST", "/rest/api/2/search", {"jql": "project = WEB", "startAt": 0, "maxResults": 10}),
    ("PUT", "/rest/internal/1.0/darkFeatures/some.key", {"enabled": True}),
    ("PUT", "/rest/internal/1.0/darkFeatures/some.key", {"enabled": 1}),
    ("PUT", "/rest/internal/1.0/darkFeatures", {"some.key": {"enabled": False}}),
)
_LOGIN = {"username": "automation", "password": SECRETS["admin_password"]}


def steps(_version: str) -> Iterator[Step]:
    for user in EVERYONE:
        for path in _READ:
            yield Step("GET", path, user)
    # Strangers and users first: what they are refused must still be there for the administrator.
    for user in reversed(EVERYONE):
        for method, path, json in _WRITES:
            yield Step(method, path, user, json)
    yield Step("POST", "/rest/auth/1/session", None, {**_LOGIN, "password": "wrong"}, session=True)
    yield Step("POST", "/rest/auth/1/session", None, _LOGIN, session=True)
    yield Step("GET", "/rest/api/2/application-properties", None, session=True)  # needs WebSudo
    yield Step("GET", "/secure/Dashboard.jspa", None, session=True)  # sets the XSRF cookie, which goes into the next forms
    yield Step("POST", "/secure/admin/WebSudoAuthenticate.jspa", None, form={"webSudoPassword": "wrong"}, session=True)
    yield Step("POST", "/secure/admin/WebSudoAuthenticate.jspa", None, form={"webSudoPassword": SECRETS["admin_password"]}, session=True)
    yield Step("GET", "/rest/api/2/application-properties", None, session=True)
    for path in _PAGES:
        yield Step("GET", path, None, session=True)
    for path, form in _FORMS:
        yield Step("POST", path, None, form=form, session=True)
        yield Step("POST", path, None, form=form)
    yield Step("DELETE", "/rest/auth/1/websudo", None, session=True)
    yield Step("DELETE", "/rest/auth/1/session", None, session=True)
    yield Step("DELETE", "/rest/auth/1/session", None)
    yield Step("POST", "/rest/tsv/1.0/authenticate", None, {**_LOGIN, "rememberMe": "True", "targetUrl": ""})
    yield Step("POST", "/login.jsp", None, form={"os_username": "automation", "os_password": SECRETS["admin_password"]})
    # And the same for strangers once the site is closed.
    yield Step("PUT", "/rest/internal/1.0/darkFeatures/public.access.disabled", "automation", {"enabled": True})
    for path in _READ:
        yield Step("GET", path, None)


# The way in that came with 10.1. The classic form goes on answering a post, with a page, where it is gone.
_TWO_STEP = frozenset((("/rest/tsv/1.0/authenticate", "POST"),))
REFUSED = {"8.20": _TWO_STEP, "9.12": _TWO_STEP}
