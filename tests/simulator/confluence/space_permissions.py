# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Space permissions by REST: since 9.1 (C92, C102). Without the right the answer is a 500 (CONFSERVER-99908)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ..answers import caller, changed, no_content
from . import operations as op
from . import rights
from .context import NOT_FOUND, confluence, html_error, json_list, login_wanted, rest_error, stop, world
from .subjects import group_subject, order, parse_entries, parse_operations, permission_as_json, user_subject
from .world import ANONYMOUS, Space

rest = Blueprint("space_permissions", __name__, url_prefix="/space/<space_key>/permissions")
FOR_ANONYMOUS = op.SPACE_PAIRS - op.NOT_FOR_ANONYMOUS


def _administered(space_key: str) -> Space:
    if caller().name is None:
        stop(login_wanted())
    space = world().spaces.get(space_key)
    if space is None:
        stop(rest_error(404, f"{NOT_FOUND}: No space found with key : {space_key}"))
    if not rights.administers_space(world(), caller().name, space):
        stop(html_error(500, "HTTP Status 500 - Internal Server Error"))
    return space


def _for_anonymous(space_key: str) -> Space:
    """Some patch releases of 9.x lack the path (code); planted here."""
    if confluence().without_anonymous_path:
        stop(confluence().unknown_route())
    return _administered(space_key)


def _list(space: Space, subject: str) -> list[dict[str, Any]]:
    place = {"spaceKey": space.key, "spaceId": space.id}
    return [{**permission_as_json(subject, operation), **place} for operation in sorted(space.permissions.get(subject, ()))]


@rest.get("")
def read_all(space_key: str) -> ResponseReturnValue:
    """Leaves anonymous out (code: "may")."""
    space = _administered(space_key)
    return jsonify([item for subject in sorted(space.permissions, key=order) if subject != ANONYMOUS for item in _list(space, subject)])


@rest.get("/anonymous")
def read_anonymous(space_key: str) -> ResponseReturnValue:
    space = _for_anonymous(space_key)
    return jsonify(_list(space, ANONYMOUS))


@rest.get("/group/<name>")
def read_group(space_key: str, name: str) -> ResponseReturnValue:
    space = _administered(space_key)
    return jsonify(_list(space, group_subject(name)))


@rest.get("/user/<user_key>")
def read_user(space_key: str, user_key: str) -> ResponseReturnValue:
    space = _administered(space_key)
    return jsonify(_list(space, user_subject(user_key)))


@rest.post("")
def set_all(space_key: str) -> ResponseReturnValue:
    """Replaces what the named subjects hold; an entry without a key means anonymous. 200; that the body is empty is unverified."""
    space = _administered(space_key)
    for subject, operations in parse_entries(op.SPACE_PAIRS, FOR_ANONYMOUS).items():
        store(space, subject, operations)
    return Response(status=200)


@rest.put("/anonymous/<any(grant, revoke):what>")
def write_anonymous(space_key: str, what: str) -> ResponseReturnValue:
    space = _for_anonymous(space_key)
    return _write(space, ANONYMOUS, what, FOR_ANONYMOUS if what == "grant" else op.SPACE_PAIRS)


@rest.put("/group/<name>/<any(grant, revoke):what>")
def write_group(space_key: str, name: str, what: str) -> ResponseReturnValue:
    space = _administered(space_key)
    return _write(space, group_subject(name), what, op.SPACE_PAIRS)


@rest.put("/user/<user_key>/<any(grant, revoke):what>")
def write_user(space_key: str, user_key: str, what: str) -> ResponseReturnValue:
    space = _administered(space_key)
    return _write(space, user_subject(user_key), what, op.SPACE_PAIRS)


def _write(space: Space, subject: str, what: str, pairs: frozenset[str]) -> ResponseReturnValue:
    named = set(parse_operations(json_list(), pairs))
    held = space.permissions.get(subject, set())
    store(space, subject, held | named if what == "grant" else held - named)
    return no_content()


def store(space: Space, subject: str, operations: set[str]) -> None:
    before = sorted(space.permissions.pop(subject, ()))
    if operations:
        space.permissions[subject] = set(operations)
    changed("space permissions", f"{space.key} {subject}", before, sorted(operations))
