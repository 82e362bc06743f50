# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""HTML as the products' administration pages use it: forms and their controls, links. Names and ids only, never words: pages are translated."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union
from urllib.parse import urljoin, urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

try:
    import lxml.html
    from lxml import etree
except ImportError:
    LXML_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    LXML_IMPORT_ERROR = None

Value = Union[bool, str, tuple[str, ...]]
# Kinds of <input> whose value can be taken over as it is. Others would be lost or changed by posting the form back.
TEXTS = frozenset({"text", "hidden", "password", "number", "email", "url", "search", "tel"})
SAVES = ("confirm", "save")  # Security Configuration and space permissions (public client code)
UNDO = ("cancel", "reset")
BUTTONS = frozenset({"submit", "button", "image", "reset"})


@dataclass(frozen=True)
class Control:
    """One control a person can change. kind: checkbox (value is a bool), choice (radio or select), text.

    choices: for a choice, the values it can take; for a checkbox, the single value it posts.
    """

    name: str
    kind: str
    value: Value
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """action: path below the host, with query. hidden: what is posted along. button: name and value of the one that saves, None where none has a name."""

    action: str
    controls: Mapping[str, Control]
    hidden: tuple[tuple[str, str], ...] = field(repr=False)
    button: tuple[str, str] | None = None
    unknown: tuple[str, ...] = ()  # controls of a kind that cannot be posted back unchanged

    def fields(self, changes: Mapping[str, Value]) -> list[tuple[str, str]]:
        """All that a browser would post, with these controls changed. A box that is not ticked is not posted, as in a browser."""
        found = list(self.hidden)
        for control in self.controls.values():
            found += _posted(control, changes.get(control.name, control.value))
        return [*found, self.button] if self.button else found


def _posted(control: Control, value: Value) -> list[tuple[str, str]]:
    if isinstance(value, bool):
        return [(control.name, control.choices[0])] if value else []
    if isinstance(value, str):
        return [(control.name, value.replace("\r\n", "\n").replace("\n", "\r\n"))]  # line breaks as browsers post them
    return [(control.name, each) for each in value]


def parse_forms(page: str, url: str) -> list[Form]:
    """Every form of a page, in order. url: where the page came from."""
    return [_form(element, url) for element in _document(page).forms]


def parse_links(page: str, url: str, only_tables: bool = False) -> list[str]:
    """Paths (with query) of the links of a page, in order, each once. Their host is left out: pages name the product's base URL, which need not
    be the address that was asked, and nothing is ever asked elsewhere. only_tables: those in tables, not in headers and menus."""
    found = _document(page).xpath("//table//a/@href" if only_tables else "//a/@href")
    targets = [urlsplit(urljoin(url, link)) for link in found]
    return list(dict.fromkeys(_below_host(target) for target in targets if target.scheme in ("http", "https")))


def parse_ids(page: str) -> list[str]:
    """The ids of all elements of a page, in order."""
    return [str(found) for found in _document(page).xpath("//@id")]


def _below_host(target: Any) -> str:
    return f"{target.path}?{target.query}" if target.query else str(target.path)


def _document(page: str) -> Any:
    """A parser closes what was left open, so a page that was cut off would look whole, without the controls that it lost."""
    if "</html>" not in page.lower():
        raise AtlassianError("A page came without its end, so what it lacks is not known and nothing of it was used. Check product and proxy.")
    try:
        return lxml.html.document_fromstring(page)
    except (etree.ParserError, ValueError) as exc:  # lxml refuses text with an encoding declaration
        raise AtlassianError(f"A page could not be read as HTML ({type(exc).__name__}). Check what stands between here and the product.") from exc


def _form(element: Any, url: str) -> Form:
    controls: dict[str, Control] = {}
    hidden: list[tuple[str, str]] = []
    buttons: list[tuple[str, str]] = []
    unknown: list[str] = []
    unknown += [str(item.get("name")) for item in _from_elsewhere(element)]
    for item in element.iter("input", "select", "textarea", "button"):
        name = item.get("name")
        if not name or _is_of_another(item, element) or _is_disabled(item):
            continue
        kind = _kind(item)
        if kind in BUTTONS:
            if kind == "submit":
                buttons.append((name, item.get("value") or ""))
        elif kind == "hidden":
            hidden.append((name, item.get("value") or ""))
        elif kind == "unknown" or (name in controls and kind != "radio"):
            unknown.append(name)
        else:
            controls[name] = _control(item, kind, controls.get(name))
    target = urlsplit(urljoin(url, element.get("action") or url))
    candidates = _saving(buttons)
    if len(candidates) > 1:
        unknown.append(f"several buttons ({', '.join(name for name, _value in candidates)})")
    return Form(_below_host(target), controls, tuple(hidden), candidates[0] if candidates else None, tuple(unknown))


def _is_of_another(item: Any, form: Any) -> bool:
    """Whether a control inside of the form says that it belongs to another one, or to none: a browser does not post it with this one."""
    owner = item.get("form")
    return owner is not None and (not owner or owner != form.get("id"))


def _is_disabled(item: Any) -> bool:
    return item.get("disabled") is not None or any(group.get("disabled") is not None for group in item.iterancestors("fieldset"))


def _from_elsewhere(form: Any) -> list[Any]:
    """Controls outside of the form that name it as theirs: a browser posts them too, so a form that has some is not understood."""
    name = form.get("id")
    outside = form.getroottree().iter("input", "select", "textarea") if name else ()
    return [item for item in outside if item.get("form") == name and item.get("name") and form not in item.iterancestors("form")]


def _kind(item: Any) -> str:
    if item.tag in ("select", "textarea"):
        return str(item.tag)
    if item.tag == "button":
        return str(item.get("type") or "submit").lower()
    kind = str(item.get("type") or "text").lower()
    if kind in BUTTONS or kind in ("checkbox", "radio", "hidden"):
        return kind
    return "text" if kind in TEXTS else "unknown"


def _control(item: Any, kind: str, earlier: Control | None) -> Control:
    name = str(item.get("name"))
    if kind == "checkbox":
        return Control(name, "checkbox", item.get("checked") is not None, (item.get("value") or "on",))
    if kind == "radio":
        value = item.get("value") or "on"
        choices = (*(earlier.choices if earlier else ()), value)
        chosen = (value,) if item.get("checked") is not None else earlier.value if earlier else ()
        return Control(name, "choice", chosen, choices)
    if kind == "select":
        options = [
            (option.get("value", (option.text or "").strip()), option.get("selected") is not None)
            for option in item.iter("option")
            if option.get("disabled") is None
        ]
        chosen = tuple(value for value, selected in options if selected)
        # Where nothing is marked, a browser sends the first option of a list that takes one.
        if not chosen and options and item.get("multiple") is None:
            chosen = (options[0][0],)
        return Control(name, "choice", chosen, tuple(value for value, _selected in options))
    text = item.text if kind == "textarea" else item.get("value")
    # HTML drops one line break after <textarea>, and posts line breaks as CR LF.
    shown = (text or "").removeprefix("\n") if kind == "textarea" else text or ""
    return Control(name, "text", shown)


def _saving(buttons: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The button that saves: the one with a name seen on such pages, else all that do not say by their name that they undo."""
    known = [button for button in buttons if button[0] in SAVES]
    return known[:1] or [button for button in buttons if button[0].lower() not in UNDO]
