# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fail2ban_fragment and fail2ban_jails: a change is all or nothing, a check writes nothing, and what runs is what counts. The real fail2ban is in the lab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import Fail2ban, items, networks, single
from ansible_collections.hardening.atlassian.plugins.modules import fail2ban_fragment, fail2ban_jails

JAIL = "jail.d/atlassian-f2b-01.conf"
DEFAULTS: dict[str, Any] = {name: option.get("default") for name, option in {**fail2ban_fragment.SPEC.options, **fail2ban_jails.SPEC.options}.items()}


class Host:
    """A configuration folder like Debian's, and a stand-in for fail2ban-client that answers as 1.0 and 1.1 do."""

    def __init__(self, top: Path) -> None:
        self.top, self.conf = top, top / "fail2ban"
        for folder in ("action.d", "filter.d", "jail.d", "fail2ban.d"):
            (self.conf / folder).mkdir(parents=True)
        (self.conf / "jail.conf").write_text("[DEFAULT]\n")
        (self.conf / "jail.d" / "theirs.conf").write_text("[theirs]\nenabled = true\n")
        (top / "client").write_text("")
        self.commands: list[list[str]] = []
        self.complaints: list[str] = []
        self.up = True
        self.answers: dict[tuple[str, ...], str] = {("status",): "Status\n|- Number of jail:\t1\n`- Jail list:\ttheirs"}
        self.after_reload: dict[tuple[str, ...], str] = {}
        self.fail2ban = Fail2ban(self.run, str(self.conf), str(top / "client"))

    def run(self, command: list[str], **_options: Any) -> tuple[int, str, str]:
        words = tuple(command[1:])
        self.commands.append(list(words))
        if words[-1] == "--test":
            complaint = self.complaints.pop(0) if self.complaints else ""
            return (255, "", f"2026-11-26 10:00:00,000 fail2ban [7]: ERROR   {complaint}\nERROR: test configuration failed") if complaint else (0, "OK", "")
        if not self.up:
            return 255, "", "Failed to access socket path"
        if words == ("reload",):
            self.answers.update(self.after_reload)
            return 0, "OK", ""
        if words == ("ping",):
            return 0, "Server replied: pong", ""
        return (0, self.answers[words] + "\n", "") if words in self.answers else (255, "", "Sorry but the jail does not exist")

    def files(self) -> dict[str, str]:
        return {str(path.relative_to(self.conf)): path.read_text() for path in sorted(self.conf.rglob("*")) if path.is_file()}

    def lay(self, check: bool = False, **params: Any) -> dict[str, Any]:
        workplace = self.top / f"work{len(self.commands)}"
        workplace.mkdir(exist_ok=True)
        return fail2ban_fragment.work(self.fail2ban, {**DEFAULTS, **params}, check, str(workplace))

    def look(self, check: bool = False, **params: Any) -> list[Setting]:
        return fail2ban_jails.work(self.fail2ban, {**DEFAULTS, **params}, check)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def reloads(host: Host) -> int:
    return host.commands.count(["reload"])


def states(rows: list[Setting]) -> dict[str, str]:
    return {row.setting: row.state for row in rows}


def test_a_file_is_written_tested_and_taken_up_once(host: Host) -> None:
    theirs = host.files()
    first = host.lay(files={JAIL: "[a]\nenabled = true\n\n"})
    assert first["changed"] and [row["state"] for row in first["settings"]] == ["changed"]
    assert host.files() == {**theirs, JAIL: "[a]\nenabled = true\n"}
    assert reloads(host) == 1
    second = host.lay(files={JAIL: "[a]\nenabled = true"})
    assert not second["changed"] and reloads(host) == 1


def test_a_check_tests_and_writes_nothing(host: Host) -> None:
    before = host.files()
    found = host.lay(check=True, files={JAIL: "[a]"})
    assert [row["state"] for row in found["settings"]] == ["drifted"] and found["diff"][0]["after"] == "[a]\n"
    assert host.files() == before and reloads(host) == 0
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
    assert host.files() == before and reloads(host) == 1


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
    assert reloads(host) == 0


@pytest.mark.parametrize("path", ["jail.local", "jail.d/other.conf", "jail.d/../x.conf", "/etc/passwd", "action.d/atlassian-a.local", "jail.d/atlassian-/x.conf"])
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


RUNS = {
    ("status",): "Status\n|- Number of jail:\t2\n`- Jail list:\ta, theirs",
    ("get", "a", "maxretry"): "10",
    ("get", "a", "ignoreip"): "These IP addresses/networks are ignored:\n|- 192.0.2.1\n|- ::1\n`- 127.0.0.0/8",
}
WANTED = {"a": {"maxretry": 10, "ignoreip": ["127.0.0.0/8", "0:0:0:0:0:0:0:1", "192.0.2.1/32"]}}


def test_what_runs_as_wanted_is_compliant_whatever_its_spelling(host: Host) -> None:
    host.answers.update(RUNS)
    assert set(states(host.look(jails=WANTED)).values()) == {"compliant"}
    assert reloads(host) == 0


def test_a_jail_that_was_changed_by_hand_is_put_right_by_a_reload(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "maxretry"): "500"})
    assert states(host.look(check=True, jails=WANTED))["a maxretry"] == "drifted"
    assert reloads(host) == 0
    host.after_reload = RUNS
    (row,) = [row for row in host.look(jails=WANTED) if row.setting == "a maxretry"]
    assert (row.state, row.before, row.after) == ("changed", "500", "10")


def test_what_a_file_of_somebody_else_sets_is_failed_and_says_what_it_is(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "maxretry"): "500"})
    (row,) = [row for row in host.look(jails=WANTED) if row.setting == "a maxretry"]
    assert (row.state, row.before, row.after) == ("failed", "500", "500") and "somebody else's" in row.reason


def test_an_entry_too_many_on_a_list_is_drift(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "ignoreip"): "These IP addresses/networks are ignored:\n|- 0.0.0.0/0\n|- 192.0.2.1\n|- ::1\n`- 127.0.0.0/8"})
    assert states(host.look(check=True, jails=WANTED))["a ignoreip"] == "drifted"


def test_a_jail_that_does_not_run_is_drift_and_one_too_many_as_well(host: Host) -> None:
    found = states(host.look(check=True, jails=WANTED, absent=["theirs"]))
    assert found["a"] == found["theirs"] == found["a maxretry"] == "drifted"


def test_options_of_a_jail_that_another_control_runs(host: Host) -> None:
    assert host.look(check=True, jails=WANTED, if_running=["a"]) == []
    host.answers.update(RUNS)
    assert states(host.look(check=True, jails=WANTED, if_running=["a"]))["a ignoreip"] == "compliant"


def test_a_silent_service_is_not_examined_and_never_compliant(host: Host) -> None:
    host.up = False
    assert set(states(host.look(check=True, jails=WANTED, server={"dbpurgeage": 1})).values()) == {"not_examined"}
    with pytest.raises(AtlassianError, match="does not run"):
        host.look(jails=WANTED)


def test_dubious_jails_of_others_are_told_and_left(host: Host) -> None:
    rows = host.look(dubious={"theirs": "It bans people.", "absent-one": "So does it."})
    assert states(rows) == {"theirs": "drifted", "absent-one": "compliant"}
    assert not any(row.differs for row in rows) and reloads(host) == 0


def test_the_servers_own_options_have_units(host: Host) -> None:
    host.answers[("get", "dbpurgeage")] = "Current database purge age is:\n`- 2592000seconds"
    assert states(host.look(check=True, server={"dbpurgeage": 2592000})) == {"fail2ban dbpurgeage": "compliant"}


def test_answers_are_read(host: Host) -> None:
    assert items("The jail a has the following actions:\nnftables, mail") == ["nftables", "mail"]
    assert items("No IP address/network is ignored") == []
    assert single("10") == "10" and single("Current database file is:\n`- /x") == "/x"
    assert networks(["::1", "10.0.0.0/8", "name.example", "10.0.0.0/8"]) == ["10.0.0.0/8", "::1", "name.example"]
