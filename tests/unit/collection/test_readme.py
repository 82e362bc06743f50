# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stranger copies from README works: its inventory passes the preflight of every role, and its commands name what is in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import role_docs
import yaml
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.hardening.atlassian.plugins.filter.world import world

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CATALOGUE = {control["id"] for control in yaml.safe_load((ROOT / "meta" / "controls.yml").read_text())}


def example() -> str:
    (text,) = re.findall(r"^```yaml\n(all:\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return str(text)


def written(folder: Path, inventory: str) -> Path:
    """The inventory as a file, with a stand-in for each value of the vault beside it."""
    (folder / "group_vars").mkdir()
    stand_ins = {name: f"stand-in of {name}" for name in re.findall(r"\bvault_\w+", inventory)}
    (folder / "group_vars" / "all.yml").write_text(yaml.safe_dump(stand_ins))
    (folder / "inventory.yml").write_text(inventory)
    return folder / "inventory.yml"


def loaded(path: Path) -> tuple[HostVars, dict[str, list[str]]]:
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[str(path)])
    variables = VariableManager(loader=loader, inventory=inventory)
    return HostVars(inventory, variables, loader), inventory.get_groups_dict()


def preflights(path: Path) -> tuple[int, str]:
    """The preflights of the proxy's roles on the inventory's own values. They look at nothing but the description."""
    roles = ("apache_tls", "apache_proxy", "apache_waf", "fail2ban_atlassian")
    tasks = [{"ansible.builtin.import_role": {"name": f"hardening.atlassian.{role}", "tasks_from": "preflight.yml"}} for role in roles]
    play = {"hosts": "atlassian_proxies", "gather_facts": False, "connection": "local", "roles": ["hardening.atlassian.atlassian"], "tasks": tasks}
    (path.parent / "play.yml").write_text(yaml.safe_dump([play]))
    command = ["ansible-playbook", "-i", str(path), str(path.parent / "play.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=path.parent)
    return done.returncode, done.stdout + done.stderr


def test_the_example_is_a_sound_world(tmp_path: Path) -> None:
    hostvars, groups = loaded(written(tmp_path, example()))
    run = world(hostvars, groups)
    assert run["problems"] == []
    assert [(site["name"], site["product"]) for site in run["sites"]] == [("jira", "jira"), ("wiki", "confluence")]


def test_the_roles_of_the_proxy_miss_nothing_in_the_example(tmp_path: Path) -> None:
    code, said = preflights(written(tmp_path, example()))
    assert code == 0, said


def test_a_certificate_that_the_example_forgot_would_be_missed(tmp_path: Path) -> None:
    without = re.sub(r"^ +wiki\.example\.com: \{certificate: .*\n", "", example(), flags=re.MULTILINE)
    assert without != example()
    code, said = preflights(written(tmp_path, without))
    assert code == 2, said
    assert "apache_tls_certificates" in said and "wiki.example.com" in said


def commands() -> list[str]:
    return re.findall(r"ansible-playbook [^`\n]*|`--limit [^`]+`", README)


@pytest.mark.parametrize(("option", "known"), [("limit", "names"), ("tags", "controls")])
def test_commands_name_what_is_there(option: str, known: str, tmp_path: Path) -> None:
    _hostvars, groups = loaded(written(tmp_path, example()))
    names: Any = {"names": {*groups, *groups["all"]}, "controls": CATALOGUE}[known]
    given = [name for command in commands() for value in re.findall(rf"--{option} ([^ `]+)", command) for name in value.split(",")]
    assert given
    assert [name for name in given if name not in names] == []


@pytest.mark.parametrize("role", role_docs.roles(), ids=lambda path: path.name)
def test_no_markup_of_ansible_is_left_in_a_role_readme(role: Path) -> None:
    assert re.findall(r"`(?:ignore:|main\.)[^`]*`|\b[OVCE]\([^)]*\)", (role / "README.md").read_text(encoding="utf-8")) == []
