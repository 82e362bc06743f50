# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom permissions belong to: anonymous, unlicensed, a group by name, a user by key; in paths, in bodies and in answers."""

from __future__ import annotations

from typing import Any

from . import operations as op
from .context import BAD_REQUEST, NOT_FOUND, json_list, rest_error, stop, world
from .world import ANONYMOUS, UNLICENSED, group, user

MAXIMUM = 40  # subjects in one call (C102)


def group_subject(name: str) -> str:
    if name not in world().groups:
        stop(rest_error(404, f"{NOT_FOUND}: No group found with name: {name}"))
    return group(name)


def user_subject(key: str, names_too: bool = False) -> str:
    found = world().user_by_key(key) or (world().users.get(key) if names_too else None)
    if found is None:
        stop(rest_error(404, f"{NOT_FOUND}: No user found with key: {key}"))
    return user(found.key)


def subject_as_json(subject: str) -> dict[str, Any]:
    """Groups have a name, users only a key (CONFSERVER-100505); the members of the other two are unverified."""
    kind, _colon, name = subject.partition(":")
    if kind == "group":
        return {"type": "group", "name": name}
    if kind == "user":
        return {"type": "user", "userKey": name}
    return {"displayName": subject.capitalize(), "type": subject}


def permission_as_json(subject: str, operation: str) -> dict[str, Any]:
    return {"operation": op.as_pair(operation), "subject": subject_as_json(subject)}


def parse_operations(pairs: Any, allowed: frozenset[str]) -> list[str]:
    """Operations of a bare array of pairs; 400 for a pair the subject cannot have (C102), and then nothing is done."""
    found = [op.parse_pair(pair) for pair in pairs] if isinstance(pairs, list) else [None]
    wrong = [pair for pair, operation in zip(pairs or [None], found, strict=False) if operation not in allowed]
    if wrong:
        stop(rest_error(400, f"{BAD_REQUEST}: Unsupported operation: {wrong[0]}"))
    return [operation for operation in found if operation is not None]


def parse_entries(allowed: frozenset[str], anonymous: frozenset[str] | None) -> dict[str, set[str]]:
    """The body of a call that sets all permissions of the subjects it names. anonymous None: it cannot be named."""
    wanted: dict[str, set[str]] = {}
    entries = json_list()
    if len(entries) > MAXIMUM:
        stop(rest_error(400, f"{BAD_REQUEST}: At most {MAXIMUM} subjects."))
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) - {"userKey", "groupName", "operations"} or {"userKey", "groupName"} <= set(entry):
            stop(rest_error(400, f"{BAD_REQUEST}: An entry has operations and either userKey or groupName."))
        subject, pairs = _subject_of(entry), allowed
        if subject == ANONYMOUS:
            if anonymous is None:
                stop(rest_error(400, f"{BAD_REQUEST}: An entry has userKey or groupName."))
            pairs = anonymous
        if subject in wanted:
            stop(rest_error(400, f"{BAD_REQUEST}: A subject is named twice."))  # unverified
        wanted[subject] = set(parse_operations(entry.get("operations"), pairs))
    return wanted


def _subject_of(entry: dict[str, Any]) -> str:
    if "groupName" in entry:
        return group_subject(str(entry["groupName"]))
    return user_subject(str(entry["userKey"])) if "userKey" in entry else ANONYMOUS


def order(subject: str) -> tuple[bool, str]:
    """Anonymous and unlicensed after the named ones."""
    return subject in (ANONYMOUS, UNLICENSED), subject
