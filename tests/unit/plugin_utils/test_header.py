# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the inventory comes from is told as far as git tells it, and never at the price of the report."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _header


@pytest.mark.parametrize("error", [subprocess.TimeoutExpired("git", 10), PermissionError(13, "Permission denied"), ValueError("no UTF-8")])
def test_a_git_that_does_not_answer_leaves_the_commit_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception) -> None:
    def never(*_arguments: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr(_header.shutil, "which", lambda _name: "/usr/bin/git")
    monkeypatch.setattr(_header.subprocess, "run", never)
    assert _header.inventory_source(str(tmp_path)) == {"source": str(tmp_path), "commit": None, "modified": None}


def test_changes_that_cannot_be_told_are_not_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_header, "_git", lambda _directory, *arguments: "4f1c2a9" if arguments[0] == "rev-parse" else None)
    assert _header.inventory_source(str(tmp_path)) == {"source": str(tmp_path), "commit": "4f1c2a9", "modified": None}
