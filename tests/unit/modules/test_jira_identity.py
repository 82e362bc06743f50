# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_identity: one request decides; nobody is an error."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_identity


def test_who_and_what(run_module: Any, call: Any, myself: Any) -> None:
    permissions = {"ADMINISTER": {"havePermission": True}, "SYSTEM_ADMIN": {"havePermission": False}}
    result = run_module(
        jira_identity,
        [
            myself,
            call("GET", "/rest/api/2/serverInfo", json={"version": "9.12.28", "baseUrl": "https://jira.example.com"}),
            call("GET", "/rest/api/2/mypermissions", json={"permissions": permissions}),
        ],
    )
    assert result == {
        "failed": False,
        "changed": False,
        "diff": {"before": {}, "after": {}},
        "settings": [],
        "user": "automation",
        "version": "9.12.28",
        "base_url": "https://jira.example.com",
        "is_admin": True,
        "is_system_admin": False,
    }


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 401, "text": "<html>", "headers": {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}}, "Correct token"),
        ({"status": 200, "json": {}, "headers": {"X-AUSERNAME": "anonymous"}}, "as anonymous"),
        ({"status": 200, "text": "", "headers": {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}}, "not accepted"),
        ({"status": 200, "text": "<html>Portal</html>", "headers": {"X-AUSERNAME": ""}}, "HTML"),
        ({"status": 200, "json": {}, "headers": {"X-AUSERNAME": ""}}, "nothing proves"),
        ({"status": 200, "json": ["x"], "headers": {"X-AUSERNAME": ""}}, "nothing proves"),
        ({"status": 200, "json": {"name": "someone"}}, "answers for it"),
        ({"status": 404, "text": "<html>", "headers": {"X-AUSERNAME": ""}}, "context path"),
        ({"status": 403, "text": "<html>", "headers": {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE"}}, "CAPTCHA"),
    ],
)
def test_one_request_and_one_sentence(run_module: Any, call: Any, answer: dict[str, Any], words: str) -> None:
    result = run_module(jira_identity, [call("GET", "/rest/api/2/myself", **answer)])
    assert result["failed"] and words in result["msg"]
    assert (result["changed"], result["settings"]) == (False, [])


def test_a_name_with_other_letters_is_the_same_user(run_module: Any, call: Any) -> None:
    calls = [
        call("GET", "/rest/api/2/myself", json={"name": "Jörg Ä"}, headers={"X-AUSERNAME": "j%C3%B6rg+%C3%A4"}),
        call("GET", "/rest/api/2/serverInfo", json={"version": "1", "baseUrl": "b"}),
        call("GET", "/rest/api/2/mypermissions", json={"permissions": {}}),
    ]
    assert run_module(jira_identity, calls)["user"] == "Jörg Ä"


def test_nothing_is_sent_to_a_plain_http_address(run_module: Any) -> None:
    result = run_module(jira_identity, [], url="http://jira.example.com")
    assert result["failed"] and "clear text" in result["msg"]
