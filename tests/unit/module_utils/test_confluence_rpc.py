# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remote API: found off, asked for a secure session once, and believed only where it says so."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_rpc import PATH, RemoteApi
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain

PASSWORD = "correct-horse-battery-staple-4711"
WEBSUDO = "<html>com.atlassian.confluence.rpc.WebSudoRequiredException</html>"
GETTER, WRITE = "getSpacePermissionSets", "removeAnonymousUsePermission"


@pytest.fixture
def ask(call: Any) -> Any:
    return lambda method, *parameters, **answer: call("POST", PATH + method, body=list(parameters), session=True, **answer)


@pytest.fixture
def api(session: Any, log_in: Any) -> Any:
    return lambda *calls, **options: RemoteApi(session(*log_in(), *calls, **options))


@pytest.mark.parametrize("status", [404, 405, 401])
def test_off_is_asked_once(api: Any, ask: Any, status: int) -> None:
    remote = api(ask("getServerInfo", status=status, text="<html>"))
    assert f"the Remote API is off (POST https://wiki.example.com{PATH}getServerInfo answered {status})" in remote.refusal()
    assert "off" in remote.refusal()


@pytest.mark.parametrize("answer", [{"json": {"majorVersion": 8}}, {"json": {"error": {"message": "x"}}}, {"status": 500, "json": {}}])
def test_on_is_asked_once(api: Any, ask: Any, answer: dict[str, Any]) -> None:
    remote = api(ask("getServerInfo", **answer))
    assert (remote.refusal(), remote.refusal()) == ("", "")


@pytest.mark.parametrize("answer", [{"text": "<html>Portal</html>"}, {"text": ""}, {"status": 302}])
def test_somebody_else_answers(api: Any, ask: Any, answer: dict[str, Any]) -> None:
    assert "without JSON" in api(ask("getServerInfo", **answer)).refusal()


def test_check_mode_may_ask_and_not_write(api: Any, ask: Any) -> None:
    remote = api(ask("getServerInfo", json={}), ask(GETTER, "A", json=[]), read_only=True)
    assert remote.refusal() == "" and remote.call(GETTER, "A") == []
    with pytest.raises(AtlassianError, match="must not change anything"):
        remote.do(WRITE)


def test_a_secure_session_is_asked_for_once_a_call(api: Any, ask: Any, web_sudo: Any) -> None:
    remote = api(ask(GETTER, "A", text=WEBSUDO), web_sudo, ask(GETTER, "A", json=[1]), ask(GETTER, "B", json=[2]))
    assert (remote.call(GETTER, "A"), remote.call(GETTER, "B")) == ([1], [2])


def test_a_secure_session_that_is_wanted_again_is_an_error(api: Any, ask: Any, web_sudo: Any) -> None:
    with pytest.raises(AtlassianError, match="a secure administrator session is wanted again"):
        api(ask(GETTER, "A", text=WEBSUDO), web_sudo, ask(GETTER, "A", text=WEBSUDO)).call(GETTER, "A")


def test_json_that_names_the_exception_asks_for_nothing(api: Any, ask: Any) -> None:
    assert api(ask(GETTER, "A", json=["WebSudoRequiredException"])).call(GETTER, "A") == ["WebSudoRequiredException"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"json": {"error": {"code": 500, "message": f"no right for {PASSWORD}"}}}, r'was refused \("no right for \*{8}"\)'),
        ({"text": "<html>Portal</html>"}, "no JSON came back"),
        ({"status": 404, "text": "<html>"}, "answered 404"),
        ({"status": 500, "json": True}, "answered 500"),
    ],
)
def test_errors(api: Any, ask: Any, answer: dict[str, Any], words: str) -> None:
    with pytest.raises(AtlassianError, match=words) as caught:
        api(ask(WRITE, **answer)).call(WRITE)
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("text", ["false", "null", '"true"', '{"result": true}', "1", "[]"])
def test_a_write_is_done_where_it_says_true(api: Any, ask: Any, text: str) -> None:
    api(ask(WRITE, text="true")).do(WRITE)
    with pytest.raises(AtlassianError, match="did not answer true"):
        api(ask(WRITE, text=text)).do(WRITE)


def test_a_getter_is_repeated_and_a_write_is_not(api: Any, ask: Any) -> None:
    assert api(ask(GETTER, "A", status=502), ask(GETTER, "A", json=[])).call(GETTER, "A") == []
    with pytest.raises(WriteUncertain):
        api(ask(WRITE, status=502)).do(WRITE)


def test_a_log_in_that_failed_is_said_instead(session: Any, log_in: Any) -> None:
    page, attempt, _who = log_in()
    attempt.status, attempt.headers = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    remote = RemoteApi(session(page, attempt))
    for _use in range(2):
        assert "not accepted" in remote.refusal()


def test_a_401_without_a_name_is_off_and_locks_nobody(session: Any, log_in: Any, call: Any) -> None:
    off = call("POST", PATH + "getServerInfo", 401, body=[], session=True, text="<html>", headers={"X-AUSERNAME": ""})
    page = call("GET", "/admin/x.action", session=True, text="<html></html>")
    browser = session(*log_in(), off, page)
    assert "the Remote API is off" in RemoteApi(browser).refusal()
    assert browser.page("/admin/x.action").status == 200
