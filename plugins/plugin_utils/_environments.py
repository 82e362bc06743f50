# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's own groups, like test and prod: what one of them says is meant for its hosts, and is no mistake of the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import TARGET_GROUPS


def own_groups(groups: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """{group: its hosts} without our groups and those that every inventory has; groups is Ansible's own."""
    return {group: frozenset(hosts) for group, hosts in groups.items() if group not in (*TARGET_GROUPS, "all", "ungrouped")}


def is_apart(host: str, reached: Collection[str], groups: Mapping[str, Collection[str]]) -> bool:
    """Whether a host is in a group of the operator that has none of the reached ones: an environment without that product."""
    return any(host in hosts and hosts.isdisjoint(reached) for hosts in own_groups(groups).values())
