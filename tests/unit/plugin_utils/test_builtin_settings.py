# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules of Ansible return becomes settings, named by the thing; apt's results are recorded from Debian 12 in check mode."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._builtin_settings import builtin_settings
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import LARGEST_TEXT

Found = list[tuple[str, str, Any, Any, str]]

HEAD = "The following additional packages will be installed:\n  libpopt0\nSuggested packages:\n  bsd-mailx | mailx\n"
INSTALL = f"{HEAD}The following NEW packages will be installed:\n  libpopt0 logrotate\n0 upgraded, 2 newly installed, 0 to remove and 134 not upgraded."
PURGE = "The following packages will be REMOVED:\n  curl* less*\n0 upgraded, 0 newly installed, 2 to remove and 133 not upgraded."
REMOVE = "The following packages will be REMOVED:\n  curl\n0 upgraded, 0 newly installed, 1 to remove and 133 not upgraded."
KEPT = "Calculating upgrade...\nThe following packages have been kept back:\n  vim\n"
UPGRADE = f"{KEPT}The following packages will be upgraded:\n  appstream apt\n  base-files\n3 upgraded, 0 newly installed."
NEW_LAYOUT = "Installing:\n  logrotate\n\nInstalling dependencies:\n  libpopt0\n\nSuggested packages:\n  mailx\n\nSummary:\n  Upgrading: 0, Installing: 2"
PROGRESS = "Selecting previously unselected package x.\n(Reading database ... 41234 files)\n"


def found(result: dict[str, Any], action: str = "someone.else.module", check: bool = True, shown: bool = True, **args: Any) -> Found:
    given = {"changed": True, "invocation": {"module_args": args}, **result}
    entries = builtin_settings(given, "Title", "ok", check, action, shown)
    return [(entry["setting"], entry["state"], entry["before"], entry["after"], entry["reason"]) for entry in entries]


def drifted(name: str, before: Any = None, after: Any = None, reason: str = "") -> tuple[str, str, Any, Any, str]:
    return name, "drifted", before, after, reason


def test_what_is_as_it_should_be_or_failed_is_one_setting_under_the_title() -> None:
    assert found({"changed": False}, "ansible.builtin.file", path="/x") == [("Title", "compliant", None, None, "")]
    entries = builtin_settings({"msg": "Task failed: Action failed: no\n  such thing"}, "Title", "failed", False)
    assert [(entry["state"], entry["reason"]) for entry in entries] == [("failed", "no such thing")]


@pytest.mark.parametrize(
    ("prepared", "settings"),
    [
        (INSTALL, [("package libpopt0", "absent", "present"), ("package logrotate", "absent", "present")]),
        (NEW_LAYOUT, [("package libpopt0", "absent", "present"), ("package logrotate", "absent", "present")]),
        (PURGE, [("package curl", "present", "absent, configuration too"), ("package less", "present", "absent, configuration too")]),
        (REMOVE, [("package curl", "present", "absent")]),
        (UPGRADE, [(f"package {name}", "present", "present, upgraded") for name in ("appstream", "apt", "base-files")]),
        (PROGRESS, [("Title", None, None)]),
    ],
)
@pytest.mark.parametrize("action", ["ansible.builtin.apt", "apt", "ansible.legacy.apt"])
def test_packages(prepared: str, settings: list[tuple[str, str, str]], action: str) -> None:
    # In a real run apt goes on to tell its progress; what is made of it is the same.
    assert found({"diff": {"prepared": prepared}, "stdout": "Inst logrotate (3.21.0-1)"}, action) == [drifted(*entry) for entry in settings]


SHOWN = {"ActiveState": "inactive", "SubState": "dead", "LoadState": "loaded", "UnitFileState": "disabled"}
STARTED = ("state of service web", "stopped", "started")
UNKNOWN = "the module does not say what the value was before"


@pytest.mark.parametrize(
    ("status", "args", "settings"),
    [
        (SHOWN, {"state": "started", "enabled": True}, [STARTED, ("start at boot of service web", "disabled", "enabled")]),
        (SHOWN, {"state": "started"}, [STARTED]),
        (SHOWN, {"state": "stopped", "enabled": True}, [("start at boot of service web", "disabled", "enabled")]),
        ({**SHOWN, "ActiveState": "failed"}, {"state": "started"}, [("state of service web", "failed", "started")]),
        ({**SHOWN, "ActiveState": "active"}, {"state": "restarted"}, [("state of service web", "started", "restarted")]),
        ({**SHOWN, "UnitFileState": "static"}, {"state": "started", "enabled": True}, [STARTED]),
        ({**SHOWN, "LoadState": "masked"}, {"masked": False}, [("mask of service web", True, False)]),
        # A script of SysV: systemd has no word on its start at boot.
        ({"ActiveState": "active"}, {"enabled": True}, [("start at boot of service web", None, "enabled")]),
        # Another manager of services says nothing of what was.
        ({}, {"state": "started"}, [("service web", None, None)]),
        (None, {"state": "started"}, [("service web", None, None)]),
    ],
)
def test_services(status: Any, args: dict[str, Any], settings: list[tuple[str, Any, Any]]) -> None:
    result = {"name": "web", "status": status}
    for action in ("ansible.builtin.service", "ansible.builtin.systemd_service"):
        assert found(result, action, name="web", **args) == [drifted(*entry) for entry in settings]


@pytest.mark.parametrize(
    ("action", "args", "expected"),
    [
        ("ansible.builtin.user", {"name": "joe", "state": "present"}, drifted("user joe")),
        ("ansible.builtin.user", {"name": "joe", "state": "absent"}, drifted("user joe", "present", "absent")),
        ("ansible.builtin.group", {"name": "adm"}, drifted("group adm")),
        ("ansible.posix.sysctl", {"name": "a.b", "value": "1"}, drifted("kernel parameter a.b", None, "1", UNKNOWN)),
        ("ansible.builtin.command", {"cmd": "x"}, drifted("Title")),
        ("ansible.builtin.command", {"cmd": "x", "creates": "/y"}, drifted("/y", "absent", "present")),
        ("someone.else.user", {"name": "joe"}, drifted("Title")),
    ],
)
def test_modules_that_say_little(action: str, args: dict[str, Any], expected: Any) -> None:
    assert found({}, action, **args) == [expected]


def test_owner_and_group() -> None:
    # As the module file gave it to root: numbers, whatever was asked for.
    diff = {"before": {"path": "/x", "owner": 4321, "group": 4322}, "after": {"path": "/x", "owner": 0, "group": 4}}
    named = [drifted("owner of /x", "4321", "0 (root)"), drifted("group of /x", "4322", "4 (adm)")]
    assert found({"diff": diff}, "ansible.builtin.file", path="/x", owner="root", group="adm") == named
    assert found({"diff": diff}, "ansible.builtin.file", path="/x", owner="0", group="4")[1] == drifted("group of /x", "4322", "4")


def test_times_are_nobodys_setting() -> None:
    diff = {"before": {"path": "/x", "mtime": 1.5, "atime": 1}, "after": {"path": "/x", "mtime": 2.5, "atime": 2}}
    assert found({"diff": diff}, "ansible.builtin.file", path="/x") == [drifted("/x")]
    touched = {"before": {"path": "/x", "state": "absent", "mtime": 1}, "after": {"path": "/x", "state": "touch", "mtime": 2}}
    assert found({"diff": touched}, "ansible.builtin.file", path="/x") == [drifted("/x")]


def test_a_file_too_large_to_show() -> None:
    diff = {"dst_larger": 104448, "before": "", "after": "x\n"}
    reason = "the file is larger than 104448 bytes, its content is not shown"
    assert found({"diff": [diff]}, "ansible.builtin.copy", dest="/x") == [drifted("/x", reason=reason)]


def test_an_empty_new_file_is_told_from_no_change() -> None:
    diff = {"before": "", "after": "", "after_header": "/x"}
    assert found({"diff": [diff]}, "ansible.builtin.copy", dest="/x") == [drifted("/x", "absent", "present, empty")]


def test_several_parts_of_one_name_are_numbered() -> None:
    parts = [{"before": "a", "after": "b"}, {"before": "c", "after": "d"}]
    assert found({"diff": parts}) == [drifted("Title (1 of 2)", "a", "b"), drifted("Title (2 of 2)", "c", "d")]


def test_other_modules_show_what_differs_of_a_mapping() -> None:
    diff = {"before": {"same": 1, "gone": None, "x": 1}, "after": {"same": 1, "x": 2}}
    assert found({"diff": diff}) == [drifted("Title", {"gone": None, "x": 1}, {"x": 2})]
    assert found({"diff": {"prepared": "+ line"}}) == [drifted("Title", None, "+ line")]


@pytest.mark.parametrize(("check", "state"), [(True, "drifted"), (False, "changed")])
def test_the_state_is_that_of_the_task(check: bool, state: str) -> None:
    assert [entry[1] for entry in found({"diff": {"before": "a", "after": "b"}}, check=check)] == [state]


def test_what_is_hidden_stays_hidden() -> None:
    diff = {"diff": [{"before": "a", "after": "b", "before_header": "/x"}]}
    assert found({"censored": "hidden", **diff}) == [drifted("Title", reason="the values are hidden by no_log")]
    assert found(diff, "ansible.builtin.copy", shown=False, dest="/x") == [drifted("/x")]
    assert found({}, "ansible.posix.sysctl", shown=False, name="a", value="secret") == [drifted("kernel parameter a")]


@pytest.mark.parametrize("diff", [None, "", [], {}, "text", [None, 3], {"before": None, "after": None}])
@pytest.mark.parametrize("action", ["ansible.builtin.apt", "ansible.builtin.copy", "ansible.builtin.file", "community.crypto.openssl_csr", "x.y.z"])
def test_without_a_diff_the_change_still_counts(diff: Any, action: str) -> None:
    assert found({"diff": diff, "invocation": None}, action) == [drifted("Title")]


def test_long_texts_are_cut_and_say_so() -> None:
    ((_name, _state, _before, after, _reason),) = found({"diff": {"before": "", "after": "x" * (LARGEST_TEXT + 5)}})
    assert after.endswith("\n... (5 more characters)")
