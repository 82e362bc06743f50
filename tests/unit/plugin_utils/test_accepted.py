# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted risks for single settings: what is accepted, what is held back, and what nobody saw."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._accepted import ORDER, accept_settings, worst
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import SETTING_STATES, given_settings

HELD = "not enforced: an accepted risk for the setting 'one*' keeps the whole control from being enforced here"
ACCEPTED = "risk for the setting 'one*' accepted by it-sec until 2027-06-30: trial"


def risk(setting: str = "one*", **changes: Any) -> dict[str, Any]:
    return {"reason": "trial", "owner": "it-sec", "expires": "2027-06-30", "expired": False, "setting": setting, **changes}


def found(name: str, state: str = "drifted", reason: str = "") -> dict[str, Any]:
    return {"setting": name, "before": 1, "after": 2, "state": state, "reason": reason}


def accept(*settings: dict[str, Any], risks: list[dict[str, Any]] | None = None, mode: str = "enforce") -> tuple[str, str, list[Any]]:
    entry = {"mode": mode, "reason": "its reason", "risk": None, "setting_risks": [risk()] if risks is None else risks}
    state, reason = worst(settings) if settings else ("not_examined", "no task ran")
    return accept_settings(state, reason, list(settings), entry)


def test_the_setting_is_accepted_and_the_others_are_drifted_with_the_reason() -> None:
    state, reason, settings = accept(found("one"), found("two", reason="because"), found("three", "compliant"))
    assert [(entry["setting"], entry["state"], entry["reason"]) for entry in settings] == [
        ("one", "accepted", ACCEPTED),
        ("two", "drifted", f"because; {HELD}"),
        ("three", "compliant", ""),
    ]
    assert (state, reason) == ("drifted", "its reason; 1 setting accepted, 1 setting drifted")


def test_a_row_of_which_only_the_accepted_setting_differs_is_accepted() -> None:
    state, reason, _settings = accept(found("one"), found("one more"), found("two", "compliant"))
    assert (state, reason) == ("accepted", "its reason; 2 settings accepted")


def test_a_control_that_is_only_audited_is_held_back_by_nothing() -> None:
    _state, _reason, settings = accept(found("one"), found("two", reason="because"), mode="audit")
    assert settings[1]["reason"] == "because"


@pytest.mark.parametrize("state", ["failed", "not_examined", "compliant"])
def test_only_a_difference_is_accepted(state: str) -> None:
    got, reason, settings = accept(found("one", state, "why"))
    assert (got, settings[0]["state"], settings[0]["reason"]) == (state, state, "why")
    assert reason == "its reason; 0 settings accepted; why"


@pytest.mark.parametrize("others", ["compliant", "drifted"])
def test_a_setting_that_nobody_saw_is_never_clean(others: str) -> None:
    state, _reason, settings = accept(found("two", others))
    assert state == ("drifted" if others == "drifted" else "not_examined")
    assert (settings[-1]["setting"], settings[-1]["state"]) == ("one*", "not_examined")
    assert settings[-1]["reason"].endswith("none of that name was seen: correct or delete the entry")


@pytest.mark.parametrize("state", ["compliant", "drifted"])
def test_an_expired_entry_is_drift_whatever_was_found(state: str) -> None:
    got, _reason, settings = accept(found("one", state), risks=[risk(expired=True)])
    assert (got, settings[0]["state"]) == ("drifted", state)
    if state == "drifted":
        assert settings[0]["reason"].startswith("the accepted risk of it-sec for the setting 'one*' expired on 2027-06-30 (trial): nothing is enforced")


def test_of_two_entries_for_a_setting_the_longer_one_counts() -> None:
    risks = [risk(expires="2028-01-01", owner="new"), risk("one", expires="2027-01-01", owner="old")]
    state, _reason, settings = accept(found("one"), risks=risks)
    assert state == "accepted" and "accepted by new" in settings[0]["reason"]


def test_a_name_with_brackets_is_meant_as_it_stands() -> None:
    assert accept(found("file [1]"), risks=[risk("file [1]")])[0] == "accepted"


def test_what_was_not_examined_at_all_stays_that() -> None:
    assert accept() == ("not_examined", "its reason; no task ran", [])
    assert accept(risks=[risk(expired=True)])[0] == "drifted"


def test_no_task_can_call_its_own_setting_accepted() -> None:
    assert set(ORDER) - set(SETTING_STATES) == {"accepted"}
    (entry,) = given_settings({"settings": [{"setting": "x", "state": "accepted"}]}, "a task") or []
    assert entry["state"] == "failed"
