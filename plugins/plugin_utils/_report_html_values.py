# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the HTML report shows one setting: a value, two values side by side, or a difference line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import difference, same, visible

SMALL = 120  # characters: longer or multi-line values become a difference
DIFFERENCE_LINES = 300  # of one setting; the JSON report has the rest
DIFFERENCE_CHARACTERS = 12_000
ALL_CHARACTERS = 4_000_000  # of all differences of a report; past that a difference shows only its beginning
BEGINNING = 400  # characters

_CAPTIONS = {"drifted": ("Is", "Should be"), "changed": ("Was", "Is now"), "accepted": ("Is", "Without the accepted risk")}
_KINDS = {"-": "gone", "+": "come", "@": "left-out", "\\": "note"}
_END_BLANKS = re.compile(r"([ \t]+)$")


@dataclass(frozen=True)
class Line:
    """One line of a difference. kind: same, gone, come, left-out or note; blanks: how many blanks stand at the end, unseen."""

    kind: str
    text: str
    blanks: int = 0


@dataclass(frozen=True)
class Value:
    """text as it is shown; a word (not there, not known, empty) is no value and is shown otherwise."""

    text: str
    word: bool = False


@dataclass(frozen=True)
class Setting:
    """shape: nothing, unknown (it differs, the values are not recorded), one, two or lines."""

    name: str
    state: str
    reason: str
    shape: str
    captions: tuple[str, str] = ("", "")
    values: tuple[Value, Value] = (Value(""), Value(""))
    lines: list[Line] = field(default_factory=list)
    cut: int = 0


@dataclass
class Budget:
    """Characters that all differences of one report may still take."""

    left: int = ALL_CHARACTERS


def _compact(value: Any) -> str:
    return visible(value) if isinstance(value, str) else visible(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


def _value(value: Any, state: str) -> Value:
    if value is None:
        # What failed or was not examined has no known side; elsewhere null says that the thing is not there.
        return Value("not known" if state in ("failed", "not_examined") else "not there", word=True)
    if value in ("", [], {}):
        return Value("empty text" if value == "" else "empty list" if value == [] else "empty mapping", word=True)
    text = _compact(value)
    return Value(json.dumps(text, ensure_ascii=False) if isinstance(value, str) and text != text.strip() else text)


def _is_small(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= SMALL and "\n" not in value
    return value is None or len(_compact(value)) <= SMALL


def _line(text: str) -> Line:
    kind = _KINDS.get(text[:1], "same")
    blanks = _END_BLANKS.search(text[1:]) if kind in ("gone", "come") else None
    return Line(kind, text, len(blanks[1]) if blanks else 0)


def _lines(before: Any, after: Any, budget: Budget) -> tuple[list[Line], int]:
    """The difference as far as there is room, and how many lines of it are not shown whole."""
    found = difference(before, after)
    room = min(DIFFERENCE_CHARACTERS, budget.left if budget.left > BEGINNING else BEGINNING)
    shown: list[Line] = []
    for number, text in enumerate(found):
        if number == DIFFERENCE_LINES or room <= 0:
            return shown, len(found) - number
        shown.append(_line(text[:room]))
        budget.left -= min(len(text), room)
        room -= len(text)
        if room < 0:
            return shown, len(found) - number
    return shown, 0


def shown(entry: Mapping[str, Any], budget: Budget) -> Setting:
    """A setting of the JSON report as the page shows it."""
    name, state, reason, before, after = (entry[key] for key in ("setting", "state", "reason", "before", "after"))
    captions = _CAPTIONS.get(state, ("Before", "After"))
    if before is None and after is None:
        return Setting(name, state, reason, "unknown" if state in ("drifted", "changed", "accepted") else "nothing")
    if same(before, after) and not _is_small(before):
        return Setting(name, state, reason, "one", ("Is", ""), (_beginning(before), Value("")))
    left, right = _value(before, state), _value(after, state)
    if same(before, after):
        return Setting(name, state, reason, "one", ("Is", ""), (left, right))
    if _is_small(before) and _is_small(after):
        if left == right:
            # The text "true" and the truth value look alike; quotes tell them apart.
            left, right = (Value(visible(json.dumps(value, ensure_ascii=False))) for value in (before, after))
        return Setting(name, state, reason, "two", captions, (left, right))
    lines, cut = _lines(before, after, budget)
    sides = tuple(Value(_value(side, state).text, word=True) if side is None else Value("") for side in (before, after))
    return Setting(name, state, reason, "lines", captions, (sides[0], sides[1]), lines, cut)


def _beginning(value: Any) -> Value:
    text = _compact(value)
    return Value(f"{text[:SMALL]}... ({len(text) - SMALL} more characters)" if len(text) > SMALL else text)


def brief(entry: Mapping[str, Any]) -> Value:
    """The value of a setting that is as wanted, on one line: after, else before; no text where neither is known."""
    value = entry["after"] if entry["after"] is not None else entry["before"]
    if value is None:
        return Value("")
    return _value(value, entry["state"]) if _is_small(value) else _beginning(value)
