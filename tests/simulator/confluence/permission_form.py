# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of check boxes that both permission pages have, and the server's rule for what it posts (facts 5).

confluence_checkbox_<type>_<subject> says what is wanted, the hidden confluence_initial_<type>_<subject> what was so when the page
was drawn: posted without its box, a permission goes; neither posted, it stays; the box without its initial, it comes (hint).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from ..answers import base, xsrf_token
from ..form_html import button, hidden
from ..words import word
from .context import world
from .world import ANONYMOUS, UNLICENSED, Permissions, group, user

BOX, INITIAL = "confluence_checkbox_", "confluence_initial_"
Types = Mapping[str, str]  # operation -> type
Offered = Callable[[str], frozenset[str]]  # subject -> what it can be given
Wishes = dict[str, tuple[set[str], set[str]]]  # subject -> operations to grant, to revoke


def _written(subject: str) -> str | None:
    """The subject in a control's name: users by name. None: not on the page (unlicensed; unverified)."""
    kind, _colon, name = subject.partition(":")
    if subject == UNLICENSED:
        return None
    if kind != "user":
        return ANONYMOUS if subject == ANONYMOUS else f"group_{name}"
    found = world().user_by_key(name)
    return None if found is None else f"user_{found.name}"


def _read(written: str) -> str | None:
    kind, _underscore, name = written.partition("_")
    if written == ANONYMOUS:
        return ANONYMOUS
    if kind == "group" and name in world().groups:
        return group(name)
    found = world().users.get(name) if kind == "user" else None
    return None if found is None else user(found.key)


def boxes(types: Types, offered: Offered, permissions: Permissions, always: tuple[str, ...] = ()) -> str:
    """A row for every subject that holds something, and for those that have one always."""
    rows = []
    for subject in sorted({*permissions, *always}):
        written, held = _written(subject), permissions.get(subject, set())
        if written is None:
            continue
        cells = []
        for operation, type_ in types.items():
            name = f"{type_.lower()}_{written}"
            on = operation in held
            if not on and operation not in offered(subject):
                continue
            box = f'<input type="checkbox" name="{escape(BOX + name)}" value="on"{" checked" if on else ""}>'
            cells.append(f"<td>{box}{hidden(INITIAL + name, 'on') if on else ''}</td>")
        rows.append(f'<tr><th>{escape(written)}</th>{"".join(cells)}</tr>')
    return f'<table class="permissions">{"".join(rows)}</table>'


def form(name: str, action: str, content: str, save: str, save_text: str) -> str:
    """Other buttons of the form do other things: add a group or a user, or leave all as it is."""
    others = "".join(f'<input type="text" name="{kind}sToAdd">{button(f"{kind}sToAddButton", word("add"))}' for kind in ("group", "user"))
    inner = f"{hidden('atl_token', xsrf_token())}{content}{others}{button(save, save_text)}{button('cancel', word('cancel'))}"
    return f'<form id="{name}" name="{name}" action="{base()}{escape(action)}" method="post">{inner}</form>'


def saves(posted: Mapping[str, str]) -> bool:
    return not {"cancel", "groupsToAddButton", "usersToAddButton"} & set(posted)


def wishes(types: Types, offered: Offered, posted: Mapping[str, str]) -> Wishes | None:
    """What the posted form asks for; None: it names a subject or a permission that does not exist, or one that the subject cannot have."""
    by_type = {type_.lower(): operation for operation, type_ in types.items()}
    found: Wishes = {}
    for field in posted:
        prefix = next((prefix for prefix in (BOX, INITIAL) if field.startswith(prefix)), None)
        if prefix is None:
            continue
        name = field.removeprefix(prefix)
        type_, _underscore, written = name.partition("_")
        subject = _read(written)
        if subject is None or type_ not in by_type:
            return None
        grants, revokes = found.setdefault(subject, (set(), set()))
        if prefix == BOX and INITIAL + name not in posted:
            if by_type[type_] not in offered(subject):
                return None
            grants.add(by_type[type_])
        elif prefix == INITIAL and BOX + name not in posted:
            revokes.add(by_type[type_])
    return found


def outcome(permissions: Permissions, asked: Wishes) -> dict[str, set[str]]:
    """What each subject with a change holds afterwards."""
    changes = {subject: (permissions.get(subject, set()) | grants) - revokes for subject, (grants, revokes) in asked.items()}
    return {subject: operations for subject, operations in changes.items() if operations != permissions.get(subject, set())}
