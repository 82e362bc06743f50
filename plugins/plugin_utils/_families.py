# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Families of controls: the letters before the number of an id, and what they stand for."""

from __future__ import annotations

# In the order of meta/controls.yml.
FAMILIES = {
    "PRX": "Exposure and proxy",
    "TLS": "TLS",
    "WAF": "Web application firewall",
    "F2B": "fail2ban",
    "NODE": "Nodes of Jira and Confluence",
    "JIRA": "Jira",
    "CONF": "Confluence",
    "AUTH": "Authentication",
    "ADM": "Administrators",
    "DIR": "User directories",
    "LINK": "Application links",
    "APP": "Apps",
    "UPD": "Updates",
    "AUD": "Audit log",
    "HOOK": "Web hooks and allowlist",
    "EXT": "View from outside",
    "ORG": "Organisation",
}


def family_of(control: str) -> str:
    """The letters of a control's id: PRX for PRX-02."""
    return control.rpartition("-")[0] or control


def family_name(family: str) -> str:
    """A family in plain words; the letters themselves where they are not known."""
    return FAMILIES.get(family, family)
