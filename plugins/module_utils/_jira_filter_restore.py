# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Shares of filters come back from a restore file, and a filter that a run took over and never gave back goes to its owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filters import Filter, Filters, Share, outcome, share_of, texts
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import entries_understood

UNSEEN = (
    "This account does not see the filter: it is gone, or it is shared with nobody the account is one of. Its owner {owner} can share it again; "
    "what was removed stands in the restore file."
)


@dataclass
class Wanted:
    """What one filter gets back, and what goes. owner: whose it was before the run."""

    id: int
    name: str
    owner: str
    back: list[Share] = field(default_factory=list)
    away: list[Share] = field(default_factory=list)

    @property
    def setting(self) -> str:
        return f"filter {self.id} ({self.name})"


def wanted_by(entries: Iterable[Mapping[str, Any]]) -> list[Wanted]:
    """Runs of the restore file, by filter. Raises AtlassianError for what is not understood."""
    found: dict[int, Wanted] = {}
    with entries_understood():
        for side, item in ((side, item) for entry in entries for side in ("removed", "added") for item in entry[side]):
            number = int(item["filter"])
            wanted = found.setdefault(number, Wanted(number, str(item["name"]), str(item["owner"])))
            (wanted.back if side == "removed" else wanted.away).append(share_of(item["share"]))
    return list(found.values())


@dataclass
class RestoreFilters:
    """The subject of module jira_restore for filters."""

    client: Client
    filters: Filters
    wanted: Sequence[Wanted]
    _left_with: dict[str, list[str]] = field(default_factory=dict)  # as read while the filter was ours

    def read(self) -> Mapping[int, Filter | AtlassianError | None]:
        numbers = [wanted.id for wanted in self.wanted]
        return dict(zip(numbers, self.client.gather(self.filters.read, numbers)))

    def compare(self, world: Mapping[int, Filter | AtlassianError | None]) -> list[Finding]:
        return [finding for wanted in self.wanted for finding in self._judge(wanted, world[wanted.id])]

    def observe(self, world: Mapping[int, Filter | AtlassianError | None], setting: str) -> Any:
        wanted = next(entry for entry in self.wanted if setting.startswith(entry.setting))
        found = world[wanted.id]
        if isinstance(found, AtlassianError):
            raise found
        if setting != wanted.setting:
            # What was given away and cannot be seen any more is not ours.
            return wanted.owner if found is None else found.owner
        self.filters.check_given_back(wanted.id)
        if found is None and setting not in self._left_with:
            raise AtlassianError(UNSEEN.format(owner=wanted.owner))
        return self._left_with[setting] if found is None else texts(found.shares)

    def prepare(self, changes: Sequence[Change]) -> None:
        """What a restore undoes stands in the restore file already."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, wanted: Wanted, found: Filter | AtlassianError | None) -> list[Finding]:
        if isinstance(found, AtlassianError):
            return [Setting(wanted.setting, None, None, FAILED, found.sentence)]
        if found is None:
            return [Setting(wanted.setting, None, None, NOT_EXAMINED, UNSEEN.format(owner=wanted.owner))]
        return [self._shares(wanted, found), *self._owner(wanted, found)]

    def _shares(self, wanted: Wanted, found: Filter) -> Finding:
        before = texts(found.shares)
        back = {share.text: share for share in wanted.back if share.text not in before}
        going = {share.text for share in wanted.away} - {share.text for share in wanted.back}
        away = [share for share in found.shares if share.text in going]
        if not back and not away:
            return Setting(wanted.setting, before, before, COMPLIANT)
        add = list(back.values())
        obstacle = self.filters.obstacle(found, add, away)
        if obstacle:
            return Setting(wanted.setting, before, before, DRIFTED, obstacle)
        after = sorted(outcome(found.shares, add, away))

        def write() -> None:
            self._left_with[wanted.setting] = texts(self.filters.change(self.filters.again(found), add, away))

        return Change(wanted.setting, before, after, write)

    def _owner(self, wanted: Wanted, found: Filter) -> list[Finding]:
        if found.owner != self.filters.me or wanted.owner == found.owner:
            return []
        return [Change(f"{wanted.setting}: owner", found.owner, wanted.owner, lambda: self.filters.give_back(wanted.id, wanted.owner))]
