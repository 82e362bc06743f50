# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Configuration files in results: a digest as the value of a setting, the texts in the diff."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence


def digest(text: str | None) -> str:
    return "absent" if text is None else hashlib.sha256(text.encode("utf-8", errors="surrogateescape")).hexdigest()[:8]


def text_diff(before: Mapping[str, str | None], after: Mapping[str, str | None], paths: Sequence[str]) -> list[dict[str, str]]:
    """One part of a diff for each path; a file that is not there is an empty text."""
    return [
        {"before_header": path, "after_header": path, "before": before.get(path) or "", "after": after.get(path) or ""} for path in paths
    ]
