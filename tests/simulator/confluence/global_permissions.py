# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global permissions by REST: read since 9.2.5, written since 9.3 (C92, C102)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ..answers import caller, changed, no_content
from . import operations as op
from . import rights
from .context import BAD_REQUEST, PERMISSION, administrator, confluence, json_list, rest_error, world
from .subjects import group_subject, order, parse_entries, parse_operations, permission_as_json, user_subject
from .world import ANONYMOUS, UNLICENSED

reads = Blueprint("global_permission_reads", __name__, url_prefix="/permissions")
writes = Blueprint("global_permission_writes", __name__, url_prefix="/permissions")
ROOTS = {ANONYMOUS: op.USE, UNLICENSED: op.USE_UNLICENSED}  # without it the subject holds nothing


def _list(subject: str) -> list[dict[str, Any]]:
    return [permission_as_json(subject, operation) for operation in sorted(world().permissions.get(subject, ()))]


@reads.get("")
@administrator
def read_all() -> ResponseReturnValue:
    return jsonify([item for subject in sorted(world().permissions, key=order) for item in _list(subject)])


@reads.get("/anonymous")
@administrator
def read_anonymous() -> ResponseReturnValue:
    return jsonify(_list(ANONYMOUS))


@reads.get("/unlicensed")
@administrator
def read_unlicensed() -> ResponseReturnValue:
    return jsonify(_list(UNLICENSED))


@reads.get("/group/<name>")
@administrator
def read_group(name: str) -> ResponseReturnValue:
    return jsonify(_list(group_subject(name)))


@reads.get("/user/<key>")
@administrator
def read_user(key: str) -> ResponseReturnValue:
    return jsonify(_list(user_subject(key, confluence().version.user_by_name)))


@writes.put("")
@administrator
def set_all() -> ResponseReturnValue:
    """Replaces what the named subjects hold; nobody else changes."""
    wanted = parse_entries(op.LICENSED_PAIRS, None)
    refusal = next(filter(None, (_beyond_rights(held ^ world().permissions.get(subject, set())) for subject, held in wanted.items())), None)
    if refusal is not None:
        return refusal
    for subject, operations in wanted.items():
        store(subject, operations)
    return no_content()


@writes.put("/anonymous/<any(grant, revoke):what>")
@administrator
def write_anonymous(what: str) -> ResponseReturnValue:
    return _write(ANONYMOUS, what, op.ANONYMOUS_PAIRS)


@writes.put("/unlicensed/<any(grant, revoke):what>")
@administrator
def write_unlicensed(what: str) -> ResponseReturnValue:
    return _write(UNLICENSED, what, op.UNLICENSED_PAIRS)


@writes.put("/group/<name>/<any(grant, revoke):what>")
@administrator
def write_group(name: str, what: str) -> ResponseReturnValue:
    return _write(group_subject(name), what, op.LICENSED_PAIRS)


@writes.put("/user/<key>/<any(grant, revoke):what>")
@administrator
def write_user(key: str, what: str) -> ResponseReturnValue:
    return _write(user_subject(key, confluence().version.user_by_name), what, op.LICENSED_PAIRS)


def _write(subject: str, what: str, pairs: frozenset[str]) -> ResponseReturnValue:
    named = set(parse_operations(json_list(), pairs))
    held = world().permissions.get(subject, set())
    after = held | named if what == "grant" else held - named
    refusal = _beyond_rights(after ^ held)
    if refusal is not None:
        return refusal
    root = ROOTS.get(subject)
    if root is not None and root not in after:
        if what == "grant":
            # Profiles without use: refused, rather than taken without effect (unverified).
            return rest_error(400, f"{BAD_REQUEST}: {root} must be granted first.")
        after = set()  # for anonymous documented (facts 4.2), for the unlicensed unverified
    store(subject, after)
    return no_content()


def _beyond_rights(operations: set[str]) -> Response | None:
    """Only a system administrator makes or unmakes one (unverified)."""
    if op.SYSTEM in operations and not rights.is_system_administrator(world(), caller().name):
        return rest_error(403, f"{PERMISSION}: Not permitted to change system administrators")
    return None


def store(subject: str, operations: set[str]) -> None:
    permissions = world().permissions
    before = sorted(permissions.pop(subject, ()))
    if operations:
        permissions[subject] = set(operations)
    changed("global permissions", subject, before, sorted(operations))
