# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Versions of our configuration: folders below one base, and the symlink that names the one httpd reads."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import shutil
from collections.abc import Mapping

KEEP = 5
VERSION_FILE = "server.d/000-version.conf"


def read_tree(folder: str) -> dict[str, str]:
    """Relative path -> text of every file below `folder` but the version's own name; empty if there is none."""
    tree: dict[str, str] = {}
    for parent, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            relative = os.path.relpath(path, folder)
            if relative != VERSION_FILE:
                with open(path, encoding="utf-8", errors="surrogateescape") as handle:
                    tree[relative] = handle.read()
    return tree


def owned_by(name: str, path: str) -> bool:
    """A file of the control `name`: <anything>/<name>.conf, or anything below <name>/."""
    return path.split("/")[0] == name or os.path.basename(path) == f"{name}.conf"


def merged(live: Mapping[str, str], name: str, files: Mapping[str, str]) -> dict[str, str]:
    """The live tree with this control's files replaced by `files`."""
    return {**{path: text for path, text in live.items() if not owned_by(name, path)}, **files}


def new_id(tree: Mapping[str, str], now: datetime.datetime) -> str:
    """Sorts by time; the digest tells equal content from other content at a glance."""
    digest = hashlib.sha256()
    for path in sorted(tree):
        digest.update(f"{path}\0{tree[path]}\0".encode("utf-8", errors="surrogateescape"))
    return f"{now:%Y%m%dT%H%M%S%f}-{digest.hexdigest()[:8]}"


def write_tree(folder: str, tree: Mapping[str, str], version: str) -> None:
    """Files 0644, folders 0755: httpd's own reading happens as root, and there is no secret in here."""
    for path, text in {**tree, VERSION_FILE: f"Define HARDENING_VERSION {version}\n"}.items():
        target = os.path.join(folder, path)
        _folders(folder, os.path.dirname(target))
        with open(target, "w", encoding="utf-8", errors="surrogateescape") as handle:
            handle.write(text)
        os.chmod(target, 0o644)


def _folders(top: str, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    while len(folder) >= len(top):
        os.chmod(folder, 0o755)
        folder = os.path.dirname(folder)


def live_id(current: str) -> str | None:
    """The version the symlink names."""
    return os.path.basename(os.readlink(current)) if os.path.islink(current) else None


def switch(current: str, version: str | None) -> None:
    """One rename: whoever reads sees the old version or the new one. None removes the symlink (there was none before)."""
    if version is None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(current)
        return
    waiting = f"{current}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(waiting)
    os.symlink(os.path.join("versions", version), waiting)
    os.replace(waiting, current)


def prune(versions: str, spare: str) -> None:
    """Keep the newest few and the one in use."""
    names = sorted(os.listdir(versions))
    for name in names[:-KEEP]:
        if name != spare:
            shutil.rmtree(os.path.join(versions, name))
