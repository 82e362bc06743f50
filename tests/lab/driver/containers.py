# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network and containers: what is sound stays, what is missing, half built or dead is built again."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import Any

from . import host, orphans
from .errors import LabError
from .podman import Podman
from .process import say
from .settings import Container, Lab
from .state import State

_RECIPE = 2  # raise it when a change below has to reach containers that already exist
_BOOT_SECONDS = 60
# `degraded` is up as well: some unit failed, and `lab.py status` names it.
_UP = ("running", "degraded")


def ensure(
    lab: Lab, podman: Podman, state: State, machine: State, images: dict[str, str], fresh: set[str]
) -> list[str]:
    """Bring network and containers up; returns the names of the containers that were built now."""
    listed = podman.containers()
    orphans.end(lab, {box["Id"] for box in listed.values() if box["State"] == "running"})
    if not _network_is_sound(lab, podman, state, listed):
        # The addresses of the containers hang on it, so they go with it.
        for name in listed:
            remove(podman, name)
        listed = {}
        _create_network(lab, podman, state)
    built = []
    for box in lab.containers.values():
        specification = _fingerprint(lab, box, images[box.image])
        found = listed.get(box.name)
        reason = "asked for" if box.name in fresh and found else _unsound(podman, state, box, found, specification)
        if reason:
            _build(lab, podman, state, box, images[box.image], specification, reason)
            built.append(box.name)
    host.allow_forwarding()
    host.restore_ipv6_forwarding(machine)
    return built


def _fingerprint(lab: Lab, box: Container, image: str) -> str:
    parts = [_RECIPE, image, box.ipv4, box.ipv6, box.package_lists, lab.hosts()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _unsound(
    podman: Podman, state: State, box: Container, found: dict[str, Any] | None, specification: str
) -> str | None:
    """Why a container has to be built, or None."""
    if found is None:
        return "not there"
    recorded = state.get(f"container {box.name}")
    if not recorded or recorded["id"] != found["Id"]:
        return "half built"
    if recorded["specification"] != specification:
        return "its description changed"
    if found["State"] != "running":
        return f"it is {found['State']}"
    # podman goes on listing as running what was killed from outside.
    if not _lives(found["Pid"]):
        return "its processes are dead"
    if system_state(podman, box.name) not in (*_UP, "starting"):
        return "its systemd does not answer"
    return None


def _lives(pid: int) -> bool:
    try:
        # The state comes after the command's name, which is in brackets; Z is dead and waiting for its parent.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def system_state(podman: Podman, name: str) -> str:
    """The word of `systemctl is-system-running` (its exit code is not 0 for `degraded`), or what went wrong."""
    _code, out, err = podman.attempt("exec", name, "systemctl", "is-system-running")
    return out.strip() or err.strip()


def _build(
    lab: Lab, podman: Podman, state: State, box: Container, image: str, specification: str, reason: str
) -> None:
    say(f"container {box.name}: {reason}, building it")
    state.forget(f"container {box.name}")
    remove(podman, box.name)
    identity = podman(
        *("run", "--detach", "--name", box.name, "--hostname", box.name, "--pull", "never"),
        *("--systemd", "always", "--cap-add", "NET_ADMIN,NET_RAW"),
        *("--network", state.get("network"), "--ip", box.ipv4, "--ip6", box.ipv6),
        *(f"--add-host={name}:{address}" for name, address in lab.hosts().items() if name != box.name),
        *(image, "/sbin/init"),
    ).strip()
    _wait_for_systemd(podman, box.name)
    if box.package_lists:
        podman.inside(box.name, "apt-get", "--quiet", "update")
    # Recorded last: a container without a record was not finished.
    state.set(f"container {box.name}", {"id": identity, "specification": specification})


def _wait_for_systemd(podman: Podman, name: str) -> None:
    deadline = time.monotonic() + _BOOT_SECONDS
    while (word := system_state(podman, name)) not in _UP:
        if time.monotonic() > deadline:
            raise LabError(f"systemd in container {name} is not up after {_BOOT_SECONDS} s but says: {word}")
        time.sleep(0.3)


def remove(podman: Podman, name: str) -> None:
    """Remove a container in whatever state it is."""
    code, _out, error = podman.attempt("rm", "--force", "--ignore", "--time", "3", name)
    if code:
        # What was killed from outside keeps its mounts and its place in the network until cleaned up.
        podman.attempt("container", "cleanup", name)
        code, _out, error = podman.attempt("rm", "--force", "--ignore", "--time", "0", name)
    if code:
        raise LabError(f"container {name} cannot be removed: {error.strip()}; `lab.py down --purge` removes everything")


def _network_is_sound(lab: Lab, podman: Podman, state: State, listed: dict[str, Any]) -> bool:
    name = state.get("network")
    if not name or not podman.succeeds("network", "exists", name):
        return False
    subnets = {subnet["subnet"] for subnet in json.loads(podman("network", "inspect", name))[0]["subnets"]}
    if subnets != {str(lab.ipv4), str(lab.ipv6)}:
        return False
    # Bridge and firewall rules are there as long as a container runs; podman makes them with the first one.
    return not any(box["State"] == "running" for box in listed.values()) or host.serves_network(lab)


def _create_network(lab: Lab, podman: Podman, state: State) -> None:
    say(f"network {lab.network}: {lab.ipv4}, {lab.ipv6}")
    _remove_networks(lab, podman, state)
    host.require_free_network(lab)
    # Never the same name twice: podman books the addresses by network name in a file of the whole machine
    # (/run/containers/networks/ipam.db), and those of containers that vanished stay booked.
    name = f"{lab.network}-{secrets.token_hex(4)}"
    # No name server: the names stand in each container's /etc/hosts.
    podman(
        *("network", "create", "--disable-dns", "--subnet", str(lab.ipv4), "--gateway", lab.gateway),
        *("--ipv6", "--subnet", str(lab.ipv6), name),
    )
    state.set("network", name)


def _remove_networks(lab: Lab, podman: Podman, state: State) -> None:
    state.forget("network")
    for name in podman("network", "ls", "--format", "{{.Name}}").split():
        if name.startswith(lab.network):
            podman("network", "rm", "--force", name)


def down(lab: Lab, podman: Podman, state: State) -> None:
    """Remove containers and network; the images stay."""
    for name in podman.containers():
        say(f"container {name}: remove")
        state.forget(f"container {name}")
        remove(podman, name)
    orphans.end(lab, set())
    _remove_networks(lab, podman, state)
