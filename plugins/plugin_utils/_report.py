# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of the drift report: events of a run joined with the catalogue give one row for each control and target.

Everything here is a pure function of the events, so that the rows can be made anew from the file of events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._accepted import Settings, accept_control, accept_settings, worst
from ansible_collections.hardening.atlassian.plugins.plugin_utils._attestations import judged as attestation_judged
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._evidence import Evidence, gather
from ansible_collections.hardening.atlassian.plugins.plugin_utils._plan import missing
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES, setting

# States of rows that are as wanted, and of those that count against the score; accepted rows are neither and shown apart.
IN_ORDER = ("compliant", "changed", "attested")
OPEN = ("failed", "drifted", "not_examined")


@dataclass(frozen=True)
class Row:
    """One control on one target."""

    control: str
    title: str
    kind: str
    severity: str
    target: str
    mode: str
    state: str
    reason: str
    risk: Mapping[str, Any] | None
    attestation: Mapping[str, Any] | None
    settings: Sequence[Mapping[str, Any]]

    @property
    def key(self) -> tuple[str, str]:
        return self.control, self.target

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Report:
    """What one run found: rows that depend on the examined state alone, a header with everything that varies.

    left_out holds (control, target) of the rows that the command line did not ask for, unseen of those that are not_examined in spite of it.
    """

    header: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    left_out: frozenset[tuple[str, str]] = frozenset()
    unseen: frozenset[tuple[str, str]] = frozenset()

    def counts(self) -> dict[str, int]:
        """How many rows are in each state, every state named, in the fixed order of STATES."""
        return {state: sum(1 for row in self.rows if row.state == state) for state in STATES}

    def score(self) -> dict[str, int | None]:
        """{examined, in_order, percent}: percent is rounded down, so that 100 is all of them, and null where nothing was examined.

        Statements of persons alone make no score: with a misspelt tag they would be all there is, and 100 percent.
        """
        if not any(row.settings for row in self.rows):
            return {"examined": 0, "in_order": 0, "percent": None}
        in_order = sum(1 for row in self.rows if row.state in IN_ORDER)
        examined = in_order + sum(1 for row in self.rows if row.state in ("failed", "drifted"))
        return {"examined": examined, "in_order": in_order, "percent": 100 * in_order // examined if examined else None}


def _why_nothing(evidence: Evidence, control: str, target: str, owed: Sequence[str]) -> str:
    """Why no task said anything about a control on a target."""
    if evidence.refusal:
        return evidence.refusal
    skipped = evidence.skipped.get((control, target))
    if skipped and not owed:
        reasons = list(dict.fromkeys(reason for reason in skipped if reason))
        return "every task of this control was skipped" + (f": {'; '.join(reasons)}" if reasons else "")
    if evidence.left_out(control, target, owed):
        return f"no task ran: {evidence.asked(target)}"
    # Beside tasks that are owed, what was asked for is no reason: the plan has only those that were.
    if owed:
        return evidence.cause(target) or f"no task ran: {evidence.why_not_run(target)}"
    return evidence.cause(target) or "no task ran"


def _examined(evidence: Evidence, control: Control, target: str, owed: Sequence[str]) -> tuple[str, str, Settings]:
    """State, reason and settings by evidence alone."""
    if control.kind == "attest":
        return *attestation_judged(evidence.attestations.get(control.id), evidence.refusal), []
    settings = list(evidence.settings.get((control.id, target), ()))
    if not settings:
        return "not_examined", _why_nothing(evidence, control.id, target, owed), []
    if owed:
        reason = f"{_listed(owed)} did not run: {evidence.why_not_run(target)}"
        settings.append(setting(f"the rest of {control.id}", "not_examined", reason=reason))
    return *worst(settings), settings


def _listed(titles: Sequence[str]) -> str:
    shown = ", ".join(repr(title) for title in titles[:3])
    return shown if len(titles) <= 3 else f"{shown} and {len(titles) - 3} more tasks"


def _left_out(evidence: Evidence, control: Control, target: str, owed: Sequence[str]) -> bool:
    """Whether nobody asked for it; statements of people are part of every run."""
    return control.kind != "attest" and evidence.left_out(control.id, target, owed)


def _judged(evidence: Evidence, control: Control, target: str, owed: Sequence[str], mode: str, entry: Mapping[str, Any]) -> tuple[str, str, Settings]:
    """State, reason and settings by evidence, mode and accepted risks."""
    state, reason, settings = _examined(evidence, control, target, owed)
    risk = entry.get("risk")
    whole = risk is not None and not risk.get("setting")
    if state == "failed":
        # An accepted risk accepts a difference, not ignorance: what failed was not examined, or contradicts itself.
        return state, reason, settings
    if control.status == "planned" and not whole:
        return "planned", entry.get("reason") or "not built yet", settings
    if mode == "off":
        return "off", entry.get("reason", ""), settings
    if state == "not_examined" and (evidence.refusal or _left_out(evidence, control, target, owed)):
        # Nobody looked, so nothing is said of what was accepted, or no longer is.
        return state, reason, settings
    if whole:
        return accept_control(state, reason, settings, control, entry)
    if risk is not None:
        return accept_settings(state, reason, settings, entry)
    return state, reason, settings


def _row(evidence: Evidence, control: Control, target: str, owed: Sequence[str]) -> Row:
    entry = evidence.modes.get(target, {}).get(control.id, {})
    mode = entry.get("mode", control.mode)
    state, reason, settings = _judged(evidence, control, target, owed, mode, entry)
    return Row(
        control=control.id,
        title=control.title,
        kind=control.kind,
        severity=control.severity,
        target=target,
        mode=mode,
        state=state,
        reason=reason,
        risk=entry.get("risk"),
        attestation=evidence.attestations.get(control.id) if control.kind == "attest" else None,
        settings=settings,
    )


def build(events: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> Report:
    """The report of a run: rows = catalogue x targets, in the order of the catalogue, then by target."""
    evidence = gather(events)
    targets = evidence.targets or {ORGANISATION: [ORGANISATION]}
    owed = missing(evidence.plan, evidence.started, evidence.seen, targets)
    rows = [
        _row(evidence, control, target, owed.get((control.id, target), ()))
        for control in catalogue.values()
        for target, groups in targets.items()
        if control.applies(groups)
    ]
    left_out = frozenset(
        row.key
        for row in rows
        if row.state == "not_examined" and _left_out(evidence, catalogue[row.control], row.target, owed.get(row.key, ()))
    )
    # Without an entry nobody attested a control, which is known and not unseen, unless the run was refused.
    open_rows = {row.key for row in rows if row.state == "not_examined" and (row.kind != "attest" or evidence.refusal)}
    return Report(evidence.header, rows, targets, evidence.options, left_out, frozenset(open_rows) - left_out)
