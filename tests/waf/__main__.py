# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.waf: fires the corpora at sites and says which ordinary requests were refused, and which attacks were not.

Exit code 1 where an ordinary request was refused or not answered, or where less than 95 % of the attacks were refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from . import corpus, fire

LEAST = 0.95
REFUSED = "403"


class Outcome(NamedTuple):
    request: corpus.Request
    result: fire.Result
    refused: bool

    @property
    def unexpected(self) -> bool:
        """Of an ordinary request anything but an answer that lets it through; of an attack anything but a refusal."""
        return not self.refused if self.request.kind == "attack" else self.refused or self.result.status is None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.waf", description="Fire ordinary requests and attacks at Jira and Confluence.")
    parser.add_argument("--jira", metavar="HOST[:PORT][/path]")
    parser.add_argument("--confluence", metavar="HOST[:PORT][/path]")
    parser.add_argument("--address", metavar="IP", help="connect there, whatever the names resolve to")
    parser.add_argument("--plain", action="store_true", help="HTTP instead of TLS")
    parser.add_argument("--ca", metavar="FILE", help="whom to trust instead of the system's authorities")
    parser.add_argument("--insecure", action="store_true", help="take any certificate")
    parser.add_argument("--only", metavar="PATTERN", help="ids of requests or of entries, as in a shell: jira-issue-*")
    parser.add_argument("--kind", choices=sorted(set(corpus.KINDS.values())))
    parser.add_argument("--refused", metavar="STATUS,...", default=REFUSED, help=f"statuses that count as a refusal (default {REFUSED})")
    parser.add_argument("--list", action="store_true", help="list the requests and send none")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every outcome there")
    parser.add_argument("--corpus", metavar="FOLDER", type=Path, default=corpus.HERE)
    chosen = parser.parse_args()
    if chosen.ca and chosen.insecure:
        parser.error("--ca and --insecure exclude each other")
    if not (chosen.list or chosen.jira or chosen.confluence):
        parser.error("neither --jira nor --confluence")
    return chosen


def sites(chosen: argparse.Namespace) -> dict[str, fire.Site]:
    tls = None if chosen.plain else fire.context(chosen.ca, chosen.insecure)
    named = {"jira": chosen.jira, "confluence": chosen.confluence}
    return {product: fire.site(text, chosen.address, tls) for product, text in named.items() if text}


def selected(requests: Iterable[corpus.Request], only: str | None, kind: str | None) -> list[corpus.Request]:
    return [
        request for request in requests if kind in (None, request.kind) and (only is None or fnmatchcase(request.id, only) or fnmatchcase(request.entry, only))
    ]


def outcomes(requests: list[corpus.Request], to: dict[str, fire.Site], refused: frozenset[int]) -> list[Outcome]:
    found = []
    for product, where in to.items():
        share = [request for request in requests if request.product == product]
        results = fire.fire(share, where)
        found += [Outcome(request, result, result.status in refused) for request, result in zip(share, results, strict=True)]
    return found


def table(found: list[Outcome]) -> str:
    """Per file: requests, refused, passed, unanswered; per kind also the statuses. Then each unexpected one."""
    lines = [f"{'file':<36}{'requests':>10}{'refused':>10}{'passed':>10}{'no answer':>11}"]
    for file in sorted({outcome.request.file for outcome in found}):
        lines.append(row(file, [outcome for outcome in found if outcome.request.file == file]))
    for kind in sorted({outcome.request.kind for outcome in found}):
        group = [outcome for outcome in found if outcome.request.kind == kind]
        lines += [row(f"all of kind {kind}", group), f"    answers: {statuses(group)}"]
    for outcome in found:
        if outcome.unexpected:
            request, result = outcome.request, outcome.result
            lines += ["", f"{request.kind} {'refused' if outcome.refused else 'passed' if result.status else 'not answered'}: {request.id}"]
            lines.append(f"    {result.status or result.error}  {request.method} {printable(request.path[:100])}")
            lines += [f"    {request.why}"] if request.why else []
    return "\n".join(lines)


def row(name: str, group: list[Outcome]) -> str:
    refused = sum(outcome.refused for outcome in group)
    silent = sum(outcome.result.status is None for outcome in group)
    return f"{name:<36}{len(group):>10}{refused:>10}{len(group) - refused - silent:>10}{silent:>11}"


def statuses(group: list[Outcome]) -> str:
    """Also shows refusals by other means: ModSecurity answers 400 or 413 to a body that it cannot read."""
    counted = Counter(str(outcome.result.status or "none") for outcome in group)
    return ", ".join(f"{number} x {status}" for status, number in sorted(counted.items()))


def printable(text: str) -> str:
    """Control characters of attacks do not reach the terminal."""
    return text.encode("unicode_escape").decode()


def judge(found: list[Outcome]) -> list[str]:
    """What is not as it must be."""
    ordinary = [outcome for outcome in found if outcome.request.kind == "ordinary"]
    attacks = [outcome for outcome in found if outcome.request.kind == "attack"]
    refused, silent = sum(outcome.refused for outcome in ordinary), sum(outcome.result.status is None for outcome in ordinary)
    stopped = sum(outcome.refused for outcome in attacks)
    bad = [f"{refused} of {len(ordinary)} ordinary requests were refused"] if refused else []
    bad += [f"{silent} of {len(ordinary)} ordinary requests were not answered"] if silent else []
    if attacks and stopped < LEAST * len(attacks):
        bad.append(f"only {stopped} of {len(attacks)} attacks were refused; at least {LEAST:.0%} are wanted")
    return bad


def as_json(outcome: Outcome) -> dict[str, object]:
    request = outcome.request
    about: dict[str, object] = {key: value for key, value in request._asdict().items() if key not in ("headers", "body")}
    return {**about, **outcome.result._asdict(), "refused": outcome.refused, "unexpected": outcome.unexpected}


def main() -> int:
    chosen = arguments()
    try:
        requests = selected(corpus.load(chosen.corpus), chosen.only, chosen.kind)
        if chosen.list:
            print("\n".join(f"{request.id}  {request.product}  {request.method} {printable(request.path[:100])}" for request in requests))
            return 0
        found = outcomes(requests, sites(chosen), frozenset(int(status) for status in chosen.refused.split(",")))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not found:
        print("no such requests", file=sys.stderr)
        return 2
    if chosen.json:
        chosen.json.write_text(json.dumps([as_json(outcome) for outcome in found], indent=1) + "\n", encoding="utf-8")
    print(table(found))
    bad = judge(found)
    print("\n" + ("\n".join(bad) or "as it must be"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
