# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real runs of ansible-playbook with the callback beside the playbook, as users have it."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import report_schema

ROOT = Path(__file__).resolve().parents[3]
EXECUTABLE = Path(sys.executable).with_name("ansible-playbook")

PREFLIGHT = """
- name: Look at the world
  hosts: all
  gather_facts: false
  tags: [always]
  tasks:
    - name: Describe
      ansible.builtin.set_fact:
        __atlassian_run: >-
          {{ hostvars | hardening.atlassian.world(groups, report_directory=report, check_mode=ansible_check_mode,
             read_only=atlassian_read_only | default(false)) }}
      run_once: true
    - name: Refuse
      ansible.builtin.assert:
        that: __atlassian_run.problems | length == 0
      run_once: true
    - name: Modes
      ansible.builtin.set_fact:
        __atlassian_controls: "{{ __atlassian_run.modes[inventory_hostname] }}"
"""

CLOSING = """
- name: Is the report there
  hosts: all
  gather_facts: false
  tags: [always]
  tasks:
    - name: Count
      ansible.builtin.debug:
        msg: "rows {{ __atlassian_run.report_directory | hardening.atlassian.report_rows(__atlassian_run.id) }}"
      run_once: true
"""

INVENTORY = """
all:
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  children:
    atlassian_proxies: {hosts: {proxy1: {}, proxy2: {}}}
"""


@dataclass
class Outcome:
    """What a run left behind."""

    code: int
    output: str
    directory: Path

    @property
    def report(self) -> dict[str, Any]:
        document = json.loads((self.directory / "drift-report.json").read_text())
        assert report_schema.problems(document) == []
        assert isinstance(document, dict)
        return document

    @property
    def header(self) -> dict[str, Any]:
        header = self.report["header"]
        assert isinstance(header, dict)
        return header

    def row(self, control: str, target: str = "proxy1") -> dict[str, Any]:
        found = [row for row in self.report["rows"] if (row["control"], row["target"]) == (control, target)]
        assert len(found) == 1
        row = found[0]
        assert isinstance(row, dict)
        return row

    def state(self, control: str, target: str = "proxy1") -> str:
        return str(self.row(control, target)["state"])


Play = Callable[..., Outcome]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """play(tasks, *arguments): tasks (YAML) on the proxies, between preflight and closing; sabotage is Python that harms the callback.

    times is how often the playbook stands on the command line, answers are lines for --step.
    """

    def run(
        tasks: str = "[]",
        *arguments: str,
        inventory: str = INVENTORY,
        preflight: str = PREFLIGHT,
        closing: str = CLOSING,
        environment: dict[str, str] | None = None,
        largest_file: int | None = None,
        sabotage: str = "",
        times: int = 1,
        answers: str = "",
    ) -> Outcome:
        shutil.copytree(ROOT / "playbooks" / "callback_plugins", tmp_path / "callback_plugins", dirs_exist_ok=True)
        shim = tmp_path / "callback_plugins" / "drift_report.py"
        # Lines of Python in the callback's process, before it is made.
        shim.write_text(shim.read_text().replace("\nclass CallbackModule", f"{sabotage}\nclass CallbackModule"))
        (tmp_path / "inventory.yml").write_text(inventory)
        body = "\n".join(f"    {line}" for line in tasks.strip().splitlines())
        middle = f"""
- name: Proxies
  hosts: atlassian_proxies
  gather_facts: false
  diff: true
  check_mode: "{{{{ (atlassian_read_only | default(false) | bool) or ansible_check_mode }}}}"
  tasks:
{body}
"""
        (tmp_path / "site.yml").write_text(f"---{preflight}{middle}{closing}")
        report = tmp_path / "drift-report"
        books = ["site.yml"] * times
        command = [str(EXECUTABLE), "-i", "inventory.yml", *books, "-e", f"report={report}", "-e", f"place={tmp_path}", *arguments]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_") or name == "ANSIBLE_COLLECTIONS_PATH"}

        def full() -> None:
            # What a full disk is to a writer, an error in the middle of a file, without root and without a disk of its own.
            if largest_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**kept, "ANSIBLE_HOME": str(tmp_path / "home"), "ANSIBLE_NOCOLOR": "1", **(environment or {})},
            capture_output=True,
            text=True,
            input=answers,
            check=False,
            timeout=120,
            preexec_fn=full,
        )
        return Outcome(done.returncode, done.stdout + done.stderr, report)

    return run
