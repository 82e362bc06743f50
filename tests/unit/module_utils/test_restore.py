# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restore file: complete, private, on disk before anything is removed, and never losing what earlier runs wrote."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, default_path, recall

GRANT = {"scheme": {"id": 0, "name": "Default"}, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}


URL = "https://jira.example.com"


def remember(path: str, *runs: tuple[list[object], list[object]], scope: str = "schemes", finished: bool = True) -> None:
    for removed, added in runs:
        memory = Memory(path, "jira", URL, scope)
        memory.remember(removed, added)  # type: ignore[arg-type]
        if finished:
            memory.finish()


def test_runs_are_added(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "restore.json"
    remember(str(path), ([GRANT], []), ([], [GRANT]))
    content = json.loads(path.read_text())
    assert content["schema"] == 1
    assert [(run["removed"], run["added"]) for run in content["runs"]] == [([GRANT], []), ([], [GRANT])]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["restore.json"]


def test_the_mode_is_private_even_if_the_file_was_not(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    path.write_text('{"schema": 1, "runs": []}')
    path.chmod(0o644)
    remember(str(path), ([GRANT], []))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_file_and_folder_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    original = os.fsync

    def fsync(handle: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(handle).st_mode))
        original(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    remember(str(tmp_path / "restore.json"), ([GRANT], []), finished=False)
    assert synced == [False, True]


@pytest.mark.parametrize("text", ["not json", "[]", '{"schema": 2, "runs": []}', '{"schema": 1}'])
def test_a_foreign_file_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "restore.json"
    path.write_text(text)
    with pytest.raises(AtlassianError, match="nothing was done"):
        remember(str(path), ([GRANT], []))
    assert path.read_text() == text


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AtlassianError, match="nothing was done"):
        remember(str(tmp_path / "file" / "restore.json"), ([GRANT], []))


def test_the_default_is_a_file_for_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path("https://jira.example.com:8443/jira") == str(tmp_path / ".hardening.atlassian" / "restore-jira.example.com.json")


def removed(path: Path) -> list[object]:
    return [thing for entry in recall(str(path), "jira", URL) for thing in entry["removed"]]


def test_the_last_run_of_each_scope_is_recalled(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    remember(str(path), (["old"], []), (["new"], []))
    remember(str(path), (["switch"], []), scope="site")
    assert removed(path) == ["new", "switch"]


def test_of_each_part_of_a_scope_the_last_run_comes_back(tmp_path: Path) -> None:
    """Several tasks of a play share a scope: the last of them must not hide the others."""
    path = str(tmp_path / "restore.json")
    for part, value in (("a", 1), ("b", 2), ("a", 3)):
        memory = Memory(path, "jira", URL, "settings", part)
        memory.remember([{"key": part, "value": value}], [])
        memory.finish()
    assert [entry["removed"][0]["value"] for entry in recall(path, "jira", URL)] == [2, 3]


def test_a_run_that_was_cut_off_counts_together_with_the_one_that_did_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    remember(str(path), (["long ago"], []))
    remember(str(path), (["first", "second"], []), finished=False)
    assert removed(path) == ["first", "second"]
    remember(str(path), (["switch"], []), scope="site")
    remember(str(path), (["second"], []))
    assert removed(path) == ["first", "second", "switch", "second"]
    remember(str(path), (["later"], []))
    assert removed(path) == ["switch", "later"]


def test_an_entry_without_the_mark_counts_as_finished(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    remember(str(path), (["old"], []), (["new"], []))
    content = json.loads(path.read_text())
    for run in content["runs"]:
        del run["finished"]
    path.write_text(json.dumps(content))
    assert removed(path) == ["new"]


def test_nothing_of_another_site_is_recalled(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    remember(str(path), (["x"], []))
    with pytest.raises(AtlassianError, match="holds nothing that was removed from https://other"):
        recall(str(path), "jira", "https://other.example.com")


def added(path: Path) -> list[object]:
    return [(run["scope"], run["added"], run["finished"]) for run in json.loads(path.read_text())["runs"]]


def test_a_run_that_stopped_keeps_only_what_it_added(tmp_path: Path) -> None:
    path = tmp_path / "restore.json"
    memory = Memory(str(path), "jira", URL, "schemes")
    memory.remember([GRANT], [{"n": 1}, {"n": 2}])
    memory.granted.append({"n": 1})
    memory.stop()
    assert added(path) == [("schemes", [{"n": 1}], False)]
    assert removed(path) == [GRANT]


@pytest.mark.parametrize("other", [("confluence", URL, "schemes"), ("jira", "https://other.example.com", "schemes"), ("jira", URL, "site")])
@pytest.mark.parametrize("end", ["finish", "stop"])
def test_a_run_closes_its_own_entry_whoever_wrote_after_it(tmp_path: Path, other: tuple[str, str, str], end: str) -> None:
    """A play runs against several sites at once, and they may share a file."""
    path = tmp_path / "restore.json"
    remember(str(path), ([GRANT], [{"n": 0}]), finished=False)
    memory = Memory(str(path), "jira", URL, "schemes")
    memory.remember([GRANT], [{"n": 1}])
    Memory(str(path), *other).remember([GRANT], [{"n": 2}])
    getattr(memory, end)()
    own = [{"n": 1}] if end == "finish" else []
    assert added(path) == [("schemes", [{"n": 0}], False), ("schemes", own, end == "finish"), (other[2], [{"n": 2}], False)]


OTHER = {"product": "jira", "url": URL, "scope": "schemes", "at": "2020-01-01T00:00:00+00:00", "finished": True, "removed": ["old"], "added": ["old"]}


@pytest.mark.parametrize(
    "text", [None, "", "not json", "[]", '{"schema": 1, "runs": []}', '{"schema": 1, "runs": ["x", null, []]}', json.dumps({"schema": 1, "runs": [OTHER]})]
)
@pytest.mark.parametrize("end", ["finish", "stop"])
def test_an_entry_that_is_gone_is_said_and_no_other_is_touched(tmp_path: Path, text: str | None, end: str) -> None:
    path = tmp_path / "restore.json"
    memory = Memory(str(path), "jira", URL, "schemes")
    memory.remember([GRANT], [])
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(AtlassianError, match="no longer holds what this run wrote .* does not bring back what this run removed"):
        getattr(memory, end)()
    assert (path.read_text() if path.exists() else None) == text


@pytest.mark.parametrize("stranger", ["x", None, [], 7])
def test_an_entry_that_is_no_object_does_not_hinder_and_stays(tmp_path: Path, stranger: Any) -> None:
    path = tmp_path / "restore.json"
    memory = Memory(str(path), "jira", URL, "schemes")
    memory.remember([GRANT], [])
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "runs": [*content["runs"], stranger]}))
    memory.finish()
    own, last = json.loads(path.read_text())["runs"]
    assert own["finished"] and own["removed"] == [GRANT] and last == stranger


def broken() -> Any:
    raise AtlassianError("lost")


@pytest.mark.parametrize(("there", "granted"), [(lambda: True, [GRANT]), (lambda: False, []), (broken, [GRANT])], ids=["there", "not there", "unknown"])
def test_after_an_error_only_what_is_seen_not_to_be_there_is_forgotten(tmp_path: Path, there: Any, granted: Any) -> None:
    memory = Memory(str(tmp_path / "restore.json"), "jira", URL, "schemes")

    def write() -> None:
        raise AtlassianError("answered 500")

    with pytest.raises(AtlassianError, match="answered 500"):
        memory.grant(GRANT, write, there)
    assert memory.granted == granted


def test_after_a_success_nothing_is_asked(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path / "restore.json"), "jira", URL, "schemes")
    written: list[int] = []
    memory.grant(GRANT, lambda: written.append(1), broken)
    assert (memory.granted, written) == ([GRANT], [1])
