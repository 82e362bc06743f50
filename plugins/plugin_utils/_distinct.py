# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites that are one product under two names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._urls import parse_url

_TWICE = "one product would be hardened twice and reported as two"


def check_distinct(sites: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(site, sentence) for sites, as check_site returns them, that share their address, that for REST calls, or a back end.

    Each site is held against those before it, and each of its addresses is told once.
    """
    problems: list[tuple[str, str]] = []
    for number, site in enumerate(sites):
        earlier = sites[:number]
        public = next((other for other in earlier if _place(other["url"]) == _place(site["url"])), None)
        if public is not None:
            # A proxy could only serve the first. The other addresses are the same for that reason alone.
            sentence = f"atlassian_url is {site['url']!r}, which is also that of {public['name']}: give one of them another host name or path"
            problems.append((site["name"], sentence))
            continue
        problems += _first(_same_api(site, other) for other in earlier)
        problems += _first(_same_server(site, other) for other in earlier)
    return problems


def _first(found: Iterable[tuple[str, str] | None]) -> list[tuple[str, str]]:
    return next(([problem] for problem in found if problem), [])


def _place(url: str, path: str = "") -> tuple[str, int, str]:
    """What a URL leads to; path is where a URL without one leads to all the same. The scheme says how, not where."""
    parsed = parse_url(url)
    return parsed["host"], parsed["port"], parsed["path"] or path


def _api(site: Mapping[str, Any]) -> tuple[str, str]:
    """(variable, address) of the REST calls, as the roles choose it."""
    return ("atlassian_api_url", site["api_url"]) if "api_url" in site else ("atlassian_url", site["url"])


def _same_api(site: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, str] | None:
    (mine, address), (theirs, other_address) = _api(site), _api(other)
    if _place(address) != _place(other_address):
        return None
    return site["name"], f"{mine} is {address!r}, which is also the {theirs} of {other['name']}: {_TWICE}"


def _same_server(site: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, str] | None:
    """A back end that both sites have and that cannot serve both.

    Behind an address without a node may be a balancer, which chooses by name. A server that is named as a node of both products carries both.
    """
    for mine in site["backends"]:
        for theirs in other["backends"]:
            here, there = _place(mine["url"], site["path"]), _place(theirs["url"], other["path"])
            nodes = [node for node in (mine["node"], theirs["node"]) if node is not None]
            if site["product"] == other["product"]:
                if here == there and nodes:
                    return site["name"], (
                        f"atlassian_backends has {mine['url']!r} (node {nodes[0]}), which is also a back end of {other['name']}: {_TWICE} "
                        "(leave out node where a balancer there chooses by name)"
                    )
            elif here[:2] == there[:2] and len(nodes) == 1:
                unnamed, url, named = (site, mine["url"], other) if mine["node"] is None else (other, theirs["url"], site)
                return unnamed["name"], (
                    f"atlassian_backends has {url!r}, which is the node {nodes[0]} of {named['name']}, another product: "
                    "give this site its own server, or name the node here too if it carries both"
                )
    return None
