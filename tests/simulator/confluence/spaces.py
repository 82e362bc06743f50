# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spaces as the caller sees them: the list, page by page, and one by its key."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from . import rights
from .context import BAD_REQUEST, NOT_FOUND, confluence, html_error, may_use, number, rest_error, stop, world
from .paging import page
from .world import Space

rest = Blueprint("spaces", __name__)
CAP = 100  # the server may cap what was asked for (facts 4.6); the number is unverified
CHOICES = {"type": ("global", "personal"), "status": ("current", "archived")}


def space_as_json(space: Space) -> dict[str, Any]:
    return {
        "id": space.id,
        "key": space.key,
        "name": space.name,
        "status": space.status,
        "type": space.type,
        "_links": {"webui": f"/display/{space.key}", "self": f"{base()}/rest/api/space/{space.key}"},
        "_expandable": {"metadata": "", "icon": "", "description": "", "retentionPolicy": "", "homepage": f"/rest/api/content/{space.id + 1}"},
    }


def _choice(name: str) -> str | None:
    value = request.args.get(name)
    if value is not None and value not in CHOICES[name]:
        stop(rest_error(400, f"{BAD_REQUEST}: {name} is not known: {value}"))
    return value


def _wanted() -> Iterator[Space]:
    """Archived spaces are listed only when asked for (unverified; the harder reading)."""
    keys, type_, status = request.args.getlist("spaceKey"), _choice("type"), _choice("status")
    if status is None and not keys:
        status = "current"
    return (
        space
        for space in rights.visible(world(), caller().name)
        if (not keys or space.key in keys) and type_ in (None, space.type) and status in (None, space.status)
    )


@rest.get("/space")
@may_use
def list_spaces() -> ResponseReturnValue:
    start, limit = number("start", 0), min(number("limit", 25), CAP)
    if limit == 0:
        return rest_error(400, f"{BAD_REQUEST}: limit must be at least 1.")
    if "permissions" in request.args.get("expand", "") and not rights.administers(world(), caller().name):
        return html_error(500, "HTTP Status 500")  # facts 4.4 (code)
    found = list(islice(_wanted(), start, start + limit + 1))
    more = len(found) > limit
    if confluence().version.repeats_past_the_end:
        found = found or list(_wanted())[-limit:]  # CONFSERVER-95272
        more = bool(found)
    return page([space_as_json(space) for space in found[:limit]], start, limit, more)


@rest.get("/space/<key>")
@may_use
def get_space(key: str) -> ResponseReturnValue:
    space = world().spaces.get(key)
    if space is None or not rights.may_see(world(), caller().name, space):
        return rest_error(404, f"{NOT_FOUND}: No space found with key : {key}")
    return space_as_json(space)
