# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of global and of space permissions."""

from __future__ import annotations

EDIT = "/admin/permissions/editglobalpermissions.action"
BOX, INITIAL = "confluence_checkbox_", "confluence_initial_"


def held(wiki, subject):
    return wiki.state()["permissions"].get(subject, [])


def space_form(read_form, client, key="DOC"):
    return read_form(client, f"/spaces/editspacepermissions.action?key={key}&edit=Edit+Permissions", "editspacepermissions")


def test_the_global_form_saves_what_it_shows(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    assert form.action.endswith("/admin/permissions/doeditglobalpermissions.action")
    assert f"{BOX}useconfluence_group_confluence-users" in form.fields
    assert f"{BOX}useconfluence_user_freya" in form.fields
    assert f"{BOX}administrateconfluence_anonymous" not in form.controls
    assert not [name for name in form.controls if "unlicensed" in name or "hr-team" in name]
    assert client.post(form.action, data=form.fields).status_code == 302
    assert (wiki.state(), len(wiki.audit())) == (before, 1)


def test_a_permission_goes_when_its_initial_is_posted_and_its_box_is_not(wiki, read_form):
    client = wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    for type_ in ("useconfluence", "viewuserprofiles"):
        del form.fields[f"{BOX}{type_}_anonymous"]
    client.post(form.action, data=form.fields)
    assert held(wiki, "anonymous") == []
    assert held(wiki, "group:confluence-users") == ["application use", "personal_space create", "space create"]
    again = read_form(client, EDIT, "editglobalperms")
    assert f"{BOX}useconfluence_anonymous" in again.controls  # anonymous keeps its row
    assert f"{INITIAL}useconfluence_anonymous" not in again.controls
    client.post(form.action, data={**again.fields, f"{BOX}useconfluence_anonymous": "on"})
    assert held(wiki, "anonymous") == ["application use"]


def test_what_is_posted_neither_way_stays(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    client.post(form.action, data={"atl_token": form.fields["atl_token"]})
    assert wiki.state() == before


def test_profiles_without_use_are_an_error_that_says_200(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    del form.fields[f"{BOX}useconfluence_anonymous"]
    answer = client.post(form.action, data=form.fields)
    assert (answer.status_code, b'class="error"' in answer.data) == (200, True)
    assert (wiki.state(), wiki.audit()) == (before, [])


def test_the_other_buttons_save_nothing(wiki, read_form):
    before, client = wiki.state(), wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    for name in ("cancel", "groupsToAddButton", "usersToAddButton"):
        fields = {key: value for key, value in form.fields.items() if not key.startswith(BOX)}
        assert client.post(form.action, data={**fields, name: form.buttons[name]}).status_code == 302
        assert wiki.state() == before


def test_who_is_no_system_administrator_has_no_box_for_them(wiki, read_form):
    names = read_form(wiki.browser("admin2"), EDIT, "editglobalperms").controls
    assert not [name for name in names if "systemadministrator" in name]


def test_the_global_form_needs_websudo_and_the_token(wiki, read_form):
    assert "/authenticate.action" in wiki.browser(websudo=False).get(EDIT).headers["Location"]
    client = wiki.browser()
    form = read_form(client, EDIT, "editglobalperms")
    assert client.post(form.action, data={**form.fields, "atl_token": "x"}).status_code == 403


def test_a_space_form_needs_no_websudo_and_shows_whoever_holds_something(wiki, read_form):
    client = wiki.browser(websudo=False)
    form = space_form(read_form, client)
    assert form.action.endswith("/spaces/doeditspacepermissions.action?key=DOC")
    assert f"{BOX}viewspace_anonymous" in form.fields
    del form.fields[f"{BOX}viewspace_anonymous"]
    assert client.post(form.action, data=form.fields).status_code == 302
    assert "anonymous" not in wiki.state()["spaces"]["DOC"]["permissions"]
    assert f"{BOX}viewspace_anonymous" in space_form(read_form, client).controls, "anonymous keeps its row"
    assert f"{BOX}viewspace_anonymous" not in space_form(read_form, client).fields
    assert wiki.audit()[-1]["object"] == "DOC anonymous"


def test_a_space_form_grants_and_refuses(wiki, read_form):
    client = wiki.browser(websudo=False)
    form = space_form(read_form, client, "%7Ewitness")
    client.post(form.action, data={**form.fields, f"{BOX}comment_group_hr-team": "on"})
    assert wiki.state()["spaces"]["~witness"]["permissions"]["group:hr-team"] == ["comment create"]
    before = wiki.state()
    for name in ("viewspace_group_nothing", "setspacepermissions_anonymous", "fly_anonymous"):
        assert b'class="error"' in client.post(form.action, data={**form.fields, f"{BOX}{name}": "on"}).data
    assert wiki.state() == before


def test_space_forms_are_for_those_who_administer_the_space(wiki, read_form):
    assert wiki.get("/spaces/editspacepermissions.action?key=DOC", "witness").status_code == 403
    assert wiki.get("/spaces/editspacepermissions.action?key=~witness", "witness").status_code == 200
    assert wiki.get("/spaces/spacepermissions.action?key=HR", "automation").status_code == 200
    assert wiki.get("/spaces/spacepermissions.action?key=NOPE", "automation").status_code == 404
    assert wiki.get("/spaces/spacepermissions.action?key=DOC").status_code == 302
