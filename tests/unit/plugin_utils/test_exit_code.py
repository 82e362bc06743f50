# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the return code of a run is, by its report. Real runs are in tests/unit/callback/test_exit_codes.py."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exit_code import exit_code
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document

ON = {"exit_codes": True, "threshold": "low", "not_examined": True}


def code(make: Any, states: dict[str, str], left_out: tuple[str, ...] = (), severities: dict[str, str] | None = None, **options: Any) -> int:
    return exit_code(as_document(make(states, left_out, severities)), {**ON, **options})


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("compliant", "changed", "not_applicable", "accepted", "attested", "off", "planned"), 0),
        (("compliant", "drifted"), 10),
        (("failed", "drifted", "not_examined"), 11),
        (("compliant", "not_examined"), 12),
        (("drifted", "not_examined"), 10),
    ],
)
def test_the_worst_state_wins(make: Any, states: tuple[str, ...], expected: int) -> None:
    by_control = dict(zip(("PRX-01", "PRX-02", "PRX-04", "PRX-05", "PRX-06", "PRX-07", "PRX-08"), states, strict=False))
    assert code(make, by_control) == expected
    assert code(make, by_control, exit_codes=False) == 0


def test_without_options_of_a_run_there_is_no_code(make: Any) -> None:
    assert exit_code(as_document(make({"PRX-01": "failed"})), {}) == 0


@pytest.mark.parametrize(("threshold", "expected"), [("low", 11), ("medium", 10), ("high", 12), ("critical", 0)])
def test_rows_count_from_a_severity_on(make: Any, threshold: str, expected: int) -> None:
    states = {"PRX-01": "failed", "PRX-02": "drifted", "PRX-04": "not_examined"}
    severities = {"PRX-01": "low", "PRX-02": "medium", "PRX-04": "high"}
    assert code(make, states, severities=severities, threshold=threshold) == expected


def test_what_was_not_examined_counts_unless_it_is_told_not_to(make: Any) -> None:
    states = {"PRX-01": "not_examined", "PRX-02": "compliant"}
    assert (code(make, states), code(make, states, not_examined=False)) == (12, 0)


def test_what_was_not_asked_for_does_not_count(make: Any) -> None:
    assert code(make, {"PRX-01": "not_examined", "PRX-02": "compliant"}, ("PRX-01",)) == 0


@pytest.mark.parametrize("counts", [True, False])
def test_a_run_that_was_asked_for_nothing_is_never_clean(make: Any, counts: bool) -> None:
    assert code(make, {"PRX-01": "not_examined", "ORG-01": "attested"}, ("PRX-01",), not_examined=counts) == 12
