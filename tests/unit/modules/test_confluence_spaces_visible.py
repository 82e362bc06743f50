# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_spaces_visible: who sees what, personal and archived spaces included, and who lost what."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_spaces_visible


@pytest.fixture
def look(run_wiki: Any, whoami: Any, space_page: Any) -> Any:
    def run(**options: Any) -> dict[str, Any]:
        calls = [
            space_page("WEB", "DOCS"),
            space_page("~ann", kind="personal"),
            space_page("OLD", status="archived"),
            space_page(kind="personal", status="archived"),
        ]
        result: dict[str, Any] = run_wiki(confluence_spaces_visible, [whoami, *calls], **options)
        return result

    return run


def test_keys_are_sorted_and_nothing_is_judged_unasked(look: Any) -> None:
    result = look(check=True)
    assert (result["user"], result["spaces"], result["settings"]) == ("automation", ["DOCS", "OLD", "WEB", "~ann"], [])
    assert not result["changed"] and not result["failed"]


def test_all_still_there(look: Any) -> None:
    assert look(expected=["WEB", "OLD"])["settings"] == [
        {"setting": "spaces visible to automation", "before": ["OLD", "WEB"], "after": ["OLD", "WEB"], "state": "compliant", "reason": ""}
    ]


def test_a_lost_space_is_named_with_its_user(look: Any) -> None:
    result = look(expected=["OPS", "WEB", "HR"])
    assert result["failed"]
    [row] = result["settings"]
    assert (row["before"], row["after"], row["state"]) == (["HR", "OPS", "WEB"], ["WEB"], "failed")
    assert "automation no longer sees HR, OPS" in row["reason"]
    assert result["spaces"] == ["DOCS", "OLD", "WEB", "~ann"]


def test_who_saw_nothing_before_proves_nothing(look: Any) -> None:
    [row] = look(expected=[])["settings"]
    assert row["state"] == "not_examined"
    assert "saw none of the spaces before" in row["reason"]


@pytest.mark.parametrize("body", [{}, [{"key": "A"}], {"results": [{"name": "x"}]}, {"results": ["x"]}])
def test_another_shape_is_no_empty_list(run_wiki: Any, call: Any, whoami: Any, space_page: Any, body: Any) -> None:
    result = run_wiki(confluence_spaces_visible, [whoami, call("GET", space_page().path, json=body)], expected=["WEB"])
    assert result["failed"] and "list of spaces" in result["msg"]
    assert result["settings"] == []


@pytest.mark.parametrize(("answer", "words"), [({"status": 403}, "no right"), ({"text": "<html>Portal</html>"}, "HTML")])
def test_a_list_that_cannot_be_read_is_an_error(run_wiki: Any, call: Any, whoami: Any, space_page: Any, answer: dict[str, Any], words: str) -> None:
    result = run_wiki(confluence_spaces_visible, [whoami, call("GET", space_page().path, **answer)], expected=[])
    assert result["failed"] and words in result["msg"]
