# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m tests.benchmarks.waf: what the firewall costs. The hardened proxy without it, with it in detection and with it in blocking, in one run.

All of it runs in the container of the judge's proxy, which must be up and hardened: three copies of its live configuration that differ in the
firewall alone, a static httpd behind them, and ab. Modes alternate in each round, so that whatever else the machine does meets all of them. Ratios
travel between machines, rates do not; ab and the static httpd have their share of the processors in each mode, so the ratio of the proxy alone is
somewhat lower. A run of ab ends with its number of requests or after one second: all but the uploads take at most 150 seconds. p99 is the time
of a request on an open connection.
"""

from __future__ import annotations

import importlib
import random
import re
import shlex
import statistics
import subprocess
import sys
from typing import Any, NamedTuple

import yaml

from . import proxy as peer

# By name: mypy knows the folders below tests as packages of their own, python -m knows them as parts of tests.
corpus = importlib.import_module("tests.waf.corpus")

ROUNDS = 5
LEAST = 0.5


class Mode(NamedTuple):
    """http, https: the ports. engine: ModSecurity's word for it, empty where it is not there."""

    http: int
    https: int
    engine: str


MODES = {"off": Mode(9082, 9445, ""), "detection": Mode(9083, 9446, "DetectionOnly"), "blocking": Mode(9084, 9447, "On")}
ATTACK = "/?x=%3Cscript%3Ealert(1)%3C/script%3E"


class Kind(NamedTuple):
    """entries: of tests/waf. requests: of one round and mode, for each request of the entries. limit: seconds for these. least: the required ratio."""

    what: str
    group: str
    entries: list[dict[str, Any]]
    requests: int
    limit: int | None = 1
    connections: int = 8
    least: float = 0.0


class Figures(NamedTuple):
    """rate: requests a second; p99: milliseconds; requests: how many were measured."""

    rate: float
    p99: float
    requests: int


def small() -> list[dict[str, Any]]:
    batch = "/s/0123456789abcdef0123456789abcdef-CDN/-abc123/9120000/1ab2cd/0123456789abcdef0123456789abcdef/_/download/contextbatch/js/_super/batch.js"
    paths = [f"{batch}?locale=en-GB", "/rest/api/2/issue/ABC-1", "/secure/Dashboard.jspa", "/browse/ABC-1", "/secure/useravatar?size=small&avatarId=10122"]
    return [{"id": "jira-small", "path": path} for path in paths]


def searches() -> list[dict[str, Any]]:
    path = "/rest/api/2/search?jql={text}&startAt=0&maxResults=50&fields=summary,status,assignee"
    queries = [
        "project = ABC AND status in (Open, 'In Progress') ORDER BY updated DESC",
        'text ~ "can\'t log in" AND reporter = currentUser() AND created >= -7d',
    ]
    return [{"id": "jira-search", "path": path, "each": queries}]


def code(size: int) -> str:
    """So much of what people write, code and SQL among it; some characters more or less in bytes."""
    texts = "\n\n".join(corpus.read_texts(corpus.HERE / "texts.yml").values())
    return (texts * (size // len(texts) + 1))[:size]


def comment() -> list[dict[str, Any]]:
    form = {"atl_token": "B1AB-2CDE-3FGH-4IJK_0000000000000000000000000000000000000000_lin", "id": "10100", "comment": code(2000), "Add": "Add"}
    return [{"id": "jira-comment", "method": "POST", "path": "/secure/AddComment.jspa", "form": form}]


def page() -> list[dict[str, Any]]:
    """A page of 200 kB in Confluence's storage format."""
    macro = '<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:plain-text-body><![CDATA[%s]]></ac:plain-text-body></ac:structured-macro>'
    section = '<h2>Build &amp; release</h2><p>See <strong>all</strong> <a href="https://example.com/a?b=1&amp;c=2">steps</a>, don\'t skip one.</p>'
    part = section + macro % code(2000).replace("]]>", "]] >")
    value = part * (200_000 // len(part))
    body = {"id": "1", "type": "page", "title": "Build", "space": {"key": "DOC"}, "body": {"storage": {"value": value, "representation": "storage"}}}
    return [{"id": "confluence-page", "method": "PUT", "path": "/rest/api/content/1", "json": {**body, "version": {"number": 2}}}]


def bulk() -> list[dict[str, Any]]:
    """200 kB: 100 issues of 2 kB each."""
    text = code(200_000)
    fields = {"project": {"key": "ABC"}, "issuetype": {"name": "Bug"}, "labels": ["one", "two"]}
    issues = [{"fields": {**fields, "summary": f"Number {n} doesn't work", "description": text[n * 1800 : n * 1800 + 1800]}} for n in range(100)]
    return [{"id": "jira-bulk", "method": "POST", "path": "/rest/api/2/issue/bulk", "json": {"issueUpdates": issues}}]


def upload() -> list[dict[str, Any]]:
    part = {"name": "file", "filename": "build.zip", "type": "application/zip", "content": random.Random(1).randbytes(50_000_000)}
    path = "/rest/api/2/issue/ABC-1/attachments"
    return [{"id": "jira-upload", "method": "POST", "path": path, "headers": {"X-Atlassian-Token": "no-check"}, "multipart": [part]}]


def kinds() -> list[Kind]:
    return [
        Kind("small GETs", "jira_sites", small(), 600, least=LEAST),
        Kind("searches with JQL", "jira_sites", searches(), 500),
        Kind("form comment of 2 kB", "jira_sites", comment(), 1000),
        Kind("page of 200 kB, JSON", "confluence_sites", page(), 200),
        Kind("100 issues of 2 kB, JSON", "jira_sites", bulk(), 200),
        # As long as it takes: a second may be too short for one of them.
        Kind("upload of 50 MB", "jira_sites", upload(), 1, limit=None, connections=1),
    ]


# What stands behind the proxy takes what it is sent and answers every path; mod_rewrite, since a file takes no PUT.
BACKEND = f"""{peer.STATIC}
Include /etc/apache2/mods-available/rewrite.load
RewriteEngine On
RewriteCond %{{REQUEST_METHOD}} "=PUT"
RewriteRule ^ - [R=200,L]
RewriteRule ^ /root/bench/static/www/small [L]
"""
# Which requests are examined and how, for all sites of ours. The engine of the server stays off, and so do the words by which plain requests pass.
SWITCH = r"""
(
cd hardening-atlassian/current
grep -q 'setvar:tx.hardening_product=[a-z]*,.*ctl:ruleEngine=' server.d/waf-01.conf
sed -E -i 's/(setvar:tx\.hardening_product=[a-z]+,.*ctl:ruleEngine=)[A-Za-z]+/\1ENGINE/' server.d/waf-01.conf
sed -E -i 's/^SecRuleEngine .*/SecRuleEngine ENGINE/' site.d/*/waf-01.conf
sed -i 's#^SecAuditLog .*#SecAuditLog /root/bench/{name}/audit.log#' server.d/waf-03.conf
)
"""


def written(request: Any, proxy: str, host: str, number: int) -> str:
    """The end of ab's command line for a request as a browser sends it to the host at its usual port, and its body as a file in the container.

    ab writes HTTP/1.0 behind the path, which no browser does and the firewall would see. So the path goes on: with HTTP/1.1 and one header,
    whose value takes up ab's words.
    """
    headers = {name: value.replace("{site}", f"https://{host}").replace("{origin}", f"https://{host}") for name, value in request.headers}
    kind = headers.get("Content-Type")
    own = [f"{name}: {value}" for name, value in headers.items() if name not in ("Connection", "Content-Type", "Content-Length", "Accept-Language")]
    words = [word for header in [f"Host: {host}", *own] for word in ("-H", header)]
    if kind:
        words += ["-T", kind, "-u" if request.method == "PUT" else "-p", put(proxy, f"/root/bench/body{number}", request.body)]
    address = f"https://127.0.0.1:PORT{request.path} HTTP/1.1\r\nAccept-Language: {headers['Accept-Language']}"
    return shlex.join([*words, address])


def put(proxy: str, path: str, content: bytes) -> str:
    """Writes a file in the container. Its path."""
    command = [str(peer.LAB / "podman"), "exec", "-i", proxy, "sh", "-c", f"cat > {path}"]
    done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=60)
    if done.returncode:
        raise SystemExit(f"in {proxy}: {path} was not written: {done.stderr.decode(errors='replace')}")
    return path


def build(proxy: str) -> None:
    """Starts the static httpd and one copy of the proxy for each mode. SystemExit where the live configuration has no firewall."""
    folders = " ".join(f"/root/bench/{name}" for name in ["static/www", *MODES])
    peer.inside(proxy, f"rm -rf /root/bench; mkdir -p {folders} && chmod 755 /root /root/bench")
    peer.inside(proxy, "head -c 1000 /dev/urandom | base64 > /root/bench/static/www/small")
    if peer.inside(proxy, "[ -e /etc/apache2/hardening-atlassian/current/server.d/waf-01.conf ] || echo none"):
        raise SystemExit(f"{proxy} has no firewall: WAF-01 is off, or the proxy is not hardened yet")
    peer.inside(proxy, "cat > /root/bench/static.conf && apache2 -f /root/bench/static.conf -k start", BACKEND)
    for name, mode in MODES.items():
        change = SWITCH.replace("ENGINE", mode.engine) if mode.engine else peer.NO_FIREWALL
        peer.inside(proxy, peer.start_ours(name, mode.http, mode.https, change))


def measure(proxy: str, kind: Kind, port: int, commands: list[str]) -> Figures:
    """One round at one port. A request that fails or is answered otherwise than with 2xx ends the benchmark."""
    limit = f"-t {kind.limit}" if kind.limit else ""
    seconds, taken = 0.0, []
    for command in commands:
        # -t before -n, for it sets the number as well.
        words = f"ab -q -k {limit} -n {kind.requests} -c {kind.connections} -g /root/bench/times {command.replace('PORT', str(port), 1)}"
        out = peer.inside(proxy, f"{words} && cat /root/bench/times")
        found, failed = re.search(r"Time taken for tests:\s+([\d.]+)", out), re.search(r"Failed requests:\s+(\d+)", out)
        rows = [line.split("\t") for line in out.partition("starttime\t")[2].splitlines()[1:]]
        if "Non-2xx" in out or failed is None or failed[1] != "0" or found is None or not rows:
            raise SystemExit(f"requests failed at port {port}: {command}:\n{out}")
        seconds += float(found[1])
        taken += [int(row[3]) for row in rows]  # dtime: without the connection
    taken.sort()
    return Figures(len(taken) / seconds, taken[len(taken) * 99 // 100], len(taken))


def prove(proxy: str, host: str) -> None:
    """Each copy does with an attack what its mode says: figures of a firewall that is not there would be good ones."""
    for name, mode in MODES.items():
        log = f"/root/bench/{name}/audit.log"
        ask = f"ab -q -n 1 -H 'Host: {host}' 'https://127.0.0.1:{mode.https}{ATTACK}'"
        out = peer.inside(proxy, f"[ ! -f {log} ] || : > {log}; {ask}; ls -s /root/bench/{name}")
        refused, noted = "Non-2xx" in out, re.search(r"^ *[1-9]\d* audit\.log$", out, re.MULTILINE) is not None
        if (refused, noted) != (mode.engine == "On", mode.engine != ""):
            raise SystemExit(f"mode {name}: an attack at {host} was {'' if refused else 'not '}refused and {'' if noted else 'not '}noted:\n{out}")


def compare(proxy: str, kind: Kind, host: str) -> bool:
    """Measures one kind and prints it, a line for each mode. Whether it is as fast as it must be."""
    requests = [request for entry in kind.entries for request in corpus.expand(entry, "ordinary", "benchmark", {})]
    commands = [written(request, proxy, host, number) for number, request in enumerate(requests)]
    rounds = [{name: measure(proxy, kind, mode.https, commands) for name, mode in MODES.items()} for _round in range(ROUNDS)]
    good = True
    for name in MODES:
        rate, p99, number = (statistics.median(column) for column in zip(*(one[name] for one in rounds), strict=True))
        ratio = statistics.median(one[name].rate / one["off"].rate for one in rounds)
        print(f"{kind.what:<26} {name:<10} {rate:>8.4g}/s {p99:>7.0f} ms {ratio:>6.2f} {number:>9.0f}", flush=True)
        good = good and ratio >= kind.least
    return good


def main() -> None:
    judge = peer.LAB / "judge" / "hosts.yml"
    if not judge.exists():
        print("firewall benchmark left out: the lab is not up (make lab)")
        return
    groups = yaml.safe_load(judge.read_text())["all"]["children"]
    (proxy,) = groups["atlassian_proxies"]["hosts"]
    bad = []
    try:
        build(proxy)
        for group in ("jira_sites", "confluence_sites"):
            prove(proxy, peer.host_of(groups[group]))
        print(f"{'median of ' + str(ROUNDS) + ' rounds':<26} {'firewall':<10} {'rate':>10} {'p99':>10} {'ratio':>6} {'requests':>9}")
        for kind in kinds():
            bad += [] if compare(proxy, kind, peer.host_of(groups[kind.group])) else [f"{kind.what} (at least {kind.least} is wanted)"]
    finally:
        peer.remove(proxy)
    if bad:
        sys.exit(f"too slow with the firewall: {', '.join(bad)}")


if __name__ == "__main__":
    main()
