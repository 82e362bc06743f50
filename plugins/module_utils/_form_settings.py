# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Settings on administration forms, for either product: a value in its type, what a control shows and takes, and one post for a whole form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import NOT_APPLICABLE, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, FormAt, Place, find
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Control, Form, Value

Plain = Union[bool, int, str]
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
NO_REST = "No REST tells it, only the page {title} ({path}): set allow_forms, with username and password, or look there."
NOTHING_WANTED = Setting("settings", None, None, NOT_APPLICABLE, "Nothing is wanted: all settings of this task are null.")
EXPECTED = {bool: "true or false", int: "a whole number from 1", str: "a text"}


def coerce(name: str, value: Any, kind: type) -> Plain:
    """The value in its type. Raises AtlassianError naming the setting and the value."""
    text = str(value).strip()
    if kind is bool and text.lower() in (*YES, *NO):
        return text.lower() in YES
    if kind is int and not isinstance(value, bool) and text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    if kind is str and isinstance(value, str) and text:
        return text
    raise AtlassianError(f"settings: {name} is {value!r}, and must be {EXPECTED[kind]}.")


def shown(control: Control, kind: type) -> Plain:
    """The value of a control in the setting's type; a text where something else was expected stays a text."""
    if isinstance(control.value, bool):
        return control.value
    text = control.value if isinstance(control.value, str) else ",".join(control.value)
    if kind is bool and text in ("true", "false"):
        return text == "true"
    return int(text) if kind is int and text.isascii() and text.isdigit() else text


def to_post(name: str, control: Control, wanted: Plain) -> Value:
    """What the control must hold. Raises AtlassianError where it cannot, with what it takes."""
    if control.kind == "checkbox":
        if isinstance(wanted, bool):
            return wanted
        raise AtlassianError(f"settings: {name} is {wanted!r}, and the product's page has a box for it: give true or false. Nothing was changed.")
    text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
    if control.kind == "choice":
        if text not in control.choices:
            raise AtlassianError(f"settings: {name} is {wanted!r}, and the product's page takes {', '.join(control.choices)}. Nothing was changed.")
        return (text,)
    return text


def no_control(name: str, form: Form) -> str:
    """What to say where the page lacks a control."""
    if name in form.unknown:
        return f"The product's page has {name} as a kind of control that is not understood. Look at it in a browser."
    names = ", ".join(sorted(form.controls)) or "none"
    return (
        f"The product's page has no control for {name}; it has {names}. The account may lack the system administrator's right, "
        "or this version names it otherwise."
    )


@dataclass(frozen=True)
class Seen:
    """A form as read, or None for `reason`."""

    form: Form | None
    reason: str = ""


@dataclass
class FormPages:
    """Forms that are looked for once; changes are collected, and each form is posted once. browser: None where forms are not allowed."""

    browser: Browser | None
    _found: dict[str, FormAt] = field(default_factory=dict)
    _batches: dict[str, dict[str, Value]] = field(default_factory=dict)
    _posted: dict[str, AtlassianError | None] = field(default_factory=dict)

    def see(self, place: Place) -> Seen:
        if self.browser is None:
            return Seen(None, NO_REST.format(title=place.title, path=place.paths[0]))
        try:
            if place.title not in self._found:
                self._found[place.title] = find(self.browser, place)
            return Seen(self._found[place.title].read())
        except AtlassianError as exc:
            return Seen(None, exc.sentence)

    def see_all(self, places: Mapping[str, Place]) -> dict[str, Seen]:
        """By title, each place once."""
        return {title: self.see(place) for title, place in {place.title: place for place in places.values()}.items()}

    def collect(self, place: Place, control: str, value: Value) -> None:
        self._batches.setdefault(place.title, {})[control] = value

    def post(self, place: Place) -> None:
        """All changes of one form in one post; every setting of it shares the outcome."""
        if place.title not in self._posted:
            try:
                self._found[place.title].change(self._batches[place.title])
                self._posted[place.title] = None
            except AtlassianError as exc:
                self._posted[place.title] = exc
        error = self._posted[place.title]
        if error is not None:
            raise error
