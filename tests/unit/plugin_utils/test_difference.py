# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before and after as lines of a diff."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import difference, no_difference, value_lines, visible


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("0644", "0600", ["-0644", "+0600"]),
        (False, True, ["-false", "+true"]),
        (None, "x", ["+x"]),
        ("x", None, ["-x"]),
        (None, "", ['+""']),
        ("", None, ['-""']),
        ("a\nb\n", "a\nc\n", [" a", "-b", "+c"]),
        ("a\n", "a", [" a", "\\ No newline at the end"]),
        ("a\n", "a\r\n", ["-a", "+a\\r"]),
        ("true", True, ['-"true"', "+true"]),
        ("1", 1, ['-"1"', "+1"]),
        (True, 1, ["-true", "+1"]),
        (["x"], ["x", "y"], [" [", '-  "x"', '+  "x",', '+  "y"', " ]"]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [" {", '   "a": 1,', '-  "b": 2', '+  "b": 3', " }"]),
        # What looks like a line of a diff is only text.
        ("-a", "@@ b", ["--a", "+@@ b"]),
        ("\\ No newline at the end\n", "x\n", ["-\\ No newline at the end", "+x"]),
    ],
)
def test_lines(before: Any, after: Any, lines: list[str]) -> None:
    assert difference(before, after) == lines


@pytest.mark.parametrize("value", [None, "x", "", 0, [], {"a": 1}])
def test_equal_values_have_no_lines_and_it_is_said_why(value: Any) -> None:
    assert difference(value, value) == []
    assert no_difference(value, value) == ("the module gave no values" if value is None else "the value is the same before and after")


def test_what_is_left_out_of_a_long_text_is_marked() -> None:
    before = "".join(f"{number}\n" for number in range(50))
    assert difference(before, before.replace("25\n", "x\n")) == ["@@ -23,7 +23,7 @@", " 22", " 23", " 24", "-25", "+x", " 26", " 27", " 28"]


def test_what_cannot_be_seen_is_shown() -> None:
    assert visible("a\tb") == "a\tb"
    assert visible("\x1b[31m\x00\r\x85\u202e\u2028\ud800\ufeff") == "\\x1b[31m\\x00\\r\\x85\\u202e\\u2028\\ud800\\ufeff"
    assert value_lines("a\x0cb\nc\u2028d") == ["a\\x0cb", "c\\u2028d"]


def test_texts_without_any_likeness_take_no_time() -> None:
    begin = time.monotonic()
    assert len(difference("a\nb\n" * 5000, "b\nc\n" * 5000)) > 5000
    assert time.monotonic() - begin < 2
