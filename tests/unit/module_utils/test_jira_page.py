# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of feature keys in a page, in all the forms it was seen in."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_page import parse_features

DATA = {"enabled-feature-keys": ["public.access.disabled", 'odd"key\\'], "feature-flag-states": {"a.flag": True, "b.flag": False}}
NAME = "jira.core:feature-flags-data.feature-flag-data"


def page(literal: str) -> str:
    return f'<html><script>WRM._unparsedData["other"]="{{}}";\nWRM._unparsedData["{NAME}"]="{literal}";\nWRM._unparsedData["z"]="x";</script></html>'


def escaped(quote: str) -> str:
    return json.dumps(DATA).replace("\\", "\\\\").replace('"', quote)


@pytest.mark.parametrize("quote", ['\\"', "\\u0022", "\\x22"])
def test_the_data_block(quote: str) -> None:
    found = parse_features(page(escaped(quote)))
    assert found is not None
    assert found.enabled == set(DATA["enabled-feature-keys"])
    assert found.flags == {"a.flag": True, "b.flag": False}


def test_javascript_escapes_json_does_not_know() -> None:
    found = parse_features(page("{\\\"enabled-feature-keys\\\":[\\\"it\\'s\\\",\\\"a\\/b\\\"]}"))
    assert found is not None
    assert (found.enabled, found.flags) == ({"it's", "a/b"}, None)


def test_the_older_meta_element_tells_no_flags() -> None:
    found = parse_features('<meta name="ajs-enabled-dark-features" content="a, b&amp;c,">')
    assert found is not None
    assert (found.enabled, found.flags) == ({"a", "b&c"}, None)


def test_nothing_enabled_is_a_list_too() -> None:
    found = parse_features(page(json.dumps({"enabled-feature-keys": [], "feature-flag-states": {}}).replace('"', '\\"')))
    assert found is not None and found.enabled == frozenset()


@pytest.mark.parametrize(
    "text",
    ["", "<html>Log in</html>", page("{broken"), page("[]"), page('{\\"feature-flag-states\\":{}}'), page('{\\"enabled-feature-keys\\":\\"a\\"}')],
)
def test_a_page_without_a_readable_list_is_no_empty_list(text: str) -> None:
    assert parse_features(text) is None
