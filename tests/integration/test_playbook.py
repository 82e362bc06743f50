# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as Ansible runs them: through the action group, with as much talk as Ansible can make, and no secret in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    group/hardening.atlassian.jira:
      url: "{{ url }}"
      token: "{{ token }}"
  tasks:
    - hardening.atlassian.jira_identity:
    - hardening.atlassian.jira_projects_visible:
        token: "{{ omit }}"
        username: witness
        password: "{{ password }}"
      register: before
    - hardening.atlassian.jira_dark_features:
        disabled: [simulated.experiment]
        exclusive: true
      diff: true
      ignore_errors: true
    - hardening.atlassian.jira_anonymous_access:
        scope: permission_schemes
        replace_with: logged_in
        restore_path: "{{ folder }}/restore.json"
      diff: true
    - hardening.atlassian.jira_projects_visible:
        token: "{{ omit }}"
        username: witness
        password: "{{ password }}"
        expected: "{{ before.projects }}"
    - name: Without options in the task, everything comes from the environment
      hardening.atlassian.jira_identity:
        url: "{{ omit }}"
        token: "{{ omit }}"
    - hardening.atlassian.jira_identity:
        token: "{{ wrong }}"
      ignore_errors: true
"""


@pytest.fixture
def play(simulator: Any, tmp_path: Path) -> Any:
    """play() -> everything that was said, and the secrets nobody may read in it."""

    def run() -> tuple[str, dict[str, str]]:
        secrets = {"token": simulator.secrets["admin_token"], "password": simulator.secrets["user_password"], "wrong": "canary" + "w" * 40}
        book, variables = tmp_path / "play.yml", tmp_path / "vars.json"
        book.write_text(PLAYBOOK)
        variables.write_text(json.dumps({**secrets, "url": simulator.url, "folder": str(tmp_path), "ansible_python_interpreter": sys.executable}))
        program = shutil.which("ansible-playbook", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "0", "JIRA_URL": simulator.url, "JIRA_TOKEN": secrets["token"]}
        command = [str(program), "-i", "localhost,", "-vvv", "-e", f"@{variables}", str(book)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 0, said[-4000:]
        return said, secrets

    return run


def test_a_talkative_run_tells_no_secret(simulator: Any, play: Any) -> None:
    said, secrets = play()
    assert [name for name, value in secrets.items() if value in said] == []
    assert "-Datlassian.darkfeature.atlassian.rest.xsrf.legacy.enabled=true" in said  # the failing task did speak
    assert "Correct token" in said
    assert simulator.control("GET", "requests")["logins"]["failed"] == 1
    assert "+++ after" in said and "applicationRole" in said
