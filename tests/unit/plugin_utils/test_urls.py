# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs of the inventory: what they are, and the half sentence for each that cannot be used."""

from __future__ import annotations

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._urls import parse_url, shown

BRACKETS = "whose host is not a name: write an IPv6 address in brackets, like https://[2001:db8::5]:8080"


def refusal(url: str) -> str:
    with pytest.raises(ValueError) as caught:
        parse_url(url)
    return str(caught.value)


def test_a_url_in_its_parts() -> None:
    assert parse_url(" https://JIRA.example:443/jira/ ") == {
        "url": "https://jira.example/jira", "scheme": "https", "host": "jira.example", "port": 443, "path": "/jira",
    }  # fmt: skip
    assert parse_url("http://[2001:db8::5]:8080/a") == {
        "url": "http://[2001:db8::5]:8080/a", "scheme": "http", "host": "2001:db8::5", "port": 8080, "path": "/a",
    }  # fmt: skip
    assert parse_url("https://[2001:db8::5]")["url"] == "https://[2001:db8::5]"


@pytest.mark.parametrize(
    "url",
    [
        "http://2001:db8:ace::5:8080",
        "http://2001:db8:ace::5",
        "https://::1/jira",
        "http://[2001:db8::5",
        "http://[2001:db8::5:8080",
        "http://2001:db8::5]:8080",
    ],
)
def test_an_ipv6_address_needs_both_brackets(url: str) -> None:
    assert refusal(url) == BRACKETS


@pytest.mark.parametrize(
    "url",
    [
        *["http://[2001:db8:acme::5]:8080", "http://[]:8080", "http://[v1.x]", "http://[jira.example]", "http://[192.0.2.1]"],
        *["https://jira\u2100.example", "https://j\u00edra.example"],
    ],
)
def test_every_other_host_that_is_none_is_a_half_sentence_of_ours(url: str) -> None:
    """Python's own words differ from version to version, and may repeat the whole address."""
    assert refusal(url).startswith("whose host") or refusal(url) == "which has no host name"


def test_a_password_with_a_colon_is_no_ipv6_address() -> None:
    assert refusal("https://joe:se:cr:et@jira.example") == "which carries a user name or password: use atlassian_username and atlassian_password"
    assert "se:cr" not in refusal("https://joe:se:cr@[jira.example")


@pytest.mark.parametrize("url", ["https://jira.example:0", "https://jira.example:00/jira", "http://[2001:db8::5]:0"])
def test_port_0_is_not_the_default_port(url: str) -> None:
    assert refusal(url) == "which has the port 0, on which nothing can be reached"


@pytest.mark.parametrize(
    ("url", "write"),
    [
        ("https://jira.example/secure/Dashboard.jspa", "https://jira.example"),
        ("https://jira.example:8443/browse/ABC-1", "https://jira.example:8443"),
        ("https://jira.example/projects/ABC", "https://jira.example"),
        ("https://jira.example/login.jsp", "https://jira.example"),
        ("https://jira.example/jira/secure/Dashboard.jspa", "https://jira.example/jira"),
        ("https://jira.example/jira/login.JSP", "https://jira.example/jira"),
        ("https://wiki.example/login.action", "https://wiki.example"),
        ("https://wiki.example/wiki/pages/viewpage.action", "https://wiki.example/wiki"),
        ("https://wiki.example/display/DS/Home", "https://wiki.example"),
        ("https://wiki.example/wiki/display/~jo", "https://wiki.example/wiki"),
    ],
)
def test_an_address_copied_from_a_browser_is_no_context_path(url: str, write: str) -> None:
    assert refusal(url) == f"whose path is that of a page: write {write}, the address with nothing but the context path"


@pytest.mark.parametrize(
    "path", ["/jira", "/wiki", "/a/b", "/secure-jira", "/jira.action-team", "/my-projects", "/loginservice", "/projects", "/secure/jira", "/projects/jira"]
)
def test_context_paths_are_left_alone(path: str) -> None:
    assert parse_url(f"https://tools.example{path}")["path"] == path


@pytest.mark.parametrize("password", ["s3cret", "s3c/ret", "s3c#ret", "s3c?ret", "s3c@ret"])
def test_no_password_is_shown_however_badly_it_is_written(password: str) -> None:
    assert "s3c" not in shown(f"https://auto:{password}@jira.example/jira") and "ret" not in shown({"url": f"http://u:{password}@node1"})
