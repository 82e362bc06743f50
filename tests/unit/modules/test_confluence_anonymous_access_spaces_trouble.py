# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access with scope spaces, by REST: grants that are kept, spaces that are broken, versions without the interface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

READ, COMMENT = "space read", "comment create"
ANYBODY = (READ, "anonymous")
REST = "spaces without a grant to anonymous"
GONE = {"status": 404, "json": {"statusCode": 404, "message": "No space with key : A"}}


@pytest.fixture
def start(whoami: Any, metrics: Any, space_page: Any) -> Any:
    return lambda *keys: [whoami, metrics(len(keys)), space_page(*keys)]


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


@pytest.fixture
def two_open(start: Any, of_anonymous: Any, of_all: Any, no_more: Any) -> list[Any]:
    """Spaces A and B; anonymous may read both, and comment in A."""
    first, second = of_anonymous("A", READ, COMMENT), of_anonymous("B", READ)
    return [*start("A", "B"), first, first, *of_all("A", ANYBODY, (COMMENT, "anonymous")), second, *of_all("B", ANYBODY), *no_more]


def test_kept_grants_stay_and_say_so(run_spaces: Any, two_open: Any) -> None:
    keep = [{"space": "A", "operation": READ}, {"space": " A ", "operation": " comment  create"}, {"space": "B", "operation": READ}]
    result = run_spaces(two_open, keep=keep, replace_with="none")
    assert rows(result) == [
        ("A: comment create", ["anonymous"], ["anonymous"], "compliant"),
        ("A: space read", ["anonymous"], ["anonymous"], "compliant"),
        ("B: space read", ["anonymous"], ["anonymous"], "compliant"),
    ]
    assert {row["reason"] for row in result["settings"]} == {"Granted to anonymous and listed in keep."}


def test_keep_covers_one_operation_of_one_space(run_spaces: Any, two_open: Any) -> None:
    result = run_spaces(two_open, keep=[{"space": "A", "operation": READ}], replace_with="none", check=True)
    assert [(row["setting"], row["state"]) for row in result["settings"]] == [
        ("A: comment create", "drifted"),
        ("A: space read", "compliant"),
        ("B: space read", "drifted"),
    ]


@pytest.mark.parametrize("check", [True, False])
def test_a_misspelt_space_in_keep_stops_everything(run_spaces: Any, tmp_path: Path, two_open: Any, check: bool) -> None:
    result = run_spaces(two_open, keep=[{"space": "a", "operation": READ}], replace_with="none", check=check)
    assert result["failed"] and "there is no space 'a'" in result["msg"]
    assert not result["changed"] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 500}, "a missing right (Confluence answers 500 then"),
        ({"status": 403, "json": {"statusCode": 403}}, "no right"),
        (GONE, "gone since it was listed"),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"json": {"size": 0}}, "shape"),
        ({"json": [{"operation": None}]}, "shape"),
    ],
)
def test_a_broken_space_does_not_stop_the_others(
    run_spaces: Any, tmp_path: Path, start: Any, of_anonymous: Any, of_all: Any, no_more: Any, put: Any, answer: dict[str, Any], words: str
) -> None:
    broken = of_anonymous("A", **answer)
    calls = [
        *start("A", "B", "C"), broken, broken, of_anonymous("B", READ), *of_all("B", ANYBODY), of_anonymous("C"), *no_more,
        put("B/permissions/anonymous/revoke", READ), *of_all("B"),
    ]  # fmt: skip
    result = run_spaces(calls, replace_with="none")
    assert rows(result) == [("B: space read", ["anonymous"], [], "changed"), ("A", None, None, "failed"), (REST, 1, 1, "compliant")]
    assert words in result["settings"][1]["reason"]
    assert result["failed"] and result["changed"] and "1 of 3 settings failed, 1 changed" in result["msg"]
    assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["finished"] is False


def test_the_list_of_a_space_that_fails_makes_it_broken(run_spaces: Any, call: Any, start: Any, of_anonymous: Any, no_more: Any) -> None:
    asked = of_anonymous("A", READ)
    result = run_spaces([*start("A"), asked, asked, call("GET", "/rest/api/space/A/permissions", 500), *no_more], replace_with="none")
    assert rows(result) == [("A", None, None, "failed")]


def test_a_refused_removal_does_not_stop_the_others(run_spaces: Any, two_open: Any, put: Any, of_all: Any) -> None:
    calls = [
        *two_open, put("A/permissions/anonymous/revoke", COMMENT, 500), put("A/permissions/anonymous/revoke", READ),
        put("B/permissions/anonymous/revoke", READ), *of_all("A", (COMMENT, "anonymous")), *of_all("B"),
    ]  # fmt: skip
    result = run_spaces(calls, replace_with="none")
    assert rows(result) == [
        ("A: comment create", ["anonymous"], ["anonymous"], "failed"),
        ("A: space read", ["anonymous"], [], "changed"),
        ("B: space read", ["anonymous"], [], "changed"),
    ]
    assert "a missing right" in result["settings"][0]["reason"]
    assert result["failed"] and result["changed"]
    assert result["diff"]["before"] == {"A: space read": ["anonymous"], "B: space read": ["anonymous"]}


def test_what_cannot_be_read_again_is_not_called_changed(run_spaces: Any, call: Any, two_open: Any, put: Any, of_all: Any) -> None:
    writes = [
        put("A/permissions/anonymous/revoke", COMMENT),
        put("A/permissions/anonymous/revoke", READ),
        put("B/permissions/anonymous/revoke", READ),
    ]
    result = run_spaces([*two_open, *writes, call("GET", "/rest/api/space/A/permissions", 403), *of_all("B")], replace_with="none")
    assert [(row["setting"], row["after"], row["state"]) for row in result["settings"]] == [
        ("A: comment create", None, "failed"),
        ("A: space read", None, "failed"),
        ("B: space read", [], "changed"),
    ]
    assert "its state is unknown" in result["settings"][0]["reason"]


def test_a_removal_that_did_not_happen_is_failed(run_spaces: Any, two_open: Any, put: Any, of_all: Any) -> None:
    keep = [{"space": "A", "operation": READ}, {"space": "A", "operation": COMMENT}]
    result = run_spaces([*two_open, put("B/permissions/anonymous/revoke", READ), *of_all("B", ANYBODY)], keep=keep, replace_with="none")
    assert rows(result)[-1] == ("B: space read", ["anonymous"], ["anonymous"], "failed")


def test_no_restore_file_no_write(run_spaces: Any, tmp_path: Path, two_open: Any) -> None:
    (tmp_path / "restore.json").write_text("mine")
    result = run_spaces(two_open, replace_with="none")
    assert result["failed"] and "restore_path" in result["msg"] and not result["changed"]


@pytest.mark.parametrize("answer", [{"text": "<html>Oops</html>"}, {"json": {"message": "null for uri: /rest", "status-code": 404}}, {}])
def test_a_version_without_the_interface_is_not_examined(run_spaces: Any, start: Any, of_anonymous: Any, answer: dict[str, Any]) -> None:
    result = run_spaces([*start("A", "B"), of_anonymous("A", status=404, **answer)])
    assert rows(result) == [("spaces", None, None, "not_examined")]
    reason = result["settings"][0]["reason"]
    assert "this version has no REST for it" in reason and "needs username and password" in reason and "allow_forms is not set" in reason


def test_a_space_that_is_gone_says_nothing_of_the_version(run_spaces: Any, start: Any, of_anonymous: Any, no_more: Any) -> None:
    result = run_spaces([*start("A", "B"), of_anonymous("A", **GONE), of_anonymous("A", **GONE), of_anonymous("B"), *no_more])
    assert rows(result) == [("A", None, None, "failed"), (REST, 1, 1, "compliant")]


def test_an_account_that_sees_no_space_has_examined_nothing(run_spaces: Any, start: Any, no_more: Any) -> None:
    result = run_spaces([*start(), *no_more])
    assert rows(result) == [("spaces", None, None, "not_examined")]
    assert "sees no space at all" in result["settings"][0]["reason"]


def test_an_ignored_token_is_no_empty_list(run_spaces: Any, start: Any, of_anonymous: Any) -> None:
    """After an answer as anonymous nothing more is sent."""
    result = run_spaces([*start("A"), of_anonymous("A", json=[], headers={"X-AUSERNAME": "anonymous"})])
    assert result["failed"] and "as anonymous" in result["msg"]
    assert result["settings"] == []


def test_a_list_of_spaces_that_cannot_be_read_is_an_error(run_spaces: Any, call: Any, whoami: Any, metrics: Any, space_page: Any) -> None:
    result = run_spaces([whoami, metrics(), call("GET", space_page().path, text="<html>Portal</html>")])
    assert result["failed"] and "HTML" in result["msg"]


def test_many_broken_spaces_are_counted(run_spaces: Any, start: Any, of_anonymous: Any, no_more: Any) -> None:
    keys = [f"S{number:03}" for number in range(103)]
    result = run_spaces([*start(*keys), of_anonymous("S000", status=500), *(of_anonymous(key, status=500) for key in keys), *no_more])
    assert len(result["settings"]) == 101
    assert result["settings"][-1]["setting"] == "further spaces"
    assert "3 more spaces could not be examined" in result["settings"][-1]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "GET {} answered 404."),
        ({"status": 403}, "GET {} answered 403."),
        ({"status": 500}, "GET {} answered 500."),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"json": {}}, "GET {} answered 200."),
        ({"error": AtlassianError("the connection broke")}, "the connection broke"),
        ({"json": {"spaces": 0}}, "It counts 0 and lists 1."),
    ],
)
def test_where_spaces_are_not_counted_those_not_seen_are_not_examined(
    run_spaces: Any, call: Any, whoami: Any, space_page: Any, of_anonymous: Any, no_more: Any, answer: dict[str, Any], words: str
) -> None:
    """Broken or missing, the count stops nothing, and says nothing of spaces that are hidden."""
    path = "/rest/api/instance-metrics"
    result = run_spaces([whoami, call("GET", path, **answer), space_page("A"), of_anonymous("A"), of_anonymous("A"), *no_more])
    assert rows(result) == [(REST, 1, 1, "compliant"), ("spaces this account does not see", None, None, "not_examined")]
    reason = result["settings"][1]["reason"]
    assert "does not count" in reason and words.format(f"https://wiki.example.com{path}") in reason
    assert not result["failed"]
