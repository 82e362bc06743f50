# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as JSON."""

from __future__ import annotations

import contextlib
import json
import os

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report

SCHEMA_VERSION = 1
REPORT_NAME = "drift-report.json"
PREVIOUS_NAME = "drift-report.previous.json"


def as_json(report: Report) -> str:
    """The whole report; equal states of the world give byte-equal rows and counts, all that varies stands in the header."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "header": report.header,
        "counts": report.counts(),
        "rows": [row.as_dict() for row in report.rows],
    }
    return json.dumps(document, indent=2, default=str) + "\n"


def set_aside(directory: str) -> None:
    """Keep the report of an earlier run under another name, so that it is never taken for one of this run."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(os.path.join(directory, REPORT_NAME), os.path.join(directory, PREVIOUS_NAME))


def write(report: Report, directory: str) -> str:
    """Write the report whole or not at all, readable by its owner only; returns its path. Raises OSError."""
    path = os.path.join(directory, REPORT_NAME)
    part = f"{path}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(as_json(report))
            stream.flush()
            # Some file systems report a full disk only here.
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)
        raise
    return path
