# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""drift.yml as cron and AWX run it: return codes, a part only, the line for chat and mail, artifacts. Never clean where nobody looked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .plays import SITE, Play, ansible_playbook, site_play

CODES = {"atlassian_drift_exit_codes": True}
ATTESTED = [{"control": f"ORG-0{number}", "statement": "done", "by": "it", "until": "2999-12-31"} for number in range(1, 5)]
OTHERS = ["drift-report.html", "drift-report.junit.xml", "drift-report.md", "drift-report.summary.txt"]


@pytest.fixture
def credentials(simulator: Any) -> dict[str, Any]:
    return {"atlassian_api_token": simulator.secrets["admin_token"], "atlassian_witness_token": simulator.secrets["user_token"]}


@pytest.fixture
def play(simulator: Any, tmp_path: Path, credentials: dict[str, Any]) -> Play:
    return site_play(simulator, tmp_path, credentials)


def test_the_codes_of_a_drift_run(play: Play) -> None:
    part = ("--tags", "JIRA-02")
    variables = {**CODES, "atlassian_attestations": ATTESTED}
    assert play("drift", *part, **variables).code == 10
    assert play("site", *part, **variables).code == 0
    fixed = play("drift", *part, **variables)
    assert (fixed.code, fixed.rows["JIRA-02"]["state"]) == (0, "compliant")
    assert fixed.report["header"]["tags"] == "JIRA-02" and fixed.rows["JIRA-01"]["state"] == "not_examined"
    assert play("drift", "--tags", "jira", **variables).code == 12, "a tag that no task has asks for nothing, and that is not clean"


@pytest.mark.parametrize("option", ["--tags", "--skip-tags"])
def test_a_misspelt_control_refuses_the_run(play: Play, simulator: Any, option: str) -> None:
    """With --skip-tags it would do what it was told to spare."""
    before = simulator.state()
    done = play("site", option, "JIRA-02,JIRA-3", **CODES)
    assert done.code == 2 and "'JIRA-3' is no control, did you mean JIRA-03?" in done.said
    assert {row["state"] for row in done.report["rows"]} <= {"not_examined", "planned", "off"}
    assert simulator.state() == before


def test_wrong_credentials_keep_ansible_s_own_code(play: Play) -> None:
    done = play("drift", **CODES, atlassian_api_token="x" * 40)
    assert done.code == 2
    assert done.report["counts"]["compliant"] == 0 and done.rows["JIRA-02"]["state"] == "not_examined"


def test_awx_gets_a_small_artifact_and_chat_a_line(simulator: Any, credentials: dict[str, Any], tmp_path: Path) -> None:
    site = {"atlassian_url": "https://tracker.example.com", "atlassian_api_url": simulator.url, **credentials}
    (tmp_path / "prod.json").write_text(json.dumps({"all": {"children": {"jira_sites": {"hosts": {SITE: site}}}}}))
    environment = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    done = ansible_playbook(simulator, tmp_path, environment, "-vvv", "-i", "prod.json", "hardening.atlassian.drift")
    assert done.code == 0, done.said[-3000:]
    line = (tmp_path / "drift-report" / "drift-report.summary.txt").read_text().strip()
    assert line.startswith(f"Drift report drift {tmp_path.name}/prod.json 20") and line in done.said
    artifact = json.loads(done.said.split("CUSTOM STATS: ")[1].split("RUN: ")[1].split("\n\n")[0])
    assert artifact["atlassian_drift"] == done.report["counts"]
    header = done.report["header"]
    assert artifact["atlassian_drift_report"] == {
        "run_id": header["run_id"], "line": line, "score": done.report["score"], "new": None, "resolved": None, "left_out": 0
    }  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "drift-report").iterdir()) == sorted(["drift-report.json", "events.jsonl", *OTHERS])


def test_two_drift_runs_without_change_differ_in_the_header_only(play: Play) -> None:
    def rest(report: dict[str, Any]) -> str:
        return json.dumps({name: value for name, value in report.items() if name != "header"})

    first, second = play("drift", "-vvv"), play("drift", "-vvv")
    assert rest(first.report) == rest(second.report)
    assert second.report["header"]["comparison"]["new"] == second.report["header"]["comparison"]["resolved"] == []
    assert second.report["header"]["comparison"]["previous"]["run_id"] == first.report["header"]["run_id"]


def test_nothing_is_written_where_nobody_reports_it(play: Play, simulator: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The callback crashes as it starts; the green report of yesterday is still there, and the run says whose it is."""
    green = play("drift", "--tags", "JIRA-01")
    (tmp_path / "sitecustomize.py").write_text("import platform\n\nplatform.python_version = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    before = simulator.state()
    for playbook in ("site", "drift"):
        done = play(playbook)
        assert done.code == 2 and "The drift report of this run is lost: TypeError" in done.said
        assert "the callback hardening.atlassian.drift_report did not run" in done.said
        assert "the report that lies there is of an earlier run" in done.said
        assert "JIRA-0" not in done.said and done.report == green.report
    assert simulator.state() == before


def test_a_restore_leaves_the_report_of_the_run_alone(play: Play, tmp_path: Path) -> None:
    variables = {**CODES, "atlassian_drift_not_examined": False}
    play("site", "--tags", "JIRA-02", **variables)
    files = {path.name: path.read_bytes() for path in (tmp_path / "drift-report").iterdir()}
    done = play("restore", "-e", '{"jira_hardening_restore_scopes": ["permission_schemes"]}', **CODES)
    assert done.code == 0 and "DRIFT REPORT" not in done.said, done.said[-3000:]
    assert {path.name: path.read_bytes() for path in (tmp_path / "drift-report").iterdir()} == files


def test_one_call_of_two_playbooks_reports_each(simulator: Any, credentials: dict[str, Any], tmp_path: Path) -> None:
    site = {"atlassian_url": "https://tracker.example.com", "atlassian_api_url": simulator.url, **credentials}
    (tmp_path / "prod.json").write_text(json.dumps({"all": {"children": {"jira_sites": {"hosts": {SITE: site}}}}}))
    playbooks = ("hardening.atlassian.drift", "hardening.atlassian.drift")
    done = ansible_playbook(simulator, tmp_path, {}, "-i", "prod.json", *playbooks, "--tags", "JIRA-02")
    before = json.loads((tmp_path / "drift-report" / "drift-report.previous.json").read_text())
    assert done.code == 0 and before["rows"] == done.report["rows"] and done.rows["JIRA-02"]["state"] == "drifted"
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["drift-report"]


def test_a_misspelt_group_is_never_clean(simulator: Any, credentials: dict[str, Any], tmp_path: Path) -> None:
    site = {"atlassian_url": "https://tracker.example.com", "atlassian_api_url": simulator.url, **credentials}
    (tmp_path / "typo.json").write_text(json.dumps({"all": {"children": {"jira_site": {"hosts": {SITE: site}}}}}))
    done = ansible_playbook(simulator, tmp_path, {}, "-i", "typo.json", "hardening.atlassian.drift", "-e", json.dumps(CODES))
    assert done.code == 2
    assert "the group 'jira_site' is unknown, did you mean 'jira_sites'?" in done.report["header"]["problems"][0]
    assert {row["state"] for row in done.report["rows"]} == {"not_examined"}


def test_a_risk_for_one_setting_keeps_it_and_says_so(simulator: Any, play: Play) -> None:
    """JIRA-02: one permission scheme stays as it is, and the control is held back for the others too."""
    before = simulator.state()
    name = play("drift", "--tags", "JIRA-02").told("JIRA-02", "drifted")[0][0]
    risk = {"control": "JIRA-02", "hosts": [SITE], "setting": name, "reason": "public on purpose", "owner": "it-sec", "expires": "2999-12-31"}
    done = play("site", "--tags", "JIRA-02", atlassian_accepted_risks=[risk])
    assert done.code == 0, done.said[-3000:]
    assert [told[0] for told in done.told("JIRA-02", "accepted")] == [name]
    assert done.told("JIRA-02", "changed") == [] and simulator.state() == before
    assert done.rows["JIRA-02"]["state"] in ("drifted", "accepted")
