# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Back ends of one site, checked and normalised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._urls import parse_url, shown


def check_backends(values: HostValues, path: str, nodes: Sequence[str], node_group: str, proxied: bool) -> list[dict[str, Any]]:
    """atlassian_backends of one site as [{url, node}], without those that are wrong. path is the site's, nodes are the hosts of node_group."""
    given = values.get("atlassian_backends")
    if values.unreadable("atlassian_backends") or (given is None and not proxied):
        return []
    if not isinstance(given, (list, tuple)) or not given:
        expected = 'expected a list like [{url: "http://node1.example.com:8080", node: node1.example.com}]'
        values.problem(f"atlassian_backends is {shown(given)}, {expected}" if given else f"atlassian_backends is missing, {expected}")
        return []
    backends: list[dict[str, Any]] = []
    for number, item in enumerate(given, start=1):
        backend, sentence = _backend(item, f"atlassian_backends, entry {number},", path, nodes, node_group)
        if backend is None:
            values.problem(sentence)
        elif backend["url"] in [known["url"] for known in backends]:
            values.problem(f"atlassian_backends names {backend['url']!r} twice")
        else:
            backends.append(backend)
    _check_back_ends_together(values, backends, path)
    return backends


def _backend(item: object, place: str, path: str, nodes: Sequence[str], node_group: str) -> tuple[dict[str, Any] | None, str]:
    """One back end normalised, or None and what is wrong with it."""
    if not isinstance(item, Mapping):
        return None, f"{place} is {shown(item)}, expected a mapping with url and node"
    unknown = sorted(str(name) for name in item if name not in ("url", "node"))
    if unknown:
        return None, f"{place} has unknown fields {', '.join(unknown)}, expected url and node"
    try:
        parsed = parse_url(item.get("url"))
    except ValueError as error:
        return None, f"{place} has the url {shown(item.get('url'))}, {error}"
    if parsed["path"] not in ("", path):
        return None, f"{place} has the url {shown(item['url'])}, whose path differs from that of atlassian_url ({path or '/'})"
    node = item.get("node")
    if node is not None and node not in nodes:
        return None, f"{place} has the node {node!r}, which is no host of the group {node_group}"
    return {"url": parsed["url"], "node": node}, ""


def _check_back_ends_together(values: HostValues, backends: Sequence[Mapping[str, Any]], path: str) -> None:
    """What is right for each back end alone and wrong beside the others."""
    urls_of: dict[str, list[str]] = {}
    for backend in backends:
        if backend["node"] is not None:
            urls_of.setdefault(backend["node"], []).append(repr(backend["url"]))
    for node, urls in urls_of.items():
        if len(urls) > 1:
            # Whoever drains or disables one of them by the name of its node would lose the others with it.
            values.problem(f"atlassian_backends names the node {node!r} for {' and '.join(urls)}: a node is one server, so give each its own, or none")
    bare = [backend["url"] for backend in backends if not parse_url(backend["url"])["path"]]
    if 0 < len(bare) < len(backends):
        # The proxy appends the path to the address of the whole cluster, or to that of none.
        values.problem(
            f"atlassian_backends has the url {bare[0]!r} without the context path and others with it: "
            f"write it as {bare[0] + path!r}, as all nodes of a site must be written alike"
        )
