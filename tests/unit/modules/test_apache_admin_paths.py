# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The refusals of PRX-02 as rendered, read as httpd reads them: each rule against its own examples."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pytest
import yaml

ROLE = Path(__file__).resolve().parents[3] / "roles" / "apache_proxy"
RULES: list[dict[str, Any]] = yaml.safe_load((ROLE / "vars" / "admin_paths.yml").read_text(encoding="utf-8"))["__apache_proxy_admin_rules"]
CONDITION = re.compile(r'^RewriteCond (?P<subject>%\{\w+\}|expr) "(?P<negated>!?)(?P<pattern>.*?)"(?: \[NC\])?$')


class Refusal(NamedTuple):
    """One RewriteRule [F] with its conditions on path and method."""

    rule: str
    paths: list[tuple[bool, re.Pattern[str]]]
    methods: list[tuple[bool, re.Pattern[str]]]
    networks: list[str]

    def applies(self, path: str, method: str = "GET") -> bool:
        return all(bool(pattern.search(path)) != negated for negated, pattern in self.paths) and all(
            bool(pattern.search(method)) != negated for negated, pattern in self.methods
        )


def render(context: str, product: str, skipped: list[str]) -> str:
    environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["regex_escape"] = re.escape
    return environment.from_string((ROLE / "templates" / "prx-02.conf.j2").read_text(encoding="utf-8")).render(
        __apache_proxy_sites=[{"path": context, "product": product}],
        __apache_proxy_admin_rules=RULES,
        apache_proxy_admin_rules_skipped=skipped,
        atlassian_admin_networks=["192.0.2.0/24", "2001:db8:a::/48"],
        apache_proxy_admin_peers=["198.51.100.7"],
    )


def refusals(context: str, product: str, skipped: list[str] | None = None) -> list[Refusal]:
    found: list[Refusal] = []
    rule, paths, methods, networks = "", [], [], []
    for line in render(context, product, skipped or []).splitlines():
        if line.startswith("# ") and ": " in line:
            rule = line[2:].split(":")[0]
        elif condition := CONDITION.match(line):
            negated = bool(condition["negated"])
            if condition["subject"] == "%{REQUEST_URI}":
                paths.append((negated, re.compile(condition["pattern"], re.IGNORECASE)))
            elif condition["subject"] == "%{REQUEST_METHOD}":
                methods.append((negated, re.compile(condition["pattern"])))
            else:
                networks.append(condition["pattern"].strip())
        elif line == "RewriteRule ^ - [F]":
            found.append(Refusal(rule, paths, methods, networks))
            paths, methods, networks = [], [], []
    return found


def products(rule: dict[str, Any]) -> list[str]:
    return ["jira", "confluence"] if rule["product"] == "both" else [rule["product"]]


@pytest.mark.parametrize("context", ["", "/jira", "/a.b/c"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_each_rule_refuses_and_passes_its_examples(rule: dict[str, Any], context: str) -> None:
    for product in products(rule):
        active = refusals(context, product)
        own = [refusal for refusal in active if refusal.rule == rule["id"]]
        assert len(own) == 1
        assert [path for path in rule["must_refuse"] if not own[0].applies(context + path)] == []
        assert [(path, refusal.rule) for path in rule["must_pass"] for refusal in active if refusal.applies(context + path)] == []


def test_every_refusal_spares_the_admin_networks_of_both_families() -> None:
    for refusal in refusals("", "jira"):
        assert refusal.networks == ["(-R '192.0.2.0/24')", "(-R '2001:db8:a::/48')", "(-R '198.51.100.7')"]


@pytest.mark.parametrize(
    "path",
    ["/;a/admin", "/admin;a", "/admin%3ba/x", "//admin", "/ADMIN", "/;/;a=b/admin/x", "/s/1/_/admin", "/s/a/b/_/;x/admin", "/admin%2fx", "/%3bx/admin"],
)
def test_spellings_that_reach_the_patterns_are_refused_without_help(path: str) -> None:
    """What httpd's servlet mapping leaves over, and what it would leave if it were not there."""
    assert any(refusal.applies(path) for refusal in refusals("", "confluence"))
    assert any(refusal.applies("/wiki" + path) for refusal in refusals("/wiki", "confluence"))


def test_users_and_groups_can_be_read_but_not_written_from_outside() -> None:
    active = refusals("", "jira")
    for path in ("/rest/api/2/user", "/rest/api/latest/group/", "/rest/api/2/group/user", "/rest/api/2/user.json", "/rest/api/2/user/password"):
        assert not any(refusal.applies(path) for refusal in active)
        assert any(refusal.applies(path, "POST") and refusal.applies(path, "DELETE") for refusal in active)
    for path in ("/rest/api/2/user/properties/x", "/rest/api/2/user/columns", "/rest/api/2/user/properties/a.json"):
        assert not any(refusal.applies(path, "PUT") for refusal in active)


def test_skipped_rules_are_left_out() -> None:
    assert "jira-user-directory" in [refusal.rule for refusal in refusals("", "jira")]
    assert "jira-user-directory" not in [refusal.rule for refusal in refusals("", "jira", ["jira-user-directory"])]


@pytest.mark.parametrize("unit", ["/;a", "%2f%3b", "/s/_/_", ";a=b/", "/../;", "a!", "%3b%2f;x", "/", "/s/x/_", "admin", "/%2e%2e;"])
def test_no_path_makes_the_patterns_slow(unit: str) -> None:
    """8,190 bytes is the longest request line; a nested pattern would take minutes, or give up and let the path through."""
    path = ("/" + unit * 8190)[:8190]
    started = time.process_time()
    for product in ("jira", "confluence"):
        for refusal in refusals("/x", product):
            refusal.applies(path)
            refusal.applies("/x" + path)
    assert time.process_time() - started < 8


def test_every_rule_says_why_and_where_from() -> None:
    for rule in RULES:
        assert rule["reason"] and rule["source"] and rule["product"] in ("jira", "confluence", "both")
        assert len({"paths", "actions", "raw"} & set(rule)) == 1
    assert len({rule["id"] for rule in RULES}) == len(RULES)
