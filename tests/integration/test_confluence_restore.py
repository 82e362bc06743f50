# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove, restore, compare: equal; also after a run that was killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access, confluence_restore

from .results import rows

RUN = """
import sys, json
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.modules import confluence_anonymous_access
with patch_module_args(json.loads(sys.argv[1])):
    confluence_anonymous_access.main()
"""
SCOPES = ("user_profiles", "site", "spaces", "unlicensed")
WAYS = {
    "rest": {"routes": ["rest"]},
    "jsonrpc": {"routes": ["jsonrpc"]},
    "form": {"routes": ["form"], "allow_forms": True},
}


def permissions(wiki: Any) -> tuple[Any, Any]:
    """All of the site and of every space; the state keeps subjects without any apart from those that are not there."""
    state = wiki.state()
    spaces = {key: {subject: held for subject, held in space["permissions"].items() if held} for key, space in state["spaces"].items()}
    return {subject: held for subject, held in state["permissions"].items() if held}, spaces


def remove(run_wiki: Any, path: str, way: dict[str, Any]) -> None:
    for scope in SCOPES:
        more = {"replace_with": "none" if way.get("allow_forms") else "logged_in"} if scope == "spaces" else {}
        groups = {"replace_groups": ["confluence-users"]} if more.get("replace_with") == "logged_in" else {}
        result = run_wiki(confluence_anonymous_access, scope=scope, restore_path=path, **more, **groups, **way)
        assert not result["failed"], result["msg"]


@pytest.mark.parametrize("way", WAYS)
def test_the_restore_file_brings_everything_back(wiki: Any, run_wiki: Any, tmp_path: Path, way: str) -> None:
    before = permissions(wiki)
    path = str(tmp_path / "restore.json")
    remove(run_wiki, path, WAYS[way])
    if not Path(path).exists():
        assert permissions(wiki) == before and way == "rest" and wiki.version in ("7.19", "8.5"), "nothing could be removed, so nothing was remembered"
        return
    assert permissions(wiki) != before
    predicted = run_wiki(confluence_restore, check=True, restore_path=path, **WAYS[way])
    assert permissions(wiki) != before
    restored = run_wiki(confluence_restore, restore_path=path, **WAYS[way])
    assert not restored["failed"], restored["msg"]
    assert rows(restored, "changed") == rows(predicted, "drifted") != []
    assert permissions(wiki) == before
    audit = wiki.audit()
    assert rows(run_wiki(confluence_restore, restore_path=path, **WAYS[way]), "changed", "drifted") == []
    assert wiki.audit() == audit


def test_spaces_alone_can_come_back(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    site, spaces = permissions(wiki)
    path = str(tmp_path / "restore.json")
    remove(run_wiki, path, WAYS["jsonrpc"])
    run_wiki(confluence_restore, restore_path=path, scopes=["spaces"])
    assert permissions(wiki)[1] == spaces
    assert "anonymous" in site and "anonymous" not in permissions(wiki)[0]


@pytest.mark.parametrize("writes", [0, 1, 4])
def test_a_run_that_is_killed_between_the_file_and_the_last_write_can_be_undone(wiki: Any, run_wiki: Any, tmp_path: Path, writes: int) -> None:
    """`writes` revocations pass, the next one is done and its answer hangs, and the process is killed there."""
    before = permissions(wiki)
    path = tmp_path / "restore.json"
    rest = wiki.version in ("9.2", "10.2")
    method, prefix = ("PUT", "/rest/api/space/") if rest else ("POST", "/rpc/json-rpc/confluenceservice-v2/removeAnonymousPermissionFromSpace")
    wiki.fault("slow", prefix, method, times=1, skip=writes, after_effect=True, delay=4)
    options = {"scope": "spaces", "replace_with": "none", "restore_path": str(path), "routes": ["rest" if rest else "jsonrpc"]}
    arguments = {"url": wiki.url, "username": "automation", "password": wiki.secrets["admin_password"], **options}
    process = subprocess.Popen([sys.executable, "-c", RUN, json.dumps(arguments)], stdout=subprocess.DEVNULL, env=dict(os.environ))
    until = time.monotonic() + 30
    while wiki.control("GET", "faults") or not path.exists():  # the fault is used up when its request arrives
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert sum("anonymous" in held for held in before[1].values()) >= sum("anonymous" in held for held in permissions(wiki)[1].values()) > 0
    run_wiki(confluence_restore, restore_path=str(path))
    assert permissions(wiki) == before
    # The rest of the work, and then everything back: both runs count as one.
    wiki.control("DELETE", "faults")
    run_wiki(confluence_anonymous_access, **options)
    assert not any("anonymous" in held for held in permissions(wiki)[1].values())
    run_wiki(confluence_restore, restore_path=str(path))
    assert permissions(wiki) == before


def test_a_run_that_failed_in_part_and_the_one_that_finished_it_come_back_together(wiki: Any, run_wiki: Any, tmp_path: Path) -> None:
    before = permissions(wiki)
    path = str(tmp_path / "restore.json")
    options = {"scope": "spaces", "replace_with": "none", "restore_path": path, "routes": ["jsonrpc"]}
    wiki.fault("500", "/rpc/json-rpc/confluenceservice-v2/removeAnonymousPermissionFromSpace", "POST", times=3)
    assert run_wiki(confluence_anonymous_access, **options)["failed"]
    assert not run_wiki(confluence_anonymous_access, **options)["failed"]
    run_wiki(confluence_restore, restore_path=path)
    assert permissions(wiki) == before
