# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report's summary for the screen: counts, then every row somebody has to look at, and one line to pass on."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import OPEN, Report, Row
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import as_line, mode, part


def _counts(report: Report) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in report.counts().items() if count)


def _line(state: str, target: str, what: str, reason: str) -> str:
    line = f"  {state.replace('_', ' '):<12}  {target}  {what}"
    return f"{line}: {reason}" if reason else line


def _drift(row: Row) -> str:
    """What differs, by name."""
    names = [entry["setting"] for entry in row.settings if entry["state"] == row.state]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return "; ".join(text for text in (shown, row.reason) if text)


def _unexamined(rows: list[Row]) -> list[str]:
    """Rows with one reason share a line: an unreachable host would print its reason forty times."""
    controls: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        controls.setdefault((row.reason, row.target), []).append(row.control)
    targets: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, target), names in controls.items():
        targets.setdefault((reason, tuple(names)), []).append(target)
    return [_line("not_examined", ", ".join(hosts), ", ".join(names), reason) for (reason, names), hosts in targets.items()]


def _left_out(report: Report) -> list[str]:
    if not report.left_out:
        return []
    rows = "1 row" if len(report.left_out) == 1 else f"{len(report.left_out)} rows"
    return [f"  {rows} not asked for ({part(report.header)}); they are not_examined in the report."]


def lines(report: Report, path: str) -> list[str]:
    """The summary, a line each; the last one is that for chat and mail."""
    found = [f"DRIFT REPORT ({mode(report.header)}): {_counts(report) or 'no rows'}"]
    for state in OPEN[:2]:
        found += [_line(state, row.target, f"{row.control} {row.title}", _drift(row)) for row in report.rows if row.state == state]
    found += _unexamined([row for row in report.rows if row.state == "not_examined" and row.key not in report.left_out])
    found += _left_out(report)
    if report.header.get("not_compared"):
        found.append(f"  Not compared with an earlier report: {report.header['not_compared']}.")
    found += [f"  The whole report: {path}", as_line(report)]
    return found
