# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global and space permissions by REST."""

from __future__ import annotations

import pytest

PERMISSIONS = "/rest/api/permissions"
DOC = "/rest/api/space/DOC/permissions"
USE = {"targetType": "application", "operationKey": "use"}
PROFILES = {"targetType": "user", "operationKey": "read"}
READ = {"targetType": "space", "operationKey": "read"}
COMMENT = {"targetType": "comment", "operationKey": "create"}


def operations(answer):
    return [" ".join(item["operation"].values()) for item in answer.get_json()]


@pytest.mark.parametrize("version", ["9.2", "10.2"])
def test_global_permissions_are_read_as_lists(make_wiki, version):
    wiki = make_wiki(version)
    assert operations(wiki.get(f"{PERMISSIONS}/anonymous", "automation")) == ["application use", "user read"]
    assert operations(wiki.get(f"{PERMISSIONS}/unlicensed", "admin2")) == ["application use_unlicensed"]
    found = wiki.get(PERMISSIONS, "automation").get_json()
    assert {"operation": USE, "subject": {"type": "user", "userKey": "ff80808-freya"}} in found
    assert {"operation": USE, "subject": {"displayName": "Anonymous", "type": "anonymous"}} in found
    assert wiki.get(f"{PERMISSIONS}/group/nothing", "automation").status_code == 404
    assert wiki.get(PERMISSIONS).status_code == 401
    assert wiki.get(PERMISSIONS, "witness").get_json()["reason"] == "Forbidden"


def test_users_go_by_key_and_from_10_by_name_too(make_wiki):
    for version, status in (("9.2", 404), ("10.2", 200)):
        wiki = make_wiki(version)
        assert wiki.get(f"{PERMISSIONS}/user/ff80808-freya", "automation").status_code == 200
        assert wiki.get(f"{PERMISSIONS}/user/freya", "automation").status_code == status


@pytest.mark.parametrize("version", ["7.19", "8.5"])
def test_below_9_none_of_it_exists(make_wiki, version):
    wiki = make_wiki(version)
    assert wiki.get(f"{PERMISSIONS}/anonymous", "automation").status_code == 404
    assert wiki.call("PUT", f"{PERMISSIONS}/anonymous/revoke", "automation", json=[USE]).status_code == 404
    missing = wiki.get(DOC, "automation")
    assert (missing.status_code, missing.mimetype) == (404, "text/html")


def test_whether_writes_exist_is_told_by_a_get_that_changes_nothing(make_wiki):
    there = make_wiki("10.2").get(f"{PERMISSIONS}/anonymous/revoke", "automation")
    assert (there.status_code, "PUT" in there.headers["Allow"]) == (405, True)
    missing = make_wiki("9.2")
    assert missing.get(f"{PERMISSIONS}/anonymous/revoke", "automation").status_code == 404
    assert missing.call("PUT", f"{PERMISSIONS}/anonymous/revoke", "automation", json=[USE]).status_code == 404


def test_without_use_anonymous_holds_nothing_at_all(wiki):
    assert wiki.call("PUT", f"{PERMISSIONS}/anonymous/revoke", "automation", json=[USE]).status_code == 204
    assert wiki.get(f"{PERMISSIONS}/anonymous", "automation").get_json() == []
    assert "anonymous" not in wiki.state()["permissions"]
    assert wiki.call("PUT", f"{PERMISSIONS}/anonymous/grant", "automation", json=[PROFILES]).status_code == 400
    assert wiki.call("PUT", f"{PERMISSIONS}/anonymous/grant", "automation", json=[PROFILES, USE]).status_code == 204
    entry = wiki.audit()[0]
    assert (entry["object"], entry["before"], entry["after"]) == ("anonymous", ["application use", "user read"], [])


def test_revoking_what_is_absent_is_a_write_all_the_same(wiki):
    before = wiki.state()
    path = f"{PERMISSIONS}/group/hr-team/revoke"
    assert wiki.call("PUT", path, "automation", json=[USE]).status_code == 204
    assert (wiki.state() == before, len(wiki.audit())) == (True, 1)


@pytest.mark.parametrize("wish", [
    [{"targetType": "read", "operationKey": "user"}], [READ], [USE, READ], {"operations": [USE]}, [], [{"targetType": "application"}], "x",
])
def test_a_wrong_pair_or_body_is_400_and_nothing_is_done(wiki, wish):
    before = wiki.state()
    answer = wiki.call("PUT", f"{PERMISSIONS}/anonymous/revoke", "automation", json=wish)
    assert (answer.status_code, answer.get_json()["statusCode"], "reason" in answer.get_json()) == (400, 400, False)
    assert wiki.state() == before


def test_other_subjects_are_written_alike(wiki):
    key = "ff80808-freya"
    assert wiki.call("PUT", f"{PERMISSIONS}/user/{key}/revoke", "automation", json=[USE]).status_code == 204
    assert wiki.call("PUT", f"{PERMISSIONS}/user/freya/grant", "automation", json=[USE]).status_code == 204
    unlicensed = [{"targetType": "application", "operationKey": "use_unlicensed"}]
    assert wiki.call("PUT", f"{PERMISSIONS}/unlicensed/revoke", "automation", json=unlicensed).status_code == 204
    assert wiki.call("PUT", f"{PERMISSIONS}/unlicensed/revoke", "automation", json=[USE]).status_code == 400
    system = [{"targetType": "system", "operationKey": "administer"}]
    assert wiki.call("PUT", f"{PERMISSIONS}/group/site-admins/grant", "admin2", json=system).status_code == 403
    assert wiki.call("PUT", f"{PERMISSIONS}/group/site-admins/grant", "automation", json=system).status_code == 204


def test_all_permissions_of_the_named_are_set_at_once(wiki):
    wish = [{"userKey": "ff80808-freya", "operations": []}, {"groupName": "hr-team", "operations": [USE]}]
    assert wiki.call("PUT", PERMISSIONS, "automation", json=wish).status_code == 204
    held = wiki.state()["permissions"]
    assert "user:ff80808-freya" not in held
    assert held["group:hr-team"] == ["application use"]
    assert wiki.call("PUT", PERMISSIONS, "automation", json=[{"operations": []}]).status_code == 400
    assert wiki.call("PUT", PERMISSIONS, "automation", json=[{"groupName": "nothing", "operations": []}]).status_code == 404
    assert wiki.call("PUT", PERMISSIONS, "automation", json=[{"groupName": "hr-team", "operations": []}] * 41).status_code == 400


@pytest.mark.parametrize("version", ["9.2", "10.2"])
def test_the_list_of_a_space_leaves_anonymous_out(make_wiki, version):
    wiki = make_wiki(version)
    found = wiki.get(DOC, "automation").get_json()
    assert {item["subject"]["type"] for item in found} == {"group", "user"}
    assert (found[0]["spaceKey"], isinstance(found[0]["spaceId"], int)) == ("DOC", True)
    assert operations(wiki.get(f"{DOC}/anonymous", "automation")) == ["space read"]
    assert operations(wiki.get(f"{DOC}/group/confluence-users", "automation")) == ["page create", "space read"]
    assert operations(wiki.get(f"{DOC}/user/ff80808-freya", "automation")) == ["space read"]
    assert wiki.get(f"{DOC}/user/freya", "automation").status_code == 404


def test_without_the_right_a_space_answers_500(wiki):
    for path in (DOC, f"{DOC}/anonymous"):
        answer = wiki.get(path, "witness")
        assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert wiki.get(DOC).status_code == 401
    assert wiki.get("/rest/api/space/~witness/permissions", "witness").status_code == 200
    unknown = wiki.get("/rest/api/space/NOPE/permissions/anonymous", "automation")
    assert (unknown.status_code, unknown.get_json()["statusCode"]) == (404, 404)


def test_a_space_that_the_administrator_does_not_see_is_answered(wiki):
    assert wiki.get("/rest/api/space/HR/permissions", "admin2").status_code == 200
    assert wiki.get("/rest/api/space/~lena/permissions/anonymous", "automation").get_json() == []


def test_space_permissions_are_granted_and_revoked(wiki):
    assert wiki.call("PUT", f"{DOC}/anonymous/grant", "automation", json=[COMMENT]).status_code == 204
    assert wiki.call("PUT", f"{DOC}/anonymous/revoke", "automation", json=[READ, {"targetType": "page", "operationKey": "delete"}]).status_code == 204
    assert operations(wiki.get(f"{DOC}/anonymous", "automation")) == ["comment create"]
    assert wiki.call("PUT", f"{DOC}/group/hr-team/grant", "automation", json=[READ]).status_code == 204
    assert wiki.call("PUT", f"{DOC}/user/ff80808-freya/revoke", "automation", json=[READ]).status_code == 204
    assert wiki.call("PUT", f"{DOC}/anonymous/revoke", "automation", json=[USE]).status_code == 400
    assert wiki.call("PUT", f"{DOC}/anonymous/revoke", "automation", data="[]").status_code == 415
    administer = [{"targetType": "space", "operationKey": "administer"}]
    assert wiki.call("PUT", f"{DOC}/anonymous/grant", "automation", json=administer).status_code == 400


def test_an_entry_without_a_key_means_anonymous(wiki):
    answer = wiki.call("POST", DOC, "automation", json=[{"operations": []}])
    assert (answer.status_code, answer.data) == (200, b"")
    assert "anonymous" not in wiki.state()["spaces"]["DOC"]["permissions"]
    assert [entry["object"] for entry in wiki.audit()] == ["DOC anonymous"]


def test_planted_the_path_of_anonymous_is_missing(wiki):
    wiki.plant({"without_anonymous_path": True})
    assert wiki.get(f"{DOC}/anonymous", "automation").get_json()["message"].startswith("null for uri")
    assert wiki.get(DOC, "automation").status_code == 200


def test_a_fault_can_hit_one_space(wiki):
    wiki.fault(kind="500", times=None, match={"path_prefix": "/rest/api/space/~witness/permissions"})
    assert wiki.get("/rest/api/space/%7Ewitness/permissions/anonymous", "automation").status_code == 500
    assert wiki.get(f"{DOC}/anonymous", "automation").status_code == 200
