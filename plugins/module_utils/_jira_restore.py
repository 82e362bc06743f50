# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Grants come back from a restore file: what a run removed is added, and then what it had added instead is removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import Holder, PermissionSchemes, Scheme, holders
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import entries_understood


@dataclass
class Wanted:
    """What one permission of one scheme gets back, and what goes."""

    scheme: int
    name: str
    permission: str
    back: list[Holder] = field(default_factory=list)
    away: list[Holder] = field(default_factory=list)

    @property
    def setting(self) -> str:
        return f"{self.name}: {self.permission}"


def wanted_by(entries: Iterable[Mapping[str, Any]]) -> list[Wanted]:
    """Runs of the restore file, by scheme and permission. Raises AtlassianError for what is not understood."""
    found: dict[tuple[int, str], Wanted] = {}
    with entries_understood():
        for side, grant in ((side, grant) for entry in entries for side in ("removed", "added") for grant in entry[side]):
            scheme, permission = int(grant["scheme"]["id"]), str(grant["permission"])
            wanted = found.setdefault((scheme, permission), Wanted(scheme, str(grant["scheme"]["name"]), permission))
            holder = Holder(str(grant["holder"]["type"]), grant["holder"].get("parameter"))
            (wanted.back if side == "removed" else wanted.away).append(holder)
    return list(found.values())


@dataclass
class Restore:
    """The subject of module jira_restore."""

    schemes: PermissionSchemes
    wanted: Sequence[Wanted]

    def read(self) -> Sequence[Scheme]:
        return self.schemes.read()

    def compare(self, world: Sequence[Scheme]) -> list[Finding]:
        return [self._judge(wanted, _scheme(world, wanted.scheme)) for wanted in self.wanted]

    def observe(self, world: Sequence[Scheme], setting: str) -> list[str] | None:
        wanted = next(entry for entry in self.wanted if entry.setting == setting)
        scheme = _scheme(world, wanted.scheme)
        return None if scheme is None or scheme.grants is None else holders(scheme.of(wanted.permission))

    def prepare(self, changes: Sequence[Change]) -> None:
        """What a restore undoes stands in the restore file already."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, wanted: Wanted, scheme: Scheme | None) -> Finding:
        if scheme is None:
            reason = f"The permission scheme {wanted.name} (id {wanted.scheme}) is no longer there."
            return Setting(wanted.setting, None, None, NOT_EXAMINED, reason)
        if scheme.grants is None:
            return Setting(wanted.setting, None, None, NOT_EXAMINED, scheme.reason)
        grants = scheme.of(wanted.permission)
        there = {grant.holder.text for grant in grants}
        missing = [holder for holder in dict.fromkeys(wanted.back) if holder.text not in there]
        surplus = [grant for grant in grants if grant.holder in wanted.away]
        before = holders(grants)
        if not missing and not surplus:
            return Setting(wanted.setting, before, before, COMPLIANT)
        after = sorted((there | {holder.text for holder in missing}) - {grant.holder.text for grant in surplus})

        def write() -> None:
            # Back first: nobody is without a right in between.
            for holder in missing:
                self.schemes.add(scheme.id, wanted.permission, holder)
            for grant in surplus:
                self.schemes.delete(scheme.id, grant)

        return Change(wanted.setting, before, after, write)


def _scheme(world: Sequence[Scheme], number: int) -> Scheme | None:
    return next((scheme for scheme in world if scheme.id == number), None)
