# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_anonymous_access with scope permission_schemes: what is removed, in which order, and what never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access

PATH = "/rest/api/2/permissionscheme"
ANYONE = {"type": "anyone"}
NAMELESS = {"type": "group", "expand": "group"}
LOGGED_IN = {"type": "applicationRole"}
ROLE = {"type": "projectRole", "parameter": "10002"}
BROWSE = "BROWSE_PROJECTS"
UNUSED = "No project that this account sees uses this scheme."
ROW = "Default: BROWSE_PROJECTS"


def grant(number: int, holder: dict[str, Any], permission: str = BROWSE) -> dict[str, Any]:
    return {"id": number, "holder": holder, "permission": permission}


def scheme(*grants: dict[str, Any], number: int = 0, name: str = "Default") -> dict[str, Any]:
    return {"id": number, "name": name, "permissions": list(grants)}


@pytest.fixture
def listing(call: Any) -> Any:
    return lambda *schemes: call("GET", f"{PATH}?expand=permissions", json={"permissionSchemes": list(schemes)})


@pytest.fixture
def uses(call: Any) -> Any:
    """uses(WEB=0): the projects and the scheme of each."""

    def asked(**schemes: Any) -> list[Any]:
        each = [call("GET", f"/rest/api/2/project/{key}/permissionscheme", json={"id": number, "name": "-"}) for key, number in sorted(schemes.items())]
        return [call("GET", "/rest/api/2/project", json=[{"key": key} for key in schemes]), *each]

    return asked


@pytest.fixture
def opened(listing: Any, uses: Any) -> Any:
    """The list of schemes with a grant to anyone in it, so that projects are counted; there is none."""
    return lambda *schemes: [listing(*schemes), *uses()]


@pytest.fixture
def one(call: Any) -> Any:
    return lambda found: call("GET", f"{PATH}/{found['id']}?expand=permissions", json=found)


@pytest.fixture
def add(call: Any) -> Any:
    return lambda holder, permission=BROWSE: call("POST", f"{PATH}/0/permission", 201, json={}, body={"holder": holder, "permission": permission})


@pytest.fixture
def delete(call: Any) -> Any:
    return lambda number, status=204: call("DELETE", f"{PATH}/0/permission/{number}", status)


@pytest.fixture
def run_schemes(run_module: Any, tmp_path: Path) -> Any:
    """The restore file is tmp_path/restore.json."""

    def run(calls: list[Any], **options: Any) -> dict[str, Any]:
        given = {"scope": "permission_schemes", "restore_path": str(tmp_path / "restore.json"), **options}
        result: dict[str, Any] = run_module(jira_anonymous_access, calls, **given)
        return result

    return run


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


@pytest.mark.parametrize("holder", [ANYONE, NAMELESS, {"type": "group", "parameter": None}, {"type": "group", "parameter": ""}])
def test_each_spelling_of_anyone_goes_where_logged_in_users_are_covered(
    run_schemes: Any, tmp_path: Path, myself: Any, listing: Any, opened: Any, delete: Any, holder: Any
) -> None:
    before, after = scheme(grant(1, LOGGED_IN), grant(2, holder)), scheme(grant(1, LOGGED_IN))
    result = run_schemes([myself, *opened(before), delete(2), listing(after)])
    assert rows(result) == [(ROW, ["anyone", "applicationRole"], ["applicationRole"], "changed")]
    assert result["diff"] == {"before": {ROW: ["anyone", "applicationRole"]}, "after": {ROW: ["applicationRole"]}}
    assert result["restore_path"] == str(tmp_path / "restore.json")


def test_every_logged_in_user_is_not_anyone(run_schemes: Any, tmp_path: Path, myself: Any, listing: Any) -> None:
    others = [LOGGED_IN, {"type": "applicationRole", "parameter": "jira-software"}, {"type": "group", "parameter": "g"}, ROLE, {"type": "assignee"}]
    result = run_schemes([myself, listing(scheme(*(grant(n, holder) for n, holder in enumerate(others))))], replace_with="none")
    assert rows(result) == [("Default", [], [], "compliant")]
    assert not result["changed"] and "restore_path" not in result
    assert not (tmp_path / "restore.json").exists()


def test_a_sole_grant_is_reported_and_left(run_schemes: Any, myself: Any, opened: Any) -> None:
    result = run_schemes([myself, *opened(scheme(grant(1, ANYONE), grant(2, ROLE)))])
    assert rows(result) == [(ROW, ["anyone", "projectRole:10002"], ["anyone", "projectRole:10002"], "drifted")]
    assert "Set replace_with" in result["settings"][0]["reason"]
    assert not result["changed"] and not result["failed"]


def test_the_substitute_comes_first(run_schemes: Any, tmp_path: Path, myself: Any, listing: Any, opened: Any, one: Any, add: Any, delete: Any) -> None:
    before, between, after = scheme(grant(1, ANYONE)), scheme(grant(1, ANYONE), grant(9, LOGGED_IN)), scheme(grant(9, LOGGED_IN))
    result = run_schemes([myself, *opened(before), add(LOGGED_IN), one(between), delete(1), listing(after)], replace_with="logged_in")
    assert rows(result) == [(ROW, ["anyone"], ["applicationRole"], "changed")]
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    where = {"scheme": {"id": 0, "name": "Default"}, "permission": BROWSE}
    assert run["removed"] == [{**where, "holder": ANYONE}]
    assert run["added"] == [{**where, "holder": LOGGED_IN}]
    assert (run["product"], run["url"]) == ("jira", "https://jira.example.com")


def test_named_groups_take_the_place(run_schemes: Any, myself: Any, listing: Any, opened: Any, one: Any, add: Any, delete: Any) -> None:
    group = {"type": "group", "parameter": "staff"}
    between = scheme(grant(1, ANYONE), grant(9, group))
    calls = [myself, *opened(scheme(grant(1, ANYONE))), add(group), one(between), delete(1), listing(scheme(grant(9, group)))]
    result = run_schemes(calls, replace_with="logged_in", replace_groups=["staff"])
    assert rows(result) == [(ROW, ["anyone"], ["group:staff"], "changed")]


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted and not there", "refused"])
def test_nothing_is_removed_while_the_substitute_is_missing(
    run_schemes: Any, call: Any, myself: Any, listing: Any, opened: Any, one: Any, add: Any, accepted: bool
) -> None:
    before = scheme(grant(1, ANYONE))
    refused = call("POST", f"{PATH}/0/permission", 400, body={"holder": LOGGED_IN, "permission": BROWSE})
    writes = [add(LOGGED_IN), one(before)] if accepted else [refused, one(before)]
    result = run_schemes([myself, *opened(before), *writes, listing(before)], replace_with="logged_in")
    assert rows(result) == [(ROW, ["anyone"], ["anyone"], "failed")]
    assert result["failed"] and not result["changed"]


ADDED = {"scheme": {"id": 0, "name": "Default"}, "permission": BROWSE, "holder": LOGGED_IN}


@pytest.mark.parametrize(
    ("there", "remembered"), [(True, [ADDED]), (False, []), (None, [ADDED])], ids=["it happened", "it did not happen", "nobody knows"]
)
def test_an_addition_answered_with_an_error_is_remembered_unless_it_is_seen_not_to_be_there(
    run_schemes: Any, call: Any, tmp_path: Path, myself: Any, listing: Any, opened: Any, one: Any, there: bool | None, remembered: Any
) -> None:
    before, after = scheme(grant(1, ANYONE)), scheme(grant(1, ANYONE), *([grant(9, LOGGED_IN)] if there else []))
    broken = call("POST", f"{PATH}/0/permission", 500, body={"holder": LOGGED_IN, "permission": BROWSE})
    again = call("GET", f"{PATH}/0?expand=permissions", 500) if there is None else one(after)
    result = run_schemes([myself, *opened(before), broken, again, listing(after)], replace_with="logged_in")
    assert rows(result) == [(ROW, ["anyone"], ["anyone", "applicationRole"] if there else ["anyone"], "failed")]
    assert "/permission answered 500" in result["msg"], "the error of the write, not that of the read"
    [run] = json.loads((tmp_path / "restore.json").read_text())["runs"]
    assert (run["added"], run["finished"]) == (remembered, False)


def test_replace_with_none_only_removes(run_schemes: Any, myself: Any, listing: Any, opened: Any, delete: Any) -> None:
    result = run_schemes([myself, *opened(scheme(grant(1, ANYONE))), delete(1), listing(scheme())], replace_with="none")
    assert rows(result) == [(ROW, ["anyone"], [], "changed")]


def test_check_mode_predicts_and_touches_nothing(run_schemes: Any, tmp_path: Path, myself: Any, opened: Any) -> None:
    result = run_schemes([myself, *opened(scheme(grant(1, ANYONE)))], check=True, replace_with="logged_in")
    assert rows(result) == [(ROW, ["anyone"], ["applicationRole"], "drifted")]
    assert result["changed"] and "restore_path" not in result
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("named", ["0", "Default"])
def test_kept_grants_stay_and_say_so(run_schemes: Any, myself: Any, opened: Any, named: str) -> None:
    found = scheme(grant(1, ANYONE))
    result = run_schemes([myself, *opened(found)], keep=[{"scheme": named, "permission": BROWSE}], replace_with="none")
    assert rows(result) == [(ROW, ["anyone"], ["anyone"], "compliant")]
    assert result["settings"][0]["reason"] == f"Granted to anyone and listed in keep. {UNUSED}"


def test_keep_covers_one_permission_only(run_schemes: Any, myself: Any, opened: Any) -> None:
    found = scheme(grant(1, ANYONE), grant(2, ANYONE, "ADD_COMMENTS"))
    result = run_schemes([myself, *opened(found)], check=True, keep=[{"scheme": "0", "permission": BROWSE}], replace_with="none")
    assert [(row["setting"], row["state"]) for row in result["settings"]] == [("Default: ADD_COMMENTS", "drifted"), (ROW, "compliant")]


def test_a_misspelt_scheme_in_keep_stops_everything(run_schemes: Any, myself: Any, listing: Any) -> None:
    result = run_schemes([myself, listing(scheme(grant(1, ANYONE)))], keep=[{"scheme": "Defualt", "permission": BROWSE}], replace_with="none")
    assert result["failed"] and "'Defualt'" in result["msg"]


def test_a_scheme_without_its_grants_is_read_alone(run_schemes: Any, myself: Any, listing: Any, one: Any) -> None:
    result = run_schemes([myself, listing({"id": 0, "name": "Default"}), one(scheme(grant(1, LOGGED_IN)))])
    assert rows(result) == [("Default", [], [], "compliant")]


@pytest.mark.parametrize("answer", [{"status": 403}, {"json": {"id": 0, "name": "Default"}}, {"text": "<html>"}])
def test_a_scheme_that_cannot_be_read_is_not_examined(run_schemes: Any, call: Any, myself: Any, listing: Any, answer: Any) -> None:
    other = scheme(grant(1, LOGGED_IN), number=5, name="Other")
    calls = [myself, listing({"id": 0, "name": "Default"}, other), call("GET", f"{PATH}/0?expand=permissions", **answer)]
    result = run_schemes(calls)
    assert rows(result) == [("Default", None, None, "not_examined"), ("Other", [], [], "compliant")]


@pytest.mark.parametrize("holder", [{}, None, "anyone"])
def test_a_grant_nobody_understands_is_not_harmless(run_schemes: Any, myself: Any, listing: Any, holder: Any) -> None:
    result = run_schemes([myself, listing(scheme(grant(1, holder)))])
    assert rows(result) == [("Default", None, None, "not_examined")]


def test_a_bad_scheme_does_not_stop_the_others(run_schemes: Any, call: Any, myself: Any, listing: Any, opened: Any, delete: Any) -> None:
    first = scheme(grant(1, ANYONE), grant(2, ANYONE, "ADD_COMMENTS"))
    calls = [myself, *opened(first), delete(2, 500), delete(1), listing(scheme(grant(2, ANYONE, "ADD_COMMENTS")))]
    result = run_schemes(calls, replace_with="none")
    assert rows(result) == [("Default: ADD_COMMENTS", ["anyone"], ["anyone"], "failed"), (ROW, ["anyone"], [], "changed")]
    assert result["failed"] and result["changed"]


def test_a_grant_somebody_else_removed_meanwhile_is_gone(run_schemes: Any, myself: Any, listing: Any, opened: Any, delete: Any) -> None:
    result = run_schemes([myself, *opened(scheme(grant(1, ANYONE))), delete(1, 404), listing(scheme())], replace_with="none")
    assert rows(result) == [(ROW, ["anyone"], [], "changed")]


def test_no_restore_file_no_write(run_schemes: Any, tmp_path: Path, myself: Any, opened: Any) -> None:
    (tmp_path / "restore.json").write_text("mine")
    result = run_schemes([myself, *opened(scheme(grant(1, ANYONE)))], replace_with="none")
    assert result["failed"] and "restore_path" in result["msg"]
    assert not result["changed"]


@pytest.mark.parametrize("body", [{}, [], {"permissionSchemes": {}}, {"permissionSchemes": ["x"]}])
def test_an_answer_without_schemes_is_an_error(run_schemes: Any, call: Any, myself: Any, body: Any) -> None:
    result = run_schemes([myself, call("GET", f"{PATH}?expand=permissions", json=body)])
    assert result["failed"] and "list of permission schemes" in result["msg"]


def test_groups_without_replacing_are_refused(run_schemes: Any) -> None:
    result = run_schemes([], replace_groups=["staff"])
    assert result["failed"] and result["msg"].startswith("replace_groups: means nothing")


def test_each_row_says_how_many_projects_use_the_scheme(run_schemes: Any, myself: Any, listing: Any, uses: Any, delete: Any) -> None:
    """Counted once a run, although it compares again after its writes."""
    many, one = scheme(grant(1, ANYONE), grant(2, ANYONE, "ADD_COMMENTS")), scheme(grant(3, ANYONE), number=5, name="One")
    none, closed = scheme(grant(4, ANYONE), number=6, name="None"), scheme(grant(5, LOGGED_IN), number=7, name="Closed")
    kept = {"keep": [{"scheme": "5", "permission": BROWSE}, {"scheme": "6", "permission": BROWSE}], "replace_with": "none"}
    begin = [myself, listing(many, one, none, closed), *uses(WEB=0, DOCS=5, OPS=0, HR=7)]
    two = "2 projects that this account sees use this scheme."
    left = [
        ("One: BROWSE_PROJECTS", "Granted to anyone and listed in keep. One project that this account sees uses this scheme."),
        ("None: BROWSE_PROJECTS", f"Granted to anyone and listed in keep. {UNUSED}"),
        ("Closed", ""),
    ]
    predicted = run_schemes(begin, check=True, **kept)
    real = run_schemes([*begin, delete(2), delete(1), listing(scheme(), one, none, closed)], **kept)
    for result in (predicted, real):
        assert [(row["setting"], row["reason"]) for row in result["settings"]] == [("Default: ADD_COMMENTS", two), (ROW, two), *left]
    assert [row["state"] for row in real["settings"]] == ["changed", "changed", "compliant", "compliant", "compliant"]


def test_a_grant_that_is_left_says_it_too(run_schemes: Any, myself: Any, listing: Any, uses: Any) -> None:
    [row] = run_schemes([myself, listing(scheme(grant(1, ANYONE))), *uses(WEB=0)])["settings"]
    assert row["reason"].startswith("Left as it is") and row["reason"].endswith(" One project that this account sees uses this scheme.")


@pytest.mark.parametrize(
    ("projects", "of_project", "words"),
    [
        ({"status": 500}, None, "answered 500"),
        ({"json": {}}, None, "list of projects"),
        ({"json": [{"key": "WEB"}]}, {"status": 403}, "WEB/permissionscheme answered 403"),
        ({"json": [{"key": "WEB"}]}, {"json": {}}, "without a permission scheme"),
        ({"json": [{"key": "A/B"}]}, {"json": {"id": "0"}}, "A%2FB/permissionscheme answered without"),
    ],
)
def test_what_cannot_be_counted_is_said_and_fails_nothing(
    run_schemes: Any, call: Any, myself: Any, listing: Any, delete: Any, projects: Any, of_project: Any, words: str
) -> None:
    counting = [call("GET", "/rest/api/2/project", **projects)]
    if of_project is not None:
        key = projects["json"][0]["key"].replace("/", "%2F")
        counting.append(call("GET", f"/rest/api/2/project/{key}/permissionscheme", **of_project))
    result = run_schemes([myself, listing(scheme(grant(1, ANYONE))), *counting, delete(1), listing(scheme())], replace_with="none")
    assert rows(result) == [(ROW, ["anyone"], [], "changed")] and not result["failed"]
    reason = result["settings"][0]["reason"]
    assert reason.startswith("How many projects use it is not known: ") and words in reason
