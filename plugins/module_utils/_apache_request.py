# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""One HTTP request whose path goes out byte for byte as written (libraries would tidy `//`, `..;` and `%2e` away)."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

TIMEOUT = 10.0


class NoAnswer(Exception):
    """No HTTP answer came. The text says at which step."""


@dataclass(frozen=True)
class Answer:
    """headers: as sent, repeated ones repeated. source: the local address the connection went out from."""

    status: int
    headers: tuple[tuple[str, str], ...]
    source: str

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


@dataclass(frozen=True)
class Target:
    """Where a request goes: the address connected to, and the name asked for (SNI and Host)."""

    address: str
    port: int
    name: str
    tls: bool
    context: ssl.SSLContext | None = field(default=None, compare=False)

    @property
    def host_header(self) -> str:
        return self.name if self.port == (443 if self.tls else 80) else f"{self.name}:{self.port}"


def unjudging_context() -> ssl.SSLContext:
    """For questions about HTTP alone: nothing secret is sent, and the certificate is a question of its own (TLS-02)."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def send(target: Target, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
    """Raises NoAnswer. The body is not read: nothing here judges by it."""
    try:
        with socket.create_connection((target.address, target.port), timeout=TIMEOUT) as raw:
            if not target.tls:
                return _talk(raw, target, path, method, headers or {})
            context = target.context or unjudging_context()
            with context.wrap_socket(raw, server_hostname=target.name) as secure:
                return _talk(secure, target, path, method, headers or {})
    except ssl.SSLError as exc:
        raise NoAnswer(f"TLS failed at {target.address} port {target.port}: {exc.reason or exc}") from exc
    except (OSError, http.client.HTTPException) as exc:
        raise NoAnswer(f"no answer from {target.address} port {target.port}: {exc or type(exc).__name__}") from exc


def _talk(connection: socket.socket, target: Target, path: str, method: str, headers: Mapping[str, str]) -> Answer:
    client = http.client.HTTPConnection(target.name, target.port, timeout=TIMEOUT)
    client.sock = connection
    client.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    client.putheader("Host", target.host_header)
    client.putheader("Connection", "close")
    for name, value in headers.items():
        client.putheader(name, value)
    client.endheaders()
    response = client.getresponse()
    return Answer(response.status, tuple(response.getheaders()), str(connection.getsockname()[0]))
