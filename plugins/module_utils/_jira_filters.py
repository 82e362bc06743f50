# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Filters of Jira: whom they are shared with, and how that is changed for a filter that belongs to somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

Parsed = TypeVar("Parsed")
# Jira REST documentation, filter; the types of answers from fourplusone/terraform-provider-jira.
PATH = "/rest/api/2/filter"
ANYONE, LOGGED_IN = "global", "loggedin"
SENT_AS = {ANYONE: "global", LOGGED_IN: "authenticated"}
TARGETS = {"group": ("groupname", "group", "name"), "user": ("userKey", "user", "key"), "project": ("projectId", "project", "id")}
GONE_PROJECT = "project-unknown"  # of a project that was deleted, or that this account does not see
INACTIVE = (
    "Left as it is: the owner {owner} is not active, so the filter could not be given back after the change. "
    "Give it to somebody else on the page of shared filters first."
)
UNKNOWN_SHARE = "Left as it is: the share {text} would go with the change and cannot be added again. Change it in a browser."
MEANWHILE = "Left as it is: somebody changed the filter, its shares or its owner while this run was looking at others. Run again."


@dataclass(frozen=True)
class Share:
    """type: as Jira answers it. target: name of a group, key of a user, id of a project; role: id of a project's role."""

    id: int
    type: str
    target: str | None = None
    role: str | None = None
    edit: bool = False

    @property
    def anonymous(self) -> bool:
        return self.type == ANYONE

    @property
    def alone(self) -> bool:
        """Adding one of these deletes all other shares (Jira REST documentation)."""
        return self.type in SENT_AS

    @property
    def text(self) -> str:
        if self.anonymous:
            return "anyone"
        named = ":".join(filter(None, (self.type, self.target, self.role)))
        return f"{named} (edit)" if self.edit else named

    def as_json(self) -> dict[str, Any] | None:
        """As POST filter/{id}/permission takes it; None for a type that cannot be sent."""
        if self.alone:
            return {"type": SENT_AS[self.type]}
        if self.type not in TARGETS or self.target is None:
            return None
        sent: dict[str, Any] = {"type": "project_role" if self.role else self.type, TARGETS[self.type][0]: self.target, "view": True, "edit": self.edit}
        return sent | {"projectRoleId": self.role} if self.role else sent


def share_of(sent: Mapping[str, Any]) -> Share:
    """The other way round: of what as_json() made. Raises KeyError for another type."""
    kind = str(sent["type"])
    for answered, name in SENT_AS.items():
        if kind == name:
            return Share(0, answered)
    role = str(sent["projectRoleId"]) if kind == "project_role" else None
    kind = "project" if role else kind
    return Share(0, kind, str(sent[TARGETS[kind][0]]), role, bool(sent.get("edit")))


def texts(shares: Sequence[Share]) -> list[str]:
    """For people and for comparing: sorted, each once."""
    return sorted({share.text for share in shares})


def outcome(shares: Sequence[Share], add: Sequence[Share], remove: Sequence[Share]) -> dict[str, Share]:
    """What a change makes of the shares, by text. Of those that stand alone there is never a second one."""
    going = {share.text for share in remove}
    replaced = any(share.alone for share in add)
    staying = [share for share in shares if share.text not in going and not (replaced and share.alone)]
    return {share.text: share for share in (*staying, *add)}


@dataclass(frozen=True)
class Filter:
    """raw: as Jira answered it, to be sent back with another owner."""

    id: int
    name: str
    owner: str
    owner_is_active: bool
    shares: Sequence[Share]
    raw: Mapping[str, Any] = field(repr=False)


class Filters:
    """me: name of the account that asks."""

    def __init__(self, client: Client, me: str) -> None:
        self._client = client
        self.me = me
        self._taken: dict[int, AtlassianError] = {}  # what was not given back, and why

    def shares(self, number: int) -> list[Share] | None:
        """None where Jira does not show the filter to this account: what is shared with anyone it shows to everybody."""
        path = f"{PATH}/{number}/permission"
        response = self._client.get(path)
        if _is_hidden(response):
            return None
        return self._parsed(response, path, lambda answer: [_share(item) for item in _as_list(answer)])

    def read(self, number: int) -> Filter | None:
        """With its owner; None where this account does not see it."""
        found = self._without_shares(number)
        shares = None if found is None else self.shares(number)
        return None if found is None or shares is None else replace(found, shares=tuple(shares))

    def _without_shares(self, number: int) -> Filter | None:
        path = f"{PATH}/{number}"
        response = self._client.get(path)
        return None if _is_hidden(response) else self._parsed(response, path, lambda answer: _filter(answer, number))

    def obstacle(self, item: Filter, add: Sequence[Share], remove: Sequence[Share]) -> str:
        """Why a change is better not begun; empty where nothing speaks against it."""
        if not item.owner_is_active and item.owner != self.me:
            return INACTIVE.format(owner=item.owner)
        staying = outcome(item.shares, add, remove).values() if any(share.alone for share in add) else ()
        return next((UNKNOWN_SHARE.format(text=share.text) for share in staying if share.as_json() is None), "")

    def again(self, item: Filter) -> Filter:
        """As it is now, to be sent back whole and changed. Raises AtlassianError where that is not what the change was planned for.

        Between the look and the change all the others are looked at; what its owner did meanwhile must not be undone.
        """
        now = self.read(item.id)
        if now is None or now.owner != item.owner or texts(now.shares) != texts(item.shares):
            raise AtlassianError(MEANWHILE)
        return now

    def change(self, item: Filter, add: Sequence[Share], remove: Sequence[Share]) -> list[Share]:
        """First the additions, then the removals; the shares as they are read afterwards. All other shares stay. item: as again() tells it.

        Raises AtlassianError unless exactly that came about; the filter belongs to its owner again in any case, or the error says that it does not.
        """
        wanted = outcome(item.shares, add, remove)
        with self._owned(item):
            for share in sorted(add, key=lambda share: not share.alone):
                self._add(item.id, share)
            # One that stands alone took the others with it.
            there = {share.text for share in self._known(item.id)}
            for text, share in wanted.items():
                if text not in there:
                    self._add(item.id, share)
            for share in self._known(item.id):
                if share.text in {gone.text for gone in remove}:
                    self._delete(item.id, share)
            found = self._known(item.id)
            if {share.text for share in found} != set(wanted):
                raise AtlassianError(f"The shares were written, and a re-read shows {_named(found)} instead of {_named(list(wanted.values()))}.")
            return found

    def give_back(self, number: int, owner: str) -> None:
        """Only what is ours: somebody else may have got it on purpose."""
        found = self._without_shares(number)
        if found is not None and found.owner == self.me:
            self._give(found, owner)

    def _give(self, item: Filter, owner: str) -> None:
        """Make it somebody's. Only the owner may change shares; an administrator becomes the owner of what belongs to others (Jira REST documentation)."""
        # Everything a person can set is sent along: what is left out might be emptied.
        kept = {name: item.raw[name] for name in ("name", "description", "jql", "favourite") if name in item.raw}
        refused: AtlassianError | None = None
        try:
            self._client.settle(
                lambda: self._client.write("PUT", f"{PATH}/{item.id}", kept | {"owner": {"name": owner}}), lambda: self._belongs_to(item.id, owner)
            )
        except AtlassianError as exc:
            refused = exc
        # An error may be answered to what was done all the same.
        if not self._belongs_to(item.id, owner):
            raise refused or AtlassianError(f"PUT {PATH}/{item.id} was accepted, and a re-read shows that the filter does not belong to {owner}.")

    def _belongs_to(self, number: int, owner: str) -> bool:
        """What is ours we see; what was given away and cannot be seen any more is not ours."""
        found = self._without_shares(number)
        return found.owner == owner if found is not None else owner != self.me

    @contextmanager
    def _owned(self, item: Filter) -> Iterator[None]:
        """Ours while its shares are changed."""
        if item.owner == self.me:
            yield
            return
        try:
            self._give(item, self.me)
            yield
        finally:
            self._return(item)

    def _return(self, item: Filter) -> None:
        try:
            self.give_back(item.id, item.owner)
        except AtlassianError as exc:
            self._taken[item.id] = AtlassianError(
                f"The filter {item.name} (id {item.id}) was taken over from {item.owner} for the change, and that it is theirs again is not proved: "
                f"{exc.sentence} If it belongs to {self.me} now, the playbook restore.yml of this collection gives it back."
            )
            raise self._taken[item.id] from exc

    def check_given_back(self, number: int) -> None:
        """Whatever its shares are now. Raises AtlassianError where it was not."""
        if number in self._taken:
            raise self._taken[number]

    def _known(self, number: int) -> list[Share]:
        found = self.shares(number)
        if found is None:
            raise AtlassianError(f"GET {PATH}/{number}/permission does not show a filter that is ours. Was it deleted just now?")
        return found

    def _add(self, number: int, share: Share) -> None:
        body = share.as_json()
        if body is None:
            raise AtlassianError(f"The share {share.text} is of a type that cannot be sent, so it cannot be added.")
        self._client.settle(
            lambda: self._client.write("POST", f"{PATH}/{number}/permission", body),
            lambda: share.text in {found.text for found in self._known(number)},
        )

    def _delete(self, number: int, share: Share) -> None:
        path = f"{PATH}/{number}/permission/{share.id}"
        self._client.settle(lambda: self._client.write("DELETE", path, also=(404,)), lambda: share.id not in {found.id for found in self._known(number)})

    def _parsed(self, response: Response, path: str, parse: Callable[[Any], Parsed]) -> Parsed:
        if response.status != 200:
            raise AtlassianError(refusal(response, self._client.credentials), status=response.status)
        try:
            return parse(json_of(response))
        except (KeyError, TypeError, ValueError) as exc:
            raise AtlassianError(f"GET {path} answered in a shape that is not known (at {exc}). Check the product version.") from exc


def _is_hidden(response: Response) -> bool:
    """Jira's own words that this account has no such filter: 404, or 400 as seen in public clients. A proxy's page has no such body."""
    if response.status not in (400, 404):
        return False
    try:
        body = json_of(response)
    except AtlassianError:
        return False
    return isinstance(body, dict) and ("errorMessages" in body or "errors" in body)


def _as_list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise TypeError("not a list")
    return answer


def _share(raw: Mapping[str, Any]) -> Share:
    kind = str(raw["type"])
    # What it is called when it is sent: what is answered is not verified on recent versions.
    kind = LOGGED_IN if kind == SENT_AS[LOGGED_IN] else kind
    if kind not in (*SENT_AS, *TARGETS, GONE_PROJECT):
        raise ValueError(f"share type {kind}")  # it may let anyone in
    target = None
    if kind in TARGETS and isinstance(raw.get(TARGETS[kind][1]), dict):
        target = str(raw[TARGETS[kind][1]][TARGETS[kind][2]])
    role = str(raw["role"]["id"]) if isinstance(raw.get("role"), dict) else None
    return Share(int(raw["id"]), kind, target, role, raw.get("edit") is True)


def _filter(raw: Mapping[str, Any], number: int) -> Filter:
    """Its shares are for the caller to add."""
    owner = raw["owner"]
    if int(raw["id"]) != number:
        raise ValueError(f"id {raw['id']}")  # an answer to another question
    return Filter(number, str(raw["name"]), str(owner["name"]), owner.get("active") is not False, (), raw)


def _named(shares: Sequence[Share]) -> str:
    return ", ".join(texts(shares)) or "none"
