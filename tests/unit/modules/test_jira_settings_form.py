# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_settings by the page: what REST does not expose, by one post of the whole form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_settings

SHARING, MODE, EMAIL = "jira.option.globalsharing", "jira.mode", "jira.option.emailvisible"
ATTEMPTS, CAPTCHA, GZIP = "jira.maximum.authentication.attempts.allowed", "jira.option.captcha.on.signup", "jira.option.web.usegzip"
ON, OFF = (SHARING, "true", "boolean"), (SHARING, "false", "boolean")
PAGE = "/secure/admin/EditApplicationProperties!default.jspa"


@pytest.fixture
def by_form(run_jira: Any) -> Any:
    return lambda calls, settings, **options: run_jira(jira_settings, calls, settings=settings, **options)


@pytest.fixture
def begin(myself: Any, properties: Any, jira_in: Any) -> Any:
    """begin(page): who, what REST exposes, log-in, and the page twice: found, and read."""
    return lambda page, exposed=(): [myself, properties(*exposed), *jira_in(), page, page]


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_several_settings_of_the_form_go_in_one_post(
    by_form: Any, begin: Any, properties: Any, jira_out: Any, general_page: Any, save_general: Any
) -> None:
    old = general_page(title="Jira", mode="public", captcha="false", useGzip=True, maximumAuthenticationAttemptsAllowed="10", externalUM="false")
    new = general_page(title="Jira", mode="private", captcha="true", useGzip=False, maximumAuthenticationAttemptsAllowed="3", externalUM="false")
    save = save_general(title="Jira", mode="private", captcha="true", maximumAuthenticationAttemptsAllowed="3", externalUM="false")
    wanted = {MODE: "private", CAPTCHA: True, GZIP: "no", ATTEMPTS: "3", "jira.option.user.externalmgt": False}
    result = by_form([*begin(old), old, save, new, properties(), new, jira_out], wanted)
    assert rows(result) == [
        (ATTEMPTS, 10, 3, "changed"), (MODE, "public", "private", "changed"), (CAPTCHA, False, True, "changed"),
        ("jira.option.user.externalmgt", False, False, "compliant"), (GZIP, True, False, "changed"),
    ]  # fmt: skip
    assert result["changed"] and not result["failed"]


@pytest.mark.parametrize(("old", "new", "before", "fields"), [("false", "true", False, {"captcha": "true"}), (False, True, False, {"captcha": "true"})])
def test_a_box_and_a_radio_say_the_same(
    by_form: Any, begin: Any, properties: Any, jira_out: Any, general_page: Any, save_general: Any, old: Any, new: Any, before: bool, fields: Any
) -> None:
    pages = general_page(captcha=old), general_page(captcha=new)
    result = by_form([*begin(pages[0]), pages[0], save_general(**fields), pages[1], properties(), pages[1], jira_out], {CAPTCHA: True})
    assert rows(result) == [(CAPTCHA, before, True, "changed")]


@pytest.mark.parametrize(("shown", "box"), [("true", True), ("false", False)])
def test_a_box_and_a_radio_as_wanted_are_left_alone(by_form: Any, begin: Any, jira_out: Any, general_page: Any, shown: str, box: bool) -> None:
    page = general_page(captcha=shown, useGzip=box)
    result = by_form([*begin(page), jira_out], {CAPTCHA: shown, GZIP: box})
    assert rows(result) == [(CAPTCHA, box, box, "compliant"), (GZIP, box, box, "compliant")]
    assert not result["changed"]


@pytest.mark.parametrize("never", ["", " "])
def test_never_is_an_empty_text(
    by_form: Any, begin: Any, properties: Any, jira_out: Any, general_page: Any, save_general: Any, never: str
) -> None:
    old, new = general_page(maximumAuthenticationAttemptsAllowed="3"), general_page(maximumAuthenticationAttemptsAllowed="")
    save = save_general(maximumAuthenticationAttemptsAllowed="")
    result = by_form([*begin(old), old, save, new, properties(), new, jira_out], {ATTEMPTS: never})
    assert rows(result) == [(ATTEMPTS, 3, "", "changed")]


def test_never_as_wanted_is_left_alone(by_form: Any, begin: Any, jira_out: Any, general_page: Any) -> None:
    result = by_form([*begin(general_page(maximumAuthenticationAttemptsAllowed="")), jira_out], {ATTEMPTS: ""})
    assert rows(result) == [(ATTEMPTS, "", "", "compliant")]


def test_a_number_replaces_never(by_form: Any, begin: Any, jira_out: Any, general_page: Any) -> None:
    result = by_form([*begin(general_page(maximumAuthenticationAttemptsAllowed="")), jira_out], {ATTEMPTS: 3}, check=True)
    assert rows(result) == [(ATTEMPTS, "", 3, "drifted")]


def test_check_mode_posts_nothing(by_form: Any, tmp_path: Path, begin: Any, jira_out: Any, general_page: Any) -> None:
    page = general_page(mode="public", captcha="true")
    result = by_form([*begin(page), jira_out], {MODE: "private", CAPTCHA: True}, check=True, restore_path=str(tmp_path / "restore.json"))
    assert rows(result) == [(MODE, "public", "private", "drifted"), (CAPTCHA, True, True, "compliant")]
    assert result["changed"] and list(tmp_path.iterdir()) == []


def test_the_password_question_is_answered_on_the_way(
    by_form: Any, call: Any, myself: Any, properties: Any, jira_in: Any, jira_asks: Any, jira_sudo: Any, jira_out: Any, general_page: Any
) -> None:
    page = general_page(mode="private")
    calls = [myself, properties(), *jira_in(), call("GET", PAGE, session=True, **jira_asks), jira_sudo, page, page, jira_out]
    assert rows(by_form(calls, {MODE: "private"})) == [(MODE, "private", "private", "compliant")]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({MODE: "closed"}, f"{MODE} is 'closed', and the product's page takes public, private"),
        ({GZIP: "perhaps"}, f"{GZIP} is 'perhaps', and must be true or false"),
        ({ATTEMPTS: "often"}, f"{ATTEMPTS} is 'often', and must be a whole number, or an empty text for never"),
        ({ATTEMPTS: -1}, "must be a whole number"),
        ({ATTEMPTS: True}, "must be a whole number"),
        ({EMAIL: ""}, f"{EMAIL} is '', and must be a text"),
        ({EMAIL: "all"}, "the product's page takes show, hide, mask, user"),
    ],
)
def test_a_value_the_page_does_not_take_is_refused_before_any_write(
    by_form: Any, tmp_path: Path, begin: Any, jira_out: Any, general_page: Any, wanted: Any, words: str
) -> None:
    """By REST another setting could be written."""
    page = general_page(mode="public", useGzip=True, maximumAuthenticationAttemptsAllowed="3", emailVisibility="show")
    result = by_form([*begin(page, [ON]), jira_out], {SHARING: False, **wanted}, restore_path=str(tmp_path / "restore.json"))
    assert result["failed"] and words in result["msg"] and "Nothing was changed" in result["msg"]
    assert not result["changed"] and list(tmp_path.iterdir()) == []


def test_what_rest_exposes_is_not_looked_for_on_the_page(by_form: Any, myself: Any, properties: Any, put_property: Any) -> None:
    key = "jira.show.contact.administrators.form"
    calls = [myself, properties((key, "true", "boolean")), put_property(key, "false"), properties((key, "false", "boolean"))]
    assert rows(by_form(calls, {key: False})) == [(key, True, False, "changed")]


def test_rest_and_form_in_one_run(
    by_form: Any, tmp_path: Path, begin: Any, properties: Any, put_property: Any, jira_out: Any, general_page: Any, save_general: Any
) -> None:
    old, new = general_page(mode="public"), general_page(mode="private")
    writes = [old, save_general(mode="private"), new, put_property(SHARING, "false")]
    path = tmp_path / "restore.json"
    result = by_form([*begin(old, [ON]), *writes, properties(OFF), new, jira_out], {SHARING: False, MODE: "private"}, restore_path=str(path))
    assert rows(result) == [(MODE, "public", "private", "changed"), (SHARING, True, False, "changed")]
    [run] = json.loads(path.read_text())["runs"]
    assert run["removed"] == [{"key": MODE, "value": "public"}, {"key": SHARING, "value": True}] and run["added"] == []
    assert (run["product"], run["url"], run["scope"], run["finished"]) == ("jira", "https://jira.example.com", "settings", True)
    assert result["restore_path"] == str(path)


def test_a_control_that_is_missing_is_not_examined_and_the_page_is_named(by_form: Any, begin: Any, jira_out: Any, general_page: Any) -> None:
    result = by_form([*begin(general_page(mode="private", title="Jira")), jira_out], {MODE: "private", "jira.option.rpc.allow": False})
    assert rows(result) == [(MODE, "private", "private", "compliant"), ("jira.option.rpc.allow", None, None, "not_examined")]
    assert "no control for allowRpc; it has mode, title" in result["settings"][1]["reason"]


def test_a_kind_of_control_nobody_knows_is_not_examined(by_form: Any, begin: Any, jira_out: Any, general_page: Any) -> None:
    page = general_page('<input type="color" name="useGzip" value="#fff">', mode="private")
    result = by_form([*begin(page), jira_out], {GZIP: False})
    assert rows(result) == [(GZIP, None, None, "not_examined")] and "not understood" in result["settings"][0]["reason"]


def test_without_the_form_nothing_of_it_is_examined(by_form: Any, call: Any, myself: Any, properties: Any, jira_in: Any, jira_out: Any) -> None:
    gone = call("GET", PAGE, text="<html><p>-</p></html>", session=True)
    result = by_form([myself, properties(OFF), *jira_in(), gone, jira_out], {MODE: "private", SHARING: False})
    assert rows(result) == [(MODE, None, None, "not_examined"), (SHARING, False, False, "compliant")]
    assert "The form General configuration was not found" in result["settings"][0]["reason"]


@pytest.mark.parametrize("check", [True, False])
def test_a_wrong_password_is_sent_once(by_form: Any, myself: Any, properties: Any, put_property: Any, jira_in: Any, check: bool) -> None:
    page, refused, _who = jira_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    after = [] if check else [put_property(SHARING, "false"), properties(OFF)]
    result = by_form([myself, properties(ON), page, refused, *after], {MODE: "private", CAPTCHA: True, SHARING: False}, check=check)
    assert [row["state"] for row in result["settings"]] == ["not_examined", "not_examined", "drifted" if check else "changed"]


def test_a_password_without_leave_to_use_forms_does_not_log_in(run_jira: Any, myself: Any, properties: Any) -> None:
    result = run_jira(jira_settings, [myself, properties()], allow_forms=False, settings={MODE: "private"})
    assert rows(result) == [(MODE, None, None, "not_examined")]


def test_a_post_that_does_nothing_is_failed_for_every_setting_of_it(
    by_form: Any, tmp_path: Path, begin: Any, properties: Any, jira_out: Any, general_page: Any, save_general: Any
) -> None:
    old = general_page(mode="public", useGzip=True)
    path = tmp_path / "restore.json"
    wanted = {MODE: "private", GZIP: False}
    result = by_form([*begin(old), old, save_general(mode="private"), old, properties(), old, jira_out], wanted, restore_path=str(path))
    assert rows(result) == [(MODE, "public", "public", "failed"), (GZIP, True, True, "failed")]
    assert all("is not as sent when it is read again" in row["reason"] for row in result["settings"])
    assert not json.loads(path.read_text())["runs"][0]["finished"]


def test_another_control_that_moves_is_put_back(
    by_form: Any, begin: Any, properties: Any, jira_out: Any, general_page: Any, save_general: Any
) -> None:
    old, moved = general_page(mode="public", title="Jira"), general_page(mode="private", title="")
    calls = [old, save_general(mode="private", title="Jira"), moved, save_general(mode="public", title="Jira"), old]
    result = by_form([*begin(old), *calls, properties(), old, jira_out], {MODE: "private"})
    assert rows(result) == [(MODE, "public", "public", "failed")] and "changed title as well" in result["msg"]
