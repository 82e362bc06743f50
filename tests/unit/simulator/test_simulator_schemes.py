# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

SCHEMES = "/rest/api/2/permissionscheme"
ANYONE = {"holder": {"type": "anyone"}, "permission": "BROWSE_PROJECTS"}


def keys(site, user=None):
    return [project["key"] for project in site.get("/rest/api/2/project", user).get_json()]


def grants(site, scheme):
    return site.get(f"{SCHEMES}/{scheme}/permission", "automation").get_json()["permissions"]


def delete_anonymous(site, scheme):
    for grant in grants(site, scheme):
        if grant["holder"]["type"] in ("anyone", "group") and "parameter" not in grant["holder"]:
            assert site.call("DELETE", f"{SCHEMES}/{scheme}/permission/{grant['id']}", "automation").status_code == 204


def test_it_starts_open_in_both_spellings(site):
    holders = [grant["holder"] for scheme in (0, 10100, 10102) for grant in grants(site, scheme)]
    assert {"type": "anyone"} in holders
    assert {"type": "group"} in holders
    assert keys(site) == ["OPS", "WEB", "SUP", "PART"]


def test_each_sees_what_the_grants_give(site):
    assert keys(site, "witness") == ["OPS", "WEB", "SUP", "INT", "PART"]
    assert keys(site, "automation") == ["OPS", "WEB", "SUP", "INT", "PART"]  # HR: not even the administrator


def test_taking_anyone_away_beside_a_login_grant_hurts_no_user(site):
    before = keys(site, "witness")
    delete_anonymous(site, 0)
    delete_anonymous(site, 10102)
    assert keys(site, "witness") == before
    assert keys(site) == ["WEB", "SUP"]


def test_taking_the_only_grant_away_empties_the_users_screens(site):
    delete_anonymous(site, 10100)
    assert keys(site, "witness") == ["OPS", "INT", "PART"]
    grant = {"holder": {"type": "applicationRole"}, "permission": "BROWSE_PROJECTS"}
    answer = site.call("POST", f"{SCHEMES}/10100/permission", "automation", json=grant)
    assert (answer.status_code, answer.get_json()["holder"]) == (201, {"type": "applicationRole"})
    assert keys(site, "witness") == ["OPS", "WEB", "SUP", "INT", "PART"]
    assert keys(site) == ["OPS", "PART"]


def test_short_beans_unless_anything_is_expanded(site):
    short = site.get(SCHEMES, "automation").get_json()["permissionSchemes"][0]
    assert sorted(short) == ["description", "expand", "id", "name", "self"]
    for expand in ("permissions", "user", "all"):
        assert "permissions" in site.get(f"{SCHEMES}/0?expand={expand}", "automation").get_json()


def test_put_with_a_list_replaces_every_grant_and_without_one_none(site):
    before = grants(site, 10101)
    assert site.call("PUT", f"{SCHEMES}/10101", "automation", json={"name": "New name"}).status_code == 200
    assert grants(site, 10101) == before
    assert site.call("PUT", f"{SCHEMES}/10101", "automation", json={"name": "New name", "permissions": []}).status_code == 200
    assert grants(site, 10101) == []
    assert "INT" not in keys(site, "witness")


def test_a_deleted_grant_is_gone_and_its_id_never_returns(site):
    answer = site.call("POST", f"{SCHEMES}/0/permission", "automation", json=ANYONE)
    first = answer.get_json()["id"]
    assert site.call("DELETE", f"{SCHEMES}/0/permission/{first}", "automation").status_code == 204
    assert site.call("DELETE", f"{SCHEMES}/0/permission/{first}", "automation").status_code == 404
    assert site.call("POST", f"{SCHEMES}/0/permission", "automation", json=ANYONE).get_json()["id"] != first
    assert [entry["what"] for entry in site.audit()] == ["permission grant"] * 3


@pytest.mark.parametrize(
    "wish",
    [
        {"holder": {"type": "anyone"}, "permission": "FLY"},
        {"holder": {"type": "nobody"}, "permission": "BROWSE_PROJECTS"},
        {"holder": {"type": "anyone", "parameter": "x"}, "permission": "BROWSE_PROJECTS"},
        {"holder": {"type": "group", "parameter": "no such group"}, "permission": "BROWSE_PROJECTS"},
        {"holder": {"type": "user"}, "permission": "BROWSE_PROJECTS"},
        {"invalid": 1},
        [],
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(site, wish):
    before = site.state()
    answer = site.call("POST", f"{SCHEMES}/0/permission", "automation", json=wish)
    assert answer.status_code == 400
    assert site.audit() == []
    assert site.state()["schemes"] == before["schemes"]


@pytest.mark.parametrize(("user", "status"), [(None, 401), ("witness", 403), ("admin2", 200)])
def test_jira_administrators_read_schemes(site, user, status):
    assert site.get(SCHEMES, user).status_code == status


def test_an_unknown_scheme_is_404_with_the_recorded_body(site):
    answer = site.get(f"{SCHEMES}/101001", "automation")
    assert answer.status_code == 404
    assert answer.get_json() == {"errorMessages": ["Permission scheme 101001 does not exist"], "errors": {}}


def test_projects_name_their_scheme_and_change_it(site):
    assert site.get("/rest/api/2/project/WEB/permissionscheme", "automation").get_json()["id"] == 10100
    assert site.call("PUT", "/rest/api/2/project/WEB/permissionscheme", "automation", json={"id": 10101}).status_code == 200
    assert keys(site) == ["OPS", "SUP", "PART"]
    assert site.get("/rest/api/2/project/WEB/permissionscheme").status_code == 401
