# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpora of tests/waf, sent to the judge's proxy: what of them is refused, and by whom."""

from __future__ import annotations

import time

from waf import __main__ as command
from waf import corpus, fire

from lab_tests.firewall import Seen, ask_all, denied_ports, empty_audit_log, judges_sites

PLAIN = {"jira": "judge-jira", "confluence": "judge-wiki"}
Sites = dict[str, fire.Site]


def sites(names: dict[str, str]) -> Sites:
    """{product: where}"""
    every = judges_sites()
    return {product: every[name][1] for product, name in names.items()}


def ordinary() -> list[corpus.Request]:
    return [request for request in corpus.load() if request.kind == "ordinary"]


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
