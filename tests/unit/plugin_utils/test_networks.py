# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks of a host: those of the proxy are held to the same rules as the shared ones."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables
from ansible_collections.hardening.atlassian.plugins.plugin_utils._networks import NETWORK_VARIABLES, PROXY_VARIABLES, check_networks

EVERY = (*NETWORK_VARIABLES, *PROXY_VARIABLES)
WORLD = ": administration would stay open to the world"


def problems(**variables: Any) -> list[str]:
    found = Problems()
    check_networks(HostValues("proxy1", variables, found))
    return found.sentences()


def test_every_variable_is_one_of_a_role() -> None:
    assert set(EVERY) <= {name for names in known_variables().values() for name in names}


@pytest.mark.parametrize("name", EVERY)
def test_addresses_and_networks_are_fine(name: str) -> None:
    assert problems(**{name: ["192.0.2.7", "198.51.100.0/24", "2001:db8::7", "2001:db8:a::/48"]}) == []
    assert problems(**{name: []}) == problems(**{name: None}) == []


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (["10.1.2.3/24"], "holds '10.1.2.3/24', which has host bits set: write 10.1.2.0/24 for the network or 10.1.2.3 for the one address"),
        (["bamboo.example"], "holds 'bamboo.example', which is not a network like 192.0.2.0/24 or 2001:db8::/48"),
        (["10.0.0.0/255.0.0.0"], "holds '10.0.0.0/255.0.0.0', which needs its prefix as a number: write 10.0.0.0/8"),
        ([7], "holds 7, expected a text like 192.0.2.0/24"),
        ("10.0.0.0/8", "is '10.0.0.0/8', expected a list of networks"),
    ],
)
def test_what_is_no_network_is_named(name: str, value: object, sentence: str) -> None:
    assert problems(**{name: value}) == [f"proxy1: {name} {sentence}"]


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
def test_the_whole_world_is_nobodys_network(name: str, everybody: str) -> None:
    consequence = WORLD if name in ("atlassian_admin_networks", "apache_proxy_admin_peers") else ""
    assert problems(**{name: [everybody]}) == [f"proxy1: {name} holds {everybody!r}, which is everybody{consequence}"]


@pytest.mark.parametrize(
    ("peers", "proxies"),
    [(["192.0.2.9"], ["192.0.2.0/24"]), (["192.0.2.0/24"], ["192.0.2.9"])],
)
def test_a_trusted_proxy_is_no_peer_of_the_administration(peers: list[str], proxies: list[str]) -> None:
    (sentence,) = problems(apache_proxy_admin_peers=peers, atlassian_trusted_proxies=proxies)
    assert sentence.startswith("proxy1: atlassian_trusted_proxies holds '192.0.2.") and " of apache_proxy_admin_peers: a proxy" in sentence
    # Its own health checks may well come without a certificate.
    assert problems(apache_proxy_client_exempt_networks=peers, atlassian_trusted_proxies=proxies) == []


def test_everybody_is_not_told_again_as_an_overlap() -> None:
    (sentence,) = problems(apache_proxy_admin_peers=["0.0.0.0/0"], atlassian_trusted_proxies=["192.0.2.9"])
    assert sentence.endswith(WORLD)


@pytest.mark.parametrize("name", PROXY_VARIABLES)
def test_what_goes_by_facts_is_left_to_the_role(name: str) -> None:
    class Facts(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise AnsibleError("object of type 'dict' has no attribute 'default_ipv4'")

    found = Problems()
    check_networks(HostValues("proxy1", Facts({name: ["x"]}), found))
    assert found.sentences() == []
