# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report in one line, for chat, mail and AWX."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import IN_ORDER, Report

_SHOWN = 5  # rows named after "new" and "resolved"; the line must stay one


def mode(header: dict[str, Any]) -> str:
    """What kind of run it was, in words."""
    return "read-only" if header.get("read_only") else "check" if header.get("check_mode") else "real run"


def part(header: dict[str, Any]) -> str:
    """The options that asked for a part of the run only, or nothing."""
    names = ("limit", "tags", "skip_tags", "start_at_task")
    return ", ".join(f"--{name.replace('_', '-')} {header[name]}" for name in names if header.get(name))


def _inventory(source: str) -> str:
    """The last two parts of a path, prod/hosts.yml: Ansible makes paths absolute, and the line should tell inventories apart, not folders."""
    return "/".join(source.rstrip("/").split("/")[-2:])


def _title(header: dict[str, Any]) -> str:
    playbook = os.path.splitext(str(header.get("playbook", "")))[0]
    sources = [_inventory(entry["source"]) for entry in header.get("inventory", ()) if not entry["source"].startswith("(")]
    asked = part(header)
    what = f"({mode(header)}; only {asked})" if asked else f"({mode(header)})"
    return " ".join(word for word in ("Drift report", playbook, *sources, str(header.get("started", ""))[:10], what) if word)


def _drifted(report: Report) -> str:
    """'3 drifted (1 critical, 2 high)'."""
    found = [row.severity for row in report.rows if row.state == "drifted"]
    severities = ", ".join(f"{found.count(severity)} {severity}" for severity in reversed(SEVERITIES) if severity in found)
    return f"{len(found)} drifted ({severities})" if found else "0 drifted"


def _named(rows: Sequence[dict[str, Any]]) -> str:
    shown = ", ".join(f"{row['control']} {row['target']}" for row in rows[:_SHOWN])
    return shown if len(rows) <= _SHOWN else f"{shown} and {len(rows) - _SHOWN} more"


def _moved(report: Report) -> list[str]:
    """What is new and what is resolved since the previous report."""
    comparison = report.header.get("comparison")
    if comparison is None:
        return []
    return [f"{name}: {_named(comparison[name])}" for name in ("new", "resolved") if comparison[name]]


def as_line(report: Report) -> str:
    """'Drift report drift prod/hosts.yml 2026-11-26 (read-only): 3 drifted (1 critical, 2 high), 0 failed, ...; new: PRX-02 proxy'."""
    counts = report.counts()
    numbers = [
        _drifted(report),
        f"{counts['failed']} failed",
        f"{counts['not_examined'] - len(report.left_out)} not examined",
        f"{sum(counts[state] for state in IN_ORDER)} in order" + (f" ({counts['changed']} changed)" if counts["changed"] else ""),
        f"{counts['accepted']} accepted",
    ]
    if report.left_out:
        numbers.append(f"{len(report.left_out)} not asked for")
    problems = len(report.header.get("problems", ()))
    refused = [f"the inventory was refused ({problems} {'problem' if problems == 1 else 'problems'})"] if problems else []
    # One line whatever a name in the inventory holds.
    return " ".join("; ".join([f"{_title(report.header)}: {', '.join(numbers)}", *refused, *_moved(report)]).split())
