# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a site over TLS at a steady rate until its standard input ends, then prints JSON. Needs nothing but Python, for it runs in a container.

Arguments: address, host, path, requests a second. Half of the workers keep their connection, the others take a fresh one for each request.
Printed: {asked, seconds, reopened, failed: [text, ...]}. A kept connection may be closed by the server between two requests; a client then asks
once more on a new one (RFC 9112, 9.3.1), as browsers do, which counts as `reopened`: where no answer had begun. On a fresh connection nothing is
asked twice.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
import threading
import time

WORKERS = 8
CLOSED = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Unanswered(Exception):
    """The connection ended before an answer began."""


class Stream:
    def __init__(self, address: str, host: str, path: str, rate: float) -> None:
        self.address, self.host, self.path = address, host, path
        self.pause = WORKERS / rate
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.asked = self.reopened = 0
        self.failed: list[str] = []

    def connect(self) -> http.client.HTTPConnection:
        client = http.client.HTTPConnection(self.host, 443, timeout=20)
        client.sock = self.context.wrap_socket(socket.create_connection((self.address, 443), timeout=20), server_hostname=self.host)
        return client

    def ask(self, client: http.client.HTTPConnection) -> bool:
        """Whether the connection may be used again."""
        try:
            client.request("GET", self.path)
            response = client.getresponse()
        except CLOSED as error:
            raise Unanswered(repr(error)) from error
        response.read()
        if response.status != 200:
            raise RuntimeError(f"status {response.status}")
        return not response.will_close

    def one(self, client: http.client.HTTPConnection | None, keep: bool) -> http.client.HTTPConnection | None:
        if client:
            try:
                return client if self.ask(client) else None
            except Unanswered:
                with self.lock:
                    self.reopened += 1
        client = self.connect()
        if self.ask(client) and keep:
            return client
        client.close()
        return None

    def work(self, number: int) -> None:
        client = None
        due = time.monotonic() + self.pause * number / WORKERS
        while not self.stop.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            due += self.pause
            failed = []
            try:
                client = self.one(client, keep=number % 2 == 0)
            except Exception as error:  # whatever a client meets is a failure, and the stream goes on
                client, failed = None, [f"{time.strftime('%H:%M:%S')} {'kept' if number % 2 == 0 else 'fresh'}: {error!r}"]
            with self.lock:
                self.asked += 1
                self.failed += failed


def main() -> None:
    address, host, path, rate = sys.argv[1:]
    stream = Stream(address, host, path, float(rate))
    started = time.monotonic()
    workers = [threading.Thread(target=stream.work, args=(number,)) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    sys.stdin.read()
    stream.stop.set()
    for worker in workers:
        worker.join()
    print(json.dumps({"asked": stream.asked, "seconds": time.monotonic() - started, "reopened": stream.reopened, "failed": stream.failed[:20]}))


if __name__ == "__main__":
    main()
