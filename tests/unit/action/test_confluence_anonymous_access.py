# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin: the module runs as it was asked to, and long work on the controller is seen on the screen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.hardening.atlassian.plugins.action import confluence_anonymous_access as action


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(action, "EVERY", 0.01)
    monkeypatch.setattr(action, "display", SimpleNamespace(display=lines.append))
    return lines


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, shown: list[str]) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]]:
    """run(transport="local", work=..., **arguments) -> result and the arguments the module got. work: what the module does meanwhile."""
    monkeypatch.setattr(ActionBase, "run", lambda self, tmp=None, task_vars=None: {"from": "base"})

    def act(transport: str = "local", work: Callable[[dict[str, Any]], None] | None = None, **arguments: Any) -> Any:
        got: dict[str, Any] = {}

        def execute(self: Any, module_args: dict[str, Any], task_vars: Any) -> dict[str, Any]:
            got.update(module_args)
            assert task_vars == {"inventory_hostname": "wiki1"}
            if work is not None:
                work(module_args)
            return {"changed": True}

        monkeypatch.setattr(action.ActionModule, "_execute_module", execute)
        plugin = action.ActionModule.__new__(action.ActionModule)
        plugin._task, plugin._connection = SimpleNamespace(args=arguments), SimpleNamespace(transport=transport)
        return plugin.run(None, {"inventory_hostname": "wiki1"}), got

    return act


@pytest.mark.parametrize(
    ("transport", "arguments"),
    [("local", {"scope": "site"}), ("ssh", {"scope": "spaces"}), ("local", {"scope": "spaces", "progress_path": "/mine"}), ("local", {})],
)
def test_elsewhere_the_module_runs_as_it_is(run: Any, shown: list[str], transport: str, arguments: dict[str, Any]) -> None:
    result, got = run(transport, **arguments)
    assert result == {"from": "base", "changed": True}
    assert got == arguments and shown == []


def test_what_the_module_writes_is_shown_when_it_changes(run: Any, shown: list[str]) -> None:
    def wait(count: int) -> None:
        end = time.monotonic() + 5
        while len(shown) < count and time.monotonic() < end:
            time.sleep(0.005)

    def work(arguments: dict[str, Any]) -> None:
        for number in (1, 1, 2):
            Path(arguments["progress_path"]).write_text(f"{number} of 2 spaces examined\n")
            wait(number)

    result, got = run(work=work, scope="spaces", url="https://wiki.example.com")
    assert shown == ["    [wiki1] 1 of 2 spaces examined", "    [wiki1] 2 of 2 spaces examined"]
    assert result == {"from": "base", "changed": True}
    assert {name: value for name, value in got.items() if name != "progress_path"} == {"scope": "spaces", "url": "https://wiki.example.com"}
    assert not os.path.exists(os.path.dirname(got["progress_path"]))


def test_a_module_that_breaks_leaves_nothing_behind(run: Any) -> None:
    folders = []

    def work(arguments: dict[str, Any]) -> None:
        folders.append(os.path.dirname(arguments["progress_path"]))
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        run(work=work, scope="spaces")
    assert not os.path.exists(folders[0])


def test_check_mode_is_the_modules_own() -> None:
    assert action.ActionModule._supports_check_mode is True
