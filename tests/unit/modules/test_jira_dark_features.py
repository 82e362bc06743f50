# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_dark_features, request by request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_dark_features

PATH = "/rest/internal/1.0/darkFeatures"
PUBLIC = "public.access.disabled"
MIGRATION = "com.atlassian.jira.migration.step"


@pytest.fixture
def page(call: Any) -> Any:
    """page(keys, flags): the request for the list of keys that are on."""

    def listing(*keys: str, **flags: bool) -> Any:
        data = {"enabled-feature-keys": list(keys), "feature-flag-states": {name.replace("_", "."): state for name, state in flags.items()}}
        literal = json.dumps(json.dumps(data))
        return call("GET", "/login.jsp", text=f'WRM._unparsedData["jira.core:feature-flags-data.feature-flag-data"]={literal};')

    return listing


@pytest.fixture
def is_on(call: Any) -> Any:
    return lambda key, state: call("GET", f"{PATH}/{key}", json={"enabled": state})


@pytest.fixture
def switch(call: Any) -> Any:
    return lambda key, state: call("PUT", f"{PATH}/{key}", 204, body={"enabled": state})


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def test_absent_is_switched_on_and_read_again(run_module: Any, myself: Any, page: Any, is_on: Any, switch: Any) -> None:
    calls = [myself, page(), is_on(PUBLIC, False), switch(PUBLIC, True), page(PUBLIC), is_on(PUBLIC, True)]
    result = run_module(jira_dark_features, calls, enabled=[PUBLIC])
    assert rows(result) == [(PUBLIC, False, True, "changed")]
    assert result["changed"] and not result["failed"]
    assert result["diff"] == {"before": {"disabled": [PUBLIC], "enabled": []}, "after": {"disabled": [], "enabled": [PUBLIC]}}


def test_check_mode_says_the_same_without_the_write(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    result = run_module(jira_dark_features, [myself, page(), is_on(PUBLIC, False)], check=True, enabled=[f" {PUBLIC} ", PUBLIC])
    assert rows(result) == [(PUBLIC, False, True, "drifted")]
    assert result["changed"]
    assert result["diff"] == {"before": {"disabled": [PUBLIC], "enabled": []}, "after": {"disabled": [], "enabled": [PUBLIC]}}


def test_present_is_left_alone(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    result = run_module(jira_dark_features, [myself, page(PUBLIC), is_on(PUBLIC, True)], enabled=[PUBLIC])
    assert rows(result) == [(PUBLIC, True, True, "compliant")]
    assert not result["changed"] and result["diff"] == {"before": {"disabled": [], "enabled": []}, "after": {"disabled": [], "enabled": []}}


def test_forcing_a_flag_on_takes_its_other_half_away(run_module: Any, myself: Any, page: Any, is_on: Any, switch: Any) -> None:
    calls = [
        myself, page("x.flag.disabled"), is_on("x.flag.disabled", True), is_on("x.flag.enabled", False),
        switch("x.flag.disabled", False), switch("x.flag.enabled", True),
        page("x.flag.enabled"), is_on("x.flag.disabled", False), is_on("x.flag.enabled", True),
    ]  # fmt: skip
    result = run_module(jira_dark_features, calls, enabled=["x.flag.enabled"])
    assert rows(result) == [("x.flag.disabled", True, False, "changed"), ("x.flag.enabled", False, True, "changed")]


def test_a_flags_bare_name_means_its_keys(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    calls = [myself, page(x_flag=True), is_on("x.flag.disabled", False), is_on("x.flag.enabled", False)]
    result = run_module(jira_dark_features, calls, check=True, disabled=["x.flag"])
    assert rows(result) == [("x.flag.disabled", False, True, "drifted"), ("x.flag.enabled", False, False, "compliant")]


def test_a_key_with_suffix_is_removed_which_restores_the_default(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    calls = [myself, page("x.flag.enabled"), is_on("x.flag.enabled", True)]
    result = run_module(jira_dark_features, calls, check=True, disabled=["x.flag.enabled"])
    assert rows(result) == [("x.flag.enabled", True, False, "drifted")]


def test_the_key_that_closes_the_site_is_no_half_of_a_pair(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    result = run_module(jira_dark_features, [myself, page(PUBLIC), is_on(PUBLIC, True)], check=True, disabled=[PUBLIC])
    assert rows(result) == [(PUBLIC, True, False, "drifted")]


def test_exclusive_spares_what_protects_what_cannot_come_back_and_what_is_allowed(
    run_module: Any, myself: Any, page: Any, is_on: Any, switch: Any
) -> None:
    calls = [
        myself, page(PUBLIC, MIGRATION, "fine", "other"), is_on("other", True), switch("other", False),
        page(PUBLIC, MIGRATION, "fine"), is_on("other", False),
    ]  # fmt: skip
    result = run_module(jira_dark_features, calls, exclusive=True, allowed=["fine"])
    assert rows(result) == [("other", True, False, "changed")]


def test_exclusive_removes_a_migration_key_only_if_named(run_module: Any, myself: Any, page: Any, is_on: Any) -> None:
    result = run_module(jira_dark_features, [myself, page(MIGRATION), is_on(MIGRATION, True)], check=True, exclusive=True, disabled=[MIGRATION])
    assert rows(result) == [(MIGRATION, True, False, "drifted"), ("exclusive", True, True, "compliant")]


def test_a_system_feature_is_failed_with_the_flag_that_causes_it(run_module: Any, myself: Any, page: Any, is_on: Any, switch: Any) -> None:
    calls = [
        myself, page("jvm.key", "other"), is_on("jvm.key", True), is_on("other", True),
        switch("jvm.key", False), switch("other", False), page("jvm.key"), is_on("jvm.key", True), is_on("other", False),
    ]  # fmt: skip
    result = run_module(jira_dark_features, calls, exclusive=True)
    assert rows(result) == [("jvm.key", True, True, "failed"), ("other", True, False, "changed")]
    assert "-Datlassian.darkfeature.jvm.key=true" in result["settings"][0]["reason"]
    assert result["failed"] and result["changed"]
    assert "1 of 2 settings failed, 1 changed" in result["msg"]
    assert result["diff"] == {"before": {"disabled": [], "enabled": ["other"]}, "after": {"disabled": ["other"], "enabled": []}}


def test_what_cannot_be_listed_is_not_examined(run_module: Any, call: Any, myself: Any, is_on: Any) -> None:
    calls = [myself, call("GET", "/login.jsp", text="<html>SSO</html>"), call("GET", "/secure/Dashboard.jspa", 302), is_on(PUBLIC, True)]
    result = run_module(jira_dark_features, calls, enabled=[PUBLIC], exclusive=True)
    assert rows(result) == [(PUBLIC, True, True, "compliant"), ("exclusive", None, None, "not_examined")]
    assert "could not be listed" in result["settings"][1]["reason"]
    assert not result["changed"]


def test_the_second_page_is_asked_if_the_first_has_no_list(run_module: Any, call: Any, myself: Any) -> None:
    calls = [
        myself,
        call("GET", "/login.jsp", 404),
        call("GET", "/secure/Dashboard.jspa", text='<meta name="ajs-enabled-dark-features" content="">'),
    ]
    assert rows(run_module(jira_dark_features, calls, exclusive=True)) == [("exclusive", True, True, "compliant")]


def test_a_page_may_ignore_the_credentials(run_module: Any, call: Any, myself: Any) -> None:
    text = '<meta name="ajs-enabled-dark-features" content="">'
    calls = [myself, call("GET", "/login.jsp", text=text, headers={"X-AUSERNAME": "anonymous"})]
    assert rows(run_module(jira_dark_features, calls, exclusive=True)) == [("exclusive", True, True, "compliant")]


def test_a_page_that_refuses_the_login_is_the_last_request(run_module: Any, call: Any, myself: Any) -> None:
    refused = call("GET", "/login.jsp", 401, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    result = run_module(jira_dark_features, [myself, refused], enabled=["a"], exclusive=True)
    assert rows(result) == [("a", None, None, "failed"), ("exclusive", None, None, "not_examined")]


def test_a_bare_name_is_doubted_where_flags_are_not_told(run_module: Any, call: Any, myself: Any, is_on: Any) -> None:
    calls = [myself, call("GET", "/login.jsp", text='<meta name="ajs-enabled-dark-features" content="x">'), is_on("x", True)]
    [row] = run_module(jira_dark_features, calls, enabled=["x"])["settings"]
    assert row["state"] == "compliant" and "name it with .enabled or .disabled" in row["reason"]


def test_one_unreadable_key_does_not_stop_the_others(run_module: Any, call: Any, myself: Any, page: Any, is_on: Any, switch: Any) -> None:
    broken = call("GET", f"{PATH}/a", 500)
    calls = [myself, page(), broken, is_on("b", False), switch("b", True), page("b"), broken, is_on("b", True)]
    result = run_module(jira_dark_features, calls, enabled=["a", "b"])
    assert rows(result) == [("a", None, None, "failed"), ("b", False, True, "changed")]
    assert result["failed"] and result["changed"]


def test_a_refused_write_is_failed(run_module: Any, call: Any, myself: Any, page: Any, is_on: Any) -> None:
    refused = call("PUT", f"{PATH}/a", 403, body={"enabled": True}, json={"errorMessages": ["nur für Verwalter"]})
    result = run_module(jira_dark_features, [myself, page(), is_on("a", False), refused, page(), is_on("a", False)], enabled=["a"])
    assert rows(result) == [("a", False, False, "failed")]
    assert "nur für Verwalter" in result["settings"][0]["reason"]


def test_a_key_that_needs_quoting(run_module: Any, call: Any, myself: Any, page: Any) -> None:
    calls = [myself, page(), call("GET", f"{PATH}/a%2F..%2Fb%3Fc", json={"enabled": False})]
    assert rows(run_module(jira_dark_features, calls, disabled=["a/../b?c"])) == [("a/../b?c", False, False, "compliant")]


def test_an_answer_without_a_state_is_not_off(run_module: Any, call: Any, myself: Any, page: Any) -> None:
    result = run_module(jira_dark_features, [myself, page(), call("GET", f"{PATH}/a", json={"enabled": "false"})], disabled=["a"])
    assert rows(result) == [("a", None, None, "failed")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"enabled": ["a"], "disabled": ["a"]}, "contradicts"),
        ({"enabled": ["a.enabled", "a.disabled"]}, "contradicts"),
        ({"enabled": ["a.enabled.disabled"]}, "suffix twice"),
        ({"disabled": [" "]}, "disabled: '' is no key"),
        ({"allowed": ["a b"]}, "allowed: 'a b' is no key"),
        ({"enabled": ["x" * 256]}, "1 to 255 characters"),
    ],
)
def test_refused_before_anything_is_asked(run_module: Any, options: dict[str, Any], words: str) -> None:
    result = run_module(jira_dark_features, [], **options)
    assert result["failed"] and words in result["msg"]
