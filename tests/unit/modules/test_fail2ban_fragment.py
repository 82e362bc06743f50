# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fail2ban_fragment: a change is all or nothing, and a check tests everything and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from bans.stand_in import Host

JAIL = "jail.d/atlassian-f2b-01.conf"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_file_is_written_tested_and_taken_up_once(host: Host) -> None:
    theirs = host.files()
    first = host.lay(files={JAIL: "[a]\nenabled = true\n\n"})
    assert first["changed"] and [row["state"] for row in first["settings"]] == ["changed"]
    assert host.files() == {**theirs, JAIL: "[a]\nenabled = true\n"}
    assert host.reloads() == 1
    second = host.lay(files={JAIL: "[a]\nenabled = true"})
    assert not second["changed"] and host.reloads() == 1


def test_a_check_tests_and_writes_nothing(host: Host) -> None:
    before = host.files()
    found = host.lay(check=True, files={JAIL: "[a]"})
    assert [row["state"] for row in found["settings"]] == ["drifted"] and found["diff"][0]["after"] == "[a]\n"
    assert host.files() == before and host.reloads() == 0
    assert any("--test" in command for command in host.commands)


@pytest.mark.parametrize("check", [True, False])
def test_what_fail2ban_refuses_is_never_written(host: Host, check: bool) -> None:
    before = host.files()
    host.complaints = ["Have not found any log file for a jail"]
    with pytest.raises(AtlassianError, match="nothing was changed: Have not found any log file for a jail$"):
        host.lay(check=check, files={JAIL: "[a]"})
    assert host.files() == before


def test_what_fails_in_its_place_is_put_back(host: Host) -> None:
    (host.conf / JAIL).write_text("[old]\n")
    before = host.files()
    host.complaints = ["", "no such action"]
    with pytest.raises(AtlassianError, match="no such action Everything was put back"):
        host.lay(files={JAIL: "[a]", "filter.d/atlassian-a.conf": "[Definition]"})
    assert host.files() == before and host.reloads() == 1


@pytest.mark.parametrize(("starts", "words"), [(True, "Everything was put back"), (False, "The files were put back, but fail2ban is down")])
def test_a_server_that_dies_of_its_reload_is_started_again(host: Host, starts: bool, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban.PATIENCE", 0.3)
    before = host.files()
    host.dies, host.starts = True, starts
    with pytest.raises(AtlassianError, match=f"Could not find server.*{words}"):
        host.lay(files={JAIL: "[a]"})
    assert host.files() == before and host.up == starts


def test_a_check_tests_with_what_another_control_would_have_written(host: Host) -> None:
    seen = []
    plain = host.fail2ban.complaint
    object.__setattr__(host.fail2ban, "complaint", lambda conf: (seen.append((Path(conf) / "jail.d" / "atlassian-b.conf").exists()), plain(conf))[1])
    host.lay(check=True, files={JAIL: "[a]"}, beside={"jail.d/atlassian-b.conf": "[b]"})
    host.lay(files={JAIL: "[a]"}, beside={"jail.d/atlassian-b.conf": "[b]"})
    assert seen[0] is True and not (host.conf / "jail.d" / "atlassian-b.conf").exists()


def test_a_local_file_that_goes_before_ours_is_told(host: Host) -> None:
    host.lay(files={JAIL: "[a]"})
    (host.conf / "jail.d" / "atlassian-f2b-01.local").write_text("[a]\nenabled = false\n")
    found = host.lay(check=True, files={JAIL: "[a]"})
    assert [(row["setting"], row["state"]) for row in found["settings"]] == [(JAIL, "compliant"), ("jail.d/atlassian-f2b-01.local", "drifted")]
    assert not found["changed"]


def test_a_link_that_leads_nowhere_keeps_nothing_from_being_tested(host: Host) -> None:
    (host.conf / "filter.d" / "gone.conf").symlink_to("/nowhere")
    assert host.lay(files={JAIL: "[a]"})["changed"]


def test_an_empty_text_removes_a_file(host: Host) -> None:
    (host.conf / JAIL).write_text("[old]\n")
    found = host.lay(files={JAIL: "", "filter.d/atlassian-a.conf": ""})
    assert [(row["setting"], row["after"]) for row in found["settings"]] == [(JAIL, "absent")]
    assert not (host.conf / JAIL).exists()


def test_held_back_changes_nothing_and_says_why(host: Host) -> None:
    found = host.lay(files={JAIL: "[a]"}, hold="Not applied: a reason.")
    assert not found["changed"] and found["settings"][0]["state"] == "drifted" and found["settings"][0]["reason"] == "Not applied: a reason."
    assert host.commands == []


def test_a_stopped_service_stays_stopped(host: Host) -> None:
    host.up = False
    assert host.lay(files={JAIL: "[a]"})["changed"]
    assert host.reloads() == 0


@pytest.mark.parametrize(
    "path", ["jail.local", "jail.d/other.conf", "jail.d/../x.conf", "/etc/passwd", "action.d/atlassian-a.local", "jail.d/atlassian-/x.conf"]
)
def test_files_of_others_are_never_touched(host: Host, path: str) -> None:
    with pytest.raises(AtlassianError, match="is no file of this collection"):
        host.lay(files={path: "x"})


def test_before_the_installation(host: Host) -> None:
    (host.top / "client").unlink()
    found = host.lay(check=True, files={JAIL: "[a]"})
    assert found["settings"][0]["state"] == "drifted" and "After install" in found["settings"][0]["reason"]
    with pytest.raises(AtlassianError, match="run the control F2B-04"):
        host.lay(files={JAIL: "[a]"})


def test_a_missing_log_waits_in_a_check_and_stops_a_run(host: Host) -> None:
    missing = str(host.top / "no.log")
    assert "is not there yet" in host.lay(check=True, files={JAIL: "[a]"}, needs=[missing])["settings"][0]["reason"]
    with pytest.raises(AtlassianError, match="no.log is missing"):
        host.lay(files={JAIL: "[a]"}, needs=[missing])
