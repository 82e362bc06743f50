# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after of a setting as lines of a unified diff: the same lines in every format of the report."""

from __future__ import annotations

import difflib
import json
import re
from typing import Any

# What a reader cannot see, or what would steer a terminal or turn the direction of writing: shown as an escape instead. The tab stays.
_INVISIBLE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
# Stands among the lines while they are compared; no line of a value can hold this character.
_UNENDED = "\x00"
_UNENDED_SHOWN = "\\ No newline at the end"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    short = {0x0A: "\\n", 0x0D: "\\r"}.get(code)
    return short or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def visible(text: str) -> str:
    """One line of text with invisible and steering characters as escapes: a carriage return reads \\r, a lone surrogate \\ud800."""
    return _INVISIBLE.sub(_escape, text)


def value_lines(value: Any) -> list[str]:
    """A value as lines a person can read: none for null, the text itself, JSON for everything else; an empty text is two quotes."""
    if value is None:
        return []
    if isinstance(value, str):
        ended = value.removesuffix("\n")
        return [visible(line) for line in ended.split("\n")] if ended else ['""' if not value else ""]
    return _json_lines(value)


def _json_lines(value: Any) -> list[str]:
    return [visible(line) for line in json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, default=str).split("\n")]


def _unended(value: Any, other: Any) -> list[str]:
    """What says that a text has no newline at its end where the other one has it, as every diff tool does."""
    ends = [isinstance(text, str) and text.endswith("\n") for text in (value, other)]
    return [_UNENDED] if isinstance(value, str) and value and ends == [False, True] else []


def same(before: Any, after: Any) -> bool:
    """Equal as JSON writes them: true is not 1, in a list neither, and neither is the text of it."""
    if type(before) is not type(after) or before != after:
        return False
    return isinstance(before, str) or _json_lines(before) == _json_lines(after)


def difference(before: Any, after: Any, context: int = 3) -> list[str]:
    """Lines that start with a blank, '-', '+' or a backslash, and '@@ ... @@' where lines are left out; for any JSON value.

    null is a value that is not there: only '+' or only '-' lines. Where there is nothing to compare, the list is empty and
    no_difference() says why.
    """
    if same(before, after):
        return []
    old, new = value_lines(before), value_lines(after)
    if old == new and not _unended(before, after) and not _unended(after, before):
        # The text "true" is not the truth value; with its quotes it can be told apart.
        old, new = _json_lines(before), _json_lines(after)
    marked = [*old, *_unended(before, after)], [*new, *_unended(after, before)]
    lines = list(difflib.unified_diff(*marked, n=context, lineterm=""))[2:]
    whole = sum(1 for line in lines if line[:1] in " -") == len(marked[0]) and sum(1 for line in lines if line[:1] in " +") == len(marked[1])
    shown = [line for line in lines if not line.startswith("@@")] if whole else lines
    return [_UNENDED_SHOWN if line[1:] == _UNENDED else line for line in shown]


def no_difference(before: Any, after: Any) -> str:
    """Why difference() is empty, as a sentence without a full stop."""
    if before is None and after is None:
        return "the module gave no values"
    return "the value is the same before and after"
