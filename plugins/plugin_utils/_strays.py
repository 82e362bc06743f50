# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables on hosts where nobody reads them: a site outside the groups of sites, a role's variable where that role never runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import HOST_GROUPS, SITE_GROUPS, TARGET_GROUPS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._environments import is_apart
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import group_problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._role_values import ROLE_GROUPS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._sites import PRODUCTS

_MAKES_A_SITE = ("atlassian_url", "atlassian_backends")
_SHARED_ROLE = "atlassian"  # its variables are for all hosts, but for those of a site
# Beside those that make a site. Credentials are among them; only that they are set is looked at.
OF_A_SITE = (
    "atlassian_synchrony",
    "atlassian_waf_mode",
    "atlassian_waf_paranoia",
    "atlassian_api_url",
    "atlassian_allow_http",
    "atlassian_api_token",
    "atlassian_username",
    "atlassian_password",
    "atlassian_witness_username",
    "atlassian_witness_password",
    "atlassian_witness_token",
    "atlassian_validate_certs",
    "atlassian_ca_path",
    "atlassian_timeout",
    "atlassian_connections",
)
# What people call the products, to tell which group was meant.
_CALLED = {"jira": ("jira",), "confluence": ("confluence", "wiki")}


def check_lost_sites(hostvars: Mapping[str, Mapping[str, Any]], groups: Mapping[str, Sequence[str]], inventory: Collection[str], problems: Problems) -> None:
    """A problem for each host of the inventory that is described as a site and is in no group of sites: it would be left alone without a word.

    A value that every host has, or that is also a site's, comes from a group that is wider than the sites, and so does that of a machine, which is no forgotten
    site. groups is Ansible's own.
    """
    sites = {name for group in SITE_GROUPS for name in groups.get(group, ())}
    placed = sites | {name for group in HOST_GROUPS for name in groups.get(group, ())}
    for variable in _MAKES_A_SITE:
        having = [name for name in inventory if variable in hostvars[name]]
        if len(having) == len(inventory) > 1:
            continue
        values = {name: HostValues(name, hostvars[name], Problems()).get(variable) for name in having}
        for name in having:
            shared = values[name] in [values[site] for site in sites if site in values]
            told = variable != _MAKES_A_SITE[0] and _MAKES_A_SITE[0] in hostvars[name]
            if name not in placed and values[name] and not shared and not told:
                _tell(name, variable, groups, problems)


def _tell(name: str, variable: str, groups: Mapping[str, Sequence[str]], problems: Problems) -> None:
    member = sorted(group for group, hosts in groups.items() if name in hosts and group not in ("all", "ungrouped"))
    if group_problems({group: groups[group] for group in (*member, *TARGET_GROUPS) if group in groups}):
        # A misspelt group of ours is a sentence of its own, and says what was meant.
        return
    now = f"only in {', '.join(member)}" if member else "in no group"
    problems.add(
        name, f"{variable} is set, which makes it a site, but it is {now} and in neither of {' and '.join(SITE_GROUPS)}: put it into {_expected(name, member)}"
    )


def _expected(name: str, member: Sequence[str]) -> str:
    """The group of sites that was meant, as far as the names tell."""
    words = " ".join((name, *member)).lower()
    meant = [group for group in SITE_GROUPS if any(word in words for word in _CALLED[PRODUCTS[group]])]
    return " or ".join(meant or SITE_GROUPS)


def check_strays(
    hosts: Sequence[HostValues], targets: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]], options: Mapping[str, Mapping[str, Any]]
) -> None:
    """A problem for each variable that is set where nobody reads it, and for no target where it is read.

    hosts are those of the targets, targets is {name: our groups it is in}, groups is Ansible's own, options is {role: {variable: its argument specification}}.
    What comes from all, or from any group that reaches into those where it is read, is set there too, whatever its value is. Where the inventory, or a group of
    the operator, has no such target nothing is said.
    """
    for role, specifications in options.items():
        if role in ROLE_GROUPS and role != _SHARED_ROLE:
            _check_where(hosts, targets, groups, specifications, f"the role {role}", ROLE_GROUPS[role])
    _check_where(hosts, targets, groups, OF_A_SITE, "", SITE_GROUPS)


def _check_where(
    hosts: Sequence[HostValues],
    targets: Mapping[str, Sequence[str]],
    groups: Mapping[str, Sequence[str]],
    variables: Collection[str],
    role: str,
    where: Sequence[str],
) -> None:
    """role is the one that reads the variables, empty where they say something of a site; where are our groups in which they are read."""
    reading = [host.name for host in hosts if any(group in where for group in targets[host.name])]
    read = {variable for host in hosts if host.name in reading for variable in host}
    for host in hosts:
        if not reading or host.name in reading:
            continue
        stray = sorted((set(host) & set(variables)) - read)
        if not stray or is_apart(host.name, reading, groups):
            continue
        for variable in stray:
            here = f"where {role} never runs, and nowhere where it does" if role else "and says something of a site, but no site has it"
            host.problem(f"{variable} is set here, {here}: set it for the group {' or '.join(where)}")
