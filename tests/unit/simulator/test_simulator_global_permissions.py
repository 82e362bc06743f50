# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira's page of global permissions."""

from __future__ import annotations

import re
from html import unescape

import pytest

PAGE = "/secure/admin/GlobalPermissions!default.jspa"
ACTION = "/secure/admin/GlobalPermissions.jspa"


def links(client):
    """Delete links of the table: id -> address."""
    table = client.get(PAGE).get_data(as_text=True).split('id="global_perms"')[1].split("</table>")[0]
    return {unescape(name): unescape(href) for name, href in re.findall(r'<a id="(del_[^"]*)" href="([^"]*)"', table)}


def send(client, read_form, action, key, group, **more):
    token = read_form(client, PAGE, "addpermission").fields["atl_token"]
    return client.post(ACTION, data={"action": action, "globalPermType": key, "groupName": group, "atl_token": token, **more})


def held(jira, key):
    return jira.state()["global_permissions"][key]


@pytest.mark.parametrize("version", ["8.20", "9.12", "10.3", "11.2"])
def test_every_grant_has_a_link_and_anyone_has_no_name(make_jira, version):
    found = links(make_jira(version).browser())
    assert set(found) == {
        "del_SYSTEM_ADMIN_jira-administrators", "del_ADMINISTER_jira-administrators", "del_ADMINISTER_jira-limited-admins", "del_USER_PICKER_",
        "del_USER_PICKER_jira-software-users", "del_CREATE_SHARED_OBJECTS_jira-software-users", "del_BULK_CHANGE_jira-software-users",
        "del_MANAGE_GROUP_FILTER_SUBSCRIPTIONS_jira-software-users",
    }
    assert found["del_USER_PICKER_"] == f"http://localhost:8080{ACTION}?action=del&globalPermType=USER_PICKER"
    assert found["del_ADMINISTER_jira-limited-admins"].endswith("&globalPermType=ADMINISTER&groupName=jira-limited-admins")


def test_a_link_asks_and_its_form_deletes(jira, read_form):
    client = jira.browser()
    path = links(client)["del_USER_PICKER_"].removeprefix("http://localhost:8080")
    form = read_form(client, path, "delpermission")
    assert (form.fields["globalPermType"], form.fields["groupName"], None in held(jira, "USER_PICKER")) == ("USER_PICKER", "", True)
    done = client.post(ACTION, data=form.fields)
    assert (done.status_code, done.headers["Location"]) == (302, f"http://localhost:8080{PAGE}")
    assert held(jira, "USER_PICKER") == ["jira-software-users"]
    assert jira.get("/rest/api/2/user/picker?query=wil").status_code == 401
    assert [(entry["object"], entry["before"], entry["after"]) for entry in jira.audit()] == [("USER_PICKER anyone", True, False)]


def test_a_grant_is_added_and_twice_is_no_error(jira, read_form):
    client = jira.browser()
    form = read_form(client, PAGE, "addpermission")
    assert form.controls == {"atl_token", "action", "globalPermType", "groupName"}
    assert form.buttons == {"Add": "Add"}
    for _time in range(2):
        assert send(client, read_form, "add", "BULK_CHANGE", "hr-team").status_code == 302
    assert held(jira, "BULK_CHANGE") == ["hr-team", "jira-software-users"]
    assert [(entry["before"], entry["after"]) for entry in jira.audit()] == [(False, True), (True, True)]
    assert send(client, read_form, "add", "BULK_CHANGE", "").status_code == 302
    assert None in held(jira, "BULK_CHANGE")


@pytest.mark.parametrize(("action", "key", "group"), [
    ("add", "FLY", "hr-team"), ("add", "USE", "hr-team"), ("add", "BULK_CHANGE", "nobody"), ("add", "SYSTEM_ADMIN", ""), ("add", "ADMINISTER", ""),
    ("del", "BULK_CHANGE", "hr-team"), ("del", "BULK_CHANGE", ""), ("del", "SYSTEM_ADMIN", "jira-administrators"), ("rename", "BULK_CHANGE", "hr-team"),
])
def test_errors_come_with_status_200_and_change_nothing(jira, read_form, action, key, group):
    before, client = jira.state(), jira.browser()
    answer = send(client, read_form, action, key, group)
    assert (answer.status_code, b'class="error"' in answer.data) == (200, True)
    assert (jira.state(), jira.audit()) == (before, [])


def test_a_post_without_the_token_is_403(jira, read_form):
    answer = send(jira.browser(), read_form, "del", "USER_PICKER", "", atl_token="")
    assert (answer.status_code, jira.audit()) == (403, [])


def test_who_is_no_system_administrator_has_no_links_for_it(jira, read_form):
    client = jira.browser("admin2")
    assert "del_ADMINISTER_jira-administrators" in links(client)
    assert not any(name.startswith("del_SYSTEM_ADMIN") for name in links(client))
    assert send(client, read_form, "add", "SYSTEM_ADMIN", "hr-team").status_code == 200
    assert send(client, read_form, "del", "ADMINISTER", "jira-limited-admins").status_code == 200  # the last one of the caller
    assert jira.audit() == []


def test_names_of_groups_are_written_as_html_wants_it(jira):
    name = 'sales & "more"_team'
    jira.plant({"user": {"name": "witness", "groups": [name]}}, {"global_permission": {"key": "USER_PICKER", "group": name, "granted": True}})
    assert links(jira.browser())[f"del_USER_PICKER_{name}"].endswith("groupName=sales+%26+%22more%22_team")


def test_words_are_translated_and_ids_are_not(jira):
    client = jira.browser()
    ids = set(links(client))
    jira.plant({"language": "de"})
    assert "Jeder im Web" in client.get(PAGE).get_data(as_text=True)
    assert set(links(client)) == ids
