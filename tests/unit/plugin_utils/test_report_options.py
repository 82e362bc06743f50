# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator wants of the report: one value for all hosts, or a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_options import check_report_options

DEFAULTS = {"formats": ["json", "html", "markdown", "junit"], "exit_codes": False, "threshold": "low", "not_examined": True}


def options(*hosts: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    problems = Problems()
    found = check_report_options([HostValues(f"host{number}", variables, problems) for number, variables in enumerate(hosts, start=1)])
    return found, problems.sentences()


def test_defaults() -> None:
    assert options({}) == options() == (DEFAULTS, [])


def test_values_as_inventories_and_the_command_line_give_them() -> None:
    variables = {
        "atlassian_report_formats": "junit, html",
        "atlassian_drift_exit_codes": "true",
        "atlassian_drift_threshold": "high",
        "atlassian_drift_not_examined": "no",
    }
    assert options(variables, {}) == ({"formats": ["json", "html", "junit"], "exit_codes": True, "threshold": "high", "not_examined": False}, [])
    assert options({"atlassian_report_formats": []})[0]["formats"] == ["json"]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"atlassian_report_formats": ["pdf"]}, "atlassian_report_formats is ['pdf'], expected a list of json, html, markdown, junit"),
        ({"atlassian_report_formats": 1}, "atlassian_report_formats is 1, expected a list of"),
        ({"atlassian_report_formats": [["html"]]}, "atlassian_report_formats is [['html']], expected a list of"),
        ({"atlassian_drift_exit_codes": "perhaps"}, "atlassian_drift_exit_codes is 'perhaps', expected true or false"),
        ({"atlassian_drift_threshold": "severe"}, "atlassian_drift_threshold is 'severe', expected one of low, medium, high, critical"),
        ({"atlassian_drift_threshold": ["low"]}, "atlassian_drift_threshold is ['low'], expected one of"),
        ({"atlassian_drift_not_examined": 7}, "atlassian_drift_not_examined is 7, expected true or false"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_and_the_default_is_taken(variables: dict[str, Any], sentence: str) -> None:
    found, problems = options(variables)
    assert len(problems) == 1
    assert f"host1: {sentence}" in problems[0]
    assert found == DEFAULTS


def test_hosts_that_disagree_are_named() -> None:
    found, problems = options({}, {"atlassian_drift_exit_codes": True}, {"atlassian_drift_exit_codes": False})
    assert problems == ["host2: atlassian_drift_exit_codes is True here and False for host3, and there is one report of a run: set it for all hosts"]
    assert found["exit_codes"] is True
