# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-19: a cluster of two stand-ins and a Synchrony behind the hardened proxy. The proxy gets its own back ends again afterwards."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lab_tests.door import CLIENT, Door
from lab_tests.play import JUDGE, LAB, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

NODES, SYNCHRONY = (9001, 9002), 9003
NODE = Path(__file__).with_name("node.py")
CONTROLS = ("--tags", "PRX-01,PRX-19")
# Says who is told what after it was quiet for longer than any limit on requests.
SOCKET = """
import socket, ssl, sys, time
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
client = context.wrap_socket(socket.create_connection((sys.argv[1], 443)), server_hostname=sys.argv[2])
client.settimeout(10)
key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nSec-WebSocket-Version: 13"
client.sendall(f"GET {sys.argv[3]} HTTP/1.1\\r\\nHost: {sys.argv[2]}\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n{key}\\r\\n\\r\\n".encode())
print(client.recv(1000).split(b"\\r\\n")[0].decode())
time.sleep(float(sys.argv[4]))
client.sendall(b"after the silence")
print(client.recv(1000).decode())
"""


@pytest.fixture(scope="module")
def nodes(door: Door) -> Iterator[str]:
    """Their address. They run in the client's container."""
    podman = str(LAB / "podman")
    source = NODE.read_text()
    running = [subprocess.Popen([podman, "exec", CLIENT, "python3", "-c", source, str(port)]) for port in (*NODES, SYNCHRONY)]
    yield inside(CLIENT, "sh", "-c", f"ip -o route get {door.address} | sed 's/.* src \\([^ ]*\\).*/\\1/'").strip()
    for port in (*NODES, SYNCHRONY):
        inside(CLIENT, "sh", "-c", f"kill $(ss -Hltnp 'sport = :{port}' | sed 's/.*pid=\\([0-9]*\\).*/\\1/')")
    for process in running:
        process.wait(10)


@pytest.fixture(scope="module")
def inventory(door: Door, nodes: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The judge's world with a cluster in the place of the site without context path, hardened."""
    folder = tmp_path_factory.mktemp("cluster")
    world = yaml.safe_load(JUDGE.read_text())
    children = world["all"]["children"]
    (site,) = [site for site in children["jira_sites"]["hosts"].values() if site["atlassian_url"] == f"https://{door.host}"]
    site["atlassian_backends"] = [{"url": f"http://{nodes}:{port}"} for port in NODES]
    wiki = [site for site in children["confluence_sites"]["hosts"].values() if site["atlassian_url"].count("/") == 2][0]
    wiki["atlassian_synchrony"] = {"url": f"http://{nodes}:{SYNCHRONY}"}
    path = folder / "hosts.yml"
    path.write_text(yaml.safe_dump(world))
    harden(path, folder)
    yield path
    door.play(folder, *CONTROLS)


def harden(inventory: Path, folder: Path, **variables: object) -> None:
    run = play(folder, "--limit", "atlassian_proxies", *CONTROLS, "-e", json.dumps({"apache_proxy_health_interval": 1, **variables}), inventory=inventory)
    assert run.code == 0, run.output[-3000:]


def who(door: Door, *options: str, times: int = 6) -> set[str]:
    return {door.curl("/x", *options).body.strip() for _time in range(times)}


def cookie(node: int) -> tuple[str, str]:
    return ("-H", f"Cookie: ROUTEID-judge-jira=.node{node}")


def test_prx_19_people_stay_where_they_are(door: Door, inventory: Path) -> None:
    assert who(door) == {"9001", "9002"}
    assert who(door, *cookie(1)) == {"9001"}
    assert who(door, *cookie(2)) == {"9002"}
    (route,) = door.curl("/x").all("Set-Cookie")
    assert route.startswith("ROUTEID-judge-jira=.node")
    assert route.count("Secure") == 1 and route.count("HttpOnly") == 1


def test_prx_19_a_sick_node_gets_nobody_until_it_is_well(door: Door, inventory: Path) -> None:
    inside(CLIENT, "touch", "/tmp/sick-9002")
    try:
        time.sleep(8)
        assert who(door) == {"9001"}
        assert who(door, *cookie(2)) == {"9001"}
    finally:
        inside(CLIENT, "rm", "/tmp/sick-9002")
    time.sleep(6)
    assert who(door) == {"9001", "9002"}


def test_prx_19_a_draining_node_keeps_its_people(door: Door, inventory: Path, nodes: str, tmp_path: Path) -> None:
    harden(inventory, tmp_path, apache_proxy_nodes_draining=[f"http://{nodes}:9002"])
    assert who(door) == {"9001"}
    assert who(door, *cookie(2)) == {"9002"}
    harden(inventory, tmp_path, apache_proxy_nodes_disabled=[f"http://{nodes}:9002"])
    assert who(door, *cookie(2)) == {"9001"}
    harden(inventory, tmp_path)


@pytest.mark.parametrize(("given", "words"), [(["nobody"], "is no node"), ([f"http://NODES:{port}" for port in NODES], "nobody could log in")])
def test_prx_19_nodes_that_are_no_nodes_are_refused(inventory: Path, nodes: str, tmp_path: Path, given: list[str], words: str) -> None:
    wanted = json.dumps({"apache_proxy_nodes_draining": [url.replace("NODES", nodes) for url in given]})
    run = play(tmp_path, "--limit", "atlassian_proxies", *CONTROLS, "-e", wanted, inventory=inventory)
    assert run.code == 2
    assert "apache_proxy_nodes_draining" in run.output and words in run.output


def test_prx_19_web_sockets_may_be_quiet(door: Door, inventory: Path) -> None:
    """Longer than the time-outs of requests (20 s) and of an idle connection; to Synchrony and to the product itself."""
    host = next(site["atlassian_url"] for site in yaml.safe_load(inventory.read_text())["all"]["children"]["confluence_sites"]["hosts"].values()
                if "atlassian_synchrony" in site).removeprefix("https://")  # fmt: skip
    command = [str(LAB / "podman"), "exec", CLIENT, "python3", "-c", SOCKET, door.address]
    both = [subprocess.Popen([*command, name, path, "27"], stdout=subprocess.PIPE, text=True) for name, path in ((host, "/synchrony/v1"), (door.host, "/x"))]
    for process in both:
        out, _nothing = process.communicate(timeout=60)
        assert out.splitlines() == ["HTTP/1.1 101 Switching Protocols", "after the silence"]
