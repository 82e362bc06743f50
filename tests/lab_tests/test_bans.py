# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""F2B-01 to -04 with real fail2ban, nftables and httpd: attackers are banned, and nobody else."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
import yaml
from lab_tests.banned import BASIC, BEARER, FORM, JSON, WAYS, WRONG, Request, Street, failed, rows
from lab_tests.conftest import JUDGE
from lab_tests.door import ACCESS_LOG, judges_door, product
from lab_tests.play import LAB, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

TAGS = "F2B-01,F2B-02,F2B-03,F2B-04"
TYPO = WAYS["two steps"]
HOME = Request("GET", "/secure/Dashboard.jspa")
SESSION = {"Cookie": "JSESSIONID=0123456789ABCDEF"}
LOGGED_IN = Request("GET", "/browse/X-1", SESSION)
RIGHT = Request("POST", "/login.jsp" + product(put={"X-Seraph-LoginReason": "OK"}, answer=302), FORM, "os_username=lena&os_password=right")
# The pages where administrators confirm their password are refused outside of the admin networks; here these rules are out of the way.
OPEN = ["-e", '{"apache_proxy_rules_skipped": ["jira-actions", "jira-secure-admin", "confluence-actions"]}']


@pytest.fixture(scope="module")
def street(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    door = judges_door()
    ipv6 = inside(door.proxy, "sh", "-c", "ip -6 -o address show dev eth0 scope global | awk '{print $4}' | cut -d/ -f1").split()[0]
    folder = tmp_path_factory.mktemp("street")
    door.play(folder, "--tags", f"PRX-02,{TAGS}", *OPEN)
    street = Street(door, ipv6)
    street.forgive()
    yield street
    street.forgive()
    street.move_out()
    door.play(folder, "--tags", f"PRX-02,{TAGS}")


@pytest.fixture(scope="module")
def newcomers(street: Street) -> Iterator[str]:
    """An address that nobody has used yet, each time."""
    return iter(street.addresses(101, 99))


@pytest.mark.parametrize("way", WAYS)
def test_f2b_01_failures_by_each_way_ban_that_address_and_no_other(street: Street, newcomers: Iterator[str], way: str) -> None:
    attacker, neighbour = next(newcomers), next(newcomers)
    most = 10
    asked = street.knock([(attacker, WAYS[way])] * (most - 1) + [(neighbour, WAYS[way])] * (most - 1))
    assert 0 not in asked.statuses
    street.settle()
    assert street.knock([(attacker, HOME)]).statuses == [200], "one failure less than the limit is none"
    assert street.knock([(attacker, WAYS[way])], wait=10).seconds is not None
    assert street.knock([(attacker, HOME), (neighbour, HOME)]).statuses == [0, 200]
    assert attacker in street.closed() and neighbour not in street.closed()
    assert street.banned()["atlassian-login"] >= {attacker}


def test_f2b_01_from_the_last_failure_to_the_first_refused_connection(street: Street, newcomers: Iterator[str]) -> None:
    seconds = [street.knock([(next(newcomers), TYPO)] * 10, wait=20).seconds for _try in range(10)]
    taken = [value for value in seconds if value is not None]
    assert len(taken) == 10
    assert statistics.median(taken) <= 2, taken


def test_f2b_01_ipv6_is_banned_too(street: Street) -> None:
    prefix = street.ipv6.rpartition(":")[0]
    attacker, neighbour = f"{prefix}:a1", f"{prefix}:a2"
    assert street.knock([(attacker, TYPO)] * 10, wait=10).seconds is not None
    assert street.knock([(neighbour, HOME)]).statuses == [200]
    assert attacker in street.closed()


def test_f2b_01_ordinary_people_who_mistype_once_are_not_locked_out(street: Street) -> None:
    """200 people with an address each, of both families, that no other test uses; then each logs in."""
    prefix = street.ipv6.rpartition(":")[0]
    families = [[*street.addresses(41, 60), *street.addresses(200, 30)], [f"{prefix}:b{number}" for number in range(110)]]
    before = street.closed()
    for people in families:
        street.knock([(person, request) for person in people for request in (Request("GET", "/login.jsp"), TYPO)])
    street.settle()
    for people in families:
        assert street.knock([(person, RIGHT) for person in people]).statuses == [302] * len(people)
    assert sum(map(len, families)) == 200 and street.closed() == before


def test_f2b_01_what_others_refuse_is_nobodys_failure(street: Street, newcomers: Iterator[str]) -> None:
    """The firewall's and the proxy's own refusals of what is sent to a log-in page, rights that are missing, and answers that repeat the reason."""
    person = next(newcomers)
    asks = [
        Request("POST", "/login.jsp?x=/etc/passwd%00<script>alert(1)</script>", FORM, WRONG),
        Request("POST", "/login.jsp;x=y", FORM, WRONG),
        Request("GET", "/rest/api/2/project/X" + product(put={"X-AUSERNAME": "lena", "X-Seraph-LoginReason": "OK"}, answer=403), BASIC),
        Request("GET", "/rest/api/2/project/X" + product(put={"X-AUSERNAME": "lena"}, answer=401), BEARER),
        Request("GET", "/secure/Dashboard.jspa" + failed()),
        Request("GET", "/login.jsp"),
        Request("POST", "/login.jsp" + product(answer=429), FORM, WRONG),
    ]
    street.knock([(person, request._replace(headers={**SESSION, **request.headers})) for request in asks * 12])
    street.settle()
    assert street.knock([(person, HOME)]).statuses == [200]
    assert person not in street.closed()


def test_f2b_02_probing_bans(street: Street, newcomers: Iterator[str]) -> None:
    prober = next(newcomers)
    paths = ["/secure/SetupApplicationProperties.jspa", "/s/x/_/;/WEB-INF/web.xml", "/secure/SetupMode.jspa", "/secure/Dashboard.jspa;a=b", "/a%0d%0ab"]
    assert street.knock([(prober, Request("GET", path)) for path in paths], wait=10).seconds is not None
    assert street.banned()["atlassian-probing"] >= {prober}


def test_f2b_02_ordinary_people_who_meet_a_refusal_are_not_banned(street: Street, newcomers: Iterator[str]) -> None:
    """A colleague who follows links to administration all day, one whose title holds an odd escape, and a stranger who does it now and then."""
    colleague, stranger = next(newcomers), next(newcomers)
    links = [
        Request("GET", path, SESSION)
        for path in ("/secure/admin/ViewSystemInfo.jspa", "/plugins/servlet/upm", "/display/KEY/50%252f", "/rest/api/2/user/picker")
    ]
    mine = [(colleague, link) for link in links * 30]
    its = [(stranger, link._replace(headers={})) for link in links[:2] * 5]
    assert set(street.knock(mine + its).statuses) <= {403, 200}
    street.settle()
    assert street.knock([(colleague, HOME), (stranger, HOME)]).statuses == [200, 200]
    assert not {colleague, stranger} & street.closed()


def test_f2b_02_a_stranger_who_goes_through_administration_is_banned(street: Street, newcomers: Iterator[str]) -> None:
    prober = next(newcomers)
    links = [Request("GET", f"/plugins/servlet/upm/{number}") for number in range(20)]
    assert street.knock([(prober, link) for link in links], wait=10).seconds is not None


def test_f2b_03_who_administers_or_watches_is_never_banned(street: Street) -> None:
    """The controller and the client outside, which the inventory calls monitoring."""
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE", server_hostname=street.door.host)
    for _try in range(30):
        pool.request("POST", f"https://{street.door.address}{TYPO.path}", headers={"Host": street.door.host, **TYPO.headers}, body="{}")
    for _try in range(12):
        street.door.curl(TYPO.path, "-d", "{}")
    street.settle()
    assert pool.request("GET", f"https://{street.door.address}/secure/Dashboard.jspa", headers={"Host": street.door.host}).status == 200
    assert street.door.curl("/secure/Dashboard.jspa").status == 200


def test_f2b_03_each_further_ban_is_longer_and_the_third_closes_for_long(street: Street, newcomers: Iterator[str], tmp_path: Path) -> None:
    """With a first ban of eight seconds, so that it can be waited for."""
    attacker = next(newcomers)
    street.door.play(tmp_path, "--tags", TAGS, *OPEN, "-e", "fail2ban_atlassian_ban_time=8")
    try:
        for length in (8, 16):
            assert street.knock([(attacker, TYPO)] * 10, wait=10).seconds is not None
            assert length_of_ban(street, "atlassian-login", attacker, length) == length
            for _try in range(60):
                if attacker not in street.banned()["atlassian-login"]:
                    break
                time.sleep(0.5)
            assert street.knock([(attacker, HOME)]).statuses == [200], "a ban ends by itself"
        paths = [Request("GET", "/secure/SetupApplicationProperties.jspa")] * 5
        assert street.knock([(attacker, path) for path in paths], wait=10).seconds is not None
        assert length_of_ban(street, "atlassian-repeat", attacker, 604800) == 604800
    finally:
        street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def length_of_ban(street: Street, jail: str, address: str, expected: int) -> int | None:
    """Seconds, as fail2ban lists them: address, begin + length = end. It is made longer a moment after the ban."""
    length = None
    for _try in range(20):
        for line in inside(street.door.proxy, "fail2ban-client", "get", jail, "banip", "--with-time").splitlines():
            if line.split()[0] == address:
                length = int(line.partition("+")[2].partition("=")[0])
        if length == expected:
            break
        time.sleep(0.2)
    return length


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
    inside(proxy, "fail2ban-client", "set", "atlassian-login", "addignoreip", "203.0.113.0/24")
    inside(proxy, "fail2ban-client", "set", "atlassian-probing", "maxretry", "500")
    inside(
        proxy,
        "sh",
        "-c",
        "printf '[apache-auth]\\nenabled = true\\nbackend = polling\\n' > /etc/fail2ban/jail.d/stock.local; fail2ban-client start apache-auth; "
        "fail2ban-client reload apache-auth",
    )
    try:
        found = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, "--check", inventory=JUDGE)
        drifted = {control: found.settings(control, proxy, "drifted") for control in TAGS.split(",")}
        assert drifted == {"F2B-01": [], "F2B-02": ["atlassian-probing maxretry", "apache-auth"], "F2B-03": ["atlassian-login ignoreip"], "F2B-04": []}
        done = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, *OPEN, inventory=JUDGE)
        assert done.code == 0, done.output[-2000:]
        assert [row["setting"] for row in rows(done.report, "F2B-03") if row["state"] == "changed"] == ["atlassian-login ignoreip"]
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


@pytest.fixture
def shared(street: Street, tmp_path: Path) -> Iterator[str]:
    """One address behind which many people sit, in a network that is named so."""
    (address,) = street.addresses(230, 1)
    street.door.play(tmp_path, "--tags", TAGS, *OPEN, "-e", f'{{"atlassian_shared_networks": ["{address}/32"], "fail2ban_atlassian_probing_requests": 5}}')
    yield address
    street.forgive()
    street.door.play(tmp_path, "--tags", TAGS, *OPEN)


def test_f2b_01_a_shared_address_is_refused_at_the_log_in_only(street: Street, newcomers: Iterator[str], shared: str) -> None:
    street.knock([(shared, TYPO)] * 200)
    street.settle()
    assert street.knock([(shared, RIGHT)] * 5).statuses == [302] * 5, "200 people who mistype once"
    street.knock([(shared, Request("GET", "/secure/SetupApplicationProperties.jspa"))] * 20)
    street.knock([(shared, TYPO)] * 110)
    street.settle()
    asks = [RIGHT, TYPO, Request("GET", "/rest/api/2/myself", BASIC)]
    assert street.knock([(shared, ask) for ask in asks]).statuses == [429] * 3
    goes_on = [
        HOME,
        LOGGED_IN,
        Request("GET", "/login.jsp"),
        Request("GET", "/rest/api/2/myself", BEARER),
        Request("POST", "/secure/QuickCreateIssue.jspa", JSON, "{}"),
    ]
    assert street.knock([(shared, ask) for ask in goes_on]).statuses == [200] * 5
    assert street.knock([(next(newcomers), RIGHT)]).statuses == [302]
    assert shared not in street.closed()
    inside(street.door.proxy, "fail2ban-client", "unban", shared)
    assert street.knock([(shared, RIGHT)]).statuses == [302], "a ban that is taken back ends at once"


@pytest.fixture
def balancer(street: Street, tmp_path: Path) -> Iterator[str]:
    """An address that is a balancer's, through which everybody comes."""
    (address,) = street.addresses(231, 1)
    trusted = f'{{"atlassian_trusted_proxies": ["{address}"]}}'
    street.door.play(tmp_path, "--tags", f"PRX-11,PRX-12,{TAGS}", *OPEN, "-e", trusted)
    yield address
    street.forgive()
    street.door.play(tmp_path, "--tags", f"PRX-11,PRX-12,{TAGS}", *OPEN)


def test_f2b_01_behind_a_balancer_the_true_address_is_refused_and_nobody_else(street: Street, balancer: str) -> None:
    def through(client: str, request: Request) -> tuple[str, Request]:
        return balancer, request._replace(headers={**request.headers, "X-Forwarded-For": client})

    attacker, colleague = "203.0.113.7", "203.0.113.8"
    street.knock([through(attacker, TYPO)] * 10)
    street.settle()
    asks = [through(attacker, TYPO), through(attacker, Request("GET", "/rest/api/2/myself", BEARER)), through(attacker, HOME), through(colleague, RIGHT)]
    assert street.knock(asks).statuses == [429, 429, 200, 302]
    assert street.banned()["atlassian-login"] == {attacker}
    assert street.closed() == set(), "every packet is the balancer's"
    # A balancer that forwards no address is never banned itself.
    street.knock([(balancer, TYPO)] * 12)
    street.settle()
    assert street.knock([(balancer, RIGHT)]).statuses == [302]


def test_f2b_a_firewall_behind_a_balancer_is_refused_before_anything_is_changed(street: Street, tmp_path: Path) -> None:
    wrong = '{"atlassian_trusted_proxies": ["203.0.113.1"], "fail2ban_atlassian_ban_at": "firewall"}'
    run = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, "-e", wrong, inventory=JUDGE)
    assert run.code != 0
    assert "fail2ban_atlassian_ban_at is firewall, but atlassian_trusted_proxies has entries" in " ".join(run.output.split())


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
