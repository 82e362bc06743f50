# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Product sites of the inventory: their URLs and back ends, checked and normalised."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._networks import is_address, is_loopback

PRODUCTS = {"jira_sites": "jira", "confluence_sites": "confluence"}
NODE_GROUPS = {"jira": "jira_nodes", "confluence": "confluence_nodes"}
WAF_MODES = ("off", "detection", "blocking")
WAF_PARANOIA = ("1", "2")
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def shown(url: object) -> str:
    """A URL as it may be shown: what stands before an @ may be a password."""
    return repr(re.sub(r"//[^/?#]*@", "//***@", str(url)))


def parse_url(url: object) -> dict[str, Any]:
    """{url, scheme, host, port, path} of an http(s) URL; path is "" or "/context", the URL has no slash at its end.

    Raises ValueError with half a sentence that follows the shown value.
    """
    if not isinstance(url, str) or not url.strip():
        raise ValueError("which is not a URL")
    parts = urllib.parse.urlsplit(url.strip())
    if parts.scheme not in _PORTS:
        raise ValueError("which must begin with https:// (or http://)")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("which has an invalid port") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("which carries a user name or password: use atlassian_username and atlassian_password")
    if not host:
        raise ValueError("which has no host name")
    if not (_HOST.fullmatch(host) or is_address(host)):
        raise ValueError("whose host name is not a DNS name or an address (write names beyond ASCII in their xn-- form)")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError("which must not have a query or a fragment")
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(segment in (".", "..") for segment in path.split("/")):
        raise ValueError("whose path must be empty or a plain context path like /jira")
    port = port or _PORTS[parts.scheme]
    shown_host = f"[{host}]" if ":" in host else host
    authority = shown_host if port == _PORTS[parts.scheme] else f"{shown_host}:{port}"
    return {"url": f"{parts.scheme}://{authority}{path}", "scheme": parts.scheme, "host": host, "port": port, "path": path}


def _backend(item: object, place: str, path: str, nodes: Sequence[str], node_group: str) -> tuple[dict[str, Any] | None, str]:
    """One back end normalised, or None and what is wrong with it."""
    if not isinstance(item, Mapping):
        return None, f"{place} is {item!r}, expected a mapping with url and node"
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


def _backends(values: HostValues, path: str, nodes: Sequence[str], node_group: str, proxied: bool) -> list[dict[str, Any]]:
    given = values.get("atlassian_backends")
    if values.unreadable("atlassian_backends") or (given is None and not proxied):
        return []
    if not isinstance(given, (list, tuple)) or not given:
        expected = 'expected a list like [{url: "http://node1.example.com:8080", node: node1.example.com}]'
        values.problem(f"atlassian_backends is {given!r}, {expected}" if given else f"atlassian_backends is missing, {expected}")
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
    return backends


def _synchrony(values: HostValues, product: str) -> dict[str, str] | None:
    """{url, path} of a Synchrony that runs on its own, None where there is none or it is described wrongly."""
    given = values.get("atlassian_synchrony")
    if given in (None, "", {}) or values.unreadable("atlassian_synchrony"):
        return None
    if not isinstance(given, Mapping) or list(given) != ["url"]:
        values.problem(f"atlassian_synchrony is {given!r}, expected a mapping like {{url: \"http://node1.example.com:8091/synchrony\"}}")
        return None
    if product != "confluence":
        values.problem("atlassian_synchrony is set, but Synchrony is a part of Confluence alone")
    try:
        parsed = parse_url(given["url"])
    except ValueError as error:
        values.problem(f"atlassian_synchrony has the url {shown(given['url'])}, {error}")
        return None
    path = parsed["path"] or "/synchrony"
    return {"url": parsed["url"] if parsed["path"] else parsed["url"] + path, "path": path}


def _check_api_url(values: HostValues) -> None:
    given = values.get("atlassian_api_url")
    if given in (None, ""):
        return
    try:
        parsed = parse_url(given)
    except ValueError as error:
        values.problem(f"atlassian_api_url is {shown(given)}, {error}")
        return
    allowed = values.get("atlassian_allow_http", False)
    if parsed["scheme"] == "http" and not is_loopback(parsed["host"]) and str(allowed).lower() not in ("true", "yes", "1", "on"):
        values.problem(
            f"atlassian_api_url is {shown(given)}: credentials would travel unencrypted; use https, or set atlassian_allow_http: true if you accept that"
        )


def _check_credentials(values: HostValues) -> None:
    names = ("atlassian_api_token", "atlassian_username", "atlassian_password")
    token, username, password = (values.present(name) for name in names)
    unread = [name for name in names if values.unreadable(name)]
    if token and username:
        values.problem("atlassian_api_token and atlassian_username are both set: keep one way to log in")
    elif username and not password and "atlassian_password" not in unread:
        values.problem("atlassian_username is set, atlassian_password is missing or empty")
    elif password and not username and not token and "atlassian_username" not in unread:
        values.problem("atlassian_password is set, atlassian_username is missing or empty")
    elif not (token or username or password or unread):
        values.problem("no credentials: set atlassian_api_token, or atlassian_username with atlassian_password (better from a vault)")


def _check_witness(values: HostValues) -> None:
    """The witness is a matter of choice; half of one would only be noticed in the middle of the play."""
    names = ("atlassian_witness_token", "atlassian_witness_username", "atlassian_witness_password")
    token, username, password = (values.present(name) for name in names)
    if any(values.unreadable(name) for name in names):
        return
    if token and (username or password):
        values.problem("atlassian_witness_token and atlassian_witness_username or _password are both set: keep one way to log in")
    elif username and not password:
        values.problem("atlassian_witness_username is set, atlassian_witness_password is missing or empty")
    elif password and not username:
        values.problem("atlassian_witness_password is set, atlassian_witness_username is missing or empty")


def _waf(values: HostValues) -> dict[str, Any]:
    """{waf_mode, waf_paranoia} as far as the site has its own."""
    own: dict[str, Any] = {}
    for name, choices in (("waf_mode", WAF_MODES), ("waf_paranoia", WAF_PARANOIA)):
        value = values.get(f"atlassian_{name}")
        # YAML reads a bare off as false.
        value = "off" if value is False else value
        if value is None or values.unreadable(f"atlassian_{name}"):
            continue
        if str(value) in choices:
            own[name] = str(value)
        else:
            values.problem(f"atlassian_{name} is {value!r}, expected one of {', '.join(choices)}")
    return own


def check_site(values: HostValues, product: str, nodes: Sequence[str], proxied: bool) -> dict[str, Any] | None:
    """One site as {name, product, url, scheme, host, port, path, backends}, and synchrony, waf_mode and waf_paranoia where it has its own.

    None where its URL is unusable. nodes are the product's hosts in the inventory. Back ends are needed only where a proxy of the inventory leads to them.
    """
    _check_credentials(values)
    _check_witness(values)
    _check_api_url(values)
    given = values.get("atlassian_url")
    if given in (None, ""):
        if not values.unreadable("atlassian_url"):
            values.problem("atlassian_url is missing: the address people type, for example https://jira.example.com")
        return None
    try:
        parsed = parse_url(given)
    except ValueError as error:
        values.problem(f"atlassian_url is {shown(given)}, {error}")
        return None
    if parsed["scheme"] == "http":
        values.problem(f"atlassian_url is {shown(given)}: the public address must be https://")
    backends = _backends(values, parsed["path"], nodes, NODE_GROUPS[product], proxied)
    synchrony = _synchrony(values, product)
    return {"name": values.name, "product": product, **parsed, "backends": backends, **({"synchrony": synchrony} if synchrony else {}), **_waf(values)}


def check_distinct(sites: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(site, sentence) for sites that claim one address; a proxy could only serve the first."""
    seen: dict[tuple[str, int, str], str] = {}
    problems = []
    for site in sites:
        key = (site["host"], site["port"], site["path"])
        if key in seen:
            problems.append((site["name"], f"atlassian_url is {site['url']!r}, which is also that of {seen[key]}: give one of them another host name or path"))
        else:
            seen[key] = site["name"]
    return problems
