# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift by hand: what somebody with a mouse, or with a JVM switch, may have done since the last run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import features
from .world import Grant, Share, User

if TYPE_CHECKING:
    from .product import Jira

LOGIN_FAILURES = ("refuse", "anonymous", "empty_200")


class BadPlant(ValueError):
    """A wish that cannot be planted; the text is a sentence."""


def plant(product: Jira, wish: dict[str, Any]) -> None:
    """One object with one member: what to plant. Recorded in the audit log under the name of nobody in the product."""
    if len(wish) != 1:
        raise BadPlant("Plant one thing at a time: an object with one member.")
    [(what, value)] = wish.items()
    if what not in _PLANTS:
        raise BadPlant(f"The simulator cannot plant {what!r}; it can plant: {', '.join(sorted(_PLANTS))}.")
    try:
        subject, before, after = _PLANTS[what](product, value)
    except (KeyError, TypeError, ValueError) as error:
        raise BadPlant(f"{what} cannot be planted from {value!r}: {type(error).__name__} {error}.") from error
    product.journal.change("(planted)", what, subject, before, after)


Result = tuple[str, Any, Any]


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
    known = product.world.features
    before = value["key"] in known.site
    features.set_site_feature(known, str(value["key"]), bool(value["enabled"]))
    return str(value["key"]), before, bool(value["enabled"])


def _system_feature(product: Jira, value: dict[str, Any]) -> Result:
    """-Datlassian.darkfeature.<key> (SAL; doc)."""
    system, key, on = product.world.features.system, str(value["key"]), bool(value["enabled"])
    before = key in system
    if on:
        system.add(key)
    else:
        system.discard(key)
    return key, before, on


def _flag(product: Jira, value: dict[str, Any]) -> Result:
    flags, key = product.world.features.flags, str(value["key"])
    before = flags.get(key)
    flags[key] = bool(value["default"])
    return key, before, flags[key]


def _property(product: Jira, value: dict[str, Any]) -> Result:
    key = str(value["key"])
    before = product.world.properties.get(key)
    product.world.properties[key] = str(value["value"])
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


def _share(product: Jira, value: dict[str, Any]) -> Result:
    world = product.world
    owner = world.filters[int(value["filter"])] if "filter" in value else world.dashboards[int(value["dashboard"])]
    share = Share(world.new_id(), str(value["type"]), value.get("target"))
    owner.shares.append(share)
    return f"{owner.name}", None, share.type


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


def _login_failure(product: Jira, value: str) -> Result:
    """What a wrong password or token gets: refuse (401), anonymous (goes on as a stranger), empty_200 (JRA-41559)."""
    if value not in LOGIN_FAILURES:
        raise ValueError(f"known are {', '.join(LOGIN_FAILURES)}")
    before, product.login_failure = product.login_failure, value
    return "login failure", before, value


def _basic_auth(product: Jira, value: bool) -> Result:
    before, product.world.basic_auth = product.world.basic_auth, bool(value)
    return "basic authentication", before, bool(value)


def _sign_up(product: Jira, value: bool) -> Result:
    before, product.world.sign_up = product.world.sign_up, bool(value)
    return "jira.mode public", before, bool(value)


def _status(product: Jira, value: str) -> Result:
    before, product.status = product.status, str(value)
    return "status", before, product.status


_PLANTS: dict[str, Callable[[Any, Any], Result]] = {
    "grant": _grant,
    "ungrant": _ungrant,
    "site_feature": _site_feature,
    "system_feature": _system_feature,
    "flag": _flag,
    "property": _property,
    "global_permission": _global_permission,
    "share": _share,
    "user": _user,
    "project_scheme": _project_scheme,
    "login_failure": _login_failure,
    "basic_auth": _basic_auth,
    "sign_up": _sign_up,
    "status": _status,
}
