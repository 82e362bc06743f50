# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
type: aggregate
short_description: Joins what ran with the control catalogue into a drift report
version_added: 0.1.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - Collects the results of all tasks that carry a control as their tag, and leaves the screen output alone.
  - Writes each result at once as a line of JSON to C(events.jsonl) in the report directory. At the end it writes
    C(drift-report.json) there, C(drift-report.html), C(drift-report.md), C(drift-report.junit.xml) as far as
    C(atlassian_report_formats) asks for them, and C(drift-report.summary.txt), and prints a short summary whose last line is
    the same as in that file.
  - The report has a row for each control of the catalogue and each host or site of the inventory it applies to. What did not
    run is C(not_examined), with the reason.
  - A report of an earlier run becomes C(drift-report.previous.json), and the new one is compared with it. Its other files are
    removed, so that none of them is ever taken for one of this run.
  - The playbooks of this collection bring it along, so it need not be enabled. It stays silent for playbooks without any
    control, C(restore.yml) among them. Of several playbooks in one call each has a report of its own.
  - A report that cannot be written, or a part of it, ends the run with an error and the return code 1, where Ansible has none
    of its own for that run.
  - With C(atlassian_drift_exit_codes) a run that Ansible would end with 0 ends with 10 where something drifted, 11 where
    something failed, 12 where something was not examined.
notes:
  - Learns the report directory and the world from the fact C(__atlassian_run), which the role P(hardening.atlassian.atlassian#role)
    sets. Where that never happens, the report goes to C(drift-report) in the current working directory.
  - A return code of this callback ends the run at once. Callbacks that are enabled besides, and come after it, do not see the
    end of the run then, and playbooks that were to come after this one do not run.
requirements:
  - The Python library netaddr on the controller, for the playbooks of this collection.
"""

import os
import traceback
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ansible import context
from ansible.plugins.callback import CallbackBase

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _comparison, _report_files, _report_screen
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._events import EventWriter
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exit_code import LOST, exit_code
from ansible_collections.hardening.atlassian.plugins.plugin_utils._header import header_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._plan import has_controls, plan_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import build
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_options import FORMATS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line
from ansible_collections.hardening.atlassian.plugins.plugin_utils._task_events import fact_events, inventory_event, known_run_events, play_event, result_event

if TYPE_CHECKING:
    from ansible.executor.stats import AggregateStats
    from ansible.executor.task_result import TaskResult
    from ansible.playbook import Playbook
    from ansible.playbook.play import Play

DEFAULT_DIRECTORY = "drift-report"


class _Claim:
    """Which playbook is being reported on: the callback may be loaded twice, beside the playbook and by callbacks_enabled."""

    playbook: weakref.ReferenceType[Any] | None = None


class CallbackModule(CallbackBase):
    """Collects events; all judgement is in plugin_utils."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "hardening.atlassian.drift_report"
    CALLBACK_NEEDS_ENABLED = False

    def __init__(self) -> None:
        super().__init__()
        self._controls: frozenset[str] = frozenset()
        self._run_checks = False
        self._begin()

    def _begin(self) -> None:
        """Nothing is known of a playbook, whichever ran before it in the same call."""
        self._writer = EventWriter()
        self._ours = False
        self._broken = False
        self._play: Play | None = None
        self._directory: str | None = None
        self._located = False
        self._items: dict[tuple[str, str], int] = {}
        self._incomplete = False
        self._exit_code = 0

    def _guarded(self, step: Callable[[], None]) -> None:
        """Ansible only warns of an error in a callback. Ours sets the events aside, so that the last play notices, and says so."""
        if self._broken:
            return
        try:
            step()
        except Exception as error:
            self._broken = True
            self._display.error(f"The drift report of this run is lost: {type(error).__name__}: {error}")
            self._display.vvv("".join(traceback.format_exception(error)))
            self._writer.abandon()

    def v2_playbook_on_start(self, playbook: Playbook) -> None:
        if _Claim.playbook is not None and _Claim.playbook() is playbook:
            self.disabled = True
            return
        _Claim.playbook = weakref.ref(playbook)
        self._begin()

        def step() -> None:
            arguments = context.CLIARGS
            self._controls = frozenset(load())
            self._run_checks = bool(arguments.get("check"))
            self._writer.add({"event": "start", "header": header_of(arguments, os.path.basename(playbook._file_name or ""))})
            # By all its tasks: a tag that none of them has must not silence the report.
            self._ours = has_controls(playbook, self._controls)
            plays = plan_of(playbook, self._controls, arguments.get("tags") or (), arguments.get("skip_tags") or ())
            self._writer.add({"event": "plan", "plays": plays})

        self._guarded(step)

    def v2_playbook_on_play_start(self, play: Play) -> None:
        def step() -> None:
            self._writer.add(inventory_event(play))
            self._play = play
            self._writer.add(play_event(play))

        self._guarded(step)

    def _locate(self, directory: str) -> None:
        """Move into the report directory; whatever an earlier run left there is no report of this one."""
        self._located = True
        self._writer.open(directory)
        with _report_files.alone(directory):
            _report_files.set_aside(directory)

    def _listen(self, events: Sequence[dict[str, Any]]) -> None:
        """Take events that tell of the run, and from the first that says where the report goes, write them there."""
        for event in events:
            if event["event"] == "modes" and self._directory is None:
                # A role goes by the run that an earlier playbook of the same call has described.
                self._listen(known_run_events(self._play))
            self._writer.add(event)
            if event["event"] == "run" and self._directory is None:
                self._directory = event["run"]["report_directory"]
            # A control may also come by an include that only the run resolves.
            self._ours = self._ours or event.get("control") is not None
        if self._ours and self._directory is not None and not self._located:
            self._locate(self._directory)

    def _add(self, result: TaskResult, status: str, ignored: bool = False, number: int | None = None) -> None:
        def step() -> None:
            self._listen(fact_events(result))
            self._listen([result_event(result, status, self._controls, self._run_checks, ignored, number)])

        self._guarded(step)

    def _add_item(self, result: TaskResult, status: str) -> None:
        key = (result._task._uuid, result._host.get_name())
        self._items[key] = self._items.get(key, 0) + 1
        self._add(result, status, bool(result._task_fields.get("ignore_errors")), self._items[key])

    def _add_whole(self, result: TaskResult, status: str, ignored: bool = False) -> None:
        """A result of a task; for a loop its items have been counted already, and only they say anything."""
        if self._items.pop((result._task._uuid, result._host.get_name()), 0) == 0:
            self._add(result, status, ignored)

    def v2_runner_on_ok(self, result: TaskResult) -> None:
        self._add_whole(result, "ok")

    def v2_runner_on_failed(self, result: TaskResult, ignore_errors: bool = False) -> None:
        self._add_whole(result, "failed", bool(ignore_errors))

    def v2_runner_on_skipped(self, result: TaskResult) -> None:
        self._add_whole(result, "skipped")

    def v2_runner_on_unreachable(self, result: TaskResult) -> None:
        # Also after items of a loop: whichever of them were fine, the host went away before the end.
        self._items.pop((result._task._uuid, result._host.get_name()), 0)
        self._add(result, "unreachable")

    def v2_runner_item_on_ok(self, result: TaskResult) -> None:
        self._add_item(result, "ok")

    def v2_runner_item_on_failed(self, result: TaskResult) -> None:
        self._add_item(result, "failed")

    def v2_runner_item_on_skipped(self, result: TaskResult) -> None:
        self._add_item(result, "skipped")

    def _write(self, document: dict[str, Any], directory: str, formats: Sequence[str]) -> str:
        """Write all files, the JSON first; returns its path. What else is missing afterwards is said, and leaves a bad return code."""
        with _report_files.alone(directory):
            path = _report_files.write_json(document, directory)
            missing = _report_files.write_others(document, load(), as_line, directory, formats)
        for sentence in missing:
            self._incomplete = True
            self._display.error(sentence)
        return path

    def _finish(self) -> None:
        if not self._ours:
            return
        if not self._located:
            self._locate(os.path.abspath(DEFAULT_DIRECTORY))
        self._writer.close()
        directory = self._writer.directory or os.path.abspath(DEFAULT_DIRECTORY)
        report = build(self._writer.events, load())
        _comparison.compare(report, os.path.join(directory, _report_files.PREVIOUS_NAME))
        document = as_document(report)
        path = self._write(document, directory, report.options.get("formats", FORMATS))
        self._display.display("")
        for line in _report_screen.lines(document, path):
            self._display.display(line)
        self._exit_code = exit_code(document, report.options)

    def _nobody_met(self, stats: AggregateStats) -> None:
        """Ansible only warns of an inventory that is not there or has no hosts, and ends well."""
        if self._ours and not stats.processed:
            self._incomplete = True
            self._display.error("No play met a host, so nothing was examined: is the inventory the one that was meant?")

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        self._guarded(self._finish)
        self._nobody_met(stats)
        code = LOST if self._broken or self._incomplete else self._exit_code
        if code and not (stats.failures or stats.dark):
            # Only an exit reaches the return code from here; without it a lost report would end like a clean one. Where the
            # run has failed anyway, Ansible's own return code stays.
            raise SystemExit(code)
