# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulator for each version, and modules run against it over real HTTP. ALL_VERSIONS=1 runs every version, else the oldest and the newest."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import urllib3
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.module_utils import _client
from simulator.settings import VERSIONS

TESTS = Path(__file__).resolve().parents[1]


def chosen(product: str) -> tuple[str, ...]:
    every = VERSIONS[product]
    return every if os.environ.get("ALL_VERSIONS") else (every[0], every[-1])


STARTS_WITHIN = 20  # seconds
ACCOUNTS = ("admin", "user", "admin2", "guest", "former")


@dataclass
class Simulator:
    """A running product, and the control API that shows and spoils it."""

    url: str
    product: str
    version: str
    secrets: dict[str, str]

    def __post_init__(self) -> None:
        self._http = urllib3.PoolManager(retries=False)

    def control(self, method: str, what: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        answer = self._http.request(method, f"{self.url}/__sim__/{what}", body=None if body is None else json.dumps(body), headers=headers)
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else None

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.control("GET", "state")
        return found

    def audit(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "audit")
        return found

    def plant(self, **wish: Any) -> None:
        self.control("POST", "plant", wish)

    def fault(self, kind: str, path: str = "/", method: str | None = None, times: int | None = None, **more: Any) -> None:
        self.control("POST", "faults", {"kind": kind, "match": {"path_prefix": path, "method": method}, "times": times, **more})

    def calls(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "requests")["requests"]
        return found

    @property
    def closes(self) -> bool:
        """Whether this version obeys the switch that closes the site; the simulated 8.20 takes it and stays open."""
        return self.version != "8.20"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    http = urllib3.PoolManager(retries=False)
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the simulator ended with {process.returncode}")
        try:
            if http.request("GET", f"{url}/status").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"the simulator did not answer within {STARTS_WITHIN} s")


@contextmanager
def served(product: str, version: str, folder: Path) -> Iterator[Simulator]:
    values = {f"{account}_{kind}": f"canary{secrets.token_hex(20)}" for account in ACCOUNTS for kind in ("password", "token")}
    path = folder / "secrets.json"
    path.write_text(json.dumps(values))
    port = free_port()
    command = [sys.executable, "-m", "simulator", "--product", product, "--version", version, "--port", str(port)]
    process = subprocess.Popen(command, cwd=TESTS, env={**os.environ, "SIM_SECRETS": str(path)})
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(url, process)
        yield Simulator(url, product, version, values)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="session", params=chosen("jira"))
def running_jira(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with served("jira", request.param, tmp_path_factory.mktemp("jira")) as found:
        yield found


@pytest.fixture(scope="session", params=chosen("confluence"))
def running_confluence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with served("confluence", request.param, tmp_path_factory.mktemp("confluence")) as found:
        yield found


@pytest.fixture
def simulator(running_jira: Simulator) -> Simulator:
    """A Jira as new: state, faults, log-ins and logs."""
    running_jira.control("POST", "reset")
    return running_jira


@pytest.fixture
def wiki(running_confluence: Simulator) -> Simulator:
    """A Confluence as new."""
    running_confluence.control("POST", "reset")
    return running_confluence


class _Left(Exception):
    """The module ended."""


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(simulator: Simulator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """run(module, check=False, **options) -> result. As the administrator by token unless options say otherwise. No secret may show up anywhere."""
    yield from _runner(simulator, {"token": simulator.secrets["admin_token"]}, monkeypatch, capfd)


@pytest.fixture
def run_wiki(wiki: Simulator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """As run, against Confluence and by user name and password, since some ways need these."""
    who = {"username": "automation", "password": wiki.secrets["admin_password"]}
    yield from _runner(wiki, who, monkeypatch, capfd)


def _runner(product: Simulator, who: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    results: list[dict[str, Any]] = []

    def leave(failed: bool) -> Callable[..., None]:
        def end(self: AnsibleModule, **result: Any) -> None:
            results.append({"failed": failed, **result})
            raise _Left

        return end

    monkeypatch.setattr(_client, "RETRY", _client.RetryPolicy(first_wait=0.02))  # as many attempts, shorter waits
    monkeypatch.setattr(AnsibleModule, "exit_json", leave(False))
    monkeypatch.setattr(AnsibleModule, "fail_json", leave(True))

    def call(module: ModuleType, check: bool = False, **options: Any) -> dict[str, Any]:
        arguments = {"url": product.url, **who, **options, "_ansible_check_mode": check}
        given = {name: value for name, value in arguments.items() if value is not None}
        with patch_module_args(given), pytest.raises(_Left):
            module.main()
        return results[-1]

    yield call
    said = json.dumps(results) + "".join(capfd.readouterr())
    assert [name for name, value in product.secrets.items() if value in said] == []
