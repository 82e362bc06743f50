# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real thing once: `python -m simulator` with gunicorn on loopback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]


def start(*arguments, **environment):
    command = [sys.executable, "-m", "simulator", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIM_")}
    return subprocess.Popen(command, cwd=TESTS, env={**kept, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ask(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait(port):
    end = time.monotonic() + 20
    while True:
        try:
            return ask(port, "GET", "/status")
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@pytest.fixture
def running(tmp_path):
    """(port, secrets file, first line) of a simulator with random secrets."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start("--product", "jira", "--version", "11.2", "--port", str(port), TMPDIR=str(tmp_path))
    line = process.stdout.readline()
    wait(port)
    yield port, Path(line.split("secrets in ")[1].strip()), line
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    process.stdout.close()
    process.stderr.close()


def test_it_serves_on_loopback_and_cuts_connections_when_asked(running):
    port, secrets, line = running
    assert line.startswith(f"jira 11.2 at http://127.0.0.1:{port};")
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    token = json.loads(secrets.read_text(encoding="utf-8"))["admin_token"]
    assert token not in line
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    assert ask(port, "GET", "/rest/api/2/myself", **bearer)[0] == 200
    fault = {"kind": "reset", "after_effect": True, "match": {"method": "PUT"}}
    assert ask(port, "POST", "/__sim__/faults", fault, **{"Content-Type": "application/json"})[0] == 204
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        ask(port, "PUT", "/rest/internal/1.0/darkFeatures/cut.off", {"enabled": True}, **bearer)
    status, body = ask(port, "GET", "/rest/internal/1.0/darkFeatures/cut.off", **bearer)
    assert (status, json.loads(body)) == (200, {"enabled": True})


def test_a_request_that_slept_through_a_reset_leaves_no_trace(running):
    port, _secrets, _line = running
    json_type = {"Content-Type": "application/json"}
    fault = {"kind": "slow", "delay": 1.0, "match": {"path_prefix": "/rest/api/2/myself"}}
    assert ask(port, "POST", "/__sim__/faults", fault, **json_type)[0] == 204
    gone = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    gone.request("GET", "/rest/api/2/myself")
    time.sleep(0.3)  # it has been taken, and sleeps
    assert ask(port, "POST", "/__sim__/reset")[0] == 204
    assert gone.getresponse().status == 503  # it was not answered by the product that is as new
    gone.close()
    assert json.loads(ask(port, "GET", "/__sim__/requests")[1])["requests"] == []


def test_an_unknown_version_ends_with_a_sentence():
    process = start("--product", "jira", "--version", "7.13", "--port", "1")
    _output, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert errors == "SIM_VERSION is '7.13'; for jira the simulator plays: 8.20, 9.12, 10.3, 11.2.\n"
