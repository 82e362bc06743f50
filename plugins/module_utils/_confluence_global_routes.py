# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Global permissions of those who are nobody in particular (anonymous, unlicensed): the ways to read and to change them.

Which way a version has is found out by asking it; versions are not compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import (
    ANONYMOUS,
    RPC_NAMES,
    USE,
    VIEW_PROFILES,
    Grant,
    Holder,
    Operation,
    parse_grants,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import PERMISSIONS
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_permission_form import PREFIX, box, box_holder, parse_box
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_rpc import RemoteApi
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import CONSOLE
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, FormAt, Place, find
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal

EVERYBODY, UNLICENSED = "anonymous", "unlicensed"


class GlobalRoute(Protocol):
    """One way. `missing` and `read` change nothing."""

    name: str

    def read(self, subject: str) -> frozenset[Operation] | None:
        """What the subject holds; None where this way cannot tell."""

    def missing(self, subject: str) -> str:
        """Why this way cannot write for the subject, "" if it can."""

    def write(self, subject: str, operation: Operation, granted: bool) -> None:
        """Grant or revoke. Raises AtlassianError where the product refused."""

    def users_of_site(self) -> list[Holder] | None:
        """Who may use Confluence, anonymous aside; None where this way cannot tell. Never nobody: our own account uses it."""


@dataclass
class RestGlobal:
    """Reads since 9.2.5, writes since 9.3 (the vendor's OpenAPI files)."""

    client: Client
    name: str = "rest"

    def read(self, subject: str) -> frozenset[Operation] | None:
        grants = self._read(f"{PERMISSIONS}/{subject}")
        # Everything in this list belongs to the subject; how the subject is written there is not verified, so it is not looked at.
        return None if grants is None else frozenset(grant.operation for grant in grants)

    def users_of_site(self) -> list[Holder] | None:
        try:
            grants = self._read(PERMISSIONS)
        except AtlassianError as exc:
            if exc.status not in (401, 403):
                raise
            grants = None
        if grants is None:
            return None
        return sorted({grant.holder for grant in grants if grant.operation == USE and grant.holder.kind != EVERYBODY}) or None

    def _read(self, path: str) -> list[Grant] | None:
        response = self.client.get(path)
        if response.status == 404:
            return None
        if response.status != 200:
            raise AtlassianError(refusal(response, self.client.credentials), status=response.status)
        return parse_grants(json_of(response), path)

    def missing(self, subject: str) -> str:
        """A GET on an address that only takes PUT: 405 where it exists, 404 where not. Asking changes nothing."""
        path = f"{PERMISSIONS}/{subject}/revoke"
        response = self.client.get(path)
        return "" if response.status == 405 else f"this version does not change it by REST (GET {path} answered {response.status})"

    def write(self, subject: str, operation: Operation, granted: bool) -> None:
        path = f"{PERMISSIONS}/{quote(subject, safe='')}/{'grant' if granted else 'revoke'}"
        try:
            self._put(subject, path, operation, granted)
        except AtlassianError as exc:
            # Granting needs a guess at the order of the pair; a revocation echoes what was read.
            if not (granted and operation in VIEW_PROFILES and exc.status == 400):
                raise
            self._put(subject, path, VIEW_PROFILES[1 - VIEW_PROFILES.index(operation)], granted)

    def _put(self, subject: str, path: str, operation: Operation, granted: bool) -> None:
        def done() -> bool:
            return (operation in (self.read(subject) or ())) == granted

        self.client.settle(lambda: self.client.write("PUT", path, [operation.as_json()]), done)


@dataclass
class RpcGlobal:
    """JSON-RPC: every version, while the Remote API is on. It has no getter for these permissions."""

    api: RemoteApi
    name: str = "jsonrpc"

    def read(self, subject: str) -> frozenset[Operation] | None:
        return None

    def users_of_site(self) -> list[Holder] | None:
        return None

    def missing(self, subject: str) -> str:
        return "it has no call for unlicensed users" if subject != EVERYBODY else self.api.refusal()

    def write(self, subject: str, operation: Operation, granted: bool) -> None:
        what = "UsePermission" if operation == USE else "ViewUserProfilePermission"
        self.api.do(f"{'add' if granted else 'remove'}Anonymous{what}")


# Names of pages and boxes: public client code (the vendor's own plugin test among it); of the global page they are not verified one by one.
PLACE = Place(
    "Global permissions",
    ("/admin/permissions/editglobalpermissions.action",),
    (box("USECONFLUENCE", ANONYMOUS), box("USECONFLUENCE", Holder("group", "confluence-administrators"))),
    CONSOLE,
    ("globalpermissions",),
)


@dataclass
class FormGlobal:
    """The page for administrators, in a browser session."""

    browser: Browser
    name: str = "form"
    _form: FormAt | None = None

    def _at(self) -> FormAt:
        if self._form is None:
            self._form = find(self.browser, PLACE)
        return self._form

    def read(self, subject: str) -> frozenset[Operation] | None:
        """A page on which anonymous has no box for use is not understood, so it tells nothing."""
        if subject != EVERYBODY:
            return None
        controls = self._at().read().controls
        boxes = {operation: controls.get(box(RPC_NAMES[operation], ANONYMOUS)) for operation in (USE, VIEW_PROFILES[0])}
        if boxes[USE] is None:
            return None
        return frozenset(operation for operation, control in boxes.items() if control is not None and control.value is True)

    def users_of_site(self) -> list[Holder] | None:
        """A page with a box whose name is not understood tells nothing: it may be that of the group everybody is in."""
        controls = self._at().read().controls.values()
        if any(control.name.startswith(PREFIX) and parse_box(control.name) is None for control in controls):
            return None
        found = [box_holder(control.name, "USECONFLUENCE") for control in controls if control.value is True]
        return sorted(holder for holder in found if holder is not None and holder.kind != EVERYBODY) or None

    def missing(self, subject: str) -> str:
        if subject != EVERYBODY:
            return "how the page names unlicensed users is not known"
        try:
            form = self._at().read()
        except AtlassianError as exc:
            return exc.sentence
        return "" if box("USECONFLUENCE", ANONYMOUS) in form.controls else f"the page {self._at().path} has no box for anonymous use"

    def write(self, subject: str, operation: Operation, granted: bool) -> None:
        wanted = {box(RPC_NAMES[operation], Holder(subject)): granted}
        if operation == USE and not granted:
            # Vendor's text: without use, viewing profiles must go as well.
            profiles = box(RPC_NAMES[VIEW_PROFILES[0]], Holder(subject))
            if profiles in self._at().read().controls:
                wanted[profiles] = False
        self._at().change(wanted)


def first_read(routes: Sequence[GlobalRoute], subject: str) -> frozenset[Operation] | None:
    """By the first way that can tell."""
    for route in routes:
        found = route.read(subject)
        if found is not None:
            return found
    return None


def first_users(routes: Sequence[GlobalRoute]) -> list[Holder] | None:
    for route in routes:
        found = route.users_of_site()
        if found is not None:
            return found
    return None
