# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What varies from run to run: the header of the report."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.release import __version__ as ansible_version
from ansible_collections.hardening.atlassian.plugins.plugin_utils._collection import about


def _git(directory: str, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run([git, "--no-optional-locks", "-C", directory, *arguments], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        # A slow file system or a file name in no known encoding costs the commit, not the report.
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def inventory_source(source: str) -> dict[str, Any]:
    """{source, commit, modified} of one -i; commit is null outside git, modified says that the commit is not what was used."""
    path = os.path.realpath(source)
    if not os.path.exists(path):
        # A host list such as "a,b," is no file, and may name anything: it is not shown.
        return {"source": "(given on the command line)", "commit": None, "modified": None}
    directory = path if os.path.isdir(path) else os.path.dirname(path)
    commit = _git(directory, "rev-parse", "HEAD")
    changes = None if commit is None else _git(directory, "status", "--porcelain", "--", path)
    return {"source": source, "commit": commit, "modified": None if changes is None else bool(changes)}


def header_of(arguments: Mapping[str, Any], playbook: str) -> dict[str, Any]:
    """The header as far as the command line and the controller tell it; arguments are Ansible's CLIARGS."""

    def chosen(name: str) -> list[str]:
        value: Sequence[str] = arguments.get(name) or ()
        return [item for item in value if item != "all"]

    return {
        "started": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "playbook": playbook,
        "check_mode": bool(arguments.get("check")),
        "read_only": False,
        "limit": arguments.get("subset") or "",
        "tags": ",".join(sorted(chosen("tags"))),
        "skip_tags": ",".join(sorted(chosen("skip_tags"))),
        "start_at_task": arguments.get("start_at_task") or "",
        "inventory": [inventory_source(source) for source in arguments.get("inventory") or ()],
        "vantage": socket.gethostname(),
        "versions": {"collection": str(about().get("version", "unknown")), "ansible_core": ansible_version, "python": platform.python_version()},
    }
