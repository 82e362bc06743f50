# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three settings forms: shown, validated, saved. What a form does not post is set to its empty value."""

from __future__ import annotations

from html import escape

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, changed, xsrf_token
from ..fields import Field, Value, parse
from ..form_html import button, control, form_tag, hidden
from ..words import one_of, word
from . import rights
from .administration import admin_page
from .context import confluence, world
from .pages import page
from .settings import FURTHER, SECURITY, SIGNUP, Form

pages = Blueprint("settings", __name__)


def _fields(form: Form) -> tuple[Field, ...]:
    return form.shown_to(rights.is_system_administrator(world(), caller().name))


def _view(form: Form) -> Response:
    """Words only, no controls (unverified)."""
    shown = []
    for field in _fields(form):
        value = world().settings[field.name]
        text = word("on" if value else "off") if isinstance(value, bool) else str(value)
        shown.append(f"<tr><th>{escape(one_of(field.label, field.label_de))}</th><td>{escape(text)}</td></tr>")
    link = f'<a id="edit-link" href="{base()}{form.edit}">{word("edit")}</a>'
    return page(one_of(form.title, form.title_de), f'<table class="settings">{"".join(shown)}</table>{link}')


def _edit(form: Form, values: dict[str, Value], errors: list[str], status: int = 200) -> Response:
    name = form.submit.rsplit("/", 1)[1].removesuffix(".action").removeprefix("do")
    action = f"{base()}{form.action}" if form.action.startswith("/") else form.action
    shown = "".join(f'<div class="error" data-field="{item}">{word("error")}</div>' for item in errors)
    controls = "".join(control(field, values[field.name]) for field in _fields(form)) + confluence().form_extra.get(form.name, "")
    buttons = button("confirm", word("save")) + button("cancel", word("cancel"))  # id of the first: facts 6 (code)
    inner = f"{hidden('atl_token', xsrf_token())}{shown}{controls}{buttons}"
    return page(one_of(form.title, form.title_de), form_tag(name, action, inner), status)


def _save(form: Form) -> Response:
    done = Response(status=302, headers={"Location": f"{base()}{form.view or form.edit}"})
    if "cancel" in request.form:
        return done
    known = world().settings
    parsed = {field.name: parse(field, request.form.get(field.name)) for field in _fields(form)}
    wrong = [name for name, value in parsed.items() if value is None]
    if parsed.get("signupMode") == "restricted" and not parsed["signupDomains"]:
        wrong.append("signupDomains")
    if wrong:
        return _edit(form, dict(known), wrong, 400)
    side_effect = confluence().form_side_effects.pop(form.name, {})
    after = {name: value for name, value in {**parsed, **side_effect}.items() if value is not None}
    before = {name: known[name] for name in after}
    known.update(after)
    changed("settings", form.name, before, after)
    return done


@pages.get(SECURITY.view or "")
@admin_page()
def view_security() -> ResponseReturnValue:
    return _view(SECURITY)


@pages.get(SECURITY.edit)
@admin_page()
def edit_security() -> ResponseReturnValue:
    return _edit(SECURITY, world().settings, [])


@pages.post(SECURITY.submit)
@admin_page()
def save_security() -> ResponseReturnValue:
    return _save(SECURITY)


@pages.get(FURTHER.view or "")
@admin_page()
def view_further() -> ResponseReturnValue:
    return _view(FURTHER)


@pages.get(FURTHER.edit)
@admin_page()
def edit_further() -> ResponseReturnValue:
    return _edit(FURTHER, world().settings, [])


@pages.post(FURTHER.submit)
@admin_page()
def save_further() -> ResponseReturnValue:
    return _save(FURTHER)


@pages.get(SIGNUP.edit)
@admin_page()
def edit_signup() -> ResponseReturnValue:
    return _edit(SIGNUP, world().settings, [])


@pages.post(SIGNUP.submit)
@admin_page()
def save_signup() -> ResponseReturnValue:
    return _save(SIGNUP)
