# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the drift is, in the HTML report: areas, and a map of the targets of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_name, family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_rows import Row, Target


@dataclass(frozen=True)
class Cell:
    """A target's rows of one family: the worst state, how many are in it, of how many; anchor of the first of them."""

    family: str
    state: str
    count: int
    total: int
    anchor: str


@dataclass(frozen=True)
class Map:
    """Targets of one kind x the families they have rows of; a cell is None where there is no row."""

    kind: str
    families: list[str]
    lines: list[tuple[Target, list[Cell | None]]]


def areas_of(rows: Sequence[Row], catalogue: Catalogue) -> list[tuple[str, str, dict[str, int]]]:
    """(family, name, counts by state) of every family that has a row, in the order of the catalogue."""
    families: dict[str, list[Row]] = {family_of(control): [] for control in catalogue}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return [(family, family_name(family), Counter(row.state for row in members)) for family, members in families.items() if members]


def maps_of(rows: Sequence[Row], areas: Sequence[tuple[str, str, dict[str, int]]]) -> list[Map]:
    """Where the drift is, a table for each kind of target."""
    cells: dict[tuple[Target, str], list[Row]] = {}
    kinds: dict[str, dict[Target, None]] = {}
    for row in sorted(rows, key=lambda one: one.target.number):
        cells.setdefault((row.target, row.family), []).append(row)
        kinds.setdefault(row.target.kind, {})[row.target] = None
    maps = []
    for kind, targets in kinds.items():
        families = [family for family, _name, _counts in areas if any((target, family) in cells for target in targets)]
        maps.append(Map(kind, families, [(target, [_cell(family, cells.get((target, family), [])) for family in families]) for target in targets]))
    return maps


def _cell(family: str, rows: Sequence[Row]) -> Cell | None:
    if not rows:
        return None
    # The rows come worst first.
    worst = rows[0].state
    return Cell(family, worst, sum(1 for row in rows if row.state == worst), len(rows), rows[0].anchor)
