# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML report says about the run as a whole: what was asked, how it went, and how much of it can be believed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import nothing_examined
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import asked_for, cautions, mode, words

# From what needs somebody to what needs nobody: the order of counts, filters and rows.
ORDER = ("failed", "drifted", "not_examined", "changed", "accepted", "attested", "compliant", "not_applicable", "off", "planned")

# Beside the score: what is no part of it, and why.
_OUTSIDE = {
    "not_examined": "not examined",
    "planned": "planned, not built yet",
    "off": "switched off",
    "not_applicable": "not applicable",
    "accepted": "accepted as a risk",
}


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


def state_bar(counts: Mapping[str, int]) -> list[Part]:
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


def is_change_log(header: Mapping[str, Any]) -> bool:
    return mode(header) == "real run"


def kind_of_run(header: Mapping[str, Any]) -> str:
    if is_change_log(header):
        return "Real run: what it changed, and what it found."
    return f"{mode(header).capitalize()} run: nothing was changed."


def _numbers(counts: Mapping[str, int], states: Sequence[str]) -> list[str]:
    return [f"{counts[state]} {words(state)}" for state in states if counts.get(state)]


def verdict(document: Mapping[str, Any]) -> Verdict:
    """One line for the whole run. Good only where everything there is was examined, and nobody said that something is missing."""
    counts, header = document["counts"], document["header"]
    outside = [f"{counts[state]} {sentence}" for state, sentence in _OUTSIDE.items() if counts.get(state)]
    changed = _numbers(counts, ["changed"] if is_change_log(header) else [])
    bad = _numbers(counts, ("failed", "drifted"))
    if bad:
        return Verdict("bad", ", ".join([*bad, *changed]), outside)
    if not document["rows"]:
        return Verdict("unsure", "This report has no rows: nothing is known", outside)
    if nothing_examined(document):
        return Verdict("unsure", "Nothing was examined", outside)
    if counts.get("not_examined") or counts.get("planned") or asked_for(header) or cautions(document):
        return Verdict("unsure", f"{', '.join(changed) or 'No drift'} in what was examined", outside)
    # What somebody decided to live with is not in order, however well it is meant.
    but = " and ".join(_numbers(counts, ("accepted", "off")))
    order = ", and ".join([*changed, "all in order" if changed else "All in order"])
    return Verdict("good", f"{order} but {but}" if but else order, outside)
