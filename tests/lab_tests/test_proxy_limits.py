# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-13: slow and oversized requests are stopped; uploads, long searches and quiet web sockets are not."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from lab_tests.door import CLIENT, Door, marker
from lab_tests.play import LAB, inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

MEGABYTE = 1024 * 1024
# Sends one byte a second after the first lines and tells when the server has had enough.
SLOW = """
import socket, ssl, sys, time
address, host, head = sys.argv[1], sys.argv[2], sys.argv[3].encode().decode("unicode_escape").encode()
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
client = context.wrap_socket(socket.create_connection((address, 443)), server_hostname=host)
client.sendall(head)
started = time.monotonic()
client.settimeout(1)
answer = b""
while time.monotonic() - started < 60:
    try:
        answer = client.recv(100)
        break
    except TimeoutError:
        pass
    except OSError:
        break
    try:
        client.sendall(b"x")
    except OSError:
        break
print(round(time.monotonic() - started), answer.decode(errors="replace").split("\\r")[0])
"""


@pytest.mark.parametrize(
    "head", [r"GET /x HTTP/1.1\r\nHost: h\r\nX: ", r"POST /x HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n"], ids=["header", "body"]
)
def test_prx_13_a_slow_request_is_cut_off(door: Door, head: str) -> None:
    command = ["exec", "-i", CLIENT, "python3", "-c", SLOW, door.address, door.host, head.replace("{host}", door.host)]
    done = subprocess.run([str(LAB / "podman"), *command], capture_output=True, text=True, check=True, timeout=90)
    seconds, _space, answer = done.stdout.strip().partition(" ")
    # 20 s, and a byte a second buys next to nothing at a least rate of 500.
    assert 15 <= int(seconds) <= 45, done.stdout
    assert answer in ("", "HTTP/1.1 408 Request Timeout"), done.stdout


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/browse/X-1?" + "a" * 9000, [], 414),
        ("/browse/X-1", ["-H", "X: " + "a" * 9000], 400),
        ("/browse/X-1", [part for number in range(150) for part in ("-H", f"X-{number}: a")], 400),
    ],
    ids=["line", "field", "fields"],
)
def test_prx_13_what_is_too_large_is_refused(door: Door, path: str, options: list[str], status: int) -> None:
    answer = door.curl(path, *options)
    assert answer.status == status
    assert "marker" not in answer.body


@pytest.fixture(scope="module")
def large(door: Door) -> str:
    """A file of 250 MB in the client's container."""
    inside(CLIENT, "truncate", "--size", str(250 * MEGABYTE), "/tmp/large")
    return "/tmp/large"


def test_prx_13_a_body_that_is_no_upload_is_bounded(door: Door, large: str) -> None:
    answer = door.curl("/browse/X-1", "--upload-file", large, "-H", "Expect:")
    assert answer.status == 413
    assert "marker" not in answer.body


def test_prx_13_bodies_in_chunks_pass_unless_they_are_for_uploads_alone(door: Door, tmp_path: Path) -> None:
    chunked = ("-X", "POST", "-H", "Transfer-Encoding: chunked", "-H", "Expect:", "--data-binary", "a body")
    assert marker(door.curl("/rest/api/2/issue", *chunked))["servletPath"] == "/rest"
    door.play(tmp_path, "--tags", "PRX-13", "-e", '{"apache_proxy_chunked_bodies": "uploads"}')
    try:
        assert door.curl("/rest/api/2/issue", *chunked).status == 411
        assert door.curl("/rest/api/2/issue/X-1/attachments", *chunked).status == 200
    finally:
        door.play(tmp_path, "--tags", "PRX-13")


@pytest.mark.parametrize("path", ["/rest/api/2/issue/X-1/attachments", "/pages/doattachfile.action", "/plugins/drag-and-drop/upload.action"])
def test_prx_13_uploads_and_long_searches_pass(door: Door, large: str, path: str) -> None:
    answer = door.curl(path, "--upload-file", large, "-H", "Content-Type: application/octet-stream")
    assert answer.status == 200
    # curl has said all of it before the servlet was asked.
    assert marker(answer)["bodyLength"] == 250 * MEGABYTE
    jql = "project%20in%20(" + ",".join(["ABC"] * 1500) + ")"
    assert len(jql) >= 6000
    assert marker(door.curl(f"/rest/api/2/search?jql={jql}"))["servletPath"] == "/rest"


def test_prx_13_a_slow_but_steady_upload_passes(door: Door) -> None:
    started = time.monotonic()
    inside(CLIENT, "truncate", "--size", str(MEGABYTE), "/tmp/steady")
    answer = door.curl("/rest/api/2/issue/X-1/attachments", "--upload-file", "/tmp/steady", "--limit-rate", "40000")
    assert answer.status == 200
    assert time.monotonic() - started > 20, "it was not slow enough to prove anything"
