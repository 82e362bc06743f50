# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, groups, pickers and application roles."""

from __future__ import annotations

import hashlib
import html
import json
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from . import rights
from .context import api, errors, logged_in, needs, world
from .world import ApplicationRole, User

rest = Blueprint("people", __name__)


def user_as_json(user: User) -> dict[str, Any]:
    avatar = f"{base()}/secure/useravatar"
    return {
        "self": api(f"user?username={user.name}"),
        "key": user.key,
        "name": user.name,
        "emailAddress": user.email,
        "avatarUrls": {"48x48": avatar, "24x24": f"{avatar}?size=small"},
        "displayName": user.display,
        "active": user.active,
        "timeZone": "Europe/Berlin",
        "locale": "en_US",
    }


def _limit(default: int) -> int:
    try:
        return min(int(request.args.get("maxResults", default)), 1000)
    except ValueError:
        return default


def _matching_users(query: str) -> list[User]:
    words = query.lower()
    return [
        user
        for user in world().users.values()
        if user.active and any(part.startswith(words) for part in (user.name, user.email, *user.display.lower().split()))
    ]


def _picked_users(query: str) -> dict[str, Any]:
    found = _matching_users(query) if query else []
    shown = found[: _limit(50)]
    users = [
        {
            "name": user.name,
            "key": user.key,
            "html": f"{html.escape(user.display)} - {html.escape(user.email)} ({html.escape(user.name)})",
            "displayName": user.display,
        }
        for user in shown
    ]
    header = f"Showing {len(shown)} of {len(found)} matching users"
    return {"users": users, "total": len(found), "header": header}


def _picked_groups(query: str) -> dict[str, Any]:
    found = sorted(name for name in world().groups if query.lower() in name.lower())
    shown = found[: _limit(20)]
    groups = [{"name": name, "html": html.escape(name), "labels": []} for name in shown]
    return {"header": f"Showing {len(shown)} of {len(found)} matching groups", "total": len(found), "groups": groups}


def _may_pick() -> bool:
    return rights.has_global(world(), caller().name, "USER_PICKER")


@rest.get("/user/picker")
def user_picker() -> ResponseReturnValue:
    """Browse Users decides. Without it strangers get 401 (S103), users an empty list (facts 2.5)."""
    if not _may_pick():
        if caller().name is None:
            return errors(401, "You are not authenticated.")
        return jsonify({"users": [], "total": 0, "header": "Showing 0 of 0 matching users"})
    return jsonify(_picked_users(request.args.get("query", "")))


@rest.get("/groupuserpicker")
def group_user_picker() -> ResponseReturnValue:
    if not _may_pick():
        return errors(403, "You are not allowed to browse users.")  # S103
    query = request.args.get("query", "")
    return jsonify({"users": _picked_users(query), "groups": _picked_groups(query)})


@rest.get("/groups/picker")
def groups_picker() -> ResponseReturnValue:
    """No 401 or 403 is documented (S103): without the right the list is empty."""
    if not _may_pick():
        return jsonify({"header": "Showing 0 of 0 matching groups", "total": 0, "groups": []})
    return jsonify(_picked_groups(request.args.get("query", "")))


@rest.get("/user")
@logged_in
def get_user() -> ResponseReturnValue:
    name, key = request.args.get("username"), request.args.get("key")
    found = next((user for user in world().users.values() if name == user.name or key == user.key), None)
    return errors(404, f"The user named '{name or key}' does not exist") if found is None else jsonify(user_as_json(found))


def _role_as_json(role: ApplicationRole) -> dict[str, Any]:
    members = sum(1 for user in world().users.values() if user.active and user.groups & role.groups)
    return {
        "key": role.key,
        "groups": sorted(role.groups),
        "name": role.name,
        "defaultGroups": sorted(role.default_groups),
        "selectedByDefault": True,
        "defined": True,
        "numberOfSeats": role.seats,
        "remainingSeats": role.seats - members,
        "userCount": members,
        "userCountDescription": f"{members} users",
        "hasUnlimitedSeats": False,
        "platform": False,
    }


@rest.get("/applicationrole")
@needs("ADMINISTER")
def list_roles() -> ResponseReturnValue:
    roles = [_role_as_json(role) for role in world().application_roles.values()]
    response = jsonify(roles)
    # The ETag is what a PUT must send as If-Match (S103).
    response.set_etag(hashlib.sha256(json.dumps(roles, sort_keys=True).encode()).hexdigest()[:32])
    return response


@rest.get("/applicationrole/<key>")
@needs("ADMINISTER")
def get_role(key: str) -> ResponseReturnValue:
    role = world().application_roles.get(key)
    return errors(404, f"No application role {key!r}.") if role is None else jsonify(_role_as_json(role))
