# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The methods of JSON-RPC that are played (names and parameters: facts 4.3; documented). Removing what is absent is true (hint)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..answers import base, caller
from . import global_permissions, rights, space_permissions
from . import operations as op
from .context import confluence, world
from .world import ANONYMOUS, Space, group, user


class RpcError(Exception):
    """An error of the application: class name and words, as the product sends them (texts are our own)."""


@dataclass(frozen=True)
class Method:
    parameters: int
    run: Callable[[list[Any]], Any]
    administrative: bool = True
    space: int | None = None  # which parameter names a space: then its administrators are enough

    def permit(self, params: list[Any]) -> None:
        if len(params) != self.parameters:
            raise RpcError(f"RemoteException: {self.parameters} parameters expected, {len(params)} sent.")
        if not self.administrative:
            return
        who = caller().name
        allowed = rights.administers(world(), who)
        if not allowed and self.space is not None:
            allowed = who is not None and rights.administers_space(world(), who, _space(params[self.space]))
        if not allowed:
            raise RpcError("NotPermittedException: You are not allowed to do this.")


def _space(key: Any) -> Space:
    found = world().spaces.get(str(key))
    if found is None:
        raise RpcError(f"RemoteException: No space with key {key}.")
    return found


def _operation(name: Any) -> str:
    found = op.SPACE_BY_TYPE.get(str(name))
    if found is None:
        raise RpcError(f"RemoteException: No permission {name}.")
    return found


def _subject(name: Any) -> str:
    """A group, else a user by name."""
    if str(name) in world().groups:
        return group(str(name))
    found = world().users.get(str(name))
    if found is None:
        raise RpcError(f"RemoteException: No user or group {name}.")
    return user(found.key)


def _server_info(_params: list[Any]) -> dict[str, Any]:
    major, minor, patch = confluence().version.full.split(".")
    version = {"majorVersion": int(major), "minorVersion": int(minor), "patchLevel": int(patch), "developmentBuild": False}
    return {**version, "buildId": str(confluence().version.build), "baseUrl": base()}


def _spaces(_params: list[Any]) -> list[dict[str, str]]:
    return [
        {"key": space.key, "name": space.name, "type": space.type, "url": f"{base()}/display/{space.key}"}
        for space in rights.visible(world(), caller().name)
    ]


def _permission_sets(params: list[Any]) -> list[dict[str, Any]]:
    """By type; both names null is anonymous (code)."""
    permissions = _space(params[0]).permissions
    sets = []
    for operation, type_ in op.SPACE_TYPES.items():
        holders = [_holder(type_, subject) for subject in sorted(permissions, reverse=True) if operation in permissions[subject]]
        if holders:
            sets.append({"type": type_, "spacePermissions": holders})
    return sets


def _holder(type_: str, subject: str) -> dict[str, Any]:
    kind, _colon, name = subject.partition(":")
    found = world().user_by_key(name) if kind == "user" else None
    return {"type": type_, "userName": found.name if found else None, "groupName": name if kind == "group" else None}


def _add_global(operation: str) -> Callable[[list[Any]], bool]:
    """Profiles only while use is granted (hint): else false, and nothing is done."""

    def add(_params: list[Any]) -> bool:
        held = world().permissions.get(ANONYMOUS, set())
        if operation == op.PROFILES and op.USE not in held:
            return False
        global_permissions.store(ANONYMOUS, held | {operation})
        return True

    return add


def _remove_global(operation: str) -> Callable[[list[Any]], bool]:
    def remove(_params: list[Any]) -> bool:
        held = world().permissions.get(ANONYMOUS, set())
        global_permissions.store(ANONYMOUS, set() if operation == op.USE else held - {operation})
        return True

    return remove


def _grant(space: Space, subject: str, operations: set[str]) -> bool:
    if subject == ANONYMOUS and operations & op.NOT_FOR_ANONYMOUS:
        raise RpcError("RemoteException: Anonymous cannot have this permission.")
    space_permissions.store(space, subject, space.permissions.get(subject, set()) | operations)
    return True


def _revoke(space: Space, subject: str, operation: str) -> bool:
    space_permissions.store(space, subject, space.permissions.get(subject, set()) - {operation})
    return True


def _add_many(params: list[Any]) -> bool:
    if not isinstance(params[0], list):
        raise RpcError("RemoteException: A list of permissions expected.")
    return _grant(_space(params[1]), ANONYMOUS, {_operation(name) for name in params[0]})


METHODS = {
    "getServerInfo": Method(0, _server_info, administrative=False),
    "getSpaces": Method(0, _spaces, administrative=False),
    "getSpacePermissionSets": Method(1, _permission_sets, space=0),
    "addAnonymousUsePermission": Method(0, _add_global(op.USE)),
    "removeAnonymousUsePermission": Method(0, _remove_global(op.USE)),
    "addAnonymousViewUserProfilePermission": Method(0, _add_global(op.PROFILES)),
    "removeAnonymousViewUserProfilePermission": Method(0, _remove_global(op.PROFILES)),
    "addAnonymousPermissionToSpace": Method(2, lambda params: _grant(_space(params[1]), ANONYMOUS, {_operation(params[0])}), space=1),
    "addAnonymousPermissionsToSpace": Method(2, _add_many, space=1),
    "removeAnonymousPermissionFromSpace": Method(2, lambda params: _revoke(_space(params[1]), ANONYMOUS, _operation(params[0])), space=1),
    "addPermissionToSpace": Method(3, lambda params: _grant(_space(params[2]), _subject(params[1]), {_operation(params[0])}), space=2),
    "removePermissionFromSpace": Method(3, lambda params: _revoke(_space(params[2]), _subject(params[1]), _operation(params[0])), space=2),
}
