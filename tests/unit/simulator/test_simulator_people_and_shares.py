# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest


def names(site, user=None):
    answer = site.get("/rest/api/2/dashboard", user)
    return [board["name"] for board in answer.get_json()["dashboards"]]


def test_pickers_serve_strangers_while_anyone_may_browse_users(site):
    assert [user["name"] for user in site.get("/rest/api/2/user/picker?query=wil").get_json()["users"]] == ["witness"]
    site.plant({"global_permission": {"key": "USER_PICKER", "group": None, "granted": False}})
    assert site.get("/rest/api/2/user/picker?query=wil").status_code == 401
    assert site.get("/rest/api/2/groupuserpicker?query=wil").status_code == 403
    assert site.get("/rest/api/2/groups/picker").get_json()["groups"] == []
    assert site.get("/rest/api/2/groups/picker", "witness").get_json()["total"] == 4


def test_dashboards_by_share_and_page(site):
    assert names(site) == ["System Dashboard", "Public roadmap"]
    assert names(site, "witness") == ["System Dashboard", "Public roadmap", "Operations"]
    second = site.get("/rest/api/2/dashboard?startAt=1&maxResults=1", "witness").get_json()
    assert [board["id"] for board in second["dashboards"]] == ["10001"]
    assert second["total"] == 3
    assert second["next"].endswith("startAt=2")
    assert second["prev"].endswith("startAt=0")
    assert site.get("/rest/api/2/dashboard?startAt=x").status_code == 400


def test_a_filter_is_seen_by_those_it_is_shared_with(site):
    def seen(user):
        return [number for number in range(10000, 10004) if site.get(f"/rest/api/2/filter/{number}", user).status_code == 200]

    assert seen(None) == [10000]
    assert seen("witness") == [10000, 10001, 10003]
    assert seen("automation") == [10000, 10001, 10003]  # administrators see no private filter of others


def test_a_public_share_replaces_the_others_and_is_refused_once_switched_off(site):
    shares = "/rest/api/2/filter/10003/permission"
    assert [share["type"] for share in site.call("POST", shares, "automation", json={"type": "global"}).get_json()] == ["global"]
    assert site.get("/rest/api/2/filter/10003").status_code == 200
    site.call("PUT", "/rest/api/2/application-properties/jira.option.globalsharing", "automation", json={"id": "jira.option.globalsharing", "value": "false"})
    assert site.get("/rest/api/2/filter/10003").status_code == 200  # existing shares stay
    assert site.call("POST", shares, "automation", json={"type": "global"}).status_code == 400
    assert [share["type"] for share in site.call("POST", shares, "automation", json={"type": "authenticated"}).get_json()] == ["loggedin"]


def test_a_share_is_deleted_once(site):
    shares = site.get("/rest/api/2/filter/10000/permission", "automation").get_json()
    path = f"/rest/api/2/filter/10000/permission/{shares[0]['id']}"
    assert site.call("DELETE", path, "automation").status_code == 400  # an administrator is no owner
    assert site.call("DELETE", path, "witness").status_code == 204
    assert site.get("/rest/api/2/filter/10000").status_code == 400
    assert site.call("DELETE", path, "witness").status_code == 404


def test_an_administrator_takes_a_filter_over_and_gives_it_back(site):
    path = "/rest/api/2/filter/10000"
    before = site.state()["filters"]["10000"]
    whole = site.get(path, "automation").get_json()
    assert site.call("POST", f"{path}/permission", "automation", json={"type": "authenticated"}).status_code == 400
    taken = site.call("PUT", path, "automation", json={**whole, "owner": {"name": "automation"}})
    assert (taken.status_code, taken.get_json()["owner"]["name"], taken.get_json()["editable"]) == (200, "automation", True)
    assert taken.get_json()["sharePermissions"] == whole["sharePermissions"]
    assert site.call("POST", f"{path}/permission", "automation", json={"type": "authenticated"}).status_code == 201
    assert site.call("PUT", path, "automation", json={**whole, "owner": {"name": "witness"}}).status_code == 200
    assert {**site.state()["filters"]["10000"], "shares": before["shares"]} == before
    assert [entry["what"] for entry in site.audit()] == ["filter", "filter shares", "filter"]


@pytest.mark.parametrize(("number", "user", "wish"), [
    (10000, "automation", {"name": "x", "jql": ""}),  # without an owner nothing is taken over
    (10000, "automation", {"name": "x", "jql": "", "owner": {"name": "nobody"}}),
    (10000, "automation", {"name": "x", "jql": "", "owner": {"name": "former"}}),
    (10000, "automation", {"jql": "", "owner": {"name": "automation"}}),
    (10000, "automation", {"name": "Support queue", "jql": "", "owner": {"name": "automation"}}),  # has one of this name
    (10002, "automation", {"name": "x", "jql": "", "owner": {"name": "automation"}}),  # out of sight
    (10000, "witness", {"name": "x", "jql": "", "owner": {"name": "automation"}}),
    (10003, "witness", {"name": "x", "jql": "", "owner": {"name": "witness"}}),
    (10000, "witness", {"name": "x", "invented": 1}),
    (10000, "witness", []),
])
def test_a_filter_that_may_not_be_written_so_is_400(site, number, user, wish):
    before = site.state()
    assert site.call("PUT", f"/rest/api/2/filter/{number}", user, json=wish).status_code == 400
    assert (site.state(), site.audit()) == (before, [])


def test_what_a_filter_is_not_sent_is_emptied(site):
    assert site.call("PUT", "/rest/api/2/filter/10000", "witness", json={"name": "Bugs"}).get_json()["jql"] == ""
    assert site.call("PUT", "/rest/api/2/filter/10000", json={"name": "Bugs"}).status_code == 401


def test_a_share_with_a_project_role(site):
    wish = {"type": "project_role", "projectId": "10005", "projectRoleId": "10002"}
    made = site.call("POST", "/rest/api/2/filter/10003/permission", "automation", json=wish).get_json()[-1]
    assert (made["type"], made["project"]["key"], made["role"]["id"]) == ("project", "HR", 10002)
    assert site.call("POST", "/rest/api/2/filter/10003/permission", "automation", json={**wish, "projectRoleId": "1"}).status_code == 400
    share = {"type": "project", "target": 10005, "role": 10002}
    site.plant({"filter": {"id": 10009, "name": "Of the role", "owner": "witness", "jql": "", "shares": [share]}})
    assert site.get("/rest/api/2/filter/10009", "automation").status_code == 200
    assert site.get("/rest/api/2/filter/10009", "admin2").status_code == 400


def test_application_roles_for_administrators_with_an_etag(site):
    answer = site.get("/rest/api/2/applicationrole", "automation")
    assert [role["groups"] for role in answer.get_json()] == [["jira-software-users"]]
    assert answer.headers["ETag"]
    assert site.get("/rest/api/2/applicationrole", "witness").status_code == 403
    assert site.get("/rest/api/2/applicationrole").status_code == 401


def test_search_shows_the_issues_one_may_see(site):
    def found(user, jql=""):
        return [issue["key"] for issue in site.get(f"/rest/api/2/search?jql={jql}", user).get_json()["issues"]]

    assert found(None) == ["OPS-1", "OPS-2", "WEB-1", "SUP-1", "PART-1"]
    assert found("witness", "project = INT") == ["INT-1"]
    assert site.get("/rest/api/2/search?jql=project=INT").status_code == 400
    assert site.get("/rest/api/2/search?jql=assignee in (x)", "witness").status_code == 400
    assert site.get("/rest/api/2/issue/HR-1", "automation").status_code == 404
