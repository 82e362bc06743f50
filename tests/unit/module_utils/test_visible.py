# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether somebody still sees what they saw before."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.module_utils._visible import judge_visible, unread


def test_nothing_expected_nothing_judged() -> None:
    assert judge_visible("spaces", "ann", ["A"], None) == []


def test_all_there() -> None:
    [row] = judge_visible("spaces", "ann", ["C", "B", "A"], ["B", "A", "B"])
    assert (row.setting, row.before, row.after, row.state) == ("spaces visible to ann", ["A", "B"], ["A", "B"], "compliant")


def test_lost_ones_are_named_up_to_a_number() -> None:
    [row] = judge_visible("projects", "ann", ["P01"], [f"P{number:02}" for number in range(30)])
    assert (row.state, row.after) == ("failed", ["P01"])
    assert "P00, P02" in row.reason and row.reason.count("P") == 20 and "and 9 more" in row.reason and "restore.yml" in row.reason


def test_who_saw_nothing_proves_nothing() -> None:
    [row] = judge_visible("spaces", "ann", ["A"], [])
    assert (row.state, row.before, row.after) == ("not_examined", None, None)


def test_ids_are_sorted_as_numbers_and_no_restore_is_promised_for_dashboards() -> None:
    [row] = judge_visible("dashboards", "ann", [10000], [10000, 9999, 101])
    assert (row.before, row.after, row.state) == ([101, 9999, 10000], [10000], "failed")
    assert row.reason == "ann no longer sees 101, 9999. This collection changes no shares of dashboards: ask their owners."


def test_what_could_not_be_listed_is_a_fault_only_where_a_proof_was_asked_for() -> None:
    for nothing in (None, []):
        row = unread("filters", "ann", nothing, "Why.")
        assert (row.setting, row.before, row.after, row.state, row.reason) == ("filters visible to ann", None, None, "not_examined", "Why.")
    row = unread("filters", "ann", [7, 3, 7], "Why.")
    assert (row.before, row.after, row.state) == ([3, 7], None, "failed")
    assert row.reason == "Whether ann still sees what was there before is not known. Why."
