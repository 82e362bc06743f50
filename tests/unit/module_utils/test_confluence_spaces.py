# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing spaces: every one, once, and an end even where the product goes on promising more."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_spaces import Listed, count_spaces, pages, visible_spaces
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

PATH = "/rest/api/space"


@pytest.fixture
def listing(call: Any) -> Any:
    def page(*keys: str, kind: str = "global", status: str = "current", start: int = 0, more: bool = False) -> Any:
        body = {"results": [{"key": key} for key in keys], "_links": {"next": f"{PATH}?x"} if more else {"self": "x"}}
        return call("GET", f"{PATH}?type={kind}&status={status}&limit=100&start={start}", json=body)

    return page


@pytest.fixture
def rest(listing: Any) -> list[Any]:
    return [listing(kind="personal"), listing(status="archived"), listing(kind="personal", status="archived")]


def keys(found: Any) -> list[list[str]]:
    return [[space.key for space in page] for page in found]


def test_personal_and_archived_spaces_say_so(wiki: Any, listing: Any) -> None:
    calls = [listing("A"), listing("~ann", kind="personal"), listing("OLD", status="archived"), listing("~bob", kind="personal", status="archived")]
    assert list(pages(wiki(*calls))) == [
        [Listed("A", "")], [Listed("~ann", "personal")], [Listed("OLD", "archived")], [Listed("~bob", "archived personal")],
    ]  # fmt: skip


def test_a_cap_of_the_server_is_followed(wiki: Any, listing: Any, rest: list[Any]) -> None:
    """The next page starts after what came, not after what was asked for."""
    calls = [listing("A", "B", more=True), listing("C", start=2, more=True), listing("D", "E", start=3), *rest]
    assert keys(pages(wiki(*calls))) == [["A", "B"], ["C"], ["D", "E"]]


def test_repeated_pages_past_the_end_are_the_end(wiki: Any, listing: Any, rest: list[Any]) -> None:
    """CONFSERVER-95272."""
    calls = [listing("A", "B", more=True), listing("A", "B", start=2, more=True), *rest]
    assert keys(pages(wiki(*calls))) == [["A", "B"]]


def test_a_page_that_overlaps_gives_what_is_new(wiki: Any, listing: Any, rest: list[Any]) -> None:
    calls = [listing("A", "B", more=True), listing("B", "C", start=2, more=True), listing(start=4, more=True), *rest]
    assert keys(pages(wiki(*calls))) == [["A", "B"], ["C"]]


def test_a_promise_without_anything_is_the_end(wiki: Any, listing: Any, rest: list[Any]) -> None:
    assert keys(pages(wiki(listing(more=True), *rest))) == []


def test_a_space_of_two_lists_is_there_once(wiki: Any, listing: Any) -> None:
    """Versions that do not know a filter ignore it."""
    calls = [listing("A"), listing("A", kind="personal"), listing("A", status="archived"), listing("A", kind="personal", status="archived")]
    assert keys(pages(wiki(*calls))) == [["A"]]


def test_a_page_is_asked_when_it_is_wanted(wiki: Any, listing: Any) -> None:
    found = pages(wiki(listing("A", more=True)))
    assert [space.key for space in next(found)] == ["A"]


def test_all_keys_sorted(wiki: Any, listing: Any, rest: list[Any]) -> None:
    assert visible_spaces(wiki(listing("b", "A", "~c"), *rest)) == ["A", "b", "~c"]


@pytest.mark.parametrize("body", [None, [], {}, {"results": {}}, {"results": [{}]}, {"results": ["A"]}, {"results": [{"key": ""}]}])
def test_another_shape_is_no_empty_list(wiki: Any, call: Any, listing: Any, body: Any) -> None:
    answer = {"text": "null"} if body is None else {"json": body}
    with pytest.raises(AtlassianError, match="without a list of spaces"):
        list(pages(wiki(call("GET", listing().path, **answer))))


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refused_list_is_no_empty_list(wiki: Any, call: Any, listing: Any, status: int) -> None:
    with pytest.raises(AtlassianError, match=str(status)):
        list(pages(wiki(call("GET", listing().path, status))))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"json": {"spaces": 7, "pages": 9}}, 7),
        ({"json": {"spaces": 0}}, 0),
        ({"json": {"spaces": True}}, None),
        ({"json": {"spaces": "7"}}, None),
        ({"json": {}}, None),
        ({"json": []}, None),
        ({"status": 404}, None),
        ({"status": 403}, None),
    ],
)
def test_how_many_there_are(wiki: Any, call: Any, answer: dict[str, Any], expected: int | None) -> None:
    count, said = count_spaces(wiki(call("GET", "/rest/api/instance-metrics", **answer)))
    assert count == expected
    assert (said == "") == (count is not None) and (count is not None or str(answer.get("status", 200)) in said)
