# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command that repairs exactly this row, or the sentence that says why there is none."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES
from browser.documents import row, setting

CONTROL = load()["PRX-01"]


def _repaired(target: str = "proxy1", state: str = "drifted", **more: Any) -> Any:
    return repair_of(row(CONTROL, target, state, settings=[setting("s", "drifted", 1, 2)], **more))


@pytest.mark.parametrize("target", ["proxy1.example.com", "jira", "it's", "$(reboot)", "a;b", "2001:db8::1", "192.0.2.1"])
def test_the_command_is_one_argument_for_the_target_in_any_shell(target: str) -> None:
    wanted = ["ansible-playbook", "hardening.atlassian.site", "--limit", target, "--tags", "PRX-01"]
    assert shlex.split(_repaired(target).command) == wanted


@pytest.mark.parametrize("target", ["all:!jira", "web*", "@file", "~a.*", "-x", "a,b", "web[1]", "a b", "a\u202eb", "!x", ""])
def test_no_command_is_offered_for_a_name_that_limit_reads_otherwise(target: str) -> None:
    repair = _repaired(target)
    assert repair.command == "" and "--limit" in repair.sentence


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "audit", "mode": "audit"}, "can only be read"),
        ({"kind": "attest", "mode": "audit"}, "a person has to state it"),
        ({"mode": "audit"}, "the mode here is audit"),
        ({"risk": {"reason": "r", "owner": "o", "expires": "2026-01-01", "expired": True}}, "until its entry is deleted"),
        ({"settings": [setting("s", "drifted", "x", "x", "left to its owner")]}, "on purpose"),
    ],
)
def test_no_repair_is_offered_where_a_run_would_not_repair(more: Mapping[str, Any], words: str) -> None:
    repair = repair_of(row(CONTROL, "a", "drifted") | more)
    assert repair.command == "" and words in repair.sentence


@pytest.mark.parametrize("state", ["failed", "not_examined"])
def test_what_is_not_known_is_examined_again_and_not_repaired_blind(state: str) -> None:
    repair = _repaired("jira", state)
    assert repair.command == "ansible-playbook hardening.atlassian.drift --limit jira --tags PRX-01"
    assert _repaired("organisation", state, kind="attest").command == ""


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("drifted", "failed", "not_examined")])
def test_other_states_need_no_command(state: str) -> None:
    repair = _repaired("a", state)
    assert (repair.command, repair.sentence) == ("", "")
