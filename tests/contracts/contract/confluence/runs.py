# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Confluence are run with, and what the judge of requests must find wrong."""

from __future__ import annotations

from typing import Any

from ..product import Run
from . import json_rpc
from .documents import CHANGES

_FORMS = {"allow_forms": True}
_SETTINGS = {"webSudoTimeout": 10, "emailAddressVisibility": "email.address.private", "publicSignup": False}
_SITE = ({"scope": "user_profiles"}, {"scope": "site"}, {"scope": "unlicensed"})
_WITH_REST = ("9.2", "10.2")  # in the others it finds nothing that it could close, so there is nothing to bring back


def _there_and_back(ways: dict[str, Any], spaces: dict[str, Any], password: bool = True, back: tuple[str, ...] = ()) -> tuple[Run, ...]:
    """What some of the ways to permissions close, and open again. back: the versions where there is something to bring back; none named: all."""
    scopes = ({"scope": "spaces", **spaces}, *_SITE)
    closing = [Run("confluence_anonymous_access", {**ways, **scope}, restore=True, password=password) for scope in scopes]
    return (*closing, Run("confluence_restore", ways, restore=True, password=password, versions=back))


# Together they take every branch that writes, and those that only read.
RUNS = (
    Run("confluence_identity", {}),
    Run("confluence_spaces_visible", {}),
    Run("confluence_dark_features", {"enabled": ["planted.key"], "disabled": ["simulated.experiment"]}),
    Run("confluence_dark_features", {"exclusive": True, "allowed": ["planted.key"], **_FORMS}, password=True),
    Run("confluence_settings", {"settings": _SETTINGS}),
    Run("confluence_settings", {"settings": _SETTINGS, **_FORMS}, password=True),
    *_there_and_back({"routes": ["rest"]}, {"replace_with": "logged_in"}, password=False, back=_WITH_REST),
    *_there_and_back({"routes": ["jsonrpc"]}, {"replace_with": "logged_in", "replace_groups": ["confluence-users"]}),
    *_there_and_back({"routes": ["form"], **_FORMS}, {"replace_with": "none"}),
    Run("confluence_settings", {"settings": {"allowRemoteApi": False}, **_FORMS}, password=True),
    *_there_and_back(_FORMS, {"replace_with": "logged_in"}),
)

_RPC = ("removeAnonymousUsePermission", "addAnonymousUsePermission", "removeAnonymousViewUserProfilePermission")
_RPC_OF_SPACES = ("removeAnonymousPermissionFromSpace", "addAnonymousPermissionToSpace", "addPermissionToSpace", "removePermissionFromSpace")
_FORM_ACTIONS = (
    "/doauthenticate.action", "/admin/doeditsecurityconfig.action", "/admin/doeditspacesconfig.action", "/admin/users/dosignupoptions.action",
    "/admin/permissions/doeditglobalpermissions.action", "/spaces/doeditspacepermissions.action",
)


def must_send(version: str, password: bool) -> frozenset[str]:
    """Writes without which the runs would be a proof of nothing."""
    found = ["POST /rest/feature/1/site", "DELETE /rest/feature/1/site/simulated.experiment"]
    if version in _WITH_REST:
        found += [f"PUT /rest/api/space/PUB/permissions/{subject}/{change}" for subject in ("anonymous", "group/confluence-users") for change in CHANGES]
    if version == "10.2":
        found += [f"PUT /rest/api/permissions/{subject}/{change}" for subject in ("anonymous", "unlicensed") for change in CHANGES]
    if password:
        found += [f"POST {json_rpc.PATH}/{method}" for method in (*_RPC, *_RPC_OF_SPACES)]
        found += [f"POST {action}" for action in (*_FORM_ACTIONS, "/rest/tsv/1.0/authenticate" if version == "10.2" else "/dologin.action")]
    return frozenset(found)


GOOD_REQUEST = {"method": "GET", "path": "/rest/api/space", "query": [["limit", "100"], ["start", "0"]]}
_FEATURES = {"method": "POST", "path": "/rest/feature/1/site", "query": []}
_ENVELOPE = {"method": "POST", "path": json_rpc.PATH, "query": []}
BAD_REQUESTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"path": "/rest/plugins/1.0/", "query": []}, "neither in the document nor"),
    ({"query": [["startAt", "0"]]}, "unknown query parameter startAt"),
    ({**_FEATURES, "xsrf_header": None, "body": ["a"]}, "without X-Atlassian-Token"),
    ({**_FEATURES, "body": [1]}, "1 is not of type 'string'"),
    ({**_ENVELOPE, "body": {"jsonrpc": "2.0", "method": "removeSpace", "params": ["DOC"], "id": 1}}, "is not valid under any of the given schemas"),
    ({**_ENVELOPE, "path": f"{json_rpc.PATH}/removeAnonymousPermissionFromSpace", "body": ["VIEWSPACE"]}, "too short"),
    ({**_ENVELOPE, "path": "/admin/doeditsecurityconfig.action", "body": "webSudoEnable=true"}, "unknown form field webSudoEnable"),
    ({"user_agent": "Mozilla/5.0"}, "looks like a browser's"),
    ({"body": {"a": 1}}, "takes no body"),
)
