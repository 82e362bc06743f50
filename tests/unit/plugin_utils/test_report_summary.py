# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line for chat and mail."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_run import kind_of_run
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_screen import lines
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line

STATES = {"PRX-01": "compliant", "PRX-02": "drifted", "PRX-04": "not_examined", "PRX-05": "accepted", "PRX-06": "changed"}
INVENTORY = [{"source": source, "commit": None, "modified": None} for source in ("/srv/hardening/prod/hosts.yml", "(given on the command line)")]


def test_it_says_what_was_found_where_and_when(make: Any) -> None:
    report = make(STATES, read_only=True, inventory=INVENTORY)
    assert as_line(as_document(report)) == (
        "Drift report drift prod/hosts.yml 2026-11-26 (read-only): 1 drifted (1 critical), 0 failed, 1 not examined, 2 in order (1 changed), 1 accepted"
    )


def test_it_names_what_is_new_and_resolved(make: Any) -> None:
    report = make(STATES)
    rows = [{"control": f"PRX-0{number}", "target": "proxy1"} for number in range(1, 8)]
    report.header["comparison"] = {"new": rows, "resolved": rows[:1]}
    assert as_line(as_document(report)).endswith(
        "; new: PRX-01 proxy1, PRX-02 proxy1, PRX-03 proxy1, PRX-04 proxy1, PRX-05 proxy1 and 2 more; resolved: PRX-01 proxy1"
    )


def test_it_says_which_part_was_asked_for(make: Any) -> None:
    line = as_line(as_document(make(STATES, ("PRX-04",), tags="PRX-02", limit="proxy1", check_mode=True)))
    assert "(check; only --limit proxy1, --tags PRX-02)" in line
    assert line.endswith("0 not examined, 2 in order (1 changed), 1 accepted, 1 not asked for")


def test_a_refusal_is_said_and_it_stays_one_line(make: Any) -> None:
    line = as_line(as_document(make(STATES, problems=["a\nb"], limit="a\nb")))
    assert line.endswith("the run was refused (1 problem)") and "\n" not in line


@pytest.mark.parametrize("check", [False, True])
def test_what_ended_before_it_knew_its_inventory_is_no_real_run(make: Any, check: bool) -> None:
    document = as_document(make({"PRX-01": "not_examined"}, run_id=None, check_mode=check))
    kind = "check" if check else "aborted"
    assert f"({kind}): " in as_line(document) and lines(document, "/r")[0].startswith(f"DRIFT REPORT ({kind}): ")
    assert kind_of_run(document["header"]) == f"{kind.capitalize()} run: nothing was changed."


def test_a_misspelt_tag_does_not_read_like_a_clean_run(make: Any) -> None:
    document = as_document(make({"PRX-01": "not_examined", "ORG-01": "attested"}, ("PRX-01",), tags="PRX-1"))
    line = as_line(document)
    assert "1 not examined, 1 in order" in line and line.endswith("; nothing was examined") and "not asked for" not in line
    assert any(shown.startswith("  not examined  proxy1  PRX-01") for shown in lines(document, "/r"))


def test_a_failed_task_is_said_though_all_rows_are_green(make: Any) -> None:
    report = make({"PRX-01": "compliant"})
    report.header["failures"] = [{"target": "proxy1", "status": "failed", "task": "t", "message": "m"}]
    assert as_line(as_document(report)).endswith("; 1 task failed or met an unreachable host")


def test_the_screen_says_what_was_last_seen_of_rows_nobody_asked_for(make: Any) -> None:
    report = make(STATES, ("PRX-04",), tags="PRX-02")
    report.header["left_out"][0]["state"] = "drifted"
    assert "  1 row not asked for (--tags PRX-02), not_examined in the report; last seen: 1 drifted." in lines(as_document(report), "/r")


def test_no_text_steers_the_terminal_or_breaks_a_line(make: Any) -> None:
    report = make(STATES, limit="\x1b[2J\ud800", not_compared="a\rb\n\x1b]0;x\x07")
    found = lines(as_document(report), "/r")
    assert all(character.isprintable() for line in found for character in line)
    assert "\\x1b[2J\\ud800" in found[-1]
    found[-1].encode()
