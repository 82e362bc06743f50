# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several passes as one result, the restore file of a run, and settings that cannot be read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _compare, _module
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, remembered, run, together
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory


def refuse() -> None:
    raise AtlassianError("refused")


@dataclass
class Switch:
    """One setting, off and wanted on; `blind`: it cannot be read again."""

    memory: Memory
    write: Callable[[], object]
    blind: bool = False
    on: bool = False

    def read(self) -> bool:
        return self.on

    def compare(self, world: bool) -> Sequence[Finding]:
        return [Setting("a", True, True, _compare.COMPLIANT) if world else Change("a", False, True, self._switch)]

    def _switch(self) -> None:
        assert json.loads(Path(self.memory.path).read_text())["runs"][-1]["finished"] is False, "not remembered before the write"
        self.write()
        self.on = True

    def observe(self, world: bool, setting: str) -> bool:
        if self.blind:
            raise AtlassianError("nobody can look")
        return world

    def prepare(self, changes: Sequence[Change]) -> None:
        self.memory.remember([change.setting for change in changes], [])  # type: ignore[misc]

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(str(tmp_path / "restore.json"), "confluence", "https://wiki.example.com", "spaces")


def finished(memory: Memory) -> list[bool]:
    return [entry["finished"] for entry in json.loads(Path(memory.path).read_text())["runs"]]


def test_a_run_that_did_all_is_closed(memory: Memory) -> None:
    outcome = remembered(run(Switch(memory, lambda: None), False), memory)
    assert outcome.extra == {"restore_path": memory.path}
    assert outcome.changed and finished(memory) == [True]


def test_a_run_that_failed_stays_open(memory: Memory) -> None:
    outcome = remembered(run(Switch(memory, refuse), False), memory)
    assert [(row.state, row.reason) for row in outcome.settings] == [("failed", "refused")]
    assert outcome.extra == {"restore_path": memory.path} and finished(memory) == [False]


def test_what_cannot_be_read_again_is_unknown_and_stays_open(memory: Memory) -> None:
    outcome = remembered(run(Switch(memory, lambda: None, blind=True), False), memory)
    [row] = outcome.settings
    assert (row.before, row.after, row.state) == (False, None, "failed")
    assert row.reason == "Written, but it could not be read again, so its state is unknown: nobody can look"
    assert not outcome.changed and finished(memory) == [False]


def test_what_was_refused_and_cannot_be_read_again_names_the_refusal(memory: Memory) -> None:
    [row] = run(Switch(memory, refuse, blind=True), False).settings
    assert (row.after, row.reason) == (None, "refused")


@pytest.mark.parametrize(("check", "on"), [(True, False), (False, True), (True, True)])
def test_nothing_written_nothing_remembered(memory: Memory, check: bool, on: bool) -> None:
    outcome = remembered(run(Switch(memory, lambda: None, on=on), check), memory)
    assert outcome.extra == {} and not Path(memory.path).exists()


def test_a_file_that_cannot_be_written_stops_the_writes(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    memory = Memory(str(tmp_path / "file"), "confluence", "https://wiki.example.com", "spaces")
    switch = Switch(memory, lambda: None)
    with pytest.raises(AtlassianError, match="restore_path"):
        run(switch, False)
    assert not switch.on and (tmp_path / "file").read_text() == "mine"


def test_several_passes_are_one_result() -> None:
    first = Outcome([Setting("a", 1, 2, _compare.CHANGED)], {"before": {"a": 1}, "after": {"a": 2}}, {"x": 1})
    second = Outcome([Setting("b", 1, 1, _compare.FAILED, "no")], {"before": {}, "after": {}}, {"y": 2})
    third = Outcome([Setting("c", 3, 4, _compare.DRIFTED)], {"before": {"c": 3}, "after": {"c": 4}})
    both = _module.together([first, second, third])
    assert [row.setting for row in both.settings] == ["a", "b", "c"]
    assert both.diff == {"before": {"a": 1, "c": 3}, "after": {"a": 2, "c": 4}}
    assert both.extra == {"x": 1, "y": 2}
    assert both.changed and [row.setting for row in both.failed] == ["b"]
    assert first.diff == {"before": {"a": 1}, "after": {"a": 2}}


def test_no_pass_is_an_empty_result() -> None:
    assert together([]).as_result() == {"changed": False, "diff": {"before": {}, "after": {}}, "settings": []}
