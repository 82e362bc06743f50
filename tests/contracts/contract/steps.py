# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step of the walk through the simulator, and who may take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SECRETS = {name: f"contract-{name}" for name in ("admin_password", "admin_token", "user_password", "user_token")}
TOKENS = {"automation": SECRETS["admin_token"], "witness": SECRETS["user_token"]}
EVERYONE = ("automation", "witness", None)


@dataclass(frozen=True)
class Step:
    method: str
    path: str
    user: str | None = "automation"
    json: Any = None
    form: dict[str, str] | None = None
    session: bool = False  # sent in one browser session instead of with a token
    headers: dict[str, str] = field(default_factory=dict)
