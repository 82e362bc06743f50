# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A control's change is all or nothing, and a check writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_marker as marker
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_transaction as transaction
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_versions as versions
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import Httpd
from ansible_collections.hardening.atlassian.plugins.modules import apache_fragment

DEFAULTS: dict[str, Any] = {name: option.get("default") for name, option in apache_fragment.SPEC.options.items()}


class Host:
    """A configuration folder like Debian's, and a stand-in for the commands that would run there."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.conf = top / "apache2"
        self.complaints: list[str] = []
        self.commands: list[list[str]] = []
        for folder in ("mods-available", "mods-enabled", "conf-enabled", "sites-available", "sites-enabled"):
            (self.conf / folder).mkdir(parents=True)
        (self.conf / "apache2.conf").write_text("")
        (self.conf / "conf-enabled" / "zz-hardening-atlassian.conf").write_text("")
        for name, needs in (("proxy", ""), ("proxy_http", "proxy"), ("headers", ""), ("status", "")):
            (self.conf / "mods-available" / f"{name}.load").write_text(f"# Depends: {needs}\n" if needs else "\n")
        (self.conf / "mods-enabled" / "status.load").symlink_to("../mods-available/status.load")
        (self.conf / "sites-available" / "old.conf").write_text("old")
        (self.conf / "sites-enabled" / "old.conf").symlink_to("../sites-available/old.conf")
        (top / "binary").write_text("")
        self.httpd = Httpd(self.run, str(self.conf), str(top / "binary"))

    def run(self, command: list[str], **_options: Any) -> tuple[int, str, str]:
        self.commands.append(command)
        if command[0] in ("a2enmod", "a2dismod"):
            for name in command[command.index("-q") + 1 :]:
                for suffix in (".load", ".conf") if name != "-f" else ():
                    link = self.conf / "mods-enabled" / f"{name}{suffix}"
                    if command[0] == "a2dismod":
                        link.unlink(missing_ok=True)
                    elif (self.conf / "mods-available" / link.name).exists():
                        link.symlink_to(f"../mods-available/{link.name}")
            return 0, "", ""
        if command[-1] == "-t":
            complaint = self.complaints.pop(0) if self.complaints else ""
            return (1, "", complaint) if complaint else (0, "", "Syntax OK")
        return 0, "", ""

    def everything(self) -> dict[str, str]:
        state = {}
        for parent, folders, names in os.walk(self.conf):
            for name in [*folders, *names]:
                path = Path(parent, name)
                kind = f"-> {os.readlink(path)}" if path.is_symlink() else "folder" if path.is_dir() else path.read_text()
                state[str(path.relative_to(self.conf))] = kind
        return state

    def work(self, check: bool = False, **params: Any) -> dict[str, Any]:
        workplace = self.top / "work"
        workplace.mkdir(exist_ok=True)
        return apache_fragment.work(self.httpd, {**DEFAULTS, "name": "prx-07", **params}, check, str(workplace))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A running httpd whose state the test sets."""
    state: dict[str, Any] = {"pid": 1, "wrong": [], "reloads": 0, "starts": 0}

    def reload(_httpd: Httpd) -> None:
        state["reloads"] += 1

    def bring_back(_httpd: Httpd) -> None:
        state["starts"] += 1

    monkeypatch.setattr(Httpd, "pid", lambda _httpd: state["pid"])
    monkeypatch.setattr(Httpd, "reload", reload)
    monkeypatch.setattr(Httpd, "bring_back", bring_back)
    monkeypatch.setattr(marker, "wrong_answers", lambda *_arguments: state["wrong"])
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(transaction, "PAUSE_SECONDS", 0.0)
    yield state


def stateless(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"]) for row in result["settings"]]


FILES = {"site.d/prx-07.conf": "Header unset X"}


def test_a_check_predicts_the_run_and_writes_nothing(host: Host) -> None:
    before = host.everything()
    checked = host.work(check=True, files=FILES, modules=["proxy_http"], own_modules=True, modules_absent=["status"], links_absent=["sites-enabled/old.conf"])
    assert host.everything() == before
    done = host.work(files=FILES, modules=["proxy_http"], own_modules=True, modules_absent=["status"], links_absent=["sites-enabled/old.conf"])
    assert stateless(done) == stateless(checked)
    assert checked["diff"] == done["diff"] == [
        {"before_header": "site.d/prx-07.conf", "after_header": "site.d/prx-07.conf", "before": "", "after": "Header unset X\n"}
    ]
    assert {row["state"] for row in checked["settings"]} == {"drifted"}
    assert {row["state"] for row in done["settings"]} == {"changed"}
    assert [row["setting"] for row in done["settings"]] == [
        "site.d/prx-07.conf", "module proxy", "module proxy_http", "module status", "sites-enabled/old.conf",
    ]  # fmt: skip


def test_a_second_run_changes_nothing(host: Host) -> None:
    host.work(files=FILES, modules=["headers"])
    before = host.everything()
    again = host.work(files=FILES, modules=["headers"])
    assert not again["changed"] and again["diff"] == []
    assert host.everything() == before


def test_only_the_files_of_this_control_are_replaced(host: Host) -> None:
    host.work(name="prx-08", files={"site.d/prx-08.conf": "eight"})
    host.work(files={"site.d/prx-07.conf": "one", "site.d/host/prx-07.conf": "two"})
    result = host.work(files=FILES)
    assert versions.read_tree(host.httpd.current) == {"site.d/prx-07.conf": "Header unset X\n", "site.d/prx-08.conf": "eight\n"}
    assert ("site.d/host/prx-07.conf", "absent") in [(row["setting"], row["after"]) for row in result["settings"]]


def test_an_edited_file_is_found(host: Host) -> None:
    host.work(files=FILES)
    Path(host.httpd.current, "site.d/prx-07.conf").write_text("edited by hand\n")
    result = host.work(check=True, files=FILES)
    assert [row["state"] for row in result["settings"]] == ["drifted"]
    assert result["diff"][0]["before"] == "edited by hand\n"


def test_a_refused_configuration_changes_nothing(host: Host) -> None:
    host.work(files=FILES)
    before = host.everything()
    host.complaints = ["AH00526: Syntax error on line 1 of /x: Invalid command 'Heder'"]
    with pytest.raises(apache_fragment.AtlassianError, match="prx-07: httpd refuses the configuration, nothing was changed: AH00526.*Heder"):
        host.work(files={"site.d/prx-07.conf": "Heder"})
    assert host.everything() == before


def test_a_refusal_after_the_switch_puts_everything_back(host: Host) -> None:
    host.work(files=FILES)
    before = host.everything()
    host.complaints = ["", "AH00526: later"]
    with pytest.raises(apache_fragment.AtlassianError, match=r"AH00526: later.*Everything was put back\."):
        host.work(files={"site.d/prx-07.conf": "new"}, modules=["headers"], modules_absent=["status"], links_absent=["sites-enabled/old.conf"])
    assert host.everything() == before


def test_virtual_hosts_that_answer_with_the_old_version_lead_back(host: Host, running: dict[str, Any]) -> None:
    host.work(files=FILES)
    before = host.everything()
    target = transaction.vhosts.VirtualHost("*", 443, ("jira.example.com",), "f", 1)
    running["wrong"] = [marker.Wrong(target, "")]
    with pytest.raises(apache_fragment.AtlassianError, match="jira.example.com on port 443: another virtual host answers.*put back and reloaded"):
        host.work(files={"site.d/prx-07.conf": "new"})
    assert host.everything() == before
    assert running["reloads"] == 3


def test_an_httpd_that_went_down_is_started_with_the_old_version(host: Host, running: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    host.work(files=FILES)
    before = host.everything()
    monkeypatch.setattr(Httpd, "reload", lambda _httpd: running.update(pid=None))
    with pytest.raises(apache_fragment.AtlassianError, match="went down when it was reloaded.*started again"):
        host.work(files={"site.d/prx-07.conf": "new"})
    assert host.everything() == before
    assert running["starts"] == 1


def test_a_stopped_httpd_is_not_started(host: Host, running: dict[str, Any]) -> None:
    running["pid"] = None
    assert host.work(files=FILES)["changed"]
    assert (running["reloads"], running["starts"]) == (0, 0)


def test_a_running_old_version_is_found_and_reloaded(host: Host, running: dict[str, Any]) -> None:
    host.work(files=FILES)
    target = transaction.vhosts.VirtualHost("*", 443, ("jira.example.com",), "f", 1)
    running["wrong"] = [marker.Wrong(target, "old jira.example.com")]
    result = host.work(check=True, files=FILES, prove_running=True)
    row = result["settings"][-1]
    assert (row["setting"], row["state"]) == ("running configuration", "drifted")
    assert "answered by old jira.example.com" in row["reason"]


def test_nothing_is_said_of_a_running_configuration_that_was_not_asked_for(host: Host, running: dict[str, Any]) -> None:
    never = host.work(check=True, files=FILES, prove_running=True)
    host.work(files=FILES)
    running["pid"] = None
    stopped = host.work(files=FILES, prove_running=True)
    for result in (never, stopped):
        assert "running configuration" not in [row["setting"] for row in result["settings"]]


def test_what_is_needed_but_not_there(host: Host) -> None:
    needs = {"files": FILES, "needs": [str(host.top / "key"), "https.d/h/tls-02.conf"]}
    row = host.work(check=True, **needs)["settings"][0]
    assert row["state"] == "drifted" and row["reason"].endswith("https.d/h/tls-02.conf is not there yet.")
    before = host.everything()
    with pytest.raises(apache_fragment.AtlassianError, match=r"tls-02\.conf is missing.*Nothing was changed"):
        host.work(**needs)
    assert host.everything() == before


def test_a_host_without_httpd(host: Host) -> None:
    (host.top / "binary").unlink()
    row = host.work(check=True, files=FILES)["settings"][0]
    assert (row["state"], row["reason"]) == ("drifted", apache_fragment.AFTER_INSTALL)
    with pytest.raises(apache_fragment.AtlassianError, match="httpd is not installed"):
        host.work(files=FILES)


def test_held_back_is_said_and_nothing_is_touched(host: Host) -> None:
    before = host.everything()
    result = host.work(files=FILES, hold="Not applied: no networks.")
    assert result["settings"] == [
        {"setting": "site.d/prx-07.conf", "before": "absent", "after": "absent", "state": "drifted", "reason": "Not applied: no networks."}
    ]
    assert not result["changed"] and host.everything() == before


def test_a_module_that_does_not_exist(host: Host) -> None:
    with pytest.raises(apache_fragment.AtlassianError, match="httpd has no module nonsense"):
        host.work(files=FILES, modules=["nonsense"])


def test_a_missing_module_alone_is_the_business_of_its_owner(host: Host) -> None:
    host.work(files=FILES)
    assert not host.work(files=FILES, modules=["headers"])["changed"]
    assert host.work(files=FILES, modules=["headers"], own_modules=True)["changed"]


def test_a_missing_entry_file_stops_the_run(host: Host) -> None:
    (host.conf / "conf-enabled" / "zz-hardening-atlassian.conf").unlink()
    before = host.everything()
    with pytest.raises(apache_fragment.AtlassianError, match="run the control PRX-01"):
        host.work(files=FILES)
    assert host.everything() == before


def test_files_stay_inside_the_version(host: Host) -> None:
    for path in ("/etc/passwd", "site.d/../../x"):
        with pytest.raises(apache_fragment.AtlassianError, match="must be a path inside"):
            host.work(files={path: ""})


def test_five_versions_are_kept_and_the_live_one_is_among_them(host: Host) -> None:
    for number in range(8):
        host.work(files={"site.d/prx-07.conf": str(number)})
    kept = sorted(os.listdir(host.conf / "hardening-atlassian" / "versions"))
    assert len(kept) == 5
    assert versions.live_id(host.httpd.current) == kept[-1]


def test_a_site_of_the_package_that_was_edited_is_left_alone(host: Host) -> None:
    result = host.work(check=True, files={}, vendor_links_absent=["sites-enabled/old.conf"])
    assert result["settings"][0]["state"] == "drifted"
    assert "was edited on this host" in result["settings"][0]["reason"]
    assert not result["changed"]


def test_the_configuration_that_comes_with_a_module_is_taken_away_with_it(host: Host) -> None:
    (host.conf / "mods-available" / "headers.conf").write_text("Header set X y")
    wanted: dict[str, Any] = {"files": FILES, "modules": ["headers"], "links_absent": ["mods-enabled/headers.conf"]}
    checked = host.work(check=True, **wanted)
    done = host.work(**wanted)
    assert stateless(done) == stateless(checked) and ("mods-enabled/headers.conf", "enabled", "disabled") in stateless(done)
    assert (host.conf / "mods-enabled" / "headers.load").is_symlink() and not (host.conf / "mods-enabled" / "headers.conf").exists()
    assert not host.work(**wanted)["changed"]
    # Somebody disables the module: it comes back, and its configuration does not.
    (host.conf / "mods-enabled" / "headers.load").unlink()
    assert host.work(**wanted)["changed"]
    assert (host.conf / "mods-enabled" / "headers.load").is_symlink() and not (host.conf / "mods-enabled" / "headers.conf").exists()


def test_a_link_that_a_failing_step_took_away_is_put_back(host: Host) -> None:
    (host.conf / "mods-available" / "status.conf").write_text("")
    (host.conf / "mods-enabled" / "status.conf").symlink_to("../mods-available/status.conf")
    before = host.everything()
    host.complaints = ["", "Invalid command"]
    with pytest.raises(apache_fragment.AtlassianError, match="Invalid command"):
        host.work(files=FILES, modules=["headers"], links_absent=["mods-enabled/status.conf"])
    after = {path: kind for path, kind in host.everything().items() if not path.startswith("hardening-atlassian")}
    assert after == before


def test_modules_stay_while_others_live_here(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = "*:80   shop.example.com (/srv/shop.conf:1)\n"
    monkeypatch.setattr(Httpd, "dump_vhosts", lambda *_arguments: dump)
    result = host.work(files={}, modules_absent=["status"])
    assert result["settings"] == [
        {
            "setting": "module status", "before": "enabled", "after": "enabled", "state": "drifted",
            "reason": "Left enabled, other virtual hosts live on this host and may use it: /srv/shop.conf:1.",
        }
    ]  # fmt: skip
    assert host.work(files={}, modules_absent=["status"], spare_foreign=False)["changed"]
