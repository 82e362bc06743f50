# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of global permissions: who holds what is readable here alone (facts 2.3; H6, code; ids still so in a public Selenium script)."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, changed, xsrf_token
from ..form_html import button, form_tag, hidden
from ..words import one_of, word
from . import rights
from .context import jira, world
from .pages import page

FORM = "global_permissions"
ACTION = "/secure/admin/GlobalPermissions.jspa"
LABELS = {
    "SYSTEM_ADMIN": ("System administrators", "Systemadministration"),
    "ADMINISTER": ("Administrators", "Administration"),
    "USER_PICKER": ("Browse users and groups", "Benutzer und Gruppen durchsuchen"),
    "CREATE_SHARED_OBJECTS": ("Share dashboards and filters", "Übersichten und Filter freigeben"),
    "MANAGE_GROUP_FILTER_SUBSCRIPTIONS": ("Manage group filter subscriptions", "Filterabonnements von Gruppen verwalten"),
    "BULK_CHANGE": ("Bulk change", "Massenänderung"),
}
NOT_FOR_ANYONE = ("SYSTEM_ADMIN", "ADMINISTER")


def _label(key: str) -> str:
    return escape(one_of(*LABELS.get(key, (key, key))))


def _changeable() -> list[str]:
    """Who is no system administrator neither gives nor takes that permission, and has no links for it (unverified)."""
    system = rights.has_global(world(), caller().name, "SYSTEM_ADMIN")
    return [key for key in world().global_permissions if system or key != "SYSTEM_ADMIN"]


def _holder(key: str, group: str | None, changeable: bool) -> str:
    members = f'<a href="{base()}/secure/admin/user/UserBrowser.jspa?{escape(urlencode({"group": group or ""}))}">{word("members")}</a>'
    shown = f"<span>{escape(word('anyone') if group is None else group)}</span> {members}"
    if changeable:
        # Anyone has no name in the id, and none in the address.
        query = {"action": "del", "globalPermType": key, **({} if group is None else {"groupName": group})}
        shown += f' <a id="{escape(f"del_{key}_{group or str()}")}" href="{base()}{ACTION}?{escape(urlencode(query))}">{word("remove")}</a>'
    return f"<li>{shown}</li>"


def _table() -> str:
    changeable, rows = _changeable(), []
    for key, holders in world().global_permissions.items():
        inner = "".join(_holder(key, group, key in changeable) for group in sorted(holders, key=lambda group: group or ""))
        rows.append(f"<tr><td><strong>{_label(key)}</strong></td><td><ul>{inner}</ul></td></tr>")
    return f'<table id="global_perms" class="aui"><tbody>{"".join(rows)}</tbody></table>'


def _add_form() -> str:
    keys = "".join(f'<option value="{key}">{_label(key)}</option>' for key in _changeable())
    groups = "".join(f'<option value="{escape(name)}">{escape(name)}</option>' for name in sorted(world().groups))
    permission = f'<select id="globalPermType_select" name="globalPermType"><option value="">-</option>{keys}</select>'
    group = f'<select id="groupName_select" name="groupName"><option value="">{word("anyone")}</option>{groups}</select>'
    submit = f'<input type="submit" id="addpermission_submit" name="Add" value="{word("add")}">'
    inner = f"{hidden('atl_token', xsrf_token())}{hidden('action', 'add')}{permission}{group}{jira().form_extra.get(FORM, '')}{submit}"
    return form_tag("addpermission", f"{base()}{ACTION}", inner)


def _page(error: bool = False) -> Response:
    failed = f'<div class="error">{word("error")}</div>' if error else ""
    return page(word("global permissions"), f"{failed}{_table()}{_add_form()}")


def view() -> ResponseReturnValue:
    return _page()


def ask() -> ResponseReturnValue:
    """Where a delete link leads. That it only asks, and what its form is called, is unverified."""
    if request.args.get("action") != "del":
        return _page()
    names = ("action", "globalPermType", "groupName")
    fields = "".join(hidden(name, request.args.get(name, "")) for name in names)
    inner = f"{hidden('atl_token', xsrf_token())}{fields}{button('Delete', word('confirm'))}"
    return page(word("global permissions"), form_tag("delpermission", f"{base()}{ACTION}", inner))


def save() -> ResponseReturnValue:
    """Errors come with status 200 (H6; code)."""
    action, key = request.form.get("action"), request.form.get("globalPermType", "")
    group = request.form.get("groupName") or None
    holders = world().global_permissions.get(key, set())
    before = group in holders
    if key not in _changeable() or not (_may_add(key, group) if action == "add" else action == "del" and before and not _locks_out(key, group)):
        return _page(error=True)
    if action == "add":
        holders.add(group)
    else:
        holders.discard(group)
    changed("global permission", f"{key} {group or 'anyone'}", before, action == "add")
    return Response(status=302, headers={"Location": f"{base()}/secure/admin/GlobalPermissions!default.jspa"})


def _may_add(key: str, group: str | None) -> bool:
    """A group that has it already is no error (unverified)."""
    return key not in NOT_FOR_ANYONE if group is None else group in world().groups


def _locks_out(key: str, group: str | None) -> bool:
    """Whether callers would take their own administration away: refused."""
    if key not in NOT_FOR_ANYONE:
        return False
    holders = world().global_permissions[key]
    holders.discard(group)
    lost = not rights.has_global(world(), caller().name, key)
    holders.add(group)
    return lost
