# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""F2B-03 and -04: the service through restarts, missing logs and other jails; drift of it; hosts that are no proxy, and fresh ones."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lab_tests.banned import HOME, OPEN, TAGS, TYPO, Street, rows
from lab_tests.door import ACCESS_LOG
from lab_tests.play import JUDGE, LAB, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]


def test_f2b_04_bans_survive_a_restart_of_the_service_and_of_the_machine(street: Street, newcomers: Iterator[str]) -> None:
    attacker = next(newcomers)
    assert street.knock([(attacker, TYPO)] * 10, wait=10).seconds is not None
    inside(street.door.proxy, "systemctl", "restart", "fail2ban")
    assert street.knock([(attacker, HOME)], wait=15).seconds is not None
    subprocess.run([str(LAB / "podman"), "restart", street.door.proxy], check=True, capture_output=True, timeout=120)
    for _try in range(100):
        if street.knock([(street.addresses(240, 1)[0], HOME)]).statuses == [200]:
            break
        time.sleep(0.3)
    assert street.knock([(attacker, HOME)], wait=20).seconds is not None
    assert street.knock([(attacker, HOME), (street.addresses(240, 1)[0], HOME)]).statuses == [0, 200]


def test_f2b_04_a_log_that_is_removed_does_not_stop_the_service(street: Street, newcomers: Iterator[str]) -> None:
    proxy = street.door.proxy
    inside(proxy, "rm", ACCESS_LOG)
    time.sleep(3)
    assert inside(proxy, "systemctl", "is-active", "fail2ban").strip() == "active"
    inside(proxy, "systemctl", "restart", "fail2ban")
    time.sleep(3)
    assert inside(proxy, "systemctl", "is-active", "fail2ban").strip() == "active"
    assert inside(proxy, "stat", "--format", "%U %G %a", ACCESS_LOG).strip() == "root adm 640"
    # httpd was told as well, so that failures are seen again.
    assert street.knock([(next(newcomers), TYPO)] * 10, wait=15).seconds is not None


def test_f2b_04_jails_of_others_keep_working(street: Street, tmp_path: Path) -> None:
    """A jail that was there before, with a filter, a log and an action of its own, through our runs."""
    proxy = street.door.proxy
    inside(proxy, "sh", "-c", "printf '[Definition]\\nfailregex = ^bad <ADDR>$\\ndatepattern = {NONE}\\n' > /etc/fail2ban/filter.d/theirs.conf")
    jail = "[theirs]\\nenabled = true\\nfilter = theirs\\nlogpath = /var/log/theirs.log\\nmaxretry = 2\\nbackend = polling\\n"
    inside(proxy, "sh", "-c", f"touch /var/log/theirs.log; printf '{jail}' > /etc/fail2ban/jail.d/theirs.local; fail2ban-client reload")
    try:
        run = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, "-e", "fail2ban_atlassian_login_failures=11", inventory=JUDGE)
        assert run.code == 0, run.output[-2000:]
        inside(proxy, "sh", "-c", "printf 'bad 203.0.113.50\\nbad 203.0.113.50\\n' >> /var/log/theirs.log")
        street.settle()
        assert "203.0.113.50" in street.banned()["theirs"]
        assert inside(proxy, "fail2ban-client", "get", "atlassian-login", "maxretry").strip() == "11"
    finally:
        inside(proxy, "sh", "-c", "rm -f /etc/fail2ban/jail.d/theirs.local /etc/fail2ban/filter.d/theirs.conf /var/log/theirs.log; fail2ban-client reload")
    street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def test_f2b_drift_by_hand_is_found_and_repaired(street: Street, tmp_path: Path) -> None:
    """Options of running jails, a file, and a jail that counts people who met a refusal."""
    proxy = street.door.proxy
    inside(
        proxy,
        "sh",
        "-c",
        "printf '[apache-auth]\\nenabled = true\\nbackend = polling\\n' > /etc/fail2ban/jail.d/stock.local; fail2ban-client reload",
    )
    inside(proxy, "fail2ban-client", "set", "atlassian-login", "addignoreip", "203.0.113.0/24")
    inside(proxy, "fail2ban-client", "set", "atlassian-probing", "maxretry", "500")
    inside(proxy, "fail2ban-client", "set", "loglevel", "WARNING")
    inside(proxy, "fail2ban-client", "set", "atlassian-repeat", "addlogpath", "/var/log/dpkg.log")
    try:
        found = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, "--check", inventory=JUDGE)
        drifted = {control: found.settings(control, proxy, "drifted") for control in TAGS.split(",")}
        repeat = ["atlassian-login ignoreip", "atlassian-repeat logpath", "fail2ban loglevel"]
        assert drifted == {"F2B-01": [], "F2B-02": ["atlassian-probing maxretry", "apache-auth"], "F2B-03": repeat, "F2B-04": []}
        done = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, inventory=JUDGE)
        assert done.code == 0, done.output[-2000:]
        # The level of the log came back with what F2B-02 had reloaded before.
        assert [row["setting"] for row in rows(done.report, "F2B-03") if row["state"] == "changed"] == repeat[:2]
        assert "'INFO'" in inside(proxy, "fail2ban-client", "get", "loglevel")
        assert "203.0.113.0/24" not in inside(proxy, "fail2ban-client", "get", "atlassian-login", "ignoreip")
        assert done.settings("F2B-02", proxy, "drifted") == ["apache-auth"], "not ours, so it is left"
    finally:
        inside(proxy, "sh", "-c", "rm -f /etc/fail2ban/jail.d/stock.local; fail2ban-client reload")


def test_f2b_bans_that_somebody_emptied_out_of_the_kernel_are_carried_out_anew(street: Street, newcomers: Iterator[str], tmp_path: Path) -> None:
    attacker = next(newcomers)
    assert street.knock([(attacker, TYPO)] * 10, wait=10).seconds is not None
    inside(street.door.proxy, "nft", "flush", "ruleset")
    assert street.knock([(attacker, HOME)]).statuses == [200]
    found = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, "--check", inventory=JUDGE)
    assert "atlassian-login bans without effect" in found.settings("F2B-01", street.door.proxy, "drifted")
    street.door.play(tmp_path, "--tags", TAGS, *OPEN)
    assert street.knock([(attacker, HOME)]).statuses == [0]


def test_f2b_whoever_must_not_be_banned_is_let_in_and_ports_are_closed_anew(street: Street, newcomers: Iterator[str], tmp_path: Path) -> None:
    """One who was banned and is then named; one whom the kernel turns away though nobody has banned him; a port that is ours only now."""
    named, attacker, proxy = next(newcomers), next(newcomers), street.door.proxy
    for address in (named, attacker):
        assert street.knock([(address, TYPO)] * 10, wait=10).seconds is not None
    inside(proxy, "nft", "add", "element", "inet", "f2b-table", "addr-set-atlassian-login", "{ 203.0.113.77 }")
    inside(proxy, "fail2ban-client", "set", "atlassian-repeat", "banip", "203.0.113.78")
    street.settle()
    wanted = ["-e", f'{{"atlassian_automation_networks": ["{named}/32"], "fail2ban_atlassian_ports": [80, 443, 8443]}}']
    arguments = ["--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, *wanted]
    try:
        found = play(tmp_path, *arguments, "--check", inventory=JUDGE)
        assert {"atlassian-login closed without a ban", "atlassian-login ports"} <= set(found.settings("F2B-01", proxy, "drifted"))
        assert {"atlassian-login bans of who is never banned", "atlassian-repeat ports"} <= set(found.settings("F2B-03", proxy, "drifted"))
        assert {named, attacker, "203.0.113.77"} <= street.closed()
        done = play(tmp_path, *arguments, inventory=JUDGE)
        assert done.code == 0, done.output[-2000:]
        assert street.knock([(named, HOME)]).statuses == [200]
        assert street.knock([(attacker, HOME)]).statuses == [0]
        assert street.closed() & {named, attacker, "203.0.113.77"} == {attacker}
        chain = inside(proxy, "nft", "list", "chain", "inet", "f2b-table", "f2b-chain")
        for jail in ("login", "repeat"):
            assert [("8443" in line) for line in chain.splitlines() if f"@addr-set-atlassian-{jail} " in line] == [True]
        after = play(tmp_path, *arguments, "--check", inventory=JUDGE)
        assert {after.row(control, proxy)["state"] for control in TAGS.split(",")} == {"compliant"}
    finally:
        street.forgive()
        street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def test_f2b_04_somebody_elses_list_for_sshd_is_left_alone(street: Street, tmp_path: Path) -> None:
    """Wherever it stands that fail2ban reads it; a file that it does not read says nothing."""
    proxy, ours = street.door.proxy, "/etc/fail2ban/jail.d/atlassian-f2b-04.conf"
    assert "ignoreip" in inside(proxy, "cat", ours)
    inside(proxy, "sh", "-c", "cp /etc/fail2ban/jail.conf /root/jail.conf && sed -i 's/^\\[DEFAULT\\]$/&\\nignoreip = 192.0.2.0\\/24/' /etc/fail2ban/jail.conf")
    try:
        street.door.play(tmp_path, "--tags", "F2B-04", *OPEN)
        assert "ignoreip" not in inside(proxy, "sh", "-c", f"cat {ours} 2>/dev/null || true")
        assert "192.0.2.0/24" in inside(proxy, "fail2ban-client", "get", "sshd", "ignoreip")
        inside(proxy, "sh", "-c", "mv /root/jail.conf /etc/fail2ban/jail.conf; printf '[sshd]\\nignoreip = 192.0.2.0/24\\n' > /etc/fail2ban/jail.d/old.bak")
        street.door.play(tmp_path, "--tags", "F2B-04", *OPEN)
        assert "ignoreip" in inside(proxy, "cat", ours)
    finally:
        inside(proxy, "sh", "-c", "rm -f /etc/fail2ban/jail.d/old.bak; ! test -e /root/jail.conf || mv /root/jail.conf /etc/fail2ban/jail.conf")
        street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def test_f2b_04_its_own_log_that_is_removed_does_not_stop_the_service(street: Street) -> None:
    inside(street.door.proxy, "sh", "-c", "systemctl stop fail2ban; rm /var/log/fail2ban.log; systemctl start fail2ban")
    time.sleep(3)
    assert inside(street.door.proxy, "systemctl", "is-active", "fail2ban").strip() == "active"
    assert "atlassian-repeat" in street.jails()


def test_f2b_nodes_without_a_log_are_not_contacted(street: Street, tmp_path: Path) -> None:
    """Whoever lists nodes only to name them: nothing asks them, whether they can be reached or not."""
    groups = yaml.safe_load(JUDGE.read_text())["all"]["children"]
    (node,) = groups["jira_nodes"]["hosts"]
    run = play(
        tmp_path,
        "--limit",
        node,
        "--tags",
        TAGS,
        "-e",
        "ansible_connection=ssh",
        "-e",
        "ansible_host=192.0.2.1",
        "-e",
        "ansible_ssh_timeout=1",
        inventory=JUDGE,
    )
    assert run.code == 0, run.output[-2000:]
    assert {run.row(control, node)["state"] for control in TAGS.split(",")} == {"not_applicable"}


def test_f2b_a_fresh_host_behind_a_balancer(street: Street, tmp_path: Path) -> None:
    """Nothing of fail2ban is there: a check run, then the real one, then a check run that finds nothing."""
    proxy = street.door.proxy
    inside(proxy, "sh", "-c", "apt-get purge -qqy fail2ban >/dev/null 2>&1; rm -rf /etc/fail2ban /var/lib/fail2ban /etc/systemd/system/fail2ban.service.d")
    trusted = ["-e", '{"atlassian_trusted_proxies": ["203.0.113.1"]}']
    arguments = ["--limit", "atlassian_proxies", "--tags", f"PRX-11,PRX-12,{TAGS}", *OPEN, *trusted]
    try:
        before = play(tmp_path, *arguments, "--check", inventory=JUDGE)
        assert before.code == 0, before.output[-2000:]
        assert {before.row(control, proxy)["state"] for control in TAGS.split(",")} <= {"drifted", "not_examined"}
        run = play(tmp_path, *arguments, inventory=JUDGE)
        assert run.code == 0, run.output[-3000:]
        after = play(tmp_path, *arguments, "--check", inventory=JUDGE)
        assert {after.row(control, proxy)["state"] for control in TAGS.split(",")} == {"compliant"}
    finally:
        street.door.play(tmp_path, "--tags", f"PRX-11,PRX-12,{TAGS}", *OPEN)


def test_f2b_a_stopped_service_is_found_and_nothing_is_called_compliant(street: Street, tmp_path: Path) -> None:
    proxy = street.door.proxy
    inside(proxy, "systemctl", "stop", "fail2ban")
    try:
        found = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, "--check", inventory=JUDGE)
        assert "state of service fail2ban" in found.settings("F2B-04", proxy, "drifted")
        assert {control: found.row(control, proxy)["state"] for control in ("F2B-01", "F2B-02", "F2B-03")} == dict.fromkeys(
            ("F2B-01", "F2B-02", "F2B-03"), "not_examined"
        )
        assert "does not run" in found.row("F2B-01", proxy)["reason"]
    finally:
        street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def test_f2b_01_jiras_own_log_on_a_node(street: Street, tmp_path: Path) -> None:
    """A host that is no proxy: held until it is said who must not be banned, and a log that is not there yet keeps nothing from starting."""
    groups = yaml.safe_load(JUDGE.read_text())["all"]["children"]
    (node,) = groups["jira_nodes"]["hosts"]
    log = "/var/log/atlassian-jira-security.log"
    asked = f'"fail2ban_atlassian_jira_security_logs": ["{log}"]'
    held = play(tmp_path, "--limit", node, "--tags", TAGS, "-e", f"{{{asked}}}", inventory=JUDGE)
    assert "name the proxies' addresses" in held.row("F2B-01", node)["reason"]
    named = ["-e", f'{{{asked}, "fail2ban_atlassian_never_banned": ["{street.door.address}"], "fail2ban_atlassian_ports": [8080]}}']
    inside(node, "rm", "-f", log)
    try:
        first = play(tmp_path, "--limit", node, "--tags", TAGS, *named, inventory=JUDGE)
        assert first.code == 0, first.output[-3000:]
        inside(node, "touch", log)
        second = play(tmp_path, "--limit", node, "--tags", TAGS, *named, inventory=JUDGE)
        assert second.settings("F2B-01", node, "changed") == ["atlassian-jira-security logpath"]
        now = time.strftime("%Y-%m-%d %H:%M:%S,000+0000", time.gmtime())
        said = "The user 'a 198.51.100.7 b' has FAILED authentication.  Failure count equals 1"
        line = f"{now} http-nio-8080-exec-7 anonymous 600x1x1 - 203.0.113.99 /login.jsp {said}"
        write = subprocess.run(
            [str(LAB / "podman"), "exec", "-i", node, "tee", "-a", log], input=(line + "\n") * 10, capture_output=True, text=True, check=True
        )
        assert write.stdout
        time.sleep(3)
        assert inside(node, "fail2ban-client", "get", "atlassian-jira-security", "banip").split() == ["203.0.113.99"]
        ruleset = inside(node, "nft", "list", "table", "inet", "f2b-table")
        assert "203.0.113.99" in ruleset and "tcp dport 8080" in ruleset
        assert play(tmp_path, "--limit", node, "--tags", TAGS, *named, "--check", inventory=JUDGE).row("F2B-01", node)["state"] == "compliant"
    finally:
        inside(
            node,
            "sh",
            "-c",
            "apt-get purge -qy fail2ban >/dev/null 2>&1; rm -rf /etc/fail2ban /etc/systemd/system/fail2ban.service.d "
            f"/etc/tmpfiles.d/hardening-atlassian-fail2ban.conf {log}",
        )
