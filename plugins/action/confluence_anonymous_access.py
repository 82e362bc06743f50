# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of this name, and shows on the screen how far it has come: a module itself cannot speak before it ends."""

from __future__ import annotations

import os
import tempfile
import threading
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

EVERY = 5.0  # seconds
display = Display()


class ActionModule(ActionBase):
    """Only for work that may be long, on the controller, where nobody asked for the file."""

    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        watched = arguments.get("scope") == "spaces" and not arguments.get("progress_path") and self._connection.transport == "local"
        if not watched:
            result.update(self._execute_module(module_args=arguments, task_vars=task_vars))
            return result
        with tempfile.TemporaryDirectory(prefix="ansible-progress-") as folder:
            path = os.path.join(folder, "progress")
            done = threading.Event()
            watcher = threading.Thread(target=_watch, args=(path, done, str((task_vars or {}).get("inventory_hostname", ""))), daemon=True)
            watcher.start()
            try:
                result.update(self._execute_module(module_args={**arguments, "progress_path": path}, task_vars=task_vars))
            finally:
                done.set()
                watcher.join()
        return result


def _watch(path: str, done: threading.Event, host: str) -> None:
    """Show the line in the file whenever it has changed."""
    shown = ""
    while not done.wait(EVERY):
        try:
            with open(path, encoding="utf-8") as file:
                line = file.read().strip()
        except OSError:
            continue
        if line and line != shown:
            display.display(f"    [{host}] {line}")
            shown = line
