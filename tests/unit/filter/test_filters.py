# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters as templates call them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible import context
from ansible.errors import AnsibleFilterError
from ansible_collections.hardening.atlassian.plugins.filter.control_modes import control_modes
from ansible_collections.hardening.atlassian.plugins.filter.report_rows import report_rows
from ansible_collections.hardening.atlassian.plugins.filter.world import world
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _networks
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables

HOSTVARS: dict[str, dict[str, Any]] = {"proxy1": {"atlassian_controls": {"PRX-14": False}}}
GROUPS = {"all": ["proxy1"], "atlassian_proxies": ["proxy1"], "ungrouped": []}


def test_world_describes_the_run() -> None:
    run = world(HOSTVARS, GROUPS, report_directory="reports", check_mode=True)
    assert run["problems"] == []
    assert run["report_directory"] == os.path.join(os.getcwd(), "reports")
    assert run["targets"] == [
        {"name": "proxy1", "groups": ["atlassian_proxies"]},
        {"name": "organisation", "groups": ["organisation"]},
    ]
    assert sorted(run["modes"]) == ["organisation", "proxy1"]
    assert {control.partition("-")[0] for control in run["modes"]["proxy1"]} == {"PRX", "TLS", "WAF", "F2B"}
    assert run["modes"]["proxy1"]["PRX-14"]["off"] is True
    assert run["modes"]["proxy1"]["PRX-01"]["check"] is True
    # It becomes a fact, so it must be made of plain values; two runs are never the same run.
    assert json.loads(json.dumps(run)) == run
    assert world(HOSTVARS, GROUPS)["id"] != run["id"]


@pytest.mark.parametrize(("value", "writes"), [(False, True), ("no", True), (True, False), ("yes", False), ("perhaps", False)])
def test_one_host_may_be_read_only(value: object, writes: bool) -> None:
    run = world({"proxy0": {}, "proxy1": {"atlassian_read_only": value}}, {"all": ["proxy0", "proxy1"], "atlassian_proxies": ["proxy0", "proxy1"]})
    assert run["read_only"] is False
    assert run["modes"]["proxy0"]["PRX-01"]["check"] is False
    assert run["modes"]["proxy1"]["PRX-01"]["check"] is not writes


def test_world_of_a_broken_inventory_still_has_targets_for_the_report() -> None:
    run = world({"proxy1": {"atlassian_controls": "all"}}, GROUPS)
    assert run["problems"] == ["proxy1: atlassian_controls is 'all', expected a mapping of control ids to modes"]
    assert run["modes"]["proxy1"] == {}
    assert len(run["targets"]) == 2


def test_an_accepted_risk_of_the_organisation_is_seen() -> None:
    risk = {"control": "ORG-01", "hosts": ["organisation"], "reason": "one-man shop", "owner": "it", "expires": "2030-01-01"}
    run = world({"proxy1": {"atlassian_accepted_risks": [risk]}}, GROUPS, today="2026-11-23")
    assert run["problems"] == []
    assert run["modes"]["organisation"]["ORG-01"]["risk"]["owner"] == "it"


def test_control_modes_joins_defaults_and_overrides() -> None:
    found = control_modes("proxy1", ["atlassian_proxies"], {"PRX-14": "audit"}, [], check_mode=False)
    assert (found["PRX-14"]["mode"], found["PRX-01"]["mode"]) == ("audit", "enforce")


@pytest.mark.parametrize(
    ("overrides", "today", "words"),
    [({"X": "off"}, None, "names the unknown control 'X'"), ({}, "someday", "today is 'someday'")],
)
def test_control_modes_says_what_is_wrong(overrides: dict[str, str], today: str | None, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match="hardening.atlassian.control_modes: ") as caught:
        control_modes("proxy1", ["atlassian_proxies"], overrides, [], today=today)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        *[
            ("PRX-99", ""),
            ("prx-02", "PRX-02"),
            ("JIRA-2", "JIRA-02"),
            ("CONF_01", "CONF-01"),
            ("TLS3", "TLS-03"),
            ("f2b-1", "F2B-01"),
            ("JIRA-012", "JIRA-12"),
        ],
        *[("PXR-02", "PRX-02"), ("JRIA-02", "JIRA-02"), ("jria 2", "JIRA-02"), ("CON-03", "CONF-03"), ("WFA-01", "WAF-01"), ("FB2-01", "F2B-01")],
        *[("JIRA-O2", "JIRA-02"), ("JIRA-1o", "JIRA-10"), ("PRX--02", "PRX-02"), ("PRX\u201302", "PRX-02"), ("PRX - 02", "PRX-02"), ("PRC-02", "PRX-02")],
        *[("JITA-02", "JIRA-02"), ("CONFF-03", "CONF-03"), ("APP-9", "")],
    ],
)
def test_a_tag_that_looks_like_a_control_and_is_none_is_a_problem(tag: str, nearest: str) -> None:
    (problem,) = world(HOSTVARS, GROUPS, tags=["PRX-02", tag, "web"])["problems"]
    assert problem.startswith(f"--tags or --skip-tags: {tag!r} is no control") and f"did you mean {nearest}" in problem


@pytest.mark.parametrize(
    "tag",
    [
        *["all", "never", "tagged", "WAF-01", "server-01", "jira", "tls", "prx", "2", "PRX-", "prx-02-later"],
        *["web-01", "WEB-01", "app-2", "node-1", "phase-1", "prd-01", "pre-1", "config-1", "pr-12", "PR-12", "v2", "py3", "step_10", "2026-11", "O-2"],
    ],
)
def test_tags_of_others_are_left_alone(tag: str) -> None:
    assert world(HOSTVARS, GROUPS, tags=[tag])["problems"] == []


LIMITED = {"all": ["tracker", "tow", "2001:db8::7"], "atlassian_proxies": ["tracker"], "prod": ["tow"], "ungrouped": ["2001:db8::7"]}


@pytest.mark.parametrize(
    ("limit", "name", "nearest"),
    [
        ("tracker,toww", "toww", "tow"),
        ("tracker:trakcer", "trakcer", "tracker"),
        ("tracker, atlassian_proxy", "atlassian_proxy", "atlassian_proxies"),
        ("prod,zzzzz", "zzzzz", ""),
    ],
)
def test_a_limit_that_names_nobody_is_a_problem(limit: str, name: str, nearest: str) -> None:
    run = world({host: {} for host in LIMITED["all"]}, LIMITED, limit=limit)
    assert run["problems"] == [f"--limit: {name!r} is no host and no group of the inventory" + (f", did you mean {nearest}?" if nearest else "")]


@pytest.mark.parametrize(
    "limit",
    [
        *["", "all", "tracker", "tracker,tow", "tracker:tow", "prod, localhost", "2001:db8::7", "tracker,2001:db8::7", "@site.retry", "~tr.*", "tr*,t?w"],
        *["tow[0:3]", "prod[0]", "all:!nobody", "tracker,&nobody", "ungrouped"],
    ],
)
def test_limits_that_hold_and_patterns_are_left_alone(limit: str) -> None:
    assert world({host: {} for host in LIMITED["all"]}, LIMITED, limit=limit)["problems"] == []


TWO = {"all": ["a", "b", "other"], "atlassian_proxies": ["a", "b"], "ungrouped": ["other"]}


@pytest.mark.parametrize(
    ("hosts", "promised", "expected"),
    [
        ({"a": {"atlassian_read_only": True}, "b": {}}, False, (False, {"a": True, "b": False})),
        ({"a": {}, "b": {"atlassian_read_only": True}}, False, (False, {"a": False, "b": True})),
        ({"a": {"atlassian_read_only": True}, "b": {"atlassian_read_only": "yes"}}, False, (True, {"a": True, "b": True})),
        ({"a": {}, "b": {}}, True, (True, {"a": True, "b": True})),
        # What a host sees in the play, where a play has variables of its own or is limited to some hosts.
        ({"a": {"__atlassian_host": {"read_only": True}}, "b": {"__atlassian_host": {"read_only": True}}}, False, (True, {"a": True, "b": True})),
        ({"a": {"__atlassian_host": {"read_only": True}}, "b": {}}, False, (True, {"a": True, "b": False})),
        ({"a": {"atlassian_read_only": True, "__atlassian_host": {"read_only": False}}, "b": {}}, False, (False, {"a": False, "b": False})),
    ],
)
def test_a_run_is_read_only_where_all_its_hosts_are(hosts: dict[str, dict[str, Any]], promised: bool, expected: tuple[bool, dict[str, bool]]) -> None:
    run = world({**hosts, "other": {}}, TWO, read_only=promised)
    assert run["problems"] == []
    assert (run["read_only"], {name: run["modes"][name]["PRX-01"]["check"] for name in hosts}) == expected


def test_hosts_that_want_the_report_elsewhere_are_named(tmp_path: Path) -> None:
    def told(a: str, b: str) -> dict[str, Any]:
        return world({"a": {"__atlassian_host": {"report_directory": a}}, "b": {"__atlassian_host": {"report_directory": b}}, "other": {}}, TWO)

    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    assert told(here, f"{here}/")["problems"] == [] and told(here, here)["report_directory"] == here
    assert told(here, there)["problems"] == [
        f"a: atlassian_report_directory is {here!r} here and {there!r} for b, and there is one report of a run: set it for all hosts"
    ]


def test_several_playbooks_of_one_call_are_several_runs_but_one_playbook_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "CLIARGS", {"args": ("site.yml", "drift.yml")})
    first = world(HOSTVARS, GROUPS)
    second = world(HOSTVARS, GROUPS, read_only=True, earlier=first)
    assert (first["promised"], second["promised"], second["problems"]) == (False, True, [])
    assert second["id"] != first["id"] and second["modes"]["proxy1"]["PRX-01"]["check"] is True
    assert "one run for each ansible-playbook" in world(HOSTVARS, GROUPS, earlier=second)["problems"][0]
    monkeypatch.setattr(context, "CLIARGS", {"args": ("both.yml",)})
    assert "one run for each ansible-playbook" in world(HOSTVARS, GROUPS, earlier=first)["problems"][0]


SOURCE = "".join(path.read_text(encoding="utf-8") for path in Path(_networks.__file__).parent.glob("_*.py"))
READ = [variable for variables in known_variables().values() for variable in variables if f'"{variable}"' in SOURCE]
JUNK = [
    None, True, 3, -1, 2.5, "x", "", "\x00", [], [None], [3], ["x"], [["x"]], [{}], [{"id": ["x"]}], [{"control": ["x"], "hosts": [["a"]], "setting": {}}],
    {}, {3: 4}, {"x": ["y"]}, {"PRX-02": ["y"]},
]  # fmt: skip


@pytest.mark.parametrize("value", JUNK, ids=repr)
def test_no_value_of_any_variable_keeps_world_from_describing_the_run(value: Any) -> None:
    """Whether it is a problem is for other tests: here, none ends in a traceback before the report has its rows."""
    assert {"atlassian_url", "atlassian_controls", "apache_waf_exclusions_off"} <= set(READ)
    members = {"atlassian_proxies": ["proxy1"], "jira_sites": ["jira"], "confluence_sites": ["wiki"], "jira_nodes": ["node1"]}
    groups = {**members, "all": ["proxy1", "jira", "wiki", "node1"]}
    for name in READ:
        run = world({host: {name: value} for host in groups["all"]}, groups)
        assert [target["name"] for target in run["targets"]] == ["jira", "node1", "proxy1", "wiki", "organisation"]


def test_world_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AnsibleFilterError, match="today is 'x', expected a day"):
        world(HOSTVARS, GROUPS, today="x")
    monkeypatch.setattr(_networks, "NETADDR_ERROR", ImportError("no netaddr"))
    with pytest.raises(AnsibleFilterError, match="netaddr is missing"):
        world(HOSTVARS, GROUPS)


def test_report_rows_needs_the_events_of_this_run(tmp_path: Path) -> None:
    with pytest.raises(AnsibleFilterError, match="hardening.atlassian.report_rows: there are no events of this run in"):
        report_rows(str(tmp_path), "r1")
    run = world(HOSTVARS, GROUPS, report_directory=str(tmp_path))
    events = [{"event": "start", "header": {}}, {"event": "run", "run": run}]
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    counts = report_rows(str(tmp_path), run["id"])
    assert counts["not_examined"] > 0
    assert counts["compliant"] == 0
    assert sum(counts.values()) > 30
