# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report's summary for the screen: counts, then every row somebody has to look at, and one line to pass on."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Document, alike, key_of, left_out
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import last_seen, mode, note, number, part, words


def _line(state: str, target: str, what: str, reason: str) -> str:
    line = f"  {words(state):<12}  {target}  {what}"
    return f"{line}: {reason}" if reason else line


def _rows(document: Document) -> list[str]:
    """Failed rows, then drifted ones, then what was not examined."""
    rows, unasked = document["rows"], left_out(document)
    found = [
        _line(state, row["target"], f"{row['control']} {row['title']}", note(row))
        for state in ("failed", "drifted")
        for row in rows
        if row["state"] == state
    ]
    groups = alike(row for row in rows if row["state"] == "not_examined" and key_of(row) not in unasked)
    return found + [_line("not_examined", ", ".join(group.targets), ", ".join(group.controls), group.reason) for group in groups]


def lines(document: Document, path: str) -> list[str]:
    """The summary, a line each; the last one is that for chat and mail. path is that of the JSON report."""
    header = document["header"]
    counts = ", ".join(f"{count} {words(state)}" for state, count in document["counts"].items() if count)
    found = [f"DRIFT REPORT ({mode(header)}): {counts or 'no rows'}", *_rows(document)]
    unasked = len(left_out(document))
    if unasked:
        found.append(f"  {number(unasked, 'row')} not asked for ({part(header)}), not_examined in the report; last seen: {last_seen(header)}.")
    if header.get("not_compared"):
        found.append(f"  Not compared with an earlier report: {header['not_compared']}.")
    # No text of the inventory, a product or an error may steer the terminal.
    return [visible(" ".join(line.split("\n"))) for line in [*found, f"  The whole report: {path}"]] + [as_line(document)]
