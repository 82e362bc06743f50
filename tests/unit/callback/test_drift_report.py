# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback in real runs of ansible-playbook."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from .conftest import INVENTORY, PREFLIGHT, Play

FILE = """
- name: PRX-05 | A file
  ansible.builtin.copy:
    content: "x\\n"
    dest: "{{ place }}/{{ inventory_hostname }}.txt"
    mode: "0644"
  tags: [PRX-05]
"""

MIXED = """
- name: PRX-01 | Fine
  ansible.builtin.assert:
    that: true
  tags: [PRX-01]

- name: PRX-02 | Audited in a loop
  ansible.builtin.copy:
    content: "{{ item.secret }}"
    dest: "{{ place }}/{{ inventory_hostname }}.{{ item.name }}"
    mode: "0600"
  check_mode: "{{ true or ansible_check_mode }}"
  diff: false
  loop:
    - {name: one, secret: canary-in-item}
    - {name: two, secret: canary-in-item}
  loop_control:
    label: "{{ item.name }}"
  tags: [PRX-02]

- name: PRX-06 | A loop without a label
  ansible.builtin.copy:
    content: "{{ item.secret }}"
    dest: "{{ place }}/{{ inventory_hostname }}.unlabelled"
    mode: "0600"
  diff: false
  loop:
    - {secret: canary-in-item}
  tags: [PRX-06]

- name: PRX-07 | Hidden
  ansible.builtin.copy:
    content: canary-in-no-log
    dest: "{{ place }}/{{ inventory_hostname }}.hidden"
    mode: "0600"
  no_log: true
  tags: [PRX-07]

- name: PRX-08 | Skipped
  ansible.builtin.assert:
    that: true
  when: inventory_hostname == 'nobody'
  tags: [PRX-08]

- name: PRX-12 | Stated by the role
  ansible.builtin.set_fact:
    __atlassian_settings:
      - {setting: "networks of {{ inventory_hostname }}", state: not_applicable, reason: there are none}
  tags: [PRX-12]

- name: PRX-14 | Only collected
  ansible.builtin.stat:
    path: "{{ place }}"
  tags: [PRX-14]

- name: TLS-01 | First
  ansible.builtin.assert:
    that: true
  tags: [TLS-01]

- name: Something in between
  ansible.builtin.fail:
    msg: "no way to https://joe:canary-in-url@example.com"
  when: inventory_hostname == 'proxy2'

- name: TLS-01 | Second
  ansible.builtin.assert:
    that: true
  tags: [TLS-01]

- name: TLS-02 | Fails
  ansible.builtin.assert:
    that: false
    fail_msg: the certificate is of another
  tags: [TLS-02]
"""


def test_a_real_run(play: Play) -> None:
    done = play(MIXED)
    assert done.code == 2
    states = {name: done.state(name) for name in ("PRX-01", "PRX-02", "PRX-06", "PRX-07", "PRX-08", "PRX-12", "PRX-14", "TLS-01", "TLS-02", "TLS-04")}
    assert states == {
        "PRX-01": "compliant",
        "PRX-02": "drifted",
        "PRX-06": "changed",
        "PRX-07": "changed",
        "PRX-08": "not_examined",
        "PRX-12": "not_applicable",
        "PRX-14": "not_examined",
        "TLS-01": "compliant",
        "TLS-02": "failed",
        "TLS-04": "not_examined",
    }
    place = done.directory.parent / "proxy1"
    assert [entry["setting"] for entry in done.row("PRX-02")["settings"]] == [f"{place}.one", f"{place}.two"]
    assert [entry["setting"] for entry in done.row("PRX-06")["settings"]] == [f"{place}.unlabelled"]
    assert done.row("PRX-07")["reason"] == "the values are hidden by no_log"
    assert done.row("PRX-08")["reason"].startswith("every task of this control was skipped: the condition")
    assert done.row("PRX-12")["settings"][0]["setting"] == "networks of proxy1"
    assert done.row("TLS-02")["reason"] == "the certificate is of another"
    # proxy2 left between the two tasks of TLS-01: its first one alone proves nothing.
    assert done.row("TLS-01", "proxy2")["state"] == "not_examined"
    assert done.row("TLS-01", "proxy2")["reason"] == (
        "'Second' did not run: failed earlier in 'Something in between': no way to https://***@example.com"
    )
    assert done.state("TLS-02", "proxy2") == "not_examined"
    assert done.state("PRX-02", "proxy2") == "drifted"
    for path in (done.directory / "events.jsonl", done.directory / "drift-report.json"):
        assert "canary" not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(done.directory.stat().st_mode) == 0o700


def test_check_then_real_then_check(play: Play, tmp_path: Path) -> None:
    before = play(FILE, "--check")
    assert before.code == 0
    setting = {"setting": str(tmp_path / "proxy1.txt"), "before": None, "after": "x\n", "state": "drifted", "reason": ""}
    assert before.row("PRX-05")["settings"] == [setting]
    assert not (tmp_path / "proxy1.txt").exists()
    again = play(FILE, "--check")
    assert json.dumps(again.report["rows"]) == json.dumps(before.report["rows"])
    assert (again.directory / "drift-report.previous.json").is_file()
    real = play(FILE)
    assert real.row("PRX-05")["settings"] == [{**setting, "state": "changed"}]
    assert play(FILE, "--check").state("PRX-05") == "compliant"
    assert "rows {" in real.output
    assert "DRIFT REPORT (real run): " in real.output


def test_a_read_only_run_is_a_check(play: Play, tmp_path: Path) -> None:
    done = play(FILE, "-e", '{"atlassian_read_only": true}')
    assert done.state("PRX-05") == "drifted"
    assert done.report["header"]["read_only"] is True
    assert not (tmp_path / "proxy1.txt").exists()


def test_what_cannot_look_in_check_mode_is_not_examined(play: Play) -> None:
    done = play("- name: PRX-05 | Run\n  ansible.builtin.command:\n    cmd: 'true'\n  tags: [PRX-05]", "--check")
    assert done.row("PRX-05")["reason"] == "this step has no check mode: Command would have run if not in check mode"
    assert done.state("PRX-05") == "not_examined"


def test_an_unreachable_host_is_not_examined(play: Play) -> None:
    gone = INVENTORY.replace("proxy2: {}", "proxy2: {ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1}")
    done = play(FILE, inventory=gone)
    assert done.code == 4
    assert done.state("PRX-05") == "changed"
    row = done.row("PRX-05", "proxy2")
    assert row["state"] == "not_examined"
    assert row["reason"].startswith("unreachable: ")
    assert done.row("PRX-02", "proxy2")["reason"].startswith("unreachable earlier in 'A file': ")


def test_errors_that_are_ignored_still_count(play: Play) -> None:
    ignored = "- name: PRX-05 | Fails\n  ansible.builtin.fail:\n    msg: no\n  ignore_errors: true\n  tags: [PRX-05]\n"
    done = play(ignored)
    assert (done.code, done.state("PRX-05")) == (0, "failed")


def test_a_task_with_two_controls_counts_for_none(play: Play) -> None:
    done = play("- name: Both\n  ansible.builtin.assert:\n    that: true\n  tags: [PRX-05, PRX-06]\n")
    assert (done.state("PRX-05"), done.state("PRX-06")) == ("not_examined", "not_examined")


def test_tags_and_limit_are_said(play: Play) -> None:
    done = play(FILE, "--tags", "PRX-06", "--limit", "proxy1")
    assert done.row("PRX-05")["reason"] == "no task ran: the run was asked for a part only (--tags PRX-06)"
    assert done.row("PRX-05", "proxy2")["reason"] == "no task ran: the run was asked for a part only (--limit proxy1, --tags PRX-06)"
    assert (done.report["header"]["limit"], done.report["header"]["tags"]) == ("proxy1", "PRX-06")


def test_a_refused_inventory_still_has_its_report(play: Play, tmp_path: Path) -> None:
    done = play(FILE, "-e", "atlassian_exposure=lan")
    assert done.code == 2
    assert not (tmp_path / "proxy1.txt").exists()
    assert set(done.report["counts"].items()) >= {("compliant", 0), ("changed", 0), ("drifted", 0)}
    assert done.row("PRX-05")["reason"] == (
        "the run was refused: proxy1, proxy2: atlassian_exposure is 'lan', expected one of intranet, vpn, internet"
    )


def test_a_misspelt_group_never_looks_clean(play: Play) -> None:
    done = play(FILE, inventory=INVENTORY.replace("atlassian_proxies", "atlassian_proxis"))
    assert done.code == 2
    assert done.report["counts"]["compliant"] == 0
    assert "the group 'atlassian_proxis' is unknown, did you mean 'atlassian_proxies'?" in done.report["header"]["problems"][0]


def test_a_run_that_never_examined_the_inventory_reports_that(play: Play) -> None:
    done = play(FILE, preflight="", closing="")
    assert done.row("PRX-02")["reason"] == "the inventory was never examined: the run ended before"
    assert done.state("PRX-05") == "changed"


def test_it_is_loaded_once_even_if_enabled_as_well(play: Play) -> None:
    done = play(FILE, environment={"ANSIBLE_CALLBACKS_ENABLED": "hardening.atlassian.drift_report"})
    assert done.output.count("DRIFT REPORT") == 1
    assert len(done.row("PRX-05")["settings"]) == 1


def test_a_playbook_without_controls_gets_no_report(play: Play) -> None:
    done = play(preflight="", closing="")
    assert done.code == 0
    assert "DRIFT REPORT" not in done.output
    assert not done.directory.exists()


def test_each_playbook_of_one_call_has_its_own_report(play: Play) -> None:
    done = play(FILE, times=2)
    assert done.code == 0 and done.output.count("DRIFT REPORT") == 2
    assert [entry["state"] for entry in done.row("PRX-05")["settings"]] == ["compliant"]
    before = json.loads((done.directory / "drift-report.previous.json").read_text())
    assert done.header["comparison"]["previous"]["run_id"] == before["header"]["run_id"] != done.header["run_id"]
    assert before["counts"]["changed"] == 2 and done.report["counts"]["changed"] == 0


def test_a_run_that_an_earlier_playbook_has_described_is_known_to_the_next(play: Play) -> None:
    """As in the roles, which describe the run only where no fact tells it, and facts outlive a playbook."""
    once = PREFLIGHT.replace("      run_once: true\n", "      run_once: true\n      when: __atlassian_run is not defined\n", 1)
    done = play(FILE, preflight=once, times=2)
    assert done.code == 0 and done.output.count("DRIFT REPORT") == 2
    before = json.loads((done.directory / "drift-report.previous.json").read_text())
    assert (before["counts"]["changed"], done.report["counts"]["changed"], done.state("PRX-05")) == (2, 0, "compliant")
    assert not (done.directory.parent / "drift-report" / "drift-report").exists()


UNDO = "- name: Bring something back\n  ansible.builtin.debug:\n    msg: back\n"


def test_a_run_that_has_no_control_to_do_leaves_the_report_of_another_alone(play: Play) -> None:
    first = play(FILE)
    files = {path.name: path.read_bytes() for path in first.directory.iterdir()}
    done = play(UNDO, "-e", '{"atlassian_drift_exit_codes": true}', closing="")
    assert done.code == 0 and "DRIFT REPORT" not in done.output
    assert {path.name: path.read_bytes() for path in done.directory.iterdir()} == files


def test_a_control_that_comes_by_an_include_is_reported(play: Play, tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text(FILE)
    done = play("- name: More\n  ansible.builtin.include_tasks: more.yml\n")
    assert done.code == 0 and done.state("PRX-05") == "changed"


STATED = """
- name: PRX-12 | Looked at
  ansible.builtin.assert:
    that: true
  tags: [PRX-12]

- name: PRX-12 | Stated by the role
  ansible.builtin.set_fact:
    __atlassian_settings:
      - {setting: networks, state: drifted, reason: there are none}
  when: stated | default(true) | bool
  tags: [PRX-12]
"""


def test_a_statement_that_was_declined_is_owed(play: Play) -> None:
    answers = {"Describe": "y", "Refuse": "y", "Modes": "y", "Looked at": "y", "Stated": "n", "Count": "y"}
    done = play(STATED, "--step", answers="".join(f"{answer}\n" for answer in answers.values()))
    assert done.code == 0 and done.state("PRX-12") == "not_examined"
    assert done.row("PRX-12")["reason"] == "'Stated by the role' did not run: the play ended before, or its task was declined (--step)"


def test_a_statement_whose_condition_does_not_hold_is_not(play: Play) -> None:
    assert play(STATED, "-e", '{"stated": false}').state("PRX-12") == "compliant"


ASSERT = """
- name: PRX-05 | Fine
  ansible.builtin.assert:
    that: true
  tags: [PRX-05]
"""


def test_a_place_that_cannot_be_written_is_refused_before_any_control(play: Play, tmp_path: Path) -> None:
    (tmp_path / "drift-report").write_text("no directory")
    done = play(ASSERT)
    assert "The drift report of this run is lost: FileExistsError" in done.output
    assert "PRX-05 | Fine" not in done.output
    assert done.code == 2


def test_a_disk_that_fills_up_during_the_run_fails_the_last_play(play: Play) -> None:
    done = play(ASSERT, largest_file=8_000)
    assert "The drift report of this run is lost: OSError: [Errno 27] File too large" in done.output
    assert "there are no events of this run" in done.output
    assert done.code == 2
    assert [path.name for path in done.directory.iterdir()] == ["events.broken.jsonl"]


def test_a_disk_that_fills_up_at_the_end_is_an_error_and_leaves_no_report(play: Play) -> None:
    first = play(ASSERT)
    size = (first.directory / "events.jsonl").stat().st_size
    assert size + 2_000 < (first.directory / "drift-report.json").stat().st_size
    done = play(ASSERT, largest_file=size + 1_000)
    assert "rows {" in done.output
    assert "The drift report of this run is lost: OSError" in done.output
    assert done.code == 1
    assert not (done.directory / "drift-report.json").exists()


def test_events_that_stop_midway_fail_the_last_play(play: Play) -> None:
    vanish = """
- name: Take the events away
  ansible.builtin.file:
    path: "{{ report }}/events.jsonl"
    state: absent
  run_once: true
"""
    done = play(ASSERT + vanish)
    assert "there are no events of this run" in done.output
    assert done.code == 2
