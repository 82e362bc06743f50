# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access with scope spaces: who takes the place of anonymous, whoever names them, and what of it is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

READ, COMMENT, USE = "space read", "comment create", "application use"
ANYBODY, STAFF = (READ, "anonymous"), (READ, "group:staff")
ROW, REVOKE = "A: space read", "A/permissions/anonymous/revoke"
GLOBAL = "/admin/permissions/editglobalpermissions.action"
USE_BOX = "confluence_checkbox_useconfluence_"


@pytest.fixture
def scan(whoami: Any, metrics: Any, space_page: Any, of_anonymous: Any, of_all: Any, no_more: Any) -> Any:
    """scan(grant, ...): all up to the comparison, with one space A of these grants."""

    def calls(*grants: tuple[str, str]) -> list[Any]:
        asked = of_anonymous("A", *(text for text, holder in grants if holder == "anonymous"))
        return [whoami, metrics(1), space_page("A"), asked, asked, *of_all("A", *grants), *no_more]

    return calls


@pytest.fixture
def global_boxes(call: Any, form_page: Any) -> Any:
    """global_boxes("group_staff"): the global page, on which these hold use."""
    own = f"{USE_BOX}anonymous"
    return lambda *names: call("GET", GLOBAL, text=form_page((own, True), *((USE_BOX + name, True) for name in names)), session=True)


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def holders(entries: list[Any]) -> list[tuple[str, str]]:
    return [(entry["operation"]["operationKey"], entry["holder"]["name"]) for entry in entries]


def last_run(tmp_path: Path) -> Any:
    return json.loads((tmp_path / "restore.json").read_text())["runs"][-1]


@pytest.mark.parametrize("replace_with", [None, "logged_in"])
@pytest.mark.parametrize("grants", [[], [(USE, "anonymous")], [("space create", "group:staff")]], ids=["empty", "anonymous alone", "another right"])
def test_nobody_is_never_who_logs_in(run_spaces: Any, scan: Any, of_site: Any, grants: Any, replace_with: str | None) -> None:
    """Our own account uses Confluence, so a list that names nobody is one that is not complete."""
    result = run_spaces([*scan(ANYBODY), of_site(*grants)], replace_with=replace_with)
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "drifted")]
    assert "cannot be read here" in result["settings"][0]["reason"] and not result["changed"]


@pytest.fixture
def by_form_too(run_spaces: Any, scan: Any, of_site: Any, log_in: Any, log_out: Any) -> Any:
    """Spaces by REST, which does not list the global permissions; the page does. after: what follows who logs in."""

    def run(page: Any, *after: Any, **options: Any) -> dict[str, Any]:
        calls = [*scan(ANYBODY), of_site(status=404), *log_in(), page, page, *after, log_out]
        result: dict[str, Any] = run_spaces(calls, browser=True, allow_forms=True, routes=["rest", "form"], **options)
        return result

    return run


@pytest.mark.parametrize("boxes", [[], ["group_staff", "allusers"], ["group_staff", "anonymous_x"]], ids=["anonymous alone", "another kind", "another name"])
def test_a_global_page_that_is_not_understood_names_nobody(by_form_too: Any, global_boxes: Any, boxes: list[str]) -> None:
    result = by_form_too(global_boxes(*boxes), replace_with="logged_in")
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "drifted")]
    assert "cannot be read here" in result["settings"][0]["reason"]


@pytest.mark.parametrize("there", [True, False])
def test_who_is_named_by_name_is_asked_for_by_key(by_form_too: Any, call: Any, global_boxes: Any, there: bool) -> None:
    """The page names users, REST has keys; whoever is gone cannot be granted anything."""
    named = call("GET", "/rest/api/user?username=j%C3%B6rg", 200 if there else 404, json={"type": "known", "username": "jörg", "userKey": "ff1"})
    result = by_form_too(global_boxes("group_staff", "user_jörg"), named, check=True, replace_with="logged_in")
    if there:
        assert rows(result) == [(ROW, ["anonymous"], ["group:staff", "userkey:ff1"], "drifted")]
    else:
        assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "drifted")]
        assert "user:jörg is nobody who can be granted something by REST" in result["settings"][0]["reason"]


def test_a_user_who_holds_it_by_key_is_not_missing_by_name(by_form_too: Any, call: Any, global_boxes: Any) -> None:
    named = call("GET", "/rest/api/user?username=ann", json={"type": "known", "username": "ann", "userKey": "ann1"})
    result = by_form_too(global_boxes("user_ann"), named)
    assert "do not hold it otherwise: userkey:ann1." in result["settings"][0]["reason"]


def test_a_group_that_is_not_there_stops_everything(run_spaces: Any, tmp_path: Path, scan: Any, group: Any) -> None:
    result = run_spaces([*scan(ANYBODY), group("staff"), group("stuff", 404)], replace_with="logged_in", replace_groups=["staff", "stuff", "never asked for"])
    assert result["failed"] and "replace_groups: there is no group 'stuff'" in result["msg"]
    assert not result["changed"] and result["settings"] == [] and list(tmp_path.iterdir()) == []


def test_a_group_that_cannot_be_asked_for_is_no_group_that_is_not_there(run_spaces: Any, scan: Any, group: Any) -> None:
    result = run_spaces([*scan(ANYBODY), group("staff", 403)], replace_with="logged_in", replace_groups=["staff"])
    assert result["failed"] and "no right" in result["msg"] and "there is no group" not in result["msg"]


def test_two_spellings_of_a_group_are_one_group(run_spaces: Any, scan: Any, call: Any) -> None:
    asked = [call("GET", f"/rest/api/group/{name}", json={"type": "group", "name": "staff"}) for name in ("staff", "STAFF")]
    result = run_spaces([*scan(ANYBODY), *asked], check=True, replace_with="logged_in", replace_groups=["staff", "STAFF"])
    assert rows(result) == [(ROW, ["anonymous"], ["group:staff"], "drifted")]


def test_groups_are_spelt_as_the_product_does(run_spaces: Any, scan: Any, call: Any) -> None:
    """Else a group that holds it already would be granted it again, and not be found on a re-read."""
    spelt = call("GET", "/rest/api/group/Staff%20%C3%84", json={"type": "group", "name": "staff ä"})
    result = run_spaces([*scan(ANYBODY, (READ, "group:staff ä")), spelt], check=True, replace_with="logged_in", replace_groups=["Staff Ä"])
    assert rows(result) == [(ROW, ["anonymous", "group:staff ä"], ["group:staff ä"], "drifted")]


def test_each_group_is_asked_for_once(run_spaces: Any, scan: Any, group: Any) -> None:
    options = {"replace_with": "logged_in", "replace_groups": ["staff", "a/b"], "check": True}
    result = run_spaces([*scan(ANYBODY, (COMMENT, "anonymous")), group("staff")], **options)
    assert [row["after"] for row in result["settings"]] == [["group:a/b", "group:staff"]] * 2


@pytest.mark.parametrize("keep", [None, [{"space": "A", "operation": READ}]])
def test_no_group_is_asked_for_where_no_grant_is_judged_with_it(
    run_spaces: Any, whoami: Any, metrics: Any, space_page: Any, of_anonymous: Any, scan: Any, no_more: Any, keep: Any
) -> None:
    closed = [whoami, metrics(1), space_page("A"), of_anonymous("A"), of_anonymous("A"), *no_more]
    result = run_spaces(scan(ANYBODY) if keep else closed, keep=keep, replace_with="logged_in", replace_groups=["staff"])
    assert [row["state"] for row in result["settings"]] == ["compliant"]


def test_a_run_that_failed_in_part_remembers_only_what_it_added(
    run_spaces: Any, tmp_path: Path, scan: Any, group: Any, put: Any, of_all: Any
) -> None:
    """Of each announced substitute: refused, or granted; whoever grants the refused one later shall keep it."""
    grant = "A/permissions/group/{}/grant"
    left = [(COMMENT, "anonymous"), (COMMENT, "group:staff"), STAFF, (READ, "group:team")]
    calls = [
        *scan(ANYBODY, (COMMENT, "anonymous")), group("staff"), group("team"),
        put(grant.format("staff"), COMMENT), put(grant.format("team"), COMMENT, 400), *of_all("A", ANYBODY, *left[:2]),
        put(grant.format("staff"), READ), put(grant.format("team"), READ), *of_all("A", ANYBODY, *left), put(REVOKE, READ),
        *of_all("A", *left),
    ]  # fmt: skip
    result = run_spaces(calls, replace_with="logged_in", replace_groups=["staff", "team"])
    assert [(row["setting"], row["state"]) for row in result["settings"]] == [("A: comment create", "failed"), (ROW, "changed")]
    run = last_run(tmp_path)
    assert holders(run["added"]) == [("create", "staff"), ("read", "staff"), ("read", "team")]
    assert holders(run["removed"]) == [("create", ""), ("read", "")] and run["finished"] is False


def test_a_run_that_added_nothing_remembers_nothing_added(run_spaces: Any, tmp_path: Path, scan: Any, group: Any, put: Any, of_all: Any) -> None:
    refused = put("A/permissions/group/staff/grant", READ, 400)
    again = of_all("A", ANYBODY)
    run_spaces([*scan(ANYBODY), group("staff"), refused, *again, *again], replace_with="logged_in", replace_groups=["staff"])
    run = last_run(tmp_path)
    assert run["added"] == [] and holders(run["removed"]) == [("read", "")] and run["finished"] is False


@pytest.mark.parametrize("again", ["there", "not read"])
def test_an_addition_answered_with_an_error_is_remembered_unless_it_is_seen_not_to_be_there(
    run_spaces: Any, call: Any, tmp_path: Path, scan: Any, group: Any, put: Any, of_all: Any, again: str
) -> None:
    there = of_all("A", ANYBODY, STAFF)
    read = there if again == "there" else [call("GET", "/rest/api/space/A/permissions", 500)]
    calls = [*scan(ANYBODY), group("staff"), put("A/permissions/group/staff/grant", READ, 500), *read, *there]
    result = run_spaces(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous", "group:staff"], "failed")]
    assert "staff/grant answered 500" in result["msg"], "the error of the write, not that of the read"
    run = last_run(tmp_path)
    assert holders(run["added"]) == [("read", "staff")] and run["finished"] is False


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_user_who_cannot_be_asked_for_is_not_a_user_who_is_gone(
    run_spaces: Any, call: Any, tmp_path: Path, scan: Any, of_site: Any, log_in: Any, log_out: Any, global_boxes: Any, status: int
) -> None:
    page = global_boxes("user_ann")
    broken = call("GET", "/rest/api/user?username=ann", status)
    calls = [*scan(ANYBODY), of_site(status=404), *log_in(), page, page, broken, log_out]
    result = run_spaces(calls, browser=True, allow_forms=True, routes=["rest", "form"], replace_with="logged_in")
    assert result["failed"] and f"/rest/api/user answered {status}" in result["msg"]
    assert not result["changed"] and result["settings"] == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("many", "more"), [(20, ""), (23, " and 3 more")])
def test_only_some_of_many_are_named(run_spaces: Any, scan: Any, of_site: Any, many: int, more: str) -> None:
    result = run_spaces([*scan(ANYBODY), of_site(*((USE, f"group:g{number:02}") for number in range(many)))])
    assert f"otherwise: group:g00, group:g01, {', '.join(f'group:g{number:02}' for number in range(2, 20))}{more}. Set" in result["settings"][0]["reason"]
