# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""No permission scheme grants anything to anyone on the web, and nobody who logs in loses access by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import (
    LOGGED_IN,
    Grant,
    Holder,
    PermissionSchemes,
    Scheme,
    holders,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory

SCOPE = "permission_schemes"
REPLACE_LOGGED_IN, REPLACE_NONE = "logged_in", "none"
SOLE = (
    'Left as it is: "Anyone" also covers everybody who logs in, and no other grant of this permission does. '
    "Set replace_with to logged_in (they keep it) or to none (they lose it)."
)
USED = {0: "No project that this account sees uses this scheme.", 1: "One project that this account sees uses this scheme."}
USED_BY_MANY = "{count} projects that this account sees use this scheme."
World = Sequence[Scheme]


@dataclass(frozen=True)
class Kept:
    """A grant to anyone that is wanted. scheme: id or name."""

    scheme: str
    permission: str


@dataclass(frozen=True)
class Removal:
    """What one change does: first the additions, then the deletions."""

    scheme: Scheme
    permission: str
    add: tuple[Holder, ...]
    delete: tuple[Grant, ...]


@dataclass
class SchemeAccess:
    """The subject of module jira_anonymous_access, scope permission_schemes. memory is written before the first deletion."""

    schemes: PermissionSchemes
    keep: Sequence[Kept]
    replace_with: str | None
    replace_groups: Sequence[str]
    memory: Memory
    _removals: dict[str, Removal] = field(default_factory=dict)
    _uses: Mapping[int, int] | AtlassianError | None = None

    def read(self) -> World:
        world = self.schemes.read()
        known = {str(scheme.id) for scheme in world} | {scheme.name for scheme in world}
        for entry in self.keep:
            if entry.scheme not in known:
                raise AtlassianError(f"keep: there is no permission scheme {entry.scheme!r}. Correct its id or name, or remove the entry; nothing was changed.")
        return world

    def compare(self, world: World) -> list[Finding]:
        findings: list[Finding] = []
        for scheme in world:
            if scheme.grants is None:
                findings.append(Setting(scheme.name, None, None, NOT_EXAMINED, scheme.reason))
                continue
            permissions = sorted({grant.permission for grant in scheme.grants if grant.holder.anonymous})
            findings += [self._judge(scheme, permission) for permission in permissions]
            if not permissions:
                findings.append(Setting(scheme.name, [], [], COMPLIANT))
        return findings

    def observe(self, world: World, setting: str) -> list[str] | None:
        removal = self._removals[setting]
        for scheme in world:
            if scheme.id == removal.scheme.id and scheme.grants is not None:
                return holders(scheme.of(removal.permission))
        return None

    def prepare(self, changes: Sequence[Change]) -> None:
        removals = [self._removals[change.setting] for change in changes]
        self.memory.remember(
            [_remembered(removal, grant.holder) for removal in removals for grant in removal.delete],
            [_remembered(removal, holder) for removal in removals for holder in removal.add],
        )

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, scheme: Scheme, permission: str) -> Finding:
        setting = f"{scheme.name}: {permission}"
        grants = scheme.of(permission)
        before = holders(grants)
        used = self._used(scheme)
        if any(entry.permission == permission and entry.scheme in (str(scheme.id), scheme.name) for entry in self.keep):
            return Setting(setting, before, before, COMPLIANT, f"Granted to anyone and listed in keep. {used}")
        anonymous = tuple(grant for grant in grants if grant.holder.anonymous)
        others = tuple(grant.holder for grant in grants if not grant.holder.anonymous)
        covered = Holder(LOGGED_IN) in others
        if not covered and self.replace_with is None:
            return Setting(setting, before, before, DRIFTED, f"{SOLE} {used}")
        add = () if covered or self.replace_with == REPLACE_NONE else tuple(holder for holder in self._instead() if holder not in others)
        removal = Removal(scheme, permission, add, anonymous)
        after = sorted({holder.text for holder in (*others, *add)})
        self._removals[setting] = removal
        return Change(setting, before, after, lambda: self._apply(removal), used)

    def _instead(self) -> tuple[Holder, ...]:
        return tuple(Holder("group", name) for name in self.replace_groups) or (Holder(LOGGED_IN),)

    def _apply(self, removal: Removal) -> None:
        """An addition that fails stops the deletion: a right is never taken before its substitute is there."""
        for holder in removal.add:
            self._add(removal, holder)
        if removal.add:
            there = {grant.holder for grant in self.schemes.grants(removal.scheme.id, removal.permission)}
            missing = [holder.text for holder in removal.add if holder not in there]
            if missing:
                raise AtlassianError(f"The grant to {', '.join(missing)} was accepted and is not there on a re-read, so the grant to anyone was left.")
        for grant in removal.delete:
            self.schemes.delete(removal.scheme.id, grant)

    def _add(self, removal: Removal, holder: Holder) -> None:
        self.memory.grant(
            _remembered(removal, holder),
            lambda: self.schemes.add(removal.scheme.id, removal.permission, holder),
            lambda: self.schemes.holds(removal.scheme.id, removal.permission, holder),
        )

    def _used(self, scheme: Scheme) -> str:
        """Asked once, and only where anyone holds something: it takes one request for each project."""
        if self._uses is None:
            try:
                self._uses = self.schemes.uses()
            except AtlassianError as exc:
                self._uses = exc
        if isinstance(self._uses, AtlassianError):
            return f"How many projects use it is not known: {self._uses.sentence}"
        count = self._uses.get(scheme.id, 0)
        return USED.get(count, USED_BY_MANY).format(count=count)


def _remembered(removal: Removal, holder: Holder) -> dict[str, Any]:
    """As POST permissionscheme/{id}/permission takes it, so that a restore needs no translation."""
    return {
        "scheme": {"id": removal.scheme.id, "name": removal.scheme.name},
        "permission": removal.permission,
        "holder": holder.as_json(),
    }
