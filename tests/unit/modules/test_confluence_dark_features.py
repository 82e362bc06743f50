# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_dark_features, request by request."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_dark_features

PATH, PAGE = "/rest/feature/1/site", "/admin/darkfeatures.action"
EMPTY_DIFF = {"before": {"disabled": [], "enabled": []}, "after": {"disabled": [], "enabled": []}}


@pytest.fixture
def is_on(call: Any) -> Any:
    return lambda key, state=True: call("GET", f"{PATH}/{quote(key, safe='')}", 200 if state else 404)


@pytest.fixture
def proof(call: Any) -> Any:
    """A key that is off looks like a missing interface; a stranger is refused only where there is one."""
    return lambda key, status=401: call("GET", f"{PATH}/{key}", status, stranger=True)


@pytest.fixture
def switch(call: Any) -> Any:
    def write(key: str, on: bool, status: int = 204) -> Any:
        return call("POST", PATH, status, body=[key]) if on else call("DELETE", f"{PATH}/{key}", status)

    return write


@pytest.fixture
def page(call: Any) -> Any:
    """The administration page with a link to remove each key."""

    def listing(*keys: str) -> Any:
        links = "".join(f'<li>{key} <a href="removedarkfeature.action?featureKey={quote(key)}&amp;atl_token=5f2c8e61xsrf">-</a></li>' for key in keys)
        return call("GET", PAGE, text=f'<html><form action="add.action"><input name="featureKey"></form><ul>{links}</ul></html>', session=True)

    return listing


@pytest.fixture
def by_form(run_wiki: Any) -> Any:
    return lambda calls, **options: run_wiki(confluence_dark_features, calls, browser=True, allow_forms=True, **options)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_absent_is_switched_on_and_read_again(run_wiki: Any, whoami: Any, is_on: Any, proof: Any, switch: Any) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a", False), proof("a"), switch("a", True, 201), is_on("a")], enabled=["a"])
    assert rows(result) == [("a", False, True, "changed")]
    assert result["diff"] == {"before": {"disabled": ["a"], "enabled": []}, "after": {"disabled": [], "enabled": ["a"]}}
    assert result["changed"] and not result["failed"]


def test_present_is_switched_off_and_read_again(run_wiki: Any, whoami: Any, is_on: Any, switch: Any) -> None:
    """A key that was on has proved the interface."""
    result = run_wiki(confluence_dark_features, [whoami, is_on("a"), switch("a", False), is_on("a", False)], disabled=["a"])
    assert rows(result) == [("a", True, False, "changed")]


def test_check_mode_predicts_and_writes_nothing(run_wiki: Any, whoami: Any, is_on: Any, proof: Any) -> None:
    calls = [whoami, is_on("a", False), proof("a", 403), is_on("b")]
    result = run_wiki(confluence_dark_features, calls, check=True, enabled=[" a ", "a"], disabled=["b"])
    assert rows(result) == [("a", False, True, "drifted"), ("b", True, False, "drifted")]
    assert result["diff"] == {"before": {"disabled": ["a"], "enabled": ["b"]}, "after": {"disabled": ["b"], "enabled": ["a"]}}
    assert result["changed"]


def test_as_wanted_is_left_alone(run_wiki: Any, whoami: Any, is_on: Any) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a"), is_on("b", False)], enabled=["a"], disabled=["b"])
    assert rows(result) == [("a", True, True, "compliant"), ("b", False, False, "compliant")]
    assert not result["changed"] and result["diff"] == EMPTY_DIFF


@pytest.mark.parametrize("stranger", [404, 200, 302, 500])
def test_a_missing_interface_is_not_off(run_wiki: Any, whoami: Any, is_on: Any, proof: Any, stranger: int) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a", False), proof("a", stranger), is_on("b", False)], disabled=["a", "b"])
    assert rows(result) == [("a", None, None, "failed"), ("b", None, None, "failed")]
    assert result["failed"] and "this version has this interface" in result["msg"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": "<html>Portal</html>"}, "something else than a state"),
        ({"json": {"enabled": True}}, "something else than a state"),
        ({"status": 404, "text": "<html>Page not found</html>"}, "something else than a state"),
        ({"status": 404, "json": {"status-code": 404}}, "something else than a state"),
        ({"status": 403}, "no right"),
        ({"status": 401, "json": {"message": "This resource requires WebSudo.", "status-code": 401}}, "secure administrator session"),
        ({"headers": {"X-AUSERNAME": "anonymous"}}, "as anonymous"),
    ],
)
def test_another_answer_is_neither_on_nor_off(run_wiki: Any, call: Any, whoami: Any, answer: dict[str, Any], words: str) -> None:
    result = run_wiki(confluence_dark_features, [whoami, call("GET", f"{PATH}/a", **answer)], enabled=["a"])
    assert rows(result) == [("a", None, None, "failed")]
    assert words in result["msg"]


def test_one_unreadable_key_does_not_stop_the_others(run_wiki: Any, call: Any, whoami: Any, is_on: Any, switch: Any) -> None:
    broken = call("GET", f"{PATH}/a", 500)
    result = run_wiki(confluence_dark_features, [whoami, broken, is_on("b"), switch("b", False), broken, is_on("b", False)], disabled=["a", "b"])
    assert rows(result) == [("a", None, None, "failed"), ("b", True, False, "changed")]
    assert result["failed"] and result["changed"]


def test_a_refused_write_is_failed(run_wiki: Any, whoami: Any, is_on: Any, switch: Any) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a"), switch("a", False, 403), is_on("a")], disabled=["a"])
    assert rows(result) == [("a", True, True, "failed")] and "no right" in result["msg"]


def test_a_key_of_the_jvm_cannot_be_removed(run_wiki: Any, whoami: Any, is_on: Any, switch: Any) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a"), switch("a", False, 404), is_on("a")], disabled=["a"])
    assert rows(result) == [("a", True, True, "failed")]
    assert "-Datlassian.darkfeature.a=true" in result["settings"][0]["reason"]


def test_a_jvm_that_wants_no_dark_feature(run_wiki: Any, whoami: Any, is_on: Any, proof: Any, switch: Any) -> None:
    calls = [whoami, is_on("a", False), proof("a"), switch("a", True, 201), is_on("a", False)]
    [row] = run_wiki(confluence_dark_features, calls, enabled=["a"])["settings"]
    assert row["state"] == "failed" and "-Datlassian.darkfeature.disabled=true" in row["reason"]


def test_other_keys_go_except_allowed_and_migrations(
    by_form: Any, whoami: Any, log_in: Any, page: Any, is_on: Any, switch: Any, log_out: Any
) -> None:
    before = page("a", "ok", "other", "com.atlassian.migration.step")
    calls = [
        whoami, *log_in(), before, is_on("a"), is_on("other"), switch("other", False),
        page("a", "ok"), is_on("a"), is_on("other", False), log_out,
    ]  # fmt: skip
    result = by_form(calls, enabled=["a"], exclusive=True, allowed=["ok"])
    assert rows(result) == [("a", True, True, "compliant"), ("other", True, False, "changed")]
    assert result["diff"] == {"before": {"disabled": [], "enabled": ["other"]}, "after": {"disabled": ["other"], "enabled": []}}


def test_a_migration_goes_if_named(by_form: Any, whoami: Any, log_in: Any, page: Any, is_on: Any, log_out: Any) -> None:
    key = "com.atlassian.migration.step"
    result = by_form([whoami, *log_in(), page(key), is_on(key), log_out], check=True, disabled=[key], exclusive=True)
    assert rows(result) == [(key, True, False, "drifted"), ("exclusive", True, True, "compliant")]


def test_no_other_key_is_on(by_form: Any, whoami: Any, log_in: Any, page: Any, is_on: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), page("a"), is_on("a"), log_out], enabled=["a"], exclusive=True)
    assert rows(result) == [("a", True, True, "compliant"), ("exclusive", True, True, "compliant")]
    assert "NODE-08" in result["settings"][1]["reason"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": "<html><p>-</p></html>"}, "No key that could be removed was found"),
        ({"status": 404, "text": "<html></html>"}, "answered 404"),
        ({"status": 403}, "could not be listed"),
        ({"status": 302, "headers": {"Location": "/login.action"}}, "leads to the log-in page"),
    ],
)
def test_what_cannot_be_listed_is_not_examined(
    by_form: Any, call: Any, whoami: Any, log_in: Any, is_on: Any, log_out: Any, answer: dict[str, Any], words: str
) -> None:
    calls = [whoami, *log_in(), call("GET", PAGE, session=True, **answer), is_on("a"), log_out]
    result = by_form(calls, enabled=["a"], exclusive=True)
    assert rows(result) == [("a", True, True, "compliant"), ("exclusive", None, None, "not_examined")]
    assert words in result["settings"][1]["reason"]


def test_without_forms_other_keys_are_not_examined(run_wiki: Any, whoami: Any, is_on: Any) -> None:
    result = run_wiki(confluence_dark_features, [whoami, is_on("a")], browser=True, enabled=["a"], exclusive=True)
    assert rows(result) == [("a", True, True, "compliant"), ("exclusive", None, None, "not_examined")]
    assert "set allow_forms" in result["settings"][1]["reason"]


def test_a_wrong_password_is_said_and_sent_once(by_form: Any, whoami: Any, log_in: Any, is_on: Any) -> None:
    page, refused, _who = log_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    result = by_form([whoami, page, refused, is_on("a")], enabled=["a"], exclusive=True)
    assert rows(result) == [("a", True, True, "compliant"), ("exclusive", None, None, "not_examined")]
    assert "credentials were not accepted" in result["settings"][1]["reason"]


def test_a_key_that_needs_quoting(run_wiki: Any, whoami: Any, is_on: Any) -> None:
    assert rows(run_wiki(confluence_dark_features, [whoami, is_on("a/../b?c")], enabled=["a/../b?c"])) == [("a/../b?c", True, True, "compliant")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"enabled": ["a"], "disabled": ["a"]}, "contradicts"),
        ({"disabled": [" "]}, "disabled: '' is no key"),
        ({"allowed": ["a b"]}, "allowed: 'a b' is no key"),
        ({"enabled": ["x" * 256]}, "1 to 255 characters"),
        ({"enabled": ["a"], "allow_forms": True}, "the forms need a log-in"),
        ({"enabled": ["a", "b,c"]}, "enabled: 'b,c' holds a comma"),
        ({"disabled": ["b,c"]}, "disabled: 'b,c' holds a comma"),
        ({"enabled": ["a"], "allowed": ["a,"]}, "allowed: 'a,' holds a comma"),
    ],
)
def test_refused_before_anything_is_asked(run_wiki: Any, options: dict[str, Any], words: str) -> None:
    result = run_wiki(confluence_dark_features, [], **options)
    assert result["failed"] and words in result["msg"]
