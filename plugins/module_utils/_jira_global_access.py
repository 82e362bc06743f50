# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""No global permission is granted to anyone on the web, and nobody who logs in loses one by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_permissions import ANYONE, PAGE, GlobalPermissions
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, entries_understood

REPLACE_LOGGED_IN, REPLACE_NONE = "logged_in", "none"
SCOPE = "global_permissions"
NO_FORMS = f"No REST tells it, only the page Global permissions ({PAGE}): set allow_forms, with username and password, or look there."
SOLE = (
    'Left as it is: "Anyone" also covers everybody who logs in, and these groups do not hold it otherwise: {missing}. '
    "Set replace_with to logged_in (they keep it) or to none (they lose it)."
)
GONE = "This version does not know the permission any more."
UNKNOWN_GROUPS = (
    'Left as it is: "Anyone" also covers everybody who logs in, and the application roles name no group. '
    "Name the groups in replace_groups, or set replace_with to none (whoever holds nothing else loses it)."
)
Holders = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class World:
    """holders: by permission; None where the page could not be read, for `reason`."""

    holders: Holders | None
    reason: str = ""


def read_page(permissions: GlobalPermissions | None) -> World:
    """permissions: None where forms are not allowed."""
    if permissions is None:
        return World(None, NO_FORMS)
    try:
        return World(permissions.read().holders)
    except AtlassianError as exc:
        return World(None, exc.sentence)


def texts(groups: Iterable[str]) -> list[str]:
    return sorted(f"group:{group}" if group else "anyone" for group in groups)


def observed(world: World, permission: str) -> list[str]:
    if world.holders is None:
        raise AtlassianError(world.reason)
    return texts(world.holders.get(permission, ()))


@dataclass
class GlobalAccess:
    """The subject of module jira_anonymous_access, scope global_permissions. licensed: the groups of those who log in; asked only where it matters."""

    permissions: GlobalPermissions | None
    licensed: Callable[[], list[str]]
    replace_with: str | None
    replace_groups: Sequence[str]
    memory: Memory
    _added: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _groups: list[str] | None = None

    def _everybody(self) -> Sequence[str]:
        """Asked once. Nobody in it means that it is not known: our own account logs in."""
        if self._groups is None:
            self._groups = [group for group in (self.replace_groups or self.licensed()) if group != ANYONE]
        return self._groups

    def read(self) -> World:
        return read_page(self.permissions)

    def compare(self, world: World) -> list[Finding]:
        if world.holders is None:
            return [Setting("global permissions", None, None, NOT_EXAMINED, world.reason)]
        return [self._judge(permission, world.holders[permission]) for permission in sorted(world.holders)]

    def observe(self, world: World, setting: str) -> list[str]:
        return observed(world, setting)

    def prepare(self, changes: Sequence[Change]) -> None:
        self.memory.remember(
            [{"permission": change.setting, "group": ANYONE} for change in changes],
            [{"permission": change.setting, "group": group} for change in changes for group in self._added[change.setting]],
        )

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, permission: str, holders: frozenset[str]) -> Finding:
        before = texts(holders)
        if ANYONE not in holders:
            return Setting(permission, before, before, COMPLIANT)
        missing: tuple[str, ...] = ()
        if self.replace_with != REPLACE_NONE:
            everybody = self._everybody()
            if not everybody:
                return Setting(permission, before, before, DRIFTED, UNKNOWN_GROUPS)
            missing = tuple(group for group in everybody if group not in holders)
            if missing and self.replace_with is None:
                return Setting(permission, before, before, DRIFTED, SOLE.format(missing=", ".join(missing)))
        self._added[permission] = missing
        after = texts({*holders, *missing} - {ANYONE})
        return Change(permission, before, after, lambda: self._apply(permission, missing))

    def _apply(self, permission: str, missing: Sequence[str]) -> None:
        """An addition that fails stops the revocation: a right is never taken before its substitute is there."""
        permissions = self.permissions
        if permissions is None:
            raise AtlassianError(NO_FORMS)
        for group in missing:
            self._add(permissions, permission, group)
        permissions.change(permission, ANYONE, False)

    def _add(self, permissions: GlobalPermissions, permission: str, group: str) -> None:
        self.memory.grant(
            {"permission": permission, "group": group},
            lambda: permissions.change(permission, group, True),
            lambda: group in permissions.read().holders.get(permission, frozenset()),
        )


@dataclass
class RestoreGlobal:
    """The subject of module jira_restore for global permissions. entries: runs of the restore file."""

    permissions: GlobalPermissions | None
    entries: Sequence[Mapping[str, Any]]

    def __post_init__(self) -> None:
        self._back: dict[str, list[str]] = {}
        self._away: dict[str, list[str]] = {}
        with entries_understood():
            for side, found in (("removed", self._back), ("added", self._away)):
                for item in (item for entry in self.entries for item in entry[side]):
                    found.setdefault(str(item["permission"]), []).append(str(item["group"]))

    def read(self) -> World:
        return read_page(self.permissions)

    def compare(self, world: World) -> list[Finding]:
        names = sorted({*self._back, *self._away})
        if world.holders is None:
            return [Setting(name, None, None, NOT_EXAMINED, world.reason) for name in names]
        return [self._judge(name, world.holders[name]) if name in world.holders else Setting(name, None, None, NOT_EXAMINED, GONE) for name in names]

    def observe(self, world: World, setting: str) -> list[str]:
        return observed(world, setting)

    def prepare(self, changes: Sequence[Change]) -> None:
        """What a restore undoes stands in the restore file already."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, permission: str, holders: frozenset[str]) -> Finding:
        missing = [group for group in dict.fromkeys(self._back.get(permission, ())) if group not in holders]
        surplus = [group for group in dict.fromkeys(self._away.get(permission, ())) if group in holders]
        before = texts(holders)
        if not missing and not surplus:
            return Setting(permission, before, before, COMPLIANT)

        def write() -> None:
            if self.permissions is None:
                raise AtlassianError(NO_FORMS)
            # Back first: nobody is without a right in between.
            for group in missing:
                self.permissions.change(permission, group, True)
            for group in surplus:
                self.permissions.change(permission, group, False)

        return Change(permission, before, texts({*holders, *missing} - set(surplus)), write)
