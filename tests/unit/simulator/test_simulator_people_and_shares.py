# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


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
    assert site.call("DELETE", path, "automation").status_code == 204
    assert site.get("/rest/api/2/filter/10000").status_code == 400
    assert site.call("DELETE", path, "witness").status_code == 404


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
