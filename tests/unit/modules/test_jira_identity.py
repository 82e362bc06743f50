# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_identity: one request decides; nobody is an error."""

from __future__ import annotations

from dataclasses import replace
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


class TestBrowserSession:
    ADMIN = "/secure/admin/ViewSystemInfo.jspa"

    def test_it_passes_the_password_question_and_is_ended(
        self, run_jira: Any, call: Any, myself: Any, jira_in: Any, jira_asks: Any, jira_sudo: Any, jira_out: Any
    ) -> None:
        asked, shown = call("GET", self.ADMIN, session=True, **jira_asks), call("GET", self.ADMIN, session=True, text="<html></html>")
        about = [
            call("GET", "/rest/api/2/serverInfo", json={"version": "9.12.28", "baseUrl": "https://jira.example.com"}),
            call("GET", "/rest/api/2/mypermissions", json={"permissions": {}}),
        ]
        result = run_jira(jira_identity, [myself, *jira_in(), asked, jira_sudo, shown, jira_out, *about])
        assert not result["failed"] and result["user"] == "automation"

    def test_a_refused_password_question_is_asked_once(
        self, run_jira: Any, call: Any, myself: Any, jira_in: Any, jira_asks: Any, jira_sudo: Any, jira_out: Any
    ) -> None:
        refused = replace(jira_sudo, status=200, headers={}, text="<html></html>")
        result = run_jira(jira_identity, [myself, *jira_in(), call("GET", self.ADMIN, session=True, **jira_asks), refused, jira_out])
        assert result["failed"] and "the secure administrator session was not granted" in result["msg"]

    def test_forms_with_a_token_are_refused_before_anything_is_asked(self, run_jira: Any) -> None:
        result = run_jira(jira_identity, [], browser=False, allow_forms=True)
        assert result["failed"] and "allow_forms" in result["msg"]
