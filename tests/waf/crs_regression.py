# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.waf.crs_regression: what of the attacks in the CRS project's own regression tests a site lets through that a plain CRS refuses.

The tests come from tests/regression/tests of the CRS sources (apt-get source modsecurity-crs), in the format of FTW, the project's framework for
testing WAFs. Each request is sent to a plain CRS first; those that it refuses are then sent to the site. Tests whose point is that nothing is
found, and those of higher paranoia levels, fall out that way. Exit code 1 where more than 5 % are lost.
"""

from __future__ import annotations

import argparse
import base64
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode

import yaml

from . import fire

MOST_LOST = 0.05
TIMEOUT = 5.0
FORM = "application/x-www-form-urlencoded"
# As the WAF refuses. Not 400 or 405 as well: a back end answers attacks with these that the WAF has let through.
REFUSED = "403"
# A site that refuses this one refuses all, and its answers to attacks say nothing.
HARMLESS = {"headers": {"Host": "localhost", "User-Agent": "Mozilla/5.0", "Accept": "text/html"}}


class Stage(NamedTuple):
    """One request of a test. input: as FTW has it."""

    title: str
    file: str
    input: dict[str, Any]


def read(folder: Path) -> list[Stage]:
    stages = []
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        try:
            tests = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("tests") or []
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {error}") from error
        for test in tests:
            for number, stage in enumerate(test["stages"]):
                title = str(test["test_title"]) + (f" stage {number + 1}" if number else "")
                stages.append(Stage(title, str(path.relative_to(folder)), stage["stage"]["input"] or {}))
    return stages


def message(spec: dict[str, Any], context: str = "", host: str | None = None) -> bytes:
    """The bytes of a stage's request. context: set before the uri; host: in place of the tests' own name, localhost."""
    if spec.get("encoded_request"):
        raw = base64.b64decode(spec["encoded_request"])
        return rehosted(raw, host)
    if spec.get("raw_request"):
        return rehosted(str(spec["raw_request"]).encode(), host)
    headers = {str(name): str(value) for name, value in (spec.get("headers") or {}).items()}
    data = spec.get("data") or ""
    data = "\r\n".join(map(str, data)) if isinstance(data, list) else str(data)
    if data and not spec.get("stop_magic"):
        data = magic(headers, data)
    if host:
        headers = {name: host if name.lower() == "host" and is_ours(value) else value for name, value in headers.items()}
    uri = str(spec.get("uri", "/"))
    line = f"{spec.get('method', 'GET')} {context + uri if uri.startswith('/') else uri} {spec.get('version', 'HTTP/1.1')}"
    return "\r\n".join([line, *(f"{name}: {value}" for name, value in headers.items()), "", data]).encode()


def magic(headers: dict[str, str], data: str) -> str:
    """What FTW adds to a request with data: Content-Type, Content-Length, and the encoding of a form that is not encoded yet."""
    names = {name.lower(): name for name in headers}
    if "content-type" not in names:
        names["content-type"] = "Content-Type"
        headers["Content-Type"] = FORM
    if headers[names["content-type"]] == FORM and unquote(data) == data:
        data = urlencode(parse_qsl(data)) or data
    if "content-length" not in names:
        headers["Content-Length"] = str(len(data.encode()))
    return data


def is_ours(value: str) -> bool:
    return value.lower() in ("localhost", "localhost:80")


def rehosted(raw: bytes, host: str | None) -> bytes:
    if not host:
        return raw
    return re.sub(rb"(?mi)^(host:[ \t]*)localhost(:80)?(?=\r?$)", lambda found: found[1] + host.encode(), raw, count=1)


def ask(stages: list[Stage], to: fire.Site, host: str | None) -> list[fire.Result]:
    """Each on a connection of its own: many of these requests do not end where they say they do."""
    messages = [(message(stage.input, to.context, host), str(stage.input.get("method", "GET")), False) for stage in stages]
    return fire.send_all(messages, to, TIMEOUT, fire.DEADLINE)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.waf.crs_regression", description="Hold a site against a plain CRS.")
    parser.add_argument("--tests", metavar="FOLDER", type=Path, required=True, help="tests/regression/tests of the CRS sources")
    parser.add_argument("--plain", metavar="[https://]HOST:PORT", required=True, help="a plain CRS")
    parser.add_argument("--ours", metavar="[https://]HOST:PORT[/path]", required=True, help="the site")
    parser.add_argument("--host", metavar="NAME", help="Host header instead of the tests' localhost, and the name of the server under TLS")
    parser.add_argument("--refused", metavar="STATUS,...", default=REFUSED, help=f"statuses of the site that count as a refusal (default {REFUSED})")
    return parser.parse_args()


def place(text: str, host: str | None) -> fire.Site:
    """Certificates are not looked at: it is the rules that are tested."""
    scheme, separator, rest = text.rpartition("://")
    if separator and scheme not in fire.PORTS:
        raise ValueError(f"{text} is neither http:// nor https://")
    to = fire.site(rest, tls=fire.context(None, insecure=True) if scheme == "https" else None)
    return to._replace(name=host or to.name)


def report(stages: list[Stage], results: list[fire.Result], refused: frozenset[int]) -> float:
    """Prints what is lost per file of rules; the share that is lost. One without an answer counts as lost."""
    lost = [(stage, result) for stage, result in zip(stages, results, strict=True) if result.status not in refused]
    files: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for stage in stages:
        files[str(Path(stage.file).parent)][0] += 1
    for stage, _result in lost:
        files[str(Path(stage.file).parent)][1] += 1
    print(f"{'rules':<52}{'plain refuses':>14}{'ours lets pass':>15}")
    for name, (all_of_them, missed) in [*sorted(files.items()), ("all", (len(stages), len(lost)))]:
        print(f"{name:<52}{all_of_them:>14}{missed:>15}")
    if lost:
        print("\nlost:")
    for stage, result in lost:
        line = message(stage.input).partition(b"\r\n")[0].decode(errors="replace").encode("unicode_escape").decode()
        print(f"    {stage.title}: {result.status or result.error}: {line[:100]}")
    return len(lost) / len(stages)


def main() -> int:
    chosen = arguments()
    try:
        plain, ours = place(chosen.plain, chosen.host), place(chosen.ours, chosen.host)
        refused = frozenset(int(status) for status in chosen.refused.split(","))
        stages = read(chosen.tests)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for what, to in (("plain", plain), ("ours", ours)):
        (result,) = ask([Stage("harmless", "", HARMLESS)], to, chosen.host)
        if result.status is None or result.status in refused:
            print(f"{what}: a harmless request was answered with {result.status or result.error}: nothing can be learnt there", file=sys.stderr)
            return 2
    stopped = [stage for stage, result in zip(stages, ask(stages, plain, chosen.host), strict=True) if result.status == 403]
    print(f"{len(stages)} requests, of which the plain CRS refuses {len(stopped)}")
    if not stopped:
        print("a CRS that refuses none of them is none", file=sys.stderr)
        return 2
    share = report(stopped, ask(stopped, ours, chosen.host), refused)
    print(f"\n{share:.1%} lost; at most {MOST_LOST:.0%} may be")
    return 1 if share > MOST_LOST else 0


if __name__ == "__main__":
    sys.exit(main())
