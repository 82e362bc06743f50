# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/jira.md and docs/confluence.md are what the tests prove."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from simulator.settings import VERSIONS as PLAYED

from . import jira_cases, wiki_cases

DOCS = Path(__file__).resolve().parents[2] / "docs"
by_product = pytest.mark.parametrize(("product", "table"), [("jira", jira_cases), ("confluence", wiki_cases)])


@by_product
def test_the_table_says_what_the_cases_prove(product: str, table: ModuleType) -> None:
    lines = (DOCS / f"{product}.md").read_text(encoding="utf-8").splitlines()
    start = lines.index(f"| scope | way | {' | '.join(table.VERSIONS)} |")
    shown = lines[start + 2 : lines.index("", start)]
    assert shown == [f"| {case.scope} | {case.way} | {' | '.join(case.outcome)} |" for case in table.CASES]


@by_product
def test_the_table_has_every_version_that_is_played(product: str, table: ModuleType) -> None:
    assert table.VERSIONS == PLAYED[product]
