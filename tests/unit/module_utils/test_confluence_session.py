# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The browser session: both log-in pages, the second password question, one attempt for each, and the end."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

PASSWORD, SESSION = "correct-horse-battery-staple-4711", "6F3A0C1D2E9B4857session"
FAILED, DENIED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
ASKED = {"status": 302, "headers": {"Location": "https://wiki.example.com/authenticate.action?destination=%2Fadmin%2Fx.action"}}
QUESTION = '<html><form action="/doauthenticate.action"><input type="password" name="password"></form></html>'


@pytest.fixture
def get(call: Any) -> Any:
    return lambda path="/admin/x.action", **answer: call("GET", path, session=True, **(answer or {"text": "<html>page</html>"}))


@pytest.fixture
def newer(call: Any, log_in: Any) -> Any:
    """The newer log-in page and the answer to it."""
    body = {"username": "automation", "password": PASSWORD, "rememberMe": "False", "targetUrl": ""}

    def calls(**answer: Any) -> list[Any]:
        given = answer or {"json": {"success": True}, "cookies": (f"JSESSIONID={SESSION}",)}
        page = replace(log_in()[0], text="<html><div id='tsv-root'></div></html>")
        return [page, call("POST", "/rest/tsv/1.0/authenticate", body=body, session=True, **given)]

    return calls


def test_nothing_is_sent_before_the_first_use(session: Any) -> None:
    session().close()


def test_the_classic_page(session: Any, log_in: Any, get: Any, script: Any) -> None:
    browser = session(*log_in(), get(), get("/admin/y.action"))
    assert browser.page("/admin/x.action").text == "<html>page</html>"
    browser.page("/admin/y.action")
    sent = script().sent
    assert [request.headers.get("Cookie") for request in sent] == [None, None, *[f"JSESSIONID={SESSION}"] * 3]
    assert {request.headers.get("X-Atlassian-Token") for request in sent if request.method == "POST"} == {"no-check"}


def test_the_newer_page(session: Any, newer: Any, log_in: Any, get: Any) -> None:
    session(*newer(), log_in()[2], get()).page("/admin/x.action")


def test_a_session_logs_in_in_check_mode_too(session: Any, log_in: Any, get: Any, web_sudo: Any) -> None:
    browser = session(*log_in(), get(**ASKED), web_sudo, get(), read_only=True)
    browser.page("/admin/x.action")
    with pytest.raises(AtlassianError, match="must not change anything"):
        browser.post("/admin/save.action", [("a", "b")])


@pytest.mark.parametrize(("headers", "words"), [(FAILED, "Correct username and password"), (DENIED, "CAPTCHA"), ({}, "the session is nobody's")])
def test_a_wrong_password_is_sent_once(session: Any, log_in: Any, headers: dict[str, str], words: str) -> None:
    page, attempt, who = log_in()
    nobody = [] if headers else [replace(who, json={"type": "anonymous"})]
    browser = session(page, replace(attempt, status=200, headers=headers, cookies=()), *nobody)
    for _use in range(3):
        with pytest.raises(AtlassianError, match=words) as caught:
            browser.page("/admin/x.action")
        assert PASSWORD not in str(caught.value) and "not tried again" in str(caught.value)
    with pytest.raises(AtlassianError, match=words):
        browser.post("/admin/x.action", [])
    with pytest.raises(AtlassianError, match=words):
        browser.elevate()
    browser.close()


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_refusal_by_the_newer_page_is_the_last_request(session: Any, newer: Any, status: int) -> None:
    browser = session(*newer(status=status))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=str(status)):
            browser.client


@pytest.mark.parametrize("answer", [{"json": {"type": "anonymous"}}, {"status": 401}, {"status": 403}])
def test_an_account_with_a_second_factor(session: Any, newer: Any, call: Any, answer: dict[str, Any]) -> None:
    browser = session(*newer(json={"success": True}), call("GET", "/rest/api/user/current", session=True, **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=r"second factor \(two-step verification\)"):
            browser.client


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"json": {"type": "known", "username": "ann"}}, "that of ann, not of automation"),
        ({"text": "<html>Portal</html>"}, "HTML"),
        ({"json": {}}, "another shape"),
        ({"status": 500}, "failed inside"),
    ],
)
def test_a_session_that_is_not_ours_is_not_used(session: Any, log_in: Any, call: Any, answer: dict[str, Any], words: str) -> None:
    browser = session(*log_in()[:2], call("GET", "/rest/api/user/current", session=True, **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=words):
            browser.client


def test_letters_of_another_case_are_the_same_user(session: Any, log_in: Any) -> None:
    page, attempt, who = log_in()
    assert session(page, attempt, replace(who, json={"type": "known", "username": "Automation"})).client


@pytest.mark.parametrize("question", [ASKED, {"text": QUESTION}], ids=["by redirect", "in place"])
def test_the_password_question_of_administration(session: Any, log_in: Any, get: Any, web_sudo: Any, question: dict[str, Any]) -> None:
    browser = session(*log_in(), get(**question), web_sudo, get(), get("/admin/y.action"))
    assert browser.page("/admin/x.action").text == "<html>page</html>"
    browser.page("/admin/y.action")


def test_a_page_that_only_names_the_question_is_none(session: Any, log_in: Any, get: Any) -> None:
    text = '<html><a href="/doauthenticate.action">-</a><form action="/doauthenticate.action"><input name="other"></form></html>'
    assert session(*log_in(), get(text=text)).page("/admin/x.action").text == text


@pytest.mark.parametrize("answer", [{"headers": FAILED}, {"headers": DENIED}, {"text": QUESTION}, {"status": 403}])
def test_a_refused_question_is_not_answered_again(session: Any, log_in: Any, get: Any, web_sudo: Any, answer: dict[str, Any]) -> None:
    refused = replace(web_sudo, **{"status": 200, "headers": {}, **answer})
    browser = session(*log_in(), get(**ASKED), refused)
    for _use in range(3):
        with pytest.raises(AtlassianError) as caught:
            browser.page("/admin/x.action")
        assert "not tried again" in str(caught.value)


def test_a_question_that_comes_again_is_an_error(session: Any, log_in: Any, get: Any, web_sudo: Any) -> None:
    browser = session(*log_in(), get(**ASKED), web_sudo, get(**ASKED))
    with pytest.raises(AtlassianError, match="asks for the password again"):
        browser.page("/admin/x.action")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 403}, "may not use this page"),
        ({"status": 302, "headers": {"Location": "/login.action?os_destination=x"}}, "leads to the log-in page"),
    ],
)
def test_a_page_or_a_post_that_is_refused(session: Any, log_in: Any, get: Any, call: Any, answer: dict[str, Any], words: str) -> None:
    browser = session(*log_in(), get(**answer), call("POST", "/save.action", form={"a": "ü&"}, session=True, **answer))
    with pytest.raises(AtlassianError, match=words):
        browser.page("/admin/x.action")
    with pytest.raises(AtlassianError, match=words):
        browser.post("/save.action", [("a", "ü&")])


def test_a_session_that_is_lost_is_no_answer(session: Any, log_in: Any, call: Any) -> None:
    lost = call("POST", "/rpc", body=[], json=[], session=True, headers={"X-AUSERNAME": "anonymous"})
    browser = session(*log_in(), lost)
    with pytest.raises(AtlassianError, match="as anonymous"):
        browser.client.call("/rpc", [])


@pytest.mark.parametrize("end", [{"status": 302}, {"status": 500}, {"error": AtlassianError("the connection broke")}])
def test_the_end_hurts_nobody(session: Any, log_in: Any, get: Any, end: dict[str, Any]) -> None:
    browser = session(*log_in(), get("/logout.action", **end))
    assert browser.client
    browser.close()
    browser.close()
    with pytest.raises(AtlassianError, match="The session was ended"):
        browser.client


def test_below_a_context_path(session: Any, log_in: Any, get: Any, web_sudo: Any) -> None:
    asked = {"status": 302, "headers": {"Location": "https://example.com/wiki/authenticate.action?destination=x"}}
    browser = session(*log_in(), get(**asked), web_sudo, get(), url="https://example.com/wiki")
    browser.page("/admin/x.action")
    assert browser.below("/wiki/admin/x.action?key=A") == "/admin/x.action?key=A"
    assert browser.below("/wikipedia/x") == "/wikipedia/x"


def test_without_a_context_path_nothing_is_cut(session: Any, log_in: Any) -> None:
    assert session(*log_in()).below("/admin/x.action") == "/admin/x.action"


def test_requests_wait_until_one_has_succeeded(session: Any) -> None:
    browser, inside, order = session(), threading.Event(), []

    def first() -> str:
        inside.set()
        order.append("first begins")
        threading.Event().wait(0.05)
        order.append("first ends")
        return "x"

    thread = threading.Thread(target=lambda: browser.settled(first))
    thread.start()
    inside.wait()
    assert browser.settled(lambda: order.append("second") or "y") == "y"
    thread.join()
    assert order == ["first begins", "first ends", "second"]


def test_the_password_is_not_printed(session: Any) -> None:
    assert PASSWORD not in repr(session())


@pytest.mark.parametrize("path", ["authenticate.action", "login.action"])
def test_a_question_refused_by_a_redirect_is_not_answered_again(session: Any, log_in: Any, get: Any, web_sudo: Any, path: str) -> None:
    sent_back = replace(web_sudo, headers={"Location": f"https://wiki.example.com/{path}"})
    browser = session(*log_in(), get(**ASKED), sent_back)
    for _use in range(2):
        with pytest.raises(AtlassianError, match="not tried again"):
            browser.page("/admin/x.action")


def test_a_question_that_comes_again_is_the_last_request(session: Any, log_in: Any, get: Any, web_sudo: Any) -> None:
    browser = session(*log_in(), get(**ASKED), web_sudo, get(**ASKED))
    for _use in range(2):
        with pytest.raises(AtlassianError, match="asks for the password again"):
            browser.page("/admin/x.action")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 302, "headers": {"Location": "https://sso.example.com/saml?x=y"}}, "answered 302 and leads to sso.example.com/saml: it is not"),
        ({"status": 303, "headers": {"Location": "/portal"}}, "answered 303 and leads to /portal: it is not"),
        ({"status": 404}, "answered 404: it is not"),
        ({"status": 500}, "answered 500: it is not"),
    ],
)
def test_a_page_that_is_not_the_products_gets_no_password(session: Any, get: Any, script: Any, answer: dict[str, Any], words: str) -> None:
    browser = session(get("/login.action", **answer))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=words) as caught:
            browser.client
        assert "no password was sent" in str(caught.value) and "x=y" not in str(caught.value)
    assert [request.method for request in script().sent] == ["GET"]


def test_a_page_that_is_neither_of_both_says_so(session: Any, newer: Any) -> None:
    """A 200 that does not look like the classic page, and no address of the newer one."""
    browser = session(*newer(status=404))
    for _use in range(2):
        with pytest.raises(AtlassianError, match=r"neither the classic log-in page nor .* /rest/tsv/1.0/authenticate \(it answered 404\)"):
            browser.client
