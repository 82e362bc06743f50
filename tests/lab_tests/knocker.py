# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in the container outside: requests from many source addresses, each on a connection of its own. Reads a job from standard input.

The job: {address, port, wait, requests: [[source, host, method, path, {header: value}, body]]}; the answer: {statuses: [...], seconds}. A status is 0 where the
connection was refused. With wait, the last source goes on opening connections until one is refused: seconds from the end of its last request, null if
that never happens within these seconds.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
import time
from typing import Any


class Knock(http.client.HTTPSConnection):
    """TLS to a name that only the lab knows, at a given address."""

    def __init__(self, address: str, port: int, host: str, source: str) -> None:
        context = ssl.create_default_context()
        # Who is banned is asked here; certificates are the business of other tests.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        super().__init__(address, port, timeout=5, source_address=(source, 0), context=context)
        self.name, self.given = host, context

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout, self.source_address)
        self.sock = self.given.wrap_socket(plain, server_hostname=self.name)


def ask(job: dict[str, Any], request: list[Any]) -> int:
    source, host, method, path, headers, body = request
    knock = Knock(job["address"], job["port"], host, source)
    try:
        knock.request(method, path, body=body, headers={"Host": host, **headers})
        answer = knock.getresponse()
        answer.read()
        return answer.status
    except (ConnectionError, socket.timeout, http.client.HTTPException, ssl.SSLError):
        return 0
    finally:
        knock.close()


def until_refused(job: dict[str, Any], source: str) -> float | None:
    started = time.monotonic()
    while time.monotonic() - started < job["wait"]:
        try:
            socket.create_connection((job["address"], job["port"]), 2, (source, 0)).close()
        except OSError:
            return time.monotonic() - started
        time.sleep(0.02)
    return None


def main() -> None:
    job = json.load(sys.stdin)
    statuses = [ask(job, request) for request in job["requests"]]
    seconds = until_refused(job, job["requests"][-1][0]) if job.get("wait") else None
    json.dump({"statuses": statuses, "seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
