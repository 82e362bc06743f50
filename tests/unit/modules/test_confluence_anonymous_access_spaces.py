# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_anonymous_access with scope spaces, by REST: what is removed, in which order, and what never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

READ, COMMENT, USE = "space read", "comment create", "application use"
ANYBODY, STAFF, ANN = (READ, "anonymous"), (READ, "group:staff"), (READ, "userkey:ann1")
USERS = (USE, "group:staff")
ROW, REST = "A: space read", "spaces without a grant to anonymous"
REVOKE = "A/permissions/anonymous/revoke"
HOLDER = {"kind": "anonymous", "name": ""}


@pytest.fixture
def scan(whoami: Any, metrics: Any, space_page: Any, of_anonymous: Any, of_all: Any, no_more: Any) -> Any:
    """scan(grant, ...): all up to the comparison, with one space A of these grants."""

    def calls(*grants: tuple[str, str]) -> list[Any]:
        asked = of_anonymous("A", *(text for text, holder in grants if holder == "anonymous"))
        more = of_all("A", *grants) if any(holder == "anonymous" for text, holder in grants) else []
        return [whoami, metrics(1), space_page("A"), asked, asked, *more, *no_more]

    return calls


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


def runs(tmp_path: Path) -> Any:
    return json.loads((tmp_path / "restore.json").read_text())["runs"]


def entry(space: str, operation: str, holder: dict[str, str]) -> dict[str, Any]:
    target, key = operation.split()
    return {"space": space, "operation": {"targetType": target, "operationKey": key}, "holder": holder}


def test_it_goes_where_everybody_holds_it_otherwise(run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any, put: Any, of_all: Any) -> None:
    calls = [*scan(ANYBODY, STAFF), of_site(USERS, (USE, "anonymous")), put(REVOKE, READ), *of_all("A", STAFF)]
    result = run_spaces(calls)
    assert rows(result) == [(ROW, ["anonymous", "group:staff"], ["group:staff"], "changed")]
    assert result["diff"] == {"before": {ROW: ["anonymous", "group:staff"]}, "after": {ROW: ["group:staff"]}}
    assert result["changed"] and not result["failed"]
    assert result["restore_path"] == str(tmp_path / "restore.json")
    [run] = runs(tmp_path)
    assert (run["removed"], run["added"], run["scope"], run["finished"]) == ([entry("A", READ, HOLDER)], [], "spaces", True)


def test_the_restore_file_is_there_before_the_first_revocation(
    run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any, put: Any, of_all: Any, script: Any, monkeypatch: Any
) -> None:
    transport, seen = script(), []
    send = transport.send

    def watch(request: Any) -> Any:
        if request.method == "PUT":
            seen.append((request.url.rpartition("/")[2], [run["finished"] for run in runs(tmp_path)]))
        return send(request)

    monkeypatch.setattr(transport, "send", watch)
    grant = put("A/permissions/group/staff/grant", READ)
    between = [grant, *of_all("A", ANYBODY, STAFF), put(REVOKE, READ), *of_all("A", STAFF)]
    run_spaces([*scan(ANYBODY), of_site(USERS), *between], replace_with="logged_in")
    assert seen == [("grant", [False]), ("revoke", [False])]
    assert [run["finished"] for run in runs(tmp_path)] == [True]


def test_the_substitute_comes_first(run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any, put: Any, of_all: Any) -> None:
    calls = [
        *scan(ANYBODY), of_site(USERS, (USE, "userkey:ann1"), ("space create", "group:others")),
        put("A/permissions/group/staff/grant", READ), put("A/permissions/user/ann1/grant", READ),
        *of_all("A", ANYBODY, STAFF, ANN), put(REVOKE, READ), *of_all("A", STAFF, ANN),
    ]  # fmt: skip
    result = run_spaces(calls, replace_with="logged_in")
    assert rows(result) == [(ROW, ["anonymous"], ["group:staff", "userkey:ann1"], "changed")]
    [run] = runs(tmp_path)
    assert run["removed"] == [entry("A", READ, HOLDER)]
    assert run["added"] == [entry("A", READ, {"kind": "group", "name": "staff"}), entry("A", READ, {"kind": "userkey", "name": "ann1"})]


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted and not there", "refused"])
def test_nothing_is_removed_while_the_substitute_is_missing(
    run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any, put: Any, of_all: Any, accepted: bool
) -> None:
    grant = put("A/permissions/group/staff/grant", READ, 204 if accepted else 400)
    calls = [*scan(ANYBODY), of_site(USERS), grant, *of_all("A", ANYBODY), *of_all("A", ANYBODY)]
    result = run_spaces(calls, replace_with="logged_in")
    assert rows(result) == [(ROW, ["anonymous"], ["anonymous"], "failed")]
    assert result["failed"] and not result["changed"]
    assert runs(tmp_path)[0]["finished"] is False


def test_named_groups_take_the_place_and_nobody_is_asked_who_logs_in(run_spaces: Any, scan: Any, put: Any, of_all: Any) -> None:
    team = (READ, "group:a team/1")
    calls = [*scan(ANYBODY), put("A/permissions/group/a%20team%2F1/grant", READ), *of_all("A", ANYBODY, team), put(REVOKE, READ), *of_all("A", team)]
    result = run_spaces(calls, replace_with="logged_in", replace_groups=["a team/1"])
    assert rows(result) == [(ROW, ["anonymous"], ["group:a team/1"], "changed")]


def test_a_grant_others_lean_on_is_reported_and_left(run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any) -> None:
    result = run_spaces([*scan(ANYBODY, ANN), of_site(USERS)])
    assert rows(result) == [(ROW, ["anonymous", "userkey:ann1"], ["anonymous", "userkey:ann1"], "drifted")]
    assert "do not hold it otherwise: group:staff" in result["settings"][0]["reason"]
    assert not result["changed"] and not result["failed"] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("replace_with", [None, "logged_in"])
def test_a_grant_is_left_where_nobody_tells_who_logs_in(run_spaces: Any, scan: Any, of_site: Any, replace_with: str | None) -> None:
    result = run_spaces([*scan(ANYBODY, STAFF), of_site(status=404)], replace_with=replace_with)
    assert rows(result) == [(ROW, ["anonymous", "group:staff"], ["anonymous", "group:staff"], "drifted")]
    assert "cannot be read here" in result["settings"][0]["reason"]


def test_replace_with_none_only_removes(run_spaces: Any, tmp_path: Path, scan: Any, put: Any, of_all: Any) -> None:
    result = run_spaces([*scan(ANYBODY), put(REVOKE, READ), *of_all("A")], replace_with="none")
    assert rows(result) == [(ROW, ["anonymous"], [], "changed")]
    assert runs(tmp_path)[0]["added"] == []


def test_check_mode_predicts_and_touches_nothing(run_spaces: Any, tmp_path: Path, scan: Any, of_site: Any) -> None:
    result = run_spaces([*scan(ANYBODY), of_site(USERS)], check=True, replace_with="logged_in")
    assert rows(result) == [(ROW, ["anonymous"], ["group:staff"], "drifted")]
    assert result["diff"] == {"before": {ROW: ["anonymous"]}, "after": {ROW: ["group:staff"]}}
    assert result["changed"] and "restore_path" not in result
    assert list(tmp_path.iterdir()) == []


def test_closed_spaces_are_counted_and_left_alone(run_spaces: Any, tmp_path: Path, scan: Any) -> None:
    result = run_spaces(scan(STAFF))
    assert rows(result) == [(REST, 1, 1, "compliant")]
    assert not result["changed"] and "restore_path" not in result and list(tmp_path.iterdir()) == []


def test_each_operation_is_a_row_and_who_logs_in_is_asked_once(run_spaces: Any, scan: Any, of_site: Any, put: Any, of_all: Any) -> None:
    calls = [*scan(ANYBODY, STAFF, (COMMENT, "anonymous")), of_site(USERS), put(REVOKE, READ), *of_all("A", STAFF, (COMMENT, "anonymous"))]
    result = run_spaces(calls)
    assert rows(result) == [
        ("A: comment create", ["anonymous"], ["anonymous"], "drifted"),
        (ROW, ["anonymous", "group:staff"], ["group:staff"], "changed"),
    ]
    assert not result["failed"]


def test_personal_and_archived_spaces_are_examined_and_say_so(
    run_spaces: Any, whoami: Any, metrics: Any, space_page: Any, of_anonymous: Any, of_all: Any, put: Any
) -> None:
    calls = [
        whoami, metrics(2), space_page(), space_page("~ann", kind="personal"), of_anonymous("~ann", READ), of_anonymous("~ann", READ),
        *of_all("~ann", ANYBODY), space_page("OLD", status="archived"), of_anonymous("OLD", READ), *of_all("OLD", ANYBODY),
        space_page(kind="personal", status="archived"), put("OLD/permissions/anonymous/revoke", READ), put("~ann/permissions/anonymous/revoke", READ),
        *of_all("OLD"), *of_all("~ann"),
    ]  # fmt: skip
    result = run_spaces(calls, replace_with="none")
    assert [(row["setting"], row["state"], row["reason"]) for row in result["settings"]] == [
        ("OLD: space read", "changed", "archived space"),
        ("~ann: space read", "changed", "personal space"),
    ]


def test_spaces_the_account_does_not_see_are_not_examined(
    run_spaces: Any, whoami: Any, metrics: Any, space_page: Any, of_anonymous: Any, no_more: Any
) -> None:
    result = run_spaces([whoami, metrics(4), space_page("A"), of_anonymous("A"), of_anonymous("A"), *no_more])
    assert rows(result) == [(REST, 1, 1, "compliant"), ("spaces this account does not see", None, None, "not_examined")]
    assert "There are 3 spaces" in result["settings"][1]["reason"]


def test_the_progress_is_in_its_file(run_spaces: Any, tmp_path: Path, scan: Any) -> None:
    run_spaces(scan(STAFF), progress_path=str(tmp_path / "progress"))
    assert (tmp_path / "progress").read_text() == "1 of 1 spaces examined, 0 of them grant something to anonymous\n"
