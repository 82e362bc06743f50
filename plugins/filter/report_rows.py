# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report_rows
short_description: Counts the rows of this run's drift report by state
version_added: 0.1.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - Reads the events that the callback P(hardening.atlassian.drift_report#callback) has written so far and counts the rows they
    lead to.
  - Fails when the events are missing, damaged or those of another run. So a callback that was not loaded, crashed or could not
    write makes the play fail that asks for its rows.
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
"""

EXAMPLES = r"""
- name: Count the states in the drift report
  ansible.builtin.set_stats:
    data:
      drift: "{{ __atlassian_run.report_directory | hardening.atlassian.report_rows(__atlassian_run.id) }}"
    per_host: false
  run_once: true
"""

RETURN = r"""
_value:
  description: How many rows are in each state; every state is named.
  type: dict
  sample:
    failed: 0
    drifted: 2
    not_examined: 5
    changed: 0
    compliant: 11
    not_applicable: 0
    accepted: 1
    attested: 0
    "off": 0
    planned: 63
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _catalogue, _events, _report


def report_rows(report_directory: str, run_id: str) -> dict[str, int]:
    """The filter; missing evidence becomes AnsibleFilterError."""
    try:
        return _report.build(_events.read_events(str(report_directory), str(run_id)), _catalogue.load()).counts()
    except (_events.EventsError, _catalogue.CatalogueError) as error:
        raise AnsibleFilterError(f"hardening.atlassian.report_rows: {error}") from error


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report_rows": report_rows}
