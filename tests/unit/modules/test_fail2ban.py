# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""fail2ban_fragment and fail2ban_jails: a change is all or nothing, a check writes nothing, and what runs is what counts. The real fail2ban is in the lab."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import Fail2ban, items, networks, single
from ansible_collections.hardening.atlassian.plugins.modules import fail2ban_fragment, fail2ban_jails

JAIL = "jail.d/atlassian-f2b-01.conf"
DEFAULTS: dict[str, Any] = {name: option.get("default") for name, option in {**fail2ban_fragment.SPEC.options, **fail2ban_jails.SPEC.options}.items()}


def _match(left: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"match": {"op": "==", "left": left, "right": right}}


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
        self.up, self.dies, self.starts = True, False, True
        self.closed: set[str] = set()
        self.ruled: list[Any] = [{"set": [80, 443]}]
        self.dump = "['set', 'syslogsocket', 'auto']\n['multi-set', 'a', 'addfailregex', ['^x', '^y']]\n['set', 'theirs', 'addfailregex', '^z']\n"
        self.answers: dict[tuple[str, ...], str] = {("status",): "Status\n|- Number of jail:\t1\n`- Jail list:\ttheirs"}
        self.after_reload: dict[tuple[str, ...], str] = {}
        self.fail2ban = Fail2ban(self.run, str(self.conf), str(top / "client"))

    def run(self, command: list[str], **_options: Any) -> tuple[int, str, str]:
        words = tuple(command[1:])
        if command[0] == "systemctl":
            self.up = self.starts
            return 0 if self.starts else 1, "", ""
        if command[:2] == ["nft", "delete"]:
            self.closed.discard(command[-1].strip("{} "))
            return 0, "", ""
        if command[0] == "nft":
            return 0, json.dumps({"nftables": [*self.rules("addr-set-a", "ip"), *self.rules("addr6-set-a", "ip6")]}), ""
        self.commands.append(list(words))
        if words[-1] == "--test":
            complaint = self.complaints.pop(0) if self.complaints else ""
            return (255, "", f"2026-11-26 10:00:00,000 fail2ban [7]: ERROR   {complaint}\nERROR: test configuration failed") if complaint else (0, "OK", "")
        if words[-1] == "-d":
            return (0, self.dump, "") if self.dump else (255, "", "ERROR: No section")
        if words[:3] == ("set", "a", "unbanip"):
            self.answers[("get", "a", "banip")] = self.answers[("get", "a", "banip")].replace(words[3], "")
            self.closed.discard(words[3])
            return 0, "1", ""
        if not self.up:
            return 255, "", "Failed to access socket path"
        if words == ("reload",) and self.dies:
            self.up = self.dies = False
            return 255, "", "Could not find server"
        if words in (("reload",), ("reload", "a")):
            self.answers.update(self.after_reload)
            return 0, "OK", ""
        if words[:2] == ("reload", "--restart"):
            self.closed |= {"192.0.2.66", "2001:db8::66"}
            self.ruled = [{"set": [80, 443]}]
            return 0, "OK", ""
        if words == ("ping",):
            return 0, "Server replied: pong", ""
        return (0, self.answers[words] + "\n", "") if words in self.answers else (255, "", "Sorry but the jail does not exist")

    def rules(self, name: str, protocol: str) -> list[dict[str, Any]]:
        """One family's set and its rule as nft --json lists them, with which fail2ban begins at the first ban."""
        mine = sorted(address for address in self.closed if (":" in address) == (protocol == "ip6"))
        port, source = {"protocol": "tcp", "field": "dport"}, {"protocol": protocol, "field": "saddr"}
        return [{"set": {"family": "inet", "name": name, "table": "f2b-table", "type": "ipv4_addr", **({"elem": mine} if mine else {})}}] + [
            {"rule": {"expr": [_match({"payload": port}, ports), _match({"payload": source}, f"@{name}"), {"reject": {"type": "tcp reset"}}]}}
            for ports in self.ruled
        ]

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
    assert reloads(host) == 0


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
    assert reloads(host) == 0 and ["reload", "a"] in host.commands, "only that jail: what other controls would repair is theirs to report"


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
