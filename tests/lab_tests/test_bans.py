# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""F2B-01 to -03 with real fail2ban, nftables and httpd: attackers are banned, and nobody else."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from lab_tests.banned import BASIC, BEARER, FORM, HOME, OPEN, RIGHT, SESSION, TAGS, TYPO, WAYS, WRONG, Request, Street, failed
from lab_tests.door import product
from lab_tests.play import inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]


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


def test_f2b_01_what_a_page_makes_a_browser_send_is_refused_and_not_counted(street: Street, newcomers: Iterator[str]) -> None:
    """A picture in a comment, a foreign page's script, a form in a foreign page's frame; beside them, what browsers send for people."""
    person = next(newcomers)
    picture = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    script = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}
    frame = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    made = [("password in the query", picture), ("form of Jira", script), ("form anywhere", script), ("form of Confluence", frame)]
    asks = [WAYS[way]._replace(headers={**WAYS[way].headers, **SESSION, **marks}) for way, marks in made]
    assert street.knock([(person, ask) for ask in asks * 5]).statuses == [403] * 20
    street.settle()
    form = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert street.knock([(person, RIGHT._replace(headers={**FORM, **form}))]).statuses == [302]
    single_sign_on = Request("POST", "/plugins/servlet/samlconsumer", {**FORM, **frame}, "SAMLResponse=eA")
    beacon = Request("POST", "/rest/analytics/1.0/publish/bulk", {**FORM, **script, "Sec-Fetch-Site": "same-origin"}, "a=b")
    avatar = Request("GET", "/secure/useravatar?ownerId=lena", {**SESSION, **picture})
    assert street.knock([(person, ask) for ask in (single_sign_on, beacon, avatar)]).statuses == [200] * 3


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
            # fail2ban takes an address off its list before it tells the kernel: who is in again is asked at the door.
            for _try in range(60):
                seen = street.knock([(attacker, HOME)]).statuses
                if seen == [200]:
                    break
                time.sleep(0.5)
            assert seen == [200] and attacker not in street.banned()["atlassian-login"], "a ban ends by itself"
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
            if line.split()[:1] == [address]:  # an empty list is one empty line
                length = int(line.partition("+")[2].partition("=")[0])
        if length == expected:
            break
        time.sleep(0.2)
    return length
