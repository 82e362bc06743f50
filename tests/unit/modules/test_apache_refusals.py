# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals as rendered, read as httpd reads them: each rule against its own examples, for every control that refuses by rules."""

from __future__ import annotations

import functools
import re
import time
import urllib.parse
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pytest
import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils._refusals import CONTROLS, load_rules, vars_file

ROLE = Path(__file__).resolve().parents[3] / "roles" / "apache_proxy"
RULES = list(load_rules())
SHARED: dict[str, Any] = yaml.safe_load((ROLE / "vars" / "main" / "refusals.yml").read_text(encoding="utf-8"))
FREE_TEXT: list[str] = yaml.safe_load(vars_file("PRX-04").read_text(encoding="utf-8"))["__apache_proxy_free_text"]
COOKIES: list[str] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))["apache_proxy_session_cookies"]
# What else would have to be skipped for ordinary examples: a choice of policy, and pages that ask for a session.
BY_CHOICE = ("PRX-03", "PRX-17")
CONDITION = re.compile(r'^RewriteCond (?P<subject>%\{[\w:]+\}|expr) "(?P<negated>!?)(?P<pattern>.*?)"(?P<any_case> \[NC\])?$')


class Request(NamedTuple):
    path: str
    method: str = "GET"
    cookie: str = ""
    authorization: str = ""

    def value(self, subject: str) -> str:
        """What httpd tests. The path is handed over as it is: what the servlet mapping would take away is still there."""
        return {
            "%{REQUEST_URI}": self.path.partition("?")[0],
            "%{THE_REQUEST}": f"{self.method} {self.path} HTTP/1.1",
            "%{REQUEST_METHOD}": self.method,
            "%{HTTP:Cookie}": self.cookie,
            "%{HTTP:Authorization}": self.authorization,
        }[subject]


class Refusal(NamedTuple):
    """One RewriteRule [F] with its conditions."""

    rule: str
    conditions: list[tuple[str, bool, re.Pattern[str]]]
    networks: list[str]

    def applies(self, request: Request | str) -> bool:
        asked = Request(request) if isinstance(request, str) else request
        return all(bool(pattern.search(asked.value(subject))) != negated for subject, negated, pattern in self.conditions)


def site(context: str, product: str) -> dict[str, str]:
    return {"path": context, "product": product}


@functools.cache
def template() -> jinja2.Template:
    environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["regex_escape"] = re.escape
    return environment.from_string((ROLE / "templates" / "refusals.conf.j2").read_text(encoding="utf-8"))


def render(sites: list[dict[str, str]], control: str, rules: list[dict[str, Any]]) -> str:
    return template().render(
        __apache_proxy_sites=sites,
        __apache_proxy_control=control,
        __apache_proxy_rules=rules,
        __apache_proxy_refused_to=SHARED["__apache_proxy_refused_to"],
        __apache_proxy_free_text=FREE_TEXT,
        apache_proxy_session_cookies=COOKIES,
        atlassian_admin_networks=["192.0.2.0/24", "2001:db8:a::/48"],
        apache_proxy_admin_peers=["198.51.100.7"],
    )


def refusals(sites: list[dict[str, str]], controls: tuple[str, ...] = CONTROLS, rules: list[dict[str, Any]] | None = None) -> list[Refusal]:
    found: list[Refusal] = []
    for control in controls:
        rule, conditions, networks = "", [], []
        for line in render(sites, control, RULES if rules is None else rules).splitlines():
            if line.startswith("# ") and ": " in line:
                rule = line[2:].split(":")[0]
            elif condition := CONDITION.match(line):
                if condition["subject"] == "expr":
                    networks.append(condition["pattern"].strip())
                else:
                    flags = re.IGNORECASE if condition["any_case"] else 0
                    conditions.append((condition["subject"], bool(condition["negated"]), re.compile(condition["pattern"], flags)))
            elif re.fullmatch(r"RewriteRule \^ - \[F,E=hardening_refused:[A-Z]+-\d\d\]", line):
                found.append(Refusal(rule, conditions, networks))
                conditions, networks = [], []
            else:
                assert line in ("", "RewriteEngine On") or line.startswith("# "), line
    return found


def as_read(path: str) -> str:
    """The path with unreserved characters decoded, as httpd hands it to its rules."""
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)) if re.match(r"[\w.~-]", chr(int(m[1], 16)), re.ASCII) else m[0], path)


def products(rule: dict[str, Any]) -> list[str]:
    return ["jira", "confluence"] if rule["product"] == "both" else [rule["product"]]


@pytest.mark.parametrize("context", ["", "/jira", "/a.b/c"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_each_rule_refuses_and_passes_its_examples(rule: dict[str, Any], context: str) -> None:
    examples = rule["must_refuse"], rule["must_pass"]
    for product in products(rule):
        own = [refusal for refusal in refusals([site(context, product)], (rule["control"],)) if refusal.rule == rule["id"]]
        assert len(own) == 1
        assert [path for path in examples[0] if not (own[0].applies(context + path) or own[0].applies(context + as_read(path)))] == []
        controls = tuple(control for control in CONTROLS if control not in BY_CHOICE or control == rule["control"])
        # What is off by default may well refuse what another rule leaves open.
        rules = [other for other in RULES if "optional" not in other or other is rule]
        active = refusals([site(context, product)], controls, rules)
        assert [(path, refusal.rule) for path in examples[1] for refusal in active if refusal.applies(context + path)] == []


@pytest.mark.parametrize("control", ["PRX-02", "PRX-03", "PRX-16"])
@pytest.mark.parametrize("product", ["jira", "confluence"])
def test_what_is_refused_outside_spares_the_admin_networks_of_both_families(control: str, product: str) -> None:
    found = refusals([site("", product)], (control,))
    assert found
    for refusal in found:
        assert refusal.networks == ["(-R '192.0.2.0/24')", "(-R '2001:db8:a::/48')", "(-R '198.51.100.7')"]


def test_what_is_exploited_is_refused_to_everybody() -> None:
    found = refusals([site("", "jira")], ("PRX-04",))
    assert found
    assert {subject for refusal in found for subject, _negated, _pattern in refusal.conditions} == {"%{REQUEST_URI}", "%{THE_REQUEST}"}
    assert [refusal.networks for refusal in found if refusal.networks] == []


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        (Request("/rest/api/2/user/picker"), True),
        (Request("/rest/api/2/user/picker", cookie="JSESSIONID=0123456789ABCDEF"), False),
        (Request("/rest/api/2/user/picker", cookie="a=b; seraph.rememberme.cookie=1%3Aabc"), False),
        (Request("/rest/api/2/user/picker", cookie="a=b, JSESSIONID=0"), False),
        (Request("/rest/api/2/user/picker", cookie="XJSESSIONID=1"), True),
        (Request("/rest/api/2/user/picker", cookie="seraphXrememberme.cookie=1"), True),
        (Request("/rest/api/2/user/picker", cookie="atlassian.xsrf.token=abc"), True),
        (Request("/rest/api/2/user/picker", authorization="Bearer abc"), False),
    ],
)
def test_a_session_or_credentials_pass_the_barrier_for_strangers(request_: Request, refused: bool) -> None:
    assert any(refusal.applies(request_) for refusal in refusals([site("", "jira")], ("PRX-17",))) == refused


@pytest.mark.parametrize(
    "path",
    ["/;a/admin", "/admin;a", "/admin%3ba/x", "//admin", "/ADMIN", "/;/;a=b/admin/x", "/s/1/_/admin", "/s/a/b/_/;x/admin", "/admin%2fx", "/%3bx/admin",
     "/s/a/_/s/b/_/admin", "/s/a/_/admin/_/x", "/admin%00", "/admin%3fx", "/admin%20"],
)  # fmt: skip
def test_spellings_that_reach_the_patterns_are_refused_without_help(path: str) -> None:
    """What httpd's servlet mapping leaves over, and what it would leave if it were not there."""
    assert any(refusal.applies(path) for refusal in refusals([site("", "confluence")], ("PRX-02",)))
    assert any(refusal.applies("/wiki" + path) for refusal in refusals([site("/wiki", "confluence")], ("PRX-02",)))


def test_users_and_groups_can_be_read_but_not_written_from_outside() -> None:
    active = refusals([site("", "jira")], ("PRX-02",))
    for path in ("/rest/api/2/user", "/rest/api/latest/group/", "/rest/api/2/group/user", "/rest/api/2/user.json", "/rest/api/2/user/password"):
        assert not any(refusal.applies(path) for refusal in active)
        assert any(refusal.applies(Request(path, "POST")) and refusal.applies(Request(path, "DELETE")) for refusal in active)
    for path in ("/rest/api/2/user/properties/x", "/rest/api/2/user/columns", "/rest/api/2/user/properties/a.json"):
        assert not any(refusal.applies(Request(path, "PUT")) for refusal in active)


@pytest.mark.parametrize("title", ["A;B", "A;jsessionid=x;y", "50%2550", "A%3BB", "WEB-INF", "What%3F", "C%23", "a...", "%EF%BC%8F", "x;.html"])
def test_titles_of_one_product_stay_reachable_beside_the_other(title: str) -> None:
    """Two sites on one host name: the rule of one must not meet the titles of the other."""
    for sites in ([site("/jira", "jira"), site("/wiki", "confluence")], [site("", "jira"), site("/wiki", "confluence")]):
        active = refusals(sites, ("PRX-02", "PRX-04", "PRX-16"), [rule for rule in RULES if "optional" not in rule])
        assert [refusal.rule for refusal in active if refusal.applies(f"/wiki/display/KEY/{title}")] == []
        assert any(refusal.applies(f"{sites[0]['path']}/projects/{title}") for refusal in active)


def test_a_place_for_titles_does_not_open_under_the_static_prefix() -> None:
    active = refusals([site("", "confluence")], ("PRX-04",))
    for path in ("/s/x/_/display/KEY/WEB-INF/web.xml", "/s/x/_/display/KEY/a;b", "/s/x/_/display/KEY/x.vm"):
        assert any(refusal.applies(path) for refusal in active), path


def test_what_stands_in_the_query_is_not_the_proxys_business() -> None:
    query = "?jql=" + urllib.parse.quote("text ~ \"${x};%2e%2e WEB-INF\" AND x = 'a\\b'") + "&x=;..;/admin"
    active = refusals([site("", "jira")], ("PRX-02", "PRX-04", "PRX-16"))
    assert [refusal.rule for refusal in active if refusal.applies("/rest/api/2/search" + query)] == []


def test_rules_of_the_operator_are_rendered_as_the_role_s_own() -> None:
    rule = {"id": "own", "control": "PRX-16", "product": "jira", "reason": "no need", "paths": ["/plugins/servlet/*/old"], "must_refuse": ["/x"]}
    (own,) = [refusal for refusal in refusals([site("/jira", "jira")], ("PRX-16",), [*RULES, rule]) if refusal.rule == "own"]
    assert own.applies("/jira/plugins/servlet/any/old/x")
    assert not own.applies("/jira/plugins/servlet/old")
    assert "own" not in [refusal.rule for refusal in refusals([site("", "confluence")], ("PRX-16",), [*RULES, rule])]


@pytest.mark.parametrize(
    "unit",
    ["/;a", "%2f%3b", "/s/_/_", ";a=b/", "/../;", "a!", "%3b%2f;x", "/", ";", "/s/x/_", "admin", "/%2e%2e;", ".XmlBackup!", ".EditUser", "/s/x/_/admi", "%25",
     "%24", "%252", ";jsessionid=a", "a.", "/web-inf", "%ef%b", "/s/_", ".ProjectImport", "/display/"],
)  # fmt: skip
def test_no_path_makes_the_patterns_slow(unit: str) -> None:
    """8,190 bytes is the longest request line; a nested pattern would take minutes, or give up and let the path through.

    Twice the length may take twice the time, three times for noise; a pattern that tries every pair of places takes four times.
    """
    active = [refusal for product in ("jira", "confluence") for refusal in refusals([site("/x", product)])]

    def seconds(length: int) -> float:
        path = ("/" + unit * length)[:length]
        best = 60.0
        for _attempt in range(2):
            started = time.process_time()
            for refusal in active:
                refusal.applies(path)
                refusal.applies("/x" + path)
            best = min(best, time.process_time() - started)
        return best

    whole = seconds(8190)
    assert whole < 8
    assert whole < 3 * seconds(4095) + 0.05


def test_every_rule_says_why_and_where_from() -> None:
    for rule in RULES:
        assert rule["reason"] and rule["source"] and rule["product"] in ("jira", "confluence", "both")
        assert len({"paths", "actions", "raw", "sent"} & set(rule)) == 1
        assert rule["control"] in CONTROLS
        assert rule["must_refuse"] or "methods_open" in rule, f"{rule['id']}: nothing proves it"
    assert len({rule["id"] for rule in RULES}) == len(RULES)
