# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Dark features of Jira: which keys are wanted, which are on, and how one is switched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_page import FeatureList, parse_features

# Private REST named by Atlassian's article "Enable dark feature in Jira"; GET tells the effective state of one key.
PATH = "/rest/internal/1.0/darkFeatures/"
# Pages that carry the list; the first that does is used.
PAGES = ("/login.jsp", "/secure/Dashboard.jspa")
PUBLIC_ACCESS = "public.access.disabled"
MIGRATION = ".migration."
LONGEST_KEY = 255  # Jira's own form takes no longer ones
ON, OFF = ".enabled", ".disabled"
BARE = (
    "The page does not tell flags from plain keys here: if this is a flag with a default, name it with .enabled or .disabled, "
    "or nothing follows from the key."
)


@dataclass(frozen=True)
class Wish:
    """What the user asked for; keys without blanks around them."""

    enabled: Sequence[str] = ()
    disabled: Sequence[str] = ()
    exclusive: bool = False
    allowed: Sequence[str] = ()


@dataclass(frozen=True)
class World:
    listing: FeatureList | None
    why_no_listing: str
    wanted: Mapping[str, bool]
    effective: Mapping[str, bool]
    unread: Mapping[str, str]


def parse_wish(enabled: Iterable[str] | None, disabled: Iterable[str] | None, exclusive: bool, allowed: Iterable[str] | None) -> Wish:
    """Raises AtlassianError naming the option and the key that cannot be."""
    wish = Wish(_keys("enabled", enabled), _keys("disabled", disabled), exclusive, _keys("allowed", allowed))
    wanted_keys(wish, {})  # contradictions show without asking the product
    return wish


def _keys(option: str, given: Iterable[str] | None) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key.strip() for key in given or ()))
    for key in keys:
        if not key or len(key) > LONGEST_KEY or any(character.isspace() for character in key):
            raise AtlassianError(f"{option}: {key!r} is no key of a dark feature. Give 1 to {LONGEST_KEY} characters without blanks.")
        if key.endswith((ON + OFF, OFF + ON, ON + ON, OFF + OFF)):
            raise AtlassianError(f"{option}: {key} has its suffix twice. Give the flag's name with .enabled or .disabled once.")
    return keys


def is_exact(key: str) -> bool:
    """Keys used exactly as named, never with a suffix or as half of a pair (Atlassian's articles on dark features and anonymous access)."""
    return key == PUBLIC_ACCESS or key.startswith("com.atlassian.jira.migration.")


def is_protected(key: str) -> bool:
    """`exclusive` must not remove what closes the site, nor what may have no way back."""
    return key == PUBLIC_ACCESS or MIGRATION in key


def wanted_keys(wish: Wish, flags: Mapping[str, bool]) -> dict[str, bool]:
    """Each key of the product's store that has to be on or off. A flag with a built-in default is a pair of keys: one forces it on, one off."""
    wanted: dict[str, bool] = {}
    for option, keys, state in (("enabled", wish.enabled, True), ("disabled", wish.disabled, False)):
        for key in keys:
            for name, value in _for_key(key, state, flags).items():
                if wanted.setdefault(name, value) != value:
                    raise AtlassianError(f"{option}: {key} contradicts another key of enabled or disabled ({name} would be both on and off). Remove one.")
    return wanted


def _for_key(key: str, state: bool, flags: Mapping[str, bool]) -> dict[str, bool]:
    if is_exact(key):
        return {key: state}
    for suffix, other in ((ON, OFF), (OFF, ON)):
        if key.endswith(suffix):
            return {key: True, key.removesuffix(suffix) + other: False} if state else {key: False}
    if key in flags:
        return {key + ON: state, key + OFF: not state}
    return {key: state}


@dataclass
class DarkFeatures:
    """The subject of module jira_dark_features."""

    client: Client
    wish: Wish
    _examined: set[str] = field(default_factory=set)

    def read(self) -> World:
        return self._read(*self._list())

    def read_keys(self) -> World:
        """Without the list of other keys: for a wish that names all it wants and is not exclusive."""
        return self._read(None, "Not asked for.")

    def _read(self, listing: FeatureList | None, why: str) -> World:
        wanted = wanted_keys(self.wish, _flags(listing))
        if self.wish.exclusive and listing:
            named = set(wanted) | set(self.wish.allowed)
            wanted.update({key: False for key in listing.enabled if key not in named and not is_protected(key)})
        self._examined.update(wanted)
        keys = sorted(self._examined)
        effective: dict[str, bool] = {}
        unread: dict[str, str] = {}
        for key, answer in zip(keys, self.client.gather(self._is_on, keys)):
            if isinstance(answer, AtlassianError):
                unread[key] = answer.sentence
            else:
                effective[key] = answer
        return World(listing, why, wanted, effective, unread)

    def compare(self, world: World) -> list[Finding]:
        findings = [self._judge(world, key) for key in sorted(world.wanted)]
        if self.wish.exclusive and world.listing is None:
            findings.append(Setting("exclusive", None, None, NOT_EXAMINED, world.why_no_listing))
        elif self.wish.exclusive:
            others = set(world.wanted) - set(wanted_keys(self.wish, _flags(world.listing)))
            if not others:
                findings.append(Setting("exclusive", True, True, COMPLIANT))
        return findings

    def observe(self, world: World, setting: str) -> bool | None:
        return world.effective.get(setting)

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing to save: the result names each key and what it was."""

    def dump(self, values: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"disabled": sorted(key for key in values if not values[key]), "enabled": sorted(key for key in values if values[key])}

    def _judge(self, world: World, key: str) -> Finding:
        wanted = world.wanted[key]
        if key in world.unread:
            return Setting(key, None, None, FAILED, world.unread[key])
        note = "" if _is_understood(key, world.listing) else BARE
        if world.effective[key] == wanted:
            return Setting(key, wanted, wanted, COMPLIANT, note)
        return Change(key, not wanted, wanted, lambda: self._switch(key, wanted), note, _hint(key, wanted))

    def _is_on(self, key: str) -> bool:
        path = PATH + quote(key, safe="")
        answer = self.client.get_json(path)
        if not isinstance(answer, dict) or not isinstance(answer.get("enabled"), bool):
            raise AtlassianError(f"GET {path} answered without a state (enabled: true or false). Check that this product version has this interface.")
        return bool(answer["enabled"])

    def _switch(self, key: str, on: bool) -> None:
        def write() -> None:
            self.client.write("PUT", PATH + quote(key, safe=""), {"enabled": on})

        self.client.settle(write, lambda: self._is_on(key) == on)

    def _list(self) -> tuple[FeatureList | None, str]:
        """The list, or why there is none. It is the same for a stranger, but for features of single users."""
        tried = []
        for page in PAGES:
            try:
                response = self.client.get_page(page)
            except AtlassianError as exc:
                tried.append(exc.sentence)
                continue
            listing = parse_features(response.text) if response.status == 200 else None
            if listing is not None:
                return listing, ""
            tried.append(f"{response.request.label} answered {response.status} without a list of feature keys.")
        return None, "Which other keys are on could not be listed. " + " ".join(tried)


def _flags(listing: FeatureList | None) -> Mapping[str, bool]:
    return (listing.flags if listing else None) or {}


def _is_understood(key: str, listing: FeatureList | None) -> bool:
    """A flag's bare name switches nothing, and only the page tells which names are flags."""
    return is_exact(key) or key.endswith((ON, OFF)) or (listing is not None and listing.flags is not None)


def _hint(key: str, wanted: bool) -> str:
    if wanted:
        return "If -Datlassian.darkfeature.disabled=true is among the JVM's arguments, no dark feature works: remove it."
    return (
        f"It is a system feature, switched on when the JVM starts: remove -Datlassian.darkfeature.{key}=true from the JVM's arguments "
        "(or the line in atlassian-darkfeatures.properties) and restart, or list the key in allowed."
    )
