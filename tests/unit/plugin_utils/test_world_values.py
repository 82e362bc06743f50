# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a role would refuse are refused before any host is touched, in Ansible's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import SECRETS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import ROLES_PATH, known_variables, role_options
from ansible_collections.hardening.atlassian.plugins.plugin_utils._role_values import ROLE_GROUPS, Complaints, check_role_values
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

TOKEN = "NjQyOTcxNTYwMzgzOnRoaXMgaXMgYSB0ZXN0"
SITE = {
    "atlassian_url": "https://jira.example.com",
    "atlassian_backends": [{"url": "http://node1.example.com:8080", "node": "node1"}],
    "atlassian_api_token": TOKEN,
}
GROUPS = {"atlassian_proxies": ["proxy1", "proxy2"], "jira_sites": ["jira"], "jira_nodes": ["node1"]}


class Templates(dict[str, Any]):
    """Host variables of which some cannot be templated, or must not be read."""

    def __init__(self, values: Mapping[str, Any], *broken: str) -> None:
        super().__init__(values)
        self._broken = broken

    def __getitem__(self, name: str) -> Any:
        if name in self._broken:
            raise AnsibleUndefinedVariable(f"object of type 'dict' has no attribute 'default_ipv4' near {TOKEN}")
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        return name in self._broken or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from self._broken


def problems(group: str, **variables: Any) -> list[str]:
    """Of an inventory in which the hosts of one group have these variables, and their words go nowhere else."""
    hosts: dict[str, Mapping[str, Any]] = {"proxy1": {}, "proxy2": {}, "jira": SITE, "node1": {}}
    for name in hosts if group == "all" else GROUPS[group]:
        hosts[name] = {**hosts[name], **variables}
    result = examine(hosts, {**GROUPS, "all": list(hosts)}, load(), known_variables())
    assert TOKEN not in repr(result)
    found = result["problems"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("group", "variable", "value", "begins", "words"),
    [
        ("atlassian_proxies", "apache_waf_mode", "block", "proxy1, proxy2: apache_waf_mode would stop the role apache_waf: ", "off, detection, blocking"),
        ("atlassian_proxies", "apache_proxy_cookie_samesite", "lax", "proxy1, proxy2: ", "must be one of: product, Lax, Strict, None, got: lax"),
        ("atlassian_proxies", "fail2ban_atlassian_ban_at", "nftables", "proxy1, proxy2: ", "must be one of: auto, firewall, proxy, got: nftables"),
        ("atlassian_proxies", "apache_proxy_error_statuses", ["5xx"], "proxy1, proxy2: ", "cannot be converted to an int"),
        ("atlassian_proxies", "apache_tls_certificates", ["a"], "proxy1, proxy2: ", "unable to convert to dict"),
        ("jira_nodes", "fail2ban_atlassian_window", "10m", "node1: fail2ban_atlassian_window would stop the role fail2ban_atlassian: ", "to an int"),
        ("jira_sites", "jira_hardening_replace_with", "loggedin", "jira: ", "must be one of: logged_in, none, report, got: loggedin"),
        ("jira_sites", "jira_hardening_keep_grants", [{"scheme": "x"}], "jira: ", "missing required arguments: permission"),
        ("jira_sites", "jira_hardening_keep_grants", [{"scheme": "x", "permission": "y", "z": 1}], "jira: ", "z"),
        ("jira_sites", "jira_hardening_keep_grants", [{1: "x", "z": 1}], "jira: jira_hardening_keep_grants would stop the role jira_hardening: ", ""),
        ("jira_sites", "atlassian_timeout", "30s", "jira: atlassian_timeout would stop the role atlassian: ", "cannot be converted to an int"),
        ("all", "atlassian_read_only", "ja", "jira, node1, proxy1 and 1 more: atlassian_read_only would stop ", "'ja' is not a valid boolean"),
    ],
)  # fmt: skip
def test_a_value_that_a_role_refuses(group: str, variable: str, value: object, begins: str, words: str) -> None:
    (found,) = problems(group, **{variable: value})
    assert found.startswith(begins)
    assert words in found
    assert "Valid booleans" not in found


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("apache_waf_mode", False),  # YAML's off
        ("apache_waf_mode", None),
        ("apache_waf_paranoia", "2"),
        ("apache_proxy_timeout", "60"),
        ("apache_proxy_error_contact", 7),
        ("apache_proxy_error_texts", {403: {"text": "x"}}),
        ("apache_proxy_client_certificates", False),
    ],
)
def test_a_value_that_ansible_turns_into_the_right_one_is_fine(variable: str, value: object) -> None:
    assert problems("atlassian_proxies", **{variable: value}) == []


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("apache_waf_pass_plain", "no", """a bool is needed; on the command line write it as JSON, like -e '{"apache_waf_pass_plain": false}'"""),
        ("apache_tls_acme_challenges", "http-01", """a list is needed; on the command line write it as JSON, like -e '{"apache_tls_acme_challenges": ["a","""),
        ("apache_proxy_error_texts", '{"403": {}}', "a dict is needed"),
    ],
)
def test_a_text_that_a_role_would_take_as_it_is_is_refused(variable: str, value: str, words: str) -> None:
    """Ansible lets it pass, and a template reads "false" as true."""
    (found,) = problems("atlassian_proxies", **{variable: value})
    assert f"{variable} would stop the role" in found and f"it is a text where {words}" in found


def test_what_our_own_role_reads_from_the_command_line_may_be_a_text() -> None:
    assert problems("all", atlassian_read_only="true", atlassian_report_formats="json,html") == []


def test_only_roles_that_run_there_are_asked() -> None:
    assert problems("all", jira_hardening_replace_with="loggedin")[0].startswith("jira: ")
    assert problems("all", apache_waf_mode="block")[0].startswith("proxy1, proxy2: ")


@pytest.mark.parametrize(
    ("group", "variable", "value"),
    [
        ("all", "atlassian_admin_networks", 7),
        ("all", "atlassian_controls", ["x"]),
        ("all", "atlassian_accepted_risks", 7),
        ("all", "atlassian_attestations", 7),
        ("all", "atlassian_exposure", "lan"),
        ("all", "atlassian_report_formats", ["pdf"]),
        ("all", "atlassian_drift_threshold", "x"),
        ("jira_sites", "atlassian_backends", "http://node1:8080"),
        ("jira_sites", "atlassian_waf_mode", "block"),
        ("jira_sites", "atlassian_waf_paranoia", 3),
        ("jira_sites", "atlassian_synchrony", "http://node1:8091"),
        ("atlassian_proxies", "apache_proxy_rules_skipped", 7),
        ("atlassian_proxies", "apache_proxy_rules_extra", ["x"]),
        ("atlassian_proxies", "apache_waf_exclusions", [{"id": "x", "product": "jira", "reason": "x", "paths": 7}]),
    ],
)
def test_what_was_said_in_better_words_is_not_said_again(group: str, variable: str, value: object) -> None:
    found = problems(group, **{variable: value})
    assert found and "would stop" not in repr(found)


def options(**specification: Any) -> dict[str, dict[str, dict[str, Any]]]:
    return {"apache_waf": specification}


def refused(variables: Mapping[str, Any], specifications: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    complaints = Complaints()
    check_role_values("proxy1", variables, ["atlassian_proxies"], specifications, complaints)
    return complaints.sentences()


def test_a_value_that_cannot_be_templated_yet_is_left_to_the_role() -> None:
    specifications = options(a={"type": "int"}, b={"type": "int"}, c={"type": "list", "elements": "int"})
    assert refused(Templates({"b": "x"}, "a", "c"), specifications) == refused({"b": "x"}, specifications) != []


@pytest.mark.parametrize("name", [*sorted(SECRETS), "apache_waf_api_token", "apache_waf_password"])
def test_a_secret_is_not_read(name: str) -> None:
    class Unread(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise AssertionError(key)

    assert refused(Unread({name: TOKEN}), options(**{name: {"type": "int"}})) == []


def test_a_secret_inside_a_value_is_not_quoted() -> None:
    where = {"type": "list", "elements": "dict", "options": {"password": {"type": "int"}, "port": {"type": "int"}}}
    for specification in (where, {"type": "dict", "options": {"deeper": where}}, {"type": "int", "no_log": True}):
        value: Any = [{"password": TOKEN}] if specification is where else {"deeper": [{"password": TOKEN}]} if "options" in specification else TOKEN
        assert refused({"x": value}, options(x=specification)) == [
            "proxy1: x would stop the role apache_waf: the details are withheld, since it holds a secret"
        ]
    (found,) = refused({"x": f"https://joe:{TOKEN}@jira.example.com"}, options(x={"type": "str", "choices": ["a"]}))
    assert TOKEN not in found and "https://***@jira.example.com" in found


def test_the_table_of_roles_is_that_of_the_playbook() -> None:
    """Untouched nodes and proxies that are nodes are the playbook's own affair: groups are what counts."""
    where: dict[str, set[str]] = {}
    for play in yaml.safe_load((ROLES_PATH.parent / "playbooks" / "site.yml").read_text(encoding="utf-8")):
        for role in play.get("roles", []):
            where.setdefault(role["role"].rpartition(".")[2], set()).add(play["hosts"].partition(":")[0])
    assert where == {role: set(groups) for role, groups in ROLE_GROUPS.items()}
    assert set(ROLE_GROUPS) == set(role_options())


def test_specifications_are_read_once() -> None:
    assert role_options() is role_options()
    assert known_variables() == {role: list(variables) for role, variables in role_options().items()}
