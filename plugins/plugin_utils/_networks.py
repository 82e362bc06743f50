# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of the inventory, checked with netaddr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues

if TYPE_CHECKING:
    from netaddr import IPNetwork

try:
    import netaddr
except ImportError as error:
    NETADDR_ERROR: ImportError | None = error
else:
    NETADDR_ERROR = None

NETWORK_VARIABLES = (
    "atlassian_admin_networks",
    "atlassian_trusted_proxies",
    "atlassian_shared_networks",
    "atlassian_monitoring_networks",
    "atlassian_automation_networks",
)
# May go by facts or other hosts, which are not known here; what cannot be read is left to the role.
PROXY_VARIABLES = ("apache_proxy_admin_peers", "apache_proxy_client_exempt_networks")
# Whoever is in them may administer.
_ADMINISTRATORS = ("atlassian_admin_networks", "apache_proxy_admin_peers")


class MissingLibrary(Exception):
    """A Python library this collection needs is not installed beside ansible-core."""


def require_netaddr() -> None:
    if NETADDR_ERROR is not None:
        raise MissingLibrary(
            "the Python library netaddr is missing on the controller (pip install netaddr, into the environment that runs ansible-playbook)"
        ) from NETADDR_ERROR


def parse_network(text: str) -> IPNetwork:
    """A network or a single address in full notation; ValueError with half a sentence otherwise."""
    address, slash, prefix = text.partition("/")
    try:
        # netaddr would read '10' and '192.0.2' as addresses too; nobody means them.
        netaddr.IPAddress(address, flags=netaddr.INET_PTON)
        network = netaddr.IPNetwork(text)
    except (netaddr.AddrFormatError, ValueError) as error:
        raise ValueError("which is not a network like 192.0.2.0/24 or 2001:db8::/48") from error
    if slash and not prefix.isdigit():
        raise ValueError(f"which needs its prefix as a number: write {network.cidr}")
    if network.ip != network.cidr.ip:
        raise ValueError(f"which has host bits set: write {network.cidr} for the network or {network.ip} for the one address")
    return network


def is_loopback(host: str) -> bool:
    """Whether a host of a URL is this machine itself."""
    if host == "localhost":
        return True
    try:
        return bool(netaddr.IPAddress(host, flags=netaddr.INET_PTON).is_loopback())
    except (netaddr.AddrFormatError, ValueError):
        return False


def is_address(host: str) -> bool:
    """Whether a host of a URL is an IP address."""
    try:
        netaddr.IPAddress(host, flags=netaddr.INET_PTON)
    except (netaddr.AddrFormatError, ValueError):
        return False
    return True


def _networks(values: HostValues, name: str, given: object) -> list[IPNetwork]:
    if not isinstance(given, (list, tuple)):
        values.problem(f"{name} is {given!r}, expected a list of networks")
        return []
    networks = []
    for item in given:
        if not isinstance(item, str):
            values.problem(f"{name} holds {item!r}, expected a text like 192.0.2.0/24")
            continue
        try:
            networks.append(parse_network(item.strip()))
        except ValueError as error:
            values.problem(f"{name} holds {item!r}, {error}")
    return networks


def check_networks(values: HostValues) -> None:
    """Every network variable of one host, and that a trusted proxy is not an administrator."""
    networks = {name: _networks(values, name, values.get(name, [])) for name in NETWORK_VARIABLES}
    networks |= {name: _networks(values, name, values.quietly(name, [])) for name in PROXY_VARIABLES}
    for name in networks:
        consequence = ": administration would stay open to the world" if name in _ADMINISTRATORS else ""
        for network in networks[name]:
            if network.prefixlen == 0:
                values.problem(f"{name} holds {str(network)!r}, which is everybody{consequence}")
    for proxy in networks["atlassian_trusted_proxies"]:
        for name in _ADMINISTRATORS:
            for admin in networks[name]:
                # What is everybody was told above, and overlaps all others.
                if 0 not in (proxy.prefixlen, admin.prefixlen) and (proxy in admin or admin in proxy):
                    # All people behind that proxy would look like administrators wherever it fails to forward their address.
                    values.problem(
                        f"atlassian_trusted_proxies holds {str(proxy)!r}, which overlaps {str(admin)!r} of {name}: "
                        "a proxy that many people come through cannot be an administrator's address"
                    )
