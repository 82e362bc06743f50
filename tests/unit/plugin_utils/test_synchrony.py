# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""atlassian_synchrony of a site: normalised, or a sentence that names it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._sites import check_site


def checked(given: Any, product: str = "confluence") -> tuple[dict[str, Any], list[str]]:
    problems = Problems()
    variables = {
        "atlassian_url": "https://wiki.example.com/wiki", "atlassian_api_token": "x", "atlassian_synchrony": given,
        "atlassian_backends": [{"url": "http://node1.example.com:8090/wiki"}],
    }  # fmt: skip
    site = check_site(HostValues("wiki", variables, problems), product, [], True)
    assert site is not None
    return site, problems.sentences()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://n:8091", {"url": "http://n:8091/synchrony", "path": "/synchrony"}),
        ("http://n:8091/synchrony/", {"url": "http://n:8091/synchrony", "path": "/synchrony"}),
        ("http://n:8090/wiki/synchrony-proxy", {"url": "http://n:8090/wiki/synchrony-proxy", "path": "/wiki/synchrony-proxy"}),
    ],
)
def test_the_path_is_what_browsers_use(url: str, wanted: dict[str, str]) -> None:
    site, problems = checked({"url": url})
    assert (site["synchrony"], problems) == (wanted, [])


def test_without_one_the_site_has_none() -> None:
    site, problems = checked(None)
    assert "synchrony" not in site
    assert problems == []


@pytest.mark.parametrize("given", ["http://n:8091", {"uri": "x"}, {"url": "ftp://n"}, {"url": "http://lena:secret@n"}])
def test_what_is_no_synchrony_is_named(given: Any) -> None:
    site, (sentence,) = checked(given)
    assert "synchrony" not in site
    assert "atlassian_synchrony" in sentence
    assert "secret" not in sentence


def test_jira_has_no_synchrony() -> None:
    _site, (sentence,) = checked({"url": "http://n:8091"}, "jira")
    assert "atlassian_synchrony" in sentence and "Confluence" in sentence
