# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of unwanted answer ends in one sentence that says what was asked, what came back, what to do."""

from __future__ import annotations

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials, _sentences
from ansible_collections.hardening.atlassian.plugins.module_utils._client import json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Request, Response

REQUEST = Request("GET", "https://jira.example.com/rest/x?query=private", {})
WEBSUDO = b'{"message": "This resource requires WebSudo.", "status-code": 401}'


def answer(status: int, body: bytes = b"", **headers: str) -> Response:
    return Response(REQUEST, status, {name.replace("_", "-").lower(): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (answer(401, b"<html>"), ["credentials were not accepted", "Correct token", "not tried again"]),
        (answer(200, b"", X_Seraph_LoginReason="AUTHENTICATED_FAILED"), ["credentials were not accepted", "Correct token"]),
        (answer(403, b"<html>", X_Authentication_Denied_Reason="CAPTCHA_CHALLENGE; login-url=/login.jsp"), ["CAPTCHA", "browser"]),
        (answer(403, b"", X_Seraph_LoginReason="OK,AUTHENTICATION_DENIED"), ["CAPTCHA", "browser"]),
        (answer(401, WEBSUDO), ["WebSudo", "username and password"]),
        (answer(401, b'{"subCode": "upm.websudo.error"}'), ["WebSudo"]),
        (answer(403, b'{"errorMessages": ["Kein Recht"], "errors": {}}'), ["no right", "Kein Recht", "system administrator"]),
        (answer(404), ["no such thing", "context path"]),
        (answer(405), ["does not offer"]),
        (answer(429, b"", Retry_After="90"), ["limits the rate", "asks to wait 90 s"]),
        (answer(503, b"<html>down</html>"), ["not available"]),
        (answer(500, b"<html>stack trace</html>"), ["failed inside", "log"]),
        (answer(302, b"", Location="/login.jsp?os_destination=%2F"), ["redirect to /login.jsp,"]),
        (answer(400, b'{"errorMessages": [], "errors": {"value": "bad"}}'), ["value: bad"]),
        (answer(400, b'[{"errors": [{"key": "a", "message": "b"}], "message": "c", "status": 400}]'), ["b c"]),
        (answer(400, b'{"errorMessage": "d"}'), ["d"]),
        (answer(400, b"plain words"), ["plain words"]),
    ],
)
def test_sentences(response: Response, words: list[str]) -> None:
    sentence = _sentences.refusal(response, _credentials.token("t" * 40))
    assert sentence.startswith(f"GET https://jira.example.com/rest/x answered {response.status}: ")
    for word in words:
        assert word in sentence
    assert "<html" not in sentence and "private" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("headers", [{"X_AUSERNAME": "automation"}, {"X_Seraph_LoginReason": "OK"}])
def test_a_401_for_a_known_user_is_a_missing_right(headers: dict[str, str]) -> None:
    response = answer(401, b'{"errorMessages": ["no"]}', **headers)
    assert not _sentences.is_login_failure(response)
    assert "no right" in _sentences.refusal(response, _credentials.token("t" * 40))


def test_basic_authentication_blocked() -> None:
    response = answer(403, b'{"message": "Die Basisauthentifizierung ist aus."}')
    assert "Basic authentication is blocked" in _sentences.refusal(response, _credentials.password("ann", "p" * 20))
    assert "no right" in _sentences.refusal(response, _credentials.token("t" * 40))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "nothing, where JSON was expected"),
        (b"  <!DOCTYPE html><html>", "a page (HTML) instead of JSON"),
        (b'{"projects": [{"key"', "broken or truncated JSON"),
        (b"Bienvenue", "broken or truncated JSON"),
    ],
)
def test_a_success_without_json(body: bytes, words: str) -> None:
    with pytest.raises(AtlassianError) as caught:
        json_of(answer(200, body))
    assert words in str(caught.value)


def test_websudo_is_no_failed_login() -> None:
    assert not _sentences.is_login_failure(answer(401, WEBSUDO))
    assert _sentences.is_login_failure(answer(401, b'{"message": "Client must be authenticated", "status-code": 401}'))
    assert not _sentences.is_login_failure(answer(403, b"{}"))


def test_long_words_are_cut() -> None:
    assert len(_sentences.product_words(b"x" * 5000)) == _sentences.LONGEST_QUOTE
