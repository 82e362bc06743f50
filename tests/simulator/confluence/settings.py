# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of the three settings forms: names, kinds, limits, and the insecure values a site starts with.

Names and values of the security form: javadoc of its action (facts 6; documented); that the controls bear the property names is
unverified but for webSudoEnabled and enableElevatedSecurityCheck; that some are for system administrators alone is a hint.
The other two forms are unverified but for their purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..fields import CHECKBOX, HIDDEN, NUMBER, RADIO, SELECT, TEXT, TEXTAREA, Field, Value


@dataclass(frozen=True)
class Form:
    """One page of settings. view None: the form is shown at once."""

    name: str
    title: str
    title_de: str
    view: str | None
    edit: str
    submit: str
    action: str  # as the form writes it: relative, or from the root of the site
    fields: tuple[Field, ...]

    def shown_to(self, system_administrator: bool) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if system_administrator or not field.system)


SECURITY = Form(
    "security", "Security Configuration", "Sicherheitskonfiguration", "/admin/viewsecurityconfig.action",
    "/admin/editsecurityconfig.action", "/admin/doeditsecurityconfig.action", "doeditsecurityconfig.action", (
        Field("externalUserManagement", CHECKBOX, False, "External user management", "Externe Benutzerverwaltung"),
        Field("addWildcardsToUserAndGroupSearches", CHECKBOX, True, "Append wildcards", "Platzhalter anfügen"),
        Field("allowRemoteApiAnonymous", CHECKBOX, True, "Anonymous access to remote API", "Anonymer Zugriff auf die Remote-API", system=False),
        Field("nofollowExternalLinks", CHECKBOX, False, "Hide external links from search engines", "Externe Links vor Suchmaschinen verbergen", system=False),
        Field("emailAddressVisibility", SELECT, "email.address.public", "User email visibility", "Sichtbarkeit der E-Mail-Adressen",
              ("email.address.public", "email.address.masked", "email.address.private"), system=False),
        Field("enableElevatedSecurityCheck", CHECKBOX, False, "CAPTCHA on login", "CAPTCHA bei der Anmeldung"),
        Field("loginAttemptsThreshold", NUMBER, 3, "Maximum attempts", "Erlaubte Versuche"),
        Field("webSudoEnabled", CHECKBOX, True, "Secure administrator sessions", "Sichere Administratorsitzungen"),
        Field("webSudoTimeout", NUMBER, 60, "Minutes before invalidation", "Minuten bis zum Ablauf"),
        Field("xsrfAddComments", CHECKBOX, False, "XSRF protection for comments", "XSRF-Schutz für Kommentare"),
        # The names of the levels are on the page alone: unverified.
        Field("attachmentSecurityLevel", SELECT, "insecure", "Attachment download security", "Sicherheit beim Herunterladen", ("insecure", "smart", "secure")),
        Field("enableSpaceStyles", CHECKBOX, True, "Custom stylesheets for spaces", "Eigene Stylesheets für Bereiche"),
        Field("maxRssItems", NUMBER, 1000, "Maximum RSS items", "RSS-Einträge höchstens"),
        Field("rssTimeout", NUMBER, 60, "RSS timeout", "RSS-Zeitlimit"),
        Field("pageTimeout", NUMBER, 120, "Page timeout", "Seiten-Zeitlimit"),
        Field("showSystemInfoIn500Page", CHECKBOX, True, "Show system information on the 500 page", "Systeminformationen auf der 500-Seite"),
    ),
)
# Path and names unverified. The fields nobody asks for are here so that a form that loses one is noticed.
FURTHER = Form(
    "further", "Further Configuration", "Weitere Konfiguration", "/admin/viewspacesconfig.action",
    "/admin/editspacesconfig.action", "/admin/doeditspacesconfig.action", "/admin/doeditspacesconfig.action", (
        Field("configurationRevision", HIDDEN, "r-17", "", ""),
        Field("allowRemoteApi", CHECKBOX, True, "Remote API (XML-RPC & SOAP)", "Remote-API (XML-RPC & SOAP)", system=False),
        Field("allowThreadedComments", CHECKBOX, True, "Threaded comments", "Kommentare mit Antworten", system=False),
        Field("siteWelcome", TEXT, 'Knowledge & "more" <daily>', "Welcome text", "Begrüßung", system=False),
        Field("defaultEditor", RADIO, "rich", "Default editor", "Voreingestellter Editor", ("rich", "plain"), system=False),
        Field("draftSaveInterval", SELECT, "30", "Save drafts every", "Entwürfe sichern alle", ("10", "30", "60"), system=False),
        Field("maintenanceNotice", TEXTAREA, "\nFirst & second line\n<b>kept</b> as text", "Notice", "Hinweis", system=False),
    ),
)
# Facts 6: three modes; paths and names unverified.
SIGNUP = Form(
    "signup", "User Signup Options", "Selbstregistrierung", None,
    "/admin/users/signupoptions.action", "/admin/users/dosignupoptions.action", "dosignupoptions.action", (
        Field("signupMode", RADIO, "public", "Who may sign up", "Wer sich registrieren darf", ("private", "restricted", "public"), system=False),
        Field("signupDomains", TEXT, "example.com", "Domains", "Domänen", system=False),
        Field("notifyAdministrators", CHECKBOX, True, "Tell the administrators", "Administratoren benachrichtigen", system=False),
    ),
)
FORMS = {form.name: form for form in (SECURITY, FURTHER, SIGNUP)}
FIELDS = {field.name: field for form in FORMS.values() for field in form.fields}


def seed_settings() -> dict[str, Value]:
    return {field.name: field.start for field in FIELDS.values()}
