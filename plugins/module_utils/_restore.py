# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The file that remembers what is about to be removed. It is safe on disk before the first write, and tells runs that were cut off."""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

SCHEMA = 1
LOST = (
    "restore_path: {path} no longer holds what this run wrote into it before its first write: the file was removed, overwritten or damaged meanwhile. "
    "A restore from it does not bring back what this run removed. Look for a copy of the file, or for the changes in the product's audit log."
)


def default_path(url: str) -> str:
    """A file of the user who runs the task, for the host in url."""
    return str(Path.home() / ".hardening.atlassian" / f"restore-{urlsplit(url).hostname}.json")


@dataclass
class Memory:
    """What one task removes, in the file at `path`. scope: the part of the product it is about; part: what of it this task is about, where several
    tasks share a scope. `used` tells whether anything was written."""

    path: str
    product: str
    url: str
    scope: str
    part: str = ""
    used: bool = False
    granted: list[Mapping[str, Any]] = field(default_factory=list)  # of what was announced as added, that which was done
    _at: str = ""

    def remember(self, removed: Sequence[Mapping[str, Any]], added: Sequence[Mapping[str, Any]]) -> None:
        """Add one run to the file (mode 0600); earlier runs stay. Raises AtlassianError, and then nothing may be written to the product."""
        runs = _earlier(self.path)
        self._at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        runs.append({**self._mark, "finished": False, "removed": list(removed), "added": list(added)})
        self._write(runs, "nothing was removed")
        self.used = True

    def grant(self, entry: Mapping[str, Any], write: Callable[[], object], there: Callable[[], bool]) -> None:
        """Write one of what was announced as added. An error may be the answer to what was done all the same, so `there` is asked then; only
        what is seen not to be there is none of this run's: a restore takes back what it finds, and nothing else."""
        try:
            write()
        except AtlassianError:
            if may_be(there):
                self.granted.append(entry)
            raise
        self.granted.append(entry)

    def finish(self) -> None:
        """The run did all it had announced, so that a later run is a new one and not the rest of it."""
        self._close({"finished": True})

    def stop(self) -> None:
        """The run did not do all: what it had announced to add and did not is not its own, whoever adds it later."""
        self._close({"added": self.granted})

    def _close(self, members: Mapping[str, Any]) -> None:
        """Raises AtlassianError where the file is not what this run left: somebody else wrote it, or took it away."""
        try:
            runs = _earlier(self.path)
        except AtlassianError as exc:
            raise AtlassianError(LOST.format(path=self.path)) from exc
        own = next((run for run in reversed(runs) if isinstance(run, dict) and self._mark.items() <= run.items()), None)
        if own is None:
            raise AtlassianError(LOST.format(path=self.path))
        own.update(members)
        self._write(runs, "a later restore will take this run and the next one together")

    @property
    def _mark(self) -> dict[str, str]:
        return {"product": self.product, "url": self.url, "scope": self.scope, "part": self.part, "at": self._at}

    def _write(self, runs: list[Any], otherwise: str) -> None:
        try:
            _replace(self.path, json.dumps({"schema": SCHEMA, "runs": runs}, indent=2, sort_keys=True) + "\n")
        except OSError as exc:
            raise AtlassianError(f"restore_path: {self.path} cannot be written ({exc.strerror}), so {otherwise}. Name a file in a folder of yours.") from exc


def may_be(there: Callable[[], bool]) -> bool:
    """What cannot be read may be there."""
    try:
        return there()
    except AtlassianError:
        return True


def recall(path: str, product: str, url: str) -> list[Mapping[str, Any]]:
    """What there is to undo of this product at this address, oldest first: of each scope (and part) the last run, and with it the runs
    directly before it that were cut off, since it did the rest of their work. Raises AtlassianError where there is no such entry."""
    mine = [entry for entry in _earlier(path) if isinstance(entry, dict) and entry.get("product") == product and entry.get("url") == url]
    if not mine:
        raise AtlassianError(f"restore_path: {path} holds nothing that was removed from {url}. Check path and url.")
    found: list[Mapping[str, Any]] = []
    closed: set[Any] = set()
    newest: set[Any] = set()
    for entry in reversed(mine):
        scope = (entry.get("scope"), entry.get("part", ""))
        if scope in closed or (scope in newest and entry.get("finished", True)):
            closed.add(scope)
            continue
        newest.add(scope)
        found.append(entry)
    return found[::-1]


@contextmanager
def entries_understood() -> Iterator[None]:
    """Around the reading of entries: a member that lacks, or is of another kind, is one sentence."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise AtlassianError(f"restore_path: an entry of the file is not understood (at {exc}), so nothing was restored. Was it edited?") from exc


def _earlier(path: str) -> list[Any]:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as exc:
        raise AtlassianError(f"restore_path: {path} exists and cannot be read as a restore file, so nothing was done. Name another file.") from exc
    if not isinstance(content, dict) or content.get("schema") != SCHEMA or not isinstance(content.get("runs"), list):
        raise AtlassianError(f"restore_path: {path} exists and is no restore file of this collection, so nothing was done. Name another file.")
    return list(content["runs"])


def _replace(path: str, text: str) -> None:
    """Whole file or none: written beside, synced, renamed, and the folder synced, so that a crash cannot lose what was removed."""
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, mode=0o700, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=folder, prefix=".restore-")  # mkstemp: mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
