# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings, paths, faults and the control API: what all products share."""

from __future__ import annotations

import json

import pytest

MYSELF = "/rest/api/2/myself"
GRANT = {"holder": {"type": "anyone"}, "permission": "BROWSE_PROJECTS"}
GRANTS = "/rest/api/2/permissionscheme/0/permission"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"SIM_PRODUCT": "jira", "SIM_VERSION": "9.13"}, "SIM_VERSION is '9.13'"),
        ({"SIM_PRODUCT": "bamboo", "SIM_VERSION": "9.12"}, "SIM_PRODUCT is 'bamboo'"),
        ({"SIM_PRODUCT": "jira", "SIM_VERSION": "10.3", "SIM_BASE_URL": "jira"}, "SIM_BASE_URL is 'jira'"),
        ({"SIM_PRODUCT": "jira", "SIM_VERSION": "10.3", "SIM_PLANT": "{}"}, "SIM_PLANT must hold a JSON list"),
        ({"SIM_PRODUCT": "jira", "SIM_VERSION": "10.3", "SIM_SECRETS": "/nonexistent"}, "SIM_SECRETS is '/nonexistent'"),
    ],
)
def test_what_it_does_not_know_it_refuses_in_a_sentence(config, words):
    from simulator.app import create_app
    from simulator.settings import BadSettings

    with pytest.raises(BadSettings, match=words):
        create_app(config)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("//rest//api/2/serverInfo", 200),
        ("/rest/api;x=1/2/serverInfo;jsessionid=1", 200),
        ("/rest/api/2/x/../serverInfo", 200),
        ("/rest/api/2/x/..;/serverInfo", 200),
        ("/rest/api/2/x/%2e%2E/serverInfo", 200),
        ("/rest/api/2/%73erverInfo", 200),
        ("/rest/api/2/serverInfo%3bx", 404),  # encoded, a semicolon is a letter
        ("/rest/api/2%2fserverInfo", 400),
        ("/../rest/api/2/serverInfo", 400),
        ("/rest/api/2/ServerInfo", 404),
    ],
)
def test_paths_are_read_as_tomcat_reads_them(site, path, status):
    assert site.get("/", environ_overrides={"RAW_URI": path}).status_code == status


def test_below_a_context_path_nothing_answers_outside(make_site):
    site = make_site(SIM_BASE_URL="https://jira.example.com/jira")
    assert site.get("/jira/rest/api/2/serverInfo").get_json()["baseUrl"] == "https://jira.example.com/jira"
    assert site.get("/rest/api/2/serverInfo").status_code == 404
    assert site.get("/jirax/rest/api/2/serverInfo").status_code == 404


@pytest.mark.parametrize("kind", ["429", "500", "502", "503"])
def test_a_status_fault_hits_as_often_as_asked(site, kind):
    site.fault(kind=kind, times=2, retry_after=7, match={"method": "GET", "path_prefix": "/rest/api/2/my"})
    assert site.get("/rest/api/2/project").status_code == 200
    answers = [site.get(MYSELF, "automation") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [int(kind), int(kind), 200]
    assert answers[0].headers["Retry-After"] == "7"


def test_429_carries_the_rate_limit_headers(site):
    site.fault(kind="429")
    headers = site.get(MYSELF, "automation").headers
    for name in ("Limit", "Remaining", "FillRate", "Interval-Seconds"):
        assert headers[f"X-RateLimit-{name}"].isdigit()


def test_skip_lets_some_pass_first_and_null_means_for_ever(site):
    site.fault(kind="500", skip=2, times=None)
    assert [site.get(MYSELF, "automation").status_code for _time in range(5)] == [200, 200, 500, 500, 500]
    assert site.call("DELETE", "/__sim__/faults").status_code == 204
    assert site.get(MYSELF, "automation").status_code == 200


def test_before_its_effect_a_write_is_lost_and_after_it_only_the_answer(site):
    count = len(site.get(GRANTS, "automation").get_json()["permissions"])
    for after, expected in ((False, count), (True, count + 1)):
        site.fault(kind="502", after_effect=after, match={"method": "POST"})
        assert site.call("POST", GRANTS, "automation", json=GRANT).status_code == 502
        assert len(site.get(GRANTS, "automation").get_json()["permissions"]) == expected


def test_a_reset_cuts_the_connection_after_the_write_if_asked(site):
    site.fault(kind="reset", after_effect=True, match={"method": "POST"})
    with pytest.raises(ConnectionResetError):
        site.call("POST", GRANTS, "automation", json=GRANT)
    assert len(site.audit()) == 1


def test_faults_that_look_like_other_trouble(site):
    def hit(kind):
        site.fault(kind=kind)
        return site.get("/rest/api/2/serverInfo", "automation")

    captcha = hit("captcha")
    assert (captcha.status_code, captcha.headers["X-Seraph-LoginReason"]) == (403, "AUTHENTICATION_DENIED")
    assert hit("websudo").get_json() == {"message": "This resource requires WebSudo.", "status-code": 401}
    assert (hit("html_login").status_code, hit("html_login").mimetype) == (200, "text/html")
    assert hit("anonymous_200").headers["X-AUSERNAME"] == "anonymous"
    empty = hit("empty_200")
    assert (empty.status_code, empty.data, empty.headers["X-Seraph-LoginReason"]) == (200, b"", "AUTHENTICATED_FAILED")
    with pytest.raises(ValueError):
        json.loads(hit("truncated_json").data)
    assert hit("wrong_content_type").mimetype == "text/plain"
    assert site.get("/rest/api/2/serverInfo", "automation").headers["X-AUSERNAME"] == "automation"


@pytest.mark.parametrize("wish", [{"kind": "fire"}, {"kind": "500", "times": 0}, {"kind": "500", "tmies": 1}, {"kind": "500", "match": {"url": "/"}}])
def test_a_fault_that_makes_no_sense_is_refused(site, wish):
    answer = site.call("POST", "/__sim__/faults", json=wish)
    assert answer.status_code == 400
    assert answer.get_json()["error"].endswith(".")


def test_the_control_api_wants_its_key_when_one_is_set(make_site):
    site = make_site(SIM_CONTROL_KEY="canary-control-key")
    assert site.get("/__sim__/state").status_code == 403
    assert site.get("/__sim__/state", headers={"X-Sim-Control": "wrong"}).status_code == 403
    assert site.get("/__sim__/state", headers={"X-Sim-Control": "canary-control-key"}).status_code == 200


def test_state_is_equal_without_a_write_and_reset_brings_it_back(site):
    before = site.state()
    for path in ("/rest/api/2/project", "/rest/api/2/permissionscheme?expand=all", "/login.jsp", "/rest/api/2/application-properties"):
        site.get(path, "automation")
    assert site.state() == before
    site.call("POST", GRANTS, "automation", json=GRANT)
    assert site.state() != before
    site.fault(kind="500")
    assert site.call("POST", "/__sim__/reset").status_code == 204
    assert site.state() == before
    assert site.audit() == []
    assert site.requests() == {"count": 0, "logins": {}, "requests": []}
    assert site.get("/__sim__/faults").get_json() == []


def test_the_request_log_names_all_but_secrets(site, secrets):
    site.call("POST", "/rest/auth/1/session?x=1&y=", json={"username": "witness", "password": secrets["user_password"]})
    headers = {"User-Agent": "probe", "X-Atlassian-Token": "no-check"}
    site.call("PUT", "/rest/internal/1.0/darkFeatures/k", "automation", json={"enabled": True}, headers=headers)
    site.call("POST", "/login.jsp", data={"os_username": "witness", "os_password": "unknown-secret"})
    log = site.requests()
    first, second, _third = log["requests"]
    assert first["body"] == {"username": "witness", "password": "<secret>"}
    assert first["query"] == [["x", "1"], ["y", ""]]
    expected = {"n": 2, "method": "PUT", "path": "/rest/internal/1.0/darkFeatures/k", "query": [], "content_type": "application/json",
                "body": {"enabled": True}, "user_agent": "probe", "xsrf_header": "no-check", "sent_credentials": True, "user": "automation",
                "auth": "bearer", "login": "ok", "status": 204, "fault": None}
    assert second == expected
    everything = json.dumps([log, site.state(), site.audit()])
    assert "canary" not in everything
    assert "unknown-secret" not in everything


def test_what_cannot_be_planted_is_said(site):
    answer = site.call("POST", "/__sim__/plant", json={"unicorn": 1})
    assert answer.status_code == 400
    assert "cannot plant 'unicorn'" in answer.get_json()["error"]
    assert site.call("POST", "/__sim__/plant", json={"grant": {"scheme": 7}}).status_code == 400
    assert site.audit() == []


def test_planted_things_are_there_and_in_the_audit_log(site):
    site.plant(
        {"grant": {"scheme": 10101, **GRANT}},
        {"site_feature": {"key": "planted.key", "enabled": True}},
        {"property": {"key": "jira.title", "value": "Planted"}},
        {"share": {"dashboard": 10002, "type": "global"}},
        {"user": {"name": "newcomer", "groups": ["jira-administrators"]}},
        {"project_scheme": {"project": "HR", "scheme": 10100}},
        {"flag": {"key": "planted.flag", "default": True}},
    )
    assert {"INT", "HR"} <= {project["key"] for project in site.get("/rest/api/2/project").get_json()}
    assert "planted.key" in site.state()["features"]["site"]
    assert len(site.get("/rest/api/2/dashboard").get_json()["dashboards"]) == 3
    assert {entry["user"] for entry in site.audit()} == {"(planted)"}
    assert len(site.audit()) == 7


def test_unknown_rest_paths_and_methods_answer_as_the_product_does(site):
    missing = site.get("/rest/api/2/nothing", "automation")
    assert (missing.status_code, missing.get_json()["status-code"]) == (404, 404)
    assert site.get("/nothing").mimetype == "text/html"
    assert site.call("DELETE", "/rest/api/2/project", "automation").status_code == 405
