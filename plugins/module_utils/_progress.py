# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""How far long work has come, in a file that whoever waits may read. The action plugin of the module shows it on the screen."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field

EVERY = 1.0  # seconds


@dataclass
class Progress:
    """Writes one line, at most once a second. Without a path it does nothing. Failing to write hurts nobody, so it is not said."""

    path: str | None
    _last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, line: str) -> None:
        if self.path is None:
            return
        with self._lock:
            now = time.monotonic()
            if now - self._last < EVERY:
                return
            self._last = now
            beside = f"{self.path}.new"
            try:
                with open(beside, "w", encoding="utf-8") as file:
                    file.write(line + "\n")
                os.replace(beside, self.path)
            except OSError:
                self.path = None
