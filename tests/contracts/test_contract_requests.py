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
from contracts.contract.document import DOCUMENTS
from contracts.contract.exercise import SECRETS
from contracts.contract.requests import problems
from simulator.app import create_app
from werkzeug.serving import make_server

MODULES = "ansible_collections.hardening.atlassian.plugins.modules"
EVERY = tuple(DOCUMENTS)
# Module, options, and the versions that do not obey; together they take every branch that writes, and those that only read.
RUNS = (
    ("jira_identity", {}, ()),
    ("jira_projects_visible", {}, ()),
    ("jira_dark_features", {"enabled": ["planted.key"], "disabled": ["simulated.experiment"]}, ()),
    ("jira_dark_features", {"exclusive": True, "allowed": ["planted.key"]}, EVERY),  # a system feature stays on
    ("jira_anonymous_access", {"scope": "permission_schemes"}, ()),
    ("jira_anonymous_access", {"scope": "permission_schemes", "replace_with": "logged_in"}, ()),
    ("jira_anonymous_access", {"scope": "site"}, ("8.20",)),  # the key closes nothing there
)
CREDENTIALS = ({"token": SECRETS["admin_token"]}, {"username": "automation", "password": SECRETS["admin_password"]})


class Left(Exception):
    """The module ended."""


@pytest.fixture
def served(version) -> Iterator[tuple[str, object]]:
    """(address, test client for the control API) of a simulator that listens on loopback."""
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"  # known only now, and the site must know its own address
    server.app = create_app({"SIM_PRODUCT": "jira", "SIM_VERSION": version, "SIM_SECRETS": SECRETS, "SIM_BASE_URL": address})
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


@pytest.mark.parametrize("credentials", CREDENTIALS, ids=["token", "password"])
def test_the_modules_ask_only_for_what_is_known(document, version, served, monkeypatch, tmp_path, credentials):
    address, client = served
    for name, options, disobeyed in RUNS:
        files = {"restore_path": str(tmp_path / "restore.json")} if options.get("scope") == "permission_schemes" else {}
        for check in (True, False):
            before = client.get("/__sim__/audit").get_json()
            given = {"url": address, **credentials, **options, **files, "_ansible_check_mode": check, "_ansible_tmpdir": str(tmp_path)}
            result = run(monkeypatch, name, given)
            # A check never fails here; a real run only where the product does not obey.
            assert result["failed"] == (not check and version in disobeyed), (name, options, result)
            assert not any(secret in json.dumps(result, default=str) for secret in SECRETS.values())
            if check:
                assert client.get("/__sim__/audit").get_json() == before
    log = client.get("/__sim__/requests").get_json()
    assert problems(document, log["requests"]) == []
    # A run that never got past its first request would be a proof of nothing.
    methods = {request["method"] for request in log["requests"]}
    assert {"GET", "PUT", "POST", "DELETE"} <= methods
    assert set(log["logins"]) == {"ok"}
    coverage.sent[version] |= {f"{request['method']} {request['path']}" for request in log["requests"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "/rest/whitelist/1.0/rules"}, "neither in the document nor"),
        ({"query": [["expnad", "permissions"]]}, "unknown query parameter expnad"),
        ({"xsrf_header": None, "method": "POST", "path": "/rest/api/2/permissionscheme/0/permission", "body": {}}, "without X-Atlassian-Token"),
        ({"method": "POST", "path": "/rest/api/2/permissionscheme/0/permission", "body": {"holder": {"typ": "anyone"}}}, "'typ' was unexpected"),
        ({"method": "PUT", "path": "/rest/internal/1.0/darkFeatures/x", "body": {"enabled": "true"}}, "'true' is not of type 'boolean'"),
        ({"user_agent": "Mozilla/5.0"}, "looks like a browser's"),
        ({"body": {"a": 1}}, "takes no body"),
    ],
)
def test_the_judge_finds_what_is_wrong(document, change, words):
    good = {"method": "GET", "path": "/rest/api/2/permissionscheme", "query": [["expand", "permissions"]], "body": None}
    good |= {"user_agent": "x", "xsrf_header": "no-check"}
    assert problems(document, [good]) == []
    found = problems(document, [{**good, "query": [], **change}])
    assert any(words in text for text in found), found
