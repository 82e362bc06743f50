# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""No space grants anything to anonymous, and nobody who logs in loses access by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import ANONYMOUS, Holder, Operation, by_operation, texts
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_people import UserNames, existing_groups
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_space_routes import SpaceRoute
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_spaces import Listed, count_spaces, pages
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._progress import Progress
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory

REPLACE_LOGGED_IN, REPLACE_NONE = "logged_in", "none"
SOLE = (
    "Left as it is: what anonymous holds also covers everybody who logs in, and these do not hold it otherwise: {missing}. "
    "Set replace_with to logged_in (they keep it) or to none (they lose it)."
)
UNKNOWN_GROUPS = (
    "Left as it is: what anonymous holds also covers everybody who logs in, and who may use Confluence cannot be read here. "
    "Name the groups in replace_groups, or set replace_with to none (whoever holds nothing else loses it)."
)
HIDDEN = (
    "There are {count} spaces that this account does not see. None of them lets strangers read, since whatever anonymous may read everybody sees; "
    "what else is granted to anonymous there is not known. Let the account see them, for example as a member of confluence-administrators."
)
UNCOUNTED = (
    "Whether there are spaces that this account does not see is not known, since the product does not count them for it ({why}) "
    "None of them lets strangers read, since whatever anonymous may read everybody sees; what else is granted to anonymous there is not known."
)
REST_OF_SPACES = "spaces without a grant to anonymous"
MOST_NAMED = 20
MOST_BROKEN = 100  # rows for single spaces that could not be examined; more than that is one cause


@dataclass(frozen=True)
class Kept:
    """A grant to anonymous that is wanted."""

    space: str
    operation: Operation


@dataclass(frozen=True)
class Space:
    """One space in which anonymous holds something (or did before this run). kind: as Listed has it."""

    key: str
    kind: str
    holders: Mapping[Operation, Sequence[Holder]]

    @property
    def open(self) -> list[Operation]:
        return [operation for operation, holders in self.holders.items() if ANONYMOUS in holders]


@dataclass
class World:
    """route: None where there is no way to examine spaces, for `reason`."""

    route: SpaceRoute | None
    reason: str = ""
    spaces: dict[str, Space] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    listed: int = 0
    hidden: str = ""  # why the spaces that the caller does not see are not examined; empty where there is none
    unread: dict[str, str] = field(default_factory=dict)  # written to, and could not be read again


@dataclass(frozen=True)
class Removal:
    """What one change does: first the additions, then the revocation."""

    space: Space
    operation: Operation
    add: tuple[Holder, ...]


@dataclass
class SpaceAccess:
    """The subject of module confluence_anonymous_access, scope spaces. memory is written before the first revocation.

    routes: in the order in which they are tried; unusable: why others are not among them. users_of_site: who may use Confluence, anonymous
    aside; None where that cannot be read. It is asked only where it matters.
    """

    client: Client
    routes: Sequence[SpaceRoute]
    unusable: Sequence[str]
    users_of_site: Callable[[], list[Holder] | None]
    keep: Sequence[Kept]
    replace_with: str | None
    replace_groups: Sequence[str]
    memory: Memory
    progress: Progress
    _world: World | None = None
    _everybody: tuple[list[Holder] | None] | None = None
    _removals: dict[str, Removal] = field(default_factory=dict)
    _written: int = 0

    def __post_init__(self) -> None:
        self._names = UserNames(self.client)

    def read(self) -> World:
        """All spaces the first time; after the writes only those that were written to."""
        if self._world is not None and self.memory.used:
            return self._read_again(self._world)
        self._world = self._scan()
        return self._world

    def _scan(self) -> World:
        total, answer = count_spaces(self.client)
        world = World(None, "This account sees no space at all.")
        seen: set[str] = set()
        wanted = {entry.space for entry in self.keep}
        for page in pages(self.client):
            if world.route is None:
                world.route, world.reason = self._choose([space.key for space in page])
                if world.route is None:
                    return world
            self._examine(world, world.route, page)
            seen.update(space.key for space in page if space.key in wanted)
            self.progress.tell(self._line(world, total))
        missing = sorted(wanted - seen)
        if missing:
            raise AtlassianError(f"keep: there is no space {missing[0]!r} that this account sees. Correct its key, or remove the entry; nothing was changed.")
        world.hidden = _hidden(total, answer, world.listed)
        return world

    def _line(self, world: World, total: int | None) -> str:
        of = f" of {total}" if total is not None else ""
        broken = f", {len(world.broken)} could not be examined" if world.broken else ""
        return f"{world.listed}{of} spaces examined, {len(world.spaces)} of them grant something to anonymous{broken}"

    def _choose(self, keys: Sequence[str]) -> tuple[SpaceRoute | None, str]:
        refusals = list(self.unusable)
        for route in self.routes:
            reason = route.missing(keys)
            if not reason:
                return route, ""
            refusals.append(f"{route.name}: {reason}.")
        return None, "No way to examine spaces is open. " + " ".join(refusals)

    def _examine(self, world: World, route: SpaceRoute, page: Sequence[Listed]) -> None:
        def look(space: Listed) -> Space | None:
            return Space(space.key, space.kind, by_operation(route.grants(space.key))) if route.anonymous(space.key) else None

        for space, found in zip(page, self.client.gather(look, page)):
            if isinstance(found, AtlassianError):
                world.broken[space.key] = found.sentence
            elif found is not None:
                world.spaces[space.key] = found
        world.listed += len(page)

    def _read_again(self, before: World) -> World:
        route = before.route
        if route is None:
            return before
        keys = sorted({removal.space.key for removal in self._removals.values()})
        after = World(route, "", {}, dict(before.broken), before.listed, before.hidden)
        for key, found in zip(keys, self.client.gather(lambda key: by_operation(route.grants(key)), keys)):
            if isinstance(found, AtlassianError):
                after.unread[key] = found.sentence
            else:
                after.spaces[key] = Space(key, before.spaces[key].kind, found)
        return after

    def compare(self, world: World) -> list[Finding]:
        if world.route is None:
            return [Setting("spaces", None, None, NOT_EXAMINED, world.reason)]
        findings: list[Finding] = []
        for key in sorted(world.spaces):
            space = world.spaces[key]
            findings += [self._judge(world.route, space, operation) for operation in space.open]
        findings += _broken(world.broken)
        closed = world.listed - len(world.broken) - sum(bool(space.open) for space in world.spaces.values())
        if closed:
            findings.append(Setting(REST_OF_SPACES, closed, closed, COMPLIANT))
        if world.hidden:
            findings.append(Setting("spaces this account does not see", None, None, NOT_EXAMINED, world.hidden))
        return findings

    def observe(self, world: World, setting: str) -> list[str]:
        removal = self._removals[setting]
        if removal.space.key in world.unread:
            raise AtlassianError(world.unread[removal.space.key])
        return texts(world.spaces[removal.space.key].holders.get(removal.operation, ()))

    def prepare(self, changes: Sequence[Change]) -> None:
        removals = [self._removals[change.setting] for change in changes]
        self.memory.remember(
            [_remembered(removal, ANONYMOUS) for removal in removals],
            [_remembered(removal, holder) for removal in removals for holder in removal.add],
        )

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, route: SpaceRoute, space: Space, operation: Operation) -> Finding:
        setting = f"{space.key}: {operation.text}"
        holders = space.holders[operation]
        before = texts(holders)
        note = f"{space.kind} space".strip() if space.kind else ""
        if Kept(space.key, operation) in self.keep:
            return Setting(setting, before, before, COMPLIANT, "Granted to anonymous and listed in keep.")
        add: tuple[Holder, ...] = ()
        if self.replace_with != REPLACE_NONE:
            everybody = self._whoever_logs_in(route)
            if not everybody:
                return Setting(setting, before, before, DRIFTED, UNKNOWN_GROUPS)
            add = tuple(holder for holder in everybody if holder not in holders)
            if add and self.replace_with is None:
                return Setting(setting, before, before, DRIFTED, SOLE.format(missing=_some(texts(add))))
            for holder in add:
                reason = route.can_grant(space.key, holder, operation)
                if reason:
                    return Setting(setting, before, before, DRIFTED, f"Left as it is: {reason}.")
        removal = Removal(space, operation, add)
        self._removals[setting] = removal
        after = texts([*(holder for holder in holders if holder != ANONYMOUS), *add])
        return Change(setting, before, after, lambda: self._apply(route, removal), note)

    def _whoever_logs_in(self, route: SpaceRoute) -> list[Holder] | None:
        """Asked once, and only where it matters."""
        if self._everybody is None:
            if self.replace_groups:
                self._everybody = (existing_groups(self.client, self.replace_groups),)
            else:
                found = self.users_of_site()
                self._everybody = (None if found is None else [self._names.on(route.name, holder) for holder in found],)
        return self._everybody[0]

    def _apply(self, route: SpaceRoute, removal: Removal) -> None:
        """An addition that fails stops the revocation: a right is never taken before its substitute is there."""
        key = removal.space.key
        for holder in removal.add:
            self._add(route, removal, holder)
        if removal.add:
            there = _held(route, removal)
            missing = [holder.text for holder in removal.add if holder not in there]
            if missing:
                raise AtlassianError(f"The grant to {', '.join(missing)} was accepted and is not there on a re-read, so the grant to anonymous was left.")
        route.write(key, ANONYMOUS, removal.operation, False)
        self._written += 1
        self.progress.tell(f"{self._written} of {len(self._removals)} grants to anonymous removed")

    def _add(self, route: SpaceRoute, removal: Removal, holder: Holder) -> None:
        self.memory.grant(
            _remembered(removal, holder),
            lambda: route.write(removal.space.key, holder, removal.operation, True),
            lambda: holder in _held(route, removal),
        )


def _held(route: SpaceRoute, removal: Removal) -> Sequence[Holder]:
    """Who holds the operation now."""
    return by_operation(route.grants(removal.space.key)).get(removal.operation, ())


def _hidden(total: int | None, answer: str, listed: int) -> str:
    if total is None or total < listed:
        return UNCOUNTED.format(why=answer or f"It counts {total} and lists {listed}.")
    return HIDDEN.format(count=total - listed) if total > listed else ""


def _broken(broken: Mapping[str, str]) -> list[Finding]:
    keys = sorted(broken)
    rows: list[Finding] = [Setting(key, None, None, FAILED, broken[key]) for key in keys[:MOST_BROKEN]]
    if len(keys) > MOST_BROKEN:
        reason = f"{len(keys) - MOST_BROKEN} more spaces could not be examined. The first reason is: {broken[keys[0]]}"
        rows.append(Setting("further spaces", None, None, FAILED, reason))
    return rows


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _remembered(removal: Removal, holder: Holder) -> dict[str, Any]:
    return {
        "space": removal.space.key,
        "operation": removal.operation.as_json(),
        "holder": {"kind": holder.kind, "name": holder.name},
    }
