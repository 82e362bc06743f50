# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application properties, WebSudo, XSRF, pages."""

from __future__ import annotations

import re

import pytest

PROPERTIES = "/rest/api/2/application-properties"
SHARING = f"{PROPERTIES}/jira.option.globalsharing"
ADMIN_PAGE = "/secure/admin/SiteDarkFeatures!default.jspa"


def session(site, secrets, user="automation", password="admin_password"):
    client = site.app.test_client()
    assert client.post("/rest/auth/1/session", json={"username": user, "password": secrets[password]}).status_code == 200
    return client


def websudo(client, password, token=None):
    page = client.get("/secure/Dashboard.jspa").get_data(as_text=True)
    found = re.search(r'id="atlassian-token" name="atlassian-token" content="([^"]+)"', page)
    form = {"webSudoPassword": password, "webSudoDestination": ADMIN_PAGE, "webSudoIsPost": "false", "atl_token": token or found.group(1)}
    return client.post("/secure/admin/WebSudoAuthenticate.jspa", data=form)


def test_a_list_without_key_and_an_object_with_it(site):
    assert isinstance(site.get(PROPERTIES, "automation").get_json(), list)
    shown = site.get(f"{PROPERTIES}?key=jira.option.globalsharing", "automation").get_json()
    assert (shown["value"], "defaultValue" in shown) == ("true", False)


@pytest.mark.parametrize(("version", "status"), [("8.20", 403), ("9.12", 403), ("10.3", 404), ("11.2", 404)])
def test_what_only_the_form_sets_is_out_of_reach(make_site, version, status):
    site = make_site(version)
    for key in ("jira.mode", "jira.maximum.authentication.attempts.allowed", "jira.option.emailvisible", "jira.nothing"):
        answer = site.get(f"{PROPERTIES}?key={key}", "automation")
        assert (answer.status_code, answer.get_json()) == (status, {"errorMessages": ["No permission"], "errors": {}})
        assert site.call("PUT", f"{PROPERTIES}/{key}", "automation", json={"id": key, "value": "private"}).status_code == status
    assert site.get(f"{PROPERTIES}?key=jira.show.contact.administrators.form", "admin2").status_code == status
    assert site.audit() == []


def test_a_property_of_the_form_too_is_the_same_by_rest(site):
    key = "jira.show.contact.administrators.form"
    shown = site.get(f"{PROPERTIES}?key={key}", "automation").get_json()
    assert (shown["type"], shown["value"], shown["defaultValue"], shown["allowedValues"]) == ("boolean", "true", "false", ["true", "false"])
    site.call("PUT", f"{PROPERTIES}/{key}", "automation", json={"id": key, "value": "false"})
    assert site.state()["properties"][key] == "false"
    site.plant({"property": {"key": key, "value": True}})
    assert site.state()["properties"][key] == "true"


@pytest.mark.parametrize(("key", "good", "bad"), [
    ("jira.text.field.character.limit", "100", "many"), ("jira.issue.actions.order", "desc", "up"), ("jira.export.html.enabled", "false", "False"),
    ("jira.search.views.default.max", "-1", ""),
])
def test_values_are_of_their_type(site, key, good, bad):
    def put(value):
        return site.call("PUT", f"{PROPERTIES}/{key}", "automation", json={"id": key, "value": value})

    assert (put(bad).status_code, list(put(bad).get_json()["errors"])) == (400, ["value"])
    assert put(good).get_json()["value"] == good


def test_a_value_is_written_as_text_and_the_default_shows_once_it_differs(site):
    answer = site.call("PUT", SHARING, "automation", json={"id": "jira.option.globalsharing", "value": "false"})
    assert (answer.get_json()["value"], answer.get_json()["defaultValue"]) == ("false", "true")
    assert [(entry["before"], entry["after"]) for entry in site.audit()] == [("true", "false")]


@pytest.mark.parametrize("wish", [{"value": False}, {"value": "off"}, {}, {"id": "other", "value": "false"}])
def test_a_bad_value_is_400_with_the_field_named(site, wish):
    answer = site.call("PUT", SHARING, "automation", json=wish)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, ["value"])
    assert site.audit() == []


def test_levels_hide_what_a_jira_administrator_may_not_edit(site):
    def keys(user, query=""):
        return {item["key"] for item in site.get(PROPERTIES + query, user).get_json()}

    assert "jira.show.contact.administrators.form" in keys("automation")
    assert "jira.show.contact.administrators.form" not in keys("admin2")
    assert keys("automation", "?permissionLevel=ADMIN") == keys("admin2")
    assert keys("automation", "?keyFilter=jira.search.*") == {"jira.search.views.default.max", "jira.search.views.max.limit"}
    assert site.get(PROPERTIES, "witness").status_code == 403
    assert site.get(f"{PROPERTIES}/advanced-settings").status_code == 401


def test_a_session_needs_websudo_where_basic_and_tokens_do_not(site, secrets):
    client = session(site, secrets)
    refused = client.get(PROPERTIES)
    assert (refused.status_code, refused.get_json()) == (401, {"message": "This resource requires WebSudo.", "status-code": 401})
    assert site.get(PROPERTIES, "automation").status_code == 200
    assert client.get("/rest/api/2/permissionscheme").status_code == 200  # not marked


def test_websudo_by_form_opens_rest_and_pages_until_it_is_ended(site, secrets):
    client = session(site, secrets)
    assert b"webSudoPassword" in client.get(ADMIN_PAGE).data
    before = client.get_cookie("JSESSIONID").value
    answer = websudo(client, secrets["admin_password"])
    assert answer.headers["X-Atlassian-WebSudo"] == "Has-Authentication"
    assert answer.headers["Location"].endswith(ADMIN_PAGE)
    assert client.get_cookie("JSESSIONID").value != before
    assert client.get(PROPERTIES).status_code == 200
    assert b"admin-page" in client.get(ADMIN_PAGE).data
    assert client.delete("/rest/auth/1/websudo").status_code == 204
    assert client.get(PROPERTIES).status_code == 401


def test_websudo_fails_without_the_header_and_without_the_token(site, secrets):
    client = session(site, secrets)
    wrong = websudo(client, "wrong")
    assert (wrong.status_code, "X-Atlassian-WebSudo" in wrong.headers) == (200, False)
    assert websudo(client, secrets["admin_password"], token="forged").status_code == 403
    assert client.get(PROPERTIES).status_code == 401
    user = session(site, secrets, "witness", "user_password")
    assert "X-Atlassian-WebSudo" not in websudo(user, secrets["user_password"]).headers


def test_nobody_is_asked_for_the_password_once_websudo_is_disabled_in_the_file(site, secrets):
    page = "/secure/admin/ViewSystemInfo.jspa"
    site.plant({"websudo": False})
    client = session(site, secrets)
    assert b"admin-page" in client.get(page).data
    assert client.get(PROPERTIES).status_code == 200
    assert session(site, secrets, "witness", "user_password").get(page).status_code == 403  # the right is still asked for
    site.plant({"websudo": True})
    assert b"webSudoPassword" in client.get(page).data


@pytest.mark.parametrize("directory", ["/secure/admin", "/secure/project", "/anything/else"])
def test_an_admin_action_is_found_under_any_directory(site, directory):
    stranger = site.get(f"{directory}/GlobalPermissions!default.jspa")
    assert stranger.status_code == 302
    assert site.get(f"{directory}/GlobalPermissions!default.jspa", "witness").status_code == 403
    assert site.get(f"{directory}/NoSuchAction.jspa", "automation").status_code == 404


def test_writes_by_a_browser_are_refused_even_with_the_header(site):
    headers = {"User-Agent": "Mozilla/5.0", "X-Atlassian-Token": "no-check"}
    answer = site.call("PUT", SHARING, "automation", json={"value": "false"}, headers=headers)
    assert (answer.status_code, answer.get_data(as_text=True)) == (403, "XSRF check failed")
    assert site.get("/rest/api/2/project", headers=headers).status_code == 200
    own_page = {**headers, "Origin": "http://localhost:8080"}
    assert site.call("PUT", SHARING, "automation", json={"value": "false"}, headers=own_page).status_code == 200


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_forms_posted_to_rest_need_the_header(site, kind):
    path = "/rest/api/2/permissionscheme/0/permission"
    refused = site.call("POST", path, "automation", data=b"{}", content_type=kind)
    assert refused.get_data(as_text=True) == "XSRF check failed"
    marked = site.call("POST", path, "automation", data=b"{}", content_type=kind, headers={"X-Atlassian-Token": "no-check"})
    assert marked.status_code == 400  # past the check


def test_pages_show_what_the_visitor_may_see(site):
    def page(user=None):
        return site.get("/secure/Dashboard.jspa", user).get_data(as_text=True)

    assert "Website" in page()
    assert "Internal tools" not in page()
    assert "Internal tools" in page("witness")
    assert site.get("/browse/WEB-1").status_code == 200
    assert site.get("/browse/INT-1").status_code == 302
    assert site.get("/browse/HR-1", "witness").status_code == 404


def test_sign_up_has_a_form_while_the_mode_is_public(site):
    assert b'id="signup"' in site.get("/secure/Signup!default.jspa").data
    site.plant({"sign_up": False})
    assert b'id="signup"' not in site.get("/secure/Signup!default.jspa").data


@pytest.mark.parametrize(("state", "code"), [("RUNNING", 200), ("STARTING", 200), ("MAINTENANCE", 503), ("ERROR", 500)])
def test_status_codes(site, state, code):
    site.plant({"status": state})
    answer = site.get("/status")
    assert (answer.status_code, answer.get_json()) == (code, {"state": state})
