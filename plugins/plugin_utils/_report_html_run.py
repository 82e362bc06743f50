# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML report says about the run as a whole: what was asked, how it went, and how much of it can be believed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# From what needs somebody to what needs nobody: the order of counts, filters and rows.
ORDER = ("failed", "drifted", "not_examined", "changed", "accepted", "attested", "compliant", "not_applicable", "off", "planned")
ATTENTION = ("failed", "drifted", "not_examined")

# Beside the score: what is no part of it, and why.
_OUTSIDE = {
    "not_examined": "not examined",
    "planned": "planned, not built yet",
    "off": "switched off",
    "not_applicable": "not applicable",
    "accepted": "accepted as a risk",
}
_ASKED = ("limit", "tags", "skip_tags", "start_at_task")


def label(state: str) -> str:
    return state.replace("_", " ")


@dataclass(frozen=True)
class Part:
    """A piece of a bar: begin and width in hundredths of its length."""

    state: str
    count: int
    begin: str
    width: str


@dataclass(frozen=True)
class Verdict:
    """tone: bad, unsure (something was not examined) or good."""

    tone: str
    headline: str
    outside: list[str]


def bar(counts: Mapping[str, int]) -> list[Part]:
    """States as pieces of one bar, in ORDER."""
    total, begin, parts = sum(counts.values()), 0, []
    for state in ORDER:
        if counts.get(state):
            parts.append(Part(state, counts[state], f"{100 * begin / total:.2f}", f"{100 * counts[state] / total:.2f}"))
            begin += counts[state]
    return parts


def tally(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """States that occur, in ORDER, with their numbers."""
    return [(state, counts[state]) for state in ORDER if counts.get(state)]


def when(text: object) -> str:
    """An ISO time as people read it, with its zone; anything else as it is."""
    try:
        time = datetime.datetime.fromisoformat(str(text))
    except ValueError:
        return str(text or "unknown")
    zone = time.strftime("%z")
    return time.strftime("%Y-%m-%d %H:%M ") + ("UTC" if zone in ("+0000", "") else f"{zone[:3]}:{zone[3:]}")


def day_of(text: object) -> datetime.date | None:
    """The day of an ISO time or day; None where it is neither."""
    try:
        return datetime.datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None


def asked(header: Mapping[str, Any]) -> str:
    """The part that was asked for, as it stood on the command line; empty for everything."""
    return " ".join(f"--{name.replace('_', '-')} {header[name]}" for name in _ASKED if header.get(name))


def is_change_log(header: Mapping[str, Any]) -> bool:
    return not (header.get("check_mode") or header.get("read_only"))


def kind_of_run(header: Mapping[str, Any]) -> str:
    if header.get("read_only"):
        return "Read-only run: nothing was changed."
    if header.get("check_mode"):
        return "Check run: nothing was changed."
    return "Real run: what it changed, and what it found."


def _numbers(counts: Mapping[str, int], states: Sequence[str]) -> list[str]:
    return [f"{counts[state]} {label(state)}" for state in states if counts.get(state)]


def verdict(document: Mapping[str, Any]) -> Verdict:
    """One line for the whole run. Good only where everything there is was examined, and nobody said that something is missing."""
    counts, header = document["counts"], document["header"]
    outside = [f"{counts[state]} {words}" for state, words in _OUTSIDE.items() if counts.get(state)]
    shown = ["changed"] if is_change_log(header) else []
    bad = _numbers(counts, ("failed", "drifted"))
    if bad:
        return Verdict("bad", ", ".join([*bad, *_numbers(counts, shown)]), outside)
    if not document["rows"]:
        return Verdict("unsure", "This report has no rows: nothing is known", outside)
    if not document["score"]["examined"]:
        return Verdict("unsure", "Nothing was examined", outside)
    changed = ", ".join(_numbers(counts, shown))
    unsure = counts.get("not_examined") or counts.get("planned") or asked(header) or header.get("problems") or header.get("failures")
    if unsure:
        return Verdict("unsure", f"{changed or 'No drift'} in what was examined", outside)
    return Verdict("good", f"{changed}, and all in order" if changed else "All in order", outside)
