# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Asks the running httpd which version of our configuration it has loaded, through each virtual host of ours."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils._apache_request import NoAnswer, Target, send
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_vhosts import VirtualHost

# The virtual hosts of PRX-01 answer this path with "<version> <server name>" to callers on the proxy itself,
# and tell every caller the address they see it at.
MARKER_PATH = "/.well-known/hardening-atlassian"
MARKER_HEADER = "X-Hardening-Atlassian"

# (address to connect to, port, host name) -> the marker's value, "" if there was an answer without one, None if there was none.
Ask = Callable[[str, int, str], "str | None"]


@dataclass(frozen=True)
class Wrong:
    """A virtual host that did not answer with the version that was expected."""

    host: VirtualHost
    answer: str | None

    def sentence(self) -> str:
        target = f"{self.host.names[0]} on port {self.host.port}"
        if self.answer is None:
            return f"{target}: no answer"
        if not self.answer:
            return f"{target}: another virtual host answers"
        return f"{target}: answered by {self.answer}"


def ask(address: str, port: int, name: str) -> str | None:
    """One question on this very machine. TLS is tried first; a plain port refuses the handshake at once."""
    for tls in (True, False):
        try:
            return send(Target(address, port, name, tls), MARKER_PATH).first(MARKER_HEADER)
        except NoAnswer:
            continue
    return None


def own_addresses() -> list[str]:
    """Where an httpd on this machine may listen: loopback first, then the addresses of the host's name."""
    addresses = ["127.0.0.1", "::1"]
    try:
        found = {str(item[4][0]) for item in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)}
    except OSError:
        found = set()
    return [*addresses, *sorted(found - set(addresses))]


def wrong_answers(hosts: Iterable[VirtualHost], version: str, asking: Ask = ask) -> list[Wrong]:
    """Those of our virtual hosts that do not answer with `version`."""
    wrong = []
    for host in hosts:
        answer = _first_answer(host, asking)
        if answer != f"{version} {host.names[0]}":
            wrong.append(Wrong(host, answer))
    return wrong


def _first_answer(host: VirtualHost, asking: Ask) -> str | None:
    for address in own_addresses() if host.address == "*" else [host.address]:
        answer = asking(address, host.port, host.names[0])
        if answer is not None:
            return answer
    return None
