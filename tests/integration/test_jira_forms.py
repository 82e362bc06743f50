# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Jira has no REST for, beyond the table: what a form must not do, and what stays unknown without forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_settings

from .jira_cases import CASES, NOT_EXAMINED, PART, SETTINGS, Case, by_password
from .results import rows, said

BY_NAME = {case.name: case for case in CASES}


def test_anyone_goes_and_whoever_logs_in_keeps_it(simulator: Any, run: Any, tmp_path: Path) -> None:
    case = BY_NAME["global_permissions by form"]
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": None, "granted": True})
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": "jira-software-users", "granted": False})
    run(case.module, **case.given(simulator, tmp_path))
    state = simulator.state()["global_permissions"]
    assert all(None not in groups for groups in state.values())
    assert "jira-software-users" in state["BULK_CHANGE"] and "jira-software-users" in state["USER_PICKER"]


@pytest.mark.parametrize("case", [case for case in CASES if case.way == "REST" and {NOT_EXAMINED, PART} & {*case.outcome}], ids=lambda case: case.name)
def test_what_only_pages_tell_names_the_option_that_would_read_them(simulator: Any, run: Any, tmp_path: Path, case: Case) -> None:
    result = run(case.module, check=True, **case.given(simulator, tmp_path))
    unseen = [row for row in result["settings"] if row["state"] == "not_examined" and row["setting"] != "XSRF check"]
    assert unseen and all("allow_forms" in row["reason"] for row in unseen)
    assert {row[0] for row in rows(result, "compliant", "drifted")} <= {
        "jira.option.globalsharing", "filter 10000 (All open bugs)", "filters not shared with anyone",
    }  # fmt: skip


def test_a_form_that_moves_something_else_is_put_back(simulator: Any, run: Any, tmp_path: Path) -> None:
    simulator.plant(form_side_effect={"form": "general", "set": {"jira.option.web.usegzip": "false"}})
    before = simulator.state()["properties"]
    options = BY_NAME["settings by form"].given(simulator, tmp_path)
    result = run(jira_settings, **{**options, "settings": {"jira.mode": "private"}})
    assert result["failed"] and "useGzip as well" in result["msg"]
    assert simulator.state()["properties"] == before


def test_an_unknown_key_is_refused_with_the_known_ones(simulator: Any, run: Any, tmp_path: Path) -> None:
    options = BY_NAME["settings by form"].given(simulator, tmp_path)
    audit = simulator.audit()
    result = run(jira_settings, **{**options, "settings": {"jira.mode": "private", "jira.no.such.key": True}})
    assert result["failed"] and "jira.no.such.key is unknown here" in result["msg"] and "jira.mode" in result["msg"]
    result = run(jira_settings, **{**options, "settings": {"jira.mode": "friends"}})
    assert result["failed"] and "'friends'" in result["msg"] and "private" in result["msg"]
    assert simulator.audit() == audit


@pytest.mark.parametrize("way", ["settings by form", "global_permissions by form", "filters by form", "admin_session by form"])
def test_a_second_factor_is_a_clear_error(simulator: Any, run: Any, tmp_path: Path, way: str) -> None:
    simulator.plant(second_factor=True)
    case = BY_NAME[way]
    result = run(case.module, check=True, **case.given(simulator, tmp_path))
    if simulator.version in ("8.20", "9.12"):
        assert not result["failed"], "the classic log-in page knows no second factor"
        return
    assert any("second factor" in row["reason"] for row in result["settings"] if row["state"] in ("not_examined", "failed"))
    assert {row[0] for row in said(result)} <= {"filters not shared with anyone"}, "REST tells of those"


def test_forms_with_a_token_are_refused_before_anything_is_sent(simulator: Any, run: Any) -> None:
    result = run(jira_settings, settings=SETTINGS, allow_forms=True)
    assert result["failed"] and result["msg"].startswith("allow_forms:") and simulator.calls() == []


def test_sessions_are_ended(simulator: Any, run: Any) -> None:
    run(jira_settings, check=True, settings=SETTINGS, **by_password(simulator))
    assert [(call["method"], call["path"]) for call in simulator.calls()][-1] == ("DELETE", "/rest/auth/1/session")
