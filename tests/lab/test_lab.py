# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab is what the other tests take it for."""

from __future__ import annotations

import base64
import json
import re
import stat
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from driver.podman import Podman
from driver.settings import Lab

pytestmark = pytest.mark.lab

Driver = Callable[..., subprocess.CompletedProcess[str]]  # the driver run as a person does; see conftest
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, method=method, headers=headers or {})
    with DIRECT.open(request, timeout=10) as answer:
        return answer.status, answer.read().decode()


def ask_json(url: str, headers: dict[str, str] | None = None) -> Any:
    return json.loads(ask(url, headers=headers)[1])


def simulator(lab: Lab, name: str = "jira1") -> str:
    return f"http://{lab.container(name).ipv4}:8080"


def marker(podman: Podman, lab: Lab, path: str, method: str = "GET") -> str:
    """Which servlet mapping Tomcat chose for a path that is sent exactly as written."""
    url = f"http://{lab.container('tomcat1').ipv4}:8080{path}"
    command = ("curl", "--silent", "--globoff", "--path-as-is", "--request", method, "--include", url)
    answer = podman.inside("outside1", *command)
    lines = [line for line in answer.splitlines() if line.startswith("X-Marker: ")]
    assert len(lines) == 1, f"{path} reached no servlet: {answer}"
    return lines[0].removeprefix("X-Marker: ")


def test_all_is_well(lab: Lab, run_lab: Driver) -> None:
    done = run_lab("status")
    assert done.returncode == 0, done.stdout + done.stderr
    for name, box in lab.containers.items():
        line = next(line for line in done.stdout.splitlines() if line.startswith(f"{name} "))
        assert line.split() == [name, box.ipv4, box.ipv6, "running"]


def test_failed_unit_is_named(lab: Lab, podman: Podman, run_lab: Driver) -> None:
    podman.attempt("exec", "outside1", "systemd-run", "--unit", "lab-test", "--remain-after-exit", "false")
    try:
        done = run_lab("status")
        assert done.returncode == 1
        assert "degraded" in done.stdout
        assert "lab-test.service" in done.stdout
    finally:
        podman.inside("outside1", "systemctl", "reset-failed", "lab-test.service")


def test_each_container_is_on_its_platform(lab: Lab, podman: Podman) -> None:
    seen = {name: re.search(r"^VERSION_CODENAME=(\w+)", podman.inside(name, "cat", "/etc/os-release"), re.MULTILINE) for name in lab.containers}
    assert {name: found[1] for name, found in seen.items() if found} == {
        name: "bookworm" if name == "proxy12" else "trixie" for name in lab.containers
    }


def test_proxies_can_install_packages(podman: Podman) -> None:
    for name in ("proxy1", "proxy2", "proxy12"):
        assert "apache2" in podman.inside(name, "apt-get", "install", "--simulate", "apache2")


def test_names_and_addresses(lab: Lab, podman: Podman) -> None:
    wanted = {"jira.example.test": "proxy1", "wiki.example.test": "proxy1", "apps.example.test": "proxy2", "tomcat1": "tomcat1"}
    for name, box in wanted.items():
        assert podman.inside("outside1", "getent", "hosts", name).split()[0] == lab.container(box).ipv4


def test_ipv6(lab: Lab, podman: Podman) -> None:
    url = f"http://[{lab.container('tomcat1').ipv6}]:8080/"
    assert '"marker": "/"' in podman.inside("outside1", "curl", "--silent", url)


def test_machine_does_not_forward_ipv6(lab: Lab) -> None:
    before = json.loads(lab.machine_state.read_text())["forwarding"]
    for name in ("all", "default"):
        path = f"/proc/sys/net/ipv6/conf/{name}/forwarding"
        assert Path(path).read_text().strip() == before[path]


def test_containers_see_the_controller_as_the_gateway(lab: Lab, podman: Podman) -> None:
    """The admin network of the inventory is that address, so it must be the one that arrives."""
    script = "import socket; s = socket.create_server(('', 8099)); print(s.accept()[1][0])"
    listener = subprocess.Popen(
        [str(lab.podman), "exec", "outside1", "python3", "-c", script], stdout=subprocess.PIPE, text=True
    )
    probe = (
        "import socket, sys, time\n"
        "for _ in range(50):\n"
        "    try: sys.exit(socket.create_connection((sys.argv[1], 8099), 1).close())\n"
        "    except OSError: time.sleep(0.1)\n"
        "sys.exit('nobody listens')\n"
    )
    subprocess.run(["python3", "-c", probe, lab.container("outside1").ipv4], check=True)
    assert listener.communicate(timeout=10)[0].strip() == lab.gateway


def test_simulators_run(lab: Lab) -> None:
    for name in lab.simulators:
        assert ask_json(f"{simulator(lab, name)}/status") == {"state": "RUNNING"}
    information = ask_json(f"{simulator(lab)}/rest/api/2/serverInfo")
    assert information["baseUrl"] == "https://jira.example.test"
    assert information["version"].startswith("10.3")


def test_simulators_know_the_secrets_of_the_inventory(lab: Lab) -> None:
    def pair(group: str, site: str) -> dict[str, str]:
        host = world(lab.inventory)[group]["hosts"][site]
        return {"Authorization": "Basic " + base64.b64encode(f"{host['atlassian_username']}:{host['atlassian_password']}".encode()).decode()}

    assert ask_json(f"{simulator(lab)}/rest/api/2/myself", pair("jira_sites", "jira"))["name"] == "automation"
    assert ask_json(f"{simulator(lab, 'wiki1')}/rest/api/user/current", pair("confluence_sites", "wiki"))["username"] == "automation"


def test_administrators_of_the_wiki_see_every_space(lab: Lab) -> None:
    """By SIM_PLANT, which has to survive systemd's EnvironmentFile."""
    spaces = ask_json(f"{simulator(lab, 'wiki1')}/__sim__/state")["spaces"]
    assert {"HR", "~lena"} <= set(spaces)
    for key, space in spaces.items():
        assert "space read" in space["permissions"]["group:confluence-administrators"], key


def test_secrets_are_roots_and_long(lab: Lab, podman: Podman) -> None:
    for path in (lab.secrets, lab.inventory, lab.judge_inventory):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secrets = yaml.safe_load(lab.secrets.read_text())
    assert len(set(secrets.values())) == 4
    assert all(len(value) >= 40 for value in secrets.values())
    # The service reads a copy; others in the container get nothing.
    for name in lab.simulators:
        assert podman.inside(name, "stat", "--format", "%U %a", "/etc/simulator/secrets.json").split() == ["root", "600"]


# What a path reaches according to Tomcat; the reasons are in the servlet specification 6.0, chapter 12, and in
# Tomcat's own normalisation (path parameters are cut out before `..` is resolved).
REACHED = {
    "/": "/",
    "/browse/X-1": "/",
    "/display/KEY/Title": "/",
    "/admin": "/admin/*",
    "/admin/x": "/admin/*",
    "/admin/x.jspa": "/admin/*",
    "/;a/admin": "/admin/*",
    "/admin;a/x": "/admin/*",
    "/x/..;/admin/a": "/admin/*",
    "//admin": "/admin/*",
    "/%2e/admin": "/admin/*",
    "/x/%2e%2e/admin": "/admin/*",
    "/%61dmin": "/admin/*",
    "/Admin": "/",
    "/administrators": "/",
    "/admin%3bx": "/",
    "/secure/Dashboard.jspa": "*.jspa",
    "/secure/Dashboard.jspa;x": "*.jspa",
    "/x/y/Any.jspa": "*.jspa",
    "/secure/admin/ViewApplicationProperties.jspa": "/secure/admin/*",
    "/pages/viewpage.action": "*.action",
    "/login.jsp": "*.jsp",
    "/plugins/servlet/upm": "/plugins/servlet/*",
    "/rest/api/2/project": "/rest/*",
    "/setup/x": "/setup/*",
    "/jira/admin/x": "/admin/*",
    "/wiki/pages/viewpage.action": "*.action",
    "/browse/a[]|?b=[]|{}^`\"<>": "/",
}


@pytest.mark.parametrize(("path", "mapping"), REACHED.items(), ids=REACHED)
def test_judge_tells_what_a_path_reaches(lab: Lab, podman: Podman, path: str, mapping: str) -> None:
    assert marker(podman, lab, path) == mapping


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_judge_answers_every_method(lab: Lab, podman: Podman, method: str) -> None:
    assert marker(podman, lab, "/rest/x", method) == "/rest/*"


def test_judge_describes_the_request(lab: Lab) -> None:
    assert ask_json(f"http://{lab.container('tomcat1').ipv4}:8080/jira/admin;x/%61?q=1") == {
        "marker": "/admin/*",
        "contextPath": "/jira",
        "servletPath": "/admin",
        "pathInfo": "/a",
        "requestURI": "/jira/admin;x/%61",
        "method": "GET",
        "forwardedFor": None,
        "forwardedProto": None,
        "realIp": None,
        "forwarded": None,
        "bodyLength": 0,
    }


@pytest.fixture
def blocked(lab: Lab, podman: Podman) -> Iterator[str]:
    """A container whose packet filter drops what comes for port 8098, and only that."""
    name = "proxy2"
    rules = "table inet labtest { chain input { type filter hook input priority 0; tcp dport 8098 drop; }; }"
    podman.inside(name, "nft", "--file", "-", stdin=rules.encode())
    yield name
    podman.inside(name, "nft", "delete", "table", "inet", "labtest")


def test_packet_filter_inside_a_container_blocks(lab: Lab, podman: Podman, blocked: str) -> None:
    address = lab.container(blocked).ipv4

    def connect() -> tuple[int, str]:
        command = ("curl", "--silent", "--show-error", "--connect-timeout", "2", f"http://{address}:8098/")
        code, _out, error = podman.attempt("exec", "outside1", *command)
        return code, error

    # Nothing listens there: without the rule the answer is an immediate refusal (7), with it silence (28).
    code, error = connect()
    assert code == 28, error
    podman.inside(blocked, "nft", "flush", "table", "inet", "labtest")
    code, error = connect()
    assert code == 7, error


def world(path: Path) -> dict[str, Any]:
    children: dict[str, Any] = yaml.safe_load(path.read_text())["all"]["children"]
    return children


def test_inventory_reaches_the_containers(lab: Lab) -> None:
    inventories = {
        lab.inventory: {"proxy1", "jira1", "wiki1"},
        lab.judge_inventory: {"proxy2", "tomcat1"},
        lab.older_inventory: {"proxy12", "tomcat1"},
    }
    for path, hosts in inventories.items():
        command = ["ansible", "--inventory", str(path), "lab_machines", "--one-line", "--module-name", "ping"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert {line.split()[0] for line in done.stdout.splitlines()} == hosts


def test_machines_own_podman_sees_nothing_of_it() -> None:
    for kind in (["ps", "--all"], ["images"], ["network", "ls"]):
        done = subprocess.run(["podman", *kind], capture_output=True, text=True, check=True)
        assert "atlassian-lab" not in done.stdout


def test_a_lab_of_another_checkout_is_told_to_go_first(lab: Lab, run_lab: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_lab("room").returncode == 0, "this one's own"
    monkeypatch.setenv("LAB_DIR", str(tmp_path))
    done = run_lab("room")
    assert done.returncode == 1 and f"{lab.gateway} is already on interface" in done.stderr and "run `lab.py down` there first" in done.stderr
    assert not list(tmp_path.iterdir())


def test_second_up_changes_nothing(lab: Lab, podman: Podman, run_lab: Driver) -> None:
    show = ("systemctl", "show", "--property", "Id,ExecMainPID,ExecMainStartTimestamp")

    def all_there_is() -> dict[str, Any]:
        boxes = {
            name: (box["Id"], box["Pid"], podman.inside(name, *show, "simulator", "tomcat10", "pebble"))
            for name, box in podman.containers().items()
        }
        files = {path: path.stat().st_mtime_ns for path in (lab.inventory, lab.judge_inventory, lab.secrets, lab.podman)}
        played = {name: ask_json(f"{simulator(lab, name)}/__sim__/state") for name in lab.simulators}
        return {"boxes": boxes, "files": files, "played": played}

    before = all_there_is()
    done = run_lab("up")
    assert done.returncode == 0, done.stderr
    assert "nothing changed" in done.stdout
    assert all_there_is() == before


def test_dead_container_is_recognised_and_only_it_is_rebuilt(lab: Lab, podman: Podman, run_lab: Driver) -> None:
    before = {name: box["Id"] for name, box in podman.containers().items()}
    state = json.loads(podman("inspect", "outside1"))[0]["State"]
    subprocess.run(["kill", "-KILL", str(state["ConmonPid"]), str(state["Pid"])], check=True)
    done = run_lab("up")
    assert done.returncode == 0, done.stderr
    assert "container outside1: its processes are dead" in done.stdout
    after = {name: box["Id"] for name, box in podman.containers().items()}
    assert {name for name in before if before[name] != after[name]} == {"outside1"}


def test_stopped_service_is_started_again(podman: Podman, run_lab: Driver) -> None:
    podman.inside("tomcat1", "systemctl", "stop", "tomcat10")
    done = run_lab("up")
    assert done.returncode == 0, done.stderr
    assert "tomcat10.service does not run, starting it" in done.stdout


def test_fresh_replaces_that_container(lab: Lab, podman: Podman, run_lab: Driver) -> None:
    podman.inside("outside1", "touch", "/root/trace")
    done = run_lab("up", "--fresh", "outside1")
    assert done.returncode == 0, done.stderr
    assert "/root/trace" not in podman.inside("outside1", "find", "/root")


def test_exec_hands_over_input_output_and_exit_code(lab: Lab, run_lab: Driver) -> None:
    done = run_lab("exec", "outside1", "sh", "-c", "cat; echo err >&2; exit 7", stdin="in\n")
    assert (done.returncode, done.stdout, done.stderr) == (7, "in\n", "err\n")


def test_unknown_container_is_one_sentence(lab: Lab, run_lab: Driver) -> None:
    done = run_lab("exec", "proxy9", "true")
    assert done.returncode == 1
    assert done.stderr.strip() == "lab: there is no container `proxy9`; the lab has: " + ", ".join(lab.containers)
