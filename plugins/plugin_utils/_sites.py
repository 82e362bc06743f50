# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Product sites of the inventory: checked and normalised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._backends import check_backends
from ansible_collections.hardening.atlassian.plugins.plugin_utils._credentials import check_credentials, check_witness
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._networks import is_loopback
from ansible_collections.hardening.atlassian.plugins.plugin_utils._urls import parse_url, shown

PRODUCTS = {"jira_sites": "jira", "confluence_sites": "confluence"}
NODE_GROUPS = {"jira": "jira_nodes", "confluence": "confluence_nodes"}
WAF_MODES = ("off", "detection", "blocking")
WAF_PARANOIA = ("1", "2")


def _synchrony(values: HostValues, product: str) -> dict[str, str] | None:
    """{url, path} of a Synchrony that runs on its own, None where there is none or it is described wrongly."""
    given = values.get("atlassian_synchrony")
    if given in (None, "", {}) or values.unreadable("atlassian_synchrony"):
        return None
    if not isinstance(given, Mapping) or list(given) != ["url"]:
        values.problem(f"atlassian_synchrony is {shown(given)}, expected a mapping like {{url: \"http://node1.example.com:8091/synchrony\"}}")
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


def _api_url(values: HostValues) -> str | None:
    """The address for REST calls where it is another than that for people, None where there is none or it is described wrongly."""
    given = values.get("atlassian_api_url")
    if given in (None, ""):
        return None
    try:
        parsed = parse_url(given)
    except ValueError as error:
        values.problem(f"atlassian_api_url is {shown(given)}, {error}")
        return None
    allowed = values.get("atlassian_allow_http", False)
    if parsed["scheme"] == "http" and not is_loopback(parsed["host"]) and str(allowed).lower() not in ("true", "yes", "1", "on"):
        values.problem(
            f"atlassian_api_url is {shown(given)}: credentials would travel unencrypted; use https, or set atlassian_allow_http: true if you accept that"
        )
    return str(parsed["url"])


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
    """One site as {name, product, url, scheme, host, port, path, backends}, and api_url, synchrony, waf_mode and waf_paranoia where it has its own.

    None where its URL is unusable. nodes are the product's hosts in the inventory. Back ends are needed only where a proxy of the inventory leads to them.
    """
    check_credentials(values)
    check_witness(values)
    api_url = _api_url(values)
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
    if ":" in parsed["host"]:
        values.problem(f"atlassian_url is {shown(given)}, whose host is an IPv6 address: a virtual host and its certificate need a name")
    backends = check_backends(values, parsed["path"], nodes, NODE_GROUPS[product], proxied)
    synchrony = _synchrony(values, product)
    own = {name: value for name, value in (("api_url", api_url), ("synchrony", synchrony)) if value}
    return {"name": values.name, "product": product, **parsed, "backends": backends, **own, **_waf(values)}
