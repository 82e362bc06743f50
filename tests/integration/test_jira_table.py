# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of docs/jira.md is what the tests prove."""

from __future__ import annotations

from pathlib import Path

from simulator.settings import VERSIONS as PLAYED

from .jira_cases import CASES, VERSIONS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "jira.md"


def test_the_table_says_what_the_cases_prove() -> None:
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"| scope | way | {' | '.join(VERSIONS)} |")
    shown = lines[start + 2 : lines.index("", start)]
    assert shown == [f"| {case.scope} | {case.way} | {' | '.join(case.outcome)} |" for case in CASES]


def test_the_table_has_every_version_that_is_played() -> None:
    assert VERSIONS == PLAYED["jira"]
