# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's way into the machines of the lab: SSH with a key of the lab's own, as to any server."""

from __future__ import annotations

import socket

from .deploy import Deployment
from .errors import LabError
from .podman import Podman
from .process import run
from .settings import Lab

_PORT = 22
_HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"


def ensure_key(lab: Lab) -> None:
    """The controller's key: made once, readable by root only."""
    if not lab.ssh_key.exists():
        lab.ssh_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "controller of the lab", "-f", str(lab.ssh_key)])


def deployments(lab: Lab) -> list[Deployment]:
    """The key of the controller in each machine. Raises LabError where `ensure_key` has not made one."""
    public = lab.ssh_key.with_suffix(".pub")
    if not public.exists():
        raise LabError(f"{public} is missing: remove {lab.ssh_key.parent} and run `lab.py up` again")
    files = {"/root/.ssh/authorized_keys": (0o600, public.read_bytes())}
    return [Deployment(container=box.name, unit="ssh.service", owned="/root/.ssh", files=files) for box in lab.machines()]


def remember_hosts(lab: Lab, podman: Podman) -> None:
    """Write down the keys of the machines, so that Ansible is not asked whether it trusts them."""
    keys = [f"{box.ipv4} {' '.join(podman.inside(box.name, 'cat', _HOST_KEY).split()[:2])}\n" for box in lab.machines()]
    lab.ssh_known_hosts.write_text("".join(keys))


def problems(lab: Lab) -> list[tuple[str, str]]:
    """Machines whose SSH server does not answer: (container, sentence)."""
    return [(box.name, f"no SSH server answers at port {_PORT}") for box in lab.machines() if not _greets(box.ipv4)]


def _greets(address: str) -> bool:
    try:
        with socket.create_connection((address, _PORT), timeout=3) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False
