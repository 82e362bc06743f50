# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of Confluence: a passing one is got over, a lasting one ends in a sentence, and none makes a module say what is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _confluence_space_access, _confluence_spaces
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access, confluence_identity

from .results import rows, said
from .test_faults import HARMLESS, KINDS, PASSING, more
from .wiki_cases import CASES, ENFORCED, Case, false_statements

by_name = pytest.mark.parametrize("case", [case for case in CASES if ENFORCED in case.outcome], ids=lambda case: case.name)
# With these nothing can be read. The others give the true answer late or with another label, to somebody else, or cut off.
BLINDING = ("429", "500", "502", "503", "reset", "captcha", "websudo", "html_login", "empty_200")
OPEN = {"DOC: space read", "OLD: page create", "OLD: space read", "PUB: comment create", "PUB: space read", "SUP: space read", "~witness: space read"}


@by_name
@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_lasting_fault_of_the_reads(wiki: Any, run_wiki: Any, tmp_path: Path, case: Case, kind: str, check: bool) -> None:
    state = wiki.state()
    method, path = case.reads
    wiki.fault(kind, path, method, **more(kind))
    result = run_wiki(case.module, check=check, **case.with_restore(tmp_path))
    assert false_statements(result, wiki.state()) == []
    if check:
        assert wiki.state() == state
    for row in result["settings"]:
        assert row["state"] not in ("failed", "not_examined") or len(row["reason"]) > 40
    if kind in BLINDING:
        assert result["failed"] or rows(result, "not_examined", "drifted"), "nothing was said of it"
        # What another interface tells is not affected: a stranger's view, keys that are named, public sign-up by the manifest.
        told = {"anonymous: use Confluence", "anonymous: view user profiles"} if case.way != "REST" else set()
        assert case.scope == "dark_features" or {row[0] for row in said(result)} <= told


@by_name
@pytest.mark.parametrize("kind", PASSING + HARMLESS)
def test_a_passing_fault_of_the_reads_is_got_over(wiki: Any, run_wiki: Any, tmp_path: Path, case: Case, kind: str) -> None:
    method, path = case.reads
    wiki.fault(kind, path, method, times=1, **more(kind))
    result = run_wiki(case.module, **case.with_restore(tmp_path))
    assert false_statements(result, wiki.state()) == []
    if case.on(wiki.version) == ENFORCED:
        assert not result["failed"] and rows(result, "changed"), result["msg"]


@by_name
@pytest.mark.parametrize("after_effect", [False, True], ids=["write lost", "answer lost"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_of_a_write(wiki: Any, run_wiki: Any, tmp_path: Path, case: Case, kind: str, after_effect: bool) -> None:
    method, path = case.writes
    wiki.fault(kind, path, method, times=1, after_effect=after_effect, **more(kind))
    result = run_wiki(case.module, **case.with_restore(tmp_path))
    assert false_statements(result, wiki.state()) == []
    done = [(entry["what"], entry["object"], str(entry["before"]), str(entry["after"])) for entry in wiki.audit()]
    assert len(done) == len(set(done)), "a write that had happened was repeated"
    if kind in PASSING and case.on(wiki.version) == ENFORCED and case.way != "form" and case.scope in ("spaces", "dark_features"):
        assert not result["failed"], result["msg"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in HARMLESS])
def test_a_faulty_stranger_probe_is_never_a_closed_site(wiki: Any, run_wiki: Any, kind: str) -> None:
    wiki.plant(global_permission={"subject": "anonymous", "operation": "application use", "granted": False})
    wiki.fault(kind, "/rest/api/user/anonymous", "GET", **more(kind))
    result = run_wiki(confluence_anonymous_access, scope="site", check=True)
    [row] = [row for row in result["settings"] if row["setting"] == "stranger: /rest/api/user/anonymous"]
    if kind in ("captcha", "websudo", "anonymous_200", "truncated_json"):  # 401 and 403 do turn the stranger away, whatever the body
        assert row["state"] == "compliant"
    else:
        assert row["state"] == "not_examined" and row["reason"]


def _spaces(wiki: Any, tmp_path: Path) -> dict[str, Any]:
    way = "rest" if wiki.version in ("9.2", "10.2") else "jsonrpc"
    return {"scope": "spaces", "routes": [way], "replace_with": "logged_in", "replace_groups": ["confluence-users"], "restore_path": str(tmp_path / "r.json")}


@pytest.mark.parametrize("kind", ["500", "slow", "reset", "html_login", "truncated_json"])
@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
def test_one_broken_space_does_not_stop_the_others(wiki: Any, run_wiki: Any, tmp_path: Path, kind: str, check: bool) -> None:
    options = {**_spaces(wiki, tmp_path), "timeout": 1}
    body = {"body_contains": "PUB"} if options["routes"] == ["jsonrpc"] else {}
    path = "/rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets" if body else "/rest/api/space/PUB/permissions"
    wiki.control("POST", "faults", {"kind": kind, "match": {"path_prefix": path, **body}, "times": None, "delay": 1.5})
    result = run_wiki(confluence_anonymous_access, check=check, **options)
    assert result["failed"] and rows(result, "failed") == [("PUB", None, None)]
    assert {row[0] for row in rows(result, "drifted" if check else "changed")} == {name for name in OPEN if not name.startswith("PUB")}
    if kind == "500" and not body:
        assert "a missing right" in result["msg"]
    wiki.control("DELETE", "faults")
    rest = run_wiki(confluence_anonymous_access, **options)
    assert not rest["failed"] and {row[0] for row in rows(rest, "changed")} == (OPEN if check else {"PUB: comment create", "PUB: space read"})
    assert not any("anonymous" in space["permissions"] for space in wiki.state()["spaces"].values())


def test_a_space_that_vanishes_meanwhile_does_not_stop_the_others(wiki: Any, run_wiki: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = _confluence_spaces.pages

    def with_one_gone(client: Any) -> Any:
        listed = list(pages(client))
        if "PUB" in wiki.state()["spaces"]:
            wiki.plant(remove_space="PUB")
        yield from listed

    monkeypatch.setattr(_confluence_space_access, "pages", with_one_gone)
    result = run_wiki(confluence_anonymous_access, **_spaces(wiki, tmp_path))
    assert result["failed"] and rows(result, "failed") == [("PUB", None, None)]
    assert {row[0] for row in rows(result, "changed")} == {name for name in OPEN if not name.startswith("PUB")}
    monkeypatch.setattr(_confluence_space_access, "pages", pages)
    again = run_wiki(confluence_anonymous_access, **_spaces(wiki, tmp_path))
    assert not again["failed"] and not again["changed"]


@pytest.mark.parametrize("secret", ["token", "password"])
@by_name
def test_wrong_credentials_are_tried_once(wiki: Any, run_wiki: Any, tmp_path: Path, case: Case, secret: str) -> None:
    wiki.plant(login_failure="refuse")
    wrong = {"username": None, "password": None, "token": "x" * 40} if secret == "token" else {"password": "x" * 40}
    options = {name: value for name, value in case.with_restore(tmp_path).items() if name != "allow_forms"}
    result = run_wiki(case.module, **options, **wrong)
    assert result["failed"] and f"Correct {'token' if secret == 'token' else 'username and password'}" in result["msg"]
    assert result["settings"] == [] and len(wiki.calls()) == 1


def test_a_token_that_is_ignored_is_no_log_in(wiki: Any, run_wiki: Any) -> None:
    """The product goes on as a stranger while strangers may use it: 200, and nothing may be believed."""
    result = run_wiki(confluence_identity, username=None, password=None, token="x" * 40)
    assert result["failed"] and "Correct token" in result["msg"] and len(wiki.calls()) == 1


def test_a_captcha_in_the_browser_session_is_one_attempt(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    path = "/rest/tsv/1.0/authenticate" if wiki.version == "10.2" else "/dologin.action"
    wiki.fault("captcha", path, "POST")
    result = run_wiki(confluence_anonymous_access, scope="site", routes=["form"], allow_forms=True, restore_path=str(tmp_path / "r.json"))
    assert result["failed"] and "CAPTCHA" in result["msg"]
    assert len([call for call in wiki.calls() if call["path"] == path]) == 1


def test_basic_authentication_blocked(wiki: Any, run_wiki: Any) -> None:
    wiki.plant(basic_auth=False)
    result = run_wiki(confluence_identity)
    assert result["failed"] and "Basic authentication is blocked" in result["msg"] and "Use a token" in result["msg"]


def test_an_administrator_without_the_right_is_told(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    who = {"username": "witness", "password": wiki.secrets["user_password"]}
    result = run_wiki(confluence_anonymous_access, **_spaces(wiki, tmp_path), **who)
    assert result["failed"] and {row[0] for row in said(result)} <= {"~witness: space read"}, "the one space that witness administers"
    if wiki.version in ("9.2", "10.2"):
        assert "a missing right (Confluence answers 500 then" in result["msg"]
