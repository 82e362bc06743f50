# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import re

import pytest

FEATURES = "/rest/internal/1.0/darkFeatures"
CLOSING = "public.access.disabled"
SYSTEM = "atlassian.rest.xsrf.legacy.enabled"


def on(site, key):
    return site.get(f"{FEATURES}/{key}", "automation").get_json()["enabled"]


def put(site, key, enabled, as_user="automation"):
    return site.call("PUT", f"{FEATURES}/{key}", as_user, json={"enabled": enabled})


def block(site, path="/login.jsp"):
    """The page's data block, read as a script engine reads it: a string literal that holds JSON."""
    page = site.get(path).get_data(as_text=True)
    literal = re.search(r'feature-flag-data"\]=("(?:[^"\\]|\\.)*")', page)
    return page, None if literal is None else json.loads(json.loads(literal.group(1)))


def test_an_unknown_key_is_off_not_missing(site):
    answer = site.get(f"{FEATURES}/nobody.knows.it", "automation")
    assert (answer.status_code, answer.get_json()) == (200, {"enabled": False})


@pytest.mark.parametrize("wish", [True, "true", "TRUE"])
def test_a_key_is_put_on_and_off_again(site, wish):
    answer = put(site, "some.key", wish)
    assert (answer.status_code, answer.data) == (204, b"")
    assert on(site, "some.key")
    assert put(site, "some.key", "false").status_code == 204
    assert not on(site, "some.key")
    assert [(entry["what"], entry["object"], entry["before"], entry["after"], entry["user"]) for entry in site.audit()] == [
        ("dark feature", "some.key", False, True, "automation"),
        ("dark feature", "some.key", True, False, "automation"),
    ]


@pytest.mark.parametrize("wish", [{}, {"enabled": 1}, {"enabled": "yes"}, {"enabled": True, "more": 1}, []])
def test_a_body_that_says_nothing_clear_is_refused(site, wish):
    assert site.call("PUT", f"{FEATURES}/some.key", "automation", json=wish).status_code == 400
    assert site.audit() == []


def test_a_system_feature_stays_on_whatever_is_put(site):
    assert on(site, SYSTEM)
    assert put(site, SYSTEM, False).status_code == 204
    assert on(site, SYSTEM)


def test_an_empty_object_lists_both_maps_and_changes_nothing(site):
    before = site.state()
    answer = site.call("PUT", FEATURES, "automation", json={})
    assert answer.get_json()["systemFeatures"] == {SYSTEM: {"enabled": True}}
    assert set(answer.get_json()["siteFeatures"]) == set(before["features"]["site"])
    assert site.state() == before


def test_the_collection_has_no_get(site):
    answer = site.get(FEATURES, "automation")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "OPTIONS, PUT")


@pytest.mark.parametrize(("user", "version", "status"), [(None, "9.12", 403), (None, "10.3", 401), ("witness", "10.3", 403), ("admin2", "10.3", 403)])
def test_only_system_administrators_read_or_write(make_site, user, version, status):
    site = make_site(version)
    assert site.get(f"{FEATURES}/x", user).status_code == status
    assert put(site, "x", True, user).status_code == status
    assert site.audit() == []


@pytest.mark.parametrize("version", ["9.12", "10.3", "11.2"])
def test_every_page_tells_strangers_the_keys_and_the_flags(make_site, version):
    site = make_site(version)
    page, data = block(site)
    assert SYSTEM in data["enabled-feature-keys"]
    assert ("\\u0022" in page) == (version != "9.12")
    assert data["feature-flag-states"]["com.atlassian.jira.security.endpoint.anonymous.access.priority"] is True
    assert data["feature-flag-states"]["simulated.default.on"] is True
    assert block(site, "/secure/Dashboard.jspa")[1] == data


def test_8_20_has_the_older_meta_tag_and_no_block(make_site):
    page, data = block(make_site("8.20"))
    assert data is None
    assert re.search(r'<meta name="ajs-enabled-dark-features" content="[^"]*atlassian\.rest\.xsrf\.legacy\.enabled', page)


@pytest.mark.parametrize(
    ("keys", "state"),
    [((), True), (("disabled",), False), (("enabled", "disabled"), True), (("disabled.enabled",), True)],
)
def test_a_flag_follows_its_suffixes(site, keys, state):
    for key in keys:
        put(site, f"simulated.default.on.{key}", True)
    put(site, "com.atlassian.jira.plugin.issuenavigator.anonymousPreventCfData", True)  # bare key: does nothing
    flags = block(site)[1]["feature-flag-states"]
    assert flags["simulated.default.on"] is state
    assert flags["com.atlassian.jira.plugin.issuenavigator.anonymousPreventCfData"] is False


def test_a_flag_that_is_forced_on_reopens_its_endpoint(site):
    flag = "com.atlassian.jira.security.endpoint.anonymous.access.priority.enabled"
    assert [item["name"] for item in site.get("/rest/api/2/priority").get_json()][0] == "Highest"
    put(site, flag, False)
    assert site.get("/rest/api/2/priority").status_code == 401
    assert site.get("/rest/api/2/priority", "witness").status_code == 200


STRANGERS_PATHS = [
    "/rest/api/2/project", "/rest/api/2/dashboard", "/rest/api/2/user/picker?query=w", "/rest/api/latest/groups/picker",
    "/rest/api/2/groupuserpicker?query=w", "/rest/api/2/search", "/rest/api/2/issue/WEB-1", "/rest/api/2/filter/10000",
]


@pytest.mark.parametrize("path", STRANGERS_PATHS)
def test_the_closing_key_closes_rest_for_strangers_only(site, path):
    assert site.get(path).status_code == 200
    before = site.get(path, "witness").get_json()
    put(site, CLOSING, True)
    assert site.get(path).status_code == 401
    assert site.get(path, "witness").get_json() == before


def test_a_closed_site_still_shows_the_way_in(site):
    put(site, CLOSING, True)
    assert site.get("/rest/api/2/serverInfo").status_code == 200
    assert site.get("/status").get_json() == {"state": "RUNNING"}
    assert CLOSING in block(site)[1]["enabled-feature-keys"]
    for path in ("/secure/Dashboard.jspa", "/browse/WEB-1", "/"):
        answer = site.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("http://localhost:8080/login.jsp?os_destination=%2F")


@pytest.mark.parametrize("key", ["public.access.disabled.enabled", "Public.Access.Disabled", "public.access.enabled", "access.disabled"])
def test_no_other_key_closes_anything(site, key):
    assert put(site, key, True).status_code == 204
    assert site.get("/rest/api/2/project").get_json() != []


def test_8_20_takes_the_key_and_closes_nothing(make_site):
    site = make_site("8.20")
    put(site, CLOSING, True)
    assert on(site, CLOSING)
    assert site.get("/rest/api/2/project").get_json() != []


def test_as_a_jvm_switch_the_key_closes_too(site):
    site.plant({"system_feature": {"key": CLOSING, "enabled": True}})
    assert site.get("/rest/api/2/project").status_code == 401
