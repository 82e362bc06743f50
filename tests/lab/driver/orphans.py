# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends containers that podman has lost sight of: the state folder was deleted, or /run emptied, while they ran."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from .process import run, say
from .settings import Lab

_GRACE = 30  # tenths of a second


def end(lab: Lab, known: set[str]) -> None:
    """Kill the lab's containers whose id is not in `known`; others' containers are never touched."""
    for _attempt in range(_GRACE):
        # A container that was removed in good order takes a moment to be gone.
        if all(identity in known for _process, identity in _monitors(lab)):
            return
        time.sleep(0.1)
    for monitor, identity in list(_monitors(lab)):
        if identity not in known:
            say(f"container {identity[:12]} of an earlier lab in this folder still runs: ending it")
            children = _children(monitor)
            networks = [path for pid in children for path in _network_namespace(pid)]
            # conmon first: when its container ends it would call podman, which knows nothing of it.
            for pid in (monitor, *children):
                _kill(pid)
            for path in networks:
                if os.path.ismount(path):
                    run(["umount", str(path)])
                path.unlink(missing_ok=True)


def _monitors(lab: Lab) -> Iterator[tuple[int, str]]:
    """(process id, container id) of each conmon, podman's monitor, that was started for this lab's storage."""
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            words = (directory / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # ended meanwhile
        if Path(words[0]).name == "conmon" and str(lab.storage) in words and "-c" in words:
            yield int(directory.name), words[words.index("-c") + 1]


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _network_namespace(pid: int) -> list[Path]:
    """Where podman mounted the network namespace of this process, which keeps it alive after the process."""
    try:
        wanted = os.stat(f"/proc/{pid}/ns/net")
    except FileNotFoundError:
        return []
    return [path for path in Path("/run/netns").glob("netns-*") if os.path.samestat(path.stat(), wanted)]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
