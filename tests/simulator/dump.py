# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A state as JSON that can be compared before and after."""

from __future__ import annotations

from typing import Any


def plain(value: Any) -> Any:
    """JSON of nested data with a stable order: sets become sorted lists (None first), keys become text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=lambda item: (item is not None, str(item)))
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
