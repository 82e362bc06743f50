# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP by script: a test lists the requests it expects, in order, with their answers. Anything else fails."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.module_utils import _connect
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Request, Response

BASE = "https://jira.example.com"
WIKI = "https://wiki.example.com"
TOKEN = "NzEwMzk0ODU2MTc5OtestingOnlyToken0123456789"
PASSWORD = "correct-horse-battery-staple-4711"
SESSION, XSRF = "6F3A0C1D2E9B4857session", "5f2c8e61xsrf"  # as the scripted Confluence hands them out
SECRETS = (TOKEN, PASSWORD, base64.b64encode(f"automation:{PASSWORD}".encode()).decode(), SESSION, XSRF)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Call:
    """One expected request and its answer. path: below the base address, with the query.

    body: the expected JSON. form: the expected fields of a posted form, as a dictionary, or as pairs where their order or number matters.
    stranger: without credentials. session: from the browser session, which has cookies only. cookies: Set-Cookie lines of the answer.
    """

    method: str
    path: str
    status: int = 200
    json: Any = None
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    error: AtlassianError | None = None
    stranger: bool = False
    session: bool = False
    form: dict[str, str] | list[tuple[str, str]] | None = None
    cookies: tuple[str, ...] = ()


class ScriptedTransport:
    def __init__(self) -> None:
        self.expected: list[Call] = []
        self.sent: list[Request] = []
        self.base = BASE

    def send(self, request: Request) -> Response:
        label = f"{request.method} {request.url}"
        if not self.expected:
            pytest.fail(f"unexpected request: {label}")
        call = self.expected.pop(0)
        assert label == f"{call.method} {call.path if '://' in call.path else self.base + call.path}"
        assert _sent(request, pairs=isinstance(call.form, list)) == (call.body if call.form is None else call.form), f"body of {label}"
        assert ("Authorization" not in request.headers) == (call.stranger or call.session), f"credentials of {label}"
        assert call.session or "Cookie" not in request.headers, f"cookies of {label}"
        self.sent.append(request)
        if call.error is not None:
            raise call.error
        body = call.text.encode() if call.text is not None else (b"" if call.json is None else json.dumps(call.json).encode())
        user = "anonymous" if call.stranger else "automation"
        headers = {"x-ausername": user, **{name.lower(): value for name, value in call.headers.items()}}
        return Response(request, call.status, headers, body, call.cookies)


def _sent(request: Request, pairs: bool) -> Any:
    """JSON, or the fields of a form; blank ones count."""
    if request.body is None:
        return None
    if request.headers["Content-Type"] != FORM:
        return json.loads(request.body)
    fields = parse_qsl(request.body.decode(), keep_blank_values=True)
    assert pairs or len(dict(fields)) == len(fields), "a field was sent twice"
    return fields if pairs else dict(fields)


@pytest.fixture
def script() -> Iterator[Callable[..., ScriptedTransport]]:
    """script(Call, ...) -> transport. At the end of the test every expected request must have been sent."""
    transport = ScriptedTransport()

    def expect(*calls: Call) -> ScriptedTransport:
        transport.expected.extend(calls)
        return transport

    yield expect
    assert [f"{call.method} {call.path}" for call in transport.expected] == [], "expected and not sent"


class _Left(Exception):
    """The module ended."""


@pytest.fixture
def run_module(script: Callable[..., ScriptedTransport], monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """run_module(module, [Call, ...], check=False, **options) -> result, with `failed` true or false."""

    def run(module: ModuleType, calls: list[Call], check: bool = False, **options: Any) -> dict[str, Any]:
        transport = script(*calls)
        results: list[dict[str, Any]] = []

        def leave(failed: bool) -> Callable[..., None]:
            def end(self: AnsibleModule, **result: Any) -> None:
                results.append({"failed": failed, **result})
                raise _Left

            return end

        monkeypatch.setattr(_connect._transport, "PooledTransport", lambda tls, timeout, connections: transport)
        monkeypatch.setattr(AnsibleModule, "exit_json", leave(False))
        monkeypatch.setattr(AnsibleModule, "fail_json", leave(True))
        arguments = {"url": BASE, "token": TOKEN, "connections": 1, **options, "_ansible_check_mode": check}
        transport.base = arguments["url"]
        given = {name: value for name, value in arguments.items() if value is not None}
        with patch_module_args(given), pytest.raises(_Left):
            module.main()
        assert not [secret for secret in SECRETS if secret in json.dumps(results)], "a secret is in the result"
        return results[0]

    return run


@pytest.fixture
def call() -> type[Call]:
    return Call


@pytest.fixture
def myself() -> Call:
    """The identity request every module starts with."""
    return Call("GET", "/rest/api/2/myself", json={"name": "automation", "key": "JIRAUSER1"})


@pytest.fixture
def run_wiki(run_module: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """As run_module, for Confluence. browser: give username and password, so that a session is possible."""

    def run(module: ModuleType, calls: list[Call], check: bool = False, browser: bool = False, **options: Any) -> dict[str, Any]:
        who = {"token": None, "username": "automation", "password": PASSWORD} if browser else {}
        return run_module(module, calls, check, **{"url": WIKI, **who, **options})

    return run


@pytest.fixture
def whoami() -> Call:
    """The identity request every module of Confluence starts with."""
    return Call("GET", "/rest/api/user/current", json={"type": "known", "username": "automation", "userKey": "ff80808"})


@pytest.fixture
def log_in(whoami: Call) -> Callable[[], list[Call]]:
    """The requests by which a browser session begins, on the classic page."""
    anonymous = {"X-AUSERNAME": "anonymous"}
    page = '<html><form name="loginform" action="/dologin.action"><input name="os_username"></form></html>'
    form = {"os_username": "automation", "os_password": PASSWORD, "os_destination": "", "login": "login"}

    def calls() -> list[Call]:
        return [
            Call("GET", "/login.action", text=page, headers=anonymous, session=True),
            Call("POST", "/dologin.action", 302, form=form, session=True, cookies=(f"JSESSIONID={SESSION}; Path=/; HttpOnly",)),
            replace(whoami, session=True),
        ]

    return calls


@pytest.fixture
def log_out() -> Call:
    return Call("GET", "/logout.action", 302, session=True)


@pytest.fixture
def web_sudo() -> Call:
    """The answer to the password question of administration; granted."""
    form = {"password": PASSWORD, "authenticate": "Confirm", "destination": "/admin/console.action"}
    return Call("POST", "/doauthenticate.action", 302, form=form, session=True, headers={"Location": f"{WIKI}/admin/console.action"})


@pytest.fixture
def form_page() -> Callable[..., str]:
    """A page with a form of these controls, and another form before it. A pair of name and state stands for a box."""

    def page(*controls: str | tuple[str, bool], action: str = "/save.action") -> str:
        boxes = [
            item if isinstance(item, str) else f'<input type="checkbox" name="{item[0]}" value="true"{" checked" if item[1] else ""}>'
            for item in controls
        ]
        return (
            '<html><body><form action="/dosearchsite.action"><input name="queryString"></form>'
            f'<form action="{action}" method="post"><input type="hidden" name="atl_token" value="{XSRF}">{"".join(boxes)}'
            '<input type="submit" name="confirm" value="Save"><input type="submit" name="cancel" value="Cancel"></form></body></html>'
        )

    return page
