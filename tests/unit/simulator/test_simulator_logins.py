# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from base64 import b64encode

import pytest

MYSELF = "/rest/api/2/myself"


def basic(user, password):
    return {"headers": {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}}


def test_a_right_password_and_a_right_token_give_the_same_person(site, secrets):
    by_password = site.get(MYSELF, **basic("automation", secrets["admin_password"]))
    by_token = site.get(MYSELF, "automation")
    assert by_password.get_json() == by_token.get_json()
    assert by_token.headers["X-AUSERNAME"] == "automation"
    assert by_password.headers["X-Seraph-LoginReason"] == "OK"


def test_without_credentials_one_is_a_stranger_not_refused(site):
    answer = site.get("/rest/api/2/serverInfo")
    assert (answer.status_code, answer.headers["X-AUSERNAME"]) == (200, "anonymous")
    assert "X-Seraph-LoginReason" not in answer.headers


def test_a_wrong_password_is_401_html_with_the_login_reason(site):
    answer = site.get(MYSELF, **basic("automation", "wrong"))
    assert answer.status_code == 401
    assert answer.mimetype == "text/html"
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert answer.headers["X-AUSERNAME"] == "anonymous"


def test_after_as_many_failures_as_allowed_even_the_right_password_is_denied(site, secrets):
    site.plant({"property": {"key": "jira.maximum.authentication.attempts.allowed", "value": "3"}})
    for _time in range(3):
        assert site.get(MYSELF, **basic("automation", "wrong")).status_code == 401
    denied = site.get(MYSELF, **basic("automation", secrets["admin_password"]))
    assert denied.status_code == 403
    assert denied.headers["X-Seraph-LoginReason"] == "AUTHENTICATION_DENIED"
    assert denied.headers["X-Authentication-Denied-Reason"].startswith("CAPTCHA_CHALLENGE; login-url=http://localhost:8080/")
    assert site.get(MYSELF, **basic("witness", secrets["user_password"])).status_code == 200
    assert site.requests()["logins"] == {"failed": 3, "denied": 1, "ok": 1}


def test_a_success_forgets_the_failures(site, secrets):
    for password in ("wrong", "wrong", secrets["admin_password"], "wrong", "wrong", secrets["admin_password"]):
        answer = site.get(MYSELF, **basic("automation", password))
    assert answer.status_code == 200


def test_a_wrong_token_is_401_and_locks_nobody(site, secrets):
    for _time in range(4):
        answer = site.get(MYSELF, headers={"Authorization": "Bearer wrong"})
        assert (answer.status_code, answer.headers["X-Seraph-LoginReason"]) == (401, "AUTHENTICATED_FAILED")
    assert site.get(MYSELF, **basic("automation", secrets["admin_password"])).status_code == 200


@pytest.mark.parametrize("credentials", [basic("automation", "wrong"), {"headers": {"Authorization": "Bearer wrong"}}])
def test_planted_a_failed_login_goes_on_as_a_stranger(site, credentials):
    site.plant({"login_failure": "anonymous"})
    answer = site.get("/rest/api/2/serverInfo", **credentials)
    assert (answer.status_code, answer.headers["X-AUSERNAME"]) == (200, "anonymous")
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert site.requests()["logins"] == {"failed": 1}


def test_planted_a_failed_login_is_an_empty_200(site):
    site.plant({"login_failure": "empty_200"})
    answer = site.get(MYSELF, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"


def test_who_has_no_application_or_is_inactive_does_not_get_in(site, secrets):
    guest = site.get(MYSELF, **basic("guest", secrets["guest_password"]))
    assert (guest.status_code, guest.headers["X-Seraph-LoginReason"]) == (401, "AUTHORISATION_FAILED")
    former = site.get(MYSELF, **basic("former", secrets["former_password"]))
    assert (former.status_code, former.headers["X-Seraph-LoginReason"]) == (401, "AUTHENTICATED_FAILED")


def test_basic_can_be_switched_off_while_tokens_work(site, secrets):
    site.plant({"basic_auth": False})
    answer = site.get(MYSELF, **basic("automation", secrets["admin_password"]))
    assert answer.status_code == 403
    assert answer.get_json() == {"message": "Basic Authentication has been disabled on this instance."}
    assert site.get(MYSELF, "automation").status_code == 200


def test_a_session_by_rest_is_the_user_until_it_is_closed(site, secrets):
    client = site.app.test_client()
    opened = client.post("/rest/auth/1/session", json={"username": "witness", "password": secrets["user_password"]})
    assert opened.get_json()["session"]["name"] == "JSESSIONID"
    assert client.get("/rest/auth/1/session").get_json()["name"] == "witness"
    assert client.delete("/rest/auth/1/session").status_code == 204
    assert client.get("/rest/auth/1/session").status_code == 401


def test_a_failed_session_by_rest_counts_for_the_lock(site):
    site.plant({"property": {"key": "jira.maximum.authentication.attempts.allowed", "value": "3"}})
    for _time in range(3):
        assert site.call("POST", "/rest/auth/1/session", json={"username": "witness", "password": "x"}).status_code == 401
    denied = site.call("POST", "/rest/auth/1/session", json={"username": "witness", "password": "x"})
    assert denied.status_code == 403
    assert "X-Authentication-Denied-Reason" in denied.headers


def test_the_classic_form_logs_in_before_10_and_the_two_step_call_after(make_site, secrets):
    old, new = make_site("9.12"), make_site("10.3")
    assert b"login-form-remember-me" in old.get("/login.jsp").data
    assert b"login-form-remember-me" not in new.get("/login.jsp").data
    client = old.app.test_client()
    form = {"os_username": "witness", "os_password": secrets["user_password"]}
    assert client.post("/login.jsp", data=form).status_code == 302
    assert client.get(MYSELF).get_json()["name"] == "witness"
    client = new.app.test_client()
    wish = {"username": "witness", "password": secrets["user_password"], "rememberMe": "True", "targetUrl": ""}
    assert client.post("/rest/tsv/1.0/authenticate", json=wish).status_code == 200
    assert client.get(MYSELF).get_json()["name"] == "witness"
    assert old.call("POST", "/rest/tsv/1.0/authenticate", json=wish).status_code == 404


def test_a_stranger_asks_for_permissions_only_before_10(make_site):
    assert make_site("9.12").get("/rest/api/2/mypermissions").status_code == 200
    assert make_site("10.3").get("/rest/api/2/mypermissions").status_code == 401


def test_own_permissions_tell_the_administrators_apart(site):
    def held(user):
        permissions = site.get("/rest/api/2/mypermissions", user).get_json()["permissions"]
        return permissions["SYSTEM_ADMIN"]["havePermission"], permissions["ADMINISTER"]["havePermission"]

    assert held("automation") == (True, True)
    assert held("admin2") == (False, True)
    assert held("witness") == (False, False)
