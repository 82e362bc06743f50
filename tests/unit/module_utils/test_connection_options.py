# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and environment: where address and credentials come from, and what is refused before anything is sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.doc_fragments import connection, forms
from ansible_collections.hardening.atlassian.plugins.module_utils import _connect
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ROUTES, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
import yaml

SECRET = "an-environment-secret-8472"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "TOKEN", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"JIRA_{name}", raising=False)


def module(**options: Any) -> Any:
    defaults = {name: option.get("default") for name, option in CONNECTION.options.items()}
    return SimpleNamespace(params={**defaults, **options}, check_mode=True, no_log_values=set())


def test_the_environment_is_a_set_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_URL", "https://env.example.com")
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    asked = module()
    link = _connect.connection(asked, "jira")
    assert (link.url, link.credentials.authorization) == ("https://env.example.com", f"Bearer {SECRET}")
    assert SECRET in asked.no_log_values
    assert SECRET not in repr(link)


@pytest.mark.parametrize("given", [{"url": "https://task.example.com"}, {"username": "ann", "password": "p" * 20}], ids=["url", "user"])
def test_one_option_in_the_task_shuts_the_environment_out(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    monkeypatch.setenv("JIRA_URL", "https://env.example.com")
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    with pytest.raises(AtlassianError, match="missing"):
        _connect.connection(module(**given), "jira")


def test_another_products_environment_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_URL", "https://env.example.com")
    monkeypatch.setenv("JIRA_TOKEN", SECRET)
    with pytest.raises(AtlassianError, match="CONFLUENCE_URL"):
        _connect.connection(module(), "confluence")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "url: missing"),
        ({"url": "https://x.example", "connections": 0, "token": "t"}, "connections: 0"),
        ({"url": "https://x.example", "connections": 33, "token": "t"}, "connections: 33"),
        ({"url": "https://x.example", "timeout": 0, "token": "t"}, "timeout: 0"),
        ({"url": "https://x.example", "token": ""}, "token: missing"),
        ({"url": "https://x.example", "token": "t", "username": "u"}, "Choose one way"),
    ],
)
def test_refused_before_anything_is_sent(options: dict[str, Any], words: str) -> None:
    with pytest.raises(AtlassianError, match=words):
        _connect.connection(module(**options), "jira")


@pytest.mark.parametrize("option", ["ca_path", "client_cert", "client_key"])
def test_a_missing_certificate_file_is_named(option: str) -> None:
    link = _connect.connection(module(url="https://x.example", token="t", **{option: "/nowhere/x.pem"}), "jira")
    with pytest.raises(AtlassianError, match=f"{option}: there is no /nowhere/x.pem"):
        link.client()


def test_the_stranger_carries_nothing() -> None:
    link = _connect.connection(module(url="https://x.example", token="t" * 20), "jira")
    stranger = link.stranger("https://public.example.com")
    assert stranger.credentials.anonymous and stranger.read_only
    assert stranger.url == "https://public.example.com"


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        (connection.ModuleDocFragment.DOCUMENTATION, CONNECTION),
        (forms.ModuleDocFragment.DOCUMENTATION, FORMS),
        (forms.ModuleDocFragment.ROUTES, ROUTES),
    ],
    ids=["connection", "forms", "routes"],
)
def test_the_fragment_mirrors_the_spec(text: str, spec: ArgumentSpec) -> None:
    documented = yaml.safe_load(text)["options"]
    assert set(documented) == set(spec.options)
    members = ("type", "default", "elements", "choices")
    for name, option in spec.options.items():
        assert {key: documented[name].get(key) for key in members} == {key: option.get(key) for key in members}, name


def test_secrets_are_marked() -> None:
    assert {name for name, option in CONNECTION.options.items() if option.get("no_log")} == {"token", "password"}


def test_specs_that_overlap_do_not_merge() -> None:
    with pytest.raises(ValueError, match="url"):
        CONNECTION.merge(ArgumentSpec({"url": {"type": "str"}}))


def test_a_merged_spec_keeps_the_rules_of_both() -> None:
    merged = CONNECTION.merge(ArgumentSpec({"a": {"type": "str"}, "b": {"type": "str"}}, mutually_exclusive=[("a", "b")]))
    assert ("a", "b") in merged.mutually_exclusive and ("token", "username") in merged.mutually_exclusive
    assert merged.required_by == {"client_key": ["client_cert"]}
