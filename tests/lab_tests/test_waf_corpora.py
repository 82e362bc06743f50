# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpora of tests/waf against the judge's proxy in blocking: what is ordinary passes, attacks do not.

They are sent from the controller, which is in the admin networks, so that administration counts as ordinary. What other controls refuse to everybody
is told from a refusal of the firewall by its audit log.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from waf import __main__ as command
from waf import corpus, fire

from lab_tests.corpora import PLAIN, fired, ordinary, refused, sites, unanswered
from lab_tests.door import Door
from lab_tests.firewall import ask_all, configured, denied_ports, empty_audit_log

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

WITH_CONTEXT = {"jira": "judge-jira-context", "confluence": "judge-wiki-context"}
LEAST_ORDINARY = 400
LEAST_ATTACKS = 150
LEAST_REFUSED = 0.95
# An attack counts as refused with one of these, and only if no servlet was reached: 404 for encoded slashes (PRX-01), 411 and 413 (PRX-13), 414 for
# lines that are too long, 405 and 501 for methods. 400 is httpd's or Tomcat's own no to what is no HTTP.
REFUSALS = frozenset({400, 403, 404, 405, 411, 413, 414, 501})


@pytest.fixture(scope="module")
def blocking(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """All sites refuse attacks at paranoia 1."""
    with configured(tmp_path_factory.mktemp("waf-corpora"), apache_waf_mode="blocking"):
        yield


def first_of_each_entry(requests: list[corpus.Request]) -> list[corpus.Request]:
    """One request for each entry and product: every form of a request, with one text."""
    return list({(request.entry, request.product): request for request in reversed(requests)}.values())


def test_waf_02_ordinary_requests_are_not_refused(blocking: None, door: Door) -> None:
    found = fired(door.proxy, ordinary(), sites(PLAIN))
    assert len(found) >= LEAST_ORDINARY
    assert refused(found) == []
    assert unanswered(found) == []


def test_waf_02_ordinary_requests_are_not_refused_below_a_context_path(blocking: None, door: Door) -> None:
    found = fired(door.proxy, first_of_each_entry(ordinary()), sites(WITH_CONTEXT))
    assert len(found) >= LEAST_ORDINARY
    assert refused(found) == []
    assert unanswered(found) == []


@pytest.mark.parametrize("names", [PLAIN, WITH_CONTEXT], ids=["plain", "context"])
def test_waf_01_attacks_are_refused(blocking: None, door: Door, names: dict[str, str]) -> None:
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
