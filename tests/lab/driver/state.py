# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the driver remembers from one command to the next: a small JSON file in the state folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class State:
    """A dictionary that is written, at once and whole, with every change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        if path.exists():
            try:
                self._values = json.loads(path.read_text())
            except ValueError:
                # Cut short by a crash: nothing in it is certain, so everything is looked at and built again.
                self._values = {}

    def get(self, key: str) -> Any:
        return self._values.get(key)

    def set(self, key: str, value: Any) -> None:
        if self._values.get(key) != value:
            self._values[key] = value
            self._write()

    def forget(self, key: str) -> None:
        if key in self._values:
            del self._values[key]
            self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(self._values, indent=2) + "\n")
        os.replace(temporary, self._path)
