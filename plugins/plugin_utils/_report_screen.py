# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report's summary for the screen: counts, then every row somebody has to look at."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report, Row

_LOUD = ("failed", "drifted", "not_examined")


def _counts(report: Report) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in report.counts().items() if count)


def _line(state: str, target: str, what: str, reason: str) -> str:
    line = f"  {state.replace('_', ' '):<12}  {target}  {what}"
    return f"{line}: {reason}" if reason else line


def _drift(row: Row) -> str:
    """What differs, by name."""
    names = [entry["setting"] for entry in row.settings if entry["state"] == row.state]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return "; ".join(part for part in (shown, row.reason) if part)


def _unexamined(rows: list[Row]) -> list[str]:
    """Rows with one reason share a line: an unreachable host would print its reason forty times."""
    controls: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        controls.setdefault((row.reason, row.target), []).append(row.control)
    targets: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, target), names in controls.items():
        targets.setdefault((reason, tuple(names)), []).append(target)
    return [_line("not_examined", ", ".join(hosts), ", ".join(names), reason) for (reason, names), hosts in targets.items()]


def lines(report: Report, path: str) -> list[str]:
    """The summary, a line each."""
    mode = "read-only" if report.header.get("read_only") else "check" if report.header.get("check_mode") else "real run"
    found = [f"DRIFT REPORT ({mode}): {_counts(report) or 'no rows'}"]
    for state in _LOUD[:2]:
        found += [_line(state, row.target, f"{row.control} {row.title}", _drift(row)) for row in report.rows if row.state == state]
    found += _unexamined([row for row in report.rows if row.state == "not_examined"])
    found.append(f"  The whole report: {path}")
    return found
