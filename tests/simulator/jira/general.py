# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of Jira's general configuration, and the insecure values a site starts with.

Names of fields and properties: facts 3.4 (H6, H7, TK; code) and javadoc of APKeys; on 9.12 and later unverified. That a setting that is on or
off is a pair of radio buttons in older versions and a box in newer ones is unverified: a client must take what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ..fields import CHECKBOX, RADIO, SELECT, TEXT, TEXTAREA, Field, Value, parse
from .versions import Version

BOOLEAN, ON_OFF = "boolean", ("true", "false")
MODE, ATTEMPTS, EXTERNAL_USERS = "jira.mode", "jira.maximum.authentication.attempts.allowed", "jira.option.user.externalmgt"
TITLE, BASE_URL = "jira.title", "jira.baseurl"


@dataclass(frozen=True)
class Setting:
    key: str  # of the property: what the state calls it
    name: str  # of the control
    kind: str
    start: str
    label: str
    label_de: str
    choices: tuple[str, ...] = ()
    system: bool = False  # only a system administrator sees and sets it
    missing: tuple[str, ...] = ()  # versions without it

    def field(self, version: Version) -> Field:
        kind, choices = self.kind, self.choices
        if kind == BOOLEAN:
            kind, choices = (CHECKBOX, ()) if version.boxes_in_forms else (RADIO, ON_OFF)
        return Field(self.name, kind, self.start, self.label, self.label_de, choices, self.system)

    def parsed(self, version: Version, posted: str | None) -> str | None:
        """The new value; None: not valid."""
        value = parse(self.field(version), posted)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "false" if value == "" and self.kind == BOOLEAN else value if value is None else str(value)

    def shown(self, version: Version, value: str) -> Value:
        return value == "true" if self.field(version).kind == CHECKBOX else value


SETTINGS = (
    # title, introduction, encodingCode, defaultLocale, voting, baseURL: nobody asks for them, so that a form that loses one is noticed.
    Setting(TITLE, "title", TEXT, "Simulated Jira", "Title", "Titel"),
    Setting(MODE, "mode", SELECT, "public", "Mode", "Modus", ("public", "private")),
    Setting(ATTEMPTS, "maximumAuthenticationAttemptsAllowed", TEXT, "10", "Maximum authentication attempts", "Erlaubte Anmeldeversuche"),
    Setting("jira.option.captcha.on.signup", "captcha", BOOLEAN, "false", "CAPTCHA on sign-up", "CAPTCHA bei der Registrierung"),
    Setting(BASE_URL, "baseURL", TEXT, "", "Base URL", "Basis-URL"),
    Setting("jira.option.emailvisible", "emailVisibility", SELECT, "show", "User email visibility", "Sichtbarkeit der E-Mail-Adressen",
            ("show", "hide", "mask", "user")),
    Setting("jira.introduction", "introduction", TEXTAREA, "\nIssues & <b>more</b>\nAsk \"us\"", "Introduction", "Einleitung"),
    Setting("webwork.i18n.encoding", "encodingCode", TEXT, "UTF-8", "Character encoding", "Zeichenkodierung"),
    Setting("jira.i18n.default.locale", "defaultLocale", SELECT, "en_UK", "Default language", "Voreingestellte Sprache", ("en_UK", "en_US", "de_DE")),
    Setting("jira.option.voting", "voting", RADIO, "true", "Voting", "Abstimmen", ON_OFF),
    Setting(EXTERNAL_USERS, "externalUM", BOOLEAN, "false", "External user management", "Externe Benutzerverwaltung"),
    Setting("jira.option.logoutconfirm", "logoutConfirm", SELECT, "never", "Log-out confirmation", "Abmeldung bestätigen", ("never", "cookie", "always")),
    Setting("jira.option.web.usegzip", "useGzip", BOOLEAN, "true", "Compress with GZip", "Mit GZip komprimieren"),
    # "Gone in newer versions" (facts 3.4; unverified).
    Setting("jira.option.rpc.allow", "allowRpc", BOOLEAN, "true", "Accept remote API calls", "Aufrufe der Remote-API annehmen",
            missing=("9.12", "10.3", "11.2")),
    Setting("jira.comment.level.visibility.groups", "groupVisibility", BOOLEAN, "true", "Groups in comment visibility", "Gruppen bei Kommentaren"),
    # Names of the values but for workaround: unverified.
    Setting("jira.attachment.download.mime.sniffing.workaround", "ieMimeSniffer", SELECT, "insecure", "MIME sniffing", "MIME-Erkennung",
            ("secure", "workaround", "insecure"), system=True),
    Setting("jira.show.contact.administrators.form", "showContactAdministratorsForm", BOOLEAN, "true", "Contact form", "Kontaktformular"),
    Setting("jira.user.avatar.gravatar.enabled", "useGravatar", BOOLEAN, "true", "Use Gravatar", "Gravatar verwenden"),
    # Key, and since when: unverified.
    Setting("jira.user.avatar.gravatar.api.address", "gravatarApiAddress", TEXT, "", "Gravatar server", "Gravatar-Server", missing=("8.20",)),
)


def settings(version: Version) -> tuple[Setting, ...]:
    return tuple(setting for setting in SETTINGS if version.line not in setting.missing)


def start(version: Version, base_url: str) -> dict[str, str]:
    return {**{setting.key: setting.start for setting in settings(version)}, BASE_URL: base_url}


def attempts(text: str) -> int | None:
    """So many failures bring the CAPTCHA; blank: never (old options page; documented)."""
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else None


def wrong(after: dict[str, str]) -> list[str]:
    """Keys of the values that are refused together. Public with external users: BA (code); the others are unverified."""
    found = []
    if after[MODE] == "public" and after[EXTERNAL_USERS] == "true":
        found.append(MODE)
    if after[ATTEMPTS].strip() and attempts(after[ATTEMPTS].strip()) is None:
        found.append(ATTEMPTS)
    if not after[TITLE].strip():
        found.append(TITLE)
    url = urlsplit(after[BASE_URL])
    if url.scheme not in ("http", "https") or not url.netloc:
        found.append(BASE_URL)
    return found
