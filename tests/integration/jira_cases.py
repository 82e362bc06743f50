# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks the tests apply to Jira, by each way, with what must come of them on each version; and what is true, judged from the state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible_collections.hardening.atlassian.plugins.modules import jira_admin_session, jira_anonymous_access, jira_dark_features, jira_settings

from .results import said

VERSIONS = ("8.20", "9.12", "10.3", "11.2")
ENFORCED, PART, LEFT, NOT_EXAMINED, AUDITED = "enforced", "enforced where found, the rest not examined", "reported and left", "not examined", "audited"
STILL_OPEN = "switched on, found open, failed"
# The states that rows are in after a run, compliant ones apart.
STATES = {
    ENFORCED: {"changed"},
    PART: {"changed", "not_examined"},
    LEFT: {"drifted"},
    NOT_EXAMINED: {"not_examined"},
    AUDITED: {"not_examined"},  # of what nothing but a write would tell
    STILL_OPEN: {"changed", "failed"},
}
PUBLIC = "public.access.disabled"
SYSTEM = "atlassian.rest.xsrf.legacy.enabled"
REOPENED = "com.atlassian.jira.security.endpoint.anonymous.access.priority.enabled"
FEATURES = "/rest/internal/1.0/darkFeatures"
SCHEMES = "/rest/api/2/permissionscheme"
FILTERS = "/rest/api/2/filter"
ADMIN = "/secure/admin/"
REST_OF_FILTERS = "filters not shared with anyone"
SETTINGS = {
    "jira.option.globalsharing": False,
    "jira.mode": "private",
    "jira.maximum.authentication.attempts.allowed": 3,
    "jira.option.emailvisible": "user",
    "jira.user.avatar.gravatar.enabled": False,
    "jira.comment.level.visibility.groups": False,
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
    writes: tuple[str, str] | None = None
    planted: dict[str, Any] | None = None
    found: tuple[str, Any, Any] | None = None  # the row that shows what was planted

    @property
    def name(self) -> str:
        return f"{self.scope} by {self.way}"

    def on(self, version: str) -> str:
        return self.outcome[VERSIONS.index(version)]

    def given(self, simulator: Any, folder: Path) -> dict[str, Any]:
        """Options for a run: forms need a password, and what is taken away is remembered."""
        who = by_password(simulator) if self.way == "form" else {}
        remembers = self.module is jira_settings or self.options.get("scope") in ("permission_schemes", "global_permissions", "filters")
        return {**self.options, **who, **({"restore_path": str(folder / "restore.json")} if remembers else {})}


def by_password(simulator: Any) -> dict[str, Any]:
    return {"token": None, "username": "automation", "password": simulator.secrets["admin_password"], "allow_forms": True}


def _access(scope: str, **more: Any) -> dict[str, Any]:
    return {"scope": scope, **more}


EVERYWHERE = (ENFORCED,) * 4
LOGGED_IN = {"replace_with": "logged_in"}
_PLANTED_FILTER = {"filter": {"id": 10009, "name": "Planted", "owner": "lena", "jql": "project = HR", "shares": [{"type": "global"}]}}
_FOUND_FILTER = ("filter 10009 (Planted)", ["anyone"], ["loggedin"])
_PLANTED_SHARING = {"property": {"key": "jira.option.globalsharing", "value": "true"}}
_FOUND_SHARING = ("jira.option.globalsharing", True, False)
CASES = (
    Case(
        "site", "REST", jira_anonymous_access, _access("site"), (STILL_OPEN, ENFORCED, ENFORCED, ENFORCED),
        ("GET", FEATURES), ("PUT", FEATURES), {"site_feature": {"key": PUBLIC, "enabled": False}}, (PUBLIC, False, True),
    ),
    Case(
        "permission_schemes", "REST", jira_anonymous_access, _access("permission_schemes", **LOGGED_IN), EVERYWHERE,
        ("GET", SCHEMES), ("DELETE", SCHEMES), {"grant": {"scheme": 10101, "permission": "CREATE_ISSUES", "holder": {"type": "anyone"}}},
        ("Internal Scheme: CREATE_ISSUES", ["anyone", "applicationRole:jira-software"], ["applicationRole", "applicationRole:jira-software"]),
    ),
    Case("global_permissions", "REST", jira_anonymous_access, _access("global_permissions", **LOGGED_IN), (NOT_EXAMINED,) * 4, ("GET", "/rest/api/2/")),
    Case(
        "global_permissions", "form", jira_anonymous_access, _access("global_permissions", **LOGGED_IN), EVERYWHERE,
        ("GET", ADMIN), ("POST", f"{ADMIN}GlobalPermissions.jspa"), {"global_permission": {"key": "CREATE_SHARED_OBJECTS", "group": None, "granted": True}},
        ("CREATE_SHARED_OBJECTS", ["anyone", "group:jira-software-users"], ["group:jira-software-users"]),
    ),
    Case(
        "filters", "REST", jira_anonymous_access, _access("filters", **LOGGED_IN), (PART,) * 4,
        ("GET", FILTERS), ("POST", FILTERS), _PLANTED_FILTER, _FOUND_FILTER,
    ),
    Case(
        "filters", "form", jira_anonymous_access, _access("filters", **LOGGED_IN), EVERYWHERE,
        ("GET", f"{ADMIN}filters/"), ("PUT", FILTERS), _PLANTED_FILTER, _FOUND_FILTER,
    ),
    Case(
        "dashboards", "REST", jira_anonymous_access, _access("dashboards"), (LEFT,) * 4,
        ("GET", "/rest/api/2/dashboard"), None, {"share": {"dashboard": 10002, "type": "global"}}, ("dashboard 10002 (Operations)", "visible", "visible"),
    ),
    Case(
        "settings", "REST", jira_settings, {"settings": SETTINGS}, (PART,) * 4,
        ("GET", "/rest/api/2/application-properties"), ("PUT", "/rest/api/2/application-properties"), _PLANTED_SHARING, _FOUND_SHARING,
    ),
    Case(
        "settings", "form", jira_settings, {"settings": SETTINGS}, EVERYWHERE,
        ("GET", ADMIN), ("POST", f"{ADMIN}EditApplicationProperties.jspa"), _PLANTED_SHARING, _FOUND_SHARING,
    ),
    Case(
        "dark_features", "REST", jira_dark_features, {"enabled": [PUBLIC], "disabled": [REOPENED], "exclusive": True, "allowed": [SYSTEM]}, EVERYWHERE,
        ("GET", FEATURES), ("PUT", FEATURES), {"site_feature": {"key": "planted.by.hand", "enabled": True}}, ("planted.by.hand", True, False),
    ),
    Case("admin_session", "REST", jira_admin_session, {}, (NOT_EXAMINED,) * 4, ("GET", "/rest/api/2/")),
    Case(
        "admin_session", "form", jira_admin_session, {}, (AUDITED,) * 4,
        ("GET", ADMIN), None, {"websudo": False}, ("secure administrator sessions", "not asked", "not asked"),
    ),
)  # fmt: skip


def holders(scheme: dict[str, Any], permission: str) -> list[str]:
    return sorted({_holder(grant) for grant in scheme["grants"] if grant["permission"] == permission})


def _holder(grant: dict[str, Any]) -> str:
    nameless = grant["type"] == "group" and not grant["parameter"]
    return "anyone" if nameless or grant["type"] == "anyone" else ":".join(filter(None, (grant["type"], grant["parameter"])))


def shared_with(item: dict[str, Any]) -> list[str]:
    """As the modules name it."""
    return sorted({"anyone" if share["type"] == "global" else ":".join(filter(None, (share["type"], share["target"]))) for share in item["shares"]})


def public(things: dict[str, Any]) -> set[str]:
    """Ids of the filters or dashboards that are shared with anyone."""
    return {number for number, item in things.items() if "anyone" in shared_with(item)}


def comparable(state: dict[str, Any]) -> dict[str, Any]:
    """Everything that the tasks may take away; ids of grants and shares apart, since what comes back has new ones."""
    return {
        "schemes": {number: sorted((grant["permission"], _holder(grant)) for grant in scheme["grants"]) for number, scheme in state["schemes"].items()},
        "filters": {number: {**item, "shares": shared_with(item)} for number, item in state["filters"].items()},
        "dashboards": {number: shared_with(item) for number, item in state["dashboards"].items()},
        "global permissions": {key: sorted(map(str, groups)) for key, groups in state["global_permissions"].items()},
        "properties": state["properties"],
    }


def false_statements(result: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Rows that say compliant or changed of something that is not so."""
    on = {*state["features"]["site"], *state["features"]["system"]}
    schemes = {scheme["name"]: scheme for scheme in state["schemes"].values()}
    groups = {key: sorted("anyone" if name is None else f"group:{name}" for name in held) for key, held in state["global_permissions"].items()}
    dashboards = {f"dashboard {number} ({state['dashboards'][number]['name']})" for number in public(state["dashboards"])}
    filters = {f"filter {number} ({item['name']})": item for number, item in state["filters"].items()}
    known = {
        REST_OF_FILTERS: len(state["filters"]) - len(public(state["filters"])),
        "dashboards a stranger sees": len(public(state["dashboards"])),
        "secure administrator sessions": "asked" if state["websudo"] else "not asked",
    }
    wrong = []
    for setting, _before, after in said(result):
        name, separator, permission = setting.partition(": ")
        if setting == REST_OF_FILTERS:
            true = after <= known[setting]
        elif setting in known:
            true = after == known[setting]
        elif setting in filters:
            true = shared_with(filters[setting]) == after
        elif setting.removesuffix(": owner") in filters:
            true = filters[setting.removesuffix(": owner")]["owner"] == after
        elif setting.startswith("dashboard "):
            true = (setting in dashboards) == (after == "visible")
        elif setting in groups:
            true = groups[setting] == after
        elif setting in state["properties"]:
            true = state["properties"][setting] == (str(after).lower() if isinstance(after, bool) else str(after))
        elif separator:
            true = holders(schemes[name], permission) == after
        elif setting in schemes:
            true = not any("anyone" in holders(schemes[name], grant["permission"]) for grant in schemes[name]["grants"])
        elif setting == "exclusive":
            true = True
        else:
            true = (setting in on) == after
        if not true:
            wrong.append(f"{setting} is said to be so with {after!r}")
    return wrong
