# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON report, grouped and joined with the catalogue as the page shows it: rows, areas, targets, what was not examined, what is accepted."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import DOCUMENT, anchor
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_name, family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import Repair, repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_run import ATTENTION, ORDER, day_of, label
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_values import Budget, Setting, Value, brief, shown

SOON = 30  # days before an accepted risk or a statement ends that it is marked

_QUIET = ("compliant", "not_applicable", "attested")
_KINDS = {
    "jira_sites": "Sites",
    "confluence_sites": "Sites",
    "atlassian_proxies": "Proxies",
    "jira_nodes": "Nodes",
    "confluence_nodes": "Nodes",
    "organisation": "Organisation",
}
_OTHERS = "Other targets"


@dataclass(frozen=True)
class Target:
    """number: its place in the report, which stands for its name in filters."""

    number: int
    name: str
    kind: str


@dataclass(frozen=True)
class Row:
    """entry is the row of the JSON report, place its number there; control is None where the catalogue no longer has it.

    last is the state an earlier run saw, of a row that this run was not asked for.
    """

    anchor: str
    place: int
    entry: Mapping[str, Any]
    control: Control | None
    target: Target
    family: str
    loud: Sequence[Setting]
    quiet: Sequence[tuple[str, str, Value]]
    repair: Repair
    new: bool
    since: str
    last: str

    @property
    def state(self) -> str:
        return str(self.entry["state"])

    @property
    def guide(self) -> str:
        """Where the control is described; a path in the collection, since a page that is mailed about has no address of it."""
        return f"{DOCUMENT}#{anchor(self.entry['control'])}"

    @property
    def note(self) -> str:
        """What stands in the closed row: the first settings in the row's own state, and the reason."""
        names = [setting.name for setting in self.loud if setting.state == self.state]
        first = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        last = f"last seen {label(self.last)}" if self.last else ""
        return "; ".join(part for part in (last, first, str(self.entry["reason"])) if part)

    @property
    def explained(self) -> bool:
        """Whether a reader has something to decide here, and needs what to do and what it could break."""
        return self.state in (*ATTENTION, "accepted", "changed")


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


@dataclass
class Unexamined:
    """What was not examined for one reason: targets with their controls, and settings of rows in a worse state."""

    reason: str
    rows: int = 0
    controls: dict[str, list[str]] = field(default_factory=dict)
    settings: list[tuple[Row, str]] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[list[str], tuple[str, ...]]]:
        """(targets, controls): targets with the same controls share a line."""
        targets: dict[tuple[str, ...], list[str]] = {}
        for target, controls in self.controls.items():
            targets.setdefault(tuple(controls), []).append(target)
        return [(names, controls) for controls, names in targets.items()]


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


def _worst_first(entry: Mapping[str, Any]) -> tuple[int, int]:
    return ORDER.index(entry["state"]), -SEVERITIES.index(entry["severity"])


def targets_of(document: Mapping[str, Any]) -> dict[str, Target]:
    """Every target by name, those of one kind together; what only rows name is among them."""
    groups = {target["name"]: target["groups"] for target in document["targets"]}
    for row in document["rows"]:
        groups.setdefault(row["target"], [])
    kinds = {name: next((kind for group, kind in _KINDS.items() if group in members), _OTHERS) for name, members in groups.items()}
    order = [*_KINDS.values(), _OTHERS]
    names = sorted(groups, key=lambda name: (order.index(kinds[name]), name))
    return {name: Target(number, name, kinds[name]) for number, name in enumerate(names)}


def rows_of(document: Mapping[str, Any], catalogue: Catalogue, targets: Mapping[str, Target]) -> list[Row]:
    """The rows, worst first, then by severity, then in the order of the report."""
    comparison = document["header"].get("comparison") or {}
    new = {(entry["control"], entry["target"]) for entry in comparison.get("new", ())}
    since = {(entry["control"], entry["target"]): entry["since"] for entry in comparison.get("since", ())}
    last = {(entry["control"], entry["target"]): entry["state"] or "" for entry in document["header"].get("left_out") or ()}
    budget = Budget()
    rows = []
    for number, (place, entry) in enumerate(sorted(enumerate(document["rows"]), key=lambda one: _worst_first(one[1]))):
        key = (entry["control"], entry["target"])
        settings = entry["settings"]
        rows.append(
            Row(
                anchor=f"row-{number}",
                place=place,
                entry=entry,
                control=catalogue.get(entry["control"]),
                target=targets[entry["target"]],
                family=family_of(entry["control"]),
                loud=[shown(one, budget) for one in sorted(settings, key=_by_state) if one["state"] not in _QUIET],
                quiet=[(one["setting"], one["state"], brief(one)) for one in settings if one["state"] in _QUIET],
                repair=repair_of(entry),
                new=key in new,
                since=since.get(key, ""),
                last=last.get(key, ""),
            )
        )
    return rows


def _by_state(entry: Mapping[str, Any]) -> int:
    return ORDER.index(entry["state"])


def _count(rows: Iterable[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.state] = counts.get(row.state, 0) + 1
    return counts


def areas_of(rows: Sequence[Row], catalogue: Catalogue) -> list[tuple[str, str, dict[str, int]]]:
    """(family, name, counts by state) of every family that has a row, in the order of the catalogue."""
    families: dict[str, list[Row]] = {family_of(control): [] for control in catalogue}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return [(family, family_name(family), _count(members)) for family, members in families.items() if members]


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


def unexamined_of(rows: Sequence[Row]) -> list[Unexamined]:
    """What was not examined, by reason, the most frequent one first."""
    groups: dict[str, Unexamined] = {}
    for row in sorted(rows, key=lambda one: one.place):
        if row.state == "not_examined":
            group = groups.setdefault(row.entry["reason"], Unexamined(row.entry["reason"]))
            group.rows += 1
            group.controls.setdefault(row.target.name, []).append(row.entry["control"])
            continue
        for setting in row.loud:
            if setting.state == "not_examined":
                groups.setdefault(setting.reason, Unexamined(setting.reason)).settings.append((row, setting.name))
    return sorted(groups.values(), key=lambda group: -(group.rows + len(group.settings)))


def _end(text: object, expired: bool, started: datetime.date | None) -> tuple[str, str]:
    """(how long something still holds, in words; its tone), seen from the day of the run. The last day is included."""
    last = day_of(text)
    if expired:
        return "ended", "ended"
    if last is None or started is None:
        return "", "fine"
    days = (last - started).days
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
    known = {(row.entry["control"], row.entry["target"]): row for row in rows}

    def entries(name: str) -> list[tuple[str, str, str, str]]:
        found = []
        for entry in given[name]:
            row = known.get((entry["control"], entry["target"]))
            note = label(entry["was"]) if "was" in entry else label(row.state) if row else ""
            found.append((entry["control"], entry["target"], row.anchor if row else "", note))
        return found

    return Comparison(given["previous"]["started"], entries("new"), entries("resolved"))
