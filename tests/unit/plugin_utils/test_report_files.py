# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a report: whole or not there, private, and never one of an earlier run."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_files as files
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load

ALL = ["drift-report.html", "drift-report.junit.xml", "drift-report.md", "drift-report.summary.txt"]


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renderers of a line each: this is about files."""
    monkeypatch.setattr(files, "RENDERERS", {name: (file, lambda document, _catalogue: str(document["x"])) for name, (file, _own) in files.RENDERERS.items()})


def write(folder: Path, document: Any, *formats: str) -> list[str]:
    return files.write_others(document, load(), lambda _document: "the line", str(folder), formats)


def test_the_formats_asked_for_are_written_and_private(tmp_path: Path) -> None:
    assert write(tmp_path, {"x": "text"}, "json", "markdown", "html", "junit") == []
    assert sorted(os.listdir(tmp_path)) == ALL
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert (tmp_path / "drift-report.summary.txt").read_text() == "the line\n"


def test_what_was_not_asked_for_is_not_written(tmp_path: Path) -> None:
    assert write(tmp_path, {"x": ""}, "json", "markdown") == []
    assert sorted(os.listdir(tmp_path)) == ["drift-report.md", "drift-report.summary.txt"]


def test_a_renderer_that_crashes_takes_no_other_file_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(document: Any, catalogue: Any) -> str:
        raise ZeroDivisionError("too much")

    monkeypatch.setitem(files.RENDERERS, "markdown", ("drift-report.md", crash))
    assert write(tmp_path, {"x": ""}, "html", "markdown", "junit") == ["drift-report.md of this run is missing: ZeroDivisionError: too much"]
    assert sorted(os.listdir(tmp_path)) == [name for name in ALL if name != "drift-report.md"]


def test_text_that_cannot_be_encoded_leaves_no_part_behind(tmp_path: Path) -> None:
    (sentence,) = write(tmp_path, {"x": "\ud800"}, "markdown")
    assert sentence.startswith("drift-report.md of this run is missing: UnicodeEncodeError")
    assert os.listdir(tmp_path) == ["drift-report.summary.txt"]


def test_a_disk_that_is_full_leaves_no_part_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert len(write(tmp_path, {"x": ""}, "html")) == 2
    with pytest.raises(OSError, match="No space left"):
        files.write_json({"x": 1}, str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_an_earlier_report_is_set_aside_and_its_other_files_go(tmp_path: Path) -> None:
    for name in ("drift-report.json", "drift-report.previous.json", *ALL, "notes.txt"):
        (tmp_path / name).write_text(f"old {name}")
    files.set_aside(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["drift-report.previous.json", "notes.txt"]
    assert (tmp_path / "drift-report.previous.json").read_text() == "old drift-report.json"
    files.set_aside(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["drift-report.previous.json", "notes.txt"], "a run without a report keeps the last one"


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("drift-report.json", "drift-report.json.part"):
        (tmp_path / name).symlink_to(victim)
    path = Path(files.write_json({"x": 1}, str(tmp_path)))
    assert victim.read_text() == "mine" and not path.is_symlink() and json.loads(path.read_text()) == {"x": 1}


def test_one_run_at_a_time_writes_its_files(tmp_path: Path) -> None:
    other = os.open(tmp_path, os.O_RDONLY)
    try:
        with files.alone(str(tmp_path)), pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(other)
    assert os.listdir(tmp_path) == []


def test_a_file_system_without_locks_costs_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(_descriptor: int, _operation: int) -> None:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(files.fcntl, "flock", unable)
    with files.alone(str(tmp_path)):
        assert write(tmp_path, {"x": "text"}, "json", "markdown") == []
