# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_projects_visible: who sees what, and who lost what."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_projects_visible

PATH = "/rest/api/2/project"
PROJECTS = [{"key": "WEB"}, {"key": "DOCS"}]


def test_keys_are_sorted_and_nothing_is_judged_unasked(run_module: Any, call: Any, myself: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=PROJECTS)])
    assert (result["user"], result["projects"], result["settings"]) == ("automation", ["DOCS", "WEB"], [])
    assert not result["changed"] and not result["failed"]


def test_all_still_there(run_module: Any, call: Any, myself: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=PROJECTS)], expected=["WEB"])
    assert result["settings"] == [
        {"setting": "projects visible to automation", "before": ["WEB"], "after": ["WEB"], "state": "compliant", "reason": ""}
    ]


def test_a_lost_project_is_named_with_its_user(run_module: Any, call: Any, myself: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=PROJECTS)], expected=["OPS", "WEB", "HR"])
    assert result["failed"]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == (["HR", "OPS", "WEB"], ["WEB"], "failed")
    assert "automation no longer sees HR, OPS" in row["reason"]
    assert "restore.yml" in row["reason"]
    assert result["projects"] == ["DOCS", "WEB"]


def test_who_saw_nothing_before_proves_nothing(run_module: Any, call: Any, myself: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=[])], expected=[])
    assert [row["state"] for row in result["settings"]] == ["not_examined"]
    assert "saw none of the projects before" in result["settings"][0]["reason"]


@pytest.mark.parametrize("body", [{}, [{"name": "x"}], ["x"]])
def test_another_shape_is_no_empty_list(run_module: Any, call: Any, myself: Any, body: Any) -> None:
    result = run_module(jira_projects_visible, [myself, call("GET", PATH, json=body)])
    assert result["failed"] and "list of projects" in result["msg"]
