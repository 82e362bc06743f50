# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""F2B-01 to -03: the installed filters, judged by fail2ban-regex of both releases: each sample, hostile lines, long lines."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bans.samples import Sample, classic, samples
from lab_tests.banned import KNOCKER
from lab_tests.door import CLIENT, judges_door
from lab_tests.play import LAB, OLDER, inside, play

pytestmark = pytest.mark.lab

TAGS = "F2B-01,F2B-02,F2B-03,F2B-04"
SAMPLES = samples()
FILTERS = sorted({sample.filter for sample in SAMPLES})
# Searches one line many times with each expression of a jail, as the running server has them; prints seconds for each length.
TIMER = """
import json, sys, time
from fail2ban.server.failregex import FailRegex
job = json.load(sys.stdin)
expressions = [FailRegex(text, useDns="no") for text in job["expressions"]]
taken = []
for line in job["lines"]:
    best = None
    for _round in range(5):
        started = time.perf_counter()
        for _time in range(20):
            for expression in expressions:
                expression.search([(line[0], "", line[1])])
        seconds = time.perf_counter() - started
        best = seconds if best is None else min(best, seconds)
    taken.append(best)
print(json.dumps(taken))
"""


@pytest.fixture(scope="module", params=["newer", "older"] if os.environ.get("ALL_VERSIONS") else ["newer"])
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A proxy of each release (the older one with ALL_VERSIONS), with the filters of all jails installed, that of Jira's log too."""
    request.getfixturevalue("judge" if request.param == "newer" else "older")
    logs = {"fail2ban_atlassian_jira_security_logs": ["/var/log/atlassian-jira-security.log"], "fail2ban_atlassian_never_banned": ["192.0.2.1"]}
    jira = ["--tags", TAGS, "-e", json.dumps(logs)]
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "newer":
        door = judges_door()
        door.play(folder, *jira)
        yield door.proxy
        door.play(folder, "--tags", TAGS)
        return
    run = play(folder, "--limit", "atlassian_proxies", *jira, inventory=OLDER)
    assert run.code == 0, run.output[-3000:]
    (name,) = {row["target"] for row in run.report["rows"] if row["control"] == "F2B-01" and row["settings"]}
    yield name


def put(host: str, name: str, text: str) -> str:
    path = f"/tmp/{name}"
    subprocess.run([str(LAB / "podman"), "exec", "-i", host, "sh", "-c", f"cat > {path}"], input=text, text=True, check=True)
    return path


def counted(host: str, path: str, wanted: str) -> list[tuple[str, str]]:
    """[(address, line)] that a filter counts in a log."""
    out = inside(host, "fail2ban-regex", "--no-check-all", "--out", "<ip> <matches>", path, wanted)
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in out.splitlines()]


@pytest.mark.parametrize("wanted", FILTERS)
def test_f2b_every_sample_is_counted_for_its_address_or_not_at_all(host: str, wanted: str) -> None:
    mine = [sample for sample in SAMPLES if sample.filter == wanted]
    path = put(host, f"{wanted}.log", "".join(f"{sample.line}\n" for sample in mine))
    found = counted(host, path, wanted)
    assert found == [(sample.ban, sample.line) for sample in mine if sample.ban]


def test_f2b_no_filter_counts_what_is_another_ones(host: str) -> None:
    """Every line through every filter: only its own may count it, but for what two filters share on purpose (none)."""
    everything = put(host, "everything.log", "".join(f"{sample.line}\n" for sample in SAMPLES))
    for wanted in FILTERS:
        assert counted(host, everything, wanted) == [(sample.ban, sample.line) for sample in SAMPLES if sample.ban and sample.filter == wanted]


PIECES = [
    "203.0.113.66", "2001:db8::66", "198.51.100.66 - - [26/Nov/2026:10:00:00 +0000]", '"', '\\"', "\\", "[", "]", "{", "}", ",", "%20", "'",
    "login=AUTHENTICATED_FAILED", "attempt=form",
    "answer=backend", "network=-", '","client":"203.0.113.66"', '"POST /login.jsp HTTP/1.1" 401 1', "refused=PRX-04 answer=-",
    "vhost=a peer=b", "<HOST>", "has FAILED authentication",
    "session=- refused=- answer=backend network=- ", "websudo=-", '"login":"AUTHENTICATED_FAILED","attempt":"form"', "-", " ", "x", "ä", "\\x22", "\x7f",
]  # fmt: skip


def hostile(number: int) -> list[dict[str, str] | str | None]:
    """A request whose path, agent, referer and user name are made of pieces of log lines. Seeded: the same each time."""
    dice = random.Random(number)

    def text() -> str:
        return "".join(dice.choice(PIECES) for _piece in range(dice.randint(1, 12)))

    path = "/" + text().replace(" ", "%20").replace("\x7f", "").replace("#", "").encode("ascii", "ignore").decode()
    headers = {name: text().encode("ascii", "ignore").decode().replace("\x7f", "") for name in ("User-Agent", "Referer", "X-Forwarded-For")}
    return ["GET", path, headers, None]


def test_f2b_a_thousand_hostile_requests_ban_nobody(judge: None, tmp_path: Path) -> None:
    """Sent to a real httpd, whose log is then judged: no attempt was made, so that nobody may be counted, least of all an address that was written there."""
    door = judges_door()
    before = len(door.log())
    job = {"address": door.address, "port": 443, "requests": [[own_address(), door.host, *hostile(number)] for number in range(1000)]}
    subprocess.run(
        [str(LAB / "podman"), "exec", "-i", CLIENT, "python3", "-c", KNOCKER], input=json.dumps(job), capture_output=True, text=True, check=True, timeout=300
    )
    lines = door.log()[before:]
    assert len(lines) >= 990, "httpd logs each request, but for those that are none"
    written = put(door.proxy, "hostile.log", "".join(f"{line}\n" for line in lines))
    assert "203.0.113.66" in inside(door.proxy, "cat", written)
    for wanted in ("atlassian-login", "atlassian-jira-security", "atlassian-repeat"):
        if inside(door.proxy, "sh", "-c", f"ls /etc/fail2ban/filter.d/{wanted}.conf || true"):
            assert counted(door.proxy, written, wanted) == []
    assert {address for address, _line in counted(door.proxy, written, "atlassian-refused")} <= {own_address()}


def own_address() -> str:
    return inside(CLIENT, "sh", "-c", "ip -4 -o address show dev eth0 primary | head -1 | sed 's/.*inet \\([0-9.]*\\).*/\\1/'").strip()


def test_f2b_a_thousand_crafted_lines_count_their_own_address_only(host: str) -> None:
    """Lines as httpd writes them, of failed log-ins, with other addresses in every text."""
    lines = []
    for number in range(1000):
        _method, path, headers, _body = hostile(number)
        assert isinstance(path, str) and isinstance(headers, dict)
        escaped = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in {"path": path, **headers}.items()}
        line = classic(f"$C POST /PATH 200 login=AUTHENTICATED_FAILED attempt=form user=198.51.100.{number % 250}")
        line = line.replace("/PATH", escaped["path"]).replace(' 512 "-" "-" ', f' 512 "{escaped["Referer"]}" "{escaped["User-Agent"]}" ')
        lines.append(line)
    found = counted(host, put(host, "crafted.log", "".join(f"{line}\n" for line in lines)), "atlassian-login")
    assert [address for address, _line in found] == ["203.0.113.9"] * 1000


@pytest.mark.parametrize("filler", ["AUTHENTICATED_FAILED,", "x", '\\"', "\\\\", " ", '" "', "203.0.113.66 ", "login=- ", "%20", '","'])
@pytest.mark.parametrize("jail", ["atlassian-login", "atlassian-probing", "atlassian-jira-security", "atlassian-repeat"])
def test_f2b_long_lines_are_read_in_linear_time(host: str, jail: str, filler: str) -> None:
    """1, 2, 4 and 8 kB of what an expression might try in many ways: twice the length may take about twice the time."""
    listed = inside(host, "fail2ban-client", "get", jail, "failregex")
    expressions = [line.partition("]: ")[2] for line in listed.splitlines() if "]: " in line]
    assert expressions
    starts = {"atlassian-jira-security": " http-1 anonymous 1x1x1 - 203.0.113.9 /x The user '", "atlassian-repeat": " fail2ban.actions [1]: NOTICE  ["}
    # The login reason is the only text that two parts of an expression could share among them.
    reason = '203.0.113.9 - - [] "GET / HTTP/1.1" 200 1 "-" "-" vhost=a peer=b login='
    start = starts.get(jail, reason if filler.startswith("AUTH") else '203.0.113.9 - - [] "GET /')
    lines = [["", start + (filler * size)[:size]] for size in (1024, 2048, 4096, 8192)]
    done = subprocess.run(
        [str(LAB / "podman"), "exec", "-i", host, "python3", "-c", TIMER], input=json.dumps({"expressions": expressions, "lines": lines}), capture_output=True,
        text=True, check=True, timeout=120,
    )  # fmt: skip
    one, _two, _four, eight = json.loads(done.stdout)
    # Eight times the length; quadratic would be sixty-four times. The fixed part of a search makes the ratio smaller, never greater.
    assert eight < 24 * one, (one, eight)


def test_the_samples_cover_each_filter_of_ours(host: str) -> None:
    installed = inside(host, "sh", "-c", "cd /etc/fail2ban/filter.d; ls atlassian-*.conf").split()
    assert [name.removesuffix(".conf") for name in installed] == FILTERS
    assert all(any(sample.ban for sample in SAMPLES if sample.filter == name) for name in FILTERS)
    assert isinstance(SAMPLES[0], Sample)
