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

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._plan import missing
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import SETTING_STATES, STATES, setting
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import targets_of

# The worst state of its settings is the state of a row: the order of SETTING_STATES, worst first.
_RANK = {state: rank for rank, state in enumerate(SETTING_STATES)}


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
    settings: Sequence[Mapping[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Report:
    """What one run found: rows that depend on the examined state alone, a header with everything that varies."""

    header: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows are in each state, every state named, in the fixed order of STATES."""
        return {state: sum(1 for row in self.rows if row.state == state) for state in STATES}


@dataclass
class _Evidence:
    """What the events say, gathered once for all rows."""

    targets: dict[str, list[str]] = field(default_factory=dict)
    modes: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    settings: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)
    skipped: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failures: list[dict[str, str]] = field(default_factory=list)
    plan: list[Mapping[str, Any]] = field(default_factory=list)
    started: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    refusal: str = ""

    def cause(self, target: str) -> str:
        """The first failure of a target that ended its run."""
        for failure in self.failures:
            if failure["target"] == target:
                return f"{failure['status']} earlier in {failure['task']!r}: {failure['message']}"
        return ""


def _on_start(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    evidence.header.update(event["header"])


def _on_inventory(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    # A play may have added hosts; once the run itself is known, it alone says what the targets are.
    if "run_id" not in evidence.header:
        evidence.targets = targets_of(event["groups"])


def _on_plan(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    evidence.plan += event["plays"]


def _on_play(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    evidence.started.setdefault(event["play"], set()).update(event["hosts"])


def _on_run(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    run = event["run"]
    evidence.targets = {target["name"]: list(target["groups"]) for target in run["targets"]}
    evidence.modes = {target: dict(modes) for target, modes in run["modes"].items()}
    problems = list(run["problems"])
    evidence.refusal = f"the run was refused: {'; '.join(problems)}" if problems else ""
    evidence.header.update(
        {
            "run_id": run["id"],
            "check_mode": run["check_mode"],
            "read_only": run["read_only"],
            "problems": problems,
        }
    )


def _on_modes(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    # A role may know better than the inventory (enforced once a list is given): what its tasks went by is what is shown.
    evidence.modes.setdefault(event["target"], {}).update(event["modes"])


def _on_result(evidence: _Evidence, event: Mapping[str, Any]) -> None:
    evidence.seen.setdefault(event["task"], set()).add(event["target"])
    if event["status"] in ("failed", "unreachable") and not event["ignored"]:
        evidence.failures.append(
            {"target": event["target"], "status": event["status"], "task": event["title"], "message": event["message"]}
        )
    if event["control"] is None:
        return
    key = (event["control"], event["target"])
    if event["status"] == "skipped":
        evidence.skipped.setdefault(key, []).append(event["message"])
    evidence.settings.setdefault(key, []).extend(event["settings"])


_HANDLERS = {
    "start": _on_start,
    "inventory": _on_inventory,
    "plan": _on_plan,
    "play": _on_play,
    "run": _on_run,
    "modes": _on_modes,
    "result": _on_result,
}


def gather(events: Iterable[Mapping[str, Any]]) -> _Evidence:
    evidence = _Evidence()
    for event in events:
        _HANDLERS[event["event"]](evidence, event)
    if "run_id" not in evidence.header:
        first = next(iter(evidence.failures), None)
        why = "the run ended before" if first is None else f"{first['status']} before in {first['task']!r}: {first['message']}"
        evidence.refusal = f"the inventory was never examined: {why}"
    return evidence


def _asked(evidence: _Evidence, target: str) -> str:
    """What the command line left out, as a reason why a task may not have run on a target."""
    names = ["tags", "skip_tags", "start_at_task"]
    if not any(target in hosts for hosts in evidence.started.values()):
        names.insert(0, "limit")
    parts = [f"--{name.replace('_', '-')} {evidence.header[name]}" for name in names if evidence.header.get(name)]
    return f"the run was asked for a part only ({', '.join(parts)})" if parts else ""


def _why_nothing(evidence: _Evidence, control: str, target: str, owed: Sequence[str]) -> str:
    """Why no task said anything about a control on a target."""
    if evidence.refusal:
        return evidence.refusal
    skipped = evidence.skipped.get((control, target))
    if skipped and not owed:
        reasons = list(dict.fromkeys(reason for reason in skipped if reason))
        return "every task of this control was skipped" + (f": {'; '.join(reasons)}" if reasons else "")
    cause = evidence.cause(target)
    if cause:
        return cause
    asked = _asked(evidence, target)
    return f"no task ran: {asked}" if asked else "no task ran"


def _examined(evidence: _Evidence, control: str, target: str, owed: Sequence[str]) -> tuple[str, str, list[Mapping[str, Any]]]:
    """State, reason and settings by evidence alone."""
    settings = list(evidence.settings.get((control, target), ()))
    if not settings:
        return "not_examined", _why_nothing(evidence, control, target, owed), []
    if owed:
        cause = evidence.cause(target) or _asked(evidence, target) or "the play ended before"
        settings.append(setting(f"the rest of {control}", "not_examined", reason=f"{_listed(owed)} did not run: {cause}"))
    state = min((entry["state"] for entry in settings), key=_RANK.__getitem__)
    reasons = dict.fromkeys(entry["reason"] for entry in settings if entry["state"] == state and entry["reason"])
    return state, "; ".join(reasons), settings


def _listed(titles: Sequence[str]) -> str:
    shown = ", ".join(repr(title) for title in titles[:3])
    return shown if len(titles) <= 3 else f"{shown} and {len(titles) - 3} more tasks"


def _row(evidence: _Evidence, control: Control, target: str, owed: Sequence[str]) -> Row:
    entry = evidence.modes.get(target, {}).get(control.id, {})
    mode = entry.get("mode", control.mode)
    risk = entry.get("risk")
    state, reason, settings = _examined(evidence, control.id, target, owed)
    if state == "failed":
        # An accepted risk accepts a difference, not ignorance: what failed was not examined, or contradicts itself.
        pass
    elif control.status == "planned" and risk is None:
        state, reason = "planned", entry.get("reason") or "not built yet"
    elif mode == "off":
        state, reason = "off", entry.get("reason", "")
    elif risk is not None:
        would = _would(state, reason, control, settings)
        state = "drifted" if risk["expired"] else "accepted"
        reason = f"{entry['reason']}; {would}"
    return Row(
        control=control.id,
        title=control.title,
        kind=control.kind,
        severity=control.severity,
        target=target,
        mode=mode,
        state=state,
        reason=reason,
        risk=risk,
        settings=settings,
    )


def _would(state: str, reason: str, control: Control, settings: Sequence[Mapping[str, Any]]) -> str:
    """What enforcing an accepted control would do."""
    if control.status == "planned":
        return "what would change is not known"
    if state == "not_examined":
        return f"what would change was not examined: {reason}"
    count = sum(1 for entry in settings if entry["state"] == "drifted")
    return f"{count} settings would change" if count != 1 else "1 setting would change"


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
    evidence.header["failures"] = evidence.failures
    return Report(evidence.header, rows)
