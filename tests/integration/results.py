# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returned, for the tests."""

from __future__ import annotations

from typing import Any


def rows(result: dict[str, Any], *states: str) -> list[tuple[str, Any, Any]]:
    """(setting, before, after) of the rows in these states."""
    return [(row["setting"], row["before"], row["after"]) for row in result["settings"] if row["state"] in states]


def said(result: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """The rows that speak of the product itself, not of what a stranger was answered."""
    return [row for row in rows(result, "compliant", "changed") if not row[0].startswith("stranger")]
