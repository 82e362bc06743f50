# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One site: its back ends together, its name, and its two accounts."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._sites import check_site

TOKEN = "NjQyOTcxNTYwMzgzOnRoaXMgaXMgYSB0ZXN0"
NODES = ["node1", "node2"]


def checked(**changes: Any) -> tuple[dict[str, Any] | None, list[str]]:
    problems = Problems()
    variables = {
        "atlassian_url": "https://jira.example/jira", "atlassian_api_token": TOKEN, "atlassian_backends": [{"url": "http://node1.example:8080/jira"}],
        **changes,
    }  # fmt: skip
    site = check_site(HostValues("jira", variables, problems), "jira", NODES, True)
    assert TOKEN not in repr(problems.sentences())
    return site, problems.sentences()


def backends(*entries: tuple[str, str | None]) -> list[dict[str, str | None]]:
    return [{"url": url, "node": node} for url, node in entries]


@pytest.mark.parametrize("order", [1, -1])
def test_back_ends_with_and_without_the_context_path_do_not_mix(order: int) -> None:
    given = backends(("http://node1.example:8080/jira", "node1"), ("http://node2.example:8080", "node2"))[::order]
    assert checked(atlassian_backends=given)[1] == [
        "jira: atlassian_backends has the url 'http://node2.example:8080' without the context path and others with it: "
        "write it as 'http://node2.example:8080/jira', as all nodes of a site must be written alike"
    ]


@pytest.mark.parametrize(("path", "written"), [("/jira", "/jira"), ("/jira", ""), ("", "")])
def test_back_ends_written_alike_are_fine(path: str, written: str) -> None:
    # A host name like the path is no path.
    given = backends((f"http://jira{written}", "node1"), (f"http://node2.example:8080{written}/", "node2"))
    site, problems = checked(atlassian_url=f"https://jira.example{path}", atlassian_backends=given)
    assert problems == []
    assert site and [backend["url"] for backend in site["backends"]] == [f"http://jira{written}", f"http://node2.example:8080{written}"]


def test_a_node_is_one_server() -> None:
    given = backends(("http://192.0.2.11:8080", "node1"), ("http://192.0.2.12:8080", "node1"), ("http://192.0.2.13:8080", "node2"))
    assert checked(atlassian_backends=given)[1] == [
        "jira: atlassian_backends names the node 'node1' for 'http://192.0.2.11:8080' and 'http://192.0.2.12:8080': "
        "a node is one server, so give each its own, or none"
    ]
    assert checked(atlassian_backends=backends(("http://192.0.2.11:8080", None), ("http://192.0.2.12:8080", None)))[1] == []


def test_a_public_address_has_a_name() -> None:
    assert checked(atlassian_url="https://[2001:db8::1]/jira")[1] == [
        "jira: atlassian_url is 'https://[2001:db8::1]/jira', whose host is an IPv6 address: a virtual host and its certificate need a name"
    ]
    assert checked(atlassian_url="https://192.0.2.7/jira")[1] == []
    others = {"atlassian_api_url": "https://[2001:db8::1]/jira", "atlassian_backends": backends(("http://[2001:db8::1]:8080/jira", "node1"))}
    assert checked(**others)[1] == []


def test_the_sentence_of_an_address_names_variable_and_value() -> None:
    assert checked(atlassian_url="https://jira.example/secure/Dashboard.jspa") == (
        None,
        [
            "jira: atlassian_url is 'https://jira.example/secure/Dashboard.jspa', whose path is that of a page: "
            "write https://jira.example, the address with nothing but the context path"
        ],
    )
    assert checked(atlassian_backends=backends(("http://2001:db8:ace::5:8080", "node1")))[1] == [
        "jira: atlassian_backends, entry 1, has the url 'http://2001:db8:ace::5:8080', whose host is not a name: "
        "write an IPv6 address in brackets, like https://[2001:db8::5]:8080"
    ]
    assert checked(atlassian_api_url="https://jira.example:0")[1] == [
        "jira: atlassian_api_url is 'https://jira.example:0', which has the port 0, on which nothing can be reached"
    ]


def test_an_address_for_rest_calls_is_part_of_the_site_where_it_is_another() -> None:
    site, _problems = checked(atlassian_api_url="https://127.0.0.1:8443/jira/")
    assert site and site["api_url"] == "https://127.0.0.1:8443/jira"
    for given in (None, "", "ftp://127.0.0.1"):
        site, _problems = checked(atlassian_api_url=given)
        assert site and "api_url" not in site


NAMED = {"atlassian_api_token": "", "atlassian_username": "Automation", "atlassian_password": TOKEN}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"atlassian_witness_token": TOKEN}, ("atlassian_witness_token", "atlassian_api_token")),
        ({"atlassian_witness_token": f" {TOKEN}\n"}, ("atlassian_witness_token", "atlassian_api_token")),
        (
            {**NAMED, "atlassian_witness_username": "automation", "atlassian_witness_password": "x"},
            ("atlassian_witness_username", "atlassian_username"),
        ),
    ],
)
def test_the_witness_is_somebody_else(changes: dict[str, Any], names: tuple[str, str]) -> None:
    assert checked(**changes)[1] == [f"jira: {names[0]} is the same as {names[1]}: the witness is an ordinary user, not the account of the automation"]


@pytest.mark.parametrize(
    "changes",
    [
        {"atlassian_witness_token": TOKEN.lower()},
        {**NAMED, "atlassian_witness_username": "anna", "atlassian_witness_password": TOKEN},
        {**NAMED, "atlassian_witness_token": "x"},
        {"atlassian_witness_username": TOKEN, "atlassian_witness_password": "x"},
    ],
)
def test_another_account_is_fine(changes: dict[str, Any]) -> None:
    assert checked(**changes)[1] == []
