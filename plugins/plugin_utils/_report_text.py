# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the report: every format says the same of a state, of a run, and of what makes a run less than it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Document, Row, left_out, nothing_examined
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

_ASKED = ("limit", "tags", "skip_tags", "start_at_task")


def words(state: str) -> str:
    return state.replace("_", " ")


def number(count: int, noun: str) -> str:
    """'1 row', '2 rows'."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def some(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def note(row: Row) -> str:
    """What is to be said of a row on one line: the settings in its own state by name, and its reason; may be empty."""
    names = [str(entry["setting"]) for entry in row["settings"] if entry["state"] == row["state"]]
    return "; ".join(part for part in (some(names), str(row["reason"])) if part)


def mode(header: Mapping[str, Any]) -> str:
    """What kind of run it was: 'read-only', 'check', 'real run', or 'aborted' before it knew its inventory, and so what it was."""
    if header.get("read_only") or header.get("check_mode"):
        return "read-only" if header.get("read_only") else "check"
    return "real run" if header.get("run_id") else "aborted"


def asked_for(header: Mapping[str, Any]) -> dict[str, str]:
    """{option: value} of the command line options that asked for a part only, as --limit."""
    return {f"--{name.replace('_', '-')}": str(header[name]) for name in _ASKED if header.get(name)}


def part(header: Mapping[str, Any]) -> str:
    """The same on one line, or nothing."""
    return ", ".join(f"{option} {value}" for option, value in asked_for(header).items())


def last_seen(header: Mapping[str, Any]) -> str:
    """What earlier runs last saw of the rows that this one was not asked for: '2 drifted, 31 compliant, 5 never examined'."""
    states = [entry["state"] for entry in header.get("left_out") or ()]
    parts = [f"{states.count(state)} {words(state)}" for state in STATES if state in states]
    return ", ".join(parts + ([f"{states.count(None)} never examined"] if None in states else []))


def counted(document: Document) -> dict[str, int]:
    """Rows somebody has to look at, in each state and always all of them; those that nobody asked for stand apart where there are any."""
    counts, unasked = document["counts"], len(left_out(document))
    numbers = {"drifted": counts["drifted"], "failed": counts["failed"], "not examined": counts["not_examined"] - unasked}
    return numbers | ({"not asked for": unasked} if unasked else {})


def cautions(document: Document) -> list[str]:
    """What no number of rows says, and without which a run could look clean."""
    header = document["header"]
    problems, failures = len(header.get("problems") or ()), len(header.get("failures") or ())
    found = [f"the run was refused ({number(problems, 'problem')})"] if problems else []
    found += [f"{number(failures, 'task')} failed or met an unreachable host"] if failures else []
    return [*found, "nothing was examined"] if nothing_examined(document) else found


def failures_of(header: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(target, sentence) of each task that failed or met an unreachable host."""
    return [
        (str(failure["target"]), f"{failure['target']}: {failure['status']} in {failure['task']!r}: {failure['message']}")
        for failure in header.get("failures") or ()
    ]
