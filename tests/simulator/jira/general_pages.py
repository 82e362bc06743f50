# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The general configuration: a page of words, and the form that writes all of its fields at once (facts 3.4; H6, code)."""

from __future__ import annotations

from html import escape

from flask import Response, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, changed, xsrf_token
from ..form_html import button, control, form_tag, hidden
from ..words import one_of, word
from . import general, rights
from .context import jira, world
from .general import Setting
from .pages import page

FORM = "general"
VIEW = "/secure/admin/ViewApplicationProperties.jspa"


def _shown() -> list[Setting]:
    system = rights.has_global(world(), caller().name, "SYSTEM_ADMIN")
    return [setting for setting in general.settings(jira().version) if system or not setting.system]


def view() -> ResponseReturnValue:
    """Words only, no controls (unverified)."""
    rows = []
    for setting in _shown():
        value = world().properties[setting.key]
        text = word("on" if value == "true" else "off") if value in general.ON_OFF else value
        rows.append(f"<tr><th>{escape(one_of(setting.label, setting.label_de))}</th><td>{escape(text)}</td></tr>")
    link = f'<a id="edit-app-properties" href="{base()}/secure/admin/EditApplicationProperties!default.jspa">{word("edit")}</a>'
    return page(word("general configuration"), f'<table class="properties">{"".join(rows)}</table>{link}')


def edit() -> ResponseReturnValue:
    return _form(world().properties, [])


def _form(values: dict[str, str], wrong: list[str]) -> Response:
    version = jira().version
    errors = "".join(f'<div class="error" data-field="{key}">{word("error")}</div>' for key in wrong)
    controls = "".join(control(setting.field(version), setting.shown(version, values[setting.key])) for setting in _shown())
    cancel = f'<a id="cancelButton" href="ViewApplicationProperties.jspa">{word("cancel")}</a>'
    inner = f"{hidden('atl_token', xsrf_token())}{errors}{controls}{jira().form_extra.get(FORM, '')}{button('Update', word('update'))}{cancel}"
    return page(word("general configuration"), form_tag("jiraform", "EditApplicationProperties.jspa", inner))


def save() -> ResponseReturnValue:
    """A field that is not posted is emptied or switched off. Errors come with status 200 (unverified), and then nothing is saved."""
    known, version = world().properties, jira().version
    parsed = {setting.key: setting.parsed(version, request.form.get(setting.name)) for setting in _shown()}
    after = {key: value for key, value in parsed.items() if value is not None}
    wrong = [key for key in parsed if key not in after] or general.wrong(after)
    if wrong:
        return _form(known, wrong)
    after |= {key: str(value) for key, value in jira().form_side_effects.pop(FORM, {}).items()}
    before = {key: known[key] for key in after}
    known.update(after)
    changed("general configuration", FORM, before, after)
    return Response(status=302, headers={"Location": f"{base()}{VIEW}"})
