# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody notices a change: a stream of requests while the configuration changes ten times, and five times is put back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lab_tests.door import CLIENT, judges_door
from lab_tests.play import JUDGE, LAB, ROOT, inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

HERE = Path(__file__).parent
RATE = 220
CURRENT = "/etc/apache2/hardening-atlassian/current"


def playbook(*arguments: str) -> str:
    command = ["ansible-playbook", "-i", str(JUDGE), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return done.stdout


def test_no_request_fails_while_the_configuration_changes() -> None:
    door = judges_door()
    subprocess.run([str(LAB / "podman"), "cp", str(HERE / "stream_client.py"), f"{CLIENT}:/tmp/stream_client.py"], check=True, capture_output=True)
    before = door.curl("/browse/DEMO-1").all("X-Change")
    generation = inside(door.proxy, "readlink", CURRENT)
    client = ["exec", "-i", CLIENT, "python3", "/tmp/stream_client.py", door.address, door.host, "/browse/DEMO-1", str(RATE)]
    with subprocess.Popen([str(LAB / "podman"), *client], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as stream:
        out = playbook(str(HERE / "reloads.yml"))
        told, _none = stream.communicate("", timeout=60)
    try:
        assert (out.count("changed: ["), out.count("ok: [")) == (10, 5), out
        assert inside(door.proxy, "readlink", CURRENT) != generation
        assert (before, door.curl("/browse/DEMO-1").all("X-Change")) == ([], ["10"]), "the last good change is live, and no bad one"
    finally:
        playbook(str(HERE / "reloads.yml"), "--tags", "clean")
    seen = json.loads(told)
    print(f"{seen['asked']} requests in {seen['seconds']:.0f} s, {seen['reopened']} asked again after a kept connection was closed, failed: {seen['failed']}")
    assert seen["failed"] == []
    assert seen["asked"] / seen["seconds"] >= 200, seen
    # A kept connection dies with the generation that holds it: now and then one, never the rule.
    assert seen["reopened"] < seen["asked"] / 100
