# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of the modules, recorded by the simulator over real HTTP, against the document and the closed private list."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Iterator

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from contracts.contract import coverage
from contracts.contract.products import CONTRACTS, PLAYED, each, label
from contracts.contract.requests import problems
from contracts.contract.steps import SECRETS
from simulator.app import create_app
from werkzeug.serving import make_server

MODULES = "ansible_collections.hardening.atlassian.plugins.modules"
CREDENTIALS = ({"token": SECRETS["admin_token"]}, {"username": "automation", "password": SECRETS["admin_password"]})


class Left(Exception):
    """The module ended."""


@pytest.fixture
def served(contract, version) -> Iterator[tuple[str, object]]:
    """(address, test client for the control API) of a simulator that listens on loopback."""
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"  # known only now, and the site must know its own address
    server.app = create_app({"SIM_PRODUCT": contract.name, "SIM_VERSION": version, "SIM_SECRETS": SECRETS, "SIM_BASE_URL": address})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address, server.app.test_client()
    server.shutdown()
    thread.join()
    server.server_close()


def run(monkeypatch, name, options):
    """The module in this process; its result, with `failed`."""
    results = []

    def leave(failed):
        def end(self, **result):
            results.append({"failed": failed, **result})
            raise Left

        return end

    monkeypatch.setattr(AnsibleModule, "exit_json", leave(False))
    monkeypatch.setattr(AnsibleModule, "fail_json", leave(True))
    with patch_module_args(options), pytest.raises(Left):
        importlib.import_module(f"{MODULES}.{name}").main()
    return results[0]


@pytest.mark.parametrize("played", [played for played in PLAYED if CONTRACTS[played[0]].runs], ids=label, indirect=True)
@pytest.mark.parametrize("credentials", CREDENTIALS, ids=["token", "password"])
def test_the_modules_ask_only_for_what_is_known(contract, document, version, served, monkeypatch, tmp_path, credentials):
    address, client = served
    for entry in contract.runs:
        if (entry.password and "password" not in credentials) or version not in (entry.versions or contract.documents):
            continue
        files = {"restore_path": str(tmp_path / "restore.json")} if entry.restore else {}
        for check in (True, False):
            before = client.get("/__sim__/audit").get_json()
            given = {"url": address, **credentials, **entry.options, **files, "_ansible_check_mode": check, "_ansible_tmpdir": str(tmp_path)}
            result = run(monkeypatch, entry.module, given)
            # A check never fails here; a real run only where the product does not obey.
            assert result["failed"] == (not check and version in entry.disobeyed), (entry, result)
            assert not any(secret in json.dumps(result, default=str) for secret in SECRETS.values())
            if check:
                assert client.get("/__sim__/audit").get_json() == before
    log = client.get("/__sim__/requests").get_json()
    assert problems(contract, document, log["requests"]) == []
    sent = {f"{request['method']} {request['path']}" for request in log["requests"]}
    assert contract.must_send(version, "password" in credentials) - sent == set()
    assert set(log["logins"]) == {"ok"}
    coverage.sent[contract.name, version] |= sent


@pytest.mark.parametrize(
    ("played", "bad"), each(lambda contract, _version: contract.bad_requests), indirect=["played"], ids=lambda case: case[1] if len(case) == 2 else None
)
def test_the_judge_finds_what_is_wrong(contract, document, bad):
    change, words = bad
    good = {"body": None, "user_agent": "x", "xsrf_header": "no-check", **contract.good_request}
    assert problems(contract, document, [good]) == []
    found = problems(contract, document, [{**good, **change}])
    assert any(words in text for text in found), found
