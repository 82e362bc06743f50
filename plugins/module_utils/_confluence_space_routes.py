# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Permissions in one space: the ways to read and to change them. Which way a version has is found out by asking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import (
    ANONYMOUS,
    RPC_NAMES,
    SPACE_OPERATIONS,
    Grant,
    Holder,
    Operation,
    from_rpc_name,
    parse_grants,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_permission_form import box, parse_box
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_rpc import RemoteApi
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, FormAt
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

SPACE = "/rest/api/space"
SEGMENTS = {"group": "group", "userkey": "user"}  # kind of holder -> its name in the address
MOST_ASKED = 5  # spaces, to find out whether there is such an interface
LOST = "The space is gone since it was listed, or this account may not see it any more."
NO_RIGHT = (
    "a missing right (Confluence answers 500 then, CONFSERVER-99908), or a fault of the server. "
    "Make the account a Confluence administrator or an administrator of the space; if it is one, look into the product's log."
)


class SpaceRoute(Protocol):
    """One way. All but `write` change nothing."""

    name: str

    def missing(self, keys: Sequence[str]) -> str:
        """Why this way cannot be used, "" if it can. keys: some of the spaces that were listed."""

    def anonymous(self, key: str) -> list[Operation]:
        """What anonymous holds in the space, sorted, by one request."""

    def grants(self, key: str) -> list[Grant]:
        """All grants in the space, anonymous's included."""

    def can_grant(self, key: str, holder: Holder, operation: Operation) -> str:
        """Why the operation cannot be granted to the holder this way, "" if it can."""

    def write(self, key: str, holder: Holder, operation: Operation, granted: bool) -> None:
        """Grant or revoke. Raises AtlassianError where the product refused."""


@dataclass
class RestSpaces:
    """Since 9.1 (the vendor's OpenAPI files)."""

    client: Client
    name: str = "rest"

    def missing(self, keys: Sequence[str]) -> str:
        """Some patch releases of 9.x have the list of a space and lack the one of anonymous, without which nothing can be said."""
        for key in keys[:MOST_ASKED]:
            try:
                response = self.client.get(_path(key, "/anonymous"))
            except AtlassianError:
                continue  # that space's own trouble; another one tells
            if response.status == 404 and not _is_about_the_space(response):
                return f"this version has no REST for it ({response.request.label} answered 404)"
            break
        return ""

    def anonymous(self, key: str) -> list[Operation]:
        # Everything in this list belongs to anonymous; how the subject is written there is not verified, so it is not looked at.
        return sorted({grant.operation for grant in self._read(_path(key, "/anonymous"))})

    def grants(self, key: str) -> list[Grant]:
        """The list of the whole space may leave anonymous out, so that is asked for by itself."""
        others = [grant for grant in self._read(_path(key)) if grant.holder != ANONYMOUS]
        return [*others, *(Grant(operation, ANONYMOUS) for operation in self.anonymous(key))]

    def _read(self, path: str) -> list[Grant]:
        response = self.client.get(path)
        if response.status != 200:
            raise AtlassianError(self._sentence(response), status=response.status)
        return parse_grants(json_of(response), path)

    def _sentence(self, response: Response) -> str:
        if response.status == 500:
            return f"{response.request.label} answered 500: {NO_RIGHT}"
        if response.status == 404 and _is_about_the_space(response):
            return f"{response.request.label} answered 404. {LOST}"
        return refusal(response, self.client.credentials)

    def can_grant(self, key: str, holder: Holder, operation: Operation) -> str:
        return "" if holder.kind in SEGMENTS else f"{holder.text} is nobody who can be granted something by REST"

    def write(self, key: str, holder: Holder, operation: Operation, granted: bool) -> None:
        whose = f"{SEGMENTS[holder.kind]}/{quote(holder.name, safe='')}" if holder.name else ANONYMOUS.kind
        path = _path(key, f"/{whose}/{'grant' if granted else 'revoke'}")

        def write() -> None:
            try:
                self.client.write("PUT", path, [operation.as_json()])
            except AtlassianError as exc:
                if exc.status == 500:
                    raise AtlassianError(f"PUT {path} answered 500: {NO_RIGHT}", status=500) from exc
                raise

        self.client.settle(write, lambda: (Grant(operation, holder) in self.grants(key)) == granted)


def _path(key: str, more: str = "") -> str:
    """Personal spaces have a ~ in their key, which stays as it is; everything else is encoded."""
    return f"{SPACE}/{quote(key, safe='~')}/permissions{more}"


def _is_about_the_space(response: Response) -> bool:
    """An error body of the product's REST names a statusCode; an address nobody serves is answered with a page or with status-code."""
    try:
        body: Any = json_of(response)
    except AtlassianError:
        return False
    return isinstance(body, dict) and "statusCode" in body


@dataclass
class RpcSpaces:
    """JSON-RPC: every version, while the Remote API is on."""

    api: RemoteApi
    name: str = "jsonrpc"

    def missing(self, keys: Sequence[str]) -> str:
        return self.api.refusal()

    def anonymous(self, key: str) -> list[Operation]:
        return sorted({grant.operation for grant in self.grants(key) if grant.holder == ANONYMOUS})

    def grants(self, key: str) -> list[Grant]:
        answer = self.api.call("getSpacePermissionSets", key)
        try:
            return [_rpc_grant(item) for permission_set in answer for item in permission_set["spacePermissions"]]
        except (KeyError, TypeError) as exc:
            raise AtlassianError(
                f"getSpacePermissionSets of space {key} answered in a shape that is not known (at {exc}). Check the product version."
            ) from exc

    def can_grant(self, key: str, holder: Holder, operation: Operation) -> str:
        return "" if holder.kind in ("group", "user") else f"by JSON-RPC nothing can be granted to {holder.text}"

    def write(self, key: str, holder: Holder, operation: Operation, granted: bool) -> None:
        name = RPC_NAMES.get(operation, operation.key)

        def write() -> None:
            if holder == ANONYMOUS:
                self.api.do("addAnonymousPermissionToSpace" if granted else "removeAnonymousPermissionFromSpace", name, key)
            else:
                self.api.do("addPermissionToSpace" if granted else "removePermissionFromSpace", name, holder.name, key)

        self.api.session.client.settle(write, lambda: (Grant(operation, holder) in self.grants(key)) == granted)


def _rpc_grant(item: Any) -> Grant:
    """Both names null means anonymous (public client code). An entry for unlicensed users might look the same: not verified."""
    user, group = item["userName"], item["groupName"]
    holder = Holder("user", str(user)) if user else Holder("group", str(group)) if group else ANONYMOUS
    return Grant(from_rpc_name(str(item["type"])), holder)


@dataclass
class FormSpaces:
    """The page for administrators of the space, in a browser session."""

    browser: Browser
    name: str = "form"

    def missing(self, keys: Sequence[str]) -> str:
        return ""  # a page that cannot be read is that space's own row

    def anonymous(self, key: str) -> list[Operation]:
        return sorted({grant.operation for grant in self.grants(key) if grant.holder == ANONYMOUS})

    def grants(self, key: str) -> list[Grant]:
        boxes = [(parse_box(control.name), control.value) for control in self._at(key).read().controls.values()]
        return [Grant(from_rpc_name(found[0]), found[1]) for found, value in boxes if found is not None and value is True]

    def can_grant(self, key: str, holder: Holder, operation: Operation) -> str:
        if box(RPC_NAMES.get(operation, operation.key), holder) in self._at(key).read().controls:
            return ""
        return f"the form of the space has no row for {holder.text}: grant it in a browser, or name a group in replace_groups that has one"

    def write(self, key: str, holder: Holder, operation: Operation, granted: bool) -> None:
        self._at(key).change({box(RPC_NAMES.get(operation, operation.key), holder): granted})

    def _at(self, key: str) -> FormAt:
        known = tuple(box(RPC_NAMES[operation], ANONYMOUS) for operation in SPACE_OPERATIONS)
        return FormAt(self.browser, f"/spaces/editspacepermissions.action?key={quote(key, safe='')}&edit=Edit+Permissions", known)
