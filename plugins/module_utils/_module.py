# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Read, compare, write, read again. Check mode is only the missing write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hardening.atlassian.plugins.module_utils import _compare
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory

World = TypeVar("World")


class Subject(Protocol[World]):
    """What a module looks after. None of the methods but `prepare` and the changes' own `write` may change anything."""

    def read(self) -> World:
        """What is there now. Raises AtlassianError where nothing can be said at all."""

    def compare(self, world: World) -> Sequence[Finding]:
        """Wanted against there: a Setting where nothing is to be written, a Change where something is."""

    def observe(self, world: World, setting: str) -> Any:
        """The value of one setting as read, normalised as `before` and `after` are. Raises AtlassianError where it could not be read."""

    def prepare(self, changes: Sequence[Change]) -> None:
        """Before the first write (a restore file). Raises AtlassianError to stop all writes."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values by setting name, in the user's option names: the diff's two sides."""


@dataclass(frozen=True)
class Outcome:
    settings: list[Setting]
    diff: dict[str, dict[str, Any]]
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(setting.differs for setting in self.settings)

    @property
    def failed(self) -> list[Setting]:
        return [setting for setting in self.settings if setting.state == _compare.FAILED]

    def as_result(self) -> dict[str, Any]:
        return {"changed": self.changed, "diff": self.diff, "settings": [setting.as_dict() for setting in self.settings], **self.extra}


def run(subject: Subject[World], check_mode: bool) -> Outcome:
    """One pass. Errors of single settings end up in their rows; an error that stops everything is raised before anything was written."""
    findings = subject.compare(subject.read())
    changes = [finding for finding in findings if isinstance(finding, Change)]
    if check_mode or not changes:
        settings = [finding.would_be() if isinstance(finding, Change) else finding for finding in findings]
    else:
        subject.prepare(changes)
        settings = _write(subject, findings)
    return Outcome(settings, _compare.build_diff(settings, subject.dump))


def _write(subject: Subject[World], findings: Sequence[Finding]) -> list[Setting]:
    errors: dict[str, str] = {}
    for finding in findings:
        if isinstance(finding, Change):
            try:
                finding.write()
            except AtlassianError as exc:
                errors[finding.setting] = exc.sentence
    try:
        world = subject.read()
    except AtlassianError as exc:
        blind = exc.sentence
        return [_unknown(finding, errors.get(finding.setting), blind) if isinstance(finding, Change) else finding for finding in findings]
    judged_again = _judge_again(subject, world)
    settings = []
    for finding in findings:
        if isinstance(finding, Change):
            settings.append(_proven(finding, subject, world, errors.get(finding.setting)))
        else:
            settings.append(_later(finding, judged_again))
    return settings


def _judge_again(subject: Subject[World], world: World) -> dict[str, Setting]:
    """Comparing may ask the product once more; what was written is told all the same where it does not answer."""
    try:
        return {finding.setting: finding for finding in subject.compare(world) if isinstance(finding, Setting)}
    except AtlassianError:
        return {}


def _proven(change: Change, subject: Subject[World], world: World, error: str | None) -> Setting:
    """Changed is what the re-read shows, whatever the answer to the write was."""
    try:
        actual = subject.observe(world, change.setting)
    except AtlassianError as exc:
        return _unknown(change, error, exc.sentence)
    if actual == change.after:
        return Setting(change.setting, change.before, change.after, _compare.CHANGED, change.reason)
    reason = error or "The product answered the write with success, but a re-read shows another value."
    return Setting(change.setting, change.before, actual, _compare.FAILED, f"{reason} {change.hint}".rstrip())


def _unknown(change: Change, error: str | None, blind: str) -> Setting:
    reason = error or f"Written, but it could not be read again, so its state is unknown: {blind}"
    return Setting(change.setting, change.before, None, _compare.FAILED, reason)


def _later(setting: Setting, judged_again: Mapping[str, Setting]) -> Setting:
    """What was fine before the writes and is not after them must not be called fine."""
    again = judged_again.get(setting.setting)
    if setting.state == _compare.COMPLIANT and again is not None and again.state != _compare.COMPLIANT:
        return Setting(setting.setting, setting.before, again.after, again.state, again.reason)
    return setting


def attempt(name: str, subject: Subject[World], check_mode: bool) -> Outcome:
    """run() as one of several: an error that stops it is a row of its own, so that what others did is told."""
    try:
        return run(subject, check_mode)
    except AtlassianError as exc:
        return Outcome([Setting(name, None, None, _compare.FAILED, exc.sentence)], {"before": {}, "after": {}})


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """Several passes as one result."""
    diff: dict[str, dict[str, Any]] = {"before": {}, "after": {}}
    extra: dict[str, Any] = {}
    for outcome in outcomes:
        for side in diff:
            diff[side].update(outcome.diff[side])
        extra.update(outcome.extra)
    return Outcome([setting for outcome in outcomes for setting in outcome.settings], diff, extra)


def remembered(outcome: Outcome, memory: Memory) -> Outcome:
    """The outcome with the path of its restore file, if it wrote one. Only a run that did all it wanted is closed in the file."""
    if not memory.used:
        return outcome
    settings = list(outcome.settings)
    try:
        if outcome.failed:
            memory.stop()
        else:
            memory.finish()
    except AtlassianError as exc:
        # What was written stays told; that it may not come back by the file is told beside it.
        settings.append(Setting("restore file", None, None, _compare.FAILED, exc.sentence))
    return Outcome(settings, outcome.diff, {**outcome.extra, "restore_path": memory.path})


def leave(module: AnsibleModule, work: Callable[[], Outcome]) -> None:
    """Run `work` and end the module with what was done and what was not."""
    try:
        outcome = work()
    except AtlassianError as exc:
        module.fail_json(msg=exc.sentence, changed=False, diff={"before": {}, "after": {}}, settings=[])
        return
    result = outcome.as_result()
    if outcome.failed:
        done = sum(setting.state == _compare.CHANGED for setting in outcome.settings)
        reasons = " ".join(f"{setting.setting}: {setting.reason}" for setting in outcome.failed[:3])
        more = f" And {len(outcome.failed) - 3} more, see settings." if len(outcome.failed) > 3 else ""
        module.fail_json(msg=f"{len(outcome.failed)} of {len(outcome.settings)} settings failed, {done} changed. {reasons}{more}", **result)
        return
    module.exit_json(**result)
