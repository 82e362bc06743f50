# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_settings by REST: what it exposes, in the type the server declares; the restore file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.modules import jira_settings

SHARING, MAX, MODE = "jira.option.globalsharing", "jira.search.views.default.max", "jira.mode"
ATTEMPTS = "jira.maximum.authentication.attempts.allowed"
ON, OFF = (SHARING, "true", "boolean"), (SHARING, "false", "boolean")
PAGE = "/secure/admin/EditApplicationProperties!default.jspa"


@pytest.fixture
def by_rest(run_jira: Any) -> Any:
    return lambda calls, settings, **options: run_jira(jira_settings, calls, browser=False, settings=settings, **options)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_what_differs_is_put_and_read_again(by_rest: Any, myself: Any, properties: Any, put_property: Any) -> None:
    result = by_rest([myself, properties(ON), put_property(SHARING, "false"), properties(OFF)], {SHARING: False})
    assert rows(result) == [(SHARING, True, False, "changed")]
    assert result["diff"] == {"before": {SHARING: True}, "after": {SHARING: False}}
    assert result["changed"] and not result["failed"] and "restore_path" not in result


def test_check_mode_predicts_and_touches_nothing(by_rest: Any, tmp_path: Path, myself: Any, properties: Any) -> None:
    result = by_rest([myself, properties(ON)], {SHARING: False}, check=True, restore_path=str(tmp_path / "restore.json"))
    assert rows(result) == [(SHARING, True, False, "drifted")]
    assert result["diff"] == {"before": {SHARING: True}, "after": {SHARING: False}}
    assert result["changed"] and "restore_path" not in result and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "wanted", "before"),
    [
        (OFF, False, False),
        (OFF, "no", False),
        (ON, "Yes", True),
        ((SHARING, "true", "", ["true", "false"]), True, True),
        ((MAX, "1000", "number"), "1000", 1000),
        ((MAX, "1000", "uint"), 1000, 1000),
        ((MAX, "-1", "number"), -1, -1),
        (("jira.title", "Jira", "string"), "Jira", "Jira"),
        (("jira.title", None, "string"), "", ""),
        (("jira.x", "b", "enum", ["a", "b"]), "b", "b"),
    ],
)
def test_as_wanted_is_left_alone(by_rest: Any, tmp_path: Path, myself: Any, properties: Any, found: Any, wanted: Any, before: Any) -> None:
    result = by_rest([myself, properties(found)], {found[0]: wanted}, restore_path=str(tmp_path / "restore.json"))
    assert rows(result) == [(found[0], before, before, "compliant")]
    assert not result["changed"] and "restore_path" not in result and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "wanted", "sent", "before", "after"),
    [
        (ON, "off", "false", True, False),
        (OFF, 1, "true", False, True),
        ((SHARING, "true", "enum", ["true", "false"]), False, "false", True, False),
        ((MAX, "5000", "number"), "1000", "1000", 5000, 1000),
        ((MAX, "", "number"), 1000, "1000", "", 1000),
        ((MAX, "1000", "int"), -1, "-1", 1000, -1),
        (("jira.title", "Jira", "string"), 7, "7", "Jira", "7"),
        (("jira.x", "a", "enum", ["a", "b"]), "b", "b", "a", "b"),
    ],
)
def test_values_go_in_the_type_the_server_declares(
    by_rest: Any, myself: Any, properties: Any, put_property: Any, found: Any, wanted: Any, sent: str, before: Any, after: Any
) -> None:
    key = found[0]
    calls = [myself, properties(found), put_property(key, sent), properties((key, sent, *found[2:]))]
    assert rows(by_rest(calls, {key: wanted})) == [(key, before, after, "changed")]


@pytest.mark.parametrize(
    ("found", "wanted", "words"),
    [
        ((SHARING, "true", "boolean"), "perhaps", f"{SHARING} is 'perhaps', and Jira takes true or false"),
        ((SHARING, "true", "boolean"), 2, f"{SHARING} is 2, and Jira takes true or false"),
        ((SHARING, "true", "", ["true", "false"]), "perhaps", "Jira takes true, false"),
        (("jira.x", "a", "enum", ["a", "b"]), "c", "jira.x is 'c', and Jira takes a, b"),
        ((MAX, "1000", "number"), "many", f"{MAX} is 'many', and Jira takes a whole number"),
        ((MAX, "1000", "number"), "1.5", "Jira takes a whole number"),
        ((MAX, "1000", "number"), True, "Jira takes a whole number"),
    ],
)
def test_an_impossible_value_is_refused_before_any_write(
    by_rest: Any, tmp_path: Path, myself: Any, properties: Any, found: Any, wanted: Any, words: str
) -> None:
    """Another setting, before it in the alphabet, could be written."""
    settings = {"jira.clone.prefix": "X", found[0]: wanted}
    result = by_rest([myself, properties(("jira.clone.prefix", "CLONE", "string"), found)], settings, restore_path=str(tmp_path / "restore.json"))
    assert result["failed"] and words in result["msg"] and "Nothing was changed" in result["msg"]
    assert not result["changed"] and list(tmp_path.iterdir()) == []


def test_an_unknown_key_is_refused_with_the_known_ones(by_rest: Any, myself: Any, properties: Any) -> None:
    result = by_rest([myself, properties(ON, ("jira.title", "Jira", "string"))], {"jira.option.globalshare": False, SHARING: False})
    assert result["failed"] and not result["changed"]
    assert "settings: jira.option.globalshare is unknown here. Known are" in result["msg"]
    assert all(name in result["msg"] for name in (SHARING, "jira.title", MODE, ATTEMPTS))


def test_a_known_key_that_is_not_exposed_is_not_examined(by_rest: Any, myself: Any, properties: Any, put_property: Any) -> None:
    calls = [myself, properties(ON), put_property(SHARING, "false"), properties(OFF)]
    result = by_rest(calls, {SHARING: False, "jira.custom.field.html.enabled": False})
    assert rows(result) == [("jira.custom.field.html.enabled", None, None, "not_examined"), (SHARING, True, False, "changed")]
    assert "does not expose it by REST" in result["settings"][0]["reason"]


@pytest.mark.parametrize("settings", [{SHARING: None, MODE: None}, {}])
def test_none_leaves_a_setting_alone(by_rest: Any, myself: Any, properties: Any, settings: dict[str, Any]) -> None:
    result = by_rest([myself, properties(ON)], settings)
    assert rows(result) == [("settings", None, None, "not_applicable")] and not result["changed"] and not result["failed"]


@pytest.mark.parametrize("value", [1.5, ["a"], {"a": 1}])
def test_a_value_that_can_be_none_is_refused_before_anything_is_asked(by_rest: Any, value: Any) -> None:
    result = by_rest([], {SHARING: value})
    assert result["failed"] and f"settings: {SHARING} is {value!r}" in result["msg"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 403, "json": {"errorMessages": ["No permission"], "errors": {}}}, "the user has no right to do this"),
        ({"status": 401, "json": {"message": "This resource requires WebSudo.", "status-code": 401}}, "Basic authentication passes WebSudo for REST"),
        ({"status": 404}, "there is no such thing"),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"json": {"key": SHARING, "value": "true"}}, "without a list of properties"),
        ({"json": [{"key": SHARING}]}, "in a shape that is not known"),
        ({"json": ["x"]}, "in a shape that is not known"),
    ],
)
def test_without_the_list_nothing_is_said_of_any_setting(by_rest: Any, myself: Any, properties: Any, answer: Any, words: str) -> None:
    result = by_rest([myself, properties(**answer)], {SHARING: False, MODE: "private"})
    assert result["failed"] and words in result["msg"] and result["settings"] == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 400, "json": {"errorMessages": [], "errors": {"value": "No."}}}, "value: No."),
        ({"status": 403}, "no right"),
        ({"status": 401, "json": {"message": "This resource requires WebSudo.", "status-code": 401}}, "Basic authentication passes WebSudo for REST"),
    ],
)
def test_a_put_that_is_refused_is_failed_and_the_others_go_on(
    by_rest: Any, tmp_path: Path, myself: Any, properties: Any, put_property: Any, answer: Any, words: str
) -> None:
    size, smaller = (MAX, "5000", "number"), (MAX, "1000", "number")
    calls = [myself, properties(ON, size), put_property(SHARING, "false", **answer), put_property(MAX, "1000"), properties(ON, smaller)]
    result = by_rest(calls, {SHARING: False, MAX: 1000}, restore_path=str(tmp_path / "restore.json"))
    assert rows(result) == [(SHARING, True, True, "failed"), (MAX, 5000, 1000, "changed")]
    assert words in result["settings"][0]["reason"] and result["failed"] and result["changed"]
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert not run["finished"]


def test_a_put_that_is_accepted_and_does_nothing_is_failed(by_rest: Any, myself: Any, properties: Any, put_property: Any) -> None:
    result = by_rest([myself, properties(ON), put_property(SHARING, "false"), properties(ON)], {SHARING: False})
    assert rows(result) == [(SHARING, True, True, "failed")]


@pytest.mark.parametrize("lost", [{"error": AtlassianError("The connection broke.", transient=True)}, {"status": 503}, {"status": 429}])
def test_after_an_uncertain_write_it_is_read_again_before_it_is_written_again(
    by_rest: Any, monkeypatch: pytest.MonkeyPatch, myself: Any, properties: Any, put_property: Any, lost: Any
) -> None:
    monkeypatch.setattr(_client, "RETRY", _client.RetryPolicy(first_wait=0))
    done = by_rest([myself, properties(ON), put_property(SHARING, "false", **lost), properties(OFF), properties(OFF)], {SHARING: False})
    assert rows(done) == [(SHARING, True, False, "changed")]
    again = [put_property(SHARING, "false", **lost), properties(ON), put_property(SHARING, "false")]
    written = by_rest([myself, properties(ON), *again, properties(OFF)], {SHARING: False})
    assert rows(written) == [(SHARING, True, False, "changed")]


def test_a_write_that_stays_uncertain_is_failed(
    by_rest: Any, monkeypatch: pytest.MonkeyPatch, myself: Any, properties: Any, put_property: Any
) -> None:
    monkeypatch.setattr(_client, "RETRY", _client.RetryPolicy(first_wait=0))
    tries = [call for _attempt in range(3) for call in (put_property(SHARING, "false", 503), properties(ON))]
    result = by_rest([myself, properties(ON), *tries, properties(ON)], {SHARING: False})
    assert rows(result) == [(SHARING, True, True, "failed")]
    assert "A re-read shows that it was not done" in result["msg"]


def test_without_forms_the_page_is_named(by_rest: Any, myself: Any, properties: Any) -> None:
    result = by_rest([myself, properties(OFF)], {MODE: "private", SHARING: False})
    assert rows(result) == [(MODE, None, None, "not_examined"), (SHARING, False, False, "compliant")]
    assert f"({PAGE}): set allow_forms" in result["settings"][0]["reason"]


def test_forms_with_a_token_are_refused_before_anything_is_asked(by_rest: Any) -> None:
    result = by_rest([], {MODE: "private"}, allow_forms=True)
    assert result["failed"] and "allow_forms: the forms need a log-in" in result["msg"]


def test_the_restore_file_is_there_before_the_first_write(
    by_rest: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, myself: Any, properties: Any, put_property: Any
) -> None:
    path, seen = tmp_path / "restore.json", []
    settings = jira_settings.Settings
    put = settings._put

    def watched(self: Any, key: str, text: str) -> None:
        seen.append(json.loads(path.read_text())["runs"])
        put(self, key, text)

    monkeypatch.setattr(settings, "_put", watched)
    result = by_rest([myself, properties(ON), put_property(SHARING, "false"), properties(OFF)], {SHARING: False}, restore_path=str(path))
    [[run]] = seen
    assert run["removed"] == [{"key": SHARING, "value": True}] and not run["finished"]
    assert path.stat().st_mode & 0o777 == 0o600 and json.loads(path.read_text())["runs"][0]["finished"]
    assert result["restore_path"] == str(path)


def test_no_restore_file_no_write(by_rest: Any, tmp_path: Path, myself: Any, properties: Any) -> None:
    path = tmp_path / "restore.json"
    path.write_text("mine")
    result = by_rest([myself, properties(ON)], {SHARING: False}, restore_path=str(path))
    assert result["failed"] and "restore_path" in result["msg"] and not result["changed"]


def test_a_re_read_that_fails_leaves_no_row_called_changed(by_rest: Any, myself: Any, properties: Any, put_property: Any) -> None:
    result = by_rest([myself, properties(ON), put_property(SHARING, "false"), properties(status=403)], {SHARING: False})
    assert rows(result) == [(SHARING, True, None, "failed")] and "could not be read again" in result["msg"]
