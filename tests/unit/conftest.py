# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP by script: a test lists the requests it expects, in order, with their answers. Anything else fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.module_utils import _connect
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Request, Response

BASE = "https://jira.example.com"
TOKEN = "NzEwMzk0ODU2MTc5OtestingOnlyToken0123456789"


@dataclass
class Call:
    """One expected request and its answer. body: the expected JSON. path: below BASE, with the query."""

    method: str
    path: str
    status: int = 200
    json: Any = None
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    error: AtlassianError | None = None
    stranger: bool = False


class ScriptedTransport:
    def __init__(self) -> None:
        self.expected: list[Call] = []
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        label = f"{request.method} {request.url}"
        if not self.expected:
            pytest.fail(f"unexpected request: {label}")
        call = self.expected.pop(0)
        assert label == f"{call.method} {call.path if '://' in call.path else BASE + call.path}"
        sent = None if request.body is None else json.loads(request.body)
        assert sent == call.body, f"body of {label}"
        assert ("Authorization" not in request.headers) == call.stranger, f"credentials of {label}"
        self.sent.append(request)
        if call.error is not None:
            raise call.error
        body = call.text.encode() if call.text is not None else (b"" if call.json is None else json.dumps(call.json).encode())
        user = "anonymous" if call.stranger else "automation"
        headers = {"x-ausername": user, **{name.lower(): value for name, value in call.headers.items()}}
        return Response(request, call.status, headers, body)


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
        given = {name: value for name, value in arguments.items() if value is not None}
        with patch_module_args(given), pytest.raises(_Left):
            module.main()
        assert TOKEN not in json.dumps(results), "the token is in the result"
        return results[0]

    return run


@pytest.fixture
def call() -> type[Call]:
    return Call


@pytest.fixture
def myself() -> Call:
    """The identity request every module starts with."""
    return Call("GET", "/rest/api/2/myself", json={"name": "automation", "key": "JIRAUSER1"})
