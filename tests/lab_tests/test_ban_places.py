# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""F2B-01 where a firewall would hit the wrong ones: behind a balancer, and an address that many people share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_tests.banned import BASIC, BEARER, HOME, JSON, LOGGED_IN, OPEN, RIGHT, TAGS, TYPO, Request, Street
from lab_tests.play import JUDGE, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]


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
    # What fail2ban has forgotten while it was down keeps nobody out.
    forgotten = "203.0.113.9"
    inside(street.door.proxy, "sh", "-c", f"pkill -9 -f fail2ban-server; touch /run/atlassian-banned/atlassian-login/{forgotten}; systemctl restart fail2ban")
    street.settle()
    assert street.knock([through(attacker, TYPO), through(forgotten, RIGHT)]).statuses == [429, 302]
    # A balancer that forwards no address is never banned itself.
    street.knock([(balancer, TYPO)] * 12)
    street.settle()
    assert street.knock([(balancer, RIGHT)]).statuses == [302]


def test_f2b_a_firewall_behind_a_balancer_is_refused_before_anything_is_changed(street: Street, tmp_path: Path) -> None:
    wrong = '{"atlassian_trusted_proxies": ["203.0.113.1"], "fail2ban_atlassian_ban_at": "firewall"}'
    run = play(tmp_path, "--limit", "atlassian_proxies", "--tags", TAGS, "-e", wrong, inventory=JUDGE)
    assert run.code != 0
    assert "fail2ban_atlassian_ban_at is firewall, but atlassian_trusted_proxies has entries" in " ".join(run.output.split())
