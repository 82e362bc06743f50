# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the administration, and the three forms of settings."""

from __future__ import annotations

from base64 import b64encode

import pytest

SECURITY = "/admin/editsecurityconfig.action"
SAVE = "/admin/doeditsecurityconfig.action"
FURTHER = "/admin/editspacesconfig.action"
SIGNUP = "/admin/users/signupoptions.action"
MARKED = {"X-Atlassian-Token": "no-check"}


def post(client, path, fields):
    return client.post(path, data=fields)


@pytest.mark.parametrize("version", ["7.19", "8.5", "9.2", "10.2"])
def test_an_administrator_confirms_the_password_before_the_pages_open(make_wiki, secrets, version):
    wiki = make_wiki(version)
    client = wiki.browser(websudo=False)
    asked = client.get("/admin/viewsecurityconfig.action")
    assert (asked.status_code, asked.headers["Location"]) == (
        302, "http://localhost:8080/authenticate.action?destination=%2Fadmin%2Fviewsecurityconfig.action")
    assert b'id="authenticateButton"' in client.get("/authenticate.action?destination=/admin/console.action").data
    form = {"password": secrets["admin_password"], "authenticate": "Confirm", "destination": "/admin/console.action"}
    assert client.post("/doauthenticate.action", data=form).status_code == 403
    wrong = client.post("/doauthenticate.action", data={**form, "password": "wrong"}, headers=MARKED)
    assert (wrong.status_code, wrong.headers["X-Seraph-LoginReason"]) == (200, "AUTHENTICATED_FAILED")
    right = client.post("/doauthenticate.action", data=form, headers=MARKED)
    assert (right.status_code, right.headers["Location"]) == (302, "http://localhost:8080/admin/console.action")
    assert b"editsecurityconfig" not in client.get("/admin/console.action").data
    assert b"viewsecurityconfig.action" in client.get("/admin/console.action").data
    assert wiki.requests()["logins"] == {"ok": 2, "failed": 1}


def test_others_do_not_get_in(wiki, secrets):
    assert "/login.action?os_destination=" in wiki.get("/admin/console.action").headers["Location"]
    assert wiki.browser("witness", websudo=False).get("/admin/console.action").status_code == 403
    form = {"password": secrets["user_password"], "authenticate": "Confirm"}
    assert wiki.browser("witness", websudo=False).post("/doauthenticate.action", data=form, headers=MARKED).status_code == 403


def test_a_token_or_a_password_alone_opens_no_page_while_websudo_is_on(wiki, secrets):
    basic = {"Authorization": "Basic " + b64encode(f"automation:{secrets['admin_password']}".encode()).decode()}
    assert "/authenticate.action" in wiki.get(SECURITY, "automation").headers["Location"]
    assert "/authenticate.action" in wiki.get(SECURITY, headers=basic).headers["Location"]
    wiki.plant({"setting": {"name": "webSudoEnabled", "value": False}})
    assert wiki.get(SECURITY, "automation").status_code == 200


def test_the_confirmation_ends_after_its_minutes(wiki, monkeypatch):
    client = wiki.browser()
    monkeypatch.setattr("simulator.websudo.time.monotonic", lambda: 1e12)
    assert client.get(SECURITY).status_code == 302


def test_the_security_form_comes_after_others_and_keeps_all_it_is_given(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    page = client.get(SECURITY).get_data(as_text=True)
    assert page.index("quick-search-form") < page.index("logout-form") < page.index('id="editsecurityconfig"')
    form = read_form(client, SECURITY, "editsecurityconfig")
    assert (form.action, form.buttons) == ("doeditsecurityconfig.action", {"confirm": "Save", "cancel": "Cancel"})
    saved = post(client, SAVE, form.fields)
    assert (saved.status_code, saved.headers["Location"]) == (302, "http://localhost:8080/admin/viewsecurityconfig.action")
    assert wiki.state() == before
    assert [entry["what"] for entry in wiki.audit()] == ["settings"]


def test_what_is_not_posted_is_emptied(wiki, read_form):
    client = wiki.browser()
    form = read_form(client, SECURITY, "editsecurityconfig")
    for name in ("enableSpaceStyles", "emailAddressVisibility"):
        del form.fields[name]
    form.fields["xsrfAddComments"] = "true"
    assert post(client, SAVE, form.fields).status_code == 302
    settings = wiki.state()["settings"]
    assert (settings["enableSpaceStyles"], settings["emailAddressVisibility"], settings["xsrfAddComments"]) == (False, "", True)


@pytest.mark.parametrize("wrong", [
    {"webSudoTimeout": "0"}, {"maxRssItems": "many"}, {"emailAddressVisibility": "private"}, {"attachmentSecurityLevel": "high"}, {"pageTimeout": ""},
])
def test_wrong_values_are_refused_whole(wiki, read_form, wrong):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, SECURITY, "editsecurityconfig")
    answer = post(client, SAVE, {**form.fields, "webSudoEnabled": "true", "xsrfAddComments": "true", **wrong})
    assert (answer.status_code, b'class="error"' in answer.data) == (400, True)
    assert (wiki.state(), wiki.audit()) == (before, [])


def test_a_post_needs_the_token_of_the_session_or_the_header(wiki, read_form):
    client = wiki.browser()
    fields = read_form(client, SECURITY, "editsecurityconfig").fields
    for token in ("", "0" * 40 + "_lout"):
        assert post(client, SAVE, {**fields, "atl_token": token}).status_code == 403
    assert client.post(SAVE, data={**fields, "atl_token": ""}, headers=MARKED).status_code == 302


def test_the_cancel_button_saves_nothing(wiki, read_form):
    client = wiki.browser()
    form = read_form(client, SECURITY, "editsecurityconfig")
    assert post(client, SAVE, {**form.fields, "webSudoTimeout": "10", **form.buttons}).status_code == 302
    assert wiki.state()["settings"]["webSudoTimeout"] == 60


def test_an_administrator_of_confluence_alone_sees_and_sets_fewer_fields(wiki, read_form):
    client = wiki.browser("admin2")
    form = read_form(client, SECURITY, "editsecurityconfig")
    assert form.controls == {"atl_token", "allowRemoteApiAnonymous", "nofollowExternalLinks", "emailAddressVisibility"}
    form.fields.pop("allowRemoteApiAnonymous")
    assert post(client, SAVE, {**form.fields, "webSudoTimeout": "5"}).status_code == 302
    settings = wiki.state()["settings"]
    assert (settings["allowRemoteApiAnonymous"], settings["webSudoTimeout"], settings["enableSpaceStyles"]) == (False, 60, True)


@pytest.mark.parametrize("language", ["en", "de"])
def test_words_change_with_the_language_and_names_do_not(wiki, read_form, language):
    client = wiki.browser()
    names = read_form(client, SECURITY, "editsecurityconfig").controls
    wiki.plant({"language": language})
    form = read_form(client, SECURITY, "editsecurityconfig")
    assert form.controls == names
    assert form.buttons["confirm"] == {"en": "Save", "de": "Speichern"}[language]
    assert {"en": "External user management", "de": "Externe Benutzerverwaltung"}[language] in client.get(SECURITY).get_data(as_text=True)


def test_the_further_form_has_fields_of_every_kind_and_keeps_them(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, FURTHER, "editspacesconfig")
    assert form.fields["maintenanceNotice"] == "\nFirst & second line\n<b>kept</b> as text"
    assert form.fields["siteWelcome"] == 'Knowledge & "more" <daily>'
    assert (form.fields["defaultEditor"], form.fields["draftSaveInterval"], form.fields["configurationRevision"]) == ("rich", "30", "r-17")
    form.fields["maintenanceNotice"] = form.fields["maintenanceNotice"].replace("\n", "\r\n")  # as browsers send it
    assert post(client, form.action, form.fields).status_code == 302
    assert wiki.state() == before
    del form.fields["allowRemoteApi"]
    post(client, form.action, form.fields)
    assert wiki.state()["settings"] == {**before["settings"], "allowRemoteApi": False}


def test_the_sign_up_modes(wiki, read_form):
    client = wiki.browser()
    form = read_form(client, SIGNUP, "signupoptions")
    action = "/admin/users/" + form.action
    assert post(client, action, {**form.fields, "signupMode": "restricted", "signupDomains": ""}).status_code == 400
    assert post(client, action, {**form.fields, "signupMode": "private"}).status_code == 302
    assert wiki.state()["settings"]["signupMode"] == "private"
    assert wiki.state()["settings"]["signupDomains"] == "example.com"


def test_planted_a_form_has_a_control_nobody_knows(wiki, read_form):
    wiki.plant({"form_extra": {"form": "security", "html": '<input type="color" name="sim" value="#fff">'}})
    assert "sim" in read_form(wiki.browser(), SECURITY, "editsecurityconfig").controls


def test_planted_the_next_save_changes_another_field_too(wiki, read_form):
    wiki.plant({"form_side_effect": {"form": "security", "set": {"pageTimeout": 5}}})
    client = wiki.browser()
    fields = read_form(client, SECURITY, "editsecurityconfig").fields
    for expected in (5, 120):
        assert post(client, SAVE, fields).status_code == 302
        assert wiki.state()["settings"]["pageTimeout"] == expected


@pytest.mark.parametrize("wish", [
    {"setting": {"name": "nothing", "value": 1}}, {"setting": {"name": "pageTimeout", "value": "5"}}, {"form_extra": {"form": "x", "html": ""}},
    {"language": "fr"}, {"space_permission": {"space": "DOC", "subject": "user:witness", "operation": "space read", "granted": True}},
])
def test_a_wish_that_makes_no_sense_is_refused(wiki, wish):
    assert wiki.call("POST", "/__sim__/plant", json=wish).status_code == 400
