# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action groups in meta/runtime.yml are the ones the modules' names ask for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("action_groups", ROOT / "tests" / "tools" / "action_groups.py")
    if spec is None or spec.loader is None:
        pytest.fail("tests/tools/action_groups.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_runtime_yml_is_fresh(tool: ModuleType) -> None:
    text = tool.RUNTIME.read_text(encoding="utf-8")
    assert text == tool.render(text, tool.groups(ROOT / "plugins" / "modules")), "run: python tests/tools/action_groups.py"


def test_every_module_of_a_product_is_in_its_group_and_no_other_is(tool: ModuleType) -> None:
    written = yaml.safe_load(tool.RUNTIME.read_text(encoding="utf-8"))["action_groups"]
    for path in (ROOT / "plugins" / "modules").glob("*.py"):
        product = path.stem.partition("_")[0]
        member_of = [name for name, members in written.items() if path.stem in members]
        assert member_of == ([product] if product in ("jira", "confluence") else []), path.stem


def test_groups_come_from_names(tool: ModuleType, tmp_path: Path) -> None:
    for name in ("jira_b", "jira_a", "confluence_x", "apache_y", "jirax"):
        (tmp_path / f"{name}.py").touch()
    assert tool.groups(tmp_path) == {"confluence": ["confluence_x"], "jira": ["jira_a", "jira_b"]}


def test_writing_twice_is_writing_once(tool: ModuleType) -> None:
    once = tool.render("---\nrequires_ansible: '>=2.19.0'\n", {"jira": ["jira_a"], "confluence": []})
    assert tool.render(once, {"jira": ["jira_a"], "confluence": []}) == once
    assert yaml.safe_load(once) == {"requires_ansible": ">=2.19.0", "action_groups": {"jira": ["jira_a"], "confluence": []}}
