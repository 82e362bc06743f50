# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the events of a run say, gathered once for all rows of its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import targets_of

# A header has these whatever happened; a run that was never examined has no id.
_HEADER: Mapping[str, Any] = {"run_id": None, "problems": (), "failures": (), "comparison": None, "not_compared": "", "left_out": (), "unseen": ()}


@dataclass
class Evidence:
    """Targets, modes, results and failures of one run; settings and skipped are by (control, target)."""

    targets: dict[str, list[str]] = field(default_factory=dict)
    modes: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    attestations: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
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

    def beyond_limit(self, target: str) -> bool:
        """Whether --limit kept every play from a target."""
        return bool(self.header.get("limit")) and not any(target in hosts for hosts in self.started.values())

    def asked(self, target: str) -> str:
        """What the command line left out, as a reason why a task may not have run on a target."""
        names = ["limit"] if self.beyond_limit(target) else []
        names += [name for name in ("tags", "skip_tags", "start_at_task") if self.header.get(name)]
        parts = [f"--{name.replace('_', '-')} {self.header[name]}" for name in names]
        return f"the run was asked for a part only ({', '.join(parts)})" if parts else ""

    def why_not_run(self, target: str) -> str:
        """Why tasks that were asked for did not run on a target."""
        return self.cause(target) or (self.asked(target) if self.header.get("start_at_task") else "") or self._end(target)

    def _end(self, target: str) -> str:
        """How the run ended for a target on which nothing failed. Ansible ends it where every host of a play failed."""
        if any(play["tasks"] and target in self.started.get(play["play"], ()) for play in self.plan):
            return "the play ended before, or its task was declined (--step)"
        return "the run ended before it came to this" + (": every host of an earlier play failed" if self.failures else "")

    def left_out(self, control: str, target: str, owed: Sequence[str]) -> bool:
        """Whether a control was not asked for on a target: its tasks lie outside --tags, --skip-tags or --limit, whatever else went wrong."""
        key = (control, target)
        if self.settings.get(key) or self.skipped.get(key) or not self.asked(target):
            return False
        return not owed or self.beyond_limit(target)


def _on_start(evidence: Evidence, event: Mapping[str, Any]) -> None:
    evidence.header.update(event["header"])


def _on_inventory(evidence: Evidence, event: Mapping[str, Any]) -> None:
    # A play may have added hosts; once the run itself is known, it alone says what the targets are.
    if "run_id" not in evidence.header:
        evidence.targets = targets_of(event["groups"])


def _on_plan(evidence: Evidence, event: Mapping[str, Any]) -> None:
    evidence.plan += event["plays"]


def _on_play(evidence: Evidence, event: Mapping[str, Any]) -> None:
    evidence.started.setdefault(event["play"], set()).update(event["hosts"])


def _on_run(evidence: Evidence, event: Mapping[str, Any]) -> None:
    run = event["run"]
    evidence.targets = {target["name"]: list(target["groups"]) for target in run["targets"]}
    evidence.modes = {target: dict(modes) for target, modes in run["modes"].items()}
    evidence.attestations = dict(run.get("attestations", {}))
    evidence.options = dict(run.get("report_options", {}))
    problems = list(run["problems"])
    evidence.refusal = f"the run was refused: {'; '.join(problems)}" if problems else ""
    evidence.header.update({"run_id": run["id"], "check_mode": run["check_mode"], "read_only": run["read_only"], "problems": problems})


def _on_modes(evidence: Evidence, event: Mapping[str, Any]) -> None:
    # A role may know better than the inventory (enforced once a list is given): what its tasks went by is what is shown.
    evidence.modes.setdefault(event["target"], {}).update(event["modes"])


def _on_result(evidence: Evidence, event: Mapping[str, Any]) -> None:
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


def gather(events: Iterable[Mapping[str, Any]]) -> Evidence:
    """The evidence of a run, from its events in the order they happened."""
    evidence = Evidence()
    for event in events:
        _HANDLERS[event["event"]](evidence, event)
    if "run_id" not in evidence.header:
        first = next(iter(evidence.failures), None)
        why = "the run ended before" if first is None else f"{first['status']} before in {first['task']!r}: {first['message']}"
        evidence.refusal = f"the inventory was never examined: {why}"
    evidence.header = {**{name: list(value) if value == () else value for name, value in _HEADER.items()}, **evidence.header}
    evidence.header["failures"] = evidence.failures
    return evidence
