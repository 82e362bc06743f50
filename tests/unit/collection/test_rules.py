# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the house that hold for every role, module and document."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import role_docs
import yaml

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = {control["id"]: control for control in yaml.safe_load((ROOT / "meta" / "controls.yml").read_text())}
# What a person attests has no task: the preflight reads it (tests/unit/callback/test_attestations.py).
BUILT = sorted(name for name, control in CATALOGUE.items() if control["status"] == "built" and control["kind"] != "attest")
CONTROL_TAG = re.compile(r"^[A-Z0-9]+-\d\d$")
# What may run with changed_when: false: it reads.
PROBES = {"ansible.builtin.command", "ansible.builtin.stat", "ansible.builtin.slurp", "ansible.builtin.uri"}
# Tasks that collect facts or check input; they say nothing about a control.
COLLECTING = {
    "ansible.builtin.set_fact", "ansible.builtin.assert", "ansible.builtin.stat", "ansible.builtin.command", "ansible.builtin.slurp",
    "ansible.builtin.setup", "ansible.builtin.package_facts", "ansible.builtin.include_vars", "ansible.builtin.find",
    "hardening.atlassian.jira_identity", "hardening.atlassian.jira_projects_visible",
    "hardening.atlassian.confluence_identity", "hardening.atlassian.confluence_spaces_visible",
}  # fmt: skip
KEYWORDS = {
    "name", "when", "tags", "block", "rescue", "always", "check_mode", "register", "loop", "loop_control", "vars", "notify", "no_log", "diff",
    "changed_when", "failed_when", "delegate_to", "run_once", "become", "become_user", "environment", "module_defaults", "listen", "until",
    "retries", "delay", "throttle", "args", "ignore_errors", "delegate_facts", "connection", "with_items",
}  # fmt: skip


NOTHING: dict[str, Any] = {"tags": [], "check_mode": [], "when": []}


def tasks(path: Path, entries: list[dict[str, Any]], inherited: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    """(file, task, what it has and inherits of tags, check_mode and when), with blocks and imported files opened."""
    for entry in entries:
        tags, when = entry.get("tags", []), entry.get("when", [])
        context = {
            "tags": [*inherited["tags"], *([tags] if isinstance(tags, str) else tags)],
            "check_mode": [*inherited["check_mode"], *([entry["check_mode"]] if "check_mode" in entry else [])],
            "when": [*inherited["when"], *map(str, when if isinstance(when, list) else [when])],
        }
        imported = entry.get("ansible.builtin.import_tasks")
        role = entry.get("ansible.builtin.import_role")
        if imported is not None or role is not None:
            target = path.parent / imported if imported else ROOT / "roles" / role["name"].rpartition(".")[2] / "tasks" / role["tasks_from"]
            yield from tasks(target, yaml.safe_load(target.read_text()) or [], context)
        elif "block" in entry:
            for part in ("block", "rescue", "always"):
                yield from tasks(path, entry.get(part, []), context)
        else:
            yield path, entry, context


def all_tasks() -> list[Any]:
    found = []
    for main in sorted((ROOT / "roles").glob("*/tasks/main.yml")):
        for path, entry, context in tasks(main, yaml.safe_load(main.read_text()) or [], NOTHING):
            found.append(pytest.param(path, entry, context, id=f"{path.relative_to(ROOT / 'roles')}: {entry.get('name', '?')}"))
    return found


def test_every_task_file_is_imported() -> None:
    seen = {param.values[0] for param in all_tasks()} | set((ROOT / "roles").glob("*/tasks/main.yml"))
    # Entry points that a playbook names; they undo something and belong to no control.
    seen |= {ROOT / "roles" / f"{product}_hardening" / "tasks" / "restore.yml" for product in ("jira", "confluence")}
    assert set((ROOT / "roles").glob("*/tasks/*.yml")) <= seen, "a file that nothing imports statically escapes the rules below"


def action(entry: dict[str, Any]) -> str:
    (name,) = [key for key in entry if key not in KEYWORDS]
    return name


@pytest.mark.parametrize(("path", "entry", "context"), all_tasks())
def test_a_task_has_exactly_one_control_or_collects(path: Path, entry: dict[str, Any], context: dict[str, Any]) -> None:
    name = action(entry)
    controls = sorted({tag for tag in context["tags"] if CONTROL_TAG.match(tag)})
    if "always" in context["tags"]:
        assert not controls, "a task tagged always would run whatever control was asked for, so it carries none"
        assert name in COLLECTING or entry.get("check_mode") is False, f"{name} is tagged always: it must only collect"
        return
    assert len(controls) == 1, f"control tags {controls}: --tags and --skip-tags need exactly one"
    control = controls[0]
    assert control in CATALOGUE
    assert CATALOGUE[control]["status"] == "built"
    assert any(f"__atlassian_controls['{control}'].off" in condition for condition in context["when"]), "the mode off must skip the task"
    assert any(f"__atlassian_controls['{control}'].check" in str(mode) for mode in context["check_mode"]), "the mode audit must reach the task"


@pytest.mark.parametrize(("path", "entry", "context"), all_tasks())
def test_only_probes_hide_a_change(path: Path, entry: dict[str, Any], context: dict[str, Any]) -> None:
    if entry.get("changed_when") is False:
        assert action(entry) in PROBES, f"changed_when: false on {action(entry)}, which is no read-only probe"


@pytest.mark.parametrize(("path", "entry", "context"), all_tasks())
def test_check_mode_is_never_switched_off_for_what_writes(path: Path, entry: dict[str, Any], context: dict[str, Any]) -> None:
    if entry.get("check_mode") is False:
        assert action(entry) in PROBES | {"ansible.builtin.setup"} and (entry.get("changed_when") is False or "stat" in action(entry)), (
            "check_mode: false lets a task write in a check run"
        )


@pytest.mark.parametrize("control", BUILT)
def test_every_built_control_has_a_task(control: str) -> None:
    with_it = [param.id for param in all_tasks() if control in param.values[2]["tags"]]
    assert with_it, f"{control} is built in the catalogue, and no task carries its tag"


@pytest.mark.parametrize("module", sorted((ROOT / "plugins" / "modules").glob("*.py")), ids=lambda path: path.stem)
def test_every_module_has_a_test(module: Path) -> None:
    mentions = [path for path in (ROOT / "tests" / "unit").rglob("test_*.py") if module.stem in path.read_text() and path != Path(__file__)]
    assert mentions, f"no unit test names {module.stem}"


def test_nothing_of_the_lab_is_in_the_collection() -> None:
    """Roles, plugins and playbooks must work on hosts they have never seen."""
    words = r"example\.test|198\.51\.100\.|proxy[12]\b|jira1\b|tomcat1\b|outside1\b|simulat|__sim__"
    out = subprocess.run(
        ["git", "grep", "--untracked", "-nEi", words, "--", "roles", "plugins", "playbooks"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert out.stdout.splitlines() == []


@pytest.mark.parametrize("role", role_docs.roles(), ids=lambda path: path.name)
def test_role_readme_is_fresh(role: Path) -> None:
    assert (role / "README.md").read_text() == role_docs.render(role), "run: make generated"


@pytest.mark.parametrize("role", role_docs.roles(), ids=lambda path: path.name)
def test_defaults_are_what_the_argument_specs_say(role: Path) -> None:
    options = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"].get("options", {})
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text()) or {}
    assert set(defaults) <= set(options), "a default without description"
    for name, value in defaults.items():
        if isinstance(value, str) and "{{" in value:
            assert "default" not in options[name], f"{name}: a computed default is described in words"
        else:
            assert options[name].get("default") == value, name
    assert {name for name, option in options.items() if "default" in option} <= set(defaults)


@pytest.mark.parametrize("path", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "roles").glob("*/README.md")]), ids=str)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
