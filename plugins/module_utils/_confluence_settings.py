# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Settings of Confluence that only administration forms hold: their names, where they are, how a value is read, compared and posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import MANIFEST
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, FormAt, Place, find
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Control, Form, Value

Plain = Union[bool, int, str]
PUBLIC_SIGNUP = "publicSignup"
MODE, DENY = "signupMode", "denyPublicSignup"
PRIVATE, PUBLIC = "private", "public"
# Property -> type. Vendor javadoc of the form's action (SecurityConfigurationAction); webSudoEnabled and enableElevatedSecurityCheck are
# proven as names of controls by public client code, the others follow the property's name and are not verified one by one.
SECURITY_TYPES: Mapping[str, type] = {
    "externalUserManagement": bool,
    "addWildcardsToUserAndGroupSearches": bool,
    "allowRemoteApiAnonymous": bool,
    "nofollowExternalLinks": bool,
    "emailAddressVisibility": str,
    "enableElevatedSecurityCheck": bool,
    "loginAttemptsThreshold": int,
    "webSudoEnabled": bool,
    "webSudoTimeout": int,
    "xsrfAddComments": bool,
    "attachmentSecurityLevel": str,
    "enableSpaceStyles": bool,
    "maxRssItems": int,
    "rssTimeout": int,
    "pageTimeout": int,
    "showSystemInfoIn500Page": bool,
}
# Vendor javadoc of the global settings; page and name of the control are not verified.
FURTHER_TYPES: Mapping[str, type] = {"allowRemoteApi": bool}
SECURITY = Place("Security Configuration", ("/admin/editsecurityconfig.action",), ("securityconfig",), tuple(SECURITY_TYPES))
FURTHER = Place("Further Configuration", ("/admin/editspacesconfig.action",), ("spacesconfig", "furtherconfig"), tuple(FURTHER_TYPES))
SIGNUP = Place("User Signup Options", ("/admin/users/signupoptions.action",), ("signup",), (MODE, DENY))
PLACES: Mapping[str, Place] = {
    **dict.fromkeys(SECURITY_TYPES, SECURITY),
    **dict.fromkeys(FURTHER_TYPES, FURTHER),
    PUBLIC_SIGNUP: SIGNUP,
}
TYPES: Mapping[str, type] = {**SECURITY_TYPES, **FURTHER_TYPES, PUBLIC_SIGNUP: bool}
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
NO_REST = "No REST tells it, only the page {title} ({path}): set allow_forms, with username and password, or look there."
MANIFEST_ONLY = (
    "The product's manifest says that public sign-up is off; whether people of some mail domains may sign up is told by the page {title} only: "
    "set allow_forms."
)
LEFT = "Left as it is, since only the form {title} ({path}) can change it: set allow_forms, with username and password, or set it there."
DISAGREE = "The form says that nobody can sign up alone, and the product's manifest says that anybody can. Look at the page {title}."


def parse_settings(given: Mapping[str, Any]) -> dict[str, Plain]:
    """The settings that are managed, in their types; None leaves one alone. Raises AtlassianError naming the setting and the value."""
    unknown = sorted(set(given) - set(TYPES))
    if unknown:
        raise AtlassianError(f"settings: {unknown[0]} is unknown. Known are {', '.join(sorted(TYPES))}.")
    return {name: _coerced(name, value) for name, value in given.items() if value is not None}


def _coerced(name: str, value: Any) -> Plain:
    wanted = TYPES[name]
    text = str(value).strip()
    if wanted is bool and text.lower() in (*YES, *NO):
        return text.lower() in YES
    if wanted is int and not isinstance(value, bool) and text.isascii() and text.isdigit() and int(text) >= 1:
        return int(text)
    if wanted is str and isinstance(value, str) and text:
        return text
    expected = {bool: "true or false", int: "a whole number from 1", str: "a text"}[wanted]
    raise AtlassianError(f"settings: {name} is {value!r}, and must be {expected}.")


@dataclass(frozen=True)
class Seen:
    """A form as read, or None for `reason`."""

    form: Form | None
    reason: str = ""


@dataclass(frozen=True)
class World:
    pages: Mapping[str, Seen]  # by the place's title
    public_signup: bool | None  # as the manifest says; None where nobody asked


@dataclass
class Settings:
    """The subject of module confluence_settings. browser: None where forms are not allowed."""

    client: Client
    browser: Browser | None
    wanted: Mapping[str, Plain]
    _found: dict[str, FormAt] = field(default_factory=dict)
    _batches: dict[str, dict[str, Value]] = field(default_factory=dict)
    _posted: dict[str, AtlassianError | None] = field(default_factory=dict)

    def read(self) -> World:
        places = {PLACES[name].title: PLACES[name] for name in self.wanted}
        pages = {title: self._see(place) for title, place in places.items()}
        return World(pages, self._manifest() if PUBLIC_SIGNUP in self.wanted else None)

    def _see(self, place: Place) -> Seen:
        if self.browser is None:
            return Seen(None, NO_REST.format(title=place.title, path=place.paths[0]))
        try:
            if place.title not in self._found:
                self._found[place.title] = find(self.browser, place)
            return Seen(self._found[place.title].read())
        except AtlassianError as exc:
            return Seen(None, exc.sentence)

    def _manifest(self) -> bool:
        manifest = self.client.get_json(MANIFEST)
        value = manifest.get(PUBLIC_SIGNUP) if isinstance(manifest, dict) else None
        if not isinstance(value, bool):
            raise AtlassianError(f"GET {MANIFEST} answered without {PUBLIC_SIGNUP} (true or false). Check that url is a Confluence.")
        return value

    def compare(self, world: World) -> list[Finding]:
        return [self._judge(world, name) for name in sorted(self.wanted)]

    def observe(self, world: World, setting: str) -> Plain:
        seen = world.pages[PLACES[setting].title]
        if seen.form is None:
            raise AtlassianError(seen.reason)
        control = control_of(seen.form, setting)
        if control is None:
            raise AtlassianError(_no_control(setting, seen.form))
        return shown(setting, control)

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing to save: the result names each setting and what it was."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, world: World, name: str) -> Finding:
        place, wanted = PLACES[name], self.wanted[name]
        form = world.pages[place.title].form
        if form is None:
            reason = world.pages[place.title].reason
            return _by_manifest(world, place, wanted) if name == PUBLIC_SIGNUP else Setting(name, None, None, NOT_EXAMINED, reason)
        control = control_of(form, name)
        if control is None:
            return Setting(name, None, None, NOT_EXAMINED, _no_control(name, form))
        posted = to_post(name, control, wanted)
        before = shown(name, control)
        if name == PUBLIC_SIGNUP and before is False and world.public_signup:
            return Setting(name, None, None, FAILED, DISAGREE.format(title=place.title))
        if before == wanted:
            return Setting(name, before, before, COMPLIANT)
        self._batches.setdefault(place.title, {})[control.name] = posted
        return Change(name, before, wanted, lambda: self._post(place.title))

    def _post(self, title: str) -> None:
        """All changes of one form in one post; every setting of it shares the outcome."""
        if title not in self._posted:
            try:
                self._found[title].change(self._batches[title])
                self._posted[title] = None
            except AtlassianError as exc:
                self._posted[title] = exc
        error = self._posted[title]
        if error is not None:
            raise error


def _by_manifest(world: World, place: Place, wanted: Plain) -> Setting:
    """Public sign-up is the one setting that is told without the form, in part."""
    if world.public_signup and wanted is False:
        return Setting(PUBLIC_SIGNUP, True, True, DRIFTED, LEFT.format(title=place.title, path=place.paths[0]))
    if world.public_signup is False and wanted is False:
        return Setting(PUBLIC_SIGNUP, None, None, NOT_EXAMINED, MANIFEST_ONLY.format(title=place.title))
    return Setting(PUBLIC_SIGNUP, None, None, NOT_EXAMINED, world.pages[place.title].reason)


def control_of(form: Form, name: str) -> Control | None:
    """The control that holds a setting. Public sign-up is a choice of modes, or a box that denies it."""
    if name != PUBLIC_SIGNUP:
        return form.controls.get(name)
    mode = form.controls.get(MODE)
    return mode if mode is not None and PRIVATE in mode.choices else form.controls.get(DENY)


def shown(name: str, control: Control) -> Plain:
    """The value of a control in the setting's type; a text where a number was expected stays a text."""
    if name == PUBLIC_SIGNUP:
        return not control.value if control.kind == "checkbox" else control.value != (PRIVATE,)
    if isinstance(control.value, bool):
        return control.value
    text = control.value if isinstance(control.value, str) else ",".join(control.value)
    return int(text) if TYPES[name] is int and text.isascii() and text.isdigit() else text


def to_post(name: str, control: Control, wanted: Plain) -> Value:
    """What the control must hold. Raises AtlassianError where it cannot, with what it takes."""
    if name == PUBLIC_SIGNUP:
        return not wanted if control.kind == "checkbox" else ((PUBLIC if wanted else PRIVATE),)
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


def _no_control(name: str, form: Form) -> str:
    if name in form.unknown:
        return f"The product's page has {name} as a kind of control that is not understood. Look at it in a browser."
    names = ", ".join(sorted(form.controls)) or "none"
    return (
        f"The product's page has no control for {name}; it has {names}. The account may lack the system administrator's right, "
        "or this version names it otherwise."
    )
