# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of global and of space permissions."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, changed
from ..front_door import to_login
from ..words import word
from . import global_permissions, permission_form, rights, space_permissions
from . import operations as op
from .administration import admin_page, forged, token_missing
from .context import world
from .pages import forbidden, page
from .world import ANONYMOUS, Permissions, Space

pages = Blueprint("permission_pages", __name__)
GLOBAL_VIEW = "/admin/permissions/globalpermissions.action"
SPACE_VIEW = "/spaces/spacepermissions.action"


def _view(title: str, permissions: Permissions, edit: str) -> Response:
    rows = "".join(f"<tr><th>{escape(subject)}</th><td>{len(operations)}</td></tr>" for subject, operations in sorted(permissions.items()))
    return page(title, f'<table>{rows}</table><a id="edit-link" href="{base()}{escape(edit)}">{word("edit")}</a>')


def _to(path: str) -> Response:
    return Response(status=302, headers={"Location": f"{base()}{path}"})


def _failed(title: str) -> Response:
    """An error page with status 200, as a form's own errors have (unverified): only a look at the state tells what was done."""
    return page(title, f'<div class="error">{word("error")}</div>')


def _global_types() -> dict[str, str]:
    """Who is no system administrator has no boxes for them (unverified)."""
    system = rights.is_system_administrator(world(), caller().name)
    return {operation: type_ for operation, type_ in op.GLOBAL_TYPES.items() if system or operation != op.SYSTEM}


def _global_offer(subject: str) -> frozenset[str]:
    return op.ANONYMOUS_PAIRS if subject == ANONYMOUS else op.LICENSED_PAIRS


def _space_offer(subject: str) -> frozenset[str]:
    return op.SPACE_PAIRS - op.NOT_FOR_ANONYMOUS if subject == ANONYMOUS else op.SPACE_PAIRS


@pages.get(GLOBAL_VIEW)
@admin_page()
def view_global() -> ResponseReturnValue:
    return _view(word("global permissions"), world().permissions, "/admin/permissions/editglobalpermissions.action")


@pages.get("/admin/permissions/editglobalpermissions.action")
@admin_page()
def edit_global() -> ResponseReturnValue:
    """Anonymous has a row always, so that it can be let in again (unverified)."""
    rows = permission_form.boxes(_global_types(), _global_offer, world().permissions, (ANONYMOUS,))
    action = "/admin/permissions/doeditglobalpermissions.action"
    return page(word("global permissions"), permission_form.form("editglobalperms", action, rows, "confirm", word("save all")))


@pages.post("/admin/permissions/doeditglobalpermissions.action")
@admin_page()
def save_global() -> ResponseReturnValue:
    if not permission_form.saves(request.form):
        return _to(GLOBAL_VIEW)
    asked = permission_form.wishes(_global_types(), _global_offer, request.form)
    if asked is None:
        return _failed(word("global permissions"))
    after = permission_form.outcome(world().permissions, asked)
    anonymous = after.get(ANONYMOUS, world().permissions.get(ANONYMOUS, set()))
    # The vendor's text: without use, profiles must be unticked too (facts 5; documented).
    if anonymous and op.USE not in anonymous:
        return _failed(word("global permissions"))
    for subject, operations in after.items():
        global_permissions.store(subject, operations)
    if not after:
        changed("global permissions", "form", None, None)
    return _to(GLOBAL_VIEW)


def _space() -> Space | Response:
    """The space of the query or of the form; its administrators need no WebSudo (unverified)."""
    if caller().name is None:
        return to_login()
    space = world().spaces.get(request.values.get("key", ""))
    if space is None:
        return page(word("not found"), "<p>-</p>", 404)
    if not rights.administers_space(world(), caller().name, space):
        return forbidden()
    return token_missing() if request.method == "POST" and forged() else space


@pages.get(SPACE_VIEW)
def view_space() -> ResponseReturnValue:
    space = _space()
    if isinstance(space, Response):
        return space
    return _view(word("space permissions"), space.permissions, f"/spaces/editspacepermissions.action?key={quote(space.key)}&edit=Edit+Permissions")


@pages.get("/spaces/editspacepermissions.action")
def edit_space() -> ResponseReturnValue:
    """Anonymous has a row always, as on the page of the whole site (unverified)."""
    space = _space()
    if isinstance(space, Response):
        return space
    rows = permission_form.boxes(op.SPACE_TYPES, _space_offer, space.permissions, (ANONYMOUS,))
    action = f"/spaces/doeditspacepermissions.action?key={quote(space.key)}"
    return page(word("space permissions"), permission_form.form("editspacepermissions", action, rows, "save", word("save all")))


@pages.post("/spaces/doeditspacepermissions.action")
def save_space() -> ResponseReturnValue:
    space = _space()
    if isinstance(space, Response):
        return space
    back = f"{SPACE_VIEW}?key={quote(space.key)}"
    if not permission_form.saves(request.form):
        return _to(back)
    asked = permission_form.wishes(op.SPACE_TYPES, _space_offer, request.form)
    if asked is None:
        return _failed(word("space permissions"))
    after = permission_form.outcome(space.permissions, asked)
    for subject, operations in after.items():
        space_permissions.store(space, subject, operations)
    if not after:
        changed("space permissions", space.key, None, None)
    return _to(back)
