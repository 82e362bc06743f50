# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the server, of people and of spaces."""

from __future__ import annotations

import pytest

VERSIONS = ["7.19", "8.5", "9.2", "10.2"]
OFF = {"global_permission": {"subject": "anonymous", "operation": "application use", "granted": False}}


def keys(answer):
    return [space["key"] for space in answer.get_json()["results"]]


@pytest.mark.parametrize(("version", "status"), [("7.19", 404), ("8.5", 404), ("9.2", 200), ("10.2", 200)])
def test_the_version_by_rest_is_there_since_9(make_wiki, version, status):
    wiki = make_wiki(version)
    assert wiki.get("/rest/api/server-information", "witness").status_code == status
    assert wiki.get("/rest/api/server-information").status_code == (401 if status == 200 else 404)


def test_the_metrics_count_what_the_caller_does_not_see(make_wiki):
    wiki = make_wiki("9.2")
    listed = keys(wiki.get("/rest/api/space", "automation")) + keys(wiki.get("/rest/api/space?status=archived", "automation"))
    found = wiki.get("/rest/api/instance-metrics", "automation").get_json()
    assert found["spaces"] == len(wiki.state()["spaces"]) == len(listed) + 2  # HR and ~lena
    assert wiki.get("/rest/api/instance-metrics", "witness").status_code == 403
    assert wiki.get("/rest/api/instance-metrics").status_code == 401
    assert make_wiki("8.5").get("/rest/api/instance-metrics", "automation").status_code == 404


def test_what_is_to_be_planted_at_each_start_survives_a_reset(make_wiki):
    wiki = make_wiki("10.2", SIM_PLANT='[{"site_feature": {"key": "planted.at.start", "enabled": true}}]')
    for _start in range(2):
        assert "planted.at.start" in wiki.state()["features"]["site"]
        wiki.plant({"site_feature": {"key": "planted.at.start", "enabled": False}})
        assert wiki.call("POST", "/__sim__/reset").status_code == 204


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifest_tells_everyone_the_version_and_the_sign_up(make_wiki, version):
    wiki = make_wiki(version, SIM_BASE_URL="https://wiki.example.com/wiki")
    found = wiki.get("/wiki/rest/applinks/1.0/manifest").get_json()
    assert (found["typeId"], found["publicSignup"], found["url"]) == ("confluence", True, "https://wiki.example.com/wiki")
    assert found["version"].startswith(f"{version}.")
    for mode in ("restricted", "private"):
        wiki.plant({"signup_mode": mode})
        assert wiki.get("/wiki/rest/applinks/1.0/manifest").get_json()["publicSignup"] is False
    assert wiki.get("/wiki/rest/applinks/1.0/manifest", headers={"Accept": "*/*"}).mimetype == "application/xml"


def test_pages_carry_the_version_and_the_status_needs_no_log_in(wiki):
    assert b'name="ajs-version-number" content="10.2.14"' in wiki.get("/login.action").data
    wiki.plant({"status": "MAINTENANCE"})
    assert (wiki.get("/status").status_code, wiki.get("/status").get_json()) == (503, {"state": "MAINTENANCE"})


def test_strangers_are_told_by_the_status_whether_they_may_use_the_site(wiki):
    for path in ("/rest/api/user/current", "/rest/api/user/anonymous"):
        assert wiki.get(path).get_json()["type"] == "anonymous"
    wiki.plant(OFF)
    for path in ("/rest/api/user/current", "/rest/api/user/anonymous", "/rest/api/user?username=lena", "/rest/api/space"):
        assert (wiki.get(path).status_code, wiki.get(path).get_json()["data"]["successful"]) == (403, False)
    # Who logs in learns nothing about strangers here.
    assert wiki.get("/rest/api/user/anonymous", "witness").status_code == 200


def test_profiles_need_their_own_permission_for_strangers(wiki):
    assert wiki.get("/rest/api/user?username=lena").get_json()["userKey"] == "ff80808-lena"
    assert wiki.get("/rest/api/user?username=nobody").status_code == 404
    wiki.plant({"global_permission": {"subject": "anonymous", "operation": "user read", "granted": False}})
    for name in ("lena", "nobody"):
        assert wiki.get(f"/rest/api/user?username={name}").status_code == 403
    assert wiki.get("/rest/api/user?key=ff80808-lena", "witness").get_json()["username"] == "lena"


def test_groups_and_members_are_paged_and_for_the_right_people(wiki):
    assert wiki.get("/rest/api/group").status_code == 403
    assert len(wiki.get("/rest/api/group", "witness").get_json()["results"]) == 4
    memberof = wiki.get("/rest/api/user/memberof?username=lena", "witness").get_json()["results"]
    assert [group["name"] for group in memberof] == ["confluence-users", "hr-team"]
    assert wiki.get("/rest/api/group/confluence-users/member", "witness").status_code == 403
    assert wiki.get("/rest/api/group/nothing/member", "automation").status_code == 404
    first = wiki.get("/rest/api/group/confluence-users/member?limit=2", "automation").get_json()
    assert (first["size"], first["_links"]["next"]) == (2, "/rest/api/group/confluence-users/member?limit=2&start=2")


def test_everyone_sees_the_own_spaces_and_those_of_anonymous(wiki):
    assert keys(wiki.get("/rest/api/space")) == ["DOC", "PUB", "SUP", "~witness"]
    assert keys(wiki.get("/rest/api/space", "witness")) == ["DOC", "PUB", "SUP", "TEAM", "~witness"]
    assert keys(wiki.get("/rest/api/space", "automation")) == ["DOC", "PUB", "SUP", "TEAM", "~witness"]
    assert keys(wiki.get("/rest/api/space?status=archived", "automation")) == ["OLD", "ATT"]
    assert keys(wiki.get("/rest/api/space?type=personal", "automation")) == ["~witness"]
    assert keys(wiki.get("/rest/api/space?spaceKey=OLD&spaceKey=DOC", "automation")) == ["DOC", "OLD"]
    assert wiki.get("/rest/api/space?type=team", "automation").status_code == 400
    assert wiki.get("/rest/api/space/PUB", "witness").status_code == 200
    wiki.plant({"space_permission": {"space": "PUB", "subject": "anonymous", "operation": "space read", "granted": False}})
    assert wiki.get("/rest/api/space/PUB", "witness").status_code == 404
    assert wiki.get("/rest/api/space/HR", "automation").status_code == 404


def test_permissions_expanded_are_a_500_for_the_others(wiki):
    assert wiki.get("/rest/api/space?expand=permissions", "witness").status_code == 500


def test_the_list_is_capped_and_its_next_has_no_context_path(make_wiki):
    wiki = make_wiki(SIM_BASE_URL="https://wiki.example.com/wiki")
    wiki.plant({"spaces": {"count": 250, "anonymous": 10}})
    answer = wiki.get("/wiki/rest/api/space?limit=200&type=global", "automation").get_json()
    assert (answer["limit"], answer["size"], answer["_links"]["context"]) == (100, 100, "/wiki")
    assert answer["_links"]["next"] == "/rest/api/space?type=global&limit=100&start=100"
    last = wiki.get("/wiki/rest/api/space?limit=200&start=200&type=global", "automation").get_json()
    assert (last["size"], "next" in last["_links"]) == (54, False)
    assert wiki.get("/wiki/rest/api/space?start=300", "automation").get_json()["results"] == []
    assert len([key for key in keys(wiki.get("/wiki/rest/api/space?limit=100")) if key.startswith("S0")]) == 10


@pytest.mark.parametrize("version", ["7.19", "8.5"])
def test_older_versions_repeat_the_last_spaces_for_ever(make_wiki, version):
    wiki = make_wiki(version)
    last = wiki.get("/rest/api/space?limit=3&start=3", "automation").get_json()
    assert (last["size"], "next" in last["_links"]) == (2, True)
    for start in (6, 9):
        beyond = wiki.get(f"/rest/api/space?limit=3&start={start}", "automation")
        assert keys(beyond) == ["SUP", "TEAM", "~witness"]
        assert "next" in beyond.get_json()["_links"]


def test_pages_of_spaces_are_for_those_who_see_them(wiki):
    assert wiki.get("/").headers["Location"].endswith("/dashboard.action")
    assert wiki.get("/display/DOC/Home").status_code == 200
    assert wiki.get("/display/~witness").status_code == 200
    assert "/login.action?os_destination=%2Fdisplay%2FTEAM" in wiki.get("/display/TEAM").headers["Location"]
    assert wiki.get("/display/HR", "witness").status_code == 404
    wiki.plant(OFF)
    assert wiki.get("/display/DOC").status_code == 302
    assert wiki.get("/dashboard.action").status_code == 302
    assert b"/display/TEAM" in wiki.get("/dashboard.action", "witness").data


def test_the_sign_up_form_is_there_in_the_public_mode_alone(wiki):
    assert b"signup-form" in wiki.get("/signup.action").data
    wiki.plant({"signup_mode": "restricted"})
    assert b"signup-form" not in wiki.get("/signup.action").data


def test_unknown_rest_paths_are_json_for_who_asks_for_it(wiki):
    assert wiki.get("/rest/nothing").get_json()["status-code"] == 404
    assert wiki.get("/rest/nothing", headers={"Accept": "*/*"}).mimetype == "text/html"
    assert wiki.get("/nothing.action").mimetype == "text/html"


def test_reset_takes_back_all_that_was_planted(wiki):
    before, page = wiki.state(), wiki.get("/login.action").get_data(as_text=True).split("</head>")[1]
    wiki.plant(
        {"space": {"key": "NEW", "name": "New", "type": "personal", "status": "archived", "permissions": {"anonymous": ["space read"]}}},
        {"remove_space": "DOC"},
        {"user": {"name": "newcomer", "groups": ["confluence-administrators"]}},
        {"language": "de"}, {"captcha": True}, {"remote_api_off_status": 405}, {"without_anonymous_path": True}, {"second_factor": True},
        {"form_extra": {"form": "security", "html": "x"}}, {"form_side_effect": {"form": "further", "set": {"allowRemoteApi": False}}},
    )
    assert keys(wiki.get("/rest/api/space?status=archived")) == ["OLD", "NEW"]
    assert len(wiki.audit()) == 10
    assert wiki.call("POST", "/__sim__/reset").status_code == 204
    assert (wiki.state(), wiki.audit()) == (before, [])
    assert wiki.get("/login.action").get_data(as_text=True).split("</head>")[1] == page
