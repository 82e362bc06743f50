# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mode that a nearer mapping made to be forgotten is refused, before its control is enforced after all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

SITE = {
    "atlassian_url": "https://jira.example.com",
    "atlassian_backends": [{"url": "http://node1.example.com:8080", "node": "node1"}],
    "atlassian_api_token": "x",
}
GROUPS = {"atlassian_proxies": ["proxy1", "proxy2"], "jira_sites": ["jira"], "jira_nodes": ["node1"]}
WHOLE = "a nearer mapping replaces the wider one as a whole, so write it where the control applies"


def problems(everywhere: object, nearer: Mapping[str, object] | None = None, groups: Mapping[str, list[str]] | None = None) -> list[str]:
    """Of an inventory in which all have one mapping but those that have a nearer one."""
    members = {**GROUPS, **(groups or {})}
    hosts = sorted({host for group in members.values() for host in group})
    variables: dict[str, dict[str, Any]] = {}
    for host in hosts:
        variables[host] = {"atlassian_controls": (nearer or {}).get(host, everywhere), **(SITE if host == "jira" else {})}
    found = examine(variables, {**members, "all": hosts}, load(), known_variables())["problems"]
    assert isinstance(found, list)
    return found


PROXIES = {"proxy1": {"PRX-03": "enforce"}, "proxy2": {"PRX-03": "enforce"}}


@pytest.mark.parametrize("mode", ["off", False])
def test_a_mode_for_all_that_its_targets_forgot_is_refused(mode: object) -> None:
    assert problems({"WAF-01": mode}, PROXIES) == [
        "jira, node1: atlassian_controls gives WAF-01 the mode 'off', but WAF-01 is examined on atlassian_proxies only, "
        f"and the atlassian_controls of proxy1, proxy2 has no WAF-01: {WHOLE}, for the group atlassian_proxies"
    ]


def test_a_mode_for_all_that_reaches_its_targets_is_fine() -> None:
    assert problems({"WAF-01": "off", "JIRA-12": "audit", "PRX-15": "off"}) == []
    # An empty mapping says that nothing shall be other than usual.
    assert problems({"WAF-01": "off"}, {"proxy1": {}, "proxy2": {}}) == []
    # Another mode there is what a nearer mapping is for.
    assert problems({"WAF-01": "off"}, {"proxy1": {"WAF-01": "audit"}, "proxy2": {"WAF-01": "audit"}}) == []


def test_a_target_that_has_the_mode_does_not_excuse_another() -> None:
    assert problems({"WAF-01": "off"}, {"proxy1": PROXIES["proxy1"]}) == [
        "jira, node1: atlassian_controls gives WAF-01 the mode 'off', but WAF-01 is examined on atlassian_proxies only, "
        f"and the atlassian_controls of proxy1 has no WAF-01: {WHOLE}, for the group atlassian_proxies"
    ]


def test_a_mode_for_a_group_of_the_operator_that_a_target_in_it_forgot_is_refused() -> None:
    nearer = {"node1": {"JIRA-12": "audit"}, "jira": {"JIRA-02": "audit"}}
    (found,) = problems({}, nearer, {"prod": ["node1", "jira", "proxy1"]})
    assert found.startswith("node1: atlassian_controls gives JIRA-12 the mode 'audit', but JIRA-12 is examined on jira_sites only")
    assert "and the atlassian_controls of jira has no JIRA-12" in found and found.endswith("for the group jira_sites")
    # Not every host has it, so it does not come from a group of all.
    assert problems({}, nearer) == []
    assert problems({}, nearer, {"ours": ["jira", "node1", "proxy1", "proxy2"]}) == []
    assert problems({}, {**nearer, "jira": {}}, {"prod": ["node1", "jira"]}) == []


def test_what_an_environment_says_is_not_meant_for_another() -> None:
    members = {"test": ["proxy2", "node2"], "prod": ["proxy1", "jira", "node1"], "jira_nodes": ["node1", "node2"]}
    test = {name: {"PRX-02": "audit", "JIRA-02": "audit"} for name in members["test"]}
    assert problems({}, test, members) == []
    assert problems({"JIRA-12": "audit", "ORG-01": "off"}, test, members) == []
    # A site of the first environment is one of those that it was meant for.
    (found,) = problems({}, {**test, "jira": {"JIRA-12": "audit"}}, {**members, "test": [*members["test"], "jira"]})
    assert found.startswith("node2, proxy2: ") and "the atlassian_controls of jira has no JIRA-02" in found


def test_only_groups_that_have_a_host_are_named() -> None:
    (found,) = problems({"NODE-01": "audit"}, {"node1": {"NODE-02": "audit"}})
    assert "is examined on jira_nodes only" in found and found.endswith("for the group jira_nodes")
    (found,) = problems({"WAF-01": "audit"}, {"jira": {"F2B-01": "audit"}})
    assert "is examined on atlassian_proxies, jira_nodes only, and the atlassian_controls of node1, proxy1, proxy2 has no F2B-01" in found
    assert found.endswith("for the group atlassian_proxies or jira_nodes")


def test_many_targets_are_not_all_named() -> None:
    proxies = [f"proxy{number}" for number in range(1, 6)]
    (found,) = problems({"WAF-01": "audit"}, {proxy: {"PRX-03": "enforce"} for proxy in proxies}, {"atlassian_proxies": proxies})
    assert "the atlassian_controls of proxy1, proxy2, proxy3 and 2 more has no WAF-01" in found


def test_a_control_of_which_the_inventory_has_no_target_may_be_anywhere() -> None:
    assert problems({"CONF-01": "off", "WAF-01": "off"}, groups={"atlassian_proxies": []}) == []


def test_the_organisation_goes_by_the_first_target() -> None:
    assert problems({"ORG-01": "off"}) == []
    assert problems({"ORG-01": "off"}, {"proxy1": {}}) == []
    assert problems({}, {"jira": {"ORG-01": "off"}}) == []
    assert problems({"ORG-01": "off"}, {"jira": {}}) == []
    first = {"JIRA-12": "audit"}
    # Only what every other host has was meant for all.
    assert problems({"ORG-01": "off"}, {"jira": first, "proxy1": {}}, {"prod": ["jira", "node1"]}) == []
    assert problems({"ORG-01": "off"}, {"jira": first}) == [
        "node1, proxy1, proxy2: atlassian_controls gives ORG-01 the mode 'off', but ORG-01 is examined on organisation only, "
        f"and the atlassian_controls of jira, which the organisation goes by, has no ORG-01: {WHOLE}, for the group all"
    ]


@pytest.mark.parametrize("broken", ["off", ["WAF-01"]])
def test_nothing_is_made_of_a_mapping_that_is_none(broken: object) -> None:
    (found,) = problems({"WAF-01": "off"}, {"proxy1": broken, "proxy2": broken})
    assert "expected a mapping of control ids to modes" in found


def test_an_unusable_mode_is_told_once() -> None:
    assert len(problems({}, {"jira": {"WAF-01": "of"}})) == 1
    assert len(problems({}, {"jira": {"WAF-99": "off"}})) == 1
