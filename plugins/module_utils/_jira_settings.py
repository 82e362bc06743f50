# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Settings of Jira: those that this version exposes by REST, and those that only the form of the general configuration holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._form_settings import (
    NO,
    NOTHING_WANTED,
    YES,
    FormPages,
    Plain,
    Seen,
    no_control,
    shown,
    to_post,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser, Place
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, entries_understood
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal

PATH = "/rest/api/2/application-properties"
SCOPE = "settings"  # in a restore file
NEVER = ""  # attempts before the CAPTCHA: an empty field means that it never comes


@dataclass(frozen=True)
class Field:
    """A control of the form, and the type of its value."""

    name: str
    kind: type


# Property key -> control of EditApplicationProperties. Names as seen in old sources (behaviour only) and Atlassian's jira-testkit; on recent
# versions they are not verified one by one.
FIELDS: Mapping[str, Field] = {
    "jira.mode": Field("mode", str),
    "jira.option.captcha.on.signup": Field("captcha", bool),
    "jira.maximum.authentication.attempts.allowed": Field("maximumAuthenticationAttemptsAllowed", int),
    "jira.option.emailvisible": Field("emailVisibility", str),
    "jira.option.user.externalmgt": Field("externalUM", bool),
    "jira.option.logoutconfirm": Field("logoutConfirm", str),
    "jira.option.web.usegzip": Field("useGzip", bool),
    "jira.option.rpc.allow": Field("allowRpc", bool),
    "jira.comment.level.visibility.groups": Field("groupVisibility", bool),
    "jira.attachment.download.mime.sniffing.workaround": Field("ieMimeSniffer", str),
    "jira.show.contact.administrators.form": Field("showContactAdministratorsForm", bool),
    "jira.user.avatar.gravatar.enabled": Field("useGravatar", bool),
}
GENERAL = Place(
    "General configuration",
    ("/secure/admin/EditApplicationProperties!default.jspa",),
    tuple(field.name for field in FIELDS.values()),
)
# Keys that some version is known to expose by REST (property metadata of 7.13): one of these that is not exposed is no mistake of the user's.
REST_KEYS = frozenset({
    "jira.option.globalsharing", "jira.show.contact.administrators.form", "jira.project.description.html.enabled", "jira.custom.field.html.enabled",
    "jira.export.html.enabled", "jira.csv.export.dialog.enabled", "jira.search.views.default.max", "jira.search.views.max.limit",
    "jira.bulk.create.max.issues.per.import", "jira.text.field.character.limit", "jira.attachment.number.of.zip.entries",
    "jira.option.user.crowd.allow.rename", "jira.quicksearch.max.concurrent.searches", "jira.empty.jql.returns.no.data.enabled",
    "google.site.verification.key", "jira.newsletter.tip.delay.days", "jira.enabled.dark.features",
})
HIDDEN = "This version does not expose it by REST, and it is on no page that this collection knows. Look for it in the administration of Jira."


@dataclass(frozen=True)
class Property:
    """One property as REST tells it. allowed: empty where anything of the kind goes."""

    key: str
    value: str
    kind: str
    allowed: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.kind.lower() in ("number", "uint", "int", "integer")

    @property
    def is_bool(self) -> bool:
        return self.kind.lower() == "boolean" or set(self.allowed) == {"true", "false"}


def parse_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is managed; None leaves a setting alone. Raises AtlassianError for values that can be none. Which keys there are is told by the product."""
    for key, value in given.items():
        if value is not None and not isinstance(value, (bool, int, str)):
            raise AtlassianError(f"settings: {key} is {value!r}, and must be true or false, a whole number or a text.")
    return {key: value for key, value in given.items() if value is not None}


def values_by(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What settings were before the runs of a restore file; of a setting that several runs changed, the oldest value."""
    with entries_understood():
        found = [(str(item["key"]), item["value"]) for entry in entries for item in entry["removed"]]
    return parse_given(dict(reversed(found)))


def parse_property(raw: Any) -> Property:
    """Raises AtlassianError for a shape that is not known."""
    if not isinstance(raw, dict) or not isinstance(raw.get("key"), str) or "value" not in raw:
        raise AtlassianError(f"GET {PATH} answered in a shape that is not known. Check that url is a Jira and the account its system administrator.")
    allowed = raw.get("allowedValues")
    texts = tuple(str(item) for item in allowed) if isinstance(allowed, list) else ()
    return Property(raw["key"], str(raw["value"] if raw["value"] is not None else ""), str(raw.get("type") or ""), texts)


def to_text(found: Property, wanted: Any) -> str:
    """The value as REST takes it, by the type the server declares. Raises AtlassianError with what it takes."""
    text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted).strip()
    if found.is_bool and text.lower() in (*YES, *NO):
        return "true" if text.lower() in YES else "false"
    allowed = found.allowed
    if found.is_bool or (allowed and text not in allowed):
        raise AtlassianError(f"settings: {found.key} is {wanted!r}, and Jira takes {', '.join(allowed) or 'true or false'}. Nothing was changed.")
    if found.is_number and not _is_whole(text) and text != found.value:
        raise AtlassianError(f"settings: {found.key} is {wanted!r}, and Jira takes a whole number. Nothing was changed.")
    return text


def plain(found: Property, text: str) -> Plain:
    """For people and for comparing."""
    if found.is_bool and text in ("true", "false"):
        return text == "true"
    return int(text) if found.is_number and _is_whole(text) else text.strip()


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit()


@dataclass(frozen=True)
class World:
    """exposed: by key, what REST tells. page: the form of the general configuration."""

    exposed: Mapping[str, Property]
    page: Seen


@dataclass
class Settings:
    """The subject of module jira_settings. browser: None where forms are not allowed. memory: what the settings were."""

    client: Client
    browser: Browser | None
    wanted: Mapping[str, Any]
    memory: Memory | None = None
    _forms: FormPages = field(init=False)

    def __post_init__(self) -> None:
        self._forms = FormPages(self.browser)

    def read(self) -> World:
        exposed = self._exposed()
        by_form = [key for key in self.wanted if key in FIELDS and key not in exposed]
        page = self._forms.see(GENERAL) if by_form else Seen(None, "Not asked for.")
        return World(exposed, page)

    def _exposed(self) -> dict[str, Property]:
        """All that this account may edit; one request, whatever is wanted."""
        response = self.client.get(PATH)
        if response.status != 200:
            raise AtlassianError(refusal(response, self.client.credentials), status=response.status)
        listed = json_of(response)
        if not isinstance(listed, list):
            raise AtlassianError(f"GET {PATH} answered without a list of properties. Check that url is a Jira.")
        return {found.key: found for found in map(parse_property, listed)}

    def compare(self, world: World) -> list[Finding]:
        unknown = sorted(key for key in self.wanted if key not in world.exposed and key not in FIELDS and key not in REST_KEYS)
        if unknown:
            allowed = ", ".join(sorted({*world.exposed, *FIELDS, *REST_KEYS}))
            raise AtlassianError(f"settings: {unknown[0]} is unknown here. Known are {allowed}. Nothing was changed.")
        return [self._judge(world, key) for key in sorted(self.wanted)] or [NOTHING_WANTED]

    def observe(self, world: World, setting: str) -> Plain:
        if setting in world.exposed:
            return plain(world.exposed[setting], world.exposed[setting].value)
        if setting not in FIELDS or world.page.form is None:
            raise AtlassianError(HIDDEN if setting not in FIELDS else world.page.reason)
        control = world.page.form.controls.get(FIELDS[setting].name)
        if control is None:
            raise AtlassianError(no_control(FIELDS[setting].name, world.page.form))
        return shown(control, FIELDS[setting].kind)

    def prepare(self, changes: Sequence[Change]) -> None:
        if self.memory is not None:
            # An empty value is none that could be set again: a number that was not there, a choice nobody had made.
            self.memory.remember([{"key": change.setting, "value": change.before} for change in changes if self._returns(change)], [])

    def _returns(self, change: Change) -> bool:
        return change.before != "" or FIELDS.get(change.setting, Field("", str)).kind is int

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values

    def _judge(self, world: World, key: str) -> Finding:
        if key in world.exposed:
            return self._by_rest(world.exposed[key])
        if key not in FIELDS:
            return Setting(key, None, None, NOT_EXAMINED, HIDDEN)
        return self._by_form(world.page, key)

    def _by_rest(self, found: Property) -> Finding:
        text = to_text(found, self.wanted[found.key])
        before, after = plain(found, found.value), plain(found, text)
        if before == after:
            return Setting(found.key, before, before, COMPLIANT)
        return Change(found.key, before, after, lambda: self._put(found.key, text))

    def _put(self, key: str, text: str) -> None:
        path = f"{PATH}/{quote(key, safe='')}"
        self.client.settle(
            lambda: self.client.write("PUT", path, {"id": key, "value": text}),
            lambda: (found := self._exposed().get(key)) is not None and found.value == text,
        )

    def _by_form(self, page: Seen, key: str) -> Finding:
        if page.form is None:
            return Setting(key, None, None, NOT_EXAMINED, page.reason)
        control = page.form.controls.get(FIELDS[key].name)
        if control is None:
            return Setting(key, None, None, NOT_EXAMINED, no_control(FIELDS[key].name, page.form))
        wanted = self._typed(key)
        posted = to_post(key, control, wanted)
        before = shown(control, FIELDS[key].kind)
        if before == wanted:
            return Setting(key, before, before, COMPLIANT)
        self._forms.collect(GENERAL, control.name, posted)
        return Change(key, before, wanted, lambda: self._forms.post(GENERAL))

    def _typed(self, key: str) -> Plain:
        value, kind = self.wanted[key], FIELDS[key].kind
        text = str(value).strip()
        if kind is bool and text.lower() in (*YES, *NO):
            return text.lower() in YES
        if kind is int and (text == NEVER or (text.isascii() and text.isdigit())):
            return int(text) if text else NEVER
        if kind is str and text:
            return text
        expected = {bool: "true or false", int: "a whole number, or an empty text for never", str: "a text"}[kind]
        raise AtlassianError(f"settings: {key} is {value!r}, and must be {expected}. Nothing was changed.")
