# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Which filters there are. No REST lists them, so pages do: the administrators' list of what is shared, and what a stranger is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_links

# Addresses and the layout of both pages are not verified on recent versions; only links are read from them, since their words are translated.
SHARED = "/secure/admin/filters/ViewSharedFilters.jspa"
POPULAR = "/secure/ManageFilters.jspa?filterView=popular"
ID, OFFSET = ("filter", "filterId"), "pagingOffset"
MOST_PAGES = 2000
NO_FORMS = f"No REST lists filters, only the page Shared filters ({SHARED}): set allow_forms, with username and password, or name ids in filters."


@dataclass(frozen=True)
class Listing:
    """missing: why there may be filters that are in no list; empty where the administrators' page was read to its end.

    shown: those of them to which a page leads that was asked for without log-in.
    """

    ids: frozenset[int]
    missing: str = ""
    shown: frozenset[int] = frozenset()


def shared_filters(browser: Browser | None) -> Listing:
    """All filters that somebody shares, from the administrators' page. browser: None where forms are not allowed."""
    if browser is None:
        return Listing(frozenset(), NO_FORMS)
    try:
        return _read_pages(browser)
    except AtlassianError as exc:
        return Listing(frozenset(), f"The list of shared filters could not be read: {exc.sentence}")


def _read_pages(browser: Browser) -> Listing:
    found: set[int] = set()
    seen: set[int] = set()
    waiting = {0}
    while waiting and len(seen) < MOST_PAGES:
        number = min(waiting)
        response = browser.page(f"{SHARED}?{OFFSET}={number}" if number else SHARED)
        if response.status != 200:
            raise AtlassianError(f"{response.request.label} answered {response.status}.", status=response.status)
        new = _ids(parse_links(response.text, response.request.url, only_tables=True))
        if number and not new:
            raise AtlassianError(f"{response.request.label} shows no filter, although another page of the list leads to it.")
        found |= new
        seen.add(number)
        # The address is made here, from the number alone: a link of the page might do more than look.
        waiting = (waiting | _numbers(parse_links(response.text, response.request.url), (OFFSET,), SHARED)) - seen
    if waiting:
        raise AtlassianError(f"The page {SHARED} goes on after {MOST_PAGES} pages.")
    if not found:
        return Listing(frozenset(), f"The page {SHARED} shows no link to a filter: none is shared, or it is not built as this collection knows it.")
    return Listing(frozenset(found))


def public_filters(stranger: Client) -> set[int]:
    """Those that somebody without an account is shown; none where the site is closed. Raises AtlassianError where no answer came."""
    response = stranger.get_page(POPULAR)
    return _ids(parse_links(response.text, response.request.url)) if response.status == 200 else set()


def list_filters(
    browser: Browser | None, strangers: Iterable[Client], others: Iterable[int], is_shared: Callable[[Sequence[int]], Iterable[int]]
) -> Listing:
    """All ids that can be found. others: ids known from elsewhere. is_shared: which of the ids given are shared with somebody.

    A shared filter that is known and is not on the administrators' page proves that the page does not list them all.
    """
    listing = shared_filters(browser)
    shown: set[int] = set()
    for stranger in strangers:
        try:
            shown |= public_filters(stranger)
        except AtlassianError:
            # It could only have named more of them; the administrators' page, or the row that says what was not listed, stands.
            continue
    known = shown.union(others)
    unlisted = sorted(is_shared(sorted(known - listing.ids)))
    missing = listing.missing
    if unlisted and not missing:
        missing = f"The page {SHARED} does not show filter {unlisted[0]}, which is shared, so it may lack others as well. Look at it in a browser."
    return Listing(listing.ids | known, missing, frozenset(shown))


def _ids(links: Iterable[str]) -> set[int]:
    return _numbers(links, ID)


def _numbers(links: Iterable[str], names: Iterable[str], ending: str = "") -> set[int]:
    """Values of these parameters in the queries of links, where they are numbers."""
    parts = [urlsplit(link) for link in links]
    values = [value for part in parts if part.path.endswith(ending) for name in names for value in parse_qs(part.query).get(name, ())]
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19}
