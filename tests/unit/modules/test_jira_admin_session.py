# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_admin_session: a fresh session is asked for the password or it is not, and what is neither is not examined."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_admin_session

PAGE = "/secure/admin/ViewSystemInfo.jspa"
ASKS = "secure administrator sessions"
XSRF = ("XSRF check", None, None, "not_examined")
QUESTION = '<html><form action="/secure/admin/WebSudoAuthenticate.jspa"><input type="password" name="webSudoPassword"></form></html>'


@pytest.fixture
def run_session(run_jira: Any) -> Any:
    return lambda calls, **options: run_jira(jira_admin_session, calls, **options)


@pytest.fixture
def shown(call: Any) -> Any:
    return lambda **answer: call("GET", PAGE, session=True, **answer)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("way", ["elsewhere", "in place"])
def test_asked(run_session: Any, myself: Any, jira_in: Any, jira_out: Any, jira_asks: Any, shown: Any, way: str, check: bool) -> None:
    """The password is not given: nothing but these requests is sent."""
    answer = jira_asks if way == "elsewhere" else {"text": QUESTION}
    result = run_session([myself, *jira_in(), shown(**answer), jira_out], check=check)
    assert rows(result) == [(ASKS, "asked", "asked", "compliant"), XSRF] and not result["changed"] and not result["failed"]
    assert "NODE-07" in result["settings"][1]["reason"]


@pytest.mark.parametrize("text", ["<html>System info</html>", "<html>webSudoPassword<form><input name='query'></form></html>"])
def test_not_asked(run_session: Any, myself: Any, jira_in: Any, jira_out: Any, shown: Any, text: str) -> None:
    """The name alone, outside of a form, asks nobody."""
    result = run_session([myself, *jira_in(), shown(text=text), jira_out])
    assert rows(result) == [(ASKS, "not asked", "not asked", "drifted"), XSRF] and not result["changed"]
    assert "jira.websudo.is.disabled" in result["settings"][0]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 302, "headers": {"Location": "/login.jsp?permissionViolation=true"}}, "answered 302, which says neither"),
        ({"status": 302, "headers": {"Location": "/x?to=/secure/admin/WebSudoAuthenticate!default.jspa"}}, "answered 302, which says neither"),
        ({"status": 403, "text": "<html></html>"}, "answered 403, which says neither"),
        ({"status": 404, "text": "<html></html>"}, "answered 404, which says neither"),
        ({"status": 500, "text": QUESTION}, "answered 500, which says neither"),
        ({"text": '<html><form action="/secure/admin/'}, "without its end"),
        ({"text": QUESTION.removesuffix("</html>")}, "without its end"),
        ({"text": ""}, "without its end"),
        ({"text": "<html>Log in</html>", "headers": {"X-AUSERNAME": "anonymous"}}, "was answered to nobody"),
        ({"text": '<html><input id="login-form-remember-me"></html>', "headers": {"X-AUSERNAME": ""}}, "was answered to nobody"),
    ],
)
def test_neither_is_not_examined(
    run_session: Any, myself: Any, jira_in: Any, jira_out: Any, shown: Any, answer: dict[str, Any], words: str
) -> None:
    result = run_session([myself, *jira_in(), shown(**answer), jira_out])
    assert rows(result) == [(ASKS, None, None, "not_examined"), XSRF] and words in result["settings"][0]["reason"]


def test_a_log_in_that_does_not_work_is_not_examined(run_session: Any, call: Any, myself: Any) -> None:
    sso = call("GET", "/login.jsp", 302, headers={"Location": "https://sso.example.com/"}, session=True)
    result = run_session([myself, sso])
    assert rows(result) == [(ASKS, None, None, "not_examined"), XSRF] and "no password was sent" in result["settings"][0]["reason"]


def test_without_forms_it_is_not_examined(run_session: Any, myself: Any) -> None:
    result = run_session([myself], allow_forms=False)
    assert rows(result) == [(ASKS, None, None, "not_examined"), XSRF] and "set allow_forms" in result["settings"][0]["reason"]


def test_forms_with_a_token_are_refused_before_anything_is_sent(run_session: Any) -> None:
    result = run_session([], browser=False, allow_forms=True)
    assert result["failed"] and "allow_forms: the forms need a log-in" in result["msg"] and result["settings"] == []


def test_nobody_proves_nothing(run_session: Any, call: Any) -> None:
    result = run_session([call("GET", "/rest/api/2/myself", 401, headers={"X-AUSERNAME": ""})])
    assert result["failed"] and "credentials were not accepted" in result["msg"] and result["settings"] == []
