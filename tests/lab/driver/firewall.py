# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes what netavark leaves in the firewall when the last network of podman is gone."""

from __future__ import annotations

import re

from .process import run, say

_NETWORK_CHAIN = re.compile(r"NETAVARK-[0-9A-F]{8,}$")  # the others serve all networks of podman


def remove_netavark(family: str, network: str) -> None:
    """Remove netavark's rules and chains. `family` is iptables or ip6tables, `network` the lab's.

    Those of a network that vanished without podman go as well; with another network in use the common ones stay.
    """
    saved = run([f"{family}-save"])
    chains = _chains(saved)
    ours = {name for table, name in chains for rule in _rules(saved) if rule[:2] == (table, name) and network in rule[2]}
    networks = {name for _table, name in chains if _NETWORK_CHAIN.match(name)}
    keep_common = bool(networks - ours)
    if keep_common:
        say(f"{family}: another podman network is in use, so netavark's common chains stay")
    doomed = [(table, name) for table, name in chains if (name in networks and name in ours) or not keep_common]
    for table, chain, words in _rules(saved):
        jumps = "-j" in words and (table, words[words.index("-j") + 1]) in doomed
        if (jumps or network in words) and (table, chain) not in doomed:
            run([family, "--table", table, "-D", chain, *words])
    for option in ("--flush", "--delete-chain"):
        for table, chain in doomed:
            run([family, "--table", table, option, chain])


def _chains(saved: str) -> list[tuple[str, str]]:
    """netavark's chains in the output of iptables-save: (table, chain)."""
    return [(table, line[1:].split()[0]) for table, line in _lines(saved) if line.startswith(":NETAVARK")]


def _rules(saved: str) -> list[tuple[str, str, list[str]]]:
    """All rules in the output of iptables-save: (table, chain, the rest word by word)."""
    found = []
    for table, line in _lines(saved):
        if line.startswith("-A "):
            # Only comments are quoted in the listing.
            _command, chain, *rest = (word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line))
            found.append((table, chain, rest))
    return found


def _lines(saved: str) -> list[tuple[str, str]]:
    table, found = "", []
    for line in saved.splitlines():
        if line.startswith("*"):
            table = line[1:]
        else:
            found.append((table, line))
    return found
