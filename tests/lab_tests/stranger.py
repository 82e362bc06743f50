# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends raw requests over TLS and prints what came back. Needs nothing but Python, so that it runs inside a container too.

Standard input: JSON {address, requests: [[host, method, path, {headers, body}], ...]}, where the last is optional and body is a number of bytes.
Standard output: JSON [[status, marker, body, seconds], ...], in order.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
import time
from typing import Any


def connect(address: str, host: str) -> http.client.HTTPConnection:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = http.client.HTTPConnection(host, 443, timeout=60)
    client.sock = context.wrap_socket(socket.create_connection((address, 443), timeout=60), server_hostname=host)
    return client


def filled(size: int, kind: str) -> bytes:
    """A body of so many bytes that is what its media type says. What is malformed, ModSecurity answers with 500 itself, in detection as well."""
    before, after = b"", b""
    if kind.startswith("application/json"):
        before = after = b'"'
    elif kind.startswith("multipart/"):
        boundary = kind.partition("boundary=")[2].encode()
        before = b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        after = b"\r\n--" + boundary + b"--\r\n"
    return before + b"x" * (size - len(before) - len(after)) + after


def send(client: http.client.HTTPConnection, host: str, method: str, path: str, more: dict[str, Any]) -> tuple[list[Any], bool]:
    """[status, X-Marker, body, seconds], and whether the server closes the connection."""
    client.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    client.putheader("Host", host)
    for name, value in more.get("headers", {}).items():
        client.putheader(name, value)
    size = more.get("body", 0)
    if size or method in ("POST", "PUT"):
        client.putheader("Content-Length", str(size))
    started = time.monotonic()
    client.endheaders()
    if size:
        client.send(filled(size, more.get("headers", {}).get("Content-Type", "")))
    response = client.getresponse()
    body = response.read().decode("utf-8", errors="replace")
    return [response.status, response.getheader("X-Marker", ""), body, time.monotonic() - started], response.will_close


def run(address: str, requests: list[list[Any]]) -> list[list[Any]]:
    answers = []
    clients: dict[str, http.client.HTTPConnection] = {}
    for host, method, path, *rest in requests:
        if host not in clients:
            # One open connection at a time: an idle one would be closed by the server.
            for idle in clients.values():
                idle.close()
            clients = {host: connect(address, host)}
        answer, closed = send(clients[host], host, method, path, rest[0] if rest else {})
        answers.append(answer)
        if closed:
            clients.pop(host).close()
    for client in clients.values():
        client.close()
    return answers


if __name__ == "__main__":
    job = json.load(sys.stdin)
    json.dump(run(job["address"], job["requests"]), sys.stdout)
