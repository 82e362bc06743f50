# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON-RPC."""

from __future__ import annotations

import pytest

RPC = "/rpc/json-rpc/confluenceservice-v2"
MARKED = {"X-Atlassian-Token": "no-check"}


def light(client, method, *params):
    return client.post(f"{RPC}/{method}", json=list(params), headers=MARKED)


@pytest.mark.parametrize("version", ["7.19", "8.5", "9.2", "10.2"])
def test_both_forms_of_a_call(make_wiki, version):
    wiki = make_wiki(version)
    assert wiki.call("POST", f"{RPC}/getServerInfo", json=[]).get_json()["baseUrl"] == "http://localhost:8080"
    call = {"jsonrpc": "2.0", "method": "getSpaces", "params": [], "id": 7}
    answer = wiki.call("POST", RPC, "witness", json=call).get_json()
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
    assert [space["key"] for space in answer["result"]][:2] == ["DOC", "PUB"]
    client = wiki.browser()
    assert light(client, "removeAnonymousUsePermission").get_json() is True
    assert "anonymous" not in wiki.state()["permissions"]
    assert light(client, "removeAnonymousUsePermission").get_json() is True  # nothing there: true all the same
    assert len(wiki.audit()) == 2


def test_administrative_methods_want_websudo_even_of_tokens(wiki):
    before = wiki.state()
    for answer in (
        wiki.call("POST", f"{RPC}/removeAnonymousUsePermission", "automation", json=[]),
        light(wiki.browser(websudo=False), "getSpacePermissionSets", "DOC"),
    ):
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert b"com.atlassian.confluence.rpc.WebSudoRequiredException" in answer.data
    assert wiki.state() == before
    wiki.plant({"setting": {"name": "webSudoEnabled", "value": False}})
    assert wiki.call("POST", f"{RPC}/removeAnonymousUsePermission", "automation", json=[]).get_json() is True


def test_others_get_an_error_object_with_status_200(wiki):
    for user in ("witness", None):
        answer = wiki.call("POST", f"{RPC}/removeAnonymousUsePermission", user, json=[])
        assert (answer.status_code, "NotPermittedException" in answer.get_json()["error"]["message"]) == (200, True)
    answer = wiki.call("POST", RPC, "witness", json={"jsonrpc": "2.0", "method": "nothing", "params": [], "id": 1}).get_json()
    assert ("error" in answer, answer["id"]) == (True, 1)


@pytest.mark.parametrize(("method", "params"), [
    ("removeAnonymousPermissionFromSpace", ["VIEWSPACE", "NOPE"]), ("removeAnonymousPermissionFromSpace", ["SEE", "DOC"]),
    ("removeAnonymousPermissionFromSpace", ["token", "VIEWSPACE", "DOC"]), ("removePermissionFromSpace", ["VIEWSPACE", "nobody", "DOC"]),
    ("addAnonymousPermissionToSpace", ["SETSPACEPERMISSIONS", "DOC"]), ("getSpacePermissionSets", []),
])
def test_what_is_not_there_is_an_error(wiki, method, params):
    before = wiki.state()
    assert "error" in light(wiki.browser(), method, *params).get_json()
    assert wiki.state() == before


def test_profiles_are_granted_only_beside_use(wiki):
    client = wiki.browser()
    assert light(client, "removeAnonymousViewUserProfilePermission").get_json() is True
    assert wiki.state()["permissions"]["anonymous"] == ["application use"]
    light(client, "removeAnonymousUsePermission")
    assert light(client, "addAnonymousViewUserProfilePermission").get_json() is False
    assert light(client, "addAnonymousUsePermission").get_json() is True
    assert light(client, "addAnonymousViewUserProfilePermission").get_json() is True
    assert wiki.state()["permissions"]["anonymous"] == ["application use", "user read"]


def test_space_permissions_by_type(wiki):
    client = wiki.browser()
    sets = {item["type"]: item["spacePermissions"] for item in light(client, "getSpacePermissionSets", "DOC").get_json()}
    assert {"type": "VIEWSPACE", "userName": None, "groupName": None} in sets["VIEWSPACE"]
    assert {"type": "VIEWSPACE", "userName": "freya", "groupName": None} in sets["VIEWSPACE"]
    assert sets["EDITSPACE"] == [{"type": "EDITSPACE", "userName": None, "groupName": "confluence-users"}]
    assert light(client, "removeAnonymousPermissionFromSpace", "VIEWSPACE", "DOC").get_json() is True
    assert light(client, "addAnonymousPermissionsToSpace", ["COMMENT", "VIEWSPACE"], "TEAM").get_json() is True
    assert light(client, "addAnonymousPermissionToSpace", "VIEWSPACE", "ATT").get_json() is True
    assert light(client, "addPermissionToSpace", "VIEWSPACE", "hr-team", "DOC").get_json() is True
    assert light(client, "removePermissionFromSpace", "VIEWSPACE", "freya", "DOC").get_json() is True
    spaces = wiki.state()["spaces"]
    assert spaces["TEAM"]["permissions"]["anonymous"] == ["comment create", "space read"]
    assert spaces["ATT"]["permissions"]["anonymous"] == ["space read"]
    assert set(spaces["DOC"]["permissions"]) == {"group:confluence-administrators", "group:confluence-users", "group:hr-team", "group:site-admins"}


def test_the_remote_api_can_be_off_with_more_than_one_status(wiki):
    wiki.plant({"setting": {"name": "allowRemoteApi", "value": False}})
    assert wiki.call("POST", f"{RPC}/getServerInfo", "automation", json=[]).status_code == 404
    assert wiki.get(RPC).status_code == 404
    for status in (405, 401):
        wiki.plant({"remote_api_off_status": status})
        assert wiki.call("POST", RPC, "automation", json={}).status_code == status


def test_strangers_can_be_kept_out_and_posts_want_the_header(wiki):
    assert wiki.call("POST", f"{RPC}/getSpaces", json=[], headers={"X-Atlassian-Token": ""}).status_code == 403
    wiki.plant({"setting": {"name": "allowRemoteApiAnonymous", "value": False}})
    assert wiki.call("POST", f"{RPC}/getSpaces", json=[]).status_code == 401
    assert wiki.call("POST", f"{RPC}/getSpaces", "witness", json=[]).status_code == 200


def test_a_fault_can_hit_one_space_by_what_the_body_says(wiki):
    client = wiki.browser()
    wiki.fault(kind="500", times=None, match={"path_prefix": f"{RPC}/removeAnonymous", "body_contains": '"SUP"'})
    assert light(client, "removeAnonymousPermissionFromSpace", "VIEWSPACE", "DOC").status_code == 200
    assert light(client, "removeAnonymousPermissionFromSpace", "VIEWSPACE", "SUP").status_code == 500
