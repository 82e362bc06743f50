# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Dark features of either product: which keys are wanted, which are on, and what is said of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

MIGRATION = ".migration."
LONGEST_KEY = 255  # Jira's own form takes no longer ones


@dataclass(frozen=True)
class Wish:
    """What the user asked for; keys without blanks around them."""

    enabled: Sequence[str] = ()
    disabled: Sequence[str] = ()
    exclusive: bool = False
    allowed: Sequence[str] = ()


@dataclass(frozen=True)
class FeatureList:
    """enabled: keys that are on, whoever switched them on. flags: registered flags with a default -> their state; None if not told."""

    enabled: frozenset[str]
    flags: Mapping[str, bool] | None = None


class FeatureSite(Protocol):
    """One product's way of keeping dark features. Only `switch` changes anything."""

    client: Client

    def list(self) -> tuple[FeatureList | None, str]:
        """The keys that are on and what to add to that, or None and the reason why they could not be listed."""

    def is_on(self, key: str) -> bool:
        """Raises AtlassianError where that cannot be told."""

    def switch(self, key: str, on: bool) -> None:
        """Raises AtlassianError where it was not done."""

    def wanted_keys(self, wish: Wish, listing: FeatureList | None) -> dict[str, bool]:
        """Each key of the product's store that has to be on or off. Raises AtlassianError for contradictions."""

    def is_protected(self, key: str) -> bool:
        """Whether `exclusive` must leave this key alone."""

    def note(self, key: str, listing: FeatureList | None) -> str:
        """What to say of a key that may not be understood here."""

    def hint(self, key: str, wanted: bool) -> str:
        """What to do where a write did not help."""


@dataclass(frozen=True)
class World:
    listing: FeatureList | None
    remark: str
    wanted: Mapping[str, bool]
    effective: Mapping[str, bool]
    unread: Mapping[str, str]


def parse_wish(enabled: Iterable[str] | None, disabled: Iterable[str] | None, exclusive: bool, allowed: Iterable[str] | None) -> Wish:
    """Raises AtlassianError naming the option and the key that cannot be."""
    return Wish(_keys("enabled", enabled), _keys("disabled", disabled), exclusive, _keys("allowed", allowed))


def _keys(option: str, given: Iterable[str] | None) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key.strip() for key in given or ()))
    for key in keys:
        if not key or len(key) > LONGEST_KEY or any(character.isspace() for character in key):
            raise AtlassianError(f"{option}: {key!r} is no key of a dark feature. Give 1 to {LONGEST_KEY} characters without blanks.")
    return keys


def collect(wanted: dict[str, bool], option: str, key: str, names: Mapping[str, bool]) -> None:
    """Add what one key of the user means to `wanted`. Raises AtlassianError where that contradicts another key."""
    for name, value in names.items():
        if wanted.setdefault(name, value) != value:
            raise AtlassianError(f"{option}: {key} contradicts another key of enabled or disabled ({name} would be both on and off). Remove one.")


@dataclass
class DarkFeatures:
    """The subject of the modules *_dark_features."""

    site: FeatureSite
    wish: Wish
    _examined: set[str] = field(default_factory=set)

    def read(self) -> World:
        return self._read(*self.site.list())

    def read_keys(self) -> World:
        """Without the list of other keys: for a wish that names all it wants and is not exclusive."""
        return self._read(None, "Not asked for.")

    def _read(self, listing: FeatureList | None, remark: str) -> World:
        wanted = self.site.wanted_keys(self.wish, listing)
        if self.wish.exclusive and listing:
            wanted.update({key: False for key in self._others(listing, wanted)})
        self._examined.update(wanted)
        keys = sorted(self._examined)
        effective: dict[str, bool] = {}
        unread: dict[str, str] = {}
        for key, answer in zip(keys, self.site.client.gather(self.site.is_on, keys)):
            if isinstance(answer, AtlassianError):
                unread[key] = answer.sentence
            else:
                effective[key] = answer
        return World(listing, remark, wanted, effective, unread)

    def _others(self, listing: FeatureList, named: Collection[str]) -> list[str]:
        spared = {*named, *self.wish.allowed}
        return [key for key in listing.enabled if key not in spared and not self.site.is_protected(key)]

    def compare(self, world: World) -> list[Finding]:
        findings = [self._judge(world, key) for key in sorted(world.wanted)]
        if self.wish.exclusive and world.listing is None:
            findings.append(Setting("exclusive", None, None, NOT_EXAMINED, world.remark))
        elif self.wish.exclusive and not set(world.wanted) - set(self.site.wanted_keys(self.wish, world.listing)):
            findings.append(Setting("exclusive", True, True, COMPLIANT, world.remark))
        return findings

    def observe(self, world: World, setting: str) -> bool:
        if setting in world.unread:
            raise AtlassianError(world.unread[setting])
        return world.effective[setting]

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing to save: the result names each key and what it was."""

    def dump(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"disabled": sorted(key for key in values if not values[key]), "enabled": sorted(key for key in values if values[key])}

    def _judge(self, world: World, key: str) -> Finding:
        wanted = world.wanted[key]
        if key in world.unread:
            return Setting(key, None, None, FAILED, world.unread[key])
        note = self.site.note(key, world.listing)
        if world.effective[key] == wanted:
            return Setting(key, wanted, wanted, COMPLIANT, note)
        return Change(key, not wanted, wanted, lambda: self.site.switch(key, wanted), note, self.site.hint(key, wanted))
