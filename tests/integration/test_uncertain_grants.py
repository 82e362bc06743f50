# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A substitute whose write was answered with an error, whether it happened or not: a restore leaves exactly what was there at first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access, confluence_restore, jira_anonymous_access, jira_restore

from .jira_cases import SCHEMES
from .results import rows
from .test_confluence_restore import WAYS, permissions

GLOBAL_PAGE, GLOBAL_POST = "/secure/admin/GlobalPermissions!default.jspa", "/secure/admin/GlobalPermissions.jspa"
by_effect = pytest.mark.parametrize("after_effect", [False, True], ids=["write lost", "answer lost"])
# Whoever restores may have let a later run do the rest; the file counts both together.
by_again = pytest.mark.parametrize("again", [False, True], ids=["at once", "after the rest was done"])


def of_jira(simulator: Any) -> Any:
    """Who holds what. A grant that came back has another id, and anyone may be spelt in two ways."""

    def holder(grant: Any) -> str:
        anyone = grant["type"] == "anyone" or grant["type"] == "group" and not grant["parameter"]
        return "anyone" if anyone else f"{grant['type']}:{grant['parameter']}"

    state = simulator.state()
    schemes = {name: sorted((grant["permission"], holder(grant)) for grant in found["grants"]) for name, found in state["schemes"].items()}
    return schemes, {key: sorted(group or "" for group in groups) for key, groups in state["global_permissions"].items()}


def remove_and_restore(harden: Callable[[], Any], restore: Callable[[], Any], held: Callable[[], Any], again: bool) -> None:
    """The fault that meets the first run is set before."""
    before = held()
    result = harden()
    assert result["failed"] and "500" in result["msg"], result
    if again:
        result = harden()
        assert not result["failed"] and rows(result, "changed") != [] and held() != before
    result = restore()
    assert not result["failed"], result["msg"]
    assert held() == before


@by_effect
@by_again
def test_of_a_permission_scheme(simulator: Any, run: Any, tmp_path: Path, after_effect: bool, again: bool) -> None:
    path = str(tmp_path / "restore.json")
    options = {"scope": "permission_schemes", "replace_with": "logged_in", "restore_path": path}
    simulator.fault("500", SCHEMES, "POST", times=1, after_effect=after_effect)
    remove_and_restore(lambda: run(jira_anonymous_access, **options), lambda: run(jira_restore, restore_path=path), lambda: of_jira(simulator), again)


@pytest.mark.parametrize("lost", [1, 2], ids=["the page after the post", "the next one too"])
@by_effect
@by_again
def test_of_a_global_permission(simulator: Any, run: Any, tmp_path: Path, after_effect: bool, again: bool, lost: int) -> None:
    """The page is read after each post: what is lost is the answer, that page, and in one case the next one too."""
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": None, "granted": True})
    simulator.plant(global_permission={"key": "BULK_CHANGE", "group": "jira-software-users", "granted": False})
    path = str(tmp_path / "restore.json")
    who = {"token": None, "username": "automation", "password": simulator.secrets["admin_password"], "allow_forms": True}
    options = {"scope": "global_permissions", "replace_with": "logged_in", "restore_path": path, **who}
    run(jira_anonymous_access, check=True, **options)
    reads = sum(entry["method"] == "GET" and entry["path"] == GLOBAL_PAGE for entry in simulator.calls())
    simulator.fault("500", GLOBAL_POST, "POST", times=1, after_effect=after_effect)
    simulator.fault("500", GLOBAL_PAGE, "GET", times=lost, skip=reads + 1)
    remove_and_restore(lambda: run(jira_anonymous_access, **options), lambda: run(jira_restore, restore_path=path, **who), lambda: of_jira(simulator), again)
    # What nobody could read stays in the file: a restore takes back what it finds.
    remembered = [{"permission": "BULK_CHANGE", "group": "jira-software-users"}] if after_effect or lost > 1 else []
    assert json.loads(Path(path).read_text())["runs"][0]["added"] == remembered


@by_effect
@by_again
def test_of_a_space(wiki: Any, run_wiki: Any, tmp_path: Path, after_effect: bool, again: bool) -> None:
    path = str(tmp_path / "restore.json")
    by_rest = wiki.version not in ("7.19", "8.5")
    way = WAYS["rest" if by_rest else "jsonrpc"]
    options = {"scope": "spaces", "replace_with": "logged_in", "replace_groups": ["confluence-users"], "restore_path": path, **way}
    if by_rest:
        predicted = rows(run_wiki(confluence_anonymous_access, check=True, **options), "drifted")
        needy = next(setting.partition(":")[0] for setting, before, after in predicted if "group:confluence-users" in set(after) - set(before))
        wiki.fault("500", f"/rest/api/space/{needy}/permissions/group/confluence-users/grant", "PUT", times=1, after_effect=after_effect)
    else:
        wiki.fault("500", "/rpc/json-rpc/confluenceservice-v2/addPermissionToSpace", "POST", times=1, after_effect=after_effect)
    remove_and_restore(
        lambda: run_wiki(confluence_anonymous_access, **options),
        lambda: run_wiki(confluence_restore, restore_path=path, **way),
        lambda: permissions(wiki),
        again,
    )
