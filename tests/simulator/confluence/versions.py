# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the played versions of Confluence. Each field says where the fact comes from and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    line: str
    full: str
    build: int
    build_date: str
    # GET /rest/api/server-information: C92, C102; below 9.1 unverified, so played as missing.
    server_information: bool
    # /rest/api/permissions: reads since 9.2.5, writes since 9.3 (operation matrix; documented).
    reads_global: bool
    writes_global: bool
    # /rest/api/space/{key}/permissions: since 9.1 (documented).
    space_permissions: bool
    # CONFSERVER-95272 names 7.19.21 and 8.5.8: past the end of the list of spaces the last ones come again, and `next` never ends.
    repeats_past_the_end: bool
    # DT: the newer log-in page. Which version has it first is unverified.
    two_step_login: bool
    # X-AUSERNAME of strangers: "missing or anonymous" (code); which version does which is unverified, so each is played.
    names_strangers: bool
    # C102: /rest/api/permissions/user/{user} takes a name as well as a key; C92 knows the key alone.
    user_by_name: bool


_ALL = (
    Version("7.19", "7.19.21", 8804, "2024-04-09", False, False, False, False, True, False, False, False),
    Version("8.5", "8.5.8", 9012, "2024-04-08", False, False, False, False, True, False, True, False),
    Version("9.2", "9.2.21", 9125, "2026-06-01", True, True, False, True, False, False, True, False),
    Version("10.2", "10.2.14", 10214, "2026-07-01", True, True, True, True, False, True, True, True),
)
VERSIONS = {version.line: version for version in _ALL}
