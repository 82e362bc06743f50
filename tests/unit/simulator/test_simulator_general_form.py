# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira's general configuration: one form that writes all of its fields."""

from __future__ import annotations

import pytest

VIEW = "/secure/admin/ViewApplicationProperties.jspa"
EDIT = "/secure/admin/EditApplicationProperties!default.jspa"
SAVE = "/secure/admin/EditApplicationProperties.jspa"
EVERY = ["8.20", "9.12", "10.3", "11.2"]
BOTH = {
    "title", "introduction", "encodingCode", "defaultLocale", "voting", "baseURL", "mode", "captcha", "maximumAuthenticationAttemptsAllowed",
    "emailVisibility", "externalUM", "logoutConfirm", "useGzip", "groupVisibility", "ieMimeSniffer", "showContactAdministratorsForm", "useGravatar",
    "atl_token",
}


def read(read_form, client):
    return read_form(client, EDIT, "jiraform")


@pytest.mark.parametrize("version", EVERY)
def test_saved_as_it_is_the_form_changes_nothing(make_jira, read_form, version):
    jira = make_jira(version)
    before, client = jira.state(), jira.browser()
    form = read(read_form, client)
    assert (form.action, form.buttons) == ("EditApplicationProperties.jspa", {"Update": "Update"})
    assert form.fields["introduction"] == '\nIssues & <b>more</b>\nAsk "us"'
    form.fields["introduction"] = form.fields["introduction"].replace("\n", "\r\n")  # as browsers send it
    saved = client.post(SAVE, data=form.fields)
    assert (saved.status_code, saved.headers["Location"]) == (302, f"http://localhost:8080{VIEW}")
    assert jira.state() == before
    assert [entry["what"] for entry in jira.audit()] == ["general configuration"]


@pytest.mark.parametrize(("version", "more"), [("8.20", {"allowRpc"}), ("9.12", {"gravatarApiAddress"}), ("11.2", {"gravatarApiAddress"})])
def test_fields_by_version(make_jira, read_form, version, more):
    assert read(read_form, make_jira(version).browser()).controls == BOTH | more


@pytest.mark.parametrize(("version", "kind"), [("8.20", "radio"), ("9.12", "radio"), ("10.3", "checkbox"), ("11.2", "checkbox")])
def test_what_is_on_or_off_is_a_pair_of_buttons_or_a_box(make_jira, read_form, version, kind):
    client = make_jira(version).browser()
    assert f'<input type="{kind}" name="useGzip"' in client.get(EDIT).get_data(as_text=True)
    assert '<input type="radio" name="voting"' in client.get(EDIT).get_data(as_text=True)
    fields = read(read_form, client).fields
    assert fields["useGzip"] == "true"
    assert fields.get("captcha") == ("false" if kind == "radio" else None)


def test_how_insecure_it_starts(jira):
    properties = jira.state()["properties"]
    assert {key: properties[key] for key in (
        "jira.mode", "jira.option.captcha.on.signup", "jira.maximum.authentication.attempts.allowed", "jira.option.emailvisible",
        "jira.comment.level.visibility.groups", "jira.attachment.download.mime.sniffing.workaround", "jira.show.contact.administrators.form",
        "jira.user.avatar.gravatar.enabled", "jira.option.logoutconfirm", "jira.baseurl",
    )} == {
        "jira.mode": "public", "jira.option.captcha.on.signup": "false", "jira.maximum.authentication.attempts.allowed": "10",
        "jira.option.emailvisible": "show", "jira.comment.level.visibility.groups": "true",
        "jira.attachment.download.mime.sniffing.workaround": "insecure", "jira.show.contact.administrators.form": "true",
        "jira.user.avatar.gravatar.enabled": "true", "jira.option.logoutconfirm": "never", "jira.baseurl": "http://localhost:8080",
    }


@pytest.mark.parametrize("version", ["9.12", "10.3"])
def test_what_is_not_posted_is_emptied_or_switched_off(make_jira, read_form, version):
    jira = make_jira(version)
    client = jira.browser()
    fields = read(read_form, client).fields
    for name in ("useGzip", "emailVisibility", "maximumAuthenticationAttemptsAllowed", "introduction"):
        del fields[name]
    assert client.post(SAVE, data=fields).status_code == 302
    properties = jira.state()["properties"]
    emptied = ("jira.option.web.usegzip", "jira.option.emailvisible", "jira.maximum.authentication.attempts.allowed", "jira.introduction")
    assert [properties[key] for key in emptied] == ["false", "", "", ""]


@pytest.mark.parametrize("wrong", [
    {"mode": "public", "externalUM": "true"}, {"maximumAuthenticationAttemptsAllowed": "many"}, {"maximumAuthenticationAttemptsAllowed": "0"},
    {"title": " "}, {"baseURL": "jira"}, {"baseURL": ""}, {"mode": "open"}, {"voting": "maybe"}, {"useGzip": "maybe"},
])
def test_wrong_values_are_refused_whole_with_status_200(make_jira, read_form, wrong):
    jira = make_jira("9.12")
    before, client = jira.state(), jira.browser()
    answer = client.post(SAVE, data={**read(read_form, client).fields, "captcha": "true", **wrong})
    assert (answer.status_code, b'class="error"' in answer.data) == (200, True)
    assert (jira.state(), jira.audit()) == (before, [])


def test_the_mode_opens_and_closes_the_sign_up(jira, read_form):
    client = jira.browser()
    assert client.post(SAVE, data={**read(read_form, client).fields, "mode": "private"}).status_code == 302
    assert jira.state()["sign_up"] is False
    assert b'id="signup"' not in jira.get("/secure/Signup!default.jspa").data
    jira.plant({"sign_up": True})
    assert jira.state()["properties"]["jira.mode"] == "public"


@pytest.mark.parametrize(("allowed", "status"), [("2", 403), ("", 401)])
def test_the_captcha_counts_as_the_setting_says(jira, allowed, status):
    jira.plant({"property": {"key": "jira.maximum.authentication.attempts.allowed", "value": allowed}})
    for _time in range(12):
        answer = jira.call("POST", "/rest/auth/1/session", json={"username": "witness", "password": "x"})
    assert answer.status_code == status


def test_only_a_system_administrator_sees_and_sets_mime_sniffing(jira, read_form):
    client = jira.browser("admin2")
    form = read(read_form, client)
    assert "ieMimeSniffer" not in form.controls
    assert client.post(SAVE, data={**form.fields, "ieMimeSniffer": "secure"}).status_code == 302
    assert jira.state()["properties"]["jira.attachment.download.mime.sniffing.workaround"] == "insecure"


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("path", [VIEW, EDIT, "/secure/admin/GlobalPermissions!default.jspa"])
def test_who_gets_to_the_pages(make_jira, version, path):
    jira = make_jira(version)
    assert "/login.jsp?os_destination=" in jira.get(path).headers["Location"]
    assert jira.browser("witness", websudo=False).get(path).status_code == 403
    asked = jira.browser(websudo=False).get(path)
    assert (asked.status_code, b"webSudoPassword" in asked.data, b"global_perms" in asked.data) == (200, True, False)
    assert b"webSudoPassword" in jira.get(path, "automation").data  # a token is no session
    assert b"webSudoPassword" not in jira.browser().get(path).data


def test_a_post_needs_websudo_and_the_token_of_the_session(jira, read_form):
    client, before = jira.browser(), jira.state()
    fields = read(read_form, client).fields
    for token in ("", "0" * 40 + "_lout"):
        answer = client.post(SAVE, data={**fields, "title": "x", "atl_token": token}, headers={"X-Atlassian-Token": "no-check"})
        assert (answer.status_code, b"XSRF Security Token Missing" in answer.data) == (403, True)
    assert client.get(SAVE).status_code == 403  # it would save
    assert client.delete("/rest/auth/1/websudo").status_code == 204
    assert b"webSudoPassword" in client.post(SAVE, data={**fields, "title": "x"}).data
    assert jira.get(SAVE).status_code == 302
    assert jira.call("POST", SAVE, data=fields).status_code == 302  # to the log-in
    assert jira.call("POST", "/secure/admin/NoSuchAction.jspa").status_code == 405
    assert (jira.state(), jira.audit()) == (before, [])


@pytest.mark.parametrize("language", ["en", "de"])
def test_words_change_with_the_language_and_names_do_not(jira, read_form, language):
    client = jira.browser()
    names = read(read_form, client).controls
    jira.plant({"language": language})
    form = read(read_form, client)
    assert (form.controls, form.buttons) == (names, {"Update": {"en": "Update", "de": "Aktualisieren"}[language]})
    view = client.get(VIEW).get_data(as_text=True)
    assert {"en": "User email visibility", "de": "Sichtbarkeit der E-Mail-Adressen"}[language] in view
    assert "name=\"mode\"" not in view


def test_other_forms_come_first(jira):
    page = jira.browser().get(EDIT).get_data(as_text=True)
    assert page.index('id="quicksearch"') < page.index('id="logout-form"') < page.index('id="jiraform"')


def test_planted_a_control_nobody_knows_and_a_side_effect(jira, read_form):
    jira.plant(
        {"form_extra": {"form": "general", "html": '<input type="color" name="sim" value="#fff">'}},
        {"form_side_effect": {"form": "general", "set": {"jira.option.web.usegzip": "false"}}},
    )
    client = jira.browser()
    form = read(read_form, client)
    assert "sim" in form.controls
    for expected in ("false", "true"):
        assert client.post(SAVE, data=form.fields).status_code == 302
        assert jira.state()["properties"]["jira.option.web.usegzip"] == expected


@pytest.mark.parametrize("wish", [
    {"form_side_effect": {"form": "general", "set": {"jira.option.rpc.allow": "false"}}},
    {"form_side_effect": {"form": "general", "set": {"jira.title": False}}},
    {"form_side_effect": {"form": "global_permissions", "set": {"jira.title": "x"}}}, {"form_extra": {"form": "security", "html": ""}}, {"language": "fr"},
])
def test_a_wish_that_makes_no_sense_is_refused(jira, wish):
    assert jira.call("POST", "/__sim__/plant", json=wish).status_code == 400


def test_planted_a_second_factor_opens_no_session(jira, secrets):
    jira.plant({"second_factor": True})
    client = jira.app.test_client()
    answer = client.post("/rest/tsv/1.0/authenticate", json={"username": "automation", "password": secrets["admin_password"]})
    assert (answer.status_code, answer.get_json()["success"], client.get_cookie("JSESSIONID")) == (200, True, None)
