# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for a node: answers each request with its port, upgrades to a web socket that echoes bytes. Needs nothing but Python.

Argument: the port. /status answers 503 while the file /tmp/sick-<port> exists.
"""

from __future__ import annotations

import os
import socketserver
import sys

PORT = int(sys.argv[1])


class Node(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while True:
            first = self.rfile.readline()
            if not first.strip():
                return
            headers = {}
            while (line := self.rfile.readline().strip()) != b"":
                name, _colon, value = line.decode().partition(":")
                headers[name.strip().lower()] = value.strip()
            if headers.get("upgrade", "").lower() == "websocket":
                self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                while data := self.request.recv(1000):
                    self.wfile.write(data)
                return
            sick = first.split()[1] == b"/status" and os.path.exists(f"/tmp/sick-{PORT}")
            body = str(PORT).encode()
            self.wfile.write(b"HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (b"503 Ill" if sick else b"200 OK", len(body), body))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Server(("", PORT), Node).serve_forever()
