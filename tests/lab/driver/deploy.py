# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings a set of files into a container and restarts a service, only if the set is not what is there."""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import dataclass, field

from .podman import Podman
from .process import say

_STAMP = ".deployed"


@dataclass(frozen=True)
class Deployment:
    """Files of one service in one container.

    files: absolute path -> (mode, content), owned by root.
    owned: a directory that holds nothing but files of ours; it is emptied first and carries the stamp.
    prepare: a command to run between writing and restarting.
    """

    container: str
    unit: str
    owned: str
    files: dict[str, tuple[int, bytes]]
    prepare: list[str] = field(default_factory=list)

    def fingerprint(self) -> str:
        parts = [self.container, self.unit, *self.prepare]
        for path, (mode, content) in sorted(self.files.items()):
            parts += [path, oct(mode), hashlib.sha256(content).hexdigest()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def deploy(podman: Podman, wanted: Deployment) -> bool:
    """Make the container match; True if anything had to be done."""
    stamp = f"{wanted.owned}/{_STAMP}"
    _code, found, _error = podman.attempt("exec", wanted.container, "cat", stamp)
    if found.strip() == wanted.fingerprint():
        if podman.succeeds("exec", wanted.container, "systemctl", "is-active", "--quiet", wanted.unit):
            return False
        say(f"{wanted.container}: {wanted.unit} does not run, starting it")
        podman.inside(wanted.container, "systemctl", "restart", wanted.unit)
        return True
    say(f"{wanted.container}: deploying {wanted.unit}, {len(wanted.files)} files")
    podman.inside(wanted.container, "rm", "-rf", wanted.owned)
    podman.inside(wanted.container, "tar", "-xC", "/", stdin=_archive(wanted))
    if wanted.prepare:
        podman.inside(wanted.container, *wanted.prepare)
    podman.inside(wanted.container, "systemctl", "daemon-reload")
    podman.inside(wanted.container, "systemctl", "enable", "--quiet", wanted.unit)
    podman.inside(wanted.container, "systemctl", "restart", wanted.unit)
    # The stamp comes last: without it the next `up` does all of this again.
    podman.inside(wanted.container, "tee", stamp, stdin=wanted.fingerprint().encode())
    return True


def _archive(wanted: Deployment) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, (mode, content) in sorted(wanted.files.items()):
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.mode, entry.size = mode, len(content)
            entry.uname = entry.gname = "root"
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
