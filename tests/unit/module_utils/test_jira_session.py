# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser session of Jira: both log-in pages, the password question of administration, one attempt for each, and the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session

JIRA, PASSWORD = "https://jira.example.com", "correct-horse-battery-staple-4711"
SESSION, XSRF = "6F3A0C1D2E9B4857session", "5f2c8e61xsrf"
PAGE, SUDO, MYSELF = "/secure/admin/X!default.jspa", "/secure/admin/WebSudoAuthenticate.jspa", "/rest/api/2/myself"
FAILED, DENIED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
ASKED = {"status": 302, "headers": {"Location": f"{JIRA}/secure/admin/WebSudoAuthenticate!default.jspa?webSudoDestination=%2Fx"}}
QUESTION = f'<html><form action="{SUDO}"><input type="password" name="webSudoPassword"></form></html>'
HAS = {"X-Atlassian-WebSudo": "Has-Authentication"}


@pytest.fixture
def session(script: Any) -> Any:
    """session(Call, ..., url=..., read_only=...) -> Session of the user automation."""

    def make(*calls: Any, url: str = JIRA, read_only: bool = False) -> Session:
        transport = script(*calls)
        transport.base = url

        def start() -> Client:
            return Client(url, _credentials.session(PASSWORD), transport, read_only=read_only, sleep=lambda seconds: None)

        return Session(start, "automation", PASSWORD, JiraDoor())

    return make


@pytest.fixture
def log_in(call: Any, myself: Any) -> Any:
    """The three requests of the classic page."""
    page = '<html><form action="/login.jsp"><input type="checkbox" id="login-form-remember-me" name="os_cookie"></form></html>'
    cookies = (f"JSESSIONID={SESSION}; Path=/; HttpOnly", f"atlassian.xsrf.token={XSRF}; Path=/")
    form = {"os_username": "automation", "os_password": PASSWORD}
    return lambda: [
        call("GET", "/login.jsp", text=page, headers={"X-AUSERNAME": "anonymous"}, session=True),
        call("POST", "/login.jsp", 302, form=form, session=True, cookies=cookies),
        replace(myself, session=True),
    ]


@pytest.fixture
def newer(call: Any, log_in: Any) -> Any:
    """The newer log-in page and the answer to it."""
    body = {"username": "automation", "password": PASSWORD, "rememberMe": "False", "targetUrl": ""}

    def calls(**answer: Any) -> list[Any]:
        given = answer or {"json": {"success": True}, "cookies": (f"JSESSIONID={SESSION}",)}
        page = replace(log_in()[0], text="<html><div id='tsv-root'></div></html>")
        return [page, call("POST", "/rest/tsv/1.0/authenticate", body=body, session=True, **given)]

    return calls


@pytest.fixture
def get(call: Any) -> Any:
    return lambda path=PAGE, **answer: call("GET", path, session=True, **(answer or {"text": "<html>page</html>"}))


@pytest.fixture
def sudo(call: Any) -> Any:
    """The answer to the password question. token: of the cookie."""

    def answer(token: str = XSRF, status: int = 302, headers: dict[str, str] | None = None, **other: Any) -> Any:
        form = {"webSudoPassword": PASSWORD, "webSudoDestination": "/secure/admin/ViewSystemInfo.jspa", "webSudoIsPost": "false", "atl_token": token}
        return call("POST", SUDO, status, form=form, headers=HAS if headers is None else headers, session=True, **other)

    return answer


def test_the_classic_page(session: Any, log_in: Any, get: Any, script: Any) -> None:
    browser = session(*log_in(), get(), get("/secure/admin/Y.jspa"))
    assert browser.page(PAGE).text == "<html>page</html>"
    browser.page("/secure/admin/Y.jspa")
    sent = script().sent
    cookies = f"JSESSIONID={SESSION}; atlassian.xsrf.token={XSRF}"
    assert [request.headers.get("Cookie") for request in sent] == [None, None, *[cookies] * 3]
    assert {request.headers.get("X-Atlassian-Token") for request in sent if request.method == "POST"} == {"no-check"}


def test_the_newer_page(session: Any, newer: Any, log_in: Any, get: Any) -> None:
    session(*newer(), log_in()[2], get()).page(PAGE)


@pytest.mark.parametrize(("headers", "words"), [(FAILED, "Correct username and password"), (DENIED, "CAPTCHA"), ({}, "the session is nobody's")])
def test_a_wrong_password_is_sent_once(session: Any, log_in: Any, headers: dict[str, str], words: str) -> None:
    page, attempt, who = log_in()
    nobody = [] if headers else [replace(who, status=401, headers={"X-AUSERNAME": "anonymous"})]
    browser = session(page, replace(attempt, status=200, headers=headers, cookies=()), *nobody)
    for use in (lambda: browser.page(PAGE), lambda: browser.page(PAGE), lambda: browser.post(PAGE, []), browser.elevate):
        with pytest.raises(AtlassianError, match=words) as caught:
            use()
        assert PASSWORD not in str(caught.value) and "not tried again" in str(caught.value)
    browser.close()


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_refusal_by_the_newer_page_is_the_last_request(session: Any, newer: Any, status: int) -> None:
    browser = session(*newer(status=status))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=str(status)):
            browser.client


@pytest.mark.parametrize("answer", [{"status": 302, "headers": {"Location": "https://sso.example.com/saml?x=y"}}, {"status": 404}])
def test_a_page_that_is_not_the_products_gets_no_password(session: Any, get: Any, answer: dict[str, Any]) -> None:
    browser = session(get("/login.jsp", **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match="no password was sent"):
            browser.client


def test_a_log_in_whose_answer_is_lost_is_not_repeated(session: Any, log_in: Any) -> None:
    page, attempt, _who = log_in()
    browser = session(page, replace(attempt, error=AtlassianError("The connection broke.", transient=True)))
    for _use in range(2):
        with pytest.raises(AtlassianError, match="The connection broke"):
            browser.client


@pytest.mark.parametrize("answer", [{"status": 401}, {"status": 403}, {"json": {}}, {"json": {"name": ""}}, {"json": []}])
def test_an_account_with_a_second_factor(session: Any, newer: Any, get: Any, answer: dict[str, Any]) -> None:
    browser = session(*newer(json={"success": True}), get(MYSELF, **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=r"second factor \(two-step verification\)"):
            browser.client


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"json": {"name": "ann"}}, "that of ann, not of automation"),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"status": 404}, "there is no such thing"),
        ({"status": 500}, "failed inside"),
    ],
)
def test_a_session_that_is_not_ours_is_not_used(session: Any, log_in: Any, get: Any, answer: dict[str, Any], words: str) -> None:
    browser = session(*log_in()[:2], get(MYSELF, **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=words):
            browser.client


def test_letters_of_another_case_are_the_same_user(session: Any, log_in: Any) -> None:
    page, attempt, who = log_in()
    assert session(page, attempt, replace(who, json={"name": "Automation"})).client


@pytest.mark.parametrize("question", [ASKED, {"text": QUESTION}], ids=["by redirect", "in place"])
def test_the_password_question_of_administration(session: Any, log_in: Any, get: Any, sudo: Any, question: dict[str, Any]) -> None:
    browser = session(*log_in(), get(**question), sudo(), get(), get("/secure/admin/Y.jspa"))
    assert browser.page(PAGE).text == "<html>page</html>"
    browser.page("/secure/admin/Y.jspa")


def test_below_a_context_path(session: Any, log_in: Any, get: Any, sudo: Any) -> None:
    asked = {"status": 302, "headers": {"Location": "/jira/secure/admin/WebSudoAuthenticate!default.jspa"}}
    browser = session(*log_in(), get(**asked), sudo(), get(), url="https://example.com/jira")
    browser.page(PAGE)
    assert browser.below("/jira/secure/admin/X.jspa?key=A") == "/secure/admin/X.jspa?key=A"


@pytest.mark.parametrize(
    "text",
    [
        '<html><a href="/secure/admin/WebSudoAuthenticate!default.jspa">-</a></html>',
        '<html><script>var field = "webSudoPassword";</script><form action="/x"><input name="other"></form></html>',
    ],
)
def test_a_page_that_only_names_the_question_is_none(session: Any, log_in: Any, get: Any, text: str) -> None:
    assert session(*log_in(), get(text=text)).page(PAGE).text == text


def test_the_token_is_that_of_the_cookie_as_it_is_then(session: Any, log_in: Any, get: Any, sudo: Any) -> None:
    browser = session(*log_in(), get(**ASKED, cookies=("atlassian.xsrf.token=newer4711; Path=/",)), sudo("newer4711"), get())
    browser.page(PAGE)


def test_without_the_cookie_the_token_is_empty(session: Any, log_in: Any, get: Any, sudo: Any) -> None:
    page, attempt, who = log_in()
    session(page, replace(attempt, cookies=(f"JSESSIONID={SESSION}",)), who, get(**ASKED), sudo(""), get()).page(PAGE)


def test_the_session_that_the_answer_gives_is_used_from_then_on(session: Any, log_in: Any, get: Any, sudo: Any, script: Any) -> None:
    session(*log_in(), get(**ASKED), sudo(cookies=("JSESSIONID=elevated4711; Path=/",)), get()).page(PAGE)
    assert script().sent[-1].headers["Cookie"] == f"JSESSIONID=elevated4711; atlassian.xsrf.token={XSRF}"


@pytest.mark.parametrize(
    "answer",
    [
        {"headers": {"Location": f"{JIRA}/secure/admin/ViewSystemInfo.jspa"}},
        {"headers": {"X-Atlassian-WebSudo": "Needs-Authentication"}},
        {"headers": {"X-Atlassian-WebSudo": "has-authentication"}},
        {"status": 200, "headers": {}, "text": QUESTION},
        {"status": 200, "headers": {}},
        {"status": 403, "headers": {}},
        {"headers": {**HAS, **FAILED}},
        {"status": 200, "headers": DENIED},
    ],
)
def test_granted_is_only_what_the_header_says_and_it_is_not_tried_again(
    session: Any, log_in: Any, get: Any, sudo: Any, answer: dict[str, Any]
) -> None:
    browser = session(*log_in(), get(**ASKED), sudo(**answer))
    for _use in range(3):
        with pytest.raises(AtlassianError, match="not tried again") as caught:
            browser.page(PAGE)
        assert PASSWORD not in str(caught.value)


def test_a_200_with_the_header_is_granted(session: Any, log_in: Any, get: Any, sudo: Any) -> None:
    session(*log_in(), get(**ASKED), sudo(status=200), get()).page(PAGE)


def test_a_question_that_comes_again_is_the_last_request(session: Any, log_in: Any, get: Any, sudo: Any) -> None:
    browser = session(*log_in(), get(**ASKED), sudo(), get(text=QUESTION))
    for _use in range(2):
        with pytest.raises(AtlassianError, match="asks for the password again"):
            browser.page(PAGE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 403}, "may not use this page"),
        ({"status": 302, "headers": {"Location": "/login.jsp?permissionViolation=true&os_destination=x"}}, "leads to the log-in page"),
    ],
)
def test_a_page_or_a_post_that_is_refused(session: Any, log_in: Any, get: Any, call: Any, answer: dict[str, Any], words: str) -> None:
    browser = session(*log_in(), get(**answer), call("POST", "/secure/admin/X.jspa", form={"a": "ü&"}, session=True, **answer))
    with pytest.raises(AtlassianError, match=words):
        browser.page(PAGE)
    with pytest.raises(AtlassianError, match=words):
        browser.post("/secure/admin/X.jspa", [("a", "ü&")])


@pytest.mark.parametrize("newer_page", [False, True], ids=["classic", "newer"])
def test_check_mode_lets_log_in_question_and_end_through_and_nothing_else(
    session: Any, log_in: Any, newer: Any, get: Any, sudo: Any, call: Any, newer_page: bool
) -> None:
    into = [*newer(), log_in()[2]] if newer_page else log_in()
    token = "" if newer_page else XSRF
    end = call("DELETE", "/rest/auth/1/session", 204, session=True)
    browser = session(*into, get(**ASKED), sudo(token), get(), end, read_only=True)
    browser.page(PAGE)
    with pytest.raises(AtlassianError, match="must not change anything"):
        browser.post("/secure/admin/X.jspa", [("a", "b")])
    browser.close()


@pytest.mark.parametrize("end", [{"status": 204}, {"status": 401}, {"status": 404}, {"status": 500}, {"error": AtlassianError("the connection broke")}])
def test_the_end_hurts_nobody(session: Any, log_in: Any, call: Any, end: dict[str, Any]) -> None:
    browser = session(*log_in(), call("DELETE", "/rest/auth/1/session", session=True, **end))
    assert browser.client
    browser.close()
    browser.close()
    with pytest.raises(AtlassianError, match="The session was ended"):
        browser.client


def test_a_session_that_never_began_is_not_ended(session: Any) -> None:
    session().close()


def test_the_password_is_not_printed(session: Any) -> None:
    assert PASSWORD not in repr(session())
