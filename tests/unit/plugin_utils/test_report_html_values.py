# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One setting in the HTML report: what it was and shall be, side by side or as a difference."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_html_values as values
from browser.documents import setting


@pytest.mark.parametrize(
    ("state", "before", "after", "shape", "texts"),
    [
        ("drifted", None, "x", "two", ("not there", "x")),
        ("failed", None, "x", "two", ("not known", "x")),
        ("drifted", "x", None, "two", ("x", "not there")),
        ("drifted", "", "x", "two", ("empty text", "x")),
        ("drifted", [], ["a"], "two", ("empty list", '["a"]')),
        ("drifted", {}, {"b": 1, "a": None}, "two", ("empty mapping", '{"a": null, "b": 1}')),
        ("drifted", "true", True, "two", ('"true"', "true")),
        ("drifted", False, 0, "two", ("false", "0")),
        ("drifted", "x ", "x", "two", ('"x "', "x")),
        ("drifted", "same", "same", "one", ("same", "same")),
        ("drifted", [1], [True], "two", ("[1]", "[true]")),
        ("drifted", None, None, "unknown", ("", "")),
        ("changed", None, None, "unknown", ("", "")),
        ("not_examined", None, None, "nothing", ("", "")),
    ],
)
def test_small_values_stand_side_by_side(state: str, before: Any, after: Any, shape: str, texts: tuple[str, str]) -> None:
    shown = values.shown(setting("s", state, before, after), values.Budget())
    assert (shown.shape, tuple(value.text for value in shown.values)) == (shape, texts)


def test_long_texts_become_a_difference_that_tells_blanks_at_the_end() -> None:
    shown = values.shown(setting("s", "drifted", "a\nb \n", "a\nb\n"), values.Budget())
    assert [(line.kind, line.text, line.blanks) for line in shown.lines] == [("same", " a", 0), ("gone", "-b ", 1), ("come", "+b", 0)]


def test_a_missing_side_of_a_difference_is_named() -> None:
    shown = values.shown(setting("s", "drifted", None, "a\nb\n"), values.Budget())
    assert shown.values[0].text == "not there" and [line.kind for line in shown.lines] == ["come", "come"]


def test_many_differences_share_a_budget_and_say_what_was_cut() -> None:
    budget = values.Budget(left=1_000)
    first, second = (values.shown(setting("s", "drifted", None, "\n".join(["x" * 99] * 20)), budget) for _number in range(2))
    assert (len(first.lines), first.cut) == (10, 10) and (len(second.lines), second.cut) == (4, 16)
