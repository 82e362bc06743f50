# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fail2ban_jails: what runs is what counts, and only what our own files set is put right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import items, networks, single
from ansible_collections.hardening.atlassian.plugins.modules import fail2ban_jails
from bans.stand_in import Host

RUNS = {
    ("status",): "Status\n|- Number of jail:\t2\n`- Jail list:\ta, theirs",
    ("get", "a", "maxretry"): "10",
    ("get", "a", "banip"): "",
    ("get", "a", "actions"): "The jail a has the following actions:\nnftables",
    ("get", "a", "action", "nftables", "port"): "80,443",
    ("get", "a", "failregex"): "The following regular expression are defined:\n|- [0]: ^x\n`- [1]: ^y",
    ("get", "a", "ignoreip"): "These IP addresses/networks are ignored:\n|- 192.0.2.1\n|- ::1\n`- 127.0.0.0/8",
}
WANTED = {"a": {"maxretry": 10, "ignoreip": ["127.0.0.0/8", "0:0:0:0:0:0:0:1", "192.0.2.1/32"]}}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def states(rows: list[Setting]) -> dict[str, str]:
    return {row.setting: row.state for row in rows}


def test_what_runs_as_wanted_is_compliant_whatever_its_spelling(host: Host) -> None:
    host.answers.update(RUNS)
    assert set(states(host.look(jails=WANTED)).values()) == {"compliant"}
    assert host.reloads() == 0


def test_a_jail_that_was_changed_by_hand_is_put_right_by_a_reload(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "maxretry"): "500"})
    assert states(host.look(check=True, jails=WANTED))["a maxretry"] == "drifted"
    assert host.reloads() == 0
    host.after_reload = RUNS
    (row,) = [row for row in host.look(jails=WANTED) if row.setting == "a maxretry"]
    assert (row.state, row.before, row.after) == ("changed", "500", "10")
    assert host.reloads() == 0 and ["reload", "a"] in host.commands, "only that jail: what other controls would repair is theirs to report"


def test_what_a_file_of_somebody_else_sets_is_left_and_says_so(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "maxretry"): "500"})
    (row,) = [row for row in host.look(jails=WANTED) if row.setting == "a maxretry"]
    assert (row.state, row.before, row.after) == ("drifted", "500", "500") and "somebody else's" in row.reason
    assert not row.differs


def test_an_entry_too_many_on_a_list_is_drift(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "ignoreip"): "These IP addresses/networks are ignored:\n|- 0.0.0.0/0\n|- 192.0.2.1\n|- ::1\n`- 127.0.0.0/8"})
    assert states(host.look(check=True, jails=WANTED))["a ignoreip"] == "drifted"


def test_a_jail_that_does_not_run_is_drift_and_one_too_many_as_well(host: Host) -> None:
    found = states(host.look(check=True, jails=WANTED, absent=["theirs"]))
    assert found["a"] == found["theirs"] == found["a maxretry"] == "drifted"


BANS = RUNS | {("get", "a", "banip"): "192.0.2.66 2001:db8::66 "}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.hardening.atlassian.plugins.module_utils._ban_effects.PAUSE", 0)


def row(host: Host, setting: str, check: bool = False, **params: Any) -> tuple[Any, Any, str]:
    (found,) = [found for found in host.look(check=check, jails=WANTED, **params) if found.setting == setting]
    return found.before, found.after, found.state


@pytest.mark.usefixtures("quick")
def test_bans_that_the_kernel_does_not_know_are_carried_out_anew(host: Host) -> None:
    host.answers.update(BANS)
    host.closed = {"192.0.2.6", "2001:db8::66"}
    assert row(host, "a bans without effect", check=True) == (1, 0, "drifted")
    assert row(host, "a bans without effect") == (1, 0, "changed")
    assert row(host, "a bans without effect", check=True) == (0, 0, "compliant")


@pytest.mark.usefixtures("quick")
def test_a_set_that_no_rule_names_closes_nothing(host: Host) -> None:
    host.answers.update(BANS)
    host.closed, host.ruled = {"192.0.2.66", "2001:db8::66"}, []
    assert row(host, "a bans without effect", check=True) == (2, 0, "drifted")


@pytest.mark.usefixtures("quick")
def test_who_is_turned_away_without_a_ban_is_let_in_and_nobody_else(host: Host) -> None:
    host.answers.update(BANS)
    host.closed = {"192.0.2.6", "192.0.2.66", "2001:db8::66"}
    assert row(host, "a closed without a ban", check=True) == (1, 0, "drifted")
    assert "192.0.2.6" in host.closed, "a check opens nothing"
    assert row(host, "a closed without a ban") == (1, 0, "changed")
    assert host.closed == {"192.0.2.66", "2001:db8::66"}
    assert not any(command[:2] == ["reload", "--restart"] for command in host.commands)


@pytest.mark.usefixtures("quick")
def test_who_was_put_on_the_list_while_banned_is_let_in(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "banip"): "192.0.2.1 198.51.100.7"})
    host.closed = {"192.0.2.1", "198.51.100.7"}
    assert row(host, "a bans of who is never banned", check=True) == (1, 0, "drifted")
    assert host.closed == {"192.0.2.1", "198.51.100.7"}
    assert row(host, "a bans of who is never banned") == (1, 0, "changed")
    assert host.closed == {"198.51.100.7"}


def test_ports_are_those_of_the_kernels_rules(host: Host) -> None:
    """fail2ban itself names the new ones as soon as it has read them."""
    host.answers.update(RUNS)
    wanted = {"a": {**WANTED["a"], "ports": ["443", "80"]}}
    host.ruled = [{"set": [80, 443]}, 8443]
    found = {entry.setting: (entry.before, entry.after, entry.state) for entry in host.look(check=True, jails=wanted)}
    assert found["a ports"] == (["8443"], ["443", "80"], "drifted")
    found = {entry.setting: (entry.before, entry.after, entry.state) for entry in host.look(jails=wanted)}
    assert found["a ports"] == (["8443"], ["443", "80"], "changed")
    host.ruled = []
    assert states(host.look(check=True, jails=wanted))["a ports"] == "compliant"


def test_a_filter_whose_expressions_were_taken_away_is_drift(host: Host) -> None:
    host.answers.update(RUNS | {("get", "a", "failregex"): "No regular expression is defined"})
    assert row(host, "a expressions", check=True) == (0, 2, "drifted")


def test_where_the_files_are_refused_the_number_of_expressions_is_not_known(host: Host) -> None:
    host.answers.update(RUNS)
    host.dump = ""
    found = states(host.look(check=True, jails=WANTED))
    assert found.pop("a expressions") == "not_examined" and set(found.values()) == {"compliant"}


def test_a_jail_that_a_file_of_somebody_else_takes_away_is_drift(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban.PATIENCE", 0.3)
    host.answers.update(RUNS | {("get", "a", "maxretry"): "500"})
    host.after_reload = {("status",): "Status\n|- Number of jail:\t1\n`- Jail list:\ttheirs"}
    found = states(host.look(jails=WANTED))
    assert set(found.values()) == {"drifted"} and {"a", "a maxretry", "a bans without effect"} <= set(found)


@pytest.mark.usefixtures("quick")
def test_bans_that_httpd_carries_out_are_files(host: Host) -> None:
    folder = host.top / "banned" / "a"
    folder.mkdir(parents=True)
    (folder / "2001:db8::66").touch()
    (folder / "192.0.2.9").touch()
    host.answers.update(BANS | {("get", "a", "actions"): "The jail a has the following actions:\natlassian-proxy"})
    host.answers[("get", "a", "action", "atlassian-proxy", "folder")] = str(host.top / "banned")
    assert row(host, "a bans without effect", check=True) == (1, 0, "drifted")
    assert row(host, "a closed without a ban", check=True) == (1, 0, "drifted")
    assert row(host, "a closed without a ban") == (1, 0, "changed")
    assert [path.name for path in folder.iterdir()] == ["2001:db8::66"]


def test_a_server_that_was_just_started_is_given_a_moment(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.answers.update(RUNS)
    host.up = False

    def a_moment(_seconds: float) -> None:
        host.up = True

    monkeypatch.setattr("time.sleep", a_moment)
    assert set(states(host.look(jails=WANTED)).values()) == {"compliant"}


def test_options_of_a_jail_that_another_control_runs(host: Host) -> None:
    assert host.look(check=True, jails=WANTED, if_running=["a"]) == []
    host.answers.update(RUNS)
    assert states(host.look(check=True, jails=WANTED, if_running=["a"]))["a ignoreip"] == "compliant"


def test_a_silent_service_is_not_examined_and_never_compliant(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fail2ban_jails, "PATIENCE", 0.3)
    host.up = False
    assert set(states(host.look(check=True, jails=WANTED, server={"dbpurgeage": 1})).values()) == {"not_examined"}
    with pytest.raises(AtlassianError, match="does not run"):
        host.look(jails=WANTED)


def test_held_jails_are_left_on_purpose(host: Host) -> None:
    """As the report reads it: nothing is offered to repair them."""
    (found,) = host.look(jails=WANTED, hold="Not applied: a reason.")
    assert (found.state, found.reason) == ("drifted", "Not applied: a reason.") and found.before is not None and found.before == found.after
    assert host.commands == []


@pytest.mark.parametrize(
    ("now", "row"),
    [
        ("INFO", ("NOTICE", "compliant")),
        ("NOTICE", ("NOTICE", "compliant")),
        ("TRACEDEBUG", ("NOTICE", "compliant")),
        ("WARNING", ("WARNING", "drifted")),
        ("LOUD", (None, "drifted")),
    ],
)
def test_a_log_without_bans_blinds_whoever_counts_them(host: Host, now: str, row: tuple[str, str]) -> None:
    host.answers[("get", "loglevel")] = f"Current logging level is '{now}'"
    (found,) = host.look(check=True, server={"loglevel": "NOTICE"})
    assert (found.before, found.state) == row and found.after == "NOTICE"


def test_dubious_jails_of_others_are_told_and_left(host: Host) -> None:
    rows = host.look(dubious={"theirs": "It bans people.", "absent-one": "So does it."})
    assert states(rows) == {"theirs": "drifted", "absent-one": "compliant"}
    assert not any(row.differs for row in rows) and host.reloads() == 0


def test_the_servers_own_options_have_units(host: Host) -> None:
    host.answers[("get", "dbpurgeage")] = "Current database purge age is:\n`- 2592000seconds"
    assert states(host.look(check=True, server={"dbpurgeage": 2592000})) == {"fail2ban dbpurgeage": "compliant"}


def test_answers_are_read(host: Host) -> None:
    assert items("The jail a has the following actions:\nnftables, mail") == ["nftables", "mail"]
    assert items("No IP address/network is ignored") == []
    assert single("10") == "10" and single("Current database file is:\n`- /x") == "/x"
    assert networks(["::1", "10.0.0.0/8", "name.example", "10.0.0.0/8"]) == ["10.0.0.0/8", "::1", "name.example"]
