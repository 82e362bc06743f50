# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-18: one table of defaults, which the role's defaults and the documentation follow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
ROLE = ROOT / "roles" / "apache_proxy"
TABLE: dict[str, dict[str, Any]] = yaml.safe_load((ROLE / "vars" / "main" / "exposure.yml").read_text())["__apache_proxy_by_exposure"]
EXPOSURES = ["intranet", "vpn", "internet"]


def test_each_row_has_a_value_for_each_exposure() -> None:
    assert TABLE
    assert {name: sorted(values) for name, values in TABLE.items()} == {name: sorted(EXPOSURES) for name in TABLE}


def test_each_row_is_the_default_of_its_variable() -> None:
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    computed = {name: value for name, value in defaults.items() if "__apache_proxy_by_exposure" in str(value)}
    assert computed == {name: f"{{{{ __apache_proxy_by_exposure.{name}[atlassian_exposure] }}}}" for name in TABLE}


def test_the_documentation_shows_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \| (.+) \| .+ \|$", (ROOT / "docs" / "exposure.md").read_text(), re.MULTILINE)
    assert [row[0] for row in rows] == list(TABLE)
    for name, *shown in rows:
        values = [TABLE[name][exposure] for exposure in EXPOSURES]
        assert shown == ["a whole policy" if "__apache_proxy_csp" in str(value) else f"`{value}`" for value in values], name
