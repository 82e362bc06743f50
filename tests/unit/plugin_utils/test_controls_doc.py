# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/controls.md is what meta/controls.yml says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load

TOOL = Path(__file__).resolve().parents[2] / "tools" / "controls_doc.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("controls_doc", TOOL)
    if spec is None or spec.loader is None:
        pytest.fail(f"{TOOL} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_fresh(tool: ModuleType) -> None:
    assert tool.DOCUMENT.read_text(encoding="utf-8") == tool.render(load()), "run: python tests/tools/controls_doc.py"


def test_every_control_has_its_section(tool: ModuleType) -> None:
    text = tool.render(load())
    assert [name for name in load() if f'<a id="{name.lower()}"></a>{name} ' not in text] == []
