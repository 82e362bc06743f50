# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks the tests apply, and what is true of a product: judged from the simulator's state, not from what a module says."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access, jira_dark_features

PUBLIC = "public.access.disabled"
SYSTEM = "atlassian.rest.xsrf.legacy.enabled"
REOPENED = "com.atlassian.jira.security.endpoint.anonymous.access.priority.enabled"


@dataclass(frozen=True)
class Case:
    name: str
    module: ModuleType
    options: dict[str, Any]
    reads: str  # prefix of the path its reads go to
    writes: tuple[str, str]  # method and path prefix of one of its writes

    def with_restore(self, folder: Any) -> dict[str, Any]:
        return {**self.options, "restore_path": str(folder / "restore.json")} if self.options.get("scope") == "permission_schemes" else self.options


FEATURES = "/rest/internal/1.0/darkFeatures"
SCHEMES = "/rest/api/2/permissionscheme"
CASES = (
    Case(
        "dark features",
        jira_dark_features,
        {"enabled": [PUBLIC], "disabled": [REOPENED], "exclusive": True, "allowed": [SYSTEM]},
        FEATURES,
        ("PUT", FEATURES),
    ),
    Case("site", jira_anonymous_access, {"scope": "site"}, FEATURES, ("PUT", FEATURES)),
    Case("schemes", jira_anonymous_access, {"scope": "permission_schemes", "replace_with": "logged_in"}, SCHEMES, ("DELETE", SCHEMES)),
)


def rows(result: dict[str, Any], *states: str) -> list[tuple[str, Any, Any]]:
    """(setting, before, after) of the rows in these states."""
    return [(row["setting"], row["before"], row["after"]) for row in result["settings"] if row["state"] in states]


def holders(scheme: dict[str, Any], permission: str) -> list[str]:
    found = set()
    for grant in scheme["grants"]:
        if grant["permission"] == permission:
            nameless = grant["type"] == "group" and not grant["parameter"]
            found.add("anyone" if nameless or grant["type"] == "anyone" else ":".join(filter(None, (grant["type"], grant["parameter"]))))
    return sorted(found)


def false_statements(result: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Rows that say compliant or changed of something that is not so."""
    on = set(state["features"]["site"]) | set(state["features"]["system"])
    schemes = {scheme["name"]: scheme for scheme in state["schemes"].values()}
    wrong = []
    for row in result["settings"]:
        setting, after = row["setting"], row["after"]
        if row["state"] not in ("compliant", "changed") or setting == "exclusive" or setting.startswith("stranger"):
            continue
        name, separator, permission = setting.partition(": ")
        if separator:
            true = holders(schemes[name], permission) == after
        elif setting in schemes:
            true = not any("anyone" in holders(schemes[name], grant["permission"]) for grant in schemes[name]["grants"])
        else:
            true = (setting in on) == after
        if not true:
            wrong.append(f"{setting} is said to be {row['state']} with {after!r}")
    return wrong
