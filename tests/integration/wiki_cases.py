# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks the tests apply to Confluence, by each way, with what must come of them on each version; and what is true, judged from the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible_collections.hardening.atlassian.plugins.modules import (
    confluence_anonymous_access,
    confluence_dark_features,
    confluence_settings,
)

from .results import rows, said

VERSIONS = ("7.19", "8.5", "9.2", "10.2")
ENFORCED, LEFT, NOT_EXAMINED = "enforced", "reported and left", "not examined"
SPACE, RPC = "/rest/api/space/", "/rpc/json-rpc/confluenceservice-v2/"
SETTINGS = {
    "publicSignup": False,
    "allowRemoteApiAnonymous": False,
    "emailAddressVisibility": "email.address.private",
    "enableElevatedSecurityCheck": True,
    "loginAttemptsThreshold": 5,
    "webSudoTimeout": 10,
    "allowRemoteApi": False,
}


@dataclass(frozen=True)
class Case:
    """One scope by one way. outcome: for each of VERSIONS. reads, writes: (method, path prefix) of one of its reads and of one of its writes."""

    scope: str
    way: str
    module: ModuleType
    options: dict[str, Any]
    outcome: tuple[str, str, str, str]
    reads: tuple[str, str]
    writes: tuple[str, str]
    planted: dict[str, Any] = field(default_factory=dict)
    found: tuple[str, Any, Any] | None = None  # the row that shows what was planted

    @property
    def name(self) -> str:
        return f"{self.scope} by {self.way}"

    def on(self, version: str) -> str:
        return self.outcome[VERSIONS.index(version)]

    def with_restore(self, folder: Path) -> dict[str, Any]:
        return {**self.options, "restore_path": str(folder / "restore.json")} if self.module is confluence_anonymous_access else self.options


def _access(scope: str, way: str, **more: Any) -> dict[str, Any]:
    return {"scope": scope, "routes": [{"JSON-RPC": "jsonrpc"}.get(way, way.lower())], "allow_forms": way == "form", **more}


def _use(granted: bool = True) -> dict[str, Any]:
    return {"global_permission": {"subject": "anonymous", "operation": "application use", "granted": granted}}


EVERYWHERE = (ENFORCED,) * 4
LOGGED_IN = {"replace_with": "logged_in", "replace_groups": ["confluence-users"]}
_SPACE_DRIFT = {"space_permission": {"space": "TEAM", "subject": "anonymous", "operation": "comment create", "granted": True}}
_LICENCE_DRIFT = {"global_permission": {"subject": "unlicensed", "operation": "application use_unlicensed", "granted": True}}
CASES = (
    Case(
        "site", "REST", confluence_anonymous_access, _access("site", "REST"), (LEFT, LEFT, LEFT, ENFORCED),
        ("GET", "/rest/api/permissions"), ("PUT", "/rest/api/permissions"), _use(), ("anonymous: use Confluence", True, False),
    ),
    Case(
        "site", "JSON-RPC", confluence_anonymous_access, _access("site", "JSON-RPC"), EVERYWHERE,
        ("POST", f"{RPC}getServerInfo"), ("POST", f"{RPC}removeAnonymous"), _use(), ("anonymous: use Confluence", True, False),
    ),
    Case(
        "site", "form", confluence_anonymous_access, _access("site", "form"), EVERYWHERE,
        ("GET", "/admin/permissions/"), ("POST", "/admin/permissions/"), _use(), ("anonymous: use Confluence", True, False),
    ),
    Case(
        "user_profiles", "REST", confluence_anonymous_access, _access("user_profiles", "REST"), (LEFT, LEFT, LEFT, ENFORCED),
        ("GET", "/rest/api/permissions"), ("PUT", "/rest/api/permissions"),
    ),
    Case(
        "user_profiles", "JSON-RPC", confluence_anonymous_access, _access("user_profiles", "JSON-RPC"), EVERYWHERE,
        ("POST", f"{RPC}getServerInfo"), ("POST", f"{RPC}removeAnonymous"),
    ),
    Case(
        "user_profiles", "form", confluence_anonymous_access, _access("user_profiles", "form"), EVERYWHERE,
        ("GET", "/admin/permissions/"), ("POST", "/admin/permissions/"),
    ),
    Case(
        "spaces", "REST", confluence_anonymous_access, _access("spaces", "REST", **LOGGED_IN), (NOT_EXAMINED, NOT_EXAMINED, ENFORCED, ENFORCED),
        ("GET", SPACE), ("PUT", SPACE), _SPACE_DRIFT, ("TEAM: comment create", ["anonymous"], ["group:confluence-users"]),
    ),
    Case(
        "spaces", "JSON-RPC", confluence_anonymous_access, _access("spaces", "JSON-RPC", **LOGGED_IN), EVERYWHERE,
        ("POST", f"{RPC}getSpacePermissionSets"), ("POST", f"{RPC}removeAnonymousPermissionFromSpace"),
        _SPACE_DRIFT, ("TEAM: comment create", ["anonymous"], ["group:confluence-users"]),
    ),
    Case(
        "spaces", "form", confluence_anonymous_access, _access("spaces", "form", replace_with="none"), EVERYWHERE,
        ("GET", "/spaces/"), ("POST", "/spaces/"), _SPACE_DRIFT, ("TEAM: comment create", ["anonymous"], []),
    ),
    Case(
        "unlicensed", "REST", confluence_anonymous_access, _access("unlicensed", "REST"), (NOT_EXAMINED, NOT_EXAMINED, LEFT, ENFORCED),
        ("GET", "/rest/api/permissions"), ("PUT", "/rest/api/permissions"), _LICENCE_DRIFT, ("unlicensed: use Confluence", True, False),
    ),
    Case(
        "unlicensed", "JSON-RPC", confluence_anonymous_access, _access("unlicensed", "JSON-RPC"), (NOT_EXAMINED,) * 4,
        ("POST", f"{RPC}getServerInfo"), ("POST", RPC),
    ),
    Case(
        "unlicensed", "form", confluence_anonymous_access, _access("unlicensed", "form"), (NOT_EXAMINED,) * 4,
        ("GET", "/admin/permissions/"), ("POST", "/admin/permissions/"),
    ),
    Case(
        "settings", "form", confluence_settings, {"settings": SETTINGS, "allow_forms": True}, EVERYWHERE,
        ("GET", "/admin/"), ("POST", "/admin/"), {"setting": {"name": "webSudoTimeout", "value": 90}}, ("webSudoTimeout", 90, 10),
    ),
    Case(
        "dark_features", "REST", confluence_dark_features, {"enabled": ["wanted.key"], "disabled": ["simulated.experiment"]}, EVERYWHERE,
        ("GET", "/rest/feature/1/site"), ("DELETE", "/rest/feature/1/site"),
        {"site_feature": {"key": "simulated.experiment", "enabled": True}}, ("simulated.experiment", True, False),
    ),
    Case(
        "dark_features", "form", confluence_dark_features,
        {"exclusive": True, "allowed": ["simulated.experiment"], "allow_forms": True}, EVERYWHERE,
        ("GET", "/admin/darkfeatures.action"), ("DELETE", "/rest/feature/1/site"),
        {"site_feature": {"key": "planted.by.hand", "enabled": True}}, ("planted.by.hand", True, False),
    ),
)  # fmt: skip


def uncounted(result: dict[str, Any]) -> dict[str, Any]:
    """The result without the row of versions that do not count their spaces: what the account does not see is not examined there."""
    return {**result, "settings": [row for row in result["settings"] if "does not count" not in row["reason"]]}


def _holders(state: dict[str, Any], space: str, operation: str) -> list[str]:
    """As modules name them, users without their kind of name."""
    return sorted(_plain(subject) for subject, held in state["spaces"][space]["permissions"].items() if operation in held)


def _plain(subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    return f"user:{name.removeprefix('ff80808-')}" if kind in ("user", "userkey") else subject


def false_statements(result: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Rows that say compliant or changed of something that is not so."""
    anonymous, unlicensed = (state["permissions"].get(name, []) for name in ("anonymous", "unlicensed"))
    on = {*state["features"]["site"], *state["features"]["system"]}
    open_spaces = [key for key, space in state["spaces"].items() if space["permissions"].get("anonymous")]
    known = {
        "anonymous: use Confluence": "application use" in anonymous,
        "anonymous: view user profiles": "user read" in anonymous,
        "unlicensed: use Confluence": "application use_unlicensed" in unlicensed,
        "unlicensed: view user profiles": "user read" in unlicensed,
        "publicSignup": state["settings"]["signupMode"] != "private",
        **state["settings"],
    }
    wrong = []
    for setting, _before, after in said(result):
        space, _separator, operation = setting.partition(": ")
        if setting in known:
            true = known[setting] == after
        elif space in state["spaces"]:
            true = _holders(state, space, operation) == sorted(_plain(holder) for holder in after)
        elif setting == "spaces without a grant to anonymous":
            true = after <= len(state["spaces"]) - len(open_spaces) + len(rows(result, "changed"))
        elif setting == "exclusive":
            true = True
        else:
            true = (setting in on) == after
        if not true:
            wrong.append(f"{setting} is said to be so with {after!r}")
    return wrong
