# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift by hand: what somebody with a mouse, or with a JVM switch, may have done since the last run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import planting
from ..planting import Plants, Result, flip
from .world import Filter, Grant, Share, User, World

if TYPE_CHECKING:
    from .product import Jira


def plant(product: Jira, wish: dict[str, Any]) -> None:
    planting.plant(product, _PLANTS, wish)


def _grant(product: Jira, value: dict[str, Any]) -> Result:
    scheme = product.world.schemes[int(value["scheme"])]
    holder = value["holder"]
    grant = Grant(product.world.new_id(), str(value["permission"]), str(holder["type"]), holder.get("parameter"))
    scheme.grants.append(grant)
    return f"{scheme.id}/{grant.id}", None, value


def _ungrant(product: Jira, value: dict[str, Any]) -> Result:
    scheme = product.world.schemes[int(value["scheme"])]
    grant = next(item for item in scheme.grants if item.id == int(value["id"]))
    scheme.grants.remove(grant)
    return f"{scheme.id}/{grant.id}", grant.permission, None


def _site_feature(product: Jira, value: dict[str, Any]) -> Result:
    return flip(product.world.features.site, value)


def _system_feature(product: Jira, value: dict[str, Any]) -> Result:
    """-Datlassian.darkfeature.<key> (SAL; doc)."""
    return flip(product.world.features.system, value)


def _flag(product: Jira, value: dict[str, Any]) -> Result:
    flags, key = product.world.features.flags, str(value["key"])
    before = flags.get(key)
    flags[key] = bool(value["default"])
    return key, before, flags[key]


def _property(product: Jira, value: dict[str, Any]) -> Result:
    key = str(value["key"])
    before = product.world.properties.get(key)
    wanted = value["value"]
    product.world.properties[key] = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
    return key, before, product.world.properties[key]


def _global_permission(product: Jira, value: dict[str, Any]) -> Result:
    holders = product.world.global_permissions[str(value["key"])]
    group, granted = value["group"], bool(value["granted"])
    before = group in holders
    if granted:
        holders.add(group)
    else:
        holders.discard(group)
    return f"{value['key']} {group or 'anyone'}", before, granted


def _new_share(world: World, value: dict[str, Any]) -> Share:
    if value["type"] not in ("global", "loggedin", "project", "group", "user"):
        raise ValueError("known types are global, loggedin, project, group, user")
    target = value.get("target")
    return Share(world.new_id(), str(value["type"]), None if target is None else str(target), value.get("role"), bool(value.get("edit", False)))


def _share(product: Jira, value: dict[str, Any]) -> Result:
    world = product.world
    owner = world.filters[int(value["filter"])] if "filter" in value else world.dashboards[int(value["dashboard"])]
    share = _new_share(world, value)
    owner.shares.append(share)
    return f"{owner.name}", None, share.type


def _filter(product: Jira, value: dict[str, Any]) -> Result:
    """Adds or replaces a filter."""
    world = product.world
    number, owner = int(value["id"]), str(value["owner"])
    if owner not in world.users:
        raise ValueError(f"no user {owner!r}")
    before = world.filters.get(number)
    shares = [_new_share(world, share) for share in value.get("shares", ())]
    world.filters[number] = Filter(number, str(value.get("name", f"Filter {number}")), owner, str(value.get("jql", "")), shares)
    return str(number), None if before is None else before.name, world.filters[number].name


def _filters(product: Jira, value: dict[str, Any]) -> Result:
    """Many at once, of witness: the wanted number of them public, evenly spread, the others for everyone who logs in."""
    world, count, public = product.world, int(value["count"]), int(value.get("public", 0))
    if not 0 <= public <= count:
        raise ValueError("public is at most count")
    before = len(world.filters)
    for number in range(1, count + 1):
        is_public = number * public // count > (number - 1) * public // count
        made = Filter(world.new_id(), f"Filter {number:05}", "witness", "", [_new_share(world, {"type": "global" if is_public else "loggedin"})])
        world.filters[made.id] = made
    return "filters", before, len(world.filters)


def _user(product: Jira, value: dict[str, Any]) -> Result:
    users, name = product.world.users, str(value["name"])
    before = users.get(name)
    was = None if before is None else {"active": before.active, "groups": sorted(before.groups)}
    groups = set(value.get("groups", before.groups if before else ()))
    users[name] = User(name, before.display if before else name, groups, bool(value.get("active", True)))
    product.world.groups |= groups
    return name, was, {"active": users[name].active, "groups": sorted(groups)}


def _project_scheme(product: Jira, value: dict[str, Any]) -> Result:
    project, scheme = product.world.projects[str(value["project"])], product.world.schemes[int(value["scheme"])]
    before, project.scheme = project.scheme, scheme.id
    return project.key, before, scheme.id


def _sign_up(product: Jira, value: bool) -> Result:
    return _property(product, {"key": "jira.mode", "value": "public" if value else "private"})


def _websudo(product: Jira, value: bool) -> Result:
    """false: jira.websudo.is.disabled is set, and the product was started again (KWS; doc)."""
    before, product.world.websudo = product.world.websudo, bool(value)
    return "secure administrator sessions", before, product.world.websudo


_PLANTS: Plants = {
    "grant": _grant,
    "ungrant": _ungrant,
    "site_feature": _site_feature,
    "system_feature": _system_feature,
    "flag": _flag,
    "property": _property,
    "global_permission": _global_permission,
    "share": _share,
    "filter": _filter,
    "filters": _filters,
    "user": _user,
    "project_scheme": _project_scheme,
    "sign_up": _sign_up,
    "websudo": _websudo,
}
