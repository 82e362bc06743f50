# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""No filter is shared with anyone on the web, and nobody who logs in loses it by that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_list import list_filters
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_restore import wanted_by
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filters import LOGGED_IN, Filter, Filters, Share, outcome, texts
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_projects import visible_filters
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, may_be, recall

SCOPE = "filters"
REPLACE_LOGGED_IN, REPLACE_NONE = "logged_in", "none"
REST_OF_FILTERS, UNLISTED = "filters not shared with anyone", "filters that nobody lists"
SOLE = (
    'Left as it is: "Anyone" also covers everybody who logs in, and no other share of this filter does. '
    "Set replace_with to logged_in (they keep it) or to none (they lose it)."
)
UNSEEN = "This account does not see filter {id}, so there is nothing to say of it. Correct the id in filters, or remove it."
SHOWN = (
    "A page that was asked for without log-in leads to filter {id}, and this account does not see it, so whether it is shared with anyone is not known. "
    "Look at it in a browser."
)
HALF_SEEN = "Jira showed the shares of this filter, one of them to anyone, and then not the filter itself, so nothing was changed. Run again."
TAKEN = "It belonged to {owner} before a run that did not do all it wanted, and belongs to this account now."
MAYBE_TAKEN = "It belonged to {owner} before a run that did not do all it wanted; whose it is now is not known: {sentence}"
MOST_BROKEN = 100  # rows for single filters that could not be read; more than that is one cause


@dataclass
class World:
    """public: by id, the filters that are shared with anyone, or were before this run. closed: how many others were looked at.

    unseen: why nothing is said of those that are not shown to the account. taken: those that a run before this one may have left with it.
    """

    public: dict[int, Filter] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)
    unseen: Mapping[int, str] = field(default_factory=dict)
    taken: Mapping[int, Filter | AtlassianError | None] = field(default_factory=dict)
    closed: int = 0
    missing: str = ""  # why there may be more of them


@dataclass(frozen=True)
class Removal:
    """What one change does. deleted: all shares that go meanwhile; those besides the one to anyone are added again."""

    item: Filter
    add: tuple[Share, ...]
    deleted: tuple[Share, ...]


@dataclass
class FilterAccess:
    """The subject of module jira_anonymous_access, scope filters. memory is written before the first change.

    strangers: clients without credentials. named, keep: ids given by the user.
    """

    client: Client
    filters: Filters
    browser: Browser | None
    strangers: Sequence[Client]
    named: Sequence[int]
    keep: Sequence[int]
    replace_with: str | None
    replace_groups: Sequence[str]
    memory: Memory
    _world: World | None = None
    _written: bool = False
    _owners: dict[int, str] = field(default_factory=dict)  # whose the filters of a run that was cut off were before it
    _returns: dict[str, int] = field(default_factory=dict)
    _removals: dict[str, Removal] = field(default_factory=dict)
    _not_begun: dict[int, AtlassianError] = field(default_factory=dict)
    _left_with: dict[int, Sequence[Share]] = field(default_factory=dict)  # as read while the filter was ours

    def read(self) -> World:
        """All filters the first time; after the changes only those that were changed."""
        if self._world is not None and self._written:
            return self._read_again(self._world)
        self._owners = self._cut_off()
        self._world = self._scan()
        return self._world

    def _scan(self) -> World:
        shares: dict[int, list[Share] | None] = {}
        world = World()

        def look(numbers: Iterable[int]) -> list[int]:
            """Ids of those that are shared with somebody."""
            wanted = [number for number in numbers if number not in shares and number not in world.broken]
            for number, found in zip(wanted, self.client.gather(self.filters.shares, wanted)):
                if isinstance(found, AtlassianError):
                    world.broken[number] = found.sentence
                else:
                    shares[number] = found
            return [number for number in numbers if shares.get(number)]

        known = [*visible_filters(self.client, ()), *self.named, *self.keep, *self._owners]
        listing = list_filters(self.browser, self.strangers, known, look)
        look(sorted(listing.ids))
        hidden = {number for number, found in shares.items() if found is None}
        lost = sorted(hidden.intersection(self.keep))
        if lost:
            raise AtlassianError(f"keep_filters: there is no filter {lost[0]} that this account sees. Correct or remove the entry; nothing was changed.")
        public = [number for number, found in sorted(shares.items()) if any(share.anonymous for share in found or ())]
        for number, item in zip(public, self.client.gather(self.filters.read, public)):
            if isinstance(item, AtlassianError):
                world.broken[number] = item.sentence
            elif item is None:
                world.broken[number] = HALF_SEEN
            else:
                world.public[number] = item
        unseen = hidden.intersection(listing.shown.union(self.named))
        world.unseen = {number: (SHOWN if number in listing.shown else UNSEEN).format(id=number) for number in sorted(unseen)}
        world.taken = self._read_taken()
        # What is shared with anyone Jira shows to everybody, so what it does not show to this account is not.
        world.closed = len(shares) - len(public) - len(world.unseen)
        world.missing = listing.missing
        return world

    def _cut_off(self) -> dict[int, str]:
        """Whose the filters were that runs before this one took over, where the restore file does not tell that these did all they wanted."""
        try:
            runs = recall(self.memory.path, self.memory.product, self.memory.url)
            found = wanted_by([entry for entry in runs if entry.get("scope") == SCOPE and entry.get("finished") is False])
        except AtlassianError:
            # Nothing to undo, or no file of ours: then nothing is written either.
            return {}
        return {wanted.id: wanted.owner for wanted in found if wanted.owner != self.filters.me}

    def _read_taken(self) -> dict[int, Filter | AtlassianError | None]:
        numbers = sorted(self._owners)
        return dict(zip(numbers, self.client.gather(self.filters.read, numbers)))

    def _read_again(self, before: World) -> World:
        after = World({}, dict(before.broken), before.unseen, self._read_taken(), before.closed, before.missing)
        for number, found in zip(before.public, self.client.gather(self.filters.shares, list(before.public))):
            if isinstance(found, AtlassianError):
                after.broken[number] = found.sentence
                continue
            item = before.public[number]
            # Given back, it may be hidden from this account; its shares were read while it was ours.
            shares = self._left_with.get(number) if found is None else found
            if shares is not None:
                after.public[number] = Filter(item.id, item.name, item.owner, item.owner_is_active, tuple(shares), item.raw)
        return after

    def compare(self, world: World) -> list[Finding]:
        public = [world.public[number] for number in sorted(world.public) if _is_public(world.public[number])]
        closed = world.closed + len(world.public) - len(public)
        findings: list[Finding] = [self._judge(item) for item in public]
        findings += _broken(world.broken)
        findings += [finding for number, item in world.taken.items() for finding in self._judge_owner(number, item)]
        findings += [Setting(f"filter {number}", None, None, NOT_EXAMINED, reason) for number, reason in world.unseen.items()]
        if closed:
            findings.append(Setting(REST_OF_FILTERS, closed, closed, COMPLIANT))
        if world.missing:
            findings.append(Setting(UNLISTED, None, None, NOT_EXAMINED, world.missing))
        return findings

    def observe(self, world: World, setting: str) -> Any:
        if setting in self._returns:
            return self._observe_owner(world, self._returns[setting])
        number = self._removals[setting].item.id
        self.filters.check_given_back(number)
        if number in self._not_begun:
            raise self._not_begun[number]
        if number in world.broken:
            raise AtlassianError(world.broken[number])
        if number not in world.public:
            raise AtlassianError("Jira does not show it to this account any more.")
        return texts(world.public[number].shares)

    def prepare(self, changes: Sequence[Change]) -> None:
        self._written = True
        removals = [self._removals[change.setting] for change in changes if change.setting in self._removals]
        if not removals:
            return
        self.memory.remember(
            [remembered(removal.item, share) for removal in removals for share in removal.deleted],
            [remembered(removal.item, share) for removal in removals for share in removal.add],
        )

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, item: Filter) -> Finding:
        setting = f"filter {item.id} ({item.name})"
        before = texts(item.shares)
        if item.id in self.keep:
            return Setting(setting, before, before, COMPLIANT, "Shared with anyone and listed in keep_filters.")
        others = [share for share in item.shares if not share.anonymous]
        covered = any(share.type == LOGGED_IN for share in others)
        if not covered and self.replace_with is None:
            return Setting(setting, before, before, DRIFTED, SOLE)
        held = {(share.type, share.target) for share in others}  # who may edit it sees it
        add = () if covered or self.replace_with == REPLACE_NONE else tuple(share for share in self._instead() if (share.type, share.target) not in held)
        away = tuple(share for share in item.shares if share.anonymous)
        obstacle = self.filters.obstacle(item, add, away)
        if obstacle:
            return Setting(setting, before, before, DRIFTED, obstacle)
        deleted = tuple(item.shares) if any(share.alone for share in add) else away
        self._removals[setting] = Removal(item, add, deleted)
        return Change(setting, before, sorted(outcome(item.shares, add, away)), lambda: self._apply(self._removals[setting]))

    def _judge_owner(self, number: int, item: Filter | AtlassianError | None) -> list[Finding]:
        """What is not ours, or not shown to us, was given back."""
        if isinstance(item, AtlassianError):
            return [Setting(f"filter {number}: owner", None, None, FAILED, MAYBE_TAKEN.format(owner=self._owners[number], sentence=item.sentence))]
        if item is None or item.owner != self.filters.me:
            return []
        owner = self._owners[number]
        setting = f"filter {number} ({item.name}): owner"
        self._returns[setting] = number
        return [Change(setting, item.owner, owner, lambda: self.filters.give_back(number, owner), TAKEN.format(owner=owner))]

    def _observe_owner(self, world: World, number: int) -> str:
        item = world.taken[number]
        if isinstance(item, AtlassianError):
            raise item
        return self._owners[number] if item is None else item.owner

    def _instead(self) -> tuple[Share, ...]:
        return tuple(Share(0, "group", name) for name in self.replace_groups) or (Share(0, LOGGED_IN),)

    def _apply(self, removal: Removal) -> None:
        try:
            item = self.filters.again(removal.item)
        except AtlassianError as exc:
            # Whatever is there now is not this run's: a restore must not take it away.
            self._not_begun[removal.item.id] = exc
            raise
        try:
            self._left_with[item.id] = self.filters.change(item, removal.add, [share for share in item.shares if share.anonymous])
        except AtlassianError:
            # An error may be the answer to what was done all the same.
            there = [share for share in removal.add if self._may_have(item.id, share)]
            self.memory.granted += [remembered(item, share) for share in there]
            raise
        self.memory.granted += [remembered(item, share) for share in removal.add]

    def _may_have(self, number: int, share: Share) -> bool:
        """Given back, it may be hidden from this account: what it has is not seen then."""

        def there() -> bool:
            found = self.filters.shares(number)
            return found is None or share.text in texts(found)

        return may_be(there)


def _is_public(item: Filter) -> bool:
    return any(share.anonymous for share in item.shares)


def remembered(item: Filter, share: Share) -> dict[str, Any]:
    """As POST filter/{id}/permission takes it, so that a restore needs no translation."""
    return {"filter": item.id, "name": item.name, "owner": item.owner, "share": share.as_json()}


def _broken(broken: Mapping[int, str]) -> list[Finding]:
    numbers = sorted(broken)
    rows: list[Finding] = [Setting(f"filter {number}", None, None, FAILED, broken[number]) for number in numbers[:MOST_BROKEN]]
    if len(numbers) > MOST_BROKEN:
        reason = f"{len(numbers) - MOST_BROKEN} more filters could not be read. The first reason is: {broken[numbers[0]]}"
        rows.append(Setting("further filters", None, None, FAILED, reason))
    return rows
