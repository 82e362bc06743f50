# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read, compare, write, read again: what each way of going wrong does to the rows, the diff and `changed`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _compare, _module
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory


@dataclass
class Shelf:
    """Settings in a dictionary; `deaf` ones take a write and ignore it, `broken` ones refuse it."""

    values: dict[str, int]
    wanted: dict[str, int]
    deaf: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    unreadable_after_writes: bool = False
    prepared: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def read(self) -> dict[str, int]:
        if self.written and self.unreadable_after_writes:
            raise AtlassianError("gone")
        return dict(self.values)

    def compare(self, world: Mapping[str, int]) -> Sequence[Finding]:
        return [self._judge(world, name) for name in sorted(self.wanted)]

    def _judge(self, world: Mapping[str, int], name: str) -> Finding:
        if world[name] == self.wanted[name]:
            return Setting(name, world[name], world[name], _compare.COMPLIANT)
        return Change(name, world[name], self.wanted[name], lambda: self._write(name), hint="Ask the shelf.")

    def _write(self, name: str) -> None:
        self.written.append(name)
        if name in self.broken:
            raise AtlassianError(f"{name} refused")
        if name not in self.deaf:
            self.values[name] = self.wanted[name]

    def observe(self, world: Mapping[str, int], setting: str) -> int:
        return world[setting]

    def prepare(self, changes: Sequence[Change]) -> None:
        self.prepared += [change.setting for change in changes]

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values


def rows(outcome: _module.Outcome) -> list[tuple[str, Any, Any, str]]:
    return [(row.setting, row.before, row.after, row.state) for row in outcome.settings]


def test_check_mode_is_the_missing_write_and_nothing_else() -> None:
    checked, done = Shelf({"a": 1, "b": 2}, {"a": 9, "b": 2}), Shelf({"a": 1, "b": 2}, {"a": 9, "b": 2})
    check, real = _module.run(checked, check_mode=True), _module.run(done, check_mode=False)
    assert rows(check) == [("a", 1, 9, "drifted"), ("b", 2, 2, "compliant")]
    assert rows(real) == [("a", 1, 9, "changed"), ("b", 2, 2, "compliant")]
    assert check.diff == real.diff == {"before": {"a": 1}, "after": {"a": 9}}
    assert check.changed and real.changed
    assert (checked.written, checked.prepared) == ([], [])
    assert (done.written, done.prepared) == (["a"], ["a"])


def test_a_second_run_changes_nothing() -> None:
    shelf = Shelf({"a": 1}, {"a": 9})
    _module.run(shelf, check_mode=False)
    again = _module.run(shelf, check_mode=False)
    assert rows(again) == [("a", 9, 9, "compliant")]
    assert not again.changed and again.diff == {"before": {}, "after": {}}
    assert shelf.written == ["a"]


def test_a_write_that_does_nothing_is_a_failure_with_its_hint() -> None:
    outcome = _module.run(Shelf({"a": 1, "b": 1}, {"a": 9, "b": 9}, deaf={"a"}), check_mode=False)
    assert rows(outcome) == [("a", 1, 1, "failed"), ("b", 1, 9, "changed")]
    assert outcome.settings[0].reason.endswith("a re-read shows another value. Ask the shelf.")
    assert outcome.diff == {"before": {"b": 1}, "after": {"b": 9}}


def test_a_refused_write_does_not_stop_the_others() -> None:
    outcome = _module.run(Shelf({"a": 1, "b": 1}, {"a": 9, "b": 9}, broken={"a"}), check_mode=False)
    assert rows(outcome) == [("a", 1, 1, "failed"), ("b", 1, 9, "changed")]
    assert outcome.settings[0].reason == "a refused Ask the shelf."


def test_an_error_whose_effect_came_nevertheless_is_a_change() -> None:
    shelf = Shelf({"a": 1}, {"a": 9}, broken={"a"})
    original = shelf._write

    def write(name: str) -> None:
        shelf.values[name] = 9
        original(name)

    shelf._write = write  # the product did it and then answered with an error
    assert rows(_module.run(shelf, check_mode=False)) == [("a", 1, 9, "changed")]


def test_what_cannot_be_read_again_is_not_called_changed() -> None:
    outcome = _module.run(Shelf({"a": 1}, {"a": 9}, unreadable_after_writes=True), check_mode=False)
    assert rows(outcome) == [("a", 1, None, "failed")]
    assert "its state is unknown" in outcome.settings[0].reason
    assert not outcome.changed


def test_what_a_write_broke_elsewhere_is_not_called_compliant() -> None:
    class Seesaw(Shelf):
        def compare(self, world: Mapping[str, int]) -> Sequence[Finding]:
            balanced = Setting("balance", 0, 0, _compare.COMPLIANT)
            tilted = Setting("balance", 0, 1, _compare.FAILED, "tilted")
            return [*super().compare(world), balanced if world["a"] == 1 else tilted]

    outcome = _module.run(Seesaw({"a": 1}, {"a": 9}), check_mode=False)
    assert rows(outcome) == [("a", 1, 9, "changed"), ("balance", 0, 1, "failed")]


@pytest.mark.parametrize("state", ["failed", "not_examined", "not_applicable"])
def test_states_that_need_a_reason(state: str) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        Setting("a", 1, 1, state)


def test_a_state_nobody_knows() -> None:
    with pytest.raises(ValueError, match="no state"):
        Setting("a", 1, 1, "fine")


def test_a_drifted_setting_that_is_left_is_no_change() -> None:
    left = Setting("a", 1, 1, _compare.DRIFTED, "left")
    assert not left.differs
    assert _compare.build_diff([left]) == {"before": {}, "after": {}}


def test_the_diff_is_in_the_order_of_names() -> None:
    settings = [Setting("b", 1, 2, _compare.CHANGED), Setting("a", 1, 2, _compare.DRIFTED)]
    assert list(_compare.build_diff(settings)["after"]) == ["a", "b"]


class TestARestoreFileThatIsLostMeanwhile:
    """Written before the first write, and then not as it was left: what was done is told all the same, and that it may not come back beside it."""

    @pytest.fixture
    def memory(self, tmp_path: Path) -> Memory:
        memory = Memory(str(tmp_path / "restore.json"), "jira", "https://jira.example.com", "filters")
        memory.remember([{"a": 1}], [])
        return memory

    @pytest.mark.parametrize("content", [None, "", "{", "[]", '{"schema": 1, "runs": []}', '{"schema": 1, "runs": ["x"]}', '{"schema": 2, "runs": []}'])
    @pytest.mark.parametrize("broken", [set(), {"b"}], ids=["finish", "stop"])
    def test_a_row_of_its_own(self, memory: Memory, content: str | None, broken: set[str]) -> None:
        if content is None:
            Path(memory.path).unlink()
        else:
            Path(memory.path).write_text(content)
        outcome = _module.remembered(_module.run(Shelf({"a": 1, "b": 1}, {"a": 9, "b": 9}, broken=broken), check_mode=False), memory)
        of_b = ("b", 1, 1, "failed") if broken else ("b", 1, 9, "changed")
        assert rows(outcome) == [("a", 1, 9, "changed"), of_b, ("restore file", None, None, "failed")]
        assert "no longer holds what this run wrote" in outcome.settings[-1].reason and memory.path in outcome.settings[-1].reason
        result = outcome.as_result()
        assert result["changed"] and result["restore_path"] == memory.path and result["diff"]["after"] == {"a": 9} | ({} if broken else {"b": 9})
        # What somebody put there is not overwritten.
        assert not Path(memory.path).exists() if content is None else Path(memory.path).read_text() == content

    @pytest.mark.parametrize("broken", [set(), {"a"}], ids=["finish", "stop"])
    def test_a_folder_that_cannot_be_written_any_more(self, memory: Memory, monkeypatch: pytest.MonkeyPatch, broken: set[str]) -> None:
        def full(*_args: Any, **_options: Any) -> None:
            raise OSError(28, "No space left on device")

        outcome = _module.run(Shelf({"a": 1}, {"a": 9}, broken=broken), check_mode=False)
        monkeypatch.setattr("tempfile.mkstemp", full)
        settings = _module.remembered(outcome, memory).settings
        assert [row.state for row in settings] == ["failed" if broken else "changed", "failed"] and settings[1].setting == "restore file"
        assert "No space left on device" in settings[1].reason and "take this run and the next one together" in settings[1].reason

    def test_a_run_of_another_time_is_not_taken_for_this_one(self, memory: Memory) -> None:
        """Only the time tells two runs of one scope apart."""
        text = Path(memory.path).read_text()
        Path(memory.path).write_text(text.replace(memory._at, "2020-01-01T00:00:00+00:00"))
        outcome = _module.remembered(_module.Outcome([], {"before": {}, "after": {}}), memory)
        assert rows(outcome) == [("restore file", None, None, "failed")] and '"finished": false' in Path(memory.path).read_text()

    def test_the_module_ends_as_failed_and_tells_what_it_did(self, memory: Memory) -> None:
        class Ended:
            result: Mapping[str, Any] = {}

            def fail_json(self, **result: Any) -> None:
                self.result = result

        Path(memory.path).unlink()
        ended = Ended()
        _module.leave(ended, lambda: _module.remembered(_module.run(Shelf({"a": 1}, {"a": 9}), check_mode=False), memory))  # type: ignore[arg-type]
        assert ended.result["msg"].startswith("1 of 2 settings failed, 1 changed. restore file: ") and ended.result["changed"]
        assert ended.result["diff"] == {"before": {"a": 1}, "after": {"a": 9}}


def test_a_restore_file_that_is_in_order_adds_no_row(tmp_path: Path) -> None:
    memory = Memory(str(tmp_path / "restore.json"), "jira", "https://jira.example.com", "filters")
    memory.remember([{"a": 1}], [])
    outcome = _module.remembered(_module.run(Shelf({"a": 1}, {"a": 9}), check_mode=False), memory)
    assert rows(outcome) == [("a", 1, 9, "changed")] and outcome.extra == {"restore_path": memory.path}
