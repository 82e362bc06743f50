# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports made by hand, for the tests of what is made from them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._evidence import gather
from ansible_collections.hardening.atlassian.plugins.plugin_utils._header import header_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report, Row

PROXY = "proxy1"


def a_row(control: str, state: str, severity: str | None = None) -> Row:
    """A row of the catalogue's control in a state, with one setting where a task must have looked."""
    known = load()[control]
    settings = [] if state in ("not_examined", "off", "planned", "attested") else [_setting(state)]
    return Row(control, known.title, known.kind, severity or known.severity, PROXY, known.mode, state, f"why {state}", None, None, settings)


def _setting(state: str) -> dict[str, Any]:
    return {"setting": "s", "before": None, "after": None, "state": state, "reason": ""}


class Make:
    """make(states by control, ...) -> Report, a second later each time."""

    def __init__(self) -> None:
        self._second = 0

    def __call__(self, states: dict[str, str], left_out: Collection[str] = (), severities: dict[str, str] | None = None, **header: Any) -> Report:
        self._second += 1
        started = {"started": f"2026-11-26T10:00:{self._second:02d}+00:00"}
        facts = gather([{"event": "start", "header": {**header_of({}, "drift.yml"), **started, "run_id": f"r{self._second}", **header}}]).header
        facts["left_out"] = [{"control": control, "target": PROXY, "state": None} for control in left_out]
        rows = [a_row(control, state, (severities or {}).get(control)) for control, state in states.items()]
        left = frozenset((control, PROXY) for control in left_out)
        unseen = frozenset(row.key for row in rows if row.state == "not_examined" and row.kind != "attest") - left
        return Report(facts, rows, {PROXY: ["atlassian_proxies"]}, {}, left, unseen)


@pytest.fixture
def make() -> Make:
    return Make()
