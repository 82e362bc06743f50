# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words on the pages of both products, in two languages: names and ids have none, so nothing must hang on these."""

from __future__ import annotations

from .answers import product

GERMAN = {
    "add": "Hinzufügen",
    "anyone": "Jeder im Web",
    "administration": "Administration",
    "administrator access": "Administratorzugriff",
    "ask an administrator": "Bitte fragen Sie die Administration.",
    "cancel": "Abbrechen",
    "confirm": "Bestätigen",
    "dark features": "Dark Features",
    "dashboard": "Übersicht",
    "edit": "Bearbeiten",
    "error": "Die Angaben sind nicht gültig.",
    "general configuration": "Allgemeine Konfiguration",
    "global permissions": "Globale Berechtigungen",
    "log in": "Anmelden",
    "logged in": "Alle, die angemeldet sind",
    "log-in failed": "Die Anmeldung ist fehlgeschlagen.",
    "members": "Benutzer anzeigen",
    "name": "Name",
    "next": "Weiter",
    "not found": "Seite nicht gefunden",
    "not permitted": "Nicht erlaubt",
    "off": "AUS",
    "on": "AN",
    "owner": "Eigentümer",
    "previous": "Zurück",
    "remove": "entfernen",
    "save": "Speichern",
    "save all": "Alles speichern",
    "shared dashboards": "Freigegebene Übersichten",
    "shared filters": "Freigegebene Filter",
    "shared with": "Freigegeben für",
    "sign up": "Registrieren",
    "space permissions": "Bereichsberechtigungen",
    "token": "Das XSRF-Sicherheitstoken fehlt",
    "update": "Aktualisieren",
}
ENGLISH = {
    "anyone": "Anyone on the web",
    "ask an administrator": "Ask an administrator.",
    "error": "The values are not valid.",
    "logged in": "Everyone who logs in",
    "log-in failed": "Your log-in failed.",
    "members": "View users",
    "off": "OFF",
    "on": "ON",
    "remove": "remove",
    "token": "XSRF Security Token Missing",
}


def word(name: str) -> str:
    return GERMAN[name] if product().language == "de" else ENGLISH.get(name, name.capitalize())


def one_of(english: str, german: str) -> str:
    return german if product().language == "de" else english
