# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends requests to a site byte for byte as they are written, over a few kept-alive connections, and says what each was answered with.

http.client would refuse some of them (a raw space or a control character in the path, say), so the bytes are put together here; it reads the
answers. A kept connection may be closed by the server between two requests: then the request is sent once more, on a new one.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .corpus import Request

THREADS = 4
TIMEOUT = 15.0  # of one step of one request
DEADLINE = 1200.0  # of all of them
LARGEST_ANSWER = 1 << 20
PORTS = {"http": 80, "https": 443}


class Site(NamedTuple):
    """Where requests go. name: what the client asks for; address: what it connects to; context: the context path; tls: None for plain HTTP."""

    name: str
    address: str
    port: int
    context: str = ""
    tls: ssl.SSLContext | None = None

    @property
    def host(self) -> str:
        """As in the Host header."""
        return self.name if self.port == PORTS["https" if self.tls else "http"] else f"{self.name}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}"


class Result(NamedTuple):
    """status: of the answer, None where there was none; error: a sentence of what went wrong then."""

    status: int | None
    error: str = ""


class Unanswered(Exception):
    """The connection ended before an answer began."""


def site(text: str, address: str | None = None, tls: ssl.SSLContext | None = None) -> Site:
    """HOST[:PORT][/path] as a site. ValueError where it is not one."""
    authority, slash, path = text.partition("/")
    name, colon, port = authority.partition(":")
    if not name or (colon and not port.isdecimal()):
        raise ValueError(f"{text} is not HOST[:PORT][/path]")
    return Site(name, address or name, int(port) if port else PORTS["https" if tls else "http"], (slash + path).rstrip("/"), tls)


def context(ca: str | None, insecure: bool) -> ssl.SSLContext:
    tls = ssl.create_default_context(cafile=ca)
    if insecure:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls


def written(request: Request, to: Site) -> bytes:
    """The whole request. Paths in latin-1, where one character is one byte; headers in UTF-8, as browsers send cookies that scripts have set."""
    path = to.context + request.path if request.path.startswith("/") else request.path
    lines = [f"{request.method} {path} HTTP/1.1".encode("latin-1")]
    if "host" not in (name.lower() for name, _value in request.headers):
        lines.append(f"Host: {to.host}".encode())
    for name, value in request.headers:
        value = value.replace("{site}", to.origin + to.context).replace("{origin}", to.origin)
        lines.append(f"{name}: {value}".encode())
    return b"\r\n".join([*lines, b"", b""]) + request.body


def keeps_step(request: Request) -> bool:
    """Whether client and server agree on where this request ends, so that another may follow on the same connection."""
    lengths = [value for name, value in request.headers if name.lower() == "content-length"]
    chunked = any(name.lower() == "transfer-encoding" for name, _value in request.headers)
    return not chunked and lengths == ([str(len(request.body))] if request.body or lengths else [])


def connect(to: Site, timeout: float) -> socket.socket:
    connection = socket.create_connection((to.address, to.port), timeout=timeout)
    if to.tls is None:
        return connection
    try:
        return to.tls.wrap_socket(connection, server_hostname=to.name)
    except OSError:
        connection.close()
        raise


def ask(connection: socket.socket, data: bytes, method: str) -> tuple[int, bool]:
    """(status, whether the connection may be used again). Unanswered where it ended before an answer began."""
    try:
        connection.sendall(data)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        pass  # a server may refuse before it has read all of the body: the answer is there to be read
    response = http.client.HTTPResponse(connection, method=method)
    try:
        response.begin()
    except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
        response.close()
        raise Unanswered(f"the connection was closed without an answer ({error or type(error).__name__})") from error
    try:
        # After 101 the connection speaks another protocol.
        kept = not response.will_close and response.status != http.client.SWITCHING_PROTOCOLS
        return response.status, drained(response) and kept
    finally:
        response.close()


def drained(response: http.client.HTTPResponse) -> bool:
    """Whether the answer is read to its end. The status stands whatever becomes of the rest."""
    try:
        response.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        return False
    return response.isclosed()


class Client:
    """One connection after the other to one site."""

    def __init__(self, to: Site, timeout: float) -> None:
        self.to, self.timeout = to, timeout
        self.connection: socket.socket | None = None

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def send(self, data: bytes, method: str, keep: bool) -> Result:
        """keep: whether the connection may be one that others use."""
        if not keep:
            self.close()
        used = self.connection is not None
        try:
            try:
                status, again = self.once(data, method)
            except Unanswered:
                self.close()
                if not used:
                    raise
                status, again = self.once(data, method)
        except (Unanswered, OSError, http.client.HTTPException) as error:
            self.close()
            return Result(None, sentence(error))
        if not (again and keep):
            self.close()
        return Result(status)

    def once(self, data: bytes, method: str) -> tuple[int, bool]:
        self.connection = self.connection or connect(self.to, self.timeout)
        return ask(self.connection, data, method)


def sentence(error: Exception) -> str:
    """What went wrong, for people."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, http.client.BadStatusLine):
        return f"the answer is not HTTP: {str(error)[:60]}"
    return str(error) or type(error).__name__


def fire(requests: list[Request], to: Site, timeout: float = TIMEOUT, deadline: float = DEADLINE) -> list[Result]:
    """The answers, in the order of the requests. After `deadline` seconds nothing more is sent."""
    return send_all([(written(request, to), request.method, keeps_step(request)) for request in requests], to, timeout, deadline)


def send_all(messages: list[tuple[bytes, str, bool]], to: Site, timeout: float, deadline: float) -> list[Result]:
    """messages: (bytes, method, whether others may follow on the same connection)."""
    end = time.monotonic() + deadline

    def work(share: Iterable[tuple[bytes, str, bool]]) -> list[Result]:
        client = Client(to, timeout)
        try:
            return [client.send(*message) if time.monotonic() < end else Result(None, "not sent: out of time") for message in share]
        finally:
            client.close()

    results = [Result(None)] * len(messages)
    with ThreadPoolExecutor(THREADS) as pool:
        for number, answers in enumerate(pool.map(work, [messages[number::THREADS] for number in range(THREADS)])):
            results[number::THREADS] = answers
    return results
