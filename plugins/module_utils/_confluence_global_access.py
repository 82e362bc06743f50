# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""A global permission of anonymous or unlicensed people is gone: the product says so, and a stranger finds it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_routes import EVERYBODY, UNLICENSED, GlobalRoute, first_read
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import USE, USE_UNLICENSED, VIEW_PROFILES, Operation
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import OPEN, Probe, Sight, as_list, judge, look

STILL_OPEN = (
    "The permission is gone, and strangers still read this. Look for a cache or an app that answers, and refuse it at the proxy."
)
BY_SIGHT = "This version does not list the permission; a stranger was told that it is missing."
UNREAD = "No way to read it is open: REST has it since 9.2.5, and a stranger's view does not tell."
USER_PROBE = "/rest/api/user"


@dataclass(frozen=True)
class Wanted:
    """A permission that nobody in particular shall hold (or, for a restore, hold again). spellings: the pairs that mean it."""

    setting: str
    spellings: tuple[Operation, ...]


@dataclass(frozen=True)
class Scope:
    """What one scope of the module is about.

    probes: what a stranger asks. telling: settings of those at url whose refusal may speak of the permission. refused_means_revoked: whether
    it always does.
    """

    name: str
    subject: str
    wanted: tuple[Wanted, ...]
    probes: tuple[Probe, ...] = ()
    telling: tuple[str, ...] = ()
    refused_means_revoked: bool = False


def _anonymous_user(body: Any) -> int:
    return 1 if body["type"] == "anonymous" else 0


PROFILES = Wanted("anonymous: view user profiles", VIEW_PROFILES)
# The vendor's REST documentation: 403 where anonymous callers may not use Confluence, else the anonymous user.
SITE = Scope(
    "site",
    EVERYBODY,
    (Wanted("anonymous: use Confluence", (USE,)),),
    (
        Probe("/rest/api/user/current", _anonymous_user),
        Probe("/rest/api/user/anonymous", _anonymous_user),
        Probe("/rest/api/space?limit=1", lambda body: len(as_list(body["results"]))),
    ),
    telling=("stranger: /rest/api/user/current", "stranger: /rest/api/user/anonymous"),
    refused_means_revoked=True,
)
LICENCE = Scope(
    "unlicensed",
    UNLICENSED,
    (Wanted("unlicensed: use Confluence", (USE_UNLICENSED,)), Wanted("unlicensed: view user profiles", VIEW_PROFILES)),
)


def profiles_scope(username: str) -> Scope:
    """username: somebody who exists. A stranger is refused here also where the whole site is closed, so a refusal proves the effect only."""
    return Scope("user_profiles", EVERYBODY, (PROFILES,), (profile_probe(username),), (f"stranger: {USER_PROBE}",))


def profile_probe(username: str) -> Probe:
    return Probe(f"{USER_PROBE}?username={quote(username, safe='')}", lambda body: 1 if body["username"] else 0)


def only(scopes: Iterable[Scope], removed: Sequence[tuple[str, Operation]]) -> list[Scope]:
    """The scopes, in their order, with no more in them than these removed permissions (subject, operation): for a restore."""
    found = []
    for scope in scopes:
        wanted = tuple(entry for entry in scope.wanted if any((scope.subject, operation) in removed for operation in entry.spellings))
        if wanted:
            found.append(replace(scope, wanted=wanted))
    return found


@dataclass(frozen=True)
class World:
    """held: what the subject holds; None where no way tells."""

    held: frozenset[Operation] | None
    sights: Sequence[Sight]


@dataclass
class GlobalAccess:
    """The subject of module confluence_anonymous_access, scopes site, user_profiles and unlicensed; with granted=True of its restore.

    routes: in the order in which they are tried. strangers: clients without credentials by name ("" for url).
    """

    scope: Scope
    routes: Sequence[GlobalRoute]
    unusable: Sequence[str]
    strangers: Mapping[str, Client]
    memory: Memory | None = None
    granted: bool = False
    profile: Probe | None = None  # asks as a stranger for a profile, to remember what goes with use where nothing lists it
    _held: frozenset[Operation] = field(default_factory=frozenset)
    _was_open: bool = False

    def read(self) -> World:
        held = first_read(self.routes, self.scope.subject)
        return World(held, [sight for name, client in self.strangers.items() for sight in look(client, self.scope.probes, name)])

    def compare(self, world: World) -> list[Finding]:
        self._held = self._held or world.held or frozenset()
        self._was_open = self._was_open or any(sight.state == OPEN for sight in world.sights)
        findings: list[Finding] = []
        for wanted in self.scope.wanted:
            findings += self._judge(wanted, world)
        if not self.granted:
            state = self._state(self.scope.wanted[0], world)
            left = next((finding.reason for finding in findings if isinstance(finding, Setting) and finding.state == DRIFTED), "")
            findings += [judge(sight, None if state is None else not state, _still_open(state), left) for sight in world.sights]
        return findings

    def observe(self, world: World, setting: str) -> Any:
        for wanted in self.scope.wanted:
            if wanted.setting == setting:
                state = self._state(wanted, world)
                if state is None:
                    raise AtlassianError(UNREAD)
                return state
        sight = next(sight for sight in world.sights if sight.setting == setting)
        if sight.state is None:
            raise AtlassianError(sight.reason)
        return sight.state

    def prepare(self, changes: Sequence[Change]) -> None:
        """Revoking use drops whatever else anonymous holds (vendor's REST documentation), so all of it is remembered."""
        if self.memory is None:
            return
        named = [wanted.spellings for wanted in self.scope.wanted if wanted.setting in {change.setting for change in changes}]
        if not named:
            return
        spelt = [self._spelling(spellings) for spellings in named]
        lost = set(self._held or self._seen()) if USE in spelt else set(spelt)
        operations = sorted({*spelt, *lost})
        self.memory.remember([{"subject": self.scope.subject, "operation": operation.as_json()} for operation in operations], [])

    def _seen(self) -> list[Operation]:
        """What a stranger sees of it, where no way lists what anonymous holds."""
        open_ = self.profile is not None and any(sight.state == OPEN for sight in look(self.strangers[""], [self.profile]))
        return [VIEW_PROFILES[0]] if open_ else []

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _state(self, wanted: Wanted, world: World) -> bool | None:
        """Whether it is held. Where no way lists it, a stranger's view decides as far as it can."""
        if world.held is not None:
            return any(operation in world.held for operation in wanted.spellings)
        if any(sight.state == OPEN for sight in world.sights):
            return True
        refused = self._refused(world)
        # Who was let in before and is refused now, or who shall be let in again: there a refusal is the permission's.
        return False if refused and (self.scope.refused_means_revoked or self._was_open or self.granted) else None

    def _refused(self, world: World) -> bool:
        """By the product itself, and to each question that tells; whoever answers for it elsewhere proves nothing of the permission."""
        telling = [sight for sight in world.sights if sight.setting in self.scope.telling]
        return bool(telling) and all(sight.refused for sight in telling)

    def _judge(self, wanted: Wanted, world: World) -> list[Finding]:
        state = self._state(wanted, world)
        if state is None:
            if not self.granted and self._refused(world):
                return []  # the product itself turns strangers away here, and their rows say so; what they would be told otherwise is not known
            return [Setting(wanted.setting, None, None, NOT_EXAMINED, " ".join([UNREAD, *self.unusable]))]
        if state == self.granted:
            return [Setting(wanted.setting, state, state, COMPLIANT, "" if world.held is not None else BY_SIGHT)]
        refusals = list(self.unusable)
        ways = self._ways(refusals)
        first = next(ways, None)
        if first is None:
            return [Setting(wanted.setting, state, state, DRIFTED, "Left as it is, since no way to change it is open. " + " ".join(refusals))]
        return [Change(wanted.setting, state, self.granted, lambda: self._write(chain([first], ways), self._spelling(wanted.spellings)))]

    def _ways(self, refusals: list[str]) -> Iterator[GlobalRoute]:
        """Routes that can write, each asked only when its turn comes; why others cannot is added to `refusals`."""
        for route in self.routes:
            reason = route.missing(self.scope.subject)
            if reason:
                refusals.append(f"{route.name}: {reason}.")
            else:
                yield route

    def _spelling(self, spellings: Sequence[Operation]) -> Operation:
        """As it was read, so that a revocation echoes it."""
        return next((operation for operation in spellings if operation in self._held), spellings[0])

    def _write(self, ways: Iterator[GlobalRoute], operation: Operation) -> None:
        """The first way; the next one only where the product says that the call does not exist after all."""
        missing: AtlassianError | None = None
        for route in ways:
            try:
                route.write(self.scope.subject, operation, self.granted)
                return
            except AtlassianError as exc:
                if exc.status not in (404, 405):
                    raise
                missing = exc
        if missing is not None:
            raise missing


def _still_open(state: bool | None) -> str:
    return "Strangers read this, and whether the permission is granted could not be read." if state is None else STILL_OPEN
