# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client: what is sent, repeated, refused, believed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._client import READS_BY_OTHER_VERBS, Client, checked_url, is_read
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain

BASE = "https://jira.example.com"
SECRET = "correct-horse-battery-staple-4711"
BROKEN = AtlassianError("the connection broke", transient=True)
Make = Callable[..., Client]


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def make(script: Callable[..., Any], waits: list[float]) -> Make:
    def client(*calls: Any, credentials: Any = None, read_only: bool = False) -> Client:
        return Client(BASE, credentials or _credentials.token(SECRET), script(*calls), read_only=read_only, sleep=waits.append)

    return client


def test_a_read_sends_credentials_and_a_name_that_is_no_browsers(make: Make, call: Any, script: Any) -> None:
    assert make(call("GET", "/x", json={"a": 1})).get_json("/x") == {"a": 1}
    headers = script().sent[0].headers
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert "Mozilla" not in headers["User-Agent"]
    assert "X-Atlassian-Token" not in headers and "Cookie" not in headers


def test_a_password_is_sent_with_the_first_request(make: Make, call: Any, script: Any) -> None:
    make(call("GET", "/x", json={}), credentials=_credentials.password("ann", "pä:ss")).get_json("/x")
    assert script().sent[0].headers["Authorization"] == "Basic YW5uOnDDpDpzcw=="


def test_a_write_carries_the_xsrf_header(make: Make, call: Any, script: Any) -> None:
    make(call("PUT", "/x", 204, body={"enabled": True})).write("PUT", "/x", {"enabled": True})
    assert script().sent[0].headers["X-Atlassian-Token"] == "no-check"
    assert script().sent[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_check_mode_refuses_writes_before_the_wire(make: Make, method: str) -> None:
    with pytest.raises(AtlassianError, match="must not change anything"):
        make(read_only=True).write(method, "/rest/internal/1.0/darkFeatures", {})


def test_check_mode_lets_through_the_closed_table_only(make: Make, call: Any) -> None:
    for method, path in READS_BY_OTHER_VERBS:
        make(call(method, path, 204), read_only=True).write(method, path)
        assert not is_read(method, f"{path}/x")
        assert not is_read("PUT", path)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_is_repeated_and_honours_retry_after(make: Make, call: Any, waits: list[float], status: int) -> None:
    client = make(call("GET", "/x", status, headers={"Retry-After": "7"}), call("GET", "/x", status), call("GET", "/x", json=[1]))
    assert client.get_json("/x") == [1]
    assert waits == [7.0, 1.0]


def test_a_broken_connection_is_repeated_within_bounds(make: Make, call: Any, waits: list[float]) -> None:
    with pytest.raises(AtlassianError, match="broke"):
        make(*[call("GET", "/x", error=BROKEN) for attempt in range(4)]).get_json("/x")
    assert waits == [0.5, 1.0, 2.0]


def test_a_wait_beyond_the_cap_is_not_waited(make: Make, call: Any, waits: list[float]) -> None:
    with pytest.raises(AtlassianError, match="asks to wait 3600 s"):
        make(call("GET", "/x", 429, headers={"Retry-After": "3600"})).get_json("/x")
    assert waits == []


def test_the_total_wait_is_bounded(make: Make, call: Any, waits: list[float]) -> None:
    with pytest.raises(AtlassianError):
        make(*[call("GET", "/x", 503, headers={"Retry-After": "29"}) for attempt in range(3)]).get_json("/x")
    assert waits == [29.0, 29.0]


@pytest.mark.parametrize("status", [400, 404, 405, 500])
def test_other_statuses_are_not_repeated(make: Make, call: Any, status: int) -> None:
    with pytest.raises(AtlassianError, match=str(status)):
        make(call("GET", "/x", status)).get_json("/x")


def test_after_a_refused_login_nothing_more_is_sent(make: Make, call: Any) -> None:
    client = make(call("GET", "/x", 401, text="<html>Reason : AUTHENTICATED_FAILED</html>", headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}))
    for attempt in range(3):
        with pytest.raises(AtlassianError, match="Correct token"):
            client.get_json("/x")


def test_a_missing_right_does_not_lock_the_client(make: Make, call: Any) -> None:
    client = make(call("GET", "/x", 403, json={"errorMessages": ["nein"], "errors": {}}), call("GET", "/y", json={}))
    with pytest.raises(AtlassianError, match="no right"):
        client.get_json("/x")
    assert client.get_json("/y") == {}


@pytest.mark.parametrize(
    "headers", [{"X-AUSERNAME": "anonymous"}, {"X-Seraph-LoginReason": "OUT, AUTHENTICATED_FAILED"}], ids=["user name", "login reason"]
)
def test_a_success_given_to_nobody_is_no_success(make: Make, call: Any, headers: dict[str, str]) -> None:
    client = make(call("GET", "/x", 200, json=[], headers=headers))
    with pytest.raises(AtlassianError, match="Correct token"):
        client.get_json("/x")
    with pytest.raises(AtlassianError, match="Correct token"):
        client.get_json("/y")


def test_a_write_whose_answer_is_lost_is_not_repeated_blind(make: Make, call: Any) -> None:
    with pytest.raises(WriteUncertain):
        make(call("PUT", "/x", 502, body={})).write("PUT", "/x", {})


def test_settle_reads_before_it_writes_again(make: Make, call: Any, waits: list[float]) -> None:
    client = make(
        call("DELETE", "/x", 502),
        call("GET", "/x", json={"there": True}),
        call("DELETE", "/x", 429, headers={"Retry-After": "3"}),
        call("GET", "/x", json={"there": False}),
    )
    client.settle(lambda: client.write("DELETE", "/x"), lambda: not client.get_json("/x")["there"])
    assert waits == [0.5, 3.0]


def test_a_delete_answered_404_after_a_502_is_done(make: Make, call: Any) -> None:
    client = make(call("DELETE", "/x", 502), call("GET", "/x", json={"there": True}), call("DELETE", "/x", 404))
    client.settle(lambda: client.write("DELETE", "/x", also=(404,)), lambda: not client.get_json("/x")["there"])


def test_settle_gives_up_with_what_it_knows(make: Make, call: Any) -> None:
    calls = [call("PUT", "/x", error=BROKEN, body={}), call("GET", "/x", json={})] * 3
    client = make(*calls)
    with pytest.raises(AtlassianError, match="A re-read shows that it was not done"):
        client.settle(lambda: client.write("PUT", "/x", {}), lambda: bool(client.get_json("/x")))


@pytest.mark.parametrize("there", [True, False])
def test_settle_does_not_wait_beyond_the_cap_and_says_only_what_it_read(make: Make, call: Any, waits: list[float], there: bool) -> None:
    client = make(call("PUT", "/x", 429, headers={"Retry-After": "3600"}, body={}), call("GET", "/x", json={"there": there}))
    outcome = contextlib.nullcontext() if there else pytest.raises(AtlassianError, match="asks to wait 3600 s.*A re-read shows that it was not done")
    with outcome:
        client.settle(lambda: client.write("PUT", "/x", {}), lambda: client.get_json("/x")["there"])
    assert waits == []


def test_a_redirect_is_not_followed_and_its_query_not_shown(make: Make, call: Any) -> None:
    with pytest.raises(AtlassianError) as caught:
        make(call("GET", "/x", 302, headers={"Location": "https://evil.example.net/x?os_password=abc"})).get_json("/x")
    assert "https://evil.example.net/x" in str(caught.value)
    assert "os_password" not in str(caught.value)


def test_what_the_product_echoes_of_a_secret_is_masked(make: Make, call: Any) -> None:
    with pytest.raises(AtlassianError) as caught:
        make(call("GET", "/x", 400, json={"errorMessages": [f"bad header Bearer {SECRET}"]})).get_json("/x")
    assert SECRET not in str(caught.value)
    assert "bad header" in str(caught.value)


def test_a_stranger_sends_nothing_about_itself(make: Make, call: Any, script: Any) -> None:
    client = make(call("GET", "/x", 401, stranger=True), credentials=_credentials.stranger(), read_only=True)
    assert client.get("/x").status == 401
    assert set(script().sent[0].headers) == {"User-Agent", "Accept"}


def test_gather_goes_on_past_a_bad_object(make: Make, call: Any) -> None:
    client = make(call("GET", "/1", json=1), call("GET", "/2", 500), call("GET", "/3", json=3))
    one, two, three = client.gather(client.get_json, ["/1", "/2", "/3"])
    assert (one, three) == (1, 3)
    assert isinstance(two, AtlassianError)


@pytest.mark.parametrize("url", ["https://jira.example.com", "https://x.example/jira", "http://localhost:8080", "http://127.0.0.1:1/jira", "http://[::1]:1"])
def test_good_addresses(url: str) -> None:
    assert checked_url(f"{url}/", allow_http=False) == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://jira.example.com", "clear text"),
        ("http://127.0.0.1.example.com", "clear text"),
        ("ftp://jira.example.com", "base address"),
        ("jira.example.com", "base address"),
        ("https://jira.example.com/?os_authType=basic", "base address"),
        ("https://[broken", "not a valid address"),
    ],
)
def test_bad_addresses(url: str, words: str) -> None:
    with pytest.raises(AtlassianError, match=words):
        checked_url(url, allow_http=False)


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(AtlassianError) as caught:
        checked_url(f"https://ann:{SECRET}@jira.example.com", allow_http=False)
    assert SECRET not in str(caught.value)


def test_clear_text_by_explicit_option() -> None:
    assert checked_url("http://node1.example.com:8080", allow_http=True) == "http://node1.example.com:8080"
