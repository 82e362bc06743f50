# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report_summary
short_description: Tells score and summary line of this run's drift report
version_added: 0.4.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - Reads the events that the callback P(hardening.atlassian.drift_report#callback) has written so far, compares what they lead
    to with the previous report, and returns what is worth passing on to AWX, to a chat or by mail.
  - Fails when the events are missing, damaged or those of another run, as P(hardening.atlassian.report_rows#filter) does.
positional: _input, run_id
options:
  _input:
    description: The report directory, C(__atlassian_run.report_directory).
    type: path
    required: true
  run_id:
    description: The identity of this run, C(__atlassian_run.id).
    type: str
    required: true
seealso:
  - plugin: hardening.atlassian.report_rows
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Pass the summary on
  ansible.builtin.set_stats:
    data:
      summary: "{{ (__atlassian_run.report_directory | hardening.atlassian.report_summary(__atlassian_run.id)).line }}"
    per_host: false
  run_once: true
"""

RETURN = r"""
_value:
  description:
    - RV(ignore:line) is the line that C(drift-report.summary.txt) will hold.
    - RV(ignore:score) has C(examined) and C(in_order), numbers of rows, and C(percent), which is null where nothing was examined.
    - RV(ignore:new) and RV(ignore:resolved) are numbers of rows, null where there is no report to compare with.
    - RV(ignore:left_out) is the number of rows that V(--tags) or V(--limit) left out. RV(ignore:run_id) is that of the report.
  type: dict
  sample:
    run_id: 20261126T144620Z-0a1b2c3d
    line: "Drift report drift 2026-11-26 (read-only): 1 drifted (1 high), 0 failed, 0 not examined, 41 in order, 1 accepted"
    score: {examined: 42, in_order: 41, percent: 97}
    new: 0
    resolved: 0
    left_out: 0
"""

import os
from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _catalogue, _comparison, _events, _report, _report_files
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line


def report_summary(report_directory: str, run_id: str) -> dict[str, Any]:
    """The filter; missing evidence becomes AnsibleFilterError."""
    try:
        report = _report.build(_events.read_events(str(report_directory), str(run_id)), _catalogue.load())
    except (_events.EventsError, _catalogue.CatalogueError) as error:
        raise AnsibleFilterError(f"hardening.atlassian.report_summary: {error}") from error
    _comparison.compare(report, os.path.join(str(report_directory), _report_files.PREVIOUS_NAME))
    comparison = report.header["comparison"]
    return {
        "run_id": str(run_id),
        "line": as_line(as_document(report)),
        "score": report.score(),
        "new": None if comparison is None else len(comparison["new"]),
        "resolved": None if comparison is None else len(comparison["resolved"]),
        "left_out": len(report.left_out),
    }


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report_summary": report_summary}
