# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole playbooks against one site: who may write, and what a failure of one control means for the others."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SITE = "Team-Tracker"  # a name as people give it: upper case and a dash


@dataclass
class Done:
    code: int
    said: str
    rows: dict[str, dict[str, Any]]


Play = Callable[..., Done]


@pytest.fixture
def play(simulator: Any, tmp_path: Path) -> Play:
    """play(playbook, *arguments, **variables of the site) -> return code, output, rows by control."""

    def run(playbook: str, *arguments: str, **variables: Any) -> Done:
        site = {
            "atlassian_url": "https://tracker.example.com",
            "atlassian_api_url": simulator.url,
            "atlassian_api_token": simulator.secrets["admin_token"],
            "atlassian_witness_token": simulator.secrets["user_token"],
            **variables,
        }
        inventory = tmp_path / "inventory.yml"
        inventory.write_text(json.dumps({"all": {"children": {"jira_sites": {"hosts": {SITE: site}}}}}))
        program = shutil.which("ansible-playbook", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        command = [str(program), "-i", str(inventory), f"hardening.atlassian.{playbook}", *arguments]
        environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "0"}
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        said = done.stdout + done.stderr
        assert [name for name, value in simulator.secrets.items() if value in said] == []
        rows = json.loads((tmp_path / "drift-report" / "drift-report.json").read_text())["rows"]
        return Done(done.returncode, said, {row["control"]: row for row in rows if row["target"] == SITE})

    return run


@pytest.mark.parametrize(
    ("playbook", "arguments", "variables"),
    [
        ("drift", ["-e", "atlassian_read_only=false"], {}),
        ("site", ["--check", "-e", "atlassian_read_only=false"], {}),
        ("site", [], {"atlassian_read_only": True, "jira_hardening_dark_features_allowed": []}),
    ],
    ids=["drift.yml overridden", "check run", "read-only site"],
)
def test_what_promises_not_to_write_writes_nothing(
    simulator: Any, play: Play, playbook: str, arguments: list[str], variables: dict[str, Any]
) -> None:
    before = simulator.state()
    done = play(playbook, *arguments, **variables)
    assert done.code == 0, done.said[-3000:]
    assert {done.rows[control]["state"] for control in ("JIRA-01", "JIRA-02", "JIRA-08")} == {"drifted"}
    assert simulator.state() == before
    assert simulator.audit() == []


def test_report_and_restore_files_lie_where_the_run_was_started(play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # cron, systemd and AWX start programs without a shell that keeps PWD true.
    monkeypatch.setenv("PWD", "/nonexistent")
    play("site", "--tags", "JIRA-02")
    assert (tmp_path / "drift-report" / "drift-report.json").is_file()
    assert (tmp_path / "restore" / f"{SITE}.json").is_file()


def test_a_control_that_fails_keeps_no_other_from_its_work(simulator: Any, play: Play) -> None:
    simulator.fault("500", path="/rest/internal/1.0/darkFeatures", method="PUT")
    done = play("site")
    assert done.code == 2
    assert {control: done.rows[control]["state"] for control in ("JIRA-01", "JIRA-02", "JIRA-08")} == {
        "JIRA-01": "failed",
        "JIRA-02": "changed",
        "JIRA-08": "drifted",
    }
    assert f"{SITE}: JIRA-01 failed; each says why in its row of the report." in done.said


def test_credentials_that_go_bad_meanwhile_end_the_site_at_once(simulator: Any, play: Play) -> None:
    simulator.fault("captcha", path="/rest/api/2/permissionscheme")
    simulator.fault("captcha", path="/rest/api/2/myself")
    done = play("site")
    assert done.code == 2
    assert done.rows["JIRA-08"]["state"] == "not_examined"
