# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands where nobody reads it: a site in no group of sites, a role's variable where the role never runs, a risk for a group without hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables, role_options
from ansible_collections.hardening.atlassian.plugins.plugin_utils._strays import OF_A_SITE
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine


def site(name: str, port: int) -> dict[str, Any]:
    return {
        "atlassian_url": f"https://{name}.example.com",
        "atlassian_backends": [{"url": f"http://node1.example.com:{port}"}],
        "atlassian_api_token": "x",
    }


JIRA, WIKI = site("jira", 8080), site("wiki", 8090)
GROUPS = {"atlassian_proxies": ["proxy1", "proxy2"], "jira_sites": ["jira"], "confluence_sites": ["wiki"], "jira_nodes": ["node1"]}
OUTSIDE = "and in neither of jira_sites and confluence_sites: put it into"


def problems(hosts: Mapping[str, Mapping[str, Any]] | None = None, groups: Mapping[str, list[str]] | None = None, **everywhere: Any) -> list[str]:
    """Of two proxies, two sites and a node, with changes; everywhere are variables of the group all."""
    every: dict[str, Mapping[str, Any]] = {"proxy1": {}, "proxy2": {}, "jira": JIRA, "wiki": WIKI, "node1": {}, **(hosts or {})}
    variables = {name: {**everywhere, **values} for name, values in every.items()}
    found = examine(variables, {**GROUPS, **(groups or {}), "all": list(every)}, load(), known_variables())["problems"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({"jira": ["jira"]}, f"it is only in jira {OUTSIDE} jira_sites"),
        ({"atl": ["jira"], "prod": ["jira", "wiki"]}, f"it is only in atl, prod {OUTSIDE} jira_sites"),
        ({"ungrouped": ["jira"]}, f"it is in no group {OUTSIDE} jira_sites"),
    ],
)
def test_a_site_in_no_group_of_sites_is_refused(groups: dict[str, list[str]], sentence: str) -> None:
    assert problems(groups={"jira_sites": [], **groups}) == [f"jira: atlassian_url is set, which makes it a site, but {sentence}"]


@pytest.mark.parametrize(
    ("host", "group", "expected"),
    [("wiki", "wiki_sites", "confluence_sites"), ("w1", "confluence", "confluence_sites"), ("x", "apps", "jira_sites or confluence_sites")],
)
def test_the_names_tell_which_group_was_meant(host: str, group: str, expected: str) -> None:
    (found,) = problems({host: {"atlassian_url": "https://x.example.com"}}, {"confluence_sites": [], group: [host]} if host == "wiki" else {group: [host]})
    assert found.startswith(f"{host}: ") and found.endswith(f"put it into {expected}")


def test_back_ends_make_a_site_too() -> None:
    (found,) = problems({"old": {"atlassian_backends": [{"url": "http://node1.example.com:1"}]}}, {"jira": ["old"]})
    assert found == f"old: atlassian_backends is set, which makes it a site, but it is only in jira {OUTSIDE} jira_sites"


@pytest.mark.parametrize("name", ["proxy1", "node1"])
def test_a_machine_is_no_forgotten_site(name: str) -> None:
    """What it has may come from a group that is wider than the sites, and differ from what they have by a template or a slash."""
    assert problems({name: {"atlassian_backends": [{"url": "http://node1.example.com:1"}]}}, {"jirastack": ["jira", name]}) == []
    assert problems({name: {"atlassian_url": "https://jira.example.com/"}}) == []


def test_what_reaches_a_site_as_well_comes_from_a_wider_group() -> None:
    assert problems({"node1": {"atlassian_url": JIRA["atlassian_url"], "atlassian_backends": JIRA["atlassian_backends"]}}) == []
    every = ("proxy1", "proxy2", "node1")
    assert problems({name: {"atlassian_url": f"https://{name}.example.com"} for name in every}) == []
    assert problems({"node1": {"atlassian_url": "", "atlassian_backends": []}}) == []


def test_a_misspelt_group_of_sites_is_told_once() -> None:
    assert problems(groups={"jira_sites": [], "jira-sites": ["jira"]}) == ["inventory: the group 'jira-sites' is unknown, did you mean 'jira_sites'?"]


def risk(control: str, *hosts: str) -> dict[str, Any]:
    return {"control": control, "hosts": list(hosts), "reason": "no PKI", "owner": "it-sec", "expires": "2027-06-30"}


@pytest.mark.parametrize(
    ("entry", "groups", "sentence"),
    [
        (risk("F2B-01", "atlassian_proxies"), {"atlassian_proxies": []}, "accepts F2B-01 for atlassian_proxies, but the group atlassian_proxies has no host"),
        (risk("PRX-15", "jira_sites"), {}, "accepts PRX-15 for jira_sites, but PRX-15 is examined on atlassian_proxies only"),
    ],
)
def test_a_risk_for_a_group_without_hosts_says_so(entry: dict[str, Any], groups: dict[str, list[str]], sentence: str) -> None:
    (found,) = problems(groups=groups, atlassian_accepted_risks=[entry])
    assert found.endswith(f"atlassian_accepted_risks, entry 1, {sentence}")


@pytest.mark.parametrize("name", ["all", "*", "atlassian_proxies", "proxy9.example.com"])
def test_a_risk_of_which_the_inventory_has_no_target_is_that_of_another_inventory(name: str) -> None:
    entry = risk("PRX-15", name)
    assert problems(groups={"atlassian_proxies": []}, atlassian_accepted_risks=[entry]) == []
    (found,) = problems(groups={"atlassian_proxies": []}, atlassian_accepted_risks=[{**entry, "owner": ""}])
    assert found.endswith("atlassian_accepted_risks, entry 1, has no owner")


ENVIRONMENTS = {"test": ["proxy2", "wiki"], "prod": ["proxy1", "jira"]}


def test_a_risk_for_all_of_an_environment_may_have_no_target_there() -> None:
    lists = {"proxy2": {"atlassian_accepted_risks": [risk("JIRA-02", "all")]}}
    assert problems(lists, ENVIRONMENTS) == []
    (found,) = problems(lists)
    assert found.endswith("but none of these has the entry: write it for the group all or jira_sites")
    # Where the environment has the product, the entry should have reached it.
    assert problems(lists, {"test": ["proxy2", "jira"]}) == [found]
    # The organisation goes by the first target, and is where that is.
    lists = {"proxy2": {"atlassian_accepted_risks": [risk("ORG-01", "*")]}}
    assert problems(lists, ENVIRONMENTS) == []
    assert len(problems(lists, {"prod": ["proxy2", "jira"]})) == 1


@pytest.mark.parametrize(
    ("hosts", "variable", "sentence"),
    [
        (["jira"], "apache_waf_mode", "where the role apache_waf never runs, and nowhere where it does: set it for the group atlassian_proxies"),
        (["node1", "jira"], "apache_tls_profile", "where the role apache_tls never runs, and nowhere where it does: set it for the group atlassian_proxies"),
        (["wiki"], "fail2ban_atlassian_window", "never runs, and nowhere where it does: set it for the group atlassian_proxies or jira_nodes"),
        (["proxy1", "proxy2"], "jira_hardening_allow_forms", "role jira_hardening never runs, and nowhere where it does: set it for the group jira_sites"),
        (["proxy1", "proxy2"], "atlassian_waf_mode", "and says something of a site, but no site has it: set it for the group jira_sites or confluence_sites"),
        (["proxy1"], "atlassian_witness_token", "and says something of a site, but no site has it: set it for the group jira_sites or confluence_sites"),
    ],
)  # fmt: skip
def test_a_variable_where_nobody_reads_it_is_refused(hosts: list[str], variable: str, sentence: str) -> None:
    value = "a value that no role takes"
    every = {"jira": JIRA, "wiki": WIKI}
    (found,) = problems({name: {**every.get(name, {}), variable: value} for name in hosts})
    assert found.startswith(f"{', '.join(sorted(hosts))}: {variable} is set here, ") and found.endswith(sentence)
    assert value not in found


def test_what_comes_from_a_wider_group_is_seen_where_it_is_read_too() -> None:
    assert problems(apache_waf_mode="detection", jira_hardening_allow_forms=False, atlassian_waf_mode="detection") == []
    # A nearer group may have another value.
    assert problems({"proxy1": {"apache_waf_mode": "blocking"}, "proxy2": {"apache_waf_mode": "off"}}, apache_waf_mode="detection") == []
    assert problems({"proxy1": {"apache_waf_mode": "blocking"}, "jira": {**JIRA, "apache_waf_mode": "blocking"}}) == []


def test_where_the_inventory_has_no_target_of_a_role_nothing_is_said() -> None:
    assert problems({"jira": {**JIRA, "apache_waf_mode": "blocking"}}, {"atlassian_proxies": []}) == []
    assert problems({"jira": {}, "wiki": {}, "proxy1": {"atlassian_waf_mode": "off"}}, {"jira_sites": [], "confluence_sites": []}) == []


def test_what_an_environment_sets_for_a_product_that_it_does_not_have_is_fine() -> None:
    everywhere = {"jira_hardening_allow_forms": True}
    assert problems({"proxy2": everywhere, "wiki": {**WIKI, **everywhere}}, ENVIRONMENTS) == []
    assert problems({"proxy2": {"atlassian_waf_mode": "off"}}, {"test": ["proxy2", "node1"]}) == []
    (found,) = problems({"proxy2": everywhere, "wiki": {**WIKI, **everywhere}}, {"test": ["proxy2", "wiki", "jira"]})
    assert found.startswith("proxy2, wiki: jira_hardening_allow_forms is set here, where the role jira_hardening never runs")


def test_variables_of_a_site_are_those_that_the_specification_says_it_of() -> None:
    said = set()
    for name, option in role_options()["atlassian"].items():
        description = option["description"]
        text = description if isinstance(description, str) else description[0]
        if text.startswith(("For a site", "For a Confluence site")):
            said.add(name)
    assert said == {*OF_A_SITE, "atlassian_url", "atlassian_backends"}
