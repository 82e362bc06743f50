# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of tasks become settings."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import (
    failure,
    given_settings,
    says_nothing,
    scrub,
    setting,
    task_title,
)
from ansible_collections.hardening.atlassian.plugins.plugin_utils._task_events import fact_events


def test_failed_tells_why() -> None:
    assert failure({"msg": "Task failed: Action failed: no\n  such thing"}) == "no such thing"
    assert failure({"censored": "x", "msg": "secret"}) == "the task failed, its output is hidden by no_log"
    assert failure({}) == "the task gave no message"
    assert len(failure({"msg": "x" * 5000})) < 700


def test_settings_of_modules_are_taken_as_they_are() -> None:
    given = [{"setting": "public.access.disabled", "before": False, "after": True, "state": "drifted", "reason": ""}]
    assert given_settings({"settings": given}, "title") == given
    assert given_settings({"changed": False}, "title") is None
    assert given_settings({"settings": []}, "title") == []


def test_a_role_states_settings_by_set_fact() -> None:
    stated = {"setting": "x", "state": "not_applicable", "reason": "no networks"}
    assert given_settings({"ansible_facts": {"__atlassian_settings": [stated]}}, "title") == [{"before": None, "after": None, **stated}]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("text", "the task returned settings that are no list but str"),
        ([{"setting": "x", "state": "fine"}], "the task returned a setting without a known state"),
        ([{"setting": "x"}], "the task returned a setting without a known state"),
        ([7], "the task returned a setting without a known state"),
    ],
)
def test_settings_that_cannot_be_understood_have_failed(given: Any, reason: str) -> None:
    found = given_settings({"settings": given}, "title")
    assert found is not None
    assert [(entry["state"], entry["reason"]) for entry in found] == [("failed", reason)]


def test_a_reason_is_never_empty_where_one_is_due() -> None:
    found = given_settings({"settings": [{"setting": "x", "state": "not_examined"}]}, "title")
    assert found is not None
    assert found[0]["reason"] == "the task gave no reason"


@pytest.mark.parametrize(
    ("action", "nothing"),
    [
        ("ansible.builtin.set_fact", True),
        ("set_fact", True),
        ("stat", True),
        ("ansible.builtin.include_tasks", True),
        ("ansible.builtin.template", False),
        ("ansible.builtin.assert", False),
        ("hardening.atlassian.jira_dark_features", False),
        ("community.crypto.x509_certificate_info", True),
        ("someone.else.find", False),
    ],
)
def test_what_only_collects_has_examined_nothing(action: str, nothing: bool) -> None:
    assert says_nothing(action) is nothing


def test_titles_lose_role_and_control() -> None:
    assert task_title("apache_proxy : PRX-02 | Only from the admin networks", "PRX-02") == "Only from the admin networks"
    assert task_title("PRX-02: x", "PRX-02") == "x"
    assert task_title("PRX-02 | x", None) == "PRX-02 | x"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://joe:geheim@example.com/x", "https://***@example.com/x"),
        ("Authorization: Bearer geheim", "Authorization: ***"),
        ("authorization: Basic geheim next", "authorization: *** next"),
        ("a\n-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\nb", "a\n*** private key ***\nb"),
        ("-----BEGIN RSA PRIVATE KEY-----\ngeheim", "*** private key ***"),
        ("cannot write /root/.ansible/tmp/ansible-tmp-17.3-1-2/x", "cannot write (temporary file)"),
        ("mail bob@example.com", "mail bob@example.com"),
    ],
)
def test_what_looks_like_a_secret_or_differs_by_chance_is_left_out(text: str, clean: str) -> None:
    assert scrub(text) == clean


def test_values_that_json_does_not_know_are_texts() -> None:
    found = setting("s", "drifted", float("inf"), [float("nan"), 0.5])
    assert (found["before"], found["after"]) == ("inf", ["nan", 0.5])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_problem_that_quotes_a_password_is_scrubbed_before_anything_is_written() -> None:
    run = {"id": "r", "problems": ["jira: atlassian_backends is 'http://admin:hunter2@node1', expected a list"]}
    result: Any = SimpleNamespace(_result={"ansible_facts": {"__atlassian_run": run}}, _host=SimpleNamespace(get_name=lambda: "jira"))
    (event,) = fact_events(result)
    assert event["run"] == {"id": "r", "problems": ["jira: atlassian_backends is 'http://***@node1', expected a list"]}
