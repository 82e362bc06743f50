# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""podman with storage, runtime files and configuration of the lab's own, so that the machine's stay untouched."""

from __future__ import annotations

import json
import resource
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import host
from .process import attempt, run
from .settings import Lab

_CAP_SYS_RESOURCE = 24  # linux/capability.h
# Enough for the lab; podman's own defaults are above the hard limit of some virtual machines.
_NOFILE = 10240
_NPROC = 10000


class Podman:
    """Runs podman for one lab."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def configure(self) -> None:
        """Write podman's configuration and the wrapper; forget the runtime files of an earlier boot."""
        lab = self._lab
        stamp = lab.run_directory / "boot"
        if not stamp.exists() or stamp.read_text() != host.boot_id():
            # Where /run is not a tmpfs the reboot has not removed them, and podman would take its containers
            # for running.
            shutil.rmtree(lab.run_directory, ignore_errors=True)
            lab.run_directory.mkdir(parents=True)
            stamp.write_text(host.boot_id())
        for directory in (lab.storage, lab.directory / "networks", lab.directory / "tmp"):
            directory.mkdir(parents=True, exist_ok=True)
        _write(lab.directory / "containers.conf", self._containers_conf(), 0o644)
        _write(lab.podman, self._wrapper(), 0o755)

    def _containers_conf(self) -> str:
        lab = self._lab
        return "\n".join(
            [
                "# Written by the lab; only the lab's podman reads it.",
                "[containers]",
                *_ulimits(),
                'base_hosts_file = "none"',  # the names this machine knows are not the lab's
                "[engine]",
                'runtime = "runc"',
                'cgroup_manager = "cgroupfs"',
                'events_logger = "file"',
                f'tmp_dir = "{lab.run_directory / "libpod"}"',
                f'image_copy_tmp_dir = "{lab.directory / "tmp"}"',
                "[network]",
                'network_backend = "netavark"',
                f'network_config_dir = "{lab.directory / "networks"}"',
                "",
            ]
        )

    def _wrapper(self) -> str:
        lab = self._lab
        # One firewall driver on every platform: netavark of Debian 13 would take nftables, that of Debian 12 cannot.
        return (
            "#!/bin/sh\n"
            "# podman with the lab's storage and configuration; written by the lab.\n"
            f"export CONTAINERS_CONF='{lab.directory / 'containers.conf'}' NETAVARK_FW=iptables\n"
            f"exec podman --root '{lab.storage}' --runroot '{lab.run_directory / 'storage'}' \"$@\"\n"
        )

    def __call__(self, *arguments: str, stdin: bytes | None = None) -> str:
        return run([str(self._lab.podman), *arguments], stdin=stdin)

    def attempt(self, *arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        return attempt([str(self._lab.podman), *arguments], stdin=stdin)

    def succeeds(self, *arguments: str) -> bool:
        return self.attempt(*arguments)[0] == 0

    def inside(self, container: str, *command: str, stdin: bytes | None = None) -> str:
        """Run a command in a container; its standard output."""
        return self("exec", "--interactive", container, *command, stdin=stdin)

    def containers(self) -> dict[str, dict[str, Any]]:
        """The lab's containers as `podman ps` lists them, by name."""
        listed: Sequence[dict[str, Any]] = json.loads(self("ps", "--all", "--format", "json") or "[]")
        return {box["Names"][0]: box for box in listed}


def _ulimits() -> list[str]:
    """Without CAP_SYS_RESOURCE no limit can be raised above this process's own hard limit, as podman tries."""
    status = Path("/proc/self/status").read_text()
    capabilities = int(status.partition("CapEff:")[2].split()[0], 16)
    if capabilities >> _CAP_SYS_RESOURCE & 1:
        return []
    nofile = _at_most(resource.RLIMIT_NOFILE, _NOFILE)
    nproc = _at_most(resource.RLIMIT_NPROC, _NPROC)
    return [f'default_ulimits = ["nofile={nofile}:{nofile}", "nproc={nproc}:{nproc}"]']


def _at_most(limit: int, wanted: int) -> int:
    hard = resource.getrlimit(limit)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)


def _write(path: Path, text: str, mode: int) -> None:
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    path.chmod(mode)
