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
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import DarkFeatures, Wish
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import World as Features
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_dark_features import PUBLIC_ACCESS, JiraFeatures
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_stranger import CLOSED, OPEN, Sight, look

STILL_OPEN = (
    f"{PUBLIC_ACCESS} is on, and strangers still read this: the switch does not close this site. "
    "Look for a cache or an app that answers, and refuse it at the proxy."
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
        return World(features, [sight for name, stranger in self.strangers.items() for sight in look(stranger, name)])

    def compare(self, world: World) -> list[Finding]:
        switch = self._features.compare(world.switch)
        is_on = world.switch.effective.get(PUBLIC_ACCESS)
        return [*switch, *(_judge(sight, is_on) for sight in world.sights)]

    def observe(self, world: World, setting: str) -> Any:
        states: dict[str, Any] = {sight.setting: sight.state for sight in world.sights}
        return states[setting] if setting in states else self._features.observe(world.switch, setting)

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing is removed: the switch can be turned back."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values


def _judge(sight: Sight, is_on: bool | None) -> Finding:
    if sight.state is None:
        return Setting(sight.setting, None, None, NOT_EXAMINED, sight.reason)
    if sight.state == CLOSED:
        return Setting(sight.setting, CLOSED, CLOSED, COMPLIANT)
    if is_on is not False:
        reason = STILL_OPEN if is_on else f"Strangers read this, and the state of {PUBLIC_ACCESS} is unknown."
        return Setting(sight.setting, OPEN, OPEN, FAILED, reason)
    return Change(sight.setting, OPEN, CLOSED, _by_the_switch, hint=STILL_OPEN)


def _by_the_switch() -> None:
    """A probe is closed by the switch's own change; there is nothing to write for it."""
