# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts outlive their playbook: what one run was allowed must not let another write, and one host's variables are not those of the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .plays import SITE, Play, ansible_playbook, site_play

SYSTEM_FEATURE = "atlassian.rest.xsrf.legacy.enabled"  # which no write changes
SOME = ("--tags", "JIRA-02,JIRA-08")  # every version writes both

# What the site run has closed is open again, and the audit log is empty.
DRIFT = """
- name: Everything drifts
  hosts: jira_sites
  connection: local
  gather_facts: false
  tags: [always]
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - name: Reset the product
      ansible.builtin.uri:
        url: "{{ atlassian_api_url }}/__sim__/reset"
        method: POST
        status_code: [200, 204]
      check_mode: false
"""
IMPORTED = "\n- name: {0}\n  ansible.builtin.import_playbook: hardening.atlassian.{0}\n"
# Roles of ours in a play that promises not to write, by a variable that the inventory does not know.
OWN = """
- name: Look only
  hosts: jira_sites
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
    atlassian_read_only: true
  roles:
    - role: hardening.atlassian.atlassian
    - role: hardening.atlassian.jira_hardening
"""


@pytest.fixture
def play(simulator: Any, tmp_path: Path) -> Play:
    credentials = {"atlassian_api_token": simulator.secrets["admin_token"], "atlassian_witness_token": simulator.secrets["user_token"]}
    return site_play(simulator, tmp_path, {**credentials, "jira_hardening_dark_features_allowed": [SYSTEM_FEATURE]})


def book(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"---{text}")
    return str(path)


def elsewhere(simulator: Any) -> str:
    """The same product at another address, for a second site: two with one address are refused."""
    return str(simulator.url).replace("127.0.0.1", "localhost")


def test_a_drift_run_after_a_real_one_writes_nothing(simulator: Any, play: Play, tmp_path: Path) -> None:
    done = play("site", book(tmp_path, "reset.yml", DRIFT), "hardening.atlassian.drift", *SOME)
    assert done.code == 0, done.said[-3000:]
    assert simulator.audit() == []
    assert (done.report["header"]["playbook"], done.report["header"]["read_only"]) == ("drift.yml", True)
    assert {done.rows[control]["state"] for control in ("JIRA-02", "JIRA-08")} == {"drifted"}


def test_a_real_run_after_a_drift_run_writes(simulator: Any, play: Play) -> None:
    done = play("drift", "hardening.atlassian.site", *SOME)
    assert done.code == 0, done.said[-3000:]
    assert (done.report["header"]["playbook"], done.report["header"]["read_only"]) == ("site.yml", False)
    assert {done.rows[control]["state"] for control in ("JIRA-02", "JIRA-08")} == {"changed"}
    assert simulator.audit()


def test_two_runs_in_one_playbook_are_refused(simulator: Any, play: Play, tmp_path: Path) -> None:
    imported = [IMPORTED.format(name) for name in ("site", "drift")]
    wrapper = book(tmp_path, "both.yml", DRIFT.join(imported))
    inventory = tmp_path / "inventory.yml"
    play("drift", *SOME)
    done = ansible_playbook(simulator, tmp_path, {}, "-i", str(inventory), wrapper, *SOME)
    assert done.code == 2 and "one run for each ansible-playbook" in done.said
    assert simulator.audit() == []


@pytest.mark.parametrize("kind", ["another playbook", "the same playbook"])
def test_a_play_that_promises_not_to_write_does_not_go_by_an_earlier_run(simulator: Any, play: Play, tmp_path: Path, kind: str) -> None:
    if kind == "another playbook":
        done = play("site", book(tmp_path, "reset.yml", DRIFT), book(tmp_path, "own.yml", OWN), *SOME)
    else:
        play("drift", *SOME)
        wrapper = book(tmp_path, "own.yml", f"{IMPORTED.format('site')}{DRIFT}{OWN}")
        done = ansible_playbook(simulator, tmp_path, {}, "-i", str(tmp_path / "inventory.yml"), wrapper, *SOME)
    assert done.code == 0, done.said[-3000:]
    assert simulator.audit() == []


def test_a_first_host_that_is_read_only_does_not_make_the_run_so(simulator: Any, tmp_path: Path) -> None:
    tokens = {"atlassian_api_token": simulator.secrets["admin_token"], "atlassian_witness_token": simulator.secrets["user_token"]}
    site = {"atlassian_api_url": simulator.url, **tokens}
    sites = {
        "A-first": {**site, "atlassian_api_url": elsewhere(simulator), "atlassian_url": "https://first.example.com", "atlassian_read_only": True},
        SITE: {**site, "atlassian_url": "https://tracker.example.com"},
    }
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(json.dumps({"all": {"children": {"jira_sites": {"hosts": sites}}}}))
    done = ansible_playbook(simulator, tmp_path, {}, "-i", str(inventory), "hardening.atlassian.site", *SOME)
    assert done.code == 0, done.said[-3000:]
    assert done.report["header"]["read_only"] is False and done.rows["JIRA-02"]["state"] == "changed"
    alone = ansible_playbook(simulator, tmp_path, {}, "-i", str(inventory), "hardening.atlassian.site", *SOME, "--limit", "A-first")
    assert alone.report["header"]["read_only"] is True


def test_hosts_that_want_the_report_elsewhere_are_refused(simulator: Any, play: Play, tmp_path: Path) -> None:
    play("drift", *SOME)
    inventory = tmp_path / "inventory.yml"
    known = json.loads(inventory.read_text())["all"]["children"]["jira_sites"]["hosts"][SITE]
    address = {"atlassian_api_url": elsewhere(simulator), "atlassian_url": "https://second.example.com"}
    second = {**known, **address, "atlassian_report_directory": str(tmp_path / "elsewhere")}
    inventory.write_text(json.dumps({"all": {"children": {"jira_sites": {"hosts": {SITE: known, "Second": second}}}}}))
    done = ansible_playbook(simulator, tmp_path, {}, "-i", str(inventory), "hardening.atlassian.site", *SOME)
    assert done.code == 2 and "there is one report of a run: set it for all hosts" in done.said
    assert simulator.audit() == []


def test_a_misspelt_second_name_in_limit_is_refused(simulator: Any, play: Play) -> None:
    done = play("site", "--limit", f"{SITE},Team-Traker")
    assert done.code == 2 and f"--limit: 'Team-Traker' is no host and no group of the inventory, did you mean {SITE}?" in done.said
    assert simulator.audit() == []
