# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restore file: complete, private, on disk before anything is removed, and never losing what earlier runs wrote."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import default_path, remember

GRANT = {"scheme": {"id": 0, "name": "Default"}, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}


def test_runs_are_added(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "restore.json"
    remember(str(path), "jira", "https://jira.example.com", [GRANT], [])
    remember(str(path), "jira", "https://jira.example.com", [], [GRANT])
    content = json.loads(path.read_text())
    assert content["schema"] == 1
    assert [(run["removed"], run["added"]) for run in content["runs"]] == [([GRANT], []), ([], [GRANT])]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["restore.json"]


def test_the_mode_is_private_even_if_the_file_was_not(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    path.write_text('{"schema": 1, "runs": []}')
    path.chmod(0o644)
    remember(str(path), "jira", "u", [GRANT], [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_and_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    original = os.fsync

    def fsync(handle: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        original(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    remember(str(tmp_path / "restore.json"), "jira", "u", [GRANT], [])
    assert synced == [False, True]


@pytest.mark.parametrize("text", ["not json", "[]", '{"schema": 2, "runs": []}', '{"schema": 1}'])
def test_a_foreign_file_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "restore.json"
    path.write_text(text)
    with pytest.raises(AtlassianError, match="nothing was done"):
        remember(str(path), "jira", "u", [GRANT], [])
    assert path.read_text() == text


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AtlassianError, match="nothing was done"):
        remember(str(tmp_path / "file" / "restore.json"), "jira", "u", [GRANT], [])


def test_the_default_is_a_file_for_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path("https://jira.example.com:8443/jira") == str(tmp_path / ".hardening.atlassian" / "restore-jira.example.com.json")
