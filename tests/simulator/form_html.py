# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls of a form as HTML. Labels are words of the page's language; names, ids and values are not."""

from __future__ import annotations

from html import escape

from . import fields
from .fields import Field, Value
from .words import one_of


def control(field: Field, value: Value) -> str:
    name, text = field.name, escape(str(value))
    if field.kind == fields.HIDDEN:
        return f'<input type="hidden" name="{name}" value="{text}">'
    if field.kind == fields.CHECKBOX:
        inner = f'<input type="checkbox" name="{name}" id="{name}" value="true"{" checked" if value else ""}>'
    elif field.kind == fields.SELECT:
        options = "".join(f'<option value="{item}"{" selected" if item == value else ""}>{item}</option>' for item in field.choices)
        inner = f'<select name="{name}" id="{name}">{options}</select>'
    elif field.kind == fields.RADIO:
        inner = "".join(
            f'<input type="radio" name="{name}" id="{name}-{item}" value="{item}"{" checked" if item == value else ""}>{item} ' for item in field.choices
        )
    elif field.kind == fields.TEXTAREA:
        inner = f'<textarea name="{name}" id="{name}" rows="4">\n{text}</textarea>'  # a browser drops the first line break
    else:
        inner = f'<input type="text" name="{name}" id="{name}" value="{text}">'
    return f'<div class="field-group"><label for="{name}">{escape(one_of(field.label, field.label_de))}</label>{inner}</div>'


def button(name: str, text: str) -> str:
    return f'<input type="submit" name="{name}" id="{name}" value="{escape(text)}">'


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def form_tag(name: str, action: str, inner: str) -> str:
    """A form that is posted; inner is HTML."""
    return f'<form id="{name}" name="{name}" action="{escape(action)}" method="post" class="aui">{inner}</form>'
