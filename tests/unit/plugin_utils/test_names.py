# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of groups: a misspelt one of ours is found, and the operator's own are left alone."""

from __future__ import annotations

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import group_problems

OURS = {"atlassian_proxies": ["proxy1"], "jira_sites": ["jira"], "jira_nodes": ["node1"], "ungrouped": [], "all": ["proxy1", "proxy2", "jira", "node1"]}


def problems(groups: dict[str, list[str]]) -> list[str]:
    return group_problems({**OURS, **groups})


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("jira_site", "jira_sites"), ("jira-sites", "jira_sites"), ("atlasian_proxies", "atlassian_proxies"), ("Confluence_Nodes", "confluence_nodes")],
)
def test_a_misspelt_group_is_found(name: str, nearest: str) -> None:
    assert problems({name: []}) == [f"inventory: the group {name!r} is unknown, did you mean {nearest!r}?"]


def test_other_groups_are_fine_unless_they_have_our_prefix() -> None:
    assert problems({"jira_sites_prod": ["jira"], "webservers": ["proxy1"]}) == []
    assert problems({"atlassian_prod": []}) == [
        "inventory: the group 'atlassian_prod' is unknown; groups of this collection are "
        "atlassian_proxies, jira_nodes, confluence_nodes, jira_sites, confluence_sites"
    ]


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("jira-sites-qa", ["jira"]),
        ("jira_sites2", ["jira"]),
        ("jira-sites", ["jira"]),
        ("prod_atlassian_proxies", ["proxy1"]),
        ("atlassian_proxies_test", ["proxy1"]),
        ("atlassian_prod", ["proxy1", "jira"]),
        ("confluence_sites_prod", []),
        ("prod_atlassian_proxies", []),
        ("atlassian_proxies_production", []),
        ("jira_nodes2", []),
    ],
)
def test_a_group_below_or_above_one_of_ours_is_fine(name: str, hosts: list[str]) -> None:
    assert problems({name: hosts}) == []


def test_a_group_whose_hosts_are_not_in_the_one_that_was_meant_is_refused() -> None:
    for name, hosts in {"confluence_node": ["node1"], "atlassian_proxies_test": ["proxy1", "proxy2"]}.items():
        (found,) = problems({name: hosts})
        assert found.startswith(f"inventory: the group {name!r} is unknown, did you mean '")
