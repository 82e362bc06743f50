# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that tells how far long work has come: one line, at most one a second, and no trouble."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _progress
from ansible_collections.hardening.atlassian.plugins.module_utils._progress import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(_progress.time, "monotonic", lambda: now[0])
    return now


def test_one_line_a_second(tmp_path: Path, clock: list[float]) -> None:
    path = tmp_path / "progress"
    progress = Progress(str(path))
    for second, line, shown in ((100.0, "1 of 3", "1 of 3\n"), (100.9, "2 of 3", "1 of 3\n"), (101.0, "3 of 3", "3 of 3\n")):
        clock[0] = second
        progress.tell(line)
        assert path.read_text() == shown
    assert [file.name for file in tmp_path.iterdir()] == ["progress"]


def test_no_file_no_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Progress(None).tell("x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_hurts_nobody(tmp_path: Path, clock: list[float]) -> None:
    progress = Progress(str(tmp_path / "missing" / "progress"))
    progress.tell("x")
    clock[0] += 9
    progress.tell("y")
    assert progress.path is None and list(tmp_path.iterdir()) == []
