# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stream of events behind a report: JSON lines, written as they happen, readable by their owner only."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from typing import Any, TextIO

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_files import REPORT_NAME

EVENTS_NAME = "events.jsonl"
BROKEN_NAME = "events.broken.jsonl"


class EventsError(Exception):
    """The events of a run are missing, incomplete or of another run."""


class EventWriter:
    """Keeps events in memory, and in the report directory from the moment that is known."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.directory: str | None = None
        self._stream: TextIO | None = None

    def open(self, directory: str) -> None:
        """Start the file with what has happened so far. Raises OSError."""
        os.makedirs(directory, mode=0o700, exist_ok=True)
        path = os.path.join(directory, EVENTS_NAME)
        for old in (path, os.path.join(directory, BROKEN_NAME)):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(old)
        # O_EXCL: in a directory others can write to, a link put there meanwhile is not followed.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._stream = os.fdopen(descriptor, "w", encoding="utf-8")
        self.directory = directory
        for event in self.events:
            self._write(event)

    def add(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if self._stream is not None:
            self._write(event)

    def _write(self, event: Mapping[str, Any]) -> None:
        if self._stream is None:
            return
        self._stream.write(json.dumps(event, sort_keys=True, default=str) + "\n")
        # Each line at once: after a crash the file must tell how far the run came, and the last play reads it.
        self._stream.flush()

    def abandon(self) -> None:
        """Set the file aside, so that nobody takes what is in it for a whole run. Works on a full disk."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
        if self.directory is not None:
            with contextlib.suppress(FileNotFoundError):
                os.replace(os.path.join(self.directory, EVENTS_NAME), os.path.join(self.directory, BROKEN_NAME))

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def read_events(directory: str, run_id: str) -> list[dict[str, Any]]:
    """The events of this run. Raises EventsError with a sentence when they cannot be trusted."""
    path = os.path.join(directory, EVENTS_NAME)
    hint = "the callback hardening.atlassian.drift_report did not run, or stopped with an error (look for one above)"
    if os.path.lexists(os.path.join(directory, REPORT_NAME)):
        hint += "; the report that lies there is of an earlier run"
    if not run_id:
        raise EventsError("the run has no id: the play that examines the inventory did not run, so nothing is known about this run")
    try:
        with open(path, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
    except FileNotFoundError as error:
        raise EventsError(f"there are no events of this run in {path}: {hint}") from error
    except OSError as error:
        raise EventsError(f"the events of this run in {path} cannot be read: {error.strerror}") from error
    try:
        events = [json.loads(line) for line in lines]
    except ValueError as error:
        raise EventsError(f"the events of this run in {path} are damaged: {hint}") from error
    if not any(event.get("event") == "run" and event.get("run", {}).get("id") == run_id for event in events):
        raise EventsError(f"{path} holds no events of the run {run_id}: {hint}")
    return events
