# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-02, -03, -04, -16 and -17 judged by a real Tomcat behind the hardened proxy2: what did a path reach?

The servlet that answers says which path it was asked for. A refusal counts only if no servlet was reached.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.parse
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils._refusals import CONTROLS, load_rules
from lab_tests.ordinary import ORDINARY, Ask
from lab_tests.spellings import PLACES, SPELLINGS

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = ROOT / ".lab" / "judge" / "hosts.yml"
STRANGER = Path(__file__).with_name("stranger.py")
SESSION = {"Cookie": "JSESSIONID=0123456789ABCDEF0123456789ABCDEF"}
OUTSIDE = ("PRX-02", "PRX-03", "PRX-16")


class Site(NamedTuple):
    product: str
    host: str
    context: str


class Case(NamedTuple):
    site: Site
    rule: str
    label: str
    path: str
    target: str
    method: str = "GET"
    more: dict[str, Any] = {}


class Seen(NamedTuple):
    """path: what the servlet was asked for; empty if none was reached, and then marker is too."""

    case: Case
    status: int
    marker: str
    path: str
    seconds: float

    @property
    def reached(self) -> bool:
        """Whether the servlet saw the path that was meant, also through the products' static prefix, in whatever case."""
        path = self.path.lower().rstrip("/")
        path = path.rpartition("/_/")[2] if path.startswith("/s/") and "/_/" in path else path
        return "/" + path.strip("/") == self.case.target.lower().rstrip("/")


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def sites() -> list[Site]:
    groups = load(INVENTORY)["all"]["children"]
    found = []
    for group, product in (("jira_sites", "jira"), ("confluence_sites", "confluence")):
        for host in groups[group]["hosts"].values():
            url = urllib.parse.urlsplit(host["atlassian_url"])
            found.append(Site(product, url.hostname or "", url.path.rstrip("/")))
    return found


def rules(control: str, product: str) -> list[dict[str, Any]]:
    """What is on by default."""
    return [rule for rule in load_rules() if rule["control"] == control and rule["product"] in (product, "both") and "optional" not in rule]


def plain(control: str) -> list[Case]:
    """Every example of every rule, as it stands."""
    return [
        Case(site, rule["id"], "plain", site.context + path, path)
        for site in sites()
        for rule in rules(control, site.product)
        for path in rule["must_refuse"]
    ]


def tricks(control: str) -> list[Case]:
    """One example of each rule in every spelling; rules about the spelling itself have only the one."""
    found = []
    for site in sites():
        for rule in rules(control, site.product):
            if "paths" not in rule and "actions" not in rule:
                continue
            for path in rule["must_refuse"][:1]:
                found += [Case(site, rule["id"], label, site.context + spell(path), path) for label, spell in SPELLINGS.items()]
                origin = f"https://{site.host}"
                found += [Case(site, rule["id"], label, place(origin, site.context, path), path) for label, place in PLACES.items()]
    return found


def ordinary_cases() -> list[Case]:
    """With a session, as ordinary people have one."""
    # Owners of spaces and projects are refused by choice here (PRX-03).
    by_choice = {path for site in sites() for rule in rules("PRX-03", site.product) for path in rule["must_refuse"]}
    found = []
    for site in sites():
        asks = [*ORDINARY[site.product], *(Ask(path) for control in CONTROLS for rule in rules(control, site.product) for path in rule["must_pass"])]
        found += [
            Case(site, "ordinary", ask.method, site.context + ask.path, ask.path, ask.method,
                 {**ask.more, "headers": {**SESSION, **ask.more.get("headers", {})}})
            for ask in asks
            if ask.path not in by_choice
        ]
    return found


def proxy_address() -> str:
    (proxy,) = load(INVENTORY)["all"]["children"]["atlassian_proxies"]["hosts"].values()
    return str(proxy["lab_address"])


def fire(cases: list[Case], command: list[str]) -> list[Seen]:
    job = {"address": proxy_address(), "requests": [[case.site.host, case.method, case.path, case.more] for case in cases]}
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=170, check=True)
    found = []
    for case, (status, marker, body, seconds) in zip(cases, json.loads(done.stdout), strict=True):
        path = ""
        if marker and case.method != "HEAD":
            answer = json.loads(body)
            path = (answer["servletPath"] or "") + (answer["pathInfo"] or "")
        found.append(Seen(case, status, marker, path, seconds))
    return found


def from_outside(cases: list[Case]) -> list[Seen]:
    code = STRANGER.read_text(encoding="utf-8")
    return fire(cases, [str(ROOT / ".lab" / "podman"), "exec", "-i", "outside1", "python3", "-c", code])


def from_controller(cases: list[Case]) -> list[Seen]:
    return fire(cases, [sys.executable, str(STRANGER)])


def through(answers: list[Seen]) -> list[tuple[str, str, str, str]]:
    return [(seen.case.site.host, seen.case.label, seen.case.path, seen.path) for seen in answers if seen.marker]


@pytest.mark.parametrize("control", CONTROLS)
def test_nobody_outside_reaches_what_a_control_refuses(control: str) -> None:
    answers = from_outside([*plain(control), *tricks(control)])
    assert len({(seen.case.site, seen.case.path) for seen in answers}) >= 300
    assert through(answers) == []
    # The rest is httpd's or Tomcat's own no to what is no valid path.
    assert {seen.status for seen in answers} <= {400, 403, 404}
    refused = [seen for seen in answers if seen.status == 403]
    assert len(refused) >= 0.85 * len(answers)


@pytest.mark.parametrize("control", CONTROLS)
def test_nobody_reaches_it_over_http2_either(control: str) -> None:
    """There httpd writes the line of the request itself, which the rules about spellings read."""
    cases = [case for case in [*plain(control), *tricks(control)] if case.path.startswith("/") and case.path.isprintable() and " " not in case.path]
    assert len({(case.site, case.path) for case in cases}) >= 250
    hosts = [f"resolve = {site.host}:443:{proxy_address()}" for site in sites()]
    urls = ['url = "https://{}{}"'.format(case.site.host, case.path.replace("\\", "\\\\").replace('"', '\\"')) for case in cases]
    tell = r'write-out = "\n@@ %{http_version} %{http_code} [%header{x-marker}]\n"'
    asked = "\n".join(["silent", "insecure", "http2", "path-as-is", "globoff", tell, *hosts, *urls])
    # curl's exit code is that of the last URL; what counts is one answer for each.
    curl = [str(ROOT / ".lab" / "podman"), "exec", "-i", "outside1", "curl", "--config", "-"]
    done = subprocess.run(curl, input=asked, capture_output=True, text=True, errors="replace", timeout=170, check=False)
    answers = [line.split() for line in done.stdout.splitlines() if line.startswith("@@ ")]
    assert len(answers) == len(cases), done.stderr
    assert {version for _sign, version, _status, _marker in answers} == {"2"}
    reached = [(case.site.host, case.label, case.path) for case, answer in zip(cases, answers, strict=True) if answer[3] != "[]"]
    assert reached == []
    assert {int(status) for _sign, _version, status, _marker in answers} <= {400, 403, 404}


@pytest.mark.parametrize("control", CONTROLS)
def test_examples_as_they_stand_are_refused_and_not_missing(control: str) -> None:
    answers = from_outside(plain(control))
    # An encoded slash is answered with 404, whatever stands around it.
    assert [(seen.case.path, seen.status) for seen in answers if seen.status != (404 if "%2f" in seen.case.path else 403)] == []


def test_a_stranger_never_reaches_the_administration() -> None:
    """Every path of administration, in the spellings that have opened such a rule before."""
    named = ["plain", "parameter first", "double slash", "up with parameter", "encoded dot", "encoded semicolon", "upper case"]
    cases = [
        Case(site, rule["id"], label, site.context + SPELLINGS[label](path), path)
        for site in sites()
        for rule in rules("PRX-02", site.product)
        for path in rule["must_refuse"]
        for label in named
        if "raw" not in rule
    ]
    assert len(cases) >= 300
    assert [(seen.case.path, seen.status) for seen in from_outside(cases) if seen.status != 403] == []


@pytest.mark.parametrize("control", OUTSIDE)
def test_an_administrator_is_served_inside_the_admin_networks(control: str) -> None:
    answers = from_controller([case for case in plain(control) if case.rule != "ambiguous"])
    assert answers
    assert [(seen.case.path, seen.status) for seen in answers if seen.status != 200 or not seen.reached] == []


def test_set_up_and_exploited_paths_are_refused_to_administrators_too() -> None:
    answers = from_controller(plain("PRX-04"))
    assert answers
    assert [(seen.case.path, seen.status) for seen in answers if seen.status != 403] == []


@pytest.mark.parametrize("header", [SESSION, {"Cookie": "a=b; seraph.confluence=1%3A2"}, {"Authorization": "Bearer 0123456789"}], ids=str)
def test_a_session_or_credentials_open_what_strangers_are_refused(header: dict[str, str]) -> None:
    answers = from_outside([case._replace(more={"headers": header}) for case in plain("PRX-17")])
    assert answers
    assert [(seen.case.path, seen.status) for seen in answers if seen.status != 200 or not seen.reached] == []


@pytest.mark.parametrize("label", ["dots everywhere", "double slashes everywhere", "all encoded", "up", "mixed encodings", "up out of REST with dots"])
def test_the_judge_sees_tricks_arrive_where_they_are_allowed(label: str) -> None:
    """From inside, the same spellings do reach the administration: the proof that they are tricks and that the judge notices."""
    spell = SPELLINGS.get(label, lambda path: "/rest/api/2/../../.." + path)
    cases = [Case(site, rule["id"], label, site.context + spell(path), path) for site in sites() for rule in rules("PRX-02", site.product)
             for path in rule["must_refuse"][:1] if rule["id"] != "ambiguous"]  # fmt: skip
    assert cases
    assert [(seen.case.path, seen.status) for seen in from_controller(cases) if seen.status != 200 or not seen.reached] == []


def test_ordinary_people_are_served_everywhere() -> None:
    cases = ordinary_cases()
    for product in ORDINARY:
        assert len({(case.site, case.method, case.path) for case in cases if case.site.product == product}) >= 300
    for look in (from_outside, from_controller):
        assert [(seen.case.method, seen.case.path, seen.status) for seen in look(cases) if seen.status != 200 or not seen.marker] == []


def test_titles_arrive_unchanged() -> None:
    wanted = {"/display/KEY/A%3BB": "/display/KEY/A;B", "/display/KEY/100%25": "/display/KEY/100%", "/display/KEY/a+b%20c": "/display/KEY/a+b c"}
    cases = [case for case in ordinary_cases() if case.target in wanted]
    assert {case.target for case in cases} == set(wanted)
    assert [(seen.case.path, seen.path) for seen in from_outside(cases) if seen.path != wanted[seen.case.target]] == []


@pytest.mark.parametrize("unit", ["/", ";", "/;", "/;a=b", "/..;", "/s/x/_", "%25", ".XmlBackup!", "a.", "/%2e", ";jsessionid=a"])
def test_a_hostile_path_costs_little_more_than_a_plain_one(unit: str) -> None:
    """Long paths of one kind against long plain ones, refused or served: no pattern may try every pair of places."""

    def best(path: str) -> float:
        return min(seen.seconds for site in sites() for seen in from_outside([Case(site, "", "", path, path)] * 12))

    # Tomcat takes 8 kB of headers altogether, so that the longest plain path it answers is a bit shorter.
    plain_path, hostile = "/" + "a" * 7799, ("/x" + unit * 7800)[:7800]
    assert best(hostile) < 4 * best(plain_path) + 0.005


def test_requests_without_a_host_get_no_application() -> None:
    """HTTP/1.0 needs no Host header; the virtual host for unknown names answers."""
    code = (
        "import socket, ssl, sys\n"
        "context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE\n"
        "raw = socket.create_connection((sys.argv[1], 443), timeout=20)\n"
        "with context.wrap_socket(raw) as secure:\n"
        "    secure.sendall(('GET ' + sys.argv[2] + ' HTTP/1.0\\r\\n\\r\\n').encode())\n"
        "    print(secure.makefile('rb').read().decode(errors='replace'))\n"
    )
    for path in ("/admin/x", "/browse/X-1", "/setup/setupadministrator.action"):
        command = [str(ROOT / ".lab" / "podman"), "exec", "outside1", "python3", "-c", code, proxy_address(), path]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        assert answer.split()[1] in ("403", "404"), answer
        assert "X-Marker" not in answer


def test_unknown_names_get_no_application() -> None:
    case = Case(Site("jira", "nobody.example.test", ""), "", "unknown name", "/browse/X-1", "/browse/X-1")
    assert [(seen.status, seen.marker) for seen in from_outside([case])] == [(404, "")]
