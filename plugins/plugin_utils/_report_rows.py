# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the JSON report as every format groups them, so that none of them shows less than another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import difference, no_difference

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Key = tuple[str, str]

# Settings that a reader of a row in this state wants to see.
_SHOWN = {
    "failed": ("failed", "drifted", "not_examined", "changed", "accepted"),
    "drifted": ("drifted", "not_examined", "changed", "accepted"),
    "not_examined": ("not_examined", "changed", "accepted"),
    "changed": ("changed", "accepted"),
    "accepted": ("accepted", "drifted", "not_examined"),
}


def key_of(entry: Mapping[str, Any]) -> Key:
    """(control, target) of a row, or of an entry of the header that names one."""
    return str(entry["control"]), str(entry["target"])


def nothing_examined(document: Document) -> bool:
    """Whether no task found out anything: the run was refused, or a tag is unknown. What persons stated does not count."""
    return not any(row["settings"] for row in document["rows"])


def left_out(document: Document) -> set[Key]:
    """Rows that --limit or --tags left out, which need nobody; none where these left out everything."""
    return set() if nothing_examined(document) else {key_of(entry) for entry in document["header"].get("left_out") or ()}


def shown_settings(row: Row) -> list[Mapping[str, Any]]:
    """The settings of a row that explain its state, in the order of the report."""
    states = _SHOWN.get(row["state"], ())
    return [entry for entry in row["settings"] if entry["state"] in states]


def told(entry: Mapping[str, Any]) -> tuple[str, list[str]]:
    """(remark, lines of the diff) of a setting: the remark is its reason, and where it differs without a diff, also why there is none."""
    lines = difference(entry["before"], entry["after"])
    parts = [entry["reason"]] if entry["reason"] else []
    if entry["state"] in ("drifted", "changed", "accepted") and not lines:
        parts.append(no_difference(entry["before"], entry["after"]))
    return "; ".join(parts), lines


def by_target(document: Document) -> dict[str, list[Row]]:
    """Rows of each target, in the order of the report's targets; a target without rows is not named."""
    found: dict[str, list[Row]] = {str(target["name"]): [] for target in document.get("targets") or ()}
    for row in document["rows"]:
        found.setdefault(str(row["target"]), []).append(row)
    return {name: rows for name, rows in found.items() if rows}


@dataclass(frozen=True)
class Alike:
    """Controls of targets that were not examined for one reason: every one of the targets misses every one of the controls."""

    reason: str
    targets: list[str]
    controls: list[str]

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.targets) * len(self.controls)


def alike(rows: Iterable[Row]) -> list[Alike]:
    """Rows by reason, in the order in which they come: an unreachable host would tell its reason forty times."""
    controls: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        controls.setdefault((str(row["reason"]), str(row["target"])), []).append(str(row["control"]))
    targets: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, target), names in controls.items():
        targets.setdefault((reason, tuple(names)), []).append(target)
    return [Alike(reason, hosts, list(names)) for (reason, names), hosts in targets.items()]
