# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_settings: what only pages hold; one post for each form, all of it posted back, and read again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_settings

SECURITY, FURTHER, CONSOLE = "/admin/editsecurityconfig.action", "/admin/editspacesconfig.action", "/admin/console.action"
REST = {"atl_token": "5f2c8e61xsrf", "emailAddressVisibility": "email.address.public", "maxRssItems": "200", "confirm": "Save"}


@pytest.fixture
def by_form(run_wiki: Any) -> Any:
    return lambda calls, check=False, **settings: run_wiki(confluence_settings, calls, check=check, browser=True, allow_forms=True, settings=settings)


@pytest.fixture
def security(call: Any, form_page: Any) -> Any:
    """security(webSudo=True, timeout=10): the page Security Configuration with two settings as given and others beside them."""

    def page(web_sudo: bool, timeout: int | str, *more: str, mails: str = "public") -> Any:
        options = "".join(
            f'<option value="email.address.{name}"{" selected" if name == mails else ""}>-</option>' for name in ("public", "masked", "private")
        )
        controls = [
            ("webSudoEnabled", web_sudo),
            f'<input type="text" name="webSudoTimeout" value="{timeout}">',
            f'<select name="emailAddressVisibility">{options}</select>',
            '<input name="maxRssItems" value="200">',
            *more,
        ]
        return call("GET", SECURITY, text=form_page(*controls, action="doeditsecurityconfig.action"), session=True)

    return page


@pytest.fixture
def save(call: Any) -> Any:
    return lambda **fields: call("POST", "/admin/doeditsecurityconfig.action", 302, form={**REST, **fields}, session=True)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_both_settings_go_in_one_post_of_the_whole_form(
    by_form: Any, call: Any, whoami: Any, log_in: Any, web_sudo: Any, security: Any, save: Any, log_out: Any
) -> None:
    asked = call("GET", SECURITY, 302, headers={"Location": "https://wiki.example.com/authenticate.action?destination=x"}, session=True)
    old, new = security(False, 60), security(True, 10)
    calls = [
        whoami, *log_in(), asked, web_sudo, old, old,
        old, save(webSudoEnabled="true", webSudoTimeout="10"), new, new, log_out,
    ]  # fmt: skip
    result = by_form(calls, webSudoEnabled=True, webSudoTimeout="10", maxRssItems=None)
    assert rows(result) == [("webSudoEnabled", False, True, "changed"), ("webSudoTimeout", 60, 10, "changed")]
    assert result["diff"] == {
        "before": {"webSudoEnabled": False, "webSudoTimeout": 60},
        "after": {"webSudoEnabled": True, "webSudoTimeout": 10},
    }
    assert result["changed"] and not result["failed"]


def test_check_mode_predicts_and_posts_nothing(by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), *[security(True, 60)] * 2, log_out], check=True, webSudoEnabled=True, webSudoTimeout=10)
    assert rows(result) == [("webSudoEnabled", True, True, "compliant"), ("webSudoTimeout", 60, 10, "drifted")]
    assert result["diff"] == {"before": {"webSudoTimeout": 60}, "after": {"webSudoTimeout": 10}}


def test_as_wanted_is_left_alone(by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any) -> None:
    wanted = {"webSudoEnabled": "yes", "webSudoTimeout": 10, "emailAddressVisibility": "email.address.public"}
    result = by_form([whoami, *log_in(), *[security(True, 10)] * 2, log_out], **wanted)
    assert {row["state"] for row in result["settings"]} == {"compliant"} and len(result["settings"]) == 3
    assert not result["changed"]


def test_another_control_that_moves_is_put_back(by_form: Any, whoami: Any, log_in: Any, security: Any, save: Any, log_out: Any) -> None:
    old, moved = security(False, 60), security(True, 60, mails="private")
    calls = [whoami, *log_in(), old, old, old, save(webSudoEnabled="true", webSudoTimeout="60"), moved, save(webSudoTimeout="60"), old, old, log_out]
    result = by_form(calls, webSudoEnabled=True)
    assert rows(result) == [("webSudoEnabled", False, False, "failed")]
    assert "changed emailAddressVisibility as well" in result["msg"] and "nothing is changed" in result["msg"]


def test_a_post_that_does_nothing_is_failed(by_form: Any, whoami: Any, log_in: Any, security: Any, save: Any, log_out: Any) -> None:
    old = security(False, 60)
    result = by_form([whoami, *log_in(), old, old, old, save(webSudoEnabled="true", webSudoTimeout="60"), old, old, log_out], webSudoEnabled=True)
    assert rows(result) == [("webSudoEnabled", False, False, "failed")]
    assert "is not as sent when it is read again" in result["msg"]


def test_a_kind_of_control_nobody_knows_stops_the_post(by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any) -> None:
    old = security(False, 60, '<input type="color" name="theme" value="#ff0000">')
    result = by_form([whoami, *log_in(), old, old, old, old, log_out], webSudoEnabled=True)
    assert rows(result) == [("webSudoEnabled", False, False, "failed")]
    assert "cannot be posted back unchanged (theme), so nothing was sent" in result["msg"]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"emailAddressVisibility": "hidden"}, "the product's page takes email.address.public, email.address.masked, email.address.private"),
        ({"webSudoEnabled": True, "emailAddressVisibility": "hidden"}, "takes email.address.public"),
    ],
)
def test_a_value_the_page_does_not_take_is_refused_before_a_write(
    by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any, wanted: dict[str, Any], words: str
) -> None:
    result = by_form([whoami, *log_in(), *[security(False, 60)] * 2, log_out], **wanted)
    assert result["failed"] and words in result["msg"] and not result["changed"]


def test_a_setting_without_a_control_is_not_examined(by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), *[security(True, 10)] * 2, log_out], webSudoEnabled=True, pageTimeout=5)
    assert rows(result) == [("pageTimeout", None, None, "not_examined"), ("webSudoEnabled", True, True, "compliant")]
    assert "it has emailAddressVisibility, maxRssItems, webSudoEnabled, webSudoTimeout" in result["settings"][0]["reason"]


def test_a_text_where_a_number_was_expected_is_not_compliant(by_form: Any, whoami: Any, log_in: Any, security: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), *[security(True, "ten")] * 2, log_out], check=True, webSudoTimeout=10)
    assert rows(result) == [("webSudoTimeout", "ten", 10, "drifted")]


def test_one_page_that_is_not_there_does_not_stop_the_others(
    by_form: Any, call: Any, whoami: Any, log_in: Any, security: Any, save: Any, log_out: Any
) -> None:
    old, new = security(False, 60), security(True, 60)
    empty = "<html><p>-</p></html>"
    lost = [call("GET", FURTHER, text=empty, session=True), call("GET", CONSOLE, text=empty, session=True)]
    calls = [whoami, *log_in(), *lost, old, old, old, save(webSudoEnabled="true", webSudoTimeout="60"), new, *lost, new, log_out]
    result = by_form(calls, allowRemoteApi=False, webSudoEnabled=True)
    assert rows(result) == [("allowRemoteApi", None, None, "not_examined"), ("webSudoEnabled", False, True, "changed")]
    assert "The form Further Configuration was not found" in result["settings"][0]["reason"]


def test_without_forms_nothing_is_examined(run_wiki: Any, whoami: Any) -> None:
    result = run_wiki(confluence_settings, [whoami], settings={"webSudoEnabled": True, "allowRemoteApi": False})
    assert rows(result) == [("allowRemoteApi", None, None, "not_examined"), ("webSudoEnabled", None, None, "not_examined")]
    assert f"({SECURITY}): set allow_forms" in result["settings"][1]["reason"]


@pytest.mark.parametrize("check", [True, False])
def test_a_wrong_password_is_sent_once_for_all_pages(by_form: Any, whoami: Any, log_in: Any, check: bool) -> None:
    page, refused, _who = log_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    result = by_form([whoami, page, refused], check=check, webSudoEnabled=True, allowRemoteApi=False)
    assert {row["state"] for row in result["settings"]} == {"not_examined"} and len(result["settings"]) == 2


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"webSudo": True}, "settings: webSudo is unknown. Known are addWildcards"),
        ({"webSudoEnabled": "perhaps"}, "webSudoEnabled is 'perhaps', and must be true or false"),
        ({"webSudoTimeout": 0}, "webSudoTimeout is 0, and must be a whole number from 1"),
        ({"webSudoTimeout": True}, "webSudoTimeout is True, and must be a whole number"),
        ({"webSudoTimeout": "1.5"}, "must be a whole number"),
        ({"emailAddressVisibility": True}, "must be a text"),
        ({"emailAddressVisibility": " "}, "must be a text"),
        ({"publicSignup": 2}, "publicSignup is 2, and must be true or false"),
    ],
)
def test_refused_before_anything_is_asked(run_wiki: Any, settings: dict[str, Any], words: str) -> None:
    result = run_wiki(confluence_settings, [], settings=settings)
    assert result["failed"] and words in result["msg"]


def test_forms_without_a_password_are_refused_before_anything_is_asked(run_wiki: Any) -> None:
    result = run_wiki(confluence_settings, [], settings={"webSudoEnabled": True}, allow_forms=True)
    assert result["failed"] and "allow_forms: the forms need a log-in" in result["msg"]


@pytest.mark.parametrize("settings", [{}, {"webSudoEnabled": None, "publicSignup": None}])
@pytest.mark.parametrize("forms", [True, False])
def test_nothing_wanted_is_a_row_of_its_own(run_wiki: Any, whoami: Any, settings: dict[str, Any], forms: bool) -> None:
    """And nobody logs in for it."""
    result = run_wiki(confluence_settings, [whoami], browser=True, allow_forms=forms, settings=settings)
    assert rows(result) == [("settings", None, None, "not_applicable")]
    assert not result["changed"] and not result["failed"] and result["diff"] == {"before": {}, "after": {}}
