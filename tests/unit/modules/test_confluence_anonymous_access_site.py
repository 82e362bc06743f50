# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access with scope site, by REST: the permission and the stranger must agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access

USE, PROFILES = "application use", "user read"
ROW = "anonymous: use Confluence"
CURRENT, ANONYMOUS, SPACES = "/rest/api/user/current", "/rest/api/user/anonymous", "/rest/api/space"
LOGIN = {"status": 302, "headers": {"Location": "https://wiki.example.com/login.action?os_destination=%2F"}}


@pytest.fixture
def run_site(run_wiki: Any, tmp_path: Path) -> Any:
    """The restore file is tmp_path/restore.json."""

    def run(calls: list[Any], **options: Any) -> dict[str, Any]:
        given = {"scope": "site", "restore_path": str(tmp_path / "restore.json"), **options}
        result: dict[str, Any] = run_wiki(confluence_anonymous_access, calls, **given)
        return result

    return run


@pytest.fixture
def unlisted(call: Any) -> Any:
    """A version before 9.2.5."""
    return call("GET", "/rest/api/permissions/anonymous", 404, text="<html>")


def rows(result: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {row["setting"].removeprefix("stranger: "): (row["before"], row["after"], row["state"]) for row in result["settings"]}


def reason(result: dict[str, Any], setting: str) -> str:
    return str(next(row["reason"] for row in result["settings"] if row["setting"].endswith(setting)))


def test_an_open_site_is_closed_and_proved(
    run_site: Any, tmp_path: Path, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any
) -> None:
    calls = [whoami, held(USE, PROFILES), *probes(True), can_write(), put_global("anonymous/revoke", USE), held(), *probes()]
    result = run_site(calls)
    assert rows(result) == {
        ROW: (True, False, "changed"),
        CURRENT: ("open", "closed", "changed"),
        ANONYMOUS: ("open", "closed", "changed"),
        SPACES: ("open", "closed", "changed"),
    }
    assert result["changed"] and not result["failed"]
    assert result["diff"]["before"] == {ROW: True, **{f"stranger: {path}": "open" for path in (CURRENT, ANONYMOUS, SPACES)}}
    assert result["diff"]["after"] == {ROW: False, **{f"stranger: {path}": "closed" for path in (CURRENT, ANONYMOUS, SPACES)}}
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    # Revoking use drops whatever else anonymous holds.
    assert [entry["operation"]["operationKey"] for entry in run["removed"]] == ["use", "read"]
    assert {entry["subject"] for entry in run["removed"]} == {"anonymous"}
    assert (run["scope"], run["added"], run["finished"], run["url"]) == ("site", [], True, "https://wiki.example.com")
    assert result["restore_path"] == str(tmp_path / "restore.json")


def test_check_mode_predicts_it_and_touches_nothing(run_site: Any, tmp_path: Path, whoami: Any, held: Any, probes: Any, can_write: Any) -> None:
    result = run_site([whoami, held(USE), *probes(True), can_write()], check=True)
    assert rows(result)[ROW] == (True, False, "drifted")
    assert rows(result)[CURRENT] == ("open", "closed", "drifted")
    assert result["changed"] and not result["failed"] and "restore_path" not in result
    assert list(tmp_path.iterdir()) == []


def test_a_closed_site_is_left_alone(run_site: Any, tmp_path: Path, whoami: Any, held: Any, probes: Any) -> None:
    result = run_site([whoami, held(), *probes(space=LOGIN)])
    assert {row["state"] for row in result["settings"]} == {"compliant"}
    assert not result["changed"] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("check", [True, False])
def test_revoked_and_still_readable_is_failed_in_both_modes(run_site: Any, whoami: Any, held: Any, probes: Any, check: bool) -> None:
    result = run_site([whoami, held(), *probes(space={"json": {"results": [{"key": "A"}]}})], check=check)
    assert result["failed"] and not result["changed"]
    assert rows(result)[SPACES] == ("open", "open", "failed")
    assert "cache" in reason(result, SPACES)


def test_a_revocation_that_does_not_close_the_site_is_failed(
    run_site: Any, tmp_path: Path, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any
) -> None:
    calls = [whoami, held(USE), *probes(True), can_write(), put_global("anonymous/revoke", USE), held(), *probes(True)]
    result = run_site(calls)
    assert rows(result)[ROW] == (True, False, "changed") and rows(result)[SPACES] == ("open", "open", "failed")
    assert result["failed"] and result["changed"]
    assert json.loads((tmp_path / "restore.json").read_text())["runs"][0]["finished"] is False


def test_a_refused_revocation_is_failed(run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any) -> None:
    calls = [whoami, held(USE), *probes(True), can_write(), put_global("anonymous/revoke", USE, 403), held(USE), *probes(True), can_write()]
    result = run_site(calls)
    assert rows(result)[ROW] == (True, True, "failed") and "no right" in reason(result, ROW)
    assert result["failed"] and not result["changed"]


def test_no_restore_file_no_write(run_site: Any, tmp_path: Path, whoami: Any, held: Any, probes: Any, can_write: Any) -> None:
    (tmp_path / "restore.json").write_text("mine")
    result = run_site([whoami, held(USE), *probes(True), can_write()])
    assert result["failed"] and "restore_path" in result["msg"]


def test_a_version_that_reads_and_does_not_write_is_drifted(run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any) -> None:
    result = run_site([whoami, held(USE), *probes(True), can_write(False)])
    assert rows(result)[ROW] == (True, True, "drifted") and rows(result)[CURRENT] == ("open", "open", "drifted")
    assert "does not change it by REST" in reason(result, ROW)
    assert "needs username and password" in reason(result, ROW) and "allow_forms is not set" in reason(result, ROW)
    assert not result["changed"] and not result["failed"]


def test_where_nothing_lists_it_a_refused_stranger_proves_it(run_site: Any, whoami: Any, unlisted: Any, probes: Any) -> None:
    result = run_site([whoami, unlisted, *probes()])
    assert rows(result)[ROW] == (False, False, "compliant")
    assert "does not list the permission" in reason(result, ROW)


def test_where_nothing_lists_it_an_open_site_is_seen(run_site: Any, whoami: Any, unlisted: Any, probes: Any, can_write: Any) -> None:
    result = run_site([whoami, unlisted, *probes(True), can_write(False)])
    assert rows(result)[ROW] == (True, True, "drifted")


def test_a_log_in_page_proves_the_effect_and_not_the_permission(run_site: Any, whoami: Any, unlisted: Any, probes: Any) -> None:
    result = run_site([whoami, unlisted, *probes(current=LOGIN, anonymous={"status": 401}, space=LOGIN)])
    told = {path: ("closed", "closed", "compliant") for path in (CURRENT, ANONYMOUS, SPACES)}
    assert rows(result) == {ROW: (None, None, "not_examined"), **told}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 404}, "neither open nor closed"),
        ({"status": 500}, "neither open nor closed"),
        ({"status": 302, "headers": {"Location": "https://sso.example.com/"}}, "neither open nor closed"),
        ({"text": "<html>Welcome</html>"}, "HTML"),
        ({"json": ["x"]}, "another shape"),
        ({"json": {"type": "known", "username": "kiosk"}, "headers": {"X-AUSERNAME": "kiosk"}}, "answered as kiosk"),
    ],
)
def test_a_probe_that_says_nothing_is_not_examined(
    run_site: Any, whoami: Any, held: Any, unlisted: Any, probes: Any, answer: dict[str, Any], words: str
) -> None:
    result = run_site([whoami, held(), *probes(current=answer)])
    assert rows(result)[CURRENT] == (None, None, "not_examined") and words in reason(result, CURRENT)
    result = run_site([whoami, unlisted, *probes(current=answer, anonymous=answer, space=answer)])
    assert {row["state"] for row in result["settings"]} == {"not_examined"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 403, "json": {"statusCode": 403}}, "no right"),
        ({"status": 500}, "failed inside"),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"json": "x"}, "shape"),
        ({"json": [{"operation": {"targetType": "application"}}]}, "shape"),
        ({"json": [], "headers": {"X-AUSERNAME": "anonymous"}}, "as anonymous"),
    ],
)
def test_a_permission_that_cannot_be_read_is_an_error(run_site: Any, call: Any, whoami: Any, answer: dict[str, Any], words: str) -> None:
    result = run_site([whoami, call("GET", "/rest/api/permissions/anonymous", **answer)])
    assert result["failed"] and words in result["msg"]
    assert result["settings"] == []


def test_the_stranger_asks_where_people_type_as_well(run_site: Any, whoami: Any, held: Any, probes: Any) -> None:
    public = "https://www.example.com/wiki"
    result = run_site([whoami, held(), *probes(), *probes(True, base=public)], public_url=f"{public}/")
    assert result["failed"]
    assert rows(result)[f"stranger at public_url: {CURRENT}"] == ("open", "open", "failed")
    assert rows(result)[CURRENT] == ("closed", "closed", "compliant")


def test_a_write_of_unknown_outcome_is_read_again_before_it_is_repeated(
    run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    lost = put_global("anonymous/revoke", USE, 502)
    result = run_site([whoami, held(USE), *probes(True), can_write(), lost, held(), held(), *probes()])
    assert rows(result)[ROW] == (True, False, "changed")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"keep": [{"space": "A", "operation": "space read"}]}, "keep: means nothing with scope site"),
        ({"replace_with": "none"}, "replace_with: means nothing with scope site"),
        ({"replace_groups": ["staff"]}, "replace_groups: means nothing with scope site"),
        ({"progress_path": "/x"}, "progress_path: means nothing with scope site"),
        ({"scope": "unlicensed", "public_url": "https://www.example.com"}, "public_url: means nothing with scope unlicensed"),
        ({"scope": "spaces", "public_url": "https://www.example.com"}, "public_url: means nothing with scope spaces"),
        ({"scope": "spaces", "replace_groups": ["staff"]}, "replace_groups: means nothing without replace_with"),
        ({"scope": "spaces", "replace_groups": ["staff"], "replace_with": "none"}, "replace_groups: means nothing without replace_with"),
        ({"scope": "spaces", "keep": [{"space": "A", "operation": "space fly"}]}, "keep: 'space fly' is no operation"),
        ({"scope": "spaces", "keep": [{"space": "A", "operation": "application use"}]}, "keep: 'application use' is no operation"),
        ({"routes": []}, "routes: the list is empty"),
        ({"routes": ["soap"]}, "soap"),
        ({"scope": "attic"}, "attic"),
        ({"allow_forms": True}, "allow_forms: the forms need a log-in"),
    ],
)
def test_refused_before_anything_is_asked(run_site: Any, options: dict[str, Any], words: str) -> None:
    result = run_site([], **options)
    assert result["failed"] and words in result["msg"]


@pytest.mark.parametrize(
    "proxy",
    [
        {"status": 403, "text": "<html>403 Forbidden</html>", "headers": {"X-AUSERNAME": ""}},
        {"status": 302, "headers": {"Location": "https://sso.example.com/login"}},
    ],
    ids=["a proxy's 403", "single sign-on"],
)
def test_what_stands_before_the_product_does_not_speak_for_it(run_site: Any, whoami: Any, unlisted: Any, probes: Any, proxy: dict[str, Any]) -> None:
    result = run_site([whoami, unlisted, *probes(current=proxy, anonymous=proxy, space=proxy)], check=True)
    assert rows(result).get(ROW, (None, None, "not_examined"))[2] == "not_examined"


def test_a_refusal_where_people_type_does_not_speak_for_the_product(run_site: Any, whoami: Any, unlisted: Any, probes: Any) -> None:
    elsewhere = probes(base="https://www.example.com")
    result = run_site([whoami, unlisted, *probes(current=LOGIN, anonymous=LOGIN, space=LOGIN), *elsewhere], public_url="https://www.example.com", check=True)
    assert rows(result)[ROW] == (None, None, "not_examined")


def test_a_probe_that_breaks_after_the_write_is_said_to_be_unread(run_site: Any, whoami: Any, held: Any, probes: Any, can_write: Any, put_global: Any) -> None:
    calls = [whoami, held(USE), *probes(True), can_write(), put_global("anonymous/revoke", USE), held(), *probes(current={"status": 500})]
    assert "neither open nor closed" in reason(run_site(calls), CURRENT)
