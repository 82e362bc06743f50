# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the driver that need no container: what it reads from the machine and what it puts back there."""

from __future__ import annotations

import json
import os
import shlex
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from driver import apt, firewall, host, images, inventory, orphans, services, settings, ssh
from driver.deploy import Deployment
from driver.errors import LabError
from driver.process import attempt, run, run_long
from driver.state import State

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb [signed-by=/usr/share/keyrings/x.gpg] http://mirror.example/debian bookworm main contrib
deb-src http://sources.example/debian bookworm-security main
deb http://safe.example/security bookworm-security main
"""
DEB822 = """\
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Enabled: no

Types: deb deb-src
# a comment
URIs: https://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: https://safe.example/security
Suites: bookworm-security
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's /etc with nothing in it but its release, and no apt options."""
    (tmp_path / "etc/apt/sources.list.d").mkdir(parents=True)
    (tmp_path / "etc/os-release").write_text('ID=debian\nVERSION_CODENAME=bookworm\nVERSION="12"\n')
    (tmp_path / "usr/local/share/ca-certificates").mkdir(parents=True)
    (tmp_path / "usr/local/share/ca-certificates/own.crt").write_text("x")
    dump = tmp_path / "dump"
    dump.write_text("")
    tool = tmp_path / "bin/apt-config"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\ncat {dump}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    return tmp_path


def test_mirror_from_one_line_sources(machine: Path) -> None:
    (machine / "etc/apt/sources.list").write_text(ONE_LINE)
    assert apt.read("trixie", machine) == apt.Apt(
        sources=[
            "deb http://mirror.example/debian trixie main",
            "deb http://mirror.example/debian trixie-updates main",
            "deb http://safe.example/security trixie-security main",
        ],
        options=[],
        credentials=[],
        certificates=[],
    )


def test_mirror_from_deb822_sources_and_own_authority_for_tls(machine: Path) -> None:
    (machine / "etc/apt/sources.list.d/debian.sources").write_text(DEB822)
    found = apt.read("trixie", machine)
    assert found.sources[0] == "deb https://mirror.example/debian trixie main"
    assert found.sources[2] == "deb https://safe.example/security trixie-security main"
    assert found.certificates == [machine / "usr/local/share/ca-certificates/own.crt"]


def test_a_machine_without_a_mirror_is_told_so(machine: Path) -> None:
    with pytest.raises(LabError, match="names none for bookworm"):
        apt.read("trixie", machine)


def test_a_machine_without_a_security_mirror(machine: Path) -> None:
    (machine / "etc/apt/sources.list").write_text("deb http://mirror.example/debian bookworm main\n")
    assert apt.read("trixie", machine).sources == [
        "deb http://mirror.example/debian trixie main",
        "deb http://mirror.example/debian trixie-updates main",
    ]


def test_only_apt_options_that_concern_the_mirror(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / "etc/apt/sources.list").write_text(ONE_LINE)
    monkeypatch.setenv("http_proxy", "http://ignored.example:3128")
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    (machine / "dump").write_text(
        'APT::Install-Recommends "false";\n'
        'Acquire::http "";\n'
        'Acquire::http::Proxy "http://cache.example:3142";\n'
        'Acquire::https::Verify-Peer "";\n'
        'Acquire::IndexTargets::deb::DEP-11 "";\n'
        'Acquire::Check-Date "false";\n'
    )
    assert apt.read("trixie", machine).options == [
        'Acquire::http::Proxy "http://cache.example:3142";',
        'Acquire::Check-Date "false";',
        'Acquire::https::Proxy "http://proxy.example:3128";',
    ]


OURS = """\
*filter
:FORWARD ACCEPT [0:0]
:NETAVARK_FORWARD - [0:0]
-A FORWARD -m comment --comment "netavark firewall plugin rules" -j NETAVARK_FORWARD
-A NETAVARK_FORWARD -s 198.51.100.0/24 -j ACCEPT
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
:NETAVARK-AAAAAAAAAAAAA - [0:0]
:NETAVARK-HOSTPORT-MASQ - [0:0]
-A POSTROUTING -j NETAVARK-HOSTPORT-MASQ
-A POSTROUTING -s 198.51.100.0/24 -j NETAVARK-AAAAAAAAAAAAA
-A NETAVARK-AAAAAAAAAAAAA -d 198.51.100.0/24 -j ACCEPT
COMMIT
"""
OTHERS = OURS.replace("COMMIT\n*nat", "-A NETAVARK_FORWARD -s 10.88.0.0/16 -j ACCEPT\nCOMMIT\n*nat").replace(
    ":NETAVARK-HOSTPORT-MASQ",
    ":NETAVARK-BBBBBBBBBBBBB - [0:0]\n:NETAVARK-HOSTPORT-MASQ",
)


def removals(saved: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands remove_netavark runs, given this firewall."""
    commands: list[str] = []

    def scripted(command: list[str]) -> str:
        if command == ["iptables-save"]:
            return saved
        commands.append(" ".join(command))
        return ""

    monkeypatch.setattr(firewall, "run", scripted)
    firewall.remove_netavark("iptables", "198.51.100.0/24")
    return commands


def test_firewall_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    assert removals(OURS, monkeypatch) == [
        "iptables --table filter -D FORWARD -m comment --comment netavark firewall plugin rules -j NETAVARK_FORWARD",
        "iptables --table nat -D POSTROUTING -j NETAVARK-HOSTPORT-MASQ",
        "iptables --table nat -D POSTROUTING -s 198.51.100.0/24 -j NETAVARK-AAAAAAAAAAAAA",
        "iptables --table filter --flush NETAVARK_FORWARD",
        "iptables --table nat --flush NETAVARK-AAAAAAAAAAAAA",
        "iptables --table nat --flush NETAVARK-HOSTPORT-MASQ",
        "iptables --table filter --delete-chain NETAVARK_FORWARD",
        "iptables --table nat --delete-chain NETAVARK-AAAAAAAAAAAAA",
        "iptables --table nat --delete-chain NETAVARK-HOSTPORT-MASQ",
    ]


def test_firewall_of_another_podman_network_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert removals(OTHERS, monkeypatch) == [
        "iptables --table filter -D NETAVARK_FORWARD -s 198.51.100.0/24 -j ACCEPT",
        "iptables --table nat -D POSTROUTING -s 198.51.100.0/24 -j NETAVARK-AAAAAAAAAAAAA",
        "iptables --table nat --flush NETAVARK-AAAAAAAAAAAAA",
        "iptables --table nat --delete-chain NETAVARK-AAAAAAAAAAAAA",
    ]


def test_lab_directory_moves_with_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    default = settings.load()
    assert default.directory == settings.REPOSITORY / ".lab"
    monkeypatch.setenv("LAB_DIR", str(tmp_path / "elsewhere"))
    moved = settings.load()
    assert moved.inventory == tmp_path / "elsewhere/inventory/hosts.yml"
    assert moved.run_directory != default.run_directory


def test_topology_is_one_network_with_distinct_addresses() -> None:
    lab = settings.load()
    addresses = [box.ipv4 for box in lab.containers.values()]
    assert len(set(addresses)) == len(addresses) == len({box.ipv6 for box in lab.containers.values()})
    assert lab.gateway not in addresses
    assert {box.image for box in lab.containers.values()} <= set(lab.images)
    assert lab.hosts()["jira.example.test"] == lab.hosts()["wiki.example.test"] == lab.container("proxy1").ipv4
    assert set(lab.suites) <= set(lab.images)
    assert lab.suite_of("proxy-bookworm") != lab.suite_of("proxy") == lab.suite
    assert set(lab.simulators) == {name for name, box in lab.containers.items() if box.image == "simulator"}


def test_an_image_changes_with_the_release_it_stands_on() -> None:
    lab = settings.load()
    other = replace(lab, suites={**lab.suites, "proxy": "bookworm"})
    assert images._fingerprint(lab, "proxy") != images._fingerprint(other, "proxy") == images._fingerprint(other, "proxy-bookworm")
    assert images._base_tag(lab, lab.suite) == f"localhost/atlassian-lab/base:{images._fingerprint(lab, 'base')}"
    assert images._base_tag(lab, "bookworm") != images._base_tag(lab, lab.suite)


def test_secrets_are_made_once_and_again_if_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_DIR", str(tmp_path))
    lab = settings.load()
    first = inventory.ensure_secrets(lab)
    assert inventory.ensure_secrets(lab) == first
    lab.secrets.write_text("admin_token: short\n")
    again = inventory.ensure_secrets(lab)
    assert set(again) == set(first)
    assert not set(again.values()) & {*first.values(), "short"}


def test_the_controllers_key_is_made_once_and_roots_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_DIR", str(tmp_path))
    lab = settings.load()
    with pytest.raises(LabError, match=r"id_ed25519\.pub is missing"):
        ssh.deployments(lab)
    ssh.ensure_key(lab)
    first = lab.ssh_key.read_text()
    ssh.ensure_key(lab)
    assert lab.ssh_key.read_text() == first and lab.ssh_key.stat().st_mode & 0o077 == 0
    assert {wanted.container for wanted in ssh.deployments(lab)} == {"proxy1", "proxy2", "proxy12", "jira1", "wiki1", "tomcat1"}
    assert first not in str([wanted.files for wanted in ssh.deployments(lab)])


@pytest.mark.parametrize(("greeting", "well"), [(b"SSH-2.0-x\r\n", True), (b"HTTP/1.1 400", False)])
def test_only_an_ssh_server_counts_as_one(greeting: bytes, well: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(ssh, "_PORT", server.getsockname()[1])
        threading.Thread(target=lambda: server.accept()[0].sendall(greeting), daemon=True).start()
        assert ssh._greets("127.0.0.1") is well
    assert not ssh._greets("127.0.0.1")


def test_deployment_changes_with_content_mode_and_place() -> None:
    def fingerprint(path: str = "/opt/x/a", mode: int = 0o644, content: bytes = b"1") -> str:
        return Deployment("jira1", "x.service", "/opt/x", {path: (mode, content)}).fingerprint()

    assert fingerprint() == fingerprint()
    variants = {fingerprint(), fingerprint(path="/opt/x/b"), fingerprint(mode=0o600), fingerprint(content=b"2")}
    assert len(variants) == 4


def test_values_of_an_environment_file_survive_its_quoting() -> None:
    values = {"PLAIN": "jira", "JSON": '[{"a": "b c"}, "$x", "#"]', "EMPTY": "", "QUOTES": "it's \"so\" \\"}
    lines = services.environment_file(values).splitlines()
    assert [shlex.split(line) for line in lines] == [[f"{name}={value}"] for name, value in values.items()]


def test_state_survives_and_a_broken_file_counts_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    State(path).set("a", {"id": "1"})
    assert State(path).get("a") == {"id": "1"}
    State(path).forget("a")
    assert json.loads(path.read_text()) == {}
    path.write_text('{"a": ')
    assert State(path).get("a") is None


def test_only_what_podman_does_not_know_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    monkeypatch.setattr(orphans, "_GRACE", 1)
    monkeypatch.setattr(orphans, "_monitors", lambda lab: iter([(11, "known"), (12, "lost")]))
    monkeypatch.setattr(orphans, "_children", lambda pid: [pid * 100])
    monkeypatch.setattr(orphans, "_network_namespace", lambda pid: [])
    monkeypatch.setattr(orphans, "_kill", killed.append)
    orphans.end(settings.load(), {"known"})
    assert killed == [12, 1200]


def test_errors_of_commands_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"`sh -c echo no >&2; exit 3` ended with 3: no"):
        run(["sh", "-c", "echo no >&2; exit 3"])
    with pytest.raises(LabError, match="`no-such-program` is not installed"):
        attempt(["no-such-program"])
    log = tmp_path / "logs/x.log"
    with pytest.raises(LabError, match=r"building failed with 4; the end of .*x\.log:\n  one\n  two"):
        run_long("building", ["sh", "-c", "echo one; echo two; exit 4"], log)


def test_container_that_is_just_going_is_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(12, "going")], []])
    monkeypatch.setattr(orphans, "_monitors", lambda lab: iter(next(answers)))
    monkeypatch.setattr(orphans, "_kill", lambda pid: pytest.fail(f"{pid} was killed"))
    orphans.end(settings.load(), set())


def test_without_root_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="please run it as root"):
        host.require_root()


def test_packages_are_installed_only_if_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(host, "run_long", lambda what, command, log, env: commands.append(command))
    monkeypatch.setattr(host, "_installed", lambda name: True)
    host.install_packages(settings.load())
    assert commands == []
    monkeypatch.setattr(host, "_installed", lambda name: name != "runc")
    host.install_packages(settings.load())
    assert commands == [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "runc"]]


def test_no_apt_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(LabError, match="no apt-get here"):
        host.install_packages(settings.load())
