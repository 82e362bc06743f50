# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites that are one product under two names, and what only looks like it."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.manager import VariableManager
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._distinct import check_distinct
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables
from ansible_collections.hardening.atlassian.plugins.plugin_utils._urls import parse_url
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

ROOT = Path(__file__).resolve().parents[3]
TWICE = "one product would be hardened twice and reported as two"


def site(name: str, url: str, *backends: tuple[str, str | None], product: str = "jira", api: str | None = None) -> dict[str, Any]:
    own = {} if api is None else {"api_url": api}
    return {"name": name, "product": product, **parse_url(url), "backends": [{"url": url, "node": node} for url, node in backends], **own}


def test_an_address_for_rest_calls_is_that_of_one_site() -> None:
    first, second = (site(name, f"https://{name}.example", api="https://127.0.0.1:8443") for name in ("jira", "test"))
    assert check_distinct([first, second]) == [
        ("test", f"atlassian_api_url is 'https://127.0.0.1:8443', which is also the atlassian_api_url of jira: {TWICE}")
    ]
    # A third is held against one of them.
    assert [name for name, _sentence in check_distinct([first, second, {**first, **parse_url("https://x.example"), "name": "x"}])] == ["test", "x"]


def test_an_address_for_rest_calls_may_be_the_public_one_of_another_site() -> None:
    first, second = site("jira", "https://jira.example"), site("test", "https://test.example", api="https://jira.example")
    assert check_distinct([first, second]) == [("test", f"atlassian_api_url is 'https://jira.example', which is also the atlassian_url of jira: {TWICE}")]
    assert check_distinct([second, first]) == [("jira", f"atlassian_url is 'https://jira.example', which is also the atlassian_api_url of test: {TWICE}")]


@pytest.mark.parametrize("product", ["jira", "confluence"])
def test_a_wiki_is_not_reached_where_a_jira_is(product: str) -> None:
    sites = [site("jira", "https://a.example", api="https://127.0.0.1:1"), site("wiki", "https://b.example", product=product, api="https://127.0.0.1:1")]
    assert [name for name, _sentence in check_distinct(sites)] == ["wiki"]


@pytest.mark.parametrize("other", ["https://127.0.0.1:1/wiki", "https://127.0.0.1:2", "https://localhost:1"])
def test_addresses_for_rest_calls_that_differ_are_fine(other: str) -> None:
    assert check_distinct([site("jira", "https://a.example", api="https://127.0.0.1:1"), site("wiki", "https://b.example", api=other)]) == []


def test_one_public_address_is_told_alone() -> None:
    first, second = (site(name, "https://jira.example", ("http://n:8080", "n"), api="https://127.0.0.1:1") for name in ("jira", "test"))
    assert check_distinct([first, second]) == [
        ("test", "atlassian_url is 'https://jira.example', which is also that of jira: give one of them another host name or path")
    ]


def test_a_node_serves_one_site_of_a_product() -> None:
    backends = (("http://n1:8080", "n1"), ("http://n2:8080", "n2"))
    assert check_distinct([site("jira", "https://jira.example", *backends), site("test", "https://test.example", *backends[::-1])]) == [
        (
            "test",
            f"atlassian_backends has 'http://n2:8080' (node n2), which is also a back end of jira: {TWICE} "
            "(leave out node where a balancer there chooses by name)",
        )
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Contexts of one Tomcat, written or not.
        (("https://a.example/one", ("http://n:8080/one", "n")), ("https://a.example/two", ("http://n:8080/two", "n"))),
        (("https://a.example/one", ("http://n:8080", "n")), ("https://b.example", ("http://n:8080", "n"))),
        # Two Tomcats of one machine.
        (("https://a.example", ("http://n:8080", "n")), ("https://b.example", ("http://n:8081", "n"))),
        # A balancer that tells them apart by their names.
        (("https://a.example", ("http://ingress", None)), ("https://b.example", ("http://ingress", None))),
    ],
)
def test_back_ends_that_may_be_two_products_are_fine(first: tuple[str, tuple[str, str | None]], second: tuple[str, tuple[str, str | None]]) -> None:
    assert check_distinct([site("one", *first), site("two", *second)]) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_node_of_jira_is_no_server_of_confluence(order: int) -> None:
    jira = site("jira", "https://jira.example", ("http://n1:8080", "n1"))
    wiki = site("wiki", "https://wiki.example/wiki", ("http://n1:8080", None), product="confluence")
    assert check_distinct([jira, wiki][::order]) == [
        (
            "wiki",
            "atlassian_backends has 'http://n1:8080', which is the node n1 of jira, another product: "
            "give this site its own server, or name the node here too if it carries both",
        )
    ]


@pytest.mark.parametrize("nodes", [("n1", "n1"), (None, None)])
def test_a_server_of_both_products_is_fine_where_both_say_so(nodes: tuple[str | None, str | None]) -> None:
    jira = site("jira", "https://jira.example", ("http://n1:8080", nodes[0]))
    assert check_distinct([jira, site("wiki", "https://wiki.example", ("http://n1:8080", nodes[1]), product="confluence")]) == []


def inventory_problems(path: Path) -> list[str]:
    loader = DataLoader()
    inventory = InventoryManager(loader, sources=[str(path)])
    variables = VariableManager(loader, inventory)
    hostvars = {host.name: variables.get_vars(host=host, include_hostvars=False) for host in inventory.get_hosts()}
    world = examine(hostvars, {name: list(hosts) for name, hosts in inventory.get_groups_dict().items()}, load(), known_variables())
    assert world["sites"]
    return list(world["problems"])


class Addresses(dict[str, str]):
    """A value for every placeholder of the lab's inventories: an address of its own for a machine, a text else."""

    def __missing__(self, name: str) -> str:
        self[name] = f"198.51.100.{len(self) + 1}" if "_" not in name else f"2001:db8::{len(self) + 1}" if name.endswith("_ipv6") else f"/{name}"
        return self[name]


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "lab" / "inventory").glob("*.yml")), ids=lambda path: str(path.name))
def test_the_inventories_of_the_lab_are_accepted(path: Path, tmp_path: Path) -> None:
    """Six sites of the judge share one Tomcat; two of them, a Jira and a Confluence, the very address."""
    (tmp_path / path.name).write_text(string.Template(path.read_text()).substitute(Addresses()))
    assert inventory_problems(tmp_path / path.name) == []


def test_the_example_of_the_readme_is_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(all:\n.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "inventory.yml").write_text(example)
    assert inventory_problems(tmp_path / "inventory.yml") == []
