# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a control may do on a host."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._modes import control_modes

TODAY = datetime.date(2026, 11, 23)


def modes(overrides: dict[str, Any] | None = None, risks: list[Any] | None = None, **more: Any) -> dict[str, dict[str, Any]]:
    return control_modes(load(), overrides or {}, risks or [], "jira", ["jira_sites"], TODAY, **more)


def risk(**changes: Any) -> dict[str, Any]:
    return {"control": "JIRA-01", "hosts": ["*"], "reason": "a public tracker", "owner": "it-sec", "expires": "2027-06-30", **changes}


def test_defaults_come_from_the_catalogue() -> None:
    found = modes()
    assert list(found) == list(load())
    assert found["JIRA-01"] == {"mode": "enforce", "off": False, "check": False, "enforced": True, "reason": "", "risk": None, "setting_risks": []}
    assert found["JIRA-08"]["mode"] == "audit"
    assert found["JIRA-08"]["check"] is True
    assert found["JIRA-08"]["enforced"] is False


def test_a_planned_control_is_never_enforced() -> None:
    entry = modes({"AUTH-01": "enforce"})["AUTH-01"]
    assert (entry["mode"], entry["enforced"], entry["reason"]) == ("enforce", False, "not built yet")


@pytest.mark.parametrize("value", ["off", False])
def test_a_bare_off_is_off(value: object) -> None:
    entry = modes({"JIRA-01": value})["JIRA-01"]
    assert (entry["mode"], entry["off"], entry["enforced"], entry["reason"]) == ("off", True, False, "switched off by atlassian_controls")


@pytest.mark.parametrize("more", [{"check_mode": True}, {"read_only": True}])
def test_a_check_or_read_only_run_writes_nothing_and_tells_what_a_real_one_would(more: dict[str, bool]) -> None:
    found = modes(**more)
    assert all(entry["check"] for entry in found.values())
    assert found["JIRA-01"]["enforced"] is True


def test_an_accepted_risk_is_not_enforced() -> None:
    entry = modes(risks=[risk()])["JIRA-01"]
    assert (entry["mode"], entry["check"], entry["enforced"], entry["off"]) == ("enforce", True, False, False)
    assert entry["reason"] == "risk accepted by it-sec until 2027-06-30: a public tracker"
    assert entry["risk"] == {"reason": "a public tracker", "owner": "it-sec", "expires": "2027-06-30", "expired": False, "setting": None}


def test_an_expired_risk_is_still_not_enforced() -> None:
    entry = modes(risks=[risk(expires=datetime.date(2026, 11, 22))])["JIRA-01"]
    assert entry["risk"]["expired"] is True
    assert entry["enforced"] is False
    assert "expired on 2026-11-22" in entry["reason"]


def test_the_last_day_still_counts() -> None:
    assert modes(risks=[risk(expires="2026-11-23")])["JIRA-01"]["risk"]["expired"] is False


def test_the_longest_of_several_entries_counts() -> None:
    both = [risk(expires="2026-01-01", owner="old"), risk(owner="new")]
    assert modes(risks=both)["JIRA-01"]["risk"]["owner"] == "new"
    assert modes(risks=both[::-1])["JIRA-01"]["risk"]["owner"] == "new"


def test_a_risk_for_one_setting_holds_the_whole_control_back() -> None:
    entry = modes(risks=[risk(setting="allowRemoteApi"), risk(setting="other*", expires="2027-01-01", owner="soon")])["JIRA-01"]
    assert (entry["check"], entry["enforced"], entry["off"]) == (True, False, False)
    assert [found["setting"] for found in entry["setting_risks"]] == ["other*", "allowRemoteApi"]
    assert entry["risk"] == entry["setting_risks"][0], "the one that ends first"
    assert "risk for the setting 'allowRemoteApi' accepted by it-sec until 2027-06-30: a public tracker" in entry["reason"]


def test_a_risk_for_the_whole_control_stands_before_those_for_settings() -> None:
    entry = modes(risks=[risk(setting="x", expires="2027-01-01"), risk(owner="whole")])["JIRA-01"]
    assert (entry["risk"]["owner"], entry["risk"]["setting"], len(entry["setting_risks"])) == ("whole", None, 1)


@pytest.mark.parametrize(("hosts", "covered"), [(["jira"], True), (["ji*"], True), (["jira_sites"], True), (["wiki"], False), (["JIRA"], False)])
def test_a_risk_covers_hosts_by_pattern_or_group(hosts: list[str], covered: bool) -> None:
    assert (modes(risks=[risk(hosts=hosts)])["JIRA-01"]["risk"] is not None) is covered


@pytest.mark.parametrize(
    ("overrides", "risks", "words"),
    [
        ({"XX-01": "audit"}, [], "jira: atlassian_controls names the unknown control 'XX-01'"),
        ({"JIRA-01": "on"}, [], "gives JIRA-01 the mode 'on', expected enforce, audit, off"),
        ({"JIRA-05": "enforce"}, [], "JIRA-05 is of kind audit: it cannot be enforced"),
        ({}, [risk(control="XX-01")], "names the unknown control 'XX-01'"),
        ({}, [risk(expires="soon")], "has expires 'soon', expected a day like 2027-06-30"),
        ({}, [risk(owner="")], "has no owner"),
        ({}, [risk(setting="")], "has setting '', expected the name of a setting"),
    ],
)
def test_values_that_mean_nothing_are_named(overrides: dict[str, Any], risks: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match="atlassian_") as caught:
        modes(overrides, risks)
    assert words in str(caught.value)
