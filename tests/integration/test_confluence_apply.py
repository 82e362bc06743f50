# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confluence, each scope by each way: check, apply, apply again, check after, drift by hand; what each run says and what the product then is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import (
    confluence_anonymous_access,
    confluence_dark_features,
    confluence_identity,
    confluence_settings,
    confluence_spaces_visible,
)

from .results import rows, said
from .wiki_cases import CASES, ENFORCED, LEFT, NOT_EXAMINED, SETTINGS, Case, false_statements, uncounted

by_name = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
by_language = pytest.mark.parametrize("language", ["en", "de"])
READING_POSTS = ("/dologin.action", "/rest/tsv/1.0/authenticate", "/doauthenticate.action")
GETTERS = ("getServerInfo", "getSpacePermissionSets")


# Pages are translated, REST is not.
in_each_language = pytest.mark.parametrize(
    ("case", "language"),
    [pytest.param(case, language, id=f"{case.name}, {language}") for case in CASES for language in (("en", "de") if case.way == "form" else ("en",))],
)


def reads_only(calls: list[dict[str, Any]]) -> bool:
    return all(call["method"] == "GET" or call["path"] in READING_POSTS or call["path"].endswith(GETTERS) for call in calls)


@pytest.fixture
def seen(wiki: Any) -> Any:
    """A site of which the account sees every space."""
    for space in ("HR", "~lena"):
        wiki.plant(space_permission={"space": space, "subject": "group:confluence-administrators", "operation": "space read", "granted": True})
    return wiki


@in_each_language
def test_check_mode_changes_nothing_and_predicts_the_run(seen: Any, wiki: Any, run_wiki: Any, tmp_path: Path, case: Case, language: str) -> None:
    wiki.plant(language=language)
    state, audit = wiki.state(), wiki.audit()
    options = case.with_restore(tmp_path)
    predicted = uncounted(run_wiki(case.module, check=True, **options))
    assert (wiki.state(), wiki.audit()) == (state, audit)
    assert reads_only(wiki.calls()) and list(tmp_path.iterdir()) == []
    real = uncounted(run_wiki(case.module, **options))
    assert not real["failed"], real["msg"]
    assert rows(predicted, "drifted") == rows(real, "changed", "drifted")
    assert predicted["diff"] == real["diff"]
    assert false_statements(real, wiki.state()) == []
    outcome = case.on(wiki.version)
    assert bool(rows(real, "changed")) == (outcome == ENFORCED)
    assert bool([row for row in rows(real, "drifted") if row[1] == row[2]]) == (outcome == LEFT)
    assert bool(rows(real, "not_examined")) == (outcome == NOT_EXAMINED)
    if outcome != ENFORCED:
        assert wiki.state() == state and said(real) in ([], [("unlicensed: view user profiles", False, False)])


@by_name
def test_a_second_run_writes_nothing(seen: Any, wiki: Any, run_wiki: Any, tmp_path: Path, case: Case) -> None:
    options = case.with_restore(tmp_path)
    run_wiki(case.module, **options)
    if case.scope == "settings":  # the anonymous remote API is off then, not the forms
        assert wiki.state()["settings"]["allowRemoteApi"] is False
    state, audit = wiki.state(), wiki.audit()
    again, check = uncounted(run_wiki(case.module, **options)), uncounted(run_wiki(case.module, check=True, **options))
    assert (wiki.state(), wiki.audit()) == (state, audit)
    for result in (again, check):
        assert not result["failed"] and not result["changed"] and result["diff"] == again["diff"]
        if case.on(wiki.version) == ENFORCED:
            assert rows(result, "drifted", "changed", "failed", "not_examined") == []
            assert rows(result, "compliant") != []


@pytest.mark.parametrize("case", [case for case in CASES if case.found], ids=lambda case: case.name)
def test_planted_drift_is_found(wiki: Any, run_wiki: Any, tmp_path: Path, case: Case) -> None:
    options = case.with_restore(tmp_path)
    run_wiki(case.module, **options)
    wiki.plant(**case.planted)
    found = run_wiki(case.module, check=True, **options)
    if case.on(wiki.version) != ENFORCED:
        assert case.found is not None and case.found[0] not in [row[0] for row in said(found)]
        return
    assert case.found in rows(found, "drifted")
    assert [row for row in rows(found, "drifted") if not row[0].startswith("stranger") and row != case.found] == []
    assert rows(run_wiki(case.module, **options), "changed") == rows(found, "drifted")


def test_people_who_log_in_lose_nothing_and_strangers_everything(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    people: dict[str, dict[str, Any]] = {
        "witness": {"username": "witness", "password": wiki.secrets["user_password"]},
        "automation": {},
    }
    before = {name: run_wiki(confluence_spaces_visible, **who) for name, who in people.items()}
    assert before["witness"]["spaces"] == ["ATT", "DOC", "OLD", "PUB", "SUP", "TEAM", "~witness"]
    options = {"restore_path": str(tmp_path / "restore.json"), "routes": ["rest", "jsonrpc"]}
    run_wiki(confluence_anonymous_access, scope="spaces", replace_with="logged_in", replace_groups=["confluence-users"], **options)
    for name, who in people.items():
        after = run_wiki(confluence_spaces_visible, expected=before[name]["spaces"], **who)
        assert rows(after, "compliant") == [(f"spaces visible to {name}", before[name]["spaces"], before[name]["spaces"])]
    assert wiki._http.request("GET", f"{wiki.url}/rest/api/space").json()["results"] == []
    run_wiki(confluence_anonymous_access, scope="site", **options)
    assert wiki._http.request("GET", f"{wiki.url}/rest/api/user/current").status == 403


def test_taking_the_right_away_is_noticed(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    who = {"username": "witness", "password": wiki.secrets["user_password"]}
    before = run_wiki(confluence_spaces_visible, **who)["spaces"]
    run_wiki(confluence_anonymous_access, scope="spaces", replace_with="none", restore_path=str(tmp_path / "restore.json"))
    after = run_wiki(confluence_spaces_visible, expected=before, **who)
    assert after["failed"] and "witness no longer sees PUB" in after["msg"]


def test_whoever_may_use_confluence_is_granted_what_anonymous_held(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    """Groups and single users, found by REST where there is one, else on the page; they differ in how they name users."""
    options = {"scope": "spaces", "replace_with": "logged_in", "allow_forms": True, "restore_path": str(tmp_path / "restore.json")}
    result = run_wiki(confluence_anonymous_access, **options)
    assert not result["failed"], result["msg"]
    everybody = ["group:confluence-administrators", "group:confluence-users", "group:site-admins", "user:ff80808-freya"]
    state = wiki.state()
    assert sorted(subject for subject, held in state["spaces"]["PUB"]["permissions"].items() if "space read" in held) == everybody
    assert not any("anonymous" in space["permissions"] for space in state["spaces"].values())


def test_what_colleagues_need_is_left_without_replace_with(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    result = run_wiki(confluence_anonymous_access, scope="spaces", allow_forms=True, restore_path=str(tmp_path / "restore.json"))
    assert [row[0] for row in rows(result, "changed")] == ["DOC: space read"]
    left = {setting for setting, before, after in rows(result, "drifted") if before == after}
    assert left == {"OLD: page create", "OLD: space read", "PUB: comment create", "PUB: space read", "SUP: space read", "~witness: space read"}


def test_a_grant_that_is_wanted_stays(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    options = {"scope": "spaces", "replace_with": "none", "restore_path": str(tmp_path / "restore.json")}
    keep = [{"space": "PUB", "operation": "space read"}]
    run_wiki(confluence_anonymous_access, keep=keep, **options)
    assert {key: space["permissions"].get("anonymous") for key, space in wiki.state()["spaces"].items() if "anonymous" in space["permissions"]} == {
        "PUB": ["space read"]
    }
    audit = wiki.audit()
    refused = run_wiki(confluence_anonymous_access, keep=[*keep, {"space": "NOPE", "operation": "space read"}], **options)
    assert refused["failed"] and "keep: there is no space 'NOPE'" in refused["msg"] and wiki.audit() == audit


def test_spaces_this_account_does_not_see_are_not_examined(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    result = run_wiki(confluence_anonymous_access, check=True, scope="spaces", replace_with="none", restore_path=str(tmp_path / "restore.json"))
    hidden = [row for row in result["settings"] if row["setting"] == "spaces this account does not see"]
    counted = wiki.version in ("9.2", "10.2")
    assert [row["state"] for row in hidden] == ["not_examined"]
    assert hidden[0]["reason"].startswith("There are 2 spaces" if counted else "Whether there are spaces that this account does not see is not known")


def test_spaces_that_could_not_be_counted_are_not_forgotten(seen: Any, wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    wiki.fault("500", "/rest/api/instance-metrics", "GET")
    result = run_wiki(confluence_anonymous_access, check=True, scope="spaces", replace_with="none", restore_path=str(tmp_path / "restore.json"))
    assert ("spaces this account does not see", None, None) in rows(result, "not_examined")


def test_an_empty_list_of_people_is_not_believed(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    """Our own account uses the site, so that nobody does cannot be: colleagues would lose what anonymous gave them."""
    for subject in ("group:confluence-users", "group:confluence-administrators", "group:site-admins", "user:ff80808-freya"):
        wiki.plant(global_permission={"subject": subject, "operation": "application use", "granted": False})
    before = wiki.state()["spaces"]
    result = run_wiki(confluence_anonymous_access, scope="spaces", replace_with="logged_in", allow_forms=True, restore_path=str(tmp_path / "r.json"))
    assert wiki.state()["spaces"] == before and rows(result, "changed") == []


def test_a_group_that_is_not_there_is_refused_before_anything(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    options = {"scope": "spaces", "replace_with": "logged_in", "replace_groups": ["no-such-group"], "restore_path": str(tmp_path / "r.json")}
    for check in (True, False):
        result = run_wiki(confluence_anonymous_access, check=check, **options)
        assert result["failed"] and "replace_groups: there is no group 'no-such-group'" in result["msg"]
    assert wiki.audit() == [] or all(entry["user"] != "automation" for entry in wiki.audit())
    assert not (tmp_path / "r.json").exists()


def test_the_remote_api_that_is_off_is_no_way(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    for status in (404, 405, 401):
        wiki.control("POST", "reset")
        wiki.plant(setting={"name": "allowRemoteApi", "value": False})
        wiki.plant(remote_api_off_status=status)
        state = wiki.state()
        result = run_wiki(confluence_anonymous_access, scope="spaces", routes=["jsonrpc"], replace_with="none", restore_path=str(tmp_path / "restore.json"))
        assert rows(result, "not_examined") == [("spaces", None, None)] and "the Remote API is off" in result["settings"][0]["reason"]
        assert wiki.state() == state


def test_a_version_that_does_not_tell_what_anonymous_holds_is_not_called_closed(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    wiki.plant(without_anonymous_path=True)
    result = run_wiki(confluence_anonymous_access, scope="spaces", routes=["rest"], replace_with="none", restore_path=str(tmp_path / "restore.json"))
    assert said(result) == [] and rows(result, "not_examined") == [("spaces", None, None)]


@by_language
def test_a_form_that_moves_something_else_is_put_back(wiki: Any, run_wiki: Any, language: str) -> None:
    wiki.plant(language=language)
    wiki.plant(form_side_effect={"form": "security", "set": {"pageTimeout": 5}})
    before = wiki.state()["settings"]
    result = run_wiki(confluence_settings, settings={"webSudoTimeout": 10}, allow_forms=True)
    assert result["failed"] and "changed pageTimeout as well" in result["msg"]
    assert wiki.state()["settings"] == before
    assert rows(result, "failed") == [("webSudoTimeout", 60, 60)]


def test_a_form_with_an_unknown_control_is_never_posted(wiki: Any, run_wiki: Any) -> None:
    wiki.plant(form_extra={"form": "security", "html": '<input type="color" name="themeColour" value="#ff0000">'})
    audit = wiki.audit()
    result = run_wiki(confluence_settings, settings={"webSudoTimeout": 10, "publicSignup": False}, allow_forms=True)
    assert result["failed"] and "themeColour" in result["msg"]
    assert rows(result, "changed") == [("publicSignup", True, False)], "the other form is not held up"
    assert [entry["object"] for entry in wiki.audit()[len(audit) :]] == ["signup"]


def test_a_value_the_page_does_not_take_is_refused_before_anything(wiki: Any, run_wiki: Any) -> None:
    audit = wiki.audit()
    result = run_wiki(confluence_settings, settings={"attachmentSecurityLevel": "total", "publicSignup": False}, allow_forms=True)
    assert result["failed"] and "'total', and the product's page takes insecure, smart, secure" in result["msg"]
    assert wiki.audit() == audit


def test_sign_up_for_some_domains_is_not_off(wiki: Any, run_wiki: Any) -> None:
    wiki.plant(signup_mode="restricted")
    by_manifest = run_wiki(confluence_settings, settings={"publicSignup": False})
    assert rows(by_manifest, "not_examined") == [("publicSignup", None, None)]
    by_form = run_wiki(confluence_settings, check=True, settings={"publicSignup": False}, allow_forms=True)
    assert rows(by_form, "drifted") == [("publicSignup", True, False)]


def test_settings_without_forms_are_not_examined_and_say_where_they_are(wiki: Any, run_wiki: Any) -> None:
    state = wiki.state()
    result = run_wiki(confluence_settings, settings=SETTINGS)
    assert said(result) == [] and not result["changed"] and wiki.state() == state
    assert rows(result, "drifted") == [("publicSignup", True, True)]
    assert all("/admin/" in row["reason"] for row in result["settings"])


def test_a_second_factor_is_a_clear_error(wiki: Any, run_wiki: Any) -> None:
    wiki.plant(second_factor=True)
    result = run_wiki(confluence_settings, check=True, settings={"webSudoTimeout": 10}, allow_forms=True)
    if wiki.version == "10.2":
        assert said(result) == [] and "second factor" in result["settings"][0]["reason"]
    else:
        assert rows(result, "drifted") == [("webSudoTimeout", 60, 10)], "the classic log-in page knows no second factor"


def test_forms_with_a_token_are_refused_before_anything_is_sent(wiki: Any, run_wiki: Any) -> None:
    who = {"username": None, "password": None, "token": wiki.secrets["admin_token"]}
    result = run_wiki(confluence_settings, settings={"webSudoTimeout": 10}, allow_forms=True, **who)
    assert result["failed"] and result["msg"].startswith("allow_forms:") and wiki.calls() == []


def test_sessions_are_ended(wiki: Any, run_wiki: Any) -> None:
    run_wiki(confluence_settings, check=True, settings={"webSudoTimeout": 10}, allow_forms=True)
    assert wiki.calls()[-1]["path"] == "/logout.action"


def test_a_key_of_the_jvm_is_failed(wiki: Any, run_wiki: Any) -> None:
    result = run_wiki(confluence_dark_features, disabled=["simulated.jvm.switch"])
    assert result["failed"] and rows(result, "failed") == [("simulated.jvm.switch", True, True)]
    assert "-Datlassian.darkfeature.simulated.jvm.switch=true" in result["msg"]


def test_migration_keys_survive_exclusive(wiki: Any, run_wiki: Any) -> None:
    run_wiki(confluence_dark_features, exclusive=True, allowed=["simulated.experiment"], allow_forms=True)
    assert wiki.state()["features"]["site"] == ["simulated.experiment", "simulated.migration.step"]


def test_identity(wiki: Any, run_wiki: Any) -> None:
    result = run_wiki(confluence_identity)
    assert (result["user"], result["is_system_admin"]) == ("automation", True)
    assert result["version"].startswith(f"{wiki.version}.") and result["base_url"] == wiki.url
    limited = run_wiki(confluence_identity, username="admin2", password=wiki.secrets["admin2_password"])
    assert limited["is_system_admin"] is (None if wiki.version in ("7.19", "8.5") else False)
