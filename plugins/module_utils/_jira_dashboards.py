# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Dashboards that somebody without an account sees. REST tells no shares of dashboards and changes none, so this only looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_dark_features import PUBLIC_ACCESS, JiraFeatures
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_projects import visible_dashboards
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_site_access import SYSTEM_DASHBOARD

SEEN, ALL = "visible", "dashboards a stranger sees"
PAGE = "/secure/admin/dashboards/ViewSharedDashboards.jspa"  # address not verified; only named to people
WHAT_TO_DO = f"No REST changes shares of dashboards. Ask the owner, or change the owner on the page Shared dashboards ({PAGE})."
SYSTEM = "The system dashboard, which every Jira shows before the log-in. What stands on it is not examined."
CLOSED = (
    "The site is closed to strangers, so which dashboards are shared with anyone cannot be listed: they would open with the site. "
    f"Look at the page Shared dashboards ({PAGE})."
)


@dataclass(frozen=True)
class World:
    """dashboards: names by id. reason: why not all of them are known; empty where they are."""

    dashboards: Mapping[int, str]
    reason: str = ""


@dataclass
class Dashboards:
    """The subject of module jira_anonymous_access, scope dashboards. strangers: clients without credentials by name. keep: ids that may be public."""

    client: Client
    strangers: Mapping[str, Client]
    keep: Sequence[int]

    def read(self) -> World:
        found: dict[int, str] = {}
        reasons: list[str] = []
        for stranger in self.strangers.values():
            try:
                found |= visible_dashboards(stranger)
            except AtlassianError as exc:
                reasons.append(CLOSED if exc.status in (401, 403) else exc.sentence)
        # Whoever sees one of people's dashboards sees all that are shared with anyone.
        if not reasons and not set(found) - {SYSTEM_DASHBOARD} and self._is_closed():
            reasons.append(CLOSED)
        return World(found, " ".join(dict.fromkeys(reasons)))

    def _is_closed(self) -> bool:
        """Then an empty answer says nothing of shares. What is not known counts as closed: nothing follows from blindness."""
        try:
            return JiraFeatures(self.client).is_on(PUBLIC_ACCESS)
        except AtlassianError:
            return True

    def compare(self, world: World) -> list[Finding]:
        findings = [self._judge(number, world.dashboards[number]) for number in sorted(world.dashboards)]
        if world.reason:
            findings.append(Setting(ALL, None, None, NOT_EXAMINED, world.reason))
        elif not findings:
            findings.append(Setting(ALL, 0, 0, COMPLIANT))
        return findings

    def observe(self, world: World, setting: str) -> Any:
        raise AtlassianError("Nothing is written here. Please report this.")

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing is written."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, number: int, name: str) -> Finding:
        setting = f"dashboard {number} ({name})"
        if number in self.keep:
            return Setting(setting, SEEN, SEEN, COMPLIANT, "Seen by anyone and listed in keep_dashboards.")
        if number == SYSTEM_DASHBOARD:
            return Setting(setting, SEEN, SEEN, COMPLIANT, SYSTEM)
        return Setting(setting, SEEN, SEEN, DRIFTED, WHAT_TO_DO)
