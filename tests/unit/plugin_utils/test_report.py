# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events become rows: nothing that was not examined is called compliant."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_json
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report, Row, build
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_screen import lines

RISK = {"reason": "trial", "owner": "it-sec", "expires": "2027-01-01", "expired": False}


def start(**header: Any) -> dict[str, Any]:
    return {"event": "start", "header": {"check_mode": False, "read_only": False, **header}}


def run(problems: list[str] | None = None, modes: dict[str, Any] | None = None) -> dict[str, Any]:
    targets = [{"name": "proxy1", "groups": ["atlassian_proxies"]}, {"name": "organisation", "groups": ["organisation"]}]
    values = {"id": "r1", "check_mode": False, "read_only": False, "problems": problems or [], "targets": targets, "modes": modes or {}}
    return {"event": "run", "run": values}


def result(state: str | None = "compliant", control: str | None = "PRX-02", status: str = "ok", task: str = "t1", **more: Any) -> dict[str, Any]:
    settings = [] if state is None else [{"setting": "s", "before": None, "after": None, "state": state, "reason": "because"}]
    return {
        "event": "result",
        "task": task,
        "target": "proxy1",
        "control": control,
        "title": "a task",
        "action": "x",
        "status": status,
        "ignored": False,
        "message": "",
        "settings": settings,
        **more,
    }


def plan(*tasks: str, once: bool = False) -> dict[str, Any]:
    owed = [{"task": task, "control": "PRX-02", "title": f"title of {task}", "once": once} for task in tasks]
    return {"event": "plan", "plays": [{"play": "p1", "name": "p", "hosts": ["atlassian_proxies"], "tasks": owed}]}


PLAY = {"event": "play", "play": "p1", "name": "p", "hosts": ["proxy1", "proxy2"]}


def row(*events: dict[str, Any], control: str = "PRX-02") -> Row:
    report = build([start(), run(), *events], load())
    return next(row for row in report.rows if row.control == control and row.target in ("proxy1", "organisation"))


def test_rows_are_catalogue_times_targets_in_the_order_of_the_catalogue() -> None:
    report = build([start(), run()], load())
    expected = [control.id for control in load().values() if control.applies(["atlassian_proxies", "organisation"])]
    assert [row.control for row in report.rows] == expected
    assert {row.target for row in report.rows if row.control.startswith("ORG")} == {"organisation"}


def test_what_did_not_run_is_not_examined() -> None:
    found = row()
    assert (found.state, found.reason, found.settings) == ("not_examined", "no task ran", [])


@pytest.mark.parametrize("state", ["failed", "drifted", "not_examined", "changed", "compliant", "not_applicable"])
def test_a_single_state_is_the_row_s(state: str) -> None:
    found = row(result(state))
    assert (found.state, found.reason) == (state, "because")


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        (("compliant", "drifted", "failed"), "failed"),
        (("not_examined", "drifted"), "drifted"),
        (("changed", "not_examined"), "not_examined"),
        (("compliant", "changed"), "changed"),
        (("not_applicable", "compliant"), "compliant"),
    ],
)
def test_the_worst_state_wins(states: tuple[str, ...], worst: str) -> None:
    assert row(*[result(state) for state in states]).state == worst


def test_only_skipped_tasks_examine_nothing() -> None:
    found = row(result(None, status="skipped", message="the condition 'x' does not hold"))
    assert (found.state, found.reason) == ("not_examined", "every task of this control was skipped: the condition 'x' does not hold")
    assert row(result(None, status="skipped"), result("not_applicable")).state == "not_applicable"


def test_a_task_that_only_collects_leaves_the_row_open() -> None:
    assert row(result(None)).state == "not_examined"


def test_a_task_without_a_control_adds_nothing_but_its_failure_is_the_cause() -> None:
    found = row(result(None, control=None, status="failed", message="no route"))
    assert (found.state, found.reason) == ("not_examined", "failed earlier in 'a task': no route")
    assert row(result(None, control=None, status="failed", message="no route", ignored=True)).reason == "no task ran"


def test_a_control_whose_tasks_did_not_all_run_is_not_compliant() -> None:
    found = row(plan("t1", "t2"), PLAY, result(task="t1"), result(None, control=None, status="failed", message="boom", task="t9"))
    assert found.state == "not_examined"
    assert found.reason == "'title of t2' did not run: failed earlier in 'a task': boom"
    assert [entry["state"] for entry in found.settings] == ["compliant", "not_examined"]


def test_a_play_that_never_began_is_owed_too() -> None:
    assert row(plan("t1", "t2"), result(task="t1")).state == "not_examined"
    assert row(plan("t1"), result(task="t1")).state == "compliant"


def test_a_task_that_runs_once_counts_for_all() -> None:
    elsewhere = result(task="t2", control=None) | {"target": "proxy2"}
    assert row(plan("t1", "t2", once=True), PLAY, result(task="t1"), elsewhere).state == "compliant"
    assert row(plan("t1", "t2"), PLAY, result(task="t1"), elsewhere).state == "not_examined"


def test_a_refused_run_has_all_its_rows_open() -> None:
    report = build([start(), run(problems=["jira: x", "jira: y"])], load())
    states = {row.state for row in report.rows}
    assert states == {"not_examined", "off", "planned"}
    assert {row.reason for row in report.rows if row.state == "not_examined"} == {"the run was refused: jira: x; jira: y"}


def test_a_run_that_never_looked_at_the_inventory_has_rows_by_its_groups() -> None:
    events = [start(), {"event": "inventory", "groups": {"atlassian_proxies": ["p1", "p2"]}}]
    found = [row for row in build(events, load()).rows if row.control == "PRX-01"]
    assert [row.target for row in found] == ["p1", "p2"]
    assert {row.reason for row in found} == {"the inventory was never examined: the run ended before"}


def test_a_failure_before_the_inventory_was_examined_is_the_reason() -> None:
    groups = {"event": "inventory", "groups": {"atlassian_proxies": ["proxy1"]}}
    events = [start(), groups, result(None, control=None, status="failed", message="value of x must be one of a, b")]
    reasons = {row.reason for row in build(events, load()).rows if row.state == "not_examined"}
    assert reasons == {"the inventory was never examined: failed before in 'a task': value of x must be one of a, b"}


def test_what_was_asked_for_is_the_reason() -> None:
    events = [start(limit="jira", tags="JIRA-01"), run()]
    reasons = {row.reason for row in build(events, load()).rows if row.control == "PRX-02"}
    assert reasons == {"no task ran: the run was asked for a part only (--limit jira, --tags JIRA-01)"}
    reasons = {row.reason for row in build([*events, PLAY], load()).rows if row.control == "PRX-02"}
    assert reasons == {"no task ran: the run was asked for a part only (--tags JIRA-01)"}


def mode(mode_name: str = "enforce", risk: dict[str, Any] | None = None, reason: str = "its reason") -> dict[str, Any]:
    entry = {"mode": mode_name, "off": mode_name == "off", "check": True, "enforced": False, "reason": reason, "risk": risk}
    return {"event": "modes", "target": "proxy1", "modes": {"PRX-02": entry, "F2B-01": entry}}


def test_an_accepted_risk_shows_what_would_change() -> None:
    found = row(mode(risk=RISK), result("drifted"), result("drifted"), result("compliant"))
    assert (found.state, found.reason, found.risk) == ("accepted", "its reason; 2 settings would change", RISK)
    assert row(mode(risk=RISK), result("drifted")).reason == "its reason; 1 setting would change"
    assert row(mode(risk=RISK)).reason == "its reason; what would change was not examined: no task ran"


def test_an_expired_risk_is_drift_whatever_was_found() -> None:
    expired = {**RISK, "expired": True}
    assert row(mode(risk=expired), result("compliant")).state == "drifted"
    assert row(mode(risk=expired)).state == "drifted"


def test_a_failure_is_not_covered_by_an_accepted_risk() -> None:
    assert row(mode(risk=RISK), result("failed")).state == "failed"


def test_off_and_planned_rows_are_named_so() -> None:
    assert row(mode("off")).state == "off"
    assert row(mode("off"), control="F2B-01").state == "planned"
    assert row(mode(risk=RISK), control="F2B-01").reason == "its reason; what would change is not known"
    assert row(control="ORG-01").state == "planned"


def test_the_mode_is_the_one_the_tasks_went_by() -> None:
    assert row().mode == "enforce"
    assert row(mode("audit"), result()).mode == "audit"


def test_equal_states_give_byte_equal_rows() -> None:
    def rows(header: dict[str, Any]) -> str:
        document = json.loads(_report_json.as_json(build([start(**header), run(), result("drifted")], load())))
        return json.dumps({"rows": document["rows"], "counts": document["counts"]})

    assert rows({"started": "now"}) == rows({"started": "then"})


def report() -> Report:
    return build([start(), run(), result("drifted"), result("failed", control="PRX-05")], load())


def test_the_json_report_is_private_whole_and_counts_every_row(tmp_path: Path) -> None:
    path = Path(_report_json.write(report(), str(tmp_path)))
    document = json.loads(path.read_text())
    assert document["schema_version"] == 1
    assert sum(document["counts"].values()) == len(document["rows"])
    assert (document["counts"]["drifted"], document["counts"]["failed"]) == (1, 1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["drift-report.json"]


def test_an_earlier_report_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "drift-report.json").write_text("old")
    _report_json.set_aside(str(tmp_path))
    assert os.listdir(tmp_path) == ["drift-report.previous.json"]


def test_the_summary_names_each_row_to_look_at() -> None:
    text = "\n".join(lines(report(), "/r/drift-report.json"))
    assert text.startswith("DRIFT REPORT (real run): 1 failed, 1 drifted, ")
    assert "  failed        proxy1  PRX-05 Status and management pages of the proxy stay inside: s; because" in text
    assert "  drifted       proxy1  PRX-02 " in text
    assert "  not examined  proxy1  PRX-01, PRX-04, PRX-06, " in text
    assert text.endswith("  The whole report: /r/drift-report.json")
    assert "planned " not in text.partition("\n")[2]
