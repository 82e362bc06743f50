# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/controls.md is what meta/controls.yml says."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._collection import about
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import anchor, controls_link

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


def test_every_control_has_one_anchor_that_its_link_names(tool: ModuleType) -> None:
    anchors = Counter(re.findall(r'<a id="([^"]+)"></a>', tool.DOCUMENT.read_text(encoding="utf-8")))
    assert anchors == Counter(anchor(name) for name in load())
    assert [name for name in load() if controls_link(name).rpartition("#")[2] not in anchors] == []


def test_every_link_inside_the_document_has_its_target(tool: ModuleType) -> None:
    text = tool.DOCUMENT.read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert links == set(re.findall(r'<a id="([^"]+)"></a>', text))


def test_the_link_is_that_of_the_installed_collection(tmp_path: Path) -> None:
    assert controls_link("PRX-02").endswith("/docs/controls.md#prx-02") and controls_link("PRX-02").startswith("https://")
    assert about(tmp_path) == {}
    (tmp_path / "galaxy.yml").write_text("repository: https://example.com/checkout/\n")
    about.cache_clear()
    assert about(tmp_path)["repository"] == "https://example.com/checkout/"
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"collection_info": {"repository": "https://example.com/installed"}}))
    about.cache_clear()
    assert about(tmp_path)["repository"] == "https://example.com/installed"
