# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: what each kind of credentials sends, and what is kept out of messages."""

from __future__ import annotations

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._credentials import Cookies

SECRET = "correct-horse-battery-staple-4711"


def taken(*answers: list[str]) -> Cookies:
    cookies = Cookies()
    for lines in answers:
        cookies.take(lines)
    return cookies


@pytest.mark.parametrize(
    ("answers", "header"),
    [
        ([], ""),
        ([["JSESSIONID=one; Path=/; HttpOnly; Secure"]], "JSESSIONID=one"),
        ([["JSESSIONID=one", "atl.xsrf.token=B1_lin; Path=/wiki"]], "JSESSIONID=one; atl.xsrf.token=B1_lin"),
        ([["JSESSIONID=one"], ["JSESSIONID=two"]], "JSESSIONID=two"),
        ([["JSESSIONID=one; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "a=b"]], "JSESSIONID=one; a=b"),
        ([["JSESSIONID=one", "seraph=x"], ['JSESSIONID=""; Max-Age=0']], "seraph=x"),
        ([["JSESSIONID=one"], ["JSESSIONID="]], ""),
        ([["JSESSIONID=one"], ["nonsense", "", "=x"]], "JSESSIONID=one"),
    ],
)
def test_cookies_of_one_site(answers: list[list[str]], header: str) -> None:
    assert taken(*answers).header == header


def test_a_session_is_nobodys_until_that_is_proved() -> None:
    session = _credentials.session(SECRET)
    assert session.cookies is not None
    assert (session.anonymous, dict(session.headers)) == (True, {})
    session.cookies.take(["JSESSIONID=one"])
    assert (session.anonymous, dict(session.headers)) == (True, {"Cookie": "JSESSIONID=one"})
    session.cookies.logged_in = True
    assert not session.anonymous and not session.basic


def test_sessions_share_nothing() -> None:
    first, second = _credentials.session(SECRET), _credentials.session(SECRET)
    assert first.cookies is not None and second.cookies is not None
    first.cookies.take(["JSESSIONID=one"])
    assert dict(second.headers) == {}


def test_a_stranger_has_nothing_to_show() -> None:
    stranger = _credentials.stranger()
    assert (stranger.anonymous, dict(stranger.headers), stranger.cookies) == (True, {}, None)


def test_nothing_secret_is_printed_or_said() -> None:
    session = _credentials.session(SECRET)
    assert session.cookies is not None
    session.cookies.take([f"JSESSIONID={SECRET}"])
    for credentials in (session, _credentials.token(SECRET), _credentials.password("ann", SECRET)):
        assert SECRET not in repr(credentials)
        assert credentials.redact(f"it was {SECRET}") == "it was ********"
