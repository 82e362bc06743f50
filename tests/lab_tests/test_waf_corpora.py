# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpora of tests/waf against the judge's proxy in blocking: what is ordinary passes, attacks do not.

They are sent from the controller, which is in the admin networks, so that administration counts as ordinary. What other controls refuse to everybody
is told from a refusal of the firewall by its audit log.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from waf import __main__ as command
from waf import corpus, fire

from lab_tests.door import Door, judges_door
from lab_tests.test_waf import Seen, ask_all, denied_ports, empty_audit_log, judges_sites, must_run, waf_play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

PLAIN = {"jira": "judge-jira", "confluence": "judge-wiki"}
WITH_CONTEXT = {"jira": "judge-jira-context", "confluence": "judge-wiki-context"}
LEAST_ORDINARY = 400
LEAST_ATTACKS = 150
LEAST_REFUSED = 0.95
MOST_REFUSED_AT_PARANOIA_2 = 5
# An attack counts as refused with one of these, and only if no servlet was reached: 404 for encoded slashes (PRX-01), 411 and 413 (PRX-13), 414 for
# lines that are too long, 405 and 501 for methods. 400 is httpd's or Tomcat's own no to what is no HTTP.
REFUSALS = frozenset({400, 403, 404, 405, 411, 413, 414, 501})
Sites = dict[str, fire.Site]


@pytest.fixture(scope="module")
def door(judge: None) -> Door:
    return judges_door()


@pytest.fixture(scope="module")
def blocking(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for reports, while all sites refuse attacks at paranoia 1. Afterwards the proxy is as site.yml made it."""
    folder = tmp_path_factory.mktemp("waf-corpora")
    try:
        must_run(waf_play(folder / "blocking", apache_waf_mode="blocking"))
        yield folder
    finally:
        must_run(waf_play(folder / "default"))


def sites(names: dict[str, str]) -> Sites:
    """{product: where}"""
    every = judges_sites()
    return {product: every[name][1] for product, name in names.items()}


def ordinary() -> list[corpus.Request]:
    return [request for request in corpus.load() if request.kind == "ordinary"]


def first_of_each_entry(requests: list[corpus.Request]) -> list[corpus.Request]:
    """One request for each entry and product: every form of a request, with one text."""
    return list({(request.entry, request.product): request for request in reversed(requests)}.values())


def judged(proxy: str, requests: list[corpus.Request], to: Sites) -> list[command.Outcome]:
    """Each request with its answer; refused is what the firewall itself refused.

    What was answered with 403 is asked once more, each on a connection of its own, by whose port the audit log knows it.
    """
    found = command.outcomes(requests, to, frozenset({403}))
    empty_audit_log(proxy)
    again: dict[str, Seen] = {}
    for product, site in to.items():
        forbidden = [outcome.request for outcome in found if outcome.refused and outcome.request.product == product]
        again |= {request.id: seen for request, seen in zip(forbidden, ask_all(site, forbidden), strict=True)}
    denied = denied_ports(proxy)
    return [outcome._replace(refused=outcome.refused and again[outcome.request.id].port in denied) for outcome in found]


def fired(proxy: str, requests: list[corpus.Request], to: Sites) -> list[command.Outcome]:
    """As judged, with the table and the time on the screen."""
    started = time.monotonic()
    found = judged(proxy, requests, to)
    print(command.table(found), f"\n{time.monotonic() - started:.0f} s for {len(found)} requests")
    return found


def refused(found: list[command.Outcome]) -> list[str]:
    return [f"{outcome.request.id}: {outcome.request.method} {outcome.request.path[:100]}" for outcome in found if outcome.refused]


def unanswered(found: list[command.Outcome]) -> list[tuple[str, str]]:
    return [(outcome.request.id, outcome.result.error) for outcome in found if outcome.result.status is None]


def test_waf_02_ordinary_requests_are_not_refused(blocking: Path, door: Door) -> None:
    found = fired(door.proxy, ordinary(), sites(PLAIN))
    assert len(found) >= LEAST_ORDINARY
    assert refused(found) == []
    assert unanswered(found) == []


def test_waf_02_ordinary_requests_are_not_refused_below_a_context_path(blocking: Path, door: Door) -> None:
    found = fired(door.proxy, first_of_each_entry(ordinary()), sites(WITH_CONTEXT))
    assert len(found) >= LEAST_ORDINARY
    assert refused(found) == []
    assert unanswered(found) == []


@pytest.mark.parametrize("names", [PLAIN, WITH_CONTEXT], ids=["plain", "context"])
def test_waf_01_attacks_are_refused(blocking: Path, door: Door, names: dict[str, str]) -> None:
    """By the proxy as it is, the other controls included; how many of them the firewall itself has refused is told beside it."""
    attacks = [request for request in corpus.load() if request.kind == "attack"]
    assert len(attacks) >= LEAST_ATTACKS
    empty_audit_log(door.proxy)
    found: list[command.Outcome] = []
    ports: set[int] = set()
    for product, site in sites(names).items():
        share = [attack for attack in attacks if attack.product == product]
        answers = ask_all(site, share)
        ports |= {seen.port for seen in answers}
        stopped = [not seen.reached and seen.status in REFUSALS for seen in answers]
        found += [
            command.Outcome(attack, fire.Result(seen.status or None, "" if seen.status else "no answer"), refusal)
            for attack, seen, refusal in zip(share, answers, stopped, strict=True)
        ]
    print(command.table(found), f"\n{len(ports & denied_ports(door.proxy))} of {len(found)} by the firewall itself")
    passed = [outcome.request.id for outcome in found if not outcome.refused]
    assert len(passed) <= (1 - LEAST_REFUSED) * len(found), passed


@pytest.fixture(scope="module")
def paranoia_2(blocking: Path) -> None:
    must_run(waf_play(blocking / "paranoia", apache_waf_mode="blocking", apache_waf_paranoia=2))


def test_waf_02_hardly_any_ordinary_request_is_refused_at_paranoia_2(paranoia_2: None, door: Door) -> None:
    found = fired(door.proxy, ordinary(), sites(PLAIN))
    assert unanswered(found) == []
    assert len(refused(found)) <= MOST_REFUSED_AT_PARANOIA_2, refused(found)
