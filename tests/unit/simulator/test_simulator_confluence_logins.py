# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from base64 import b64encode

import pytest

CURRENT = "/rest/api/user/current"
VERSIONS = ["7.19", "8.5", "9.2", "10.2"]


def basic(user, password):
    return {"headers": {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_right_password_and_a_right_token_give_the_same_person(make_wiki, secrets, version):
    wiki = make_wiki(version)
    by_password = wiki.get(CURRENT, **basic("automation", secrets["admin_password"]))
    by_token = wiki.get(CURRENT, "automation")
    assert by_password.get_json() == by_token.get_json()
    assert (by_token.get_json()["type"], by_token.get_json()["userKey"]) == ("known", "ff80808-automation")
    assert by_token.headers["X-AUSERNAME"] == "automation"
    assert by_token.headers["X-Confluence-Request-Time"].isdigit()


def test_strangers_have_a_name_in_the_header_or_none(make_wiki):
    assert make_wiki("9.2").get(CURRENT).headers["X-AUSERNAME"] == "anonymous"
    assert "X-AUSERNAME" not in make_wiki("7.19").get(CURRENT).headers


def test_a_wrong_password_is_401_html_with_the_login_reason(wiki):
    answer = wiki.get(CURRENT, **basic("automation", "wrong"))
    assert (answer.status_code, answer.mimetype, answer.headers["X-Seraph-LoginReason"]) == (401, "text/html", "AUTHENTICATED_FAILED")


def test_a_wrong_token_is_a_stranger_while_strangers_are_let_in(wiki):
    answer = wiki.get(CURRENT, headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.get_json()["type"]) == (200, "anonymous")
    wiki.plant({"global_permission": {"subject": "anonymous", "operation": "application use", "granted": False}})
    assert wiki.get(CURRENT, headers={"Authorization": "Bearer wrong"}).status_code == 401
    wiki.plant({"login_failure": "anonymous"})
    assert wiki.get(CURRENT, headers={"Authorization": "Bearer wrong"}).status_code == 403


def test_a_wrong_token_can_be_refused(wiki):
    wiki.plant({"login_failure": "refuse"})
    assert wiki.get(CURRENT, headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_the_captcha_comes_with_its_setting_and_its_number(wiki, secrets):
    for _time in range(5):
        assert wiki.get(CURRENT, **basic("automation", "wrong")).headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert wiki.get(CURRENT, **basic("automation", secrets["admin_password"])).status_code == 200
    wiki.plant({"captcha": True}, {"setting": {"name": "loginAttemptsThreshold", "value": 2}})
    for _time in range(2):
        wiki.get(CURRENT, **basic("automation", "wrong"))
    denied = wiki.get(CURRENT, **basic("automation", secrets["admin_password"]))
    assert (denied.status_code, denied.headers["X-Seraph-LoginReason"]) == (401, "AUTHENTICATION_DENIED")
    assert denied.headers["X-Authentication-Denied-Reason"].endswith("/login.action")


def test_the_captcha_fault_is_the_products_own(wiki):
    wiki.fault(kind="captcha")
    answer = wiki.get(CURRENT, "automation")
    assert (answer.status_code, answer.headers["X-Seraph-LoginReason"]) == (401, "AUTHENTICATION_DENIED")
    assert answer.headers["X-Authentication-Denied-Reason"].endswith("/login.action")


def test_basic_can_be_switched_off_while_tokens_work(wiki, secrets):
    wiki.plant({"basic_auth": False})
    assert wiki.get(CURRENT, **basic("automation", secrets["admin_password"])).status_code == 403
    assert wiki.get(CURRENT, "automation").status_code == 200


def test_who_has_no_licence_lives_from_what_the_unlicensed_may(wiki, secrets):
    guest = basic("guest", secrets["guest_password"])
    assert wiki.get(CURRENT, **guest).get_json()["username"] == "guest"
    assert {space["key"] for space in wiki.get("/rest/api/space", **guest).get_json()["results"]} == {"DOC", "PUB", "SUP", "~witness"}
    wiki.plant({"global_permission": {"subject": "unlicensed", "operation": "application use_unlicensed", "granted": False}})
    answer = wiki.get(CURRENT, **guest)
    assert (answer.status_code, answer.headers["X-AUSERNAME"], answer.get_json()["statusCode"]) == (403, "guest", 403)
    assert wiki.get(CURRENT, **basic("former", secrets["former_password"])).status_code == 401


@pytest.mark.parametrize("version", ["7.19", "8.5", "9.2"])
def test_the_classic_form_opens_a_session(make_wiki, secrets, version):
    wiki = make_wiki(version)
    assert b"loginform" in wiki.get("/login.action").data
    client = wiki.app.test_client()
    form = {"os_username": "witness", "os_password": secrets["user_password"], "os_cookie": "true", "os_destination": "/display/DOC"}
    answer = client.post("/dologin.action", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://localhost:8080/display/DOC")
    assert {cookie.split("=")[0] for cookie in answer.headers.getlist("Set-Cookie")} == {"JSESSIONID", "seraph.confluence"}
    assert client.get(CURRENT).get_json()["username"] == "witness"
    client.get("/logout.action")
    assert client.get(CURRENT).get_json()["type"] == "anonymous"
    failed = client.post("/dologin.action", data={**form, "os_password": "wrong"})
    assert (failed.status_code, failed.headers["X-Seraph-LoginReason"]) == (200, "AUTHENTICATED_FAILED")
    assert wiki.call("POST", "/rest/tsv/1.0/authenticate", json={}).status_code == 404


def test_from_10_the_log_in_page_posts_json(wiki, secrets):
    assert b"loginform" not in wiki.get("/login.action").data
    client = wiki.app.test_client()
    wish = {"username": "witness", "password": secrets["user_password"], "rememberMe": False, "targetUrl": "/"}
    assert client.post("/rest/tsv/1.0/authenticate", json=wish).status_code == 200
    assert client.get(CURRENT).get_json()["username"] == "witness"
    assert client.post("/rest/tsv/1.0/authenticate", json={**wish, "password": "wrong"}).status_code == 401


def test_planted_a_second_step_says_yes_and_opens_nothing(wiki, secrets):
    wiki.plant({"second_factor": True})
    client = wiki.app.test_client()
    wish = {"username": "automation", "password": secrets["admin_password"], "rememberMe": False, "targetUrl": "/"}
    assert client.post("/rest/tsv/1.0/authenticate", json=wish).status_code == 200
    assert client.get(CURRENT).get_json()["type"] == "anonymous"


def test_a_form_sent_to_rest_needs_the_header(wiki):
    answer = wiki.call("POST", "/rest/api/space", "automation", data={"a": "b"}, headers={"X-Atlassian-Token": ""})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
