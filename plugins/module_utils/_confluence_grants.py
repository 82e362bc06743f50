# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Grants in Confluence: which operation somebody holds, for the whole site or in a space, in the three ways the product names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError


@dataclass(frozen=True, order=True)
class Operation:
    """A pair as REST has it. Written "target operation", as in "space read"."""

    target: str
    key: str

    @property
    def text(self) -> str:
        return f"{self.target} {self.key}"

    def as_json(self) -> dict[str, str]:
        return {"targetType": self.target, "operationKey": self.key}


USE = Operation("application", "use")
USE_UNLICENSED = Operation("application", "use_unlicensed")
ADMINISTER_SYSTEM = Operation("system", "administer")
# The vendor's text names the pair "read user"; which of the two is the target is not verified, so both are understood.
VIEW_PROFILES = (Operation("user", "read"), Operation("read", "user"))

# REST pair -> name in JSON-RPC and, in lower case, in the permission forms. Source of the space rows: the table in the public
# terraform-provider-confluence-dc, stated there as checked against 9.2; of the global ones: the documentation of the remote API.
RPC_NAMES: Mapping[Operation, str] = {
    USE: "USECONFLUENCE",
    VIEW_PROFILES[0]: "VIEWUSERPROFILES",
    VIEW_PROFILES[1]: "VIEWUSERPROFILES",
    Operation("space", "read"): "VIEWSPACE",
    Operation("space", "administer"): "SETSPACEPERMISSIONS",
    Operation("space", "export"): "EXPORTSPACE",
    Operation("space", "restrict"): "SETPAGEPERMISSIONS",
    Operation("space", "delete_own"): "REMOVEOWNCONTENT",
    Operation("space", "delete_mail"): "REMOVEMAIL",
    Operation("page", "create"): "EDITSPACE",
    Operation("page", "delete"): "REMOVEPAGE",
    Operation("blogpost", "create"): "EDITBLOG",
    Operation("blogpost", "delete"): "REMOVEBLOG",
    Operation("comment", "create"): "COMMENT",
    Operation("comment", "delete"): "REMOVECOMMENT",
    Operation("attachment", "create"): "CREATEATTACHMENT",
    Operation("attachment", "delete"): "REMOVEATTACHMENT",
}
GLOBAL_OPERATIONS = (USE, *VIEW_PROFILES)
SPACE_OPERATIONS = tuple(operation for operation in RPC_NAMES if operation not in GLOBAL_OPERATIONS)
_BY_RPC_NAME = {name: operation for operation, name in reversed(list(RPC_NAMES.items()))}


@dataclass(frozen=True, order=True)
class Holder:
    """kind: anonymous, group, user (named by user name, as JSON-RPC and the forms do), userkey (as REST does), or unknown."""

    kind: str
    name: str = ""

    @property
    def text(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


ANONYMOUS = Holder("anonymous")


@dataclass(frozen=True, order=True)
class Grant:
    operation: Operation
    holder: Holder


def parse_operation(text: str) -> Operation | None:
    """An operation in a space as a user writes it ("space read"), None if there is no such."""
    return next((operation for operation in SPACE_OPERATIONS if operation.text == " ".join(text.split())), None)


def from_rpc_name(name: str) -> Operation:
    """A name this collection does not know stays what it is: it must be seen, not skipped."""
    return _BY_RPC_NAME.get(name.upper(), Operation("unknown", name))


def parse_grants(body: Any, path: str) -> list[Grant]:
    """Grants of a REST answer. A list; the document of 9.2 shows a lone object, and a public client has met {"operations": [...]}.

    Raises AtlassianError for a shape that is not known: a grant that is not understood must not count as harmless.
    """
    if isinstance(body, dict):
        body = body["operations"] if isinstance(body.get("operations"), list) else [body]
    try:
        if not isinstance(body, list):
            raise TypeError("list")
        return [Grant(_operation(item["operation"]), _holder(item.get("subject"))) for item in body]
    except (KeyError, TypeError, AttributeError) as exc:
        raise AtlassianError(f"GET {path} answered in a shape that is not known (at {exc}). Check the product version.") from exc


def _operation(raw: Mapping[str, Any]) -> Operation:
    return Operation(str(raw["targetType"]), str(raw["operationKey"]))


def _holder(raw: Any) -> Holder:
    """The schema knows displayName and type only; seen in practice: name for groups, userKey for users."""
    if not isinstance(raw, dict):
        return Holder("unknown")
    if raw.get("type") == "anonymous":
        return ANONYMOUS
    if raw.get("userKey"):
        return Holder("userkey", str(raw["userKey"]))
    if raw.get("type") == "group" and raw.get("name"):
        return Holder("group", str(raw["name"]))
    return Holder("unknown", str(raw.get("displayName") or ""))


def by_operation(grants: Iterable[Grant]) -> dict[Operation, list[Holder]]:
    """Holders by operation, both in a stable order."""
    found: dict[Operation, set[Holder]] = {}
    for grant in grants:
        found.setdefault(grant.operation, set()).add(grant.holder)
    return {operation: sorted(found[operation]) for operation in sorted(found)}


def texts(holders: Sequence[Holder]) -> list[str]:
    """For people and for comparing."""
    return sorted({holder.text for holder in holders})
