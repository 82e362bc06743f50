# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""jira_restore: what the last run removed comes back, and what it added goes; in this order, and only that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_restore

PATH = "/rest/api/2/permissionscheme"
URL = "https://jira.example.com"
ANYONE, LOGGED_IN, ROLE = {"type": "anyone"}, {"type": "applicationRole"}, {"type": "projectRole", "parameter": "10002"}


def entry(removed: list[Any], added: list[Any], url: str = URL) -> dict[str, Any]:
    def grants(holders: list[Any]) -> list[Any]:
        return [{"scheme": {"id": 7, "name": "Open"}, "permission": "BROWSE_PROJECTS", "holder": holder} for holder in holders]

    return {"at": "2026-01-01T00:00:00+00:00", "product": "jira", "url": url, "removed": grants(removed), "added": grants(added)}


@pytest.fixture
def restore(run_module: Any, tmp_path: Path, call: Any) -> Any:
    def run(runs: list[Any], calls: list[Any], check: bool = False) -> dict[str, Any]:
        path = tmp_path / "restore.json"
        path.write_text(json.dumps({"schema": 1, "runs": runs}))
        result: dict[str, Any] = run_module(jira_restore, calls, check=check, restore_path=str(path))
        return result

    return run


@pytest.fixture
def listing(call: Any) -> Any:
    def answer(*holders: dict[str, Any]) -> Any:
        grants = [{"id": number, "holder": holder, "permission": "BROWSE_PROJECTS"} for number, holder in enumerate(holders, start=1)]
        return call("GET", f"{PATH}?expand=permissions", json={"permissionSchemes": [{"id": 7, "name": "Open", "permissions": grants}]})

    return answer


def test_back_first_then_away(restore: Any, listing: Any, call: Any, myself: Any) -> None:
    add = call("POST", f"{PATH}/7/permission", 201, json={}, body={"holder": ANYONE, "permission": "BROWSE_PROJECTS"})
    delete = call("DELETE", f"{PATH}/7/permission/2", 204)
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(ROLE, LOGGED_IN), add, delete, listing(ROLE, ANYONE)])
    assert not result["failed"]
    assert result["changed"]
    assert result["diff"] == {
        "before": {"Open: BROWSE_PROJECTS": ["applicationRole", "projectRole:10002"]},
        "after": {"Open: BROWSE_PROJECTS": ["anyone", "projectRole:10002"]},
    }


def test_check_mode_predicts_and_writes_nothing(restore: Any, listing: Any, myself: Any) -> None:
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(LOGGED_IN)], check=True)
    assert result["changed"]
    assert [(row["setting"], row["state"], row["after"]) for row in result["settings"]] == [("Open: BROWSE_PROJECTS", "drifted", ["anyone"])]


def test_a_second_time_changes_nothing(restore: Any, listing: Any, myself: Any) -> None:
    result = restore([entry([ANYONE], [LOGGED_IN])], [myself, listing(ANYONE)])
    assert not result["changed"]
    assert [row["state"] for row in result["settings"]] == ["compliant"]


def test_the_last_entry_for_this_address_counts(restore: Any, listing: Any, myself: Any) -> None:
    runs = [entry([ANYONE], []), entry([ROLE], []), entry([LOGGED_IN], [], url="https://other.example.com")]
    result = restore(runs, [myself, listing()], check=True)
    assert result["settings"][0]["after"] == ["projectRole:10002"]


def test_a_scheme_that_is_gone_is_not_examined(restore: Any, call: Any, myself: Any) -> None:
    empty = call("GET", f"{PATH}?expand=permissions", json={"permissionSchemes": []})
    result = restore([entry([ANYONE], [])], [myself, empty])
    assert [row["state"] for row in result["settings"]] == ["not_examined"]
    assert "Open (id 7) is no longer there" in result["settings"][0]["reason"]


def test_nothing_for_this_address_is_said_before_anything_is_sent(restore: Any) -> None:
    result = restore([entry([ANYONE], [], url="https://other.example.com")], [])
    assert result["failed"]
    assert "holds nothing that was removed from https://jira.example.com" in result["msg"]


def test_an_edited_file_is_refused_before_anything_is_sent(restore: Any) -> None:
    broken = entry([ANYONE], [])
    del broken["removed"][0]["permission"]
    result = restore([broken], [])
    assert result["failed"]
    assert "is not understood" in result["msg"]
