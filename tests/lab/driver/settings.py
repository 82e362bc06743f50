# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the lab keeps its things, and what topology.yml says."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import yaml
except ImportError:
    # The only thing the driver needs beyond Python itself; everything else imports this file.
    sys.exit("lab: PyYAML is missing: run this with the project's Python (`make lab` does), or install python3-yaml")

from .errors import LabError

_SSH_SERVER = "openssh-server"
LAB_SOURCES = Path(__file__).resolve().parent.parent
REPOSITORY = LAB_SOURCES.parent.parent


@dataclass(frozen=True)
class Container:
    """One machine of the lab."""

    name: str
    image: str
    ipv4: str
    ipv6: str
    package_lists: bool


@dataclass(frozen=True)
class Lab:
    """The lab as described (topology.yml) and where it lives on this machine."""

    directory: Path
    run_directory: Path
    suite: str
    suites: dict[str, str]
    network: str
    ipv4: ipaddress.IPv4Network
    ipv6: ipaddress.IPv6Network
    gateway: str
    images: dict[str, list[str]]
    containers: dict[str, Container]
    names: dict[str, str]
    simulators: dict[str, dict[str, str]]
    tomcat: dict[str, Any]
    acme: dict[str, Any]

    @property
    def podman(self) -> Path:
        """The wrapper that runs podman on the lab's own storage; people and Ansible may use it."""
        return self.directory / "podman"

    @property
    def storage(self) -> Path:
        return self.directory / "storage"

    @property
    def inventory(self) -> Path:
        return self.directory / "inventory" / "hosts.yml"

    @property
    def older_inventory(self) -> Path:
        return self.directory / "older" / "hosts.yml"

    @property
    def judge_inventory(self) -> Path:
        return self.directory / "judge" / "hosts.yml"

    @property
    def secrets(self) -> Path:
        return self.directory / "secrets.yml"

    @property
    def ssh_key(self) -> Path:
        """The private key of whoever runs Ansible; made by ssh.py."""
        return self.directory / "ssh" / "id_ed25519"

    @property
    def ssh_known_hosts(self) -> Path:
        return self.directory / "ssh" / "known_hosts"

    @property
    def machine_state(self) -> Path:
        """How the machine was before: it survives the deletion of the state folder, but not a reboot."""
        return self.run_directory / "machine.json"

    def log(self, name: str) -> Path:
        return self.directory / "logs" / f"{name}.log"

    def container(self, name: str) -> Container:
        """The container of that name; LabError names the ones there are."""
        try:
            return self.containers[name]
        except KeyError:
            raise LabError(f"there is no container `{name}`; the lab has: {', '.join(self.containers)}") from None

    def machines(self) -> list[Container]:
        """The containers Ansible logs in to, as to any server."""
        return [box for box in self.containers.values() if _SSH_SERVER in self.images[box.image]]

    def suite_of(self, image: str) -> str:
        """The release of Debian an image stands on."""
        return self.suites.get(image, self.suite)

    def hosts(self) -> dict[str, str]:
        """Every name of the lab with its IPv4 address."""
        addresses = {name: box.ipv4 for name, box in self.containers.items()}
        return {**addresses, **{name: addresses[proxy] for name, proxy in self.names.items()}}


def load() -> Lab:
    """Read topology.yml. LAB_DIR moves the state folder; default is .lab in the repository."""
    world = yaml.safe_load((LAB_SOURCES / "topology.yml").read_text())
    directory = Path(os.environ.get("LAB_DIR") or REPOSITORY / ".lab").resolve()
    # Podman tells a reboot by files that a reboot removes, so they may not lie in the state folder.
    label = hashlib.sha256(str(directory).encode()).hexdigest()[:8]
    network = world["network"]
    ipv4 = ipaddress.IPv4Network(network["ipv4"])
    ipv6 = ipaddress.IPv6Network(network["ipv6"])
    containers = {
        name: Container(
            name=name,
            image=box["image"],
            ipv4=str(ipv4[box["address"]]),
            ipv6=str(ipv6[int(str(box["address"]), 16)]),  # 198.51.100.11 and ...::11, so that people recognise them
            package_lists=box.get("package_lists", False),
        )
        for name, box in world["containers"].items()
    }
    return Lab(
        directory=directory,
        run_directory=Path("/run") / f"atlassian-lab-{label}",
        suite=world["suite"],
        suites=world["suites"],
        network=network["name"],
        ipv4=ipv4,
        ipv6=ipv6,
        gateway=network["gateway"],
        images=world["images"],
        containers=containers,
        names=world["names"],
        simulators=world["simulators"],
        tomcat=world["tomcat"],
        acme=world["acme"],
    )
