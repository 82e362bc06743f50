# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each return code by a real run of ansible-playbook: Ansible's own stay, those of the report are opt-in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import INVENTORY, Play

ON = {"atlassian_drift_exit_codes": True}
GONE = INVENTORY.replace("proxy2: {}", "proxy2: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}")


def told(state: str, control: str = "PRX-05") -> str:
    """A task that states one setting of a control."""
    setting = {"setting": "a setting", "state": state, "before": 1, "after": 2, "reason": "because"}
    return f"- name: {control} | State\n  ansible.builtin.set_fact:\n    __atlassian_settings: [{json.dumps(setting)}]\n  tags: [{control}]\n"


def attested(**variables: Any) -> tuple[str, str]:
    """-e with everything attested, and these variables."""
    entries = [{"control": f"ORG-0{number}", "statement": "done", "by": "it", "until": "2999-12-31"} for number in range(1, 5)]
    return "-e", json.dumps({"atlassian_attestations": entries, **ON, **variables})


IGNORED = """
- name: PRX-05 | Fails
  ansible.builtin.fail:
    msg: "no"
  ignore_errors: true
  tags: [PRX-05]
"""


@pytest.mark.parametrize(
    ("tasks", "arguments", "variables", "code"),
    [
        (told("compliant"), ("--tags", "PRX-05"), {}, 0),
        (told("drifted"), ("--tags", "PRX-05"), {}, 10),
        (told("drifted"), ("--tags", "PRX-05"), {"atlassian_drift_exit_codes": False}, 0),
        (told("drifted"), ("--tags", "PRX-05"), {"atlassian_drift_threshold": "critical"}, 0),
        (IGNORED, ("--tags", "PRX-05"), {}, 11),
        (told("compliant"), (), {}, 12),
        (told("compliant"), (), {"atlassian_drift_not_examined": False}, 0),
        (told("compliant"), (), {"atlassian_drift_threshold": "critical"}, 12),
        (told("compliant"), ("--tags", "PRX-05"), {"atlassian_attestations": []}, 12),
        (told("compliant"), ("--tags", "PRX-5"), {}, 12),
    ],
    ids=[
        "0 in order", "10 drifted", "0 not opted in", "0 below the threshold", "11 failed", "12 not examined", "0 told not to count",
        "12 above the threshold", "12 nobody attests", "12 a misspelt tag",
    ],
)  # fmt: skip
def test_the_codes_of_the_report(play: Play, tasks: str, arguments: tuple[str, ...], variables: dict[str, Any], code: int) -> None:
    done = play(tasks, *arguments, *attested(**variables))
    assert done.code == code, done.output
    assert "DRIFT REPORT" in done.output


def test_it_works_in_group_vars_too(play: Play) -> None:
    shared = INVENTORY.replace("  vars:\n", "  vars:\n    atlassian_drift_exit_codes: true\n    atlassian_drift_threshold: medium\n")
    assert play(told("drifted"), inventory=shared).code == 10


def test_a_play_that_failed_keeps_its_code(play: Play) -> None:
    fails = "- name: PRX-06 | Fails\n  ansible.builtin.fail:\n    msg: no\n  tags: [PRX-06]\n"
    assert play(told("drifted") + fails, *attested()).code == 2


def test_an_unreachable_host_keeps_its_code(play: Play) -> None:
    ping = "- name: PRX-05 | Ping\n  ansible.builtin.ping:\n  tags: [PRX-05]\n"
    done = play(ping, *attested(), inventory=GONE)
    assert done.code == 4
    assert (done.state("PRX-05"), done.state("PRX-05", "proxy2")) == ("compliant", "not_examined")


@pytest.mark.parametrize("inventory", ["all: {}\n", "all: [", "all: {children: {atlassian_proxies: {hosts: {}}}}\n"], ids=["empty", "broken", "no host"])
def test_a_run_that_met_no_host_is_1_though_ansible_ends_well(play: Play, inventory: str) -> None:
    done = play(told("compliant"), inventory=inventory)
    assert done.code == 1
    assert "No play met a host, so nothing was examined" in done.output and "nothing was examined" in done.output.splitlines()[-1]


def test_a_lost_report_is_1_whatever_it_would_have_said(play: Play) -> None:
    sabotage = "\n\ndef lose(report, directory):\n    raise OSError(28, 'No space left on device')\n\n\ndrift_report._report_files.write_json = lose\n\n"
    done = play(told("drifted"), *attested(), sabotage=sabotage)
    assert done.code == 1
    assert "The drift report of this run is lost: OSError: [Errno 28] No space left on device" in done.output
    assert not (done.directory / "drift-report.json").exists()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"atlassian_drift_threshold": "urgent"}, "atlassian_drift_threshold is 'urgent', expected one of low, medium, high, critical"),
        ({"atlassian_report_formats": ["pdf"]}, "atlassian_report_formats is ['pdf'], expected a list of json, html, markdown, junit"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_the_preflight(play: Play, variables: dict[str, Any], sentence: str) -> None:
    done = play(told("compliant"), "-e", json.dumps({**ON, **variables}))
    assert done.code == 2
    assert done.header["problems"] == [f"proxy1, proxy2: {sentence}"]
    assert "PRX-05 | State" not in done.output
