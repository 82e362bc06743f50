# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is new since the previous report, what is resolved, and since when each open row has been open.

A run with --tags or --limit says nothing about the rows that it left out, and one that was refused, or met an unreachable host, nothing about
those that it could not examine: their last known states are carried from header to header, so that the next run is compared with what
was last seen, however long ago.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import OPEN, Report
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import SCHEMA_VERSION
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Key, key_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

RESOLVED = ("compliant", "changed", "accepted", "attested")


class NotComparable(Exception):
    """There is no earlier report to compare with; the message is a sentence that says why."""


@dataclass(frozen=True)
class Previous:
    """What earlier reports say: each row's last known state, null where no run ever looked, and since when open ones have been open."""

    run_id: str | None
    started: str
    states: Mapping[Key, str | None]
    since: Mapping[Key, str]


def parse(document: Any) -> Previous:
    """A report as read from its file. Raises NotComparable."""
    try:
        version = document["schema_version"]
        if version != SCHEMA_VERSION:
            raise NotComparable(f"the previous report has schema version {version!r}, this one has {SCHEMA_VERSION}")
        header = document["header"]
        shown: dict[Key, str | None] = {key_of(row): row["state"] for row in document["rows"]}
        shown.update({key_of(row): row["state"] for row in header["left_out"]})
        states = shown | {key_of(row): row["state"] for row in header["unseen"]}
        if not set(states.values()) <= {*STATES, None}:
            raise NotComparable("the previous report has rows in states that this version does not know")
        since = {key_of(row): str(header["started"]) for row in document["rows"] if shown[key_of(row)] in OPEN}
        if header["comparison"] is not None:
            since.update({key_of(row): str(row["since"]) for row in header["comparison"]["since"]})
        return Previous(header["run_id"], str(header["started"]), states, since)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotComparable("the previous report is no drift report of this collection") from error


def read(path: str) -> Previous:
    """The previous report. Raises NotComparable whatever is wrong with the file."""
    try:
        with open(path, encoding="utf-8") as stream:
            document = json.load(stream)
    except FileNotFoundError as error:
        raise NotComparable("there is no earlier report in the report directory") from error
    except OSError as error:
        raise NotComparable(f"the previous report cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NotComparable(f"the previous report {os.path.basename(path)} is damaged: it is no JSON") from error
    return parse(document)


def compare(report: Report, path: str) -> None:
    """Set comparison, not_compared, left_out and unseen in the header of a report; path is that of the previous report's file."""
    previous, why = None, ""
    try:
        previous = read(path)
    except NotComparable as error:
        why = str(error)
    known = previous.states if previous else {}
    for name, keys in (("left_out", report.left_out), ("unseen", report.unseen)):
        report.header[name] = [{"control": row.control, "target": row.target, "state": known.get(row.key)} for row in report.rows if row.key in keys]
    report.header["not_compared"] = why
    report.header["comparison"] = _comparison(report, previous) if previous else None


def _still_open(key: Key, report: Report, previous: Previous) -> bool:
    """Whether an open row has been open before, as far as is known: what was in order when last examined, and differs now, has not."""
    was = previous.states.get(key)
    return was in OPEN or (key in previous.since and (was is None or key in report.unseen))


def _comparison(report: Report, previous: Previous) -> dict[str, Any]:
    new, resolved, since = [], [], []
    for row in report.rows:
        name = {"control": row.control, "target": row.target}
        was = previous.states.get(row.key)
        was_open, left_out = was in OPEN, row.key in report.left_out
        if (was_open and left_out) or (not left_out and row.state in OPEN and _still_open(row.key, report, previous)):
            since.append({**name, "since": previous.since.get(row.key, previous.started)})
        elif not left_out and row.state in OPEN:
            since.append({**name, "since": report.header.get("started", "")})
            # A row that no run ever looked at is not new; one that no report has had, a new host's say, is.
            if was is not None or row.key not in previous.states:
                new.append(name)
        elif was_open and row.state in RESOLVED:
            resolved.append({**name, "was": was})
    return {"previous": {"run_id": previous.run_id, "started": previous.started}, "new": new, "resolved": resolved, "since": since}
