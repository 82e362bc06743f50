# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift by hand: what somebody with a mouse, or with a JVM switch, may have done since the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import planting
from ..fields import checked
from ..planting import Plants, Result, flip
from . import operations as op
from . import settings, world

if TYPE_CHECKING:
    from .product import Confluence


def plant(product: Confluence, wish: dict[str, Any]) -> None:
    planting.plant(product, _PLANTS, wish)


def _subject(product: Confluence, subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    known = subject in (world.ANONYMOUS, world.UNLICENSED) or (kind == "group" and name in product.world.groups)
    if not known and not (kind == "user" and product.world.user_by_key(name)):
        raise ValueError(f"no subject {subject!r}: anonymous, unlicensed, group:<name>, user:<userKey>")
    return subject


def _held(permissions: world.Permissions, subject: str, operation: str, granted: bool) -> tuple[bool, bool]:
    before = operation in permissions.get(subject, ())
    (world.grant if granted else world.revoke)(permissions, subject, operation)
    return before, granted


def _space(product: Confluence, value: dict[str, Any]) -> Result:
    """Adds or replaces a space."""
    key, before = str(value["key"]), product.world.spaces.get(str(value["key"]))
    permissions: world.Permissions = {}
    for subject, operations in value.get("permissions", {}).items():
        for operation in operations:
            world.grant(permissions, _subject(product, subject), _known(operation))
    made = product.world.add_space(key, str(value.get("name", key)), permissions, str(value.get("type", "global")), str(value.get("status", "current")))
    return key, None if before is None else before.name, made.name


def _known(operation: str) -> str:
    if operation not in op.SPACE_PAIRS:
        raise ValueError(f"no operation {operation!r}")
    return operation


def _remove_space(product: Confluence, value: str) -> Result:
    removed = product.world.spaces.pop(str(value))
    return removed.key, removed.name, None


def _spaces(product: Confluence, value: dict[str, Any]) -> Result:
    """Many at once: S00001 and on, the wanted number of them open to anonymous, evenly spread."""
    count, anonymous = int(value["count"]), int(value.get("anonymous", 0))
    if not 0 <= anonymous <= count:
        raise ValueError("anonymous is at most count")
    before = len(product.world.spaces)
    for number in range(1, count + 1):
        readers = ["group:confluence-users", "group:confluence-administrators"]
        if number * anonymous // count > (number - 1) * anonymous // count:
            readers.append(world.ANONYMOUS)
        permissions = {reader: {op.READ} for reader in readers}
        permissions["group:confluence-administrators"].add(op.ADMINISTER_SPACE)
        product.world.add_space(f"S{number:05}", f"Space {number}", permissions)
    return "spaces", before, len(product.world.spaces)


def _space_permission(product: Confluence, value: dict[str, Any]) -> Result:
    space, subject, operation = product.world.spaces[str(value["space"])], _subject(product, str(value["subject"])), _known(str(value["operation"]))
    return f"{space.key} {subject} {operation}", *_held(space.permissions, subject, operation, bool(value["granted"]))


def _global_permission(product: Confluence, value: dict[str, Any]) -> Result:
    subject, operation = _subject(product, str(value["subject"])), str(value["operation"])
    if operation not in op.LICENSED_PAIRS | op.ANONYMOUS_PAIRS | op.UNLICENSED_PAIRS:
        raise ValueError(f"no operation {operation!r}")
    return f"{subject} {operation}", *_held(product.world.permissions, subject, operation, bool(value["granted"]))


def _setting(product: Confluence, value: dict[str, Any]) -> Result:
    field, known = settings.FIELDS[str(value["name"])], product.world.settings
    before, known[field.name] = known[field.name], checked(field, value["value"])
    return field.name, before, known[field.name]


def _signup_mode(product: Confluence, value: str) -> Result:
    return _setting(product, {"name": "signupMode", "value": value})


def _captcha(product: Confluence, value: bool) -> Result:
    return _setting(product, {"name": "enableElevatedSecurityCheck", "value": value})


def _site_feature(product: Confluence, value: dict[str, Any]) -> Result:
    return flip(product.world.features.site, value)


def _system_feature(product: Confluence, value: dict[str, Any]) -> Result:
    """-Datlassian.darkfeature.<key> (SAL; documented)."""
    return flip(product.world.features.system, value)


def _user(product: Confluence, value: dict[str, Any]) -> Result:
    users, name = product.world.users, str(value["name"])
    before = users.get(name)
    was = None if before is None else {"active": before.active, "groups": sorted(before.groups)}
    groups = set(value.get("groups", before.groups if before else ()))
    users[name] = world.User(name, before.display if before else name, groups, bool(value.get("active", True)))
    product.world.groups |= groups
    return name, was, {"active": users[name].active, "groups": sorted(groups)}


def _without_anonymous_path(product: Confluence, value: bool) -> Result:
    before, product.without_anonymous_path = product.without_anonymous_path, bool(value)
    return "path of anonymous missing", before, bool(value)


def _remote_api_off_status(product: Confluence, value: int) -> Result:
    if value not in (404, 405, 401):
        raise ValueError("known are 404, 405, 401")
    before, product.remote_api_off_status = product.remote_api_off_status, value
    return "status of the remote API that is off", before, value


_PLANTS: Plants = {
    "space": _space,
    "remove_space": _remove_space,
    "spaces": _spaces,
    "space_permission": _space_permission,
    "global_permission": _global_permission,
    "setting": _setting,
    "signup_mode": _signup_mode,
    "captcha": _captcha,
    "site_feature": _site_feature,
    "system_feature": _system_feature,
    "user": _user,
    "remote_api_off_status": _remote_api_off_status,
    "without_anonymous_path": _without_anonymous_path,
}
