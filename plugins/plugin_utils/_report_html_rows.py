# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the HTML report: each joined with the catalogue, with what the header says of it, and with the settings to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import DOCUMENT, anchor
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import Repair, repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import OPEN
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_run import ORDER
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_values import Budget, Setting, Value, brief, shown
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import key_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import note, words

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
        last = f"last seen {words(self.last)}" if self.last else ""
        return "; ".join(part for part in (last, str(self.entry["reason"]) if self.state in _QUIET else note(self.entry)) if part)

    @property
    def explained(self) -> bool:
        """Whether a reader has something to decide here, and needs what to do and what it could break."""
        return self.state in (*OPEN, "accepted", "changed")


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
    new = {key_of(entry) for entry in comparison.get("new", ())}
    since = {key_of(entry): entry["since"] for entry in comparison.get("since", ())}
    last = {key_of(entry): entry["state"] or "" for entry in document["header"].get("left_out") or ()}
    budget = Budget()
    rows = []
    for number, (place, entry) in enumerate(sorted(enumerate(document["rows"]), key=lambda one: _worst_first(one[1]))):
        key = key_of(entry)
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
