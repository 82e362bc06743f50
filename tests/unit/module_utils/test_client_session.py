# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client as a browser session: forms, cookies, JSON posts, and what is repeated."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _connect, _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION
from ansible_collections.hardening.atlassian.plugins.module_utils._client import READS_BY_OTHER_VERBS, REPEATABLE, Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain

BASE, SECRET = "https://jira.example.com", "correct-horse-battery-staple-4711"
LOGIN, GETTER = "/dologin.action", "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets"


@pytest.fixture
def make(script: Any) -> Any:
    def client(*calls: Any, read_only: bool = False, logged_in: bool = True) -> Client:
        credentials = _credentials.session(SECRET)
        assert credentials.cookies is not None
        credentials.cookies.logged_in = logged_in
        return Client(BASE, credentials, script(*calls), read_only=read_only, sleep=lambda seconds: None)

    return client


def test_a_form_is_posted_as_a_browser_would(make: Any, call: Any, script: Any) -> None:
    pairs = [("a", "1"), ("a", "ü & =\r\n"), ("b", "")]
    response = make(call("POST", "/x", 302, form=pairs, session=True)).submit("/x", pairs)
    headers = script().sent[0].headers
    assert response.status == 302
    assert (headers["Content-Type"], headers["Accept"]) == ("application/x-www-form-urlencoded", "text/html")
    assert headers["X-Atlassian-Token"] == "no-check" and "Mozilla" not in headers["User-Agent"]


def test_cookies_go_with_the_next_request(make: Any, call: Any, script: Any) -> None:
    calls = [
        call("GET", "/x", session=True, cookies=("JSESSIONID=one; Path=/", "a=b")),
        call("GET", "/y", 404, session=True, cookies=("JSESSIONID=two",)),
    ]
    client = make(*calls, call("POST", "/z", form={}, session=True))
    client.get_page("/x")
    client.get_page("/y")
    client.submit("/z", [])
    assert [request.headers.get("Cookie") for request in script().sent] == [None, "JSESSIONID=one; a=b", "JSESSIONID=two; a=b"]


def test_only_a_session_keeps_cookies(script: Any, call: Any) -> None:
    for credentials, stranger in ((_credentials.token(SECRET), False), (_credentials.stranger(), True)):
        answers = [call("GET", path, stranger=stranger, cookies=("JSESSIONID=one",), json={}) for path in ("/x", "/y")]
        client = Client(BASE, credentials, script(*answers), read_only=True)
        client.get("/x")
        client.get("/y")


def test_a_json_post_is_any_answer(make: Any, call: Any) -> None:
    client = make(call("POST", "/x", 405, body=[1], session=True), call("POST", "/x", json={"a": 1}, body={}, session=True))
    assert client.call("/x", [1]).status == 405
    assert client.call("/x", {}).text == '{"a": 1}'


def test_check_mode_lets_a_log_in_through_and_no_form(make: Any, call: Any) -> None:
    client = make(call("POST", LOGIN, 302, form={"os_password": "x"}, session=True), read_only=True)
    client.submit(LOGIN, [("os_password", "x")])
    for path in ("/admin/save.action", f"{LOGIN}/x", "/rpc/json-rpc/confluenceservice-v2/removeAnonymousUsePermission"):
        with pytest.raises(AtlassianError, match="must not change anything"):
            client.submit(path, [])
        with pytest.raises(AtlassianError, match="must not change anything"):
            client.call(path, [])


def test_a_log_in_is_never_repeated_and_a_getter_is(make: Any, call: Any) -> None:
    with pytest.raises(WriteUncertain):
        make(call("POST", LOGIN, 503, form={}, session=True)).submit(LOGIN, [])
    client = make(*[call("POST", GETTER, status, body=["A"], session=True, json=[]) for status in (503, 429, 200)])
    assert client.call(GETTER, ["A"]).status == 200


def test_what_may_be_repeated_are_getters_of_the_remote_api_only() -> None:
    assert {path.rpartition("/")[2] for _method, path in REPEATABLE} == {"getServerInfo", "getSpacePermissionSets"}
    assert REPEATABLE <= set(READS_BY_OTHER_VERBS)


def test_who_has_not_logged_in_may_be_refused(make: Any, call: Any) -> None:
    """The log-in page itself answers as anonymous; that locks nothing."""
    refused = {"status": 401, "headers": {"X-AUSERNAME": "anonymous", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}}
    client = make(call("GET", "/x", session=True, **refused), call("GET", "/x", session=True, **refused), logged_in=False)
    assert (client.get("/x").status, client.get_page("/x").status) == (401, 401)


def test_a_session_that_is_refused_sends_nothing_more(make: Any, call: Any) -> None:
    client = make(call("POST", "/x", 200, form={}, session=True, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}))
    for _attempt in range(2):
        with pytest.raises(AtlassianError, match="Correct username and password"):
            client.submit("/x", [])


def module(**options: Any) -> Any:
    defaults = {name: option.get("default") for name, option in CONNECTION.options.items()}
    return SimpleNamespace(params={**defaults, "url": BASE, **options}, check_mode=True, no_log_values=set())


def test_a_browser_is_a_client_of_its_own() -> None:
    link = _connect.connection(module(username="ann", password=SECRET), "confluence")
    first, second = link.browser(), link.browser()
    assert link.login == ("ann", SECRET) and SECRET not in repr(link)
    assert first.read_only and first.credentials.anonymous and dict(first.credentials.headers) == {}
    assert first.credentials.cookies is not second.credentials.cookies
    assert first.credentials.redact(SECRET) == "********"


def test_a_token_gives_no_browser_session() -> None:
    assert _connect.connection(module(token=SECRET), "confluence").login is None
