# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the formats made of text (JUnit, Markdown) share: a report's rows as they show them, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import difference, no_difference

ASKED = ("limit", "tags", "skip_tags", "start_at_task")

Document = Mapping[str, Any]
Row = Mapping[str, Any]

# Settings that a reader of a row in this state wants to see.
_SHOWN = {
    "failed": ("failed", "drifted", "not_examined", "changed", "accepted"),
    "drifted": ("drifted", "not_examined", "changed", "accepted"),
    "not_examined": ("not_examined", "changed", "accepted"),
    "changed": ("changed",),
    "accepted": ("accepted", "drifted", "not_examined"),
}


def words(state: str) -> str:
    return state.replace("_", " ")


def asked_for(header: Mapping[str, Any]) -> dict[str, str]:
    """{option: value} of the command line options that asked for a part only."""
    return {name: str(header[name]) for name in ASKED if header.get(name)}


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


def left_out(document: Document) -> set[tuple[str, str]]:
    """(control, target) of rows that --limit or --tags left out; none where these left out everything, a misspelt tag say."""
    if not any(row["settings"] for row in document["rows"]):
        return set()
    return {(str(entry["control"]), str(entry["target"])) for entry in document["header"].get("left_out") or ()}


def by_target(document: Document) -> dict[str, list[Row]]:
    """Rows of each target, in the order of the report's targets; a target without rows is not named."""
    found: dict[str, list[Row]] = {str(target["name"]): [] for target in document.get("targets") or ()}
    for row in document["rows"]:
        found.setdefault(str(row["target"]), []).append(row)
    return {name: rows for name, rows in found.items() if rows}


def failures_of(header: Mapping[str, Any], targets: Iterable[str] | None = None) -> Sequence[str]:
    """Sentences about tasks that failed, of some targets or of all."""
    wanted = None if targets is None else set(targets)
    return [
        f"{failure['target']}: {failure['status']} in {failure['task']!r}: {failure['message']}"
        for failure in header.get("failures") or ()
        if wanted is None or failure["target"] in wanted
    ]
