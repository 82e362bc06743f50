# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a collection of /rest/api (facts 10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request

from ..answers import base, product


def page(results: list[Any], start: int, limit: int, more: bool) -> Response:
    """`next` has no host and no context path (code), and keeps the rest of the query."""
    path = request.path
    links = {"self": f"{base()}{path}", "base": base(), "context": product().settings.context_path}
    if more:
        query = [(name, value) for name, value in request.args.items(multi=True) if name not in ("start", "limit")]
        links["next"] = f"{path}?{urlencode([*query, ('limit', limit), ('start', start + limit)])}"
    return jsonify({"results": results, "start": start, "limit": limit, "size": len(results), "_links": links})


def sliced(items: list[Any], start: int, limit: int) -> Response:
    return page(items[start : start + limit], start, limit, start + limit < len(items))
