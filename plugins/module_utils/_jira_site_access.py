# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Whether the whole site is closed to strangers: the switch says so, and a stranger finds it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Change, Finding
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import DarkFeatures, Wish
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import World as Features
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_dark_features import PUBLIC_ACCESS, JiraFeatures
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import Probe, Sight, as_list, judge, look

STILL_OPEN = (
    f"{PUBLIC_ACCESS} is on, and strangers still read this: the switch does not close this site. "
    "Look for a cache or an app that answers, and refuse it at the proxy."
)
# A new Jira ships one dashboard with this id, and shows it to everybody before the log-in.
SYSTEM_DASHBOARD = 10000


def _dashboards(body: Any) -> int | str:
    shown = body["dashboards"]
    if len(shown) == 1 and str(shown[0]["id"]) != str(SYSTEM_DASHBOARD):
        return "A single dashboard is shown; whether it is the system dashboard every stranger may see cannot be told. Look at it once without log-in."
    return 0 if len(shown) <= 1 else len(shown)


# Atlassian's REST documentation: these answer an anonymous caller with what "Anyone" may see; closed they are empty, 401 or 403.
PROBES = (
    Probe("/rest/api/2/project", lambda body: len(as_list(body))),
    Probe("/rest/api/2/dashboard", _dashboards),
    Probe("/rest/api/2/user/picker?query=a", lambda body: len(as_list(body["users"]))),
    Probe("/rest/api/2/groupuserpicker?query=a", lambda body: len(as_list(body["users"]["users"])) + len(as_list(body["groups"]["groups"]))),
    Probe("/rest/api/2/groups/picker", lambda body: len(as_list(body["groups"]))),
)


@dataclass(frozen=True)
class World:
    switch: Features
    sights: Sequence[Sight]


@dataclass
class SiteAccess:
    """The subject of module jira_anonymous_access, scope site. strangers: clients without credentials by name ("" for url)."""

    client: Client
    strangers: Mapping[str, Client]

    def __post_init__(self) -> None:
        self._features = DarkFeatures(JiraFeatures(self.client), Wish(enabled=(PUBLIC_ACCESS,)))

    def read(self) -> World:
        features = self._features.read_keys()
        return World(features, [sight for name, stranger in self.strangers.items() for sight in look(stranger, PROBES, name)])

    def compare(self, world: World) -> list[Finding]:
        is_on = world.switch.effective.get(PUBLIC_ACCESS)
        still_open = f"Strangers read this, and the state of {PUBLIC_ACCESS} is unknown." if is_on is None else STILL_OPEN
        return [*self._features.compare(world.switch), *(judge(sight, is_on, still_open) for sight in world.sights)]

    def observe(self, world: World, setting: str) -> Any:
        sight = next((sight for sight in world.sights if sight.setting == setting), None)
        if sight is None:
            return self._features.observe(world.switch, setting)
        if sight.state is None:
            raise AtlassianError(sight.reason)
        return sight.state

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing is removed: the switch can be turned back."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values
