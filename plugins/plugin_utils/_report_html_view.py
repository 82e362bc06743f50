# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML report lists beside its rows: what was not examined, what somebody promised, and what is otherwise than before."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_rows import Row
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_run import day_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_values import Setting
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Alike, alike, key_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import words

NAMED = 3  # settings of a row that are listed under a reason; the row has all of them
SOON = 30  # days before an accepted risk or a statement ends that it is marked


@dataclass
class InPart:
    """Settings that were not examined, of a row in a worse state."""

    row: Row
    settings: list[str]

    @property
    def named(self) -> list[str]:
        return self.settings[:NAMED]

    @property
    def more(self) -> int:
        return len(self.settings) - len(self.named)


@dataclass
class Unexamined:
    """What was not examined for one reason: whole rows, and settings of rows in a worse state."""

    reason: str
    rows: list[Row] = field(default_factory=list)
    parts: list[InPart] = field(default_factory=list)

    @property
    def lines(self) -> list[Alike]:
        """The rows; targets with the same controls share a line."""
        return alike(row.entry for row in self.rows)


@dataclass
class Promise:
    """An accepted risk or a statement.

    setting: the only setting it holds for, or empty. remaining: how long it still holds, in words. tone: ended, soon or fine.
    """

    control: str
    title: str
    setting: str
    text: str
    person: str
    end: str
    remaining: str
    tone: str
    rows: list[Row] = field(default_factory=list)


def unexamined_of(rows: Sequence[Row]) -> list[Unexamined]:
    """What was not examined, by reason, the most frequent one first."""
    groups: dict[str, Unexamined] = {}
    for row in sorted(rows, key=lambda one: one.place):
        if row.state == "not_examined":
            groups.setdefault(row.entry["reason"], Unexamined(row.entry["reason"])).rows.append(row)
            continue
        names: dict[str, list[str]] = {}
        for setting in row.loud:
            if setting.state == "not_examined":
                names.setdefault(setting.reason, []).append(setting.name)
        for reason, settings in names.items():
            groups.setdefault(reason, Unexamined(reason)).parts.append(InPart(row, settings))
    return sorted(groups.values(), key=lambda group: -(len(group.rows) + sum(len(part.settings) for part in group.parts)))


def _end(text: object, expired: bool, started: datetime.date | None) -> tuple[str, str]:
    """(how long something still holds, in words; its tone), seen from the day of the run. The last day is included."""
    last = day_of(text)
    if expired:
        return "ended", "ended"
    if last is None or started is None:
        return "", "fine"
    # The controller judged by its own day, the header has that of UTC, which may be a day ahead: what was judged to hold ends today at the earliest.
    days = max((last - started).days, 0)
    words = "ends today" if days == 0 else f"ends in {days} day" + ("" if days == 1 else "s")
    return words, "soon" if days <= SOON else "fine"


def _promises(rows: Sequence[Row], member: str, names: tuple[str, str, str], started: object) -> list[Promise]:
    """One entry for each promise; rows of one control with the same text, person and end share it."""
    found: dict[tuple[str, ...], Promise] = {}
    for row in rows:
        given = row.entry.get(member)
        if not given:
            continue
        text, person, end = (str(given[name]) for name in names)
        setting = str(given.get("setting") or "")
        key = (row.entry["control"], setting, text, person, end)
        if key not in found:
            remaining, tone = _end(end, given["expired"], day_of(started))
            found[key] = Promise(row.entry["control"], row.entry["title"], setting, text, person, end, remaining, tone)
        found[key].rows.append(row)
    return sorted(found.values(), key=lambda promise: (promise.end, promise.control))


def risks_of(rows: Sequence[Row], started: object) -> list[Promise]:
    """Accepted risks, the one that ends first before the others."""
    return _promises(rows, "risk", ("reason", "owner", "expires"), started)


def attestations_of(rows: Sequence[Row], started: object) -> list[Promise]:
    """Statements by a person, the one that ends first before the others."""
    return _promises(rows, "attestation", ("statement", "by", "until"), started)


def accepted_settings_of(rows: Sequence[Row]) -> list[tuple[Row, Setting]]:
    """Single settings that a risk accepts. Each has a risk of its own, of which the row shows but the one that ends first."""
    return [(row, setting) for row in rows for setting in row.loud if setting.state == "accepted"]


@dataclass(frozen=True)
class Comparison:
    """What is otherwise than in the report before. An entry is (control, target, anchor of its row or "", what it was or since when)."""

    previous: str
    new: list[tuple[str, str, str, str]]
    resolved: list[tuple[str, str, str, str]]


def comparison_of(document: Mapping[str, Any], rows: Sequence[Row]) -> Comparison | None:
    """None where there is no earlier report."""
    given = document["header"].get("comparison")
    if not given:
        return None
    known = {key_of(row.entry): row for row in rows}

    def entries(name: str) -> list[tuple[str, str, str, str]]:
        found = []
        for entry in given[name]:
            row = known.get(key_of(entry))
            note = words(entry["was"]) if "was" in entry else words(row.state) if row else ""
            found.append((entry["control"], entry["target"], row.anchor if row else "", note))
        return found

    return Comparison(given["previous"]["started"], entries("new"), entries("resolved"))
