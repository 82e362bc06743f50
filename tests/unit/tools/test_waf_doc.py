# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/waf-exclusions.md is what the exclusions of the role apache_waf say."""

from __future__ import annotations

import re
from typing import Any

import pytest
import waf_doc
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import load_exclusions

EXCLUSIONS = load_exclusions()
LISTS = ("paths", "methods", "arguments", "patterns", "cookies", "parts", "rules", "rules_off", "referrers")


def row(name: str) -> str:
    (found,) = [line for line in waf_doc.render().splitlines() if line.startswith(f"| `{name}` |")]
    return found


def test_the_document_is_fresh() -> None:
    assert waf_doc.DOCUMENT.read_text(encoding="utf-8") == waf_doc.render(), "run: make generated"


@pytest.mark.parametrize("entry", EXCLUSIONS, ids=lambda entry: str(entry["id"]))
def test_nothing_of_an_exclusion_is_hidden(entry: dict[str, Any]) -> None:
    line = row(entry["id"])
    texts = [str(text) for key in LISTS for text in entry.get(key, [])] + [entry["reason"]] + [entry[key] for key in ("accept",) if key in entry]
    assert [text for text in texts if text.replace("|", "\\|") not in line] == []
    assert ("the whole body" in line) == bool(entry.get("whole_body"))
    assert ("a body that is a file of its own" in line) == bool(entry.get("raw_bodies"))


@pytest.mark.parametrize("entry", EXCLUSIONS, ids=lambda entry: str(entry["id"]))
def test_a_row_has_four_cells(entry: dict[str, Any]) -> None:
    """A | that is not escaped ends a cell, in code as well, and the rest of the row would stand in none."""
    assert len(re.findall(r"(?<!\\)\|", row(entry["id"]))) == 5


def test_the_document_knows_every_key_of_an_exclusion() -> None:
    known = {*LISTS, "id", "product", "reason", "accept", "whole_body", "raw_bodies", "must_pass", "must_refuse"}
    assert {key for entry in EXCLUSIONS for key in entry} - known == set()
