# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real modules of Ansible in real runs: their changes are settings, and a check foretells them by name and value."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from .conftest import Outcome, Play

CANARY = "canary-0451"


def task(module: str, options: str, more: str = "") -> str:
    body = textwrap.indent(textwrap.dedent(options).strip(), "    ")
    return f"- name: PRX-01 | Something\n  {module}:\n{body}\n  tags: [PRX-01]\n{textwrap.indent(textwrap.dedent(more).strip(), '  ')}"


def found(outcome: Outcome, state: str) -> list[tuple[str, Any, Any, str]]:
    entries = outcome.row("PRX-01")["settings"]
    assert {entry["state"] for entry in entries} == {state}
    return [(entry["setting"], entry["before"], entry["after"], entry["reason"]) for entry in entries]


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def both(play: Play, tasks: str, *arguments: str) -> list[tuple[str, Any, Any, str]]:
    """Two check runs say the same to the byte; the real run does what they said; afterwards there is nothing to do."""
    rows = []
    for _number in range(2):
        checked = play(tasks, "--limit", "proxy1", "--check", *arguments)
        assert checked.code == 0, checked.output
        rows.append(json.dumps(checked.report["rows"]))
    assert rows[0] == rows[1]
    predicted = found(checked, "drifted")
    done = play(tasks, "--limit", "proxy1", *arguments)
    assert done.code == 0, done.output
    assert found(done, "changed") == predicted
    assert play(tasks, "--limit", "proxy1", "--check", *arguments).state("PRX-01") == "compliant"
    return predicted


def test_permissions(play: Play, tmp_path: Path) -> None:
    path = write(tmp_path / "x", "a\n")
    assert both(play, task("ansible.builtin.file", 'path: "{{ place }}/x"\nmode: "0600"')) == [(f"mode of {path}", "0644", "0600", "")]


def test_a_folder_that_comes(play: Play, tmp_path: Path) -> None:
    assert both(play, task("ansible.builtin.file", 'path: "{{ place }}/new"\nstate: directory\nmode: "0710"')) == [
        (str(tmp_path / "new"), "absent", "directory, mode 0710", "")
    ]


def test_a_folder_that_goes_is_told_with_what_it_held(play: Play, tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / "old" / name).mkdir(parents=True)
    held = f"directory with 2 entries\n{tmp_path}/old/a\n{tmp_path}/old/b"
    assert both(play, task("ansible.builtin.file", 'path: "{{ place }}/old"\nstate: absent')) == [(str(tmp_path / "old"), held, "absent", "")]


def test_links(play: Play, tmp_path: Path) -> None:
    (tmp_path / "old").symlink_to(tmp_path / "a")
    write(tmp_path / "b", "b\n")
    tasks = task("ansible.builtin.file", 'path: "{{ place }}/{{ item }}"\nsrc: "{{ place }}/b"\nstate: link', "loop: [old, new]")
    assert both(play, tasks) == [
        (f"target of {tmp_path}/old", f"{tmp_path}/a", f"{tmp_path}/b", ""),
        (f"{tmp_path}/new", "absent", f"link to {tmp_path}/b", ""),
    ]


def test_templates_and_copies_are_named_by_their_destination(play: Play, tmp_path: Path) -> None:
    write(tmp_path / "source.j2", "port {{ 1 + 1 }}\n")
    write(tmp_path / "old", "port 1\n")
    options = 'src: "{{ place }}/source.j2"\ndest: "{{ place }}/{{ item }}"\nmode: "0644"'
    assert both(play, task("ansible.builtin.template", options, "loop: [old, new]")) == [
        (str(tmp_path / "old"), "port 1\n", "port 2\n", ""),
        (str(tmp_path / "new"), None, "port 2\n", ""),
    ]


def test_a_copy_into_a_folder_and_one_of_which_only_the_mode_differs(play: Play, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path / "source", "text\n")
    write(tmp_path / "same", "text\n", 0o640)
    options = 'src: "{{ place }}/source"\ndest: "{{ place }}/{{ item }}"\nmode: "0600"'
    assert both(play, task("ansible.builtin.copy", options, "loop: [folder/, same]")) == [
        (f"{tmp_path}/folder/source", None, "text\n", ""),
        (f"mode of {tmp_path}/same", "0640", "0600", ""),
    ]


def test_binary_content_is_named_and_not_shown(play: Play, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"\x00\x01")
    (tmp_path / "target").write_bytes(b"\x00\x02")
    ((name, before, after, reason),) = both(play, task("ansible.builtin.copy", 'src: "{{ place }}/source"\ndest: "{{ place }}/target"\nmode: "0644"'))
    assert (name, before, after) == (str(tmp_path / "target"), None, None)
    assert "binary" in reason


def test_lines_and_blocks(play: Play, tmp_path: Path) -> None:
    path = write(tmp_path / "x", "a=1\nb=1\n")
    line = task("ansible.builtin.lineinfile", 'path: "{{ place }}/x"\nline: b=2\nregexp: "^b="\nmode: "0600"')
    assert both(play, line) == [(str(path), "a=1\nb=1\n", "a=1\nb=2\n", ""), (f"mode of {path}", "0644", "0600", "")]
    block = task("ansible.builtin.blockinfile", 'path: "{{ place }}/x"\nblock: c=3')
    ((name, _before, after, _reason),) = both(play, block)
    assert name == str(path)
    assert "c=3" in str(after)


def test_a_command_that_says_what_it_creates(play: Play, tmp_path: Path) -> None:
    options = 'cmd: "touch {{ place }}/made"\ncreates: "{{ place }}/made"'
    outcome = play(task("ansible.builtin.command", options), "--limit", "proxy1")
    assert found(outcome, "changed") == [(str(tmp_path / "made"), "absent", "present", "")]


def test_a_command_that_does_not_is_changed_without_values(play: Play) -> None:
    assert found(play(task("ansible.builtin.command", "cmd: 'true'"), "--limit", "proxy1"), "changed") == [("Something", None, None, "")]


@pytest.mark.parametrize("hidden", ["no_log: true", "diff: false"])
@pytest.mark.parametrize("check", [True, False])
def test_hidden_values_stay_hidden_in_loops_too(play: Play, tmp_path: Path, hidden: str, check: bool) -> None:
    write(tmp_path / "x", f"old {CANARY}\n")
    options = f'content: "{CANARY} {{{{ item }}}}"\ndest: "{{{{ place }}}}/x"\nmode: "0644"'
    tasks = task("ansible.builtin.copy", options, f"loop: [one-{CANARY}, two]\n{hidden}")
    outcome = play(tasks, "--limit", "proxy1", *["--check"] * check)
    entries = found(outcome, "drifted" if check else "changed")
    assert len(entries) == 2
    assert [(before, after) for _name, before, after, _reason in entries] == [(None, None)] * 2
    assert CANARY not in "".join(path.read_text() for path in outcome.directory.iterdir())


SYSTEMCTL = """#!/bin/sh
# Plays a unit that is stopped and does not start at boot, until it is told otherwise.
state=$(dirname "$0")
case "$*" in
  *show*) cat "$state/shown" ;;
  *is-enabled*) grep -q '^UnitFileState=enabled' "$state/shown" || { echo disabled; exit 1; } ;;
  *start*) sed -i 's/^ActiveState=.*/ActiveState=active/' "$state/shown" ;;
  *enable*) sed -i 's/^UnitFileState=.*/UnitFileState=enabled/' "$state/shown" ;;
esac
"""


def test_services(play: Play, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    write(tmp_path / "bin" / "systemctl", SYSTEMCTL, 0o755)
    write(tmp_path / "bin" / "shown", "Id=web.service\nLoadState=loaded\nActiveState=inactive\nSubState=dead\nUnitFileState=disabled\n")
    options = "name: web\nstate: started\nenabled: true"
    more = """environment: {PATH: "{{ place }}/bin:{{ lookup('ansible.builtin.env', 'PATH') }}"}"""
    assert both(play, task("ansible.builtin.systemd_service", options, more)) == [
        ("state of service web", "stopped", "started", ""),
        ("start at boot of service web", "disabled", "enabled", ""),
    ]


def test_keys_and_requests(play: Play, tmp_path: Path) -> None:
    key = task("community.crypto.openssl_privatekey", 'path: "{{ place }}/key"\ntype: ECC\ncurve: "{{ curve }}"')
    assert both(play, key, "-e", "curve=secp256r1") == [(str(tmp_path / "key"), "absent", "present", "")]
    assert both(play, key, "-e", "curve=secp384r1") == [(str(tmp_path / "key"), "present", "present, changed", "")]
    request = 'path: "{{ place }}/csr"\nprivatekey_path: "{{ place }}/key"\ncommon_name: a.example.com'
    assert both(play, task("community.crypto.openssl_csr", request)) == [(str(tmp_path / "csr"), "absent", "present", "")]
