# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access with scopes user_profiles and unlicensed, by REST."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

USE, PROFILES, UNLICENSED = "application use", "user read", "application use_unlicensed"
ROW, PROBE = "anonymous: view user profiles", "/rest/api/user"
LICENCE_ROWS = ("unlicensed: use Confluence", "unlicensed: view user profiles")


@pytest.fixture
def run_scope(run_wiki: Any, tmp_path: Path) -> Any:
    def run(scope: str, calls: list[Any], **options: Any) -> dict[str, Any]:
        given = {"scope": scope, "restore_path": str(tmp_path / "restore.json"), **options}
        result: dict[str, Any] = run_wiki(confluence_anonymous_access, calls, **given)
        return result

    return run


def rows(result: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {row["setting"].removeprefix("stranger: "): (row["before"], row["after"], row["state"]) for row in result["settings"]}


def removed(tmp_path: Path) -> list[tuple[str, dict[str, str]]]:
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert run["finished"] is True
    return [(entry["subject"], entry["operation"]) for entry in run["removed"]]


@pytest.mark.parametrize("spelt", ["user read", "read user"])
def test_profiles_are_closed_by_echoing_what_was_read(
    run_scope: Any, tmp_path: Path, whoami: Any, held: Any, profile: Any, can_write: Any, put_global: Any, spelt: str
) -> None:
    calls = [whoami, held(USE, spelt), profile(True), can_write(), put_global("anonymous/revoke", spelt), held(USE), profile()]
    result = run_scope("user_profiles", calls)
    assert rows(result) == {ROW: (True, False, "changed"), PROBE: ("open", "closed", "changed")}
    target, key = spelt.split()
    assert removed(tmp_path) == [("anonymous", {"targetType": target, "operationKey": key})]


def test_check_mode_predicts_closed_profiles(run_scope: Any, tmp_path: Path, whoami: Any, held: Any, profile: Any, can_write: Any) -> None:
    result = run_scope("user_profiles", [whoami, held(USE, PROFILES), profile(True), can_write()], check=True)
    assert rows(result) == {ROW: (True, False, "drifted"), PROBE: ("open", "closed", "drifted")}
    assert result["changed"] and list(tmp_path.iterdir()) == []


def test_closed_profiles_are_left_alone(run_scope: Any, whoami: Any, held: Any, profile: Any) -> None:
    result = run_scope("user_profiles", [whoami, held(USE), profile()])
    assert rows(result) == {ROW: (False, False, "compliant"), PROBE: ("closed", "closed", "compliant")}


def test_a_refused_stranger_does_not_prove_that_the_permission_is_gone(run_scope: Any, call: Any, whoami: Any, profile: Any) -> None:
    """The whole site may be closed to strangers."""
    result = run_scope("user_profiles", [whoami, call("GET", "/rest/api/permissions/anonymous", 404), profile()])
    assert rows(result) == {PROBE: ("closed", "closed", "compliant")}


def test_a_refusal_that_names_the_product_speaks_for_it_without_the_header(run_scope: Any, call: Any, whoami: Any, profile: Any) -> None:
    refused = profile(status=403, json={"statusCode": 403, "message": "Not permitted"}, headers={"X-AUSERNAME": ""})
    result = run_scope("user_profiles", [whoami, call("GET", "/rest/api/permissions/anonymous", 404), refused])
    assert rows(result) == {PROBE: ("closed", "closed", "compliant")}


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 302, "headers": {"Location": "https://wiki.example.com/login.action?os_destination=x"}},
        {"status": 401},
        {"status": 403, "text": "<html>403 Forbidden</html>", "headers": {"X-AUSERNAME": ""}},
        {"status": 403, "json": {"error": "forbidden"}, "headers": {"X-AUSERNAME": ""}},
    ],
    ids=["log-in page", "401", "a proxy's page", "a proxy's JSON"],
)
def test_profiles_refused_by_somebody_else_are_closed_and_their_permission_is_not_known(
    run_scope: Any, call: Any, whoami: Any, profile: Any, answer: dict[str, Any]
) -> None:
    """What stands before the product may let others through, so the permission itself is not examined."""
    result = run_scope("user_profiles", [whoami, call("GET", "/rest/api/permissions/anonymous", 404), profile(**answer)])
    assert rows(result) == {ROW: (None, None, "not_examined"), PROBE: ("closed", "closed", "compliant")}
    assert not result["failed"]


def test_profiles_that_nobody_tells_of_are_not_examined(run_scope: Any, call: Any, whoami: Any, profile: Any) -> None:
    result = run_scope("user_profiles", [whoami, call("GET", "/rest/api/permissions/anonymous", 404), profile(status=404)])
    assert rows(result) == {ROW: (None, None, "not_examined"), PROBE: (None, None, "not_examined")}


def test_unlicensed_people_lose_both_permissions(run_scope: Any, tmp_path: Path, whoami: Any, held: Any, can_write: Any, put_global: Any) -> None:
    calls = [
        whoami, held(UNLICENSED, "read user", by="unlicensed"), can_write(by="unlicensed"), can_write(by="unlicensed"),
        put_global("unlicensed/revoke", UNLICENSED), put_global("unlicensed/revoke", "read user"), held(by="unlicensed"),
    ]  # fmt: skip
    result = run_scope("unlicensed", calls)
    assert rows(result) == {row: (True, False, "changed") for row in LICENCE_ROWS}
    assert [operation["operationKey"] for subject, operation in removed(tmp_path)] == ["use_unlicensed", "user"]
    assert {subject for subject, operation in removed(tmp_path)} == {"unlicensed"}


def test_check_mode_predicts_what_unlicensed_people_lose(run_scope: Any, tmp_path: Path, whoami: Any, held: Any, can_write: Any) -> None:
    result = run_scope("unlicensed", [whoami, held(UNLICENSED, by="unlicensed"), can_write(by="unlicensed")], check=True)
    assert rows(result) == {LICENCE_ROWS[0]: (True, False, "drifted"), LICENCE_ROWS[1]: (False, False, "compliant")}
    assert list(tmp_path.iterdir()) == []


def test_nothing_for_unlicensed_people_is_left_alone(run_scope: Any, whoami: Any, held: Any) -> None:
    result = run_scope("unlicensed", [whoami, held(by="unlicensed")])
    assert rows(result) == {row: (False, False, "compliant") for row in LICENCE_ROWS}
    assert not result["changed"]


def test_unlicensed_people_are_not_examined_before_rest_knows_them(run_scope: Any, call: Any, whoami: Any) -> None:
    result = run_scope("unlicensed", [whoami, call("GET", "/rest/api/permissions/unlicensed", 404)])
    assert rows(result) == {row: (None, None, "not_examined") for row in LICENCE_ROWS}
    assert "9.2.5" in result["settings"][0]["reason"]


def test_one_of_two_refused_is_failed_and_the_run_stays_unfinished(
    run_scope: Any, tmp_path: Path, whoami: Any, held: Any, can_write: Any, put_global: Any
) -> None:
    asked = can_write(by="unlicensed")
    calls = [
        whoami, held(UNLICENSED, PROFILES, by="unlicensed"), asked, asked,
        put_global("unlicensed/revoke", UNLICENSED, 400), put_global("unlicensed/revoke", PROFILES), held(UNLICENSED, by="unlicensed"), asked,
    ]  # fmt: skip
    result = run_scope("unlicensed", calls)
    assert rows(result) == {LICENCE_ROWS[0]: (True, True, "failed"), LICENCE_ROWS[1]: (True, False, "changed")}
    assert result["failed"] and result["changed"]
    assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["finished"] is False


def test_what_was_done_is_told_where_comparing_again_breaks(run_scope: Any, call: Any, whoami: Any, held: Any, can_write: Any, put_global: Any) -> None:
    unlicensed, profiles = "application use_unlicensed", "user read"
    asked = can_write(by="unlicensed")
    broken = call("GET", "/rest/api/permissions/unlicensed/revoke", error=AtlassianError("the connection broke"))
    calls = [
        whoami, held(unlicensed, profiles, by="unlicensed"), asked, asked, put_global("unlicensed/revoke", unlicensed, 400),
        put_global("unlicensed/revoke", profiles), held(unlicensed, by="unlicensed"), broken,
    ]  # fmt: skip
    result = run_scope("unlicensed", calls)
    assert result["failed"] and result["changed"] and rows(result)["unlicensed: view user profiles"][2] == "changed"
