# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What `apache2ctl -S` prints, and which virtual host a name gets."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SINGLE = re.compile(r"^(?P<address>\S+)\s+(?P<name>\S+) \((?P<file>.+):(?P<line>\d+)\)$")
_GROUP = re.compile(r"^(?P<address>\S+)\s+is a NameVirtualHost$")
_NAMED = re.compile(r"^\s+port (?P<port>\d+|\*) namevhost (?P<name>\S+) \((?P<file>.+):(?P<line>\d+)\)$")
_ALIAS = re.compile(r"^\s+(?P<wild>wild )?alias (?P<name>\S+)$")


@dataclass(frozen=True)
class VirtualHost:
    """One <VirtualHost>. address: `*` or an IP address; names: ServerName first, then aliases."""

    address: str
    port: int
    names: tuple[str, ...]
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def answers(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in self.names)


def parse(dump: str) -> list[VirtualHost]:
    """Virtual hosts in httpd's order: within an address and port the first that has the name wins, and the very first is the default."""
    found: list[VirtualHost] = []
    address = ""
    for line in dump.splitlines():
        if group := _GROUP.match(line):
            address = group["address"]
        elif named := _NAMED.match(line):
            found.append(_host(address, named))
        elif (single := _SINGLE.match(line)) and ":" in single["address"]:
            found.append(_host(single["address"], single))
        elif (alias := _ALIAS.match(line)) and found:
            last = found[-1]
            found[-1] = VirtualHost(last.address, last.port, (*last.names, alias["name"]), last.file, last.line)
    return found


def _host(address: str, match: re.Match[str]) -> VirtualHost:
    host, _colon, port = address.rpartition(":")
    return VirtualHost(host.strip("[]"), 0 if port == "*" else int(port), (match["name"],), match["file"], int(match["line"]))


def winners(hosts: Iterable[VirtualHost], name: str, port: int) -> list[VirtualHost]:
    """The virtual host that answers `name`, one for each address it can be reached at.

    A connection to a named address sees that address's hosts alone, never those of `*` (httpd, "Virtual Host Matching"),
    so a foreign <VirtualHost 192.0.2.1:443> keeps ours from answering there whatever its name is.
    """
    groups: dict[str, list[VirtualHost]] = {}
    for host in hosts:
        if host.port in (port, 0):
            groups.setdefault(host.address, []).append(host)
    return [next((host for host in group if host.answers(name)), group[0]) for group in groups.values()]


def is_ours(host: VirtualHost, base: str) -> bool:
    return host.file.startswith(base + "/")


def rivals(hosts: Iterable[VirtualHost], name: str, port: int, base: str) -> list[VirtualHost]:
    """Foreign virtual hosts that carry `name` on `port`, and those that answer it on an address of their own."""
    everything = list(hosts)
    foreign = [host for host in everything if not is_ours(host, base) and host.port in (port, 0)]
    return [host for host in foreign if host.answers(name) or (host.address not in ("*", "_default_") and host in winners(everything, name, port))]
