# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line for chat and mail."""

from __future__ import annotations

from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line

STATES = {"PRX-01": "compliant", "PRX-02": "drifted", "PRX-04": "not_examined", "PRX-05": "accepted", "PRX-06": "changed"}
INVENTORY = [{"source": "/srv/hardening/prod/hosts.yml", "commit": None, "modified": None}, {"source": "(given on the command line)", "commit": None, "modified": None}]


def test_it_says_what_was_found_where_and_when(make: Any) -> None:
    report = make(STATES, read_only=True, inventory=INVENTORY)
    assert as_line(report) == (
        "Drift report drift prod/hosts.yml 2026-11-26 (read-only): 1 drifted (1 critical), 0 failed, 1 not examined, 2 in order (1 changed), 1 accepted"
    )


def test_it_names_what_is_new_and_resolved(make: Any) -> None:
    report = make(STATES)
    rows = [{"control": f"PRX-0{number}", "target": "proxy1"} for number in range(1, 8)]
    report.header["comparison"] = {"new": rows, "resolved": rows[:1]}
    assert as_line(report).endswith(
        "; new: PRX-01 proxy1, PRX-02 proxy1, PRX-03 proxy1, PRX-04 proxy1, PRX-05 proxy1 and 2 more; resolved: PRX-01 proxy1"
    )


def test_it_says_which_part_was_asked_for(make: Any) -> None:
    line = as_line(make(STATES, ("PRX-04",), tags="PRX-02", limit="proxy1", check_mode=True))
    assert "(check; only --limit proxy1, --tags PRX-02)" in line
    assert line.endswith("0 not examined, 2 in order (1 changed), 1 accepted, 1 not asked for")


def test_a_refusal_is_said_and_it_stays_one_line(make: Any) -> None:
    line = as_line(make(STATES, problems=["a\nb"], limit="a\nb"))
    assert line.endswith("the inventory was refused (1 problem)") and "\n" not in line
