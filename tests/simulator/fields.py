# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of the forms of both products: what kind of control each is, and how the server reads what is posted."""

from __future__ import annotations

from dataclasses import dataclass

Value = bool | int | str
CHECKBOX, NUMBER, TEXT, TEXTAREA, SELECT, RADIO, HIDDEN = "checkbox", "number", "text", "textarea", "select", "radio", "hidden"


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    start: Value
    label: str
    label_de: str
    choices: tuple[str, ...] = ()
    system: bool = True  # only a system administrator sees and sets it


def parse(field: Field, posted: str | None) -> Value | None:
    """The new value of a field; None: not valid. A field that is not posted is set to its empty value: that is the trap."""
    if field.kind == CHECKBOX:
        return posted is not None
    if field.kind == NUMBER:
        number = (posted or "").strip()
        return int(number) if number.isascii() and number.isdigit() and int(number) >= 1 else None
    if posted is None:
        return ""
    if field.choices and posted not in field.choices:
        return None
    return posted.replace("\r\n", "\n")


def checked(field: Field, value: Value) -> Value:
    """A value to plant: of the field's kind, whether a form would take it or not."""
    if type(value) is not type(field.start):
        raise ValueError(f"{field.name} is a {type(field.start).__name__}")
    return value
