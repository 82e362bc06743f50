# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened: the audit log of state changes, and the log of requests. Tests read both through the control API."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import Any

KEEP = 50_000  # bounds memory in long runs; the counters go on beyond it


class Journal:
    def __init__(self) -> None:
        self.life = 0  # how often everything was set back
        self.clear()

    def clear(self) -> None:
        self.life += 1
        self.changes: list[dict[str, Any]] = []
        self.clear_requests()

    def clear_requests(self) -> None:
        self.requests: deque[dict[str, Any]] = deque(maxlen=KEEP)
        self.count = 0
        self.logins: Counter[str] = Counter()

    def change(self, who: str, what: str, subject: str, before: Any, after: Any) -> None:
        """Record one change of state. A write that leaves all as it was is recorded too: the product logs it, and so must we."""
        entry = {"n": len(self.changes) + 1, "at": time.time(), "user": who, "what": what, "object": subject}
        self.changes.append({**entry, "before": before, "after": after})

    def request(self, entry: dict[str, Any]) -> None:
        self.count += 1
        self.requests.append({"n": self.count, **entry})
        if entry.get("login", "none") != "none":
            self.logins[entry["login"]] += 1
