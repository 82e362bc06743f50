# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-02 judged by a real Tomcat behind the hardened proxy2: what did a path reach?

The servlet that answers says which path it was asked for. A refusal counts only if that servlet was not reached.
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
from lab_tests.spellings import SPELLINGS

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = ROOT / ".lab" / "judge" / "hosts.yml"
RULES = ROOT / "roles" / "apache_proxy" / "vars" / "admin_paths.yml"
DEFAULTS = ROOT / "roles" / "apache_proxy" / "defaults" / "main.yml"
STRANGER = Path(__file__).with_name("stranger.py")

# What ordinary people and programs ask for, beyond the examples of the rules.
ORDINARY = {
    "jira": [
        "/", "/browse/X-1", "/browse/ADMIN-1", "/secure/Dashboard.jspa", "/secure/Dashboard.jspa;jsessionid=0123456789ABCDEF",
        "/secure/attachment/10000/server.log", "/secure/useravatar?avatarId=1", "/rest/api/2/search?jql=a%3Db%3Bc", "/rest/api/2/myself",
        "/rest/auth/1/session", "/plugins/servlet/oauth/request-token", "/issues/?filter=-1", "/s/0/_/download/batch/a/a.js", "/status",
        "/projects/KEY/summary", "/secure/QuickCreateIssue!default.jspa", "/servicedesk/customer/portal/1",
    ],
    "confluence": [
        "/", "/display/KEY/Title", "/display/KEY/A;B", "/display/KEY/A%3BB", "/display/KEY/100%25", "/display/KEY/a+b%20c", "/display/~admin/admin",
        "/pages/viewpage.action?pageId=1", "/pages/viewpage.action;jsessionid=0123456789ABCDEF?pageId=1", "/rest/api/content/1", "/status",
        "/download/attachments/1/web.config", "/s/0/_/styles/colors.css", "/login.action", "/dologin.action", "/spaces/viewspace.action?key=ADMIN",
        "/plugins/servlet/oauth/access-token", "/rest/tinymce/1/macro/preview",
    ],
}  # fmt: skip


class Site(NamedTuple):
    product: str
    host: str
    context: str


class Case(NamedTuple):
    site: Site
    label: str
    path: str
    target: str


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


def rules(product: str) -> list[dict[str, Any]]:
    skipped = load(DEFAULTS)["apache_proxy_admin_rules_skipped"]
    return [rule for rule in load(RULES)["__apache_proxy_admin_rules"] if rule["product"] in (product, "both") and rule["id"] not in skipped]


def hostile_cases() -> list[Case]:
    return [
        Case(site, f"{rule['id']}, {label}", site.context + spell(path), path)
        for site in sites()
        for rule in rules(site.product)
        for path in rule["must_refuse"]
        for label, spell in SPELLINGS.items()
        if rule["id"] != "ambiguous" or label == "plain"
    ]


def ordinary_cases() -> list[Case]:
    return [
        Case(site, "ordinary", site.context + path, path)
        for site in sites()
        for path in [*ORDINARY[site.product], *(path for rule in rules(site.product) for path in rule["must_pass"])]
    ]


def proxy_address() -> str:
    return str(load(INVENTORY)["all"]["children"]["atlassian_proxies"]["hosts"]["proxy2"]["lab_address"])


def fire(cases: list[Case], command: list[str]) -> list[tuple[Case, int, str, str]]:
    """(case, status, marker, path that the servlet saw) for each case; the path is empty if no servlet was reached."""
    job = {"address": proxy_address(), "requests": [[case.site.host, "GET", case.path] for case in cases]}
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=300, check=True)
    found = []
    for case, (status, marker, body) in zip(cases, json.loads(done.stdout), strict=True):
        seen = ""
        if marker:
            answer = json.loads(body)
            seen = (answer["servletPath"] or "") + (answer["pathInfo"] or "")
        found.append((case, status, marker, seen))
    return found


def from_outside(cases: list[Case]) -> list[tuple[Case, int, str, str]]:
    code = STRANGER.read_text(encoding="utf-8")
    return fire(cases, [str(ROOT / ".lab" / "podman"), "exec", "-i", "outside1", "python3", "-c", code])


def from_controller(cases: list[Case]) -> list[tuple[Case, int, str, str]]:
    return fire(cases, [sys.executable, str(STRANGER)])


def reached(case: Case, seen: str) -> bool:
    """Whether the servlet saw the administrative path itself, also through the products' static prefix, in whatever case."""
    path = seen.lower().rstrip("/")
    path = path.rpartition("/_/")[2] if path.startswith("/s/") and "/_/" in path else path
    return "/" + path.strip("/") == case.target.lower().rstrip("/")


def test_there_are_enough_spellings() -> None:
    assert len({case.path for case in hostile_cases()}) >= 300


def test_a_stranger_never_reaches_the_administration() -> None:
    answers = from_outside(hostile_cases())
    through = [(case.site.host, case.label, case.path, seen) for case, _status, _marker, seen in answers if seen and reached(case, seen)]
    assert through == []
    refused = [case for case, status, _marker, _seen in answers if status == 403]
    assert len(refused) >= 0.85 * len(answers)


@pytest.mark.parametrize("label", ["plain", "parameter first", "double slash", "up with parameter", "encoded dot", "encoded semicolon", "upper case"])
def test_the_named_tricks_are_refused(label: str) -> None:
    cases = [case for case in hostile_cases() if case.label.endswith(f", {label}") and not case.label.startswith("ambiguous")]
    assert [(case.path, status) for case, status, _marker, _seen in from_outside(cases) if status != 403] == []


def test_an_administrator_is_served_inside_the_admin_networks() -> None:
    answers = from_controller([case for case in hostile_cases() if case.label.endswith(", plain") and not case.label.startswith("ambiguous")])
    assert [(case.path, status) for case, status, _marker, seen in answers if status != 200 or not reached(case, seen)] == []


def test_the_judge_sees_tricks_arrive_where_they_are_allowed() -> None:
    """From inside, the same spellings do reach the administration: the proof that they are tricks and that the judge notices."""
    answers = from_controller([case for case in hostile_cases() if "up with parameter" in case.label or "parameter everywhere" in case.label])
    assert answers
    assert [(case.path, status) for case, status, _marker, seen in answers if status != 200 or not reached(case, seen)] == []


def test_ordinary_people_are_served_everywhere() -> None:
    for look in (from_outside, from_controller):
        assert [(case.path, status) for case, status, marker, _seen in look(ordinary_cases()) if status != 200 or not marker] == []


def test_titles_arrive_unchanged() -> None:
    wanted = {"/display/KEY/A%3BB": "/display/KEY/A;B", "/display/KEY/100%25": "/display/KEY/100%", "/display/KEY/a+b%20c": "/display/KEY/a+b c"}
    cases = [case for case in ordinary_cases() if case.target in wanted]
    assert cases
    assert [(case.path, seen) for case, _status, _marker, seen in from_outside(cases) if seen != wanted[case.target]] == []


def test_unknown_names_get_no_application() -> None:
    case = Case(Site("jira", "nobody.example.test", ""), "unknown name", "/browse/X-1", "/browse/X-1")
    assert [(status, marker) for _case, status, marker, _seen in from_outside([case])] == [(404, "")]
