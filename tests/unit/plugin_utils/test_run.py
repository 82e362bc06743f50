# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that could not tell what it did is refused before it does anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _run


def test_a_directory_that_can_be_made_is_no_problem(tmp_path: Path) -> None:
    assert _run.directory_problems(str(tmp_path / "a" / "b")) == []
    assert list(tmp_path.iterdir()) == [], "looking must not create it"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    (problem,) = _run.directory_problems(str(tmp_path / "a" / "b"))
    assert "atlassian_report_directory" in problem
    assert f"since {tmp_path / 'a'} is none" in problem


def test_a_dangling_link_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    assert "is none" in _run.directory_problems(str(tmp_path / "a"))[0]


def test_a_folder_of_somebody_else_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    (problem,) = _run.directory_problems(str(tmp_path / "a"))
    assert f"since {tmp_path} is not writable" in problem
