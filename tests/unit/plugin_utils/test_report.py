# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events become rows: nothing that was not examined is called compliant."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import report_schema
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._comparison import compare
from ansible_collections.hardening.atlassian.plugins.plugin_utils._header import header_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report, Row, build
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document, as_json
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_screen import lines

# One control is not built here, whatever the catalogue says of it by now.
CATALOGUE = {**load(), "F2B-01": replace(load()["F2B-01"], status="planned", proof=())}
RISK = {"reason": "trial", "owner": "it-sec", "expires": "2027-01-01", "expired": False, "setting": None}


def start(**header: Any) -> dict[str, Any]:
    return {"event": "start", "header": {**header_of({}, "site.yml"), **header}}


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
    report = build([start(), run(), *events], CATALOGUE)
    return next(row for row in report.rows if row.control == control and row.target in ("proxy1", "organisation"))


def test_rows_are_catalogue_times_targets_in_the_order_of_the_catalogue() -> None:
    report = build([start(), run()], CATALOGUE)
    expected = [control.id for control in CATALOGUE.values() if control.applies(["atlassian_proxies", "organisation"])]
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
    report = build([start(), run(problems=["jira: x", "jira: y"])], CATALOGUE)
    states = {row.state for row in report.rows}
    assert states == {"not_examined", "off", "planned"}
    assert all(row.state == "not_examined" for row in report.rows if row.control.startswith("ORG"))
    assert {row.reason for row in report.rows if row.state == "not_examined"} == {"the run was refused: jira: x; jira: y"}


def test_a_run_that_never_looked_at_the_inventory_has_rows_by_its_groups() -> None:
    events = [start(), {"event": "inventory", "groups": {"atlassian_proxies": ["p1", "p2"]}}]
    found = [row for row in build(events, CATALOGUE).rows if row.control == "PRX-01"]
    assert [row.target for row in found] == ["p1", "p2"]
    assert {row.reason for row in found} == {"the inventory was never examined: the run ended before"}


def test_a_failure_before_the_inventory_was_examined_is_the_reason() -> None:
    groups = {"event": "inventory", "groups": {"atlassian_proxies": ["proxy1"]}}
    events = [start(), groups, result(None, control=None, status="failed", message="value of x must be one of a, b")]
    reasons = {row.reason for row in build(events, CATALOGUE).rows if row.state == "not_examined"}
    assert reasons == {"the inventory was never examined: failed before in 'a task': value of x must be one of a, b"}


def test_what_was_asked_for_is_the_reason() -> None:
    events = [start(limit="jira", tags="JIRA-01"), run()]
    reasons = {row.reason for row in build(events, CATALOGUE).rows if row.control == "PRX-02"}
    assert reasons == {"no task ran: the run was asked for a part only (--limit jira, --tags JIRA-01)"}
    reasons = {row.reason for row in build([*events, PLAY], CATALOGUE).rows if row.control == "PRX-02"}
    assert reasons == {"no task ran: the run was asked for a part only (--tags JIRA-01)"}


BOOM = {"target": "proxy1", "title": "the last of them"}
ENDED = "the run ended before it came to this: every host of an earlier play failed"


def later_play(hosts: str = "jira_sites") -> list[dict[str, Any]]:
    """A run whose only proxy failed, so that the play of the site never began."""
    targets = [{"name": "proxy1", "groups": ["atlassian_proxies"]}, {"name": "jira", "groups": ["jira_sites"]}]
    described = run()
    described["run"]["targets"] = targets
    owed = [{"task": "j1", "control": "JIRA-02", "title": "title of j1", "once": False}]
    site = {"play": "p2", "name": "sites", "hosts": [hosts], "tasks": owed}
    first = plan("t1")
    return [described, {**first, "plays": [*first["plays"], site]}, PLAY, result(None, status="failed", message="boom", **BOOM)]


def reason_of(control: str, target: str, *events: dict[str, Any]) -> str:
    return next(row.reason for row in build(events, CATALOGUE).rows if row.key == (control, target))


@pytest.mark.parametrize("header", [{}, {"skip_tags": "PRX-09"}, {"tags": "JIRA-02"}, {"limit": "all"}])
def test_a_play_that_never_began_since_an_earlier_one_failed_says_so(header: dict[str, str]) -> None:
    begun_by_all = {"event": "play", "play": "p0", "name": "p", "hosts": ["jira", "proxy1"]}
    assert reason_of("JIRA-02", "jira", start(**header), begun_by_all, *later_play()) == f"no task ran: {ENDED}"


def test_what_tags_left_out_is_said_even_then() -> None:
    asked = "no task ran: the run was asked for a part only (--skip-tags JIRA-03)"
    assert reason_of("JIRA-03", "jira", start(skip_tags="JIRA-03"), *later_play()) == asked
    resumed = "no task ran: the run was asked for a part only (--start-at-task x)"
    assert reason_of("JIRA-02", "jira", start(start_at_task="x"), *later_play()) == resumed


@pytest.mark.parametrize(
    ("hosts", "owed"), [("jira_sites:!atlassian_proxies", True), ("jira_sites,other", True), ("all:!jira", False), ("all:&jira_nodes", False)]
)
def test_the_patterns_of_a_play_that_never_began_are_understood(hosts: str, owed: bool) -> None:
    assert (reason_of("JIRA-02", "jira", start(), *later_play(hosts)) == f"no task ran: {ENDED}") is owed


def test_the_rest_of_a_control_is_not_told_to_be_unasked_for() -> None:
    found = build([start(skip_tags="PRX-09"), run(), plan("t1", "t2"), PLAY, result(task="t1")], CATALOGUE)
    assert (
        next(row.reason for row in found.rows if row.control == "PRX-02")
        == "'title of t2' did not run: the play ended before, or its task was declined (--step)"
    )


def test_only_what_was_asked_for_and_could_not_be_examined_is_unseen() -> None:
    refused = build([start(), run(problems=["x"])], CATALOGUE)
    assert refused.unseen == {row.key for row in refused.rows if row.state == "not_examined"}
    part = build([start(tags="PRX-02"), run(), plan("t1"), PLAY], CATALOGUE)
    assert part.unseen == {("PRX-02", "proxy1")}, "neither what was left out nor a statement that nobody made"


def mode(mode_name: str = "enforce", risk: dict[str, Any] | None = None, reason: str = "its reason") -> dict[str, Any]:
    entry = {"mode": mode_name, "off": mode_name == "off", "check": True, "enforced": False, "reason": reason, "risk": risk, "setting_risks": []}
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


@pytest.mark.parametrize("risk", [RISK, {**RISK, "expired": True}])
@pytest.mark.parametrize("asked", [{"tags": "JIRA-02"}, {"limit": "jira"}])
def test_nothing_is_said_of_a_risk_where_nobody_looked(risk: dict[str, Any], asked: dict[str, str]) -> None:
    """PRX-02 has a task in a play on other hosts, and none in a run that --tags cut down."""
    elsewhere = {"event": "play", "play": "p0", "name": "p", "hosts": ["jira"]}
    report = build([start(**asked), run(), *([plan("t1")] if "limit" in asked else []), elsewhere, mode(risk=risk)], CATALOGUE)
    (found,) = [row for row in report.rows if row.control == "PRX-02"]
    assert found.state == "not_examined" and found.key in report.left_out and found.risk == risk
    assert found.reason.startswith("no task ran: the run was asked for a part only")
    assert {row.state for row in report.rows if row.control == "F2B-01"} == {"not_examined"}, "not built, but accepted"


def test_an_accepted_statement_is_part_of_every_run() -> None:
    entry = {"mode": "audit", "reason": "its reason", "risk": RISK}
    report = build([start(tags="PRX-02"), run(modes={"organisation": {"ORG-01": entry}})], CATALOGUE)
    assert [row.state for row in report.rows if row.control == "ORG-01"] == ["accepted"]


def test_nothing_is_said_of_a_risk_where_the_run_was_refused() -> None:
    expired = {**RISK, "expired": True}
    refused = build([start(), run(problems=["x"], modes={"proxy1": {"PRX-02": {"mode": "audit", "reason": "", "risk": expired}}})], CATALOGUE)
    (found,) = [row for row in refused.rows if row.control == "PRX-02"]
    assert (found.state, found.reason) == ("not_examined", "the run was refused: x")


def test_a_failure_is_not_covered_by_an_accepted_risk() -> None:
    assert row(mode(risk=RISK), result("failed")).state == "failed"


def test_off_and_planned_rows_are_named_so() -> None:
    assert row(mode("off")).state == "off"
    assert row(mode("off"), control="F2B-01").state == "planned"
    assert row(mode(risk=RISK), control="F2B-01").reason == "its reason; what would change is not known"
    assert row(control="F2B-01").state == "planned"


def test_the_mode_is_the_one_the_tasks_went_by() -> None:
    assert row().mode == "enforce"
    assert row(mode("audit"), result()).mode == "audit"


def test_equal_states_give_byte_equal_documents_but_for_the_header() -> None:
    def rest(header: dict[str, Any]) -> str:
        document = as_document(build([start(**header), run(), result("drifted")], CATALOGUE))
        return as_json({name: value for name, value in document.items() if name != "header"})

    assert rest({"started": "now", "vantage": "here"}) == rest({"started": "then", "vantage": "there"})


@pytest.mark.parametrize("header", [{}, {"tags": "JIRA-01"}, {"limit": "jira"}, {"skip_tags": "PRX-02"}])
def test_only_rows_that_were_not_asked_for_are_left_out(header: dict[str, str]) -> None:
    report = build([start(**header), run(), plan("t1"), PLAY, result(None, None, "unreachable", "t9", message="no route")], CATALOGUE)
    left_out = {control for control, _target in report.left_out}
    if header.get("limit"):
        assert left_out == set(), "the play ran on this host, so --limit did not keep it away"
    else:
        assert ("PRX-01" in left_out) is bool(header), "its tasks are in no play"
    assert "PRX-02" not in left_out, "its task was asked for and did not run"
    assert not any(control.startswith("ORG") for control in left_out), "what is attested is in every run"


def test_a_host_that_no_play_ran_on_was_left_out_by_the_limit() -> None:
    elsewhere = {"event": "play", "play": "p0", "name": "p", "hosts": ["jira"]}
    report = build([start(limit="jira"), run(), plan("t1"), elsewhere], CATALOGUE)
    assert ("PRX-02", "proxy1") in report.left_out
    assert build([start(), run(), plan("t1"), elsewhere], CATALOGUE).left_out == frozenset()


@pytest.mark.parametrize(
    ("states", "score"),
    [
        (("compliant", "changed", "drifted"), {"examined": 3, "in_order": 2, "percent": 66}),
        (("failed", "not_applicable"), {"examined": 1, "in_order": 0, "percent": 0}),
        (("not_applicable",), {"examined": 0, "in_order": 0, "percent": None}),
        (("compliant",), {"examined": 1, "in_order": 1, "percent": 100}),
    ],
)
def test_the_score_is_of_what_was_examined(states: tuple[str, ...], score: dict[str, int | None]) -> None:
    results = [result(state, control=control) for state, control in zip(states, ("PRX-01", "PRX-02", "PRX-05"), strict=False)]
    assert build([start(), run(), *results], CATALOGUE).score() == score


def test_statements_alone_make_no_score(make: Any) -> None:
    assert make({"ORG-01": "attested", "PRX-01": "not_examined"}).score() == {"examined": 0, "in_order": 0, "percent": None}
    assert make({"ORG-01": "attested", "PRX-01": "compliant"}).score() == {"examined": 2, "in_order": 2, "percent": 100}


def test_an_accepted_row_is_apart_from_the_score() -> None:
    report = build([start(), run(), mode(risk=RISK), result("drifted"), result("compliant", control="PRX-01")], CATALOGUE)
    assert [row.control for row in report.rows if row.state == "accepted"] == ["PRX-02", "F2B-01"]
    assert report.score() == {"examined": 1, "in_order": 1, "percent": 100}


def test_a_document_is_as_its_schema_says() -> None:
    for events in ([start()], [start(), run(problems=["x"])], [start(), run(), mode(risk=RISK), result("drifted"), result("failed", control="PRX-05")]):
        report = build(events, CATALOGUE)
        compare(report, "/nonexistent")
        assert report_schema.problems(json.loads(as_json(as_document(report)))) == []


def test_the_schema_lets_nothing_else_through() -> None:
    report = build([start(), run(), result("drifted")], CATALOGUE)
    compare(report, "/nonexistent")
    document = as_document(report)
    for place in (document, document["header"], document["rows"][0], document["rows"][1]["settings"][0], document["targets"][0], document["score"]):
        place["surprise"] = 1
        assert any("surprise" in problem for problem in report_schema.problems(document))
        del place["surprise"]
    document["counts"]["drifted"] += 1
    assert report_schema.problems(document) == ["counts.drifted is 2"]


def report() -> Report:
    return build([start(), run(), result("drifted"), result("failed", control="PRX-05")], CATALOGUE)


def test_the_summary_names_each_row_to_look_at() -> None:
    text = "\n".join(lines(as_document(report()), "/r/drift-report.json"))
    assert text.startswith("DRIFT REPORT (real run): 1 failed, 1 drifted, ")
    assert "  failed        proxy1  PRX-05 Status and management pages of the proxy stay inside: s; because" in text
    assert "  drifted       proxy1  PRX-02 " in text
    assert "  not examined  proxy1  PRX-01, PRX-04, PRX-06, " in text
    assert "\n  The whole report: /r/drift-report.json\nDrift report site 20" in text
    assert "planned " not in text.partition("\n")[2]
