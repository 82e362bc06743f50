# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exit code of a run by what its report says: opt-in, since Ansible's own codes know nothing of drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import OPEN
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Document, key_of, left_out, nothing_examined

LOST = 1  # the report, or one of its files, could not be written
CODES = {"failed": 11, "drifted": 10, "not_examined": 12}


def exit_code(document: Document, options: Mapping[str, Any]) -> int:
    """0, or the code of the worst state that counts (failed, drifted, not_examined).

    options are those of _report_options; empty ones ask for no code. Rows count from the severity atlassian_drift_threshold on. Rows
    that --tags or --limit left out do not count; where these left out everything, a misspelt tag say, nothing was examined, and that
    is not clean.
    """
    if not options.get("exit_codes"):
        return 0
    if document["header"]["left_out"] and nothing_examined(document):
        return CODES["not_examined"]
    counted, unasked = SEVERITIES[SEVERITIES.index(options["threshold"]) :], left_out(document)
    states = {row["state"] for row in document["rows"] if row["severity"] in counted and key_of(row) not in unasked}
    if not options["not_examined"]:
        states.discard("not_examined")
    return next((CODES[state] for state in OPEN if state in states), 0)
