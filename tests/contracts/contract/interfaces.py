# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in no document: one entry of a product's closed list of private REST and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Private:
    """path: a regular expression. answer: schema of a JSON answer; None: an HTML page or no body."""

    method: str
    path: str
    source: str
    request: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None
    statuses: frozenset[int] = frozenset((200, 302))
    query: frozenset[str] = NOTHING
    # Names of the fields of a form, as regular expressions; where there are any, the request is no JSON.
    form: frozenset[str] = NOTHING
    # Media types of good answers besides JSON.
    also: frozenset[str] = NOTHING

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def takes_field(self, name: str) -> bool:
        return any(re.fullmatch(pattern, name) for pattern in self.form)


def find(entries: Iterable[Private], method: str, path: str) -> Private | None:
    return next((entry for entry in entries if entry.method == method and re.fullmatch(entry.path, path)), None)
