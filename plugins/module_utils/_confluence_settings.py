# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Settings of Confluence that only administration forms hold: their names, where they are, how a value is read, compared and posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import MANIFEST
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import CONSOLE
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._form_settings import (
    NOTHING_WANTED,
    FormPages,
    Plain,
    Seen,
    coerce,
    no_control,
    shown,
    to_post,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, Place
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Control, Form, Value

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
SECURITY = Place("Security Configuration", ("/admin/editsecurityconfig.action",), tuple(SECURITY_TYPES), CONSOLE, ("securityconfig",))
FURTHER = Place("Further Configuration", ("/admin/editspacesconfig.action",), tuple(FURTHER_TYPES), CONSOLE, ("spacesconfig", "furtherconfig"))
SIGNUP = Place("User Signup Options", ("/admin/users/signupoptions.action",), (MODE, DENY), CONSOLE, ("signup",))
PLACES: Mapping[str, Place] = {
    **dict.fromkeys(SECURITY_TYPES, SECURITY),
    **dict.fromkeys(FURTHER_TYPES, FURTHER),
    PUBLIC_SIGNUP: SIGNUP,
}
TYPES: Mapping[str, type] = {**SECURITY_TYPES, **FURTHER_TYPES, PUBLIC_SIGNUP: bool}
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
    return {name: coerce(name, value, TYPES[name]) for name, value in given.items() if value is not None}


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

    def __post_init__(self) -> None:
        self._forms = FormPages(self.browser)

    def read(self) -> World:
        pages = self._forms.see_all({name: PLACES[name] for name in self.wanted})
        return World(pages, self._manifest() if PUBLIC_SIGNUP in self.wanted else None)

    def _manifest(self) -> bool:
        manifest = self.client.get_json(MANIFEST)
        value = manifest.get(PUBLIC_SIGNUP) if isinstance(manifest, dict) else None
        if not isinstance(value, bool):
            raise AtlassianError(f"GET {MANIFEST} answered without {PUBLIC_SIGNUP} (true or false). Check that url is a Confluence.")
        return value

    def compare(self, world: World) -> list[Finding]:
        return [self._judge(world, name) for name in sorted(self.wanted)] or [NOTHING_WANTED]

    def observe(self, world: World, setting: str) -> Plain:
        seen = world.pages[PLACES[setting].title]
        if seen.form is None:
            raise AtlassianError(seen.reason)
        control = control_of(seen.form, setting)
        if control is None:
            raise AtlassianError(no_control(setting, seen.form))
        return _value(setting, control)

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing to save: the result names each setting and what it was."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, world: World, name: str) -> Finding:
        place, wanted = PLACES[name], self.wanted[name]
        form = world.pages[place.title].form
        if form is None:
            reason = world.pages[place.title].reason
            return _by_manifest(world, place, wanted, self.browser is not None) if name == PUBLIC_SIGNUP else Setting(name, None, None, NOT_EXAMINED, reason)
        control = control_of(form, name)
        if control is None:
            return Setting(name, None, None, NOT_EXAMINED, no_control(name, form))
        posted = _to_post(name, control, wanted)
        before = _value(name, control)
        if name == PUBLIC_SIGNUP and before is False and world.public_signup:
            return Setting(name, None, None, FAILED, DISAGREE.format(title=place.title))
        if before == wanted:
            return Setting(name, before, before, COMPLIANT)
        self._forms.collect(place, control.name, posted)
        return Change(name, before, wanted, lambda: self._forms.post(place))


def _by_manifest(world: World, place: Place, wanted: Plain, forms: bool) -> Setting:
    """Public sign-up is the one setting that is told without the form, in part. forms: they are allowed, and this one could not be used."""
    unread = world.pages[place.title].reason
    if world.public_signup and wanted is False:
        return Setting(PUBLIC_SIGNUP, True, True, DRIFTED, f"Left as it is. {unread}" if forms else LEFT.format(title=place.title, path=place.paths[0]))
    if world.public_signup is False and wanted is False and not forms:
        return Setting(PUBLIC_SIGNUP, None, None, NOT_EXAMINED, MANIFEST_ONLY.format(title=place.title))
    return Setting(PUBLIC_SIGNUP, None, None, NOT_EXAMINED, unread)


def control_of(form: Form, name: str) -> Control | None:
    """The control that holds a setting. Public sign-up is a choice of modes, or a box that denies it."""
    if name != PUBLIC_SIGNUP:
        return form.controls.get(name)
    mode = form.controls.get(MODE)
    return mode if mode is not None and PRIVATE in mode.choices else form.controls.get(DENY)


def _value(name: str, control: Control) -> Plain:
    if name == PUBLIC_SIGNUP:
        return not control.value if control.kind == "checkbox" else control.value != (PRIVATE,)
    return shown(control, TYPES[name])


def _to_post(name: str, control: Control, wanted: Plain) -> Value:
    if name == PUBLIC_SIGNUP:
        return not wanted if control.kind == "checkbox" else ((PUBLIC if wanted else PRIVATE),)
    return to_post(name, control, wanted)
