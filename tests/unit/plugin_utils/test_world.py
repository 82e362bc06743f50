# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the whole inventory: each mistake becomes one sentence that names host, variable and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _networks
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

KNOWN = known_variables()
TOKEN = "NjQyOTcxNTYwMzgzOnRoaXMgaXMgYSB0ZXN0"
RISK = {"control": "PRX-15", "hosts": ["proxy1"], "reason": "no PKI", "owner": "it-sec", "expires": "2027-06-30"}


class Undefined(dict[str, Any]):
    """Host variables in which some values are templates over a variable that does not exist."""

    def __init__(self, values: Mapping[str, Any], undefined: Mapping[str, str]) -> None:
        super().__init__(values)
        self._undefined = undefined

    def __getitem__(self, name: str) -> Any:
        if name in self._undefined:
            raise AnsibleUndefinedVariable(self._undefined[name])
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        return name in self._undefined or super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        yield from super().__iter__()
        yield from self._undefined


def site(**changes: Any) -> dict[str, Any]:
    values = {
        "atlassian_url": "https://jira.example.com",
        "atlassian_backends": [{"url": "http://node1.example.com:8080", "node": "node1"}],
        "atlassian_api_token": TOKEN,
        **changes,
    }
    return {name: value for name, value in values.items() if value is not ...}


def world(hosts: dict[str, Mapping[str, Any]] | None = None, groups: dict[str, list[str]] | None = None, **shared: Any) -> dict[str, Any]:
    """A sound inventory of a proxy, a site and a node, with changes; shared variables reach every host."""
    every: dict[str, Mapping[str, Any]] = {"proxy1": {}, "jira": site(), "node1": {}, **(hosts or {})}
    members = {"atlassian_proxies": ["proxy1"], "jira_sites": ["jira"], "jira_nodes": ["node1"], "ungrouped": [], **(groups or {})}
    members["all"] = list(every)
    variables = {name: values if isinstance(values, Undefined) else {**shared, **values} for name, values in every.items()}
    result = examine(variables, members, load(), KNOWN)
    assert TOKEN not in repr(result)
    return result


def problems(hosts: dict[str, Mapping[str, Any]] | None = None, groups: dict[str, list[str]] | None = None, **shared: Any) -> list[str]:
    found = world(hosts, groups, **shared)["problems"]
    assert isinstance(found, list)
    return found


def test_a_sound_inventory_has_sites_and_targets_and_no_problem() -> None:
    found = world(
        atlassian_admin_networks=["192.0.2.0/24", "2001:db8:a::/48", "198.51.100.7"],
        atlassian_controls={"JIRA-12": "enforce", "WAF-01": False},
        atlassian_accepted_risks=[{"control": "PRX-15", "hosts": ["*"], "reason": "no PKI", "owner": "it-sec", "expires": "2020-01-01"}],
    )
    assert found == {
        "problems": [],
        "sites": [
            {
                "name": "jira",
                "product": "jira",
                "url": "https://jira.example.com",
                "scheme": "https",
                "host": "jira.example.com",
                "port": 443,
                "path": "",
                "backends": [{"url": "http://node1.example.com:8080", "node": "node1"}],
            }
        ],
        "targets": {
            "jira": ["jira_sites"],
            "node1": ["jira_nodes"],
            "proxy1": ["atlassian_proxies"],
            "organisation": ["organisation"],
        },
        "report_options": {"formats": ["json", "html", "markdown", "junit"], "exit_codes": False, "threshold": "low", "not_examined": True},
    }


@pytest.mark.parametrize(
    ("url", "normalised", "port", "path"),
    [
        ("https://JIRA.example.com/", "https://jira.example.com", 443, ""),
        ("https://jira.example.com:443/jira/", "https://jira.example.com/jira", 443, "/jira"),
        ("https://jira.example.com:8443/a/b", "https://jira.example.com:8443/a/b", 8443, "/a/b"),
    ],
)
def test_urls_are_normalised(url: str, normalised: str, port: int, path: str) -> None:
    found = world({"jira": site(atlassian_url=url)})
    assert found["problems"] == []
    assert [(entry["url"], entry["port"], entry["path"]) for entry in found["sites"]] == [(normalised, port, path)]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://jira.example.com", "jira: atlassian_url is 'http://jira.example.com': the public address must be https://"),
        ("jira.example.com", "jira: atlassian_url is 'jira.example.com', which must begin with https:// (or http://)"),
        ("https://", "jira: atlassian_url is 'https://', which has no host name"),
        ("https://a b", "whose host name is not a DNS name or an address"),
        ("https://jira.example.com:99999", "which has an invalid port"),
        ("https://jira.example.com/?x", "which must not have a query or a fragment"),
        ("https://jira.example.com/a/../b", "whose path must be empty or a plain context path like /jira"),
        ("https://joe:geheim@jira.example.com", "jira: atlassian_url is 'https://***@jira.example.com', which carries a user name or password"),
        (7, "jira: atlassian_url is '7', which is not a URL"),
        (..., "jira: atlassian_url is missing"),
    ],
)
def test_a_url_that_cannot_be_used(url: object, sentence: str) -> None:
    found = problems({"jira": site(atlassian_url=url)})
    assert len(found) == 1
    assert sentence in found[0]
    assert "geheim" not in found[0]


@pytest.mark.parametrize(
    ("backends", "sentence"),
    [
        (..., "jira: atlassian_backends is missing, expected a list like"),
        ("http://node1", "jira: atlassian_backends is 'http://node1', expected a list like"),
        (["http://node1"], "atlassian_backends, entry 1, is 'http://node1', expected a mapping with url and node"),
        ([{"url": "node1:8080"}], "atlassian_backends, entry 1, has the url 'node1:8080', which must begin with"),
        ([{"url": "http://node1:8080/x"}], "whose path differs from that of atlassian_url (/)"),
        ([{"url": "http://node1:8080", "node": "node9"}], "has the node 'node9', which is no host of the group jira_nodes"),
        ([{"url": "http://node1:8080", "weight": 1}], "has unknown fields weight, expected url and node"),
        ([{"url": "http://node1:8080"}, {"url": "http://node1:8080/"}], "jira: atlassian_backends names 'http://node1:8080' twice"),
    ],
)
def test_back_ends_that_cannot_be_used(backends: object, sentence: str) -> None:
    found = problems({"jira": site(atlassian_backends=backends)})
    assert len(found) == 1
    assert sentence in found[0]


def test_without_a_proxy_no_back_end_is_needed() -> None:
    assert problems({"jira": site(atlassian_backends=...)}, {"atlassian_proxies": []}) == []


def test_two_sites_with_one_address_are_refused() -> None:
    groups = {"jira_sites": ["jira", "second"]}
    assert problems({"second": site(atlassian_url="https://jira.example.com:443/")}, groups) == [
        "second: atlassian_url is 'https://jira.example.com', which is also that of jira: give one of them another host name or path"
    ]
    assert problems({"second": site(atlassian_url="https://jira.example.com/two")}, groups) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"atlassian_api_token": ...}, "jira: no credentials: set atlassian_api_token, or atlassian_username with atlassian_password (better from a vault)"),
        ({"atlassian_api_token": " "}, "jira: no credentials: set atlassian_api_token, or atlassian_username with atlassian_password (better from a vault)"),
        ({"atlassian_username": "bot"}, "jira: atlassian_api_token and atlassian_username are both set: keep one way to log in"),
        ({"atlassian_api_token": ..., "atlassian_username": "bot"}, "jira: atlassian_username is set, atlassian_password is missing or empty"),
        ({"atlassian_api_token": ..., "atlassian_password": TOKEN}, "jira: atlassian_password is set, atlassian_username is missing or empty"),
        ({"atlassian_witness_username": "ada"}, "jira: atlassian_witness_username is set, atlassian_witness_password is missing or empty"),
        ({"atlassian_witness_password": TOKEN}, "jira: atlassian_witness_password is set, atlassian_witness_username is missing or empty"),
        (
            {"atlassian_witness_username": "ada", "atlassian_witness_token": TOKEN},
            "jira: atlassian_witness_token and atlassian_witness_username or _password are both set: keep one way to log in",
        ),
    ],
)
def test_credentials_are_looked_at_for_presence(changes: dict[str, Any], sentence: str) -> None:
    assert problems({"jira": site(**changes)}) == [sentence]


def test_an_undefined_vault_variable_is_a_sentence() -> None:
    hosts = {"jira": Undefined(site(atlassian_api_token=...), {"atlassian_api_token": "'vault_jira_token' is undefined"})}
    assert problems(hosts) == ["jira: atlassian_api_token cannot be read: the variable vault_jira_token is not defined"]


@pytest.mark.parametrize("name", ["atlassian_read_only", "atlassian_report_directory"])
def test_what_the_preflight_reads_itself_is_complained_about_here(name: str) -> None:
    hosts = {"jira": Undefined(site(), {name: "'somewhere' is undefined"})}
    assert problems(hosts) == [f"jira: {name} cannot be read: the variable somewhere is not defined"]


def test_a_template_error_around_a_secret_is_not_quoted() -> None:
    hosts = {"jira": Undefined(site(atlassian_api_token=...), {"atlassian_api_token": f"bad template near {TOKEN}"})}
    assert problems(hosts) == [
        "jira: atlassian_api_token cannot be read: it could not be decrypted or templated (the details are withheld, since it is a secret)"
    ]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"atlassian_api_url": "http://10.0.0.5:8080"}, 1),
        ({"atlassian_api_url": "http://10.0.0.5:8080", "atlassian_allow_http": True}, 0),
        ({"atlassian_api_url": "http://127.0.0.1:8080"}, 0),
        ({"atlassian_api_url": "http://[::1]:8080"}, 0),
        ({"atlassian_api_url": "http://localhost:8080"}, 0),
        ({"atlassian_api_url": "https://10.0.0.5:8443"}, 0),
        ({"atlassian_api_url": "ftp://10.0.0.5"}, 1),
    ],
)
def test_plain_http_to_the_api_only_on_loopback_or_when_allowed(changes: dict[str, Any], count: int) -> None:
    found = problems({"jira": site(**changes)})
    assert len(found) == count
    assert all(sentence.startswith("jira: atlassian_api_url is '") for sentence in found)


@pytest.mark.parametrize(
    ("shared", "sentence"),
    [
        ({"atlassian_exposure": "lan"}, "atlassian_exposure is 'lan', expected one of intranet, vpn, internet"),
        (
            {"atlassian_admin_networks": ["192.0.2.1/24"]},
            "atlassian_admin_networks holds '192.0.2.1/24', which has host bits set: write 192.0.2.0/24 for the network or 192.0.2.1 for the one address",
        ),
        ({"atlassian_shared_networks": ["2001:db8::1/32"]}, "which has host bits set: write 2001:db8::/32"),
        ({"atlassian_admin_networks": ["10"]}, "atlassian_admin_networks holds '10', which is not a network"),
        ({"atlassian_admin_networks": ["192.0.2.0/33"]}, "atlassian_admin_networks holds '192.0.2.0/33', which is not a network"),
        ({"atlassian_admin_networks": ["192.0.2.0/255.255.255.0"]}, "which needs its prefix as a number: write 192.0.2.0/24"),
        ({"atlassian_admin_networks": [7]}, "atlassian_admin_networks holds 7, expected a text"),
        ({"atlassian_admin_networks": "192.0.2.0/24"}, "atlassian_admin_networks is '192.0.2.0/24', expected a list of networks"),
        ({"atlassian_admin_networks": ["0.0.0.0/0"]}, "which is everybody"),
        (
            {"atlassian_admin_networks": ["192.0.2.0/24"], "atlassian_trusted_proxies": ["192.0.2.9"]},
            "atlassian_trusted_proxies holds '192.0.2.9/32', which overlaps '192.0.2.0/24' of atlassian_admin_networks",
        ),
        (
            {"atlassian_admin_networks": ["192.0.2.9"], "atlassian_trusted_proxies": ["192.0.2.0/24"]},
            "atlassian_trusted_proxies holds '192.0.2.0/24', which overlaps '192.0.2.9/32' of atlassian_admin_networks",
        ),
        ({"atlassian_controls": ["JIRA-01"]}, "atlassian_controls is ['JIRA-01'], expected a mapping"),
        ({"atlassian_controls": {"JIRA-01": "no"}}, "atlassian_controls gives JIRA-01 the mode 'no'"),
        ({"atlassian_controls": {"JIRA-1": "off"}}, "atlassian_controls names the unknown control 'JIRA-1'"),
        ({"atlassian_accepted_risks": "none"}, "atlassian_accepted_risks is 'none', expected a list"),
        ({"atlassian_admin_network": []}, "the variable atlassian_admin_network is unknown, did you mean atlassian_admin_networks?"),
        ({"atlasian_exposure": "vpn"}, "the variable atlasian_exposure is unknown, did you mean atlassian_exposure?"),
        ({"atlassian_zzz": 1}, "the variable atlassian_zzz is unknown"),
    ],
)
def test_a_shared_mistake_is_told_once_for_all_its_hosts(shared: dict[str, Any], sentence: str) -> None:
    found = problems(**shared)
    assert len(found) == 1
    assert sentence in found[0]
    assert found[0].startswith("jira, node1, proxy1: ")


def test_names_of_others_are_left_alone() -> None:
    assert problems(jira_home="/srv", ansible_user="root", apache_port=80, __internal=1) == []


def test_a_secret_under_a_misspelt_name_is_not_quoted() -> None:
    assert problems({"jira": site(atlassian_api_tokn=TOKEN)}) == ["jira: the variable atlassian_api_tokn is unknown, did you mean atlassian_api_token?"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"control": "PRX-99"}, "entry 1, names the unknown control 'PRX-99'"),
        ({"hosts": ["proxy9"]}, "entry 1, (PRX-15) names 'proxy9', which is no host, site or group of the inventory"),
        ({"hosts": ["jira"]}, "entry 1, accepts PRX-15 for jira, but PRX-15 is examined on atlassian_proxies only"),
        ({"hosts": "proxy1"}, "entry 1, has hosts 'proxy1', expected a list"),
        ({"reason": ""}, "entry 1, has no reason"),
        ({"owner": None}, "entry 1, has no owner"),
        ({"reason": " "}, "entry 1, has reason ' ', expected a text"),
        ({"owner": "\t"}, "entry 1, has owner '\\t', expected a text"),
        ({"expires": "30.06.2027"}, "entry 1, has expires '30.06.2027', expected a day like 2027-06-30"),
        ({"setting": ["x"]}, "entry 1, has setting ['x'], expected the name of a setting; leave it out to accept the whole control"),
        ({"control": "ORG-01", "hosts": ["*"], "setting": "x"}, "entry 1, has setting 'x', but ORG-01 is attested by a person and has no settings"),
        ({"until": "x"}, "entry 1, has an unknown field 'until'"),
    ],
)
def test_an_accepted_risk_must_be_complete_and_lead_somewhere(changes: dict[str, Any], sentence: str) -> None:
    found = problems(atlassian_accepted_risks=[{**RISK, **changes}])
    assert len(found) == 1
    assert f"jira, node1, proxy1: atlassian_accepted_risks, {sentence}" in found[0]


NOBODY_KNOWS = {"control": "JIRA-02", "hosts": ["jira"], "reason": "a public tracker", "owner": "it-sec", "expires": "2027-06-30"}
ELSEWHERE = "the atlassian_accepted_risks of jira itself has no such entry, so nothing would be accepted there: write it for the group all or jira_sites"


@pytest.mark.parametrize("name", ["jira", "jira_sites"])
def test_an_accepted_risk_that_its_target_does_not_have_is_refused(name: str) -> None:
    """A target goes by its own variable: it would be enforced although somebody has accepted it."""
    entry = {**NOBODY_KNOWS, "hosts": [name, "proxy1"]}
    assert problems({"proxy1": {"atlassian_accepted_risks": [entry]}}) == [
        f"proxy1: atlassian_accepted_risks, entry 1, accepts JIRA-02 for jira, but {ELSEWHERE}"
    ]
    assert problems(atlassian_accepted_risks=[entry]) == []
    # The list of one host replaces that for all.
    assert problems({"jira": site(atlassian_accepted_risks=[])}, atlassian_accepted_risks=[entry]) == [
        f"node1, proxy1: atlassian_accepted_risks, entry 1, accepts JIRA-02 for jira, but {ELSEWHERE}"
    ]
    assert problems({"jira": site(atlassian_accepted_risks=[{**entry, "hosts": ["j*"], "owner": "somebody else"}])}, atlassian_accepted_risks=[entry]) == []
    for changes in ({"setting": "x"}, {"control": "JIRA-03"}):
        assert len(problems({"jira": site(atlassian_accepted_risks=[{**entry, **changes}])}, atlassian_accepted_risks=[entry])) == 1


def test_a_pattern_means_whoever_has_the_entry() -> None:
    two = {"second": site(atlassian_url="https://second.example.com", atlassian_backends=[{"url": "http://node1.example.com:8081", "node": "node1"}])}
    groups = {"jira_sites": ["jira", "second"]}
    for pattern in ("*", "all"):
        entry = {**NOBODY_KNOWS, "hosts": [pattern]}
        assert problems({**two, "jira": site(atlassian_accepted_risks=[entry])}, groups) == []
        assert problems({**two, "proxy1": {"atlassian_accepted_risks": [entry]}}, groups) == [
            f"proxy1: atlassian_accepted_risks, entry 1, accepts JIRA-02 for {pattern}, but none of these has the entry: "
            "write it for the group all or jira_sites"
        ]


def test_a_risk_of_the_organisation_stands_where_it_is_looked_for() -> None:
    entry = {**NOBODY_KNOWS, "control": "ORG-01", "hosts": ["organisation"]}
    assert problems(atlassian_accepted_risks=[entry]) == []
    (found,) = problems({"proxy1": {"atlassian_accepted_risks": [entry]}})
    assert "of organisation itself has no such entry" in found and found.endswith("write it for the group all")


def test_a_risk_for_a_single_setting_is_fine() -> None:
    assert problems(atlassian_accepted_risks=[{**RISK, "setting": "a name, or a pattern*"}]) == []


def test_an_inventory_without_any_of_our_groups_is_refused() -> None:
    found = problems(groups={"atlassian_proxies": [], "jira_sites": [], "jira_nodes": []})
    assert len(found) == 1
    assert "so there is nothing to examine" in found[0]


def test_a_site_is_one_product_and_no_machine() -> None:
    assert problems(groups={"confluence_sites": ["jira"]}) == [
        "jira: is in jira_sites and confluence_sites, but a site is one product: make two inventory hosts of it"
    ]
    found = problems(groups={"atlassian_proxies": ["proxy1", "jira"]})
    assert found == ["jira: is in jira_sites (a site, reached by URL) and in atlassian_proxies (a machine): give them different names"]


def test_a_missing_netaddr_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_networks, "NETADDR_ERROR", ImportError("no netaddr"))
    with pytest.raises(_networks.MissingLibrary, match="Python library netaddr is missing on the controller"):
        world()


def test_variables_this_code_reads_are_in_the_specification_of_the_shared_role() -> None:
    folder = Path(_networks.__file__).parent
    names = ("_world.py", "_sites.py", "_backends.py", "_credentials.py", "_networks.py", "_hostvalues.py", "_run.py")
    source = "".join((folder / name).read_text() for name in names)
    read = {word for word in source.replace('"', " ").split() if word.startswith("atlassian_") and word.isidentifier()} - {"atlassian_proxies"}
    assert "atlassian_url" in read
    assert read - set(KNOWN["atlassian"]) == set()


def test_a_role_without_a_readable_specification_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "broken" / "meta" / "argument_specs.yml"
    path.parent.mkdir(parents=True)
    path.write_text("options: {}")
    with pytest.raises(ValueError, match=r"argument_specs\.yml has no argument_specs"):
        known_variables(tmp_path)
