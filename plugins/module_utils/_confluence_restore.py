# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What was taken from anonymous comes back from a restore file: first what was removed, then what had been added instead goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import ANONYMOUS, Holder, Operation, by_operation, texts
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_people import UserNames
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_space_routes import SpaceRoute
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import entries_understood

SPACES = "spaces"


@dataclass
class Wanted:
    """What one operation in one space gets back, and who loses it again."""

    space: str
    operation: Operation
    back: list[Holder] = field(default_factory=list)
    away: list[Holder] = field(default_factory=list)

    @property
    def setting(self) -> str:
        return f"{self.space}: {self.operation.text}"


def site_wanted(entries: Iterable[Mapping[str, Any]]) -> list[tuple[str, Operation]]:
    """(subject, operation) of the global permissions that were removed, use before what hangs on it, each once."""
    with entries_understood():
        found = [(str(item["subject"]), _operation(item)) for entry in entries if entry.get("scope") != SPACES for item in entry["removed"]]
    return sorted(dict.fromkeys(found), key=lambda pair: (pair[0], not pair[1].key.startswith("use"), pair[1]))


def spaces_wanted(entries: Iterable[Mapping[str, Any]]) -> list[Wanted]:
    """Runs of the restore file, by space and operation. Raises AtlassianError for what is not understood."""
    found: dict[tuple[str, Operation], Wanted] = {}
    with entries_understood():
        for side, item in ((side, item) for entry in entries if entry.get("scope") == SPACES for side in ("removed", "added") for item in entry[side]):
            space, operation = str(item["space"]), _operation(item)
            wanted = found.setdefault((space, operation), Wanted(space, operation))
            holder = Holder(str(item["holder"]["kind"]), str(item["holder"]["name"]))
            side_list = wanted.back if side == "removed" else wanted.away
            if holder not in side_list:
                side_list.append(holder)
    return [found[key] for key in sorted(found)]


def _operation(item: Mapping[str, Any]) -> Operation:
    return Operation(str(item["operation"]["targetType"]), str(item["operation"]["operationKey"]))


def _holders(route: SpaceRoute, key: str) -> dict[Operation, list[Holder]]:
    return by_operation(route.grants(key))


@dataclass(frozen=True)
class World:
    """Holders by operation for each space, or why it could not be read."""

    route: SpaceRoute | None
    reason: str
    spaces: Mapping[str, Mapping[Operation, Sequence[Holder]] | str]


@dataclass
class RestoreSpaces:
    """The subject of module confluence_restore for spaces."""

    client: Client
    routes: Sequence[SpaceRoute]
    unusable: Sequence[str]
    wanted: Sequence[Wanted]

    def __post_init__(self) -> None:
        self._names = UserNames(self.client)

    def read(self) -> World:
        keys = sorted({wanted.space for wanted in self.wanted})
        refusals = list(self.unusable)
        for route in self.routes:
            reason = route.missing(keys)
            if not reason:
                for wanted in self.wanted:
                    wanted.back, wanted.away = ([self._names.on(route.name, holder) for holder in side] for side in (wanted.back, wanted.away))
                found = self.client.gather(partial(_holders, route), keys)
                read = {key: space.sentence if isinstance(space, AtlassianError) else space for key, space in zip(keys, found)}
                return World(route, "", read)
            refusals.append(f"{route.name}: {reason}.")
        return World(None, "No way to spaces is open. " + " ".join(refusals), {})

    def compare(self, world: World) -> list[Finding]:
        return [self._judge(world, wanted) for wanted in self.wanted]

    def observe(self, world: World, setting: str) -> list[str]:
        wanted = next(entry for entry in self.wanted if entry.setting == setting)
        space = world.spaces.get(wanted.space, world.reason)
        if isinstance(space, str):
            raise AtlassianError(space)
        return texts(space.get(wanted.operation, ()))

    def prepare(self, changes: Sequence[Change]) -> None:
        """What a restore undoes stands in the restore file already."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, world: World, wanted: Wanted) -> Finding:
        space = world.spaces.get(wanted.space, world.reason)
        if world.route is None or isinstance(space, str):
            return Setting(wanted.setting, None, None, NOT_EXAMINED, space if isinstance(space, str) else world.reason)
        route, there = world.route, space.get(wanted.operation, ())
        missing = [holder for holder in wanted.back if holder not in there]
        surplus = [holder for holder in wanted.away if holder in there]
        before = texts(there)
        if not missing and not surplus:
            return Setting(wanted.setting, before, before, COMPLIANT)
        for holder in missing:
            reason = "" if holder == ANONYMOUS else route.can_grant(wanted.space, holder, wanted.operation)
            if reason:
                return Setting(wanted.setting, before, before, DRIFTED, f"Left as it is: {reason}.")
        after = texts([*(holder for holder in there if holder not in surplus), *missing])

        def write() -> None:
            # Back first: nobody is without a right in between.
            for holder in missing:
                route.write(wanted.space, holder, wanted.operation, True)
            for holder in surplus:
                route.write(wanted.space, holder, wanted.operation, False)

        return Change(wanted.setting, before, after, write)
