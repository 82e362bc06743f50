# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from . import rights
from .context import NOT_FOUND, PERMISSION, administrator, may_use, number, rest_error, world
from .paging import sliced
from .world import User

rest = Blueprint("people", __name__)
CAP = 200


def _picture(name: str) -> dict[str, Any]:
    return {"path": f"/images/icons/profilepics/{name}.svg", "width": 48, "height": 48, "isDefault": True}


def user_as_json(user: User) -> dict[str, Any]:
    return {
        "type": "known",
        "username": user.name,
        "userKey": user.key,
        "profilePicture": _picture("default"),
        "displayName": user.display,
        "_links": {"self": f"{base()}/rest/api/user?key={user.key}"},
        "_expandable": {"status": ""},
    }


def anonymous_as_json() -> dict[str, Any]:
    links = {"self": f"{base()}/rest/api/user/anonymous"}
    return {"type": "anonymous", "profilePicture": _picture("anonymous"), "displayName": "Anonymous", "_links": links}


def _group_as_json(name: str) -> dict[str, Any]:
    return {"type": "group", "name": name, "_links": {"self": f"{base()}/rest/api/group/{name}"}}


@rest.get("/user/current")
@may_use
def current() -> ResponseReturnValue:
    user = world().users.get(caller().name or "")
    return jsonify(anonymous_as_json() if user is None else user_as_json(user))


@rest.get("/user/anonymous")
@may_use
def anonymous() -> ResponseReturnValue:
    """403 when the *caller* may not use Confluence: to someone who logs in it says nothing about strangers (C102)."""
    return jsonify(anonymous_as_json())


def _named_user() -> User | Response:
    if not rights.may_see_profiles(world(), caller().name):
        return rest_error(403, f"{PERMISSION}: Not permitted to view users")
    name, key = request.args.get("username", ""), request.args.get("key", "")
    found = world().users.get(name) or world().user_by_key(key)
    return found if found is not None else rest_error(404, f"{NOT_FOUND}: No user found with name or key: {name or key}")


@rest.get("/user")
@may_use
def get_user() -> ResponseReturnValue:
    found = _named_user()
    return found if isinstance(found, Response) else jsonify(user_as_json(found))


@rest.get("/user/memberof")
@may_use
def member_of() -> ResponseReturnValue:
    found = _named_user()
    if isinstance(found, Response):
        return found
    return sliced([_group_as_json(name) for name in sorted(found.groups)], number("start", 0), min(number("limit", CAP), CAP))


def _may_list_groups() -> bool:
    return rights.may_see_profiles(world(), caller().name) and caller().name is not None


@rest.get("/group")
@may_use
def groups() -> ResponseReturnValue:
    if not _may_list_groups():
        return rest_error(403, f"{PERMISSION}: Not permitted to view groups")
    return sliced([_group_as_json(name) for name in sorted(world().groups)], number("start", 0), min(number("limit", CAP), CAP))


@rest.get("/group/<name>")
@may_use
def get_group(name: str) -> ResponseReturnValue:
    if not _may_list_groups():
        return rest_error(403, f"{PERMISSION}: Not permitted to view groups")
    return jsonify(_group_as_json(name)) if name in world().groups else _no_group(name)


def _no_group(name: str) -> Response:
    return rest_error(404, f"{NOT_FOUND}: No group found with name: {name}")


@rest.get("/group/<name>/member")
@administrator
def members(name: str) -> ResponseReturnValue:
    """For administrators (facts 9). Inactive members are listed too (unverified)."""
    if name not in world().groups:
        return _no_group(name)
    found = [user_as_json(user) for user in world().users.values() if name in user.groups]
    return sliced(found, number("start", 0), min(number("limit", CAP), CAP))
