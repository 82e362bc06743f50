# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All filters and dashboards that are shared, for administrators, and the popular filters for everybody: no REST lists them (facts 2.4).

Addresses and layout are unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from ..words import one_of, word
from . import rights
from .context import jira, world
from .pages import page
from .world import Dashboard, Filter, Share

pages = Blueprint("shared_pages", __name__)
PAGE_SIZE = 20


def _shared_with(share: Share) -> str:
    """Words of the page's language, so nothing to read a share from."""
    if share.type in ("global", "loggedin"):
        return word("anyone" if share.type == "global" else "logged in")
    return f"{word('shared with')}: {escape(str(share.target))}"


def _filter_link(item: Filter) -> str:
    """Either address was named for this page; which version has which is unverified, so each is played."""
    path = f"/issues/?filter={item.id}" if jira().version.boxes_in_forms else f"/secure/EditFilter!default.jspa?filterId={item.id}"
    return f'<a href="{base()}{path}">{escape(item.name)}</a>'


def _dashboard_link(board: Dashboard) -> str:
    return f'<a href="{base()}/secure/Dashboard.jspa?selectPageId={board.id}">{escape(board.name)}</a>'


def _list(title: str, rows: Sequence[tuple[str, str | None, list[Share]]], links: str = "") -> ResponseReturnValue:
    """One page; links: to the pages beside it."""
    body = "".join(
        f"<tr><td>{link}</td><td>{escape(owner or '')}</td><td><ul>{''.join(f'<li>{_shared_with(share)}</li>' for share in shares)}</ul></td></tr>"
        for link, owner, shares in rows
    )
    head = f"<tr><th>{word('name')}</th><th>{word('owner')}</th><th>{word('shared with')}</th></tr>"
    return page(title, f'<table id="mf_browse" class="aui"><thead>{head}</thead><tbody>{body}</tbody></table><p class="pagination">{links}</p>')


def _paged(title: str, address: str, rows: Sequence[tuple[str, str | None, list[Share]]]) -> ResponseReturnValue:
    """A page of them; pagingOffset counts pages from 0 (unverified)."""
    offset = request.args.get("pagingOffset", "0")
    number = int(offset) if offset.isascii() and offset.isdigit() else 0
    links = ""
    if number > 0:
        links += f'<a class="icon-previous" href="{address}?pagingOffset={number - 1}">{word("previous")}</a> '
    if (number + 1) * PAGE_SIZE < len(rows):
        links += f'<a class="icon-next" href="{address}?pagingOffset={number + 1}">{word("next")}</a>'
    return _list(title, rows[number * PAGE_SIZE : (number + 1) * PAGE_SIZE], links)


def filters() -> ResponseReturnValue:
    found = sorted((item for item in world().filters.values() if item.shares), key=lambda item: item.name)
    return _paged(word("shared filters"), "ViewSharedFilters.jspa", [(_filter_link(item), item.owner, item.shares) for item in found])


def dashboards() -> ResponseReturnValue:
    """Without the system dashboard, which belongs to nobody (unverified)."""
    found = sorted((board for board in world().dashboards.values() if board.shares and board.owner), key=lambda board: board.name)
    return _paged(word("shared dashboards"), "ViewSharedDashboards.jspa", [(_dashboard_link(board), board.owner, board.shares) for board in found])


@pages.get("/secure/ManageFilters.jspa")
def popular() -> ResponseReturnValue:
    """Filters shared with whoever looks, strangers too; those that most people favour, and only so many. Other views list nothing here.

    Unverified. There is no second page: the harder case, since what is not shown may be public all the same.
    """
    shared = (item for item in world().filters.values() if rights.shared_with(world(), caller().name, item.shares))
    found = sorted(shared, key=lambda item: (-len(item.favourite_of), item.name)) if request.args.get("filterView") == "popular" else []
    rows = [(_filter_link(item), item.owner, item.shares) for item in found[:PAGE_SIZE]]
    return _list(one_of("Popular filters", "Beliebte Filter"), rows)
