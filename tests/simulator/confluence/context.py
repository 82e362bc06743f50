# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Confluence behind the current request, and the answers every resource of it gives alike."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, cast

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import HTML, body, caller, product
from . import rights
from .world import World

if TYPE_CHECKING:
    from .product import Confluence

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
PERMISSION = "com.atlassian.confluence.api.service.exceptions.PermissionException"
NOT_FOUND = "com.atlassian.confluence.api.service.exceptions.NotFoundException"
BAD_REQUEST = "com.atlassian.confluence.api.service.exceptions.BadRequestException"
REASONS = {400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


def confluence() -> Confluence:
    return cast("Confluence", product())


def world() -> World:
    return confluence().world


def rest_error(status: int, message: str) -> Response:
    """RestError (facts 10). `reason` is not always there (code), so a 400 goes without. Texts are our own: never to be matched on."""
    answer: dict[str, Any] = {"statusCode": status, "data": {"authorized": status != 403, "valid": True, "errors": [], "successful": False}}
    answer["message"] = message
    if status != 400:
        answer["reason"] = REASONS[status]
    response = jsonify(answer)
    response.status_code = status
    return response


def stop(response: Response) -> NoReturn:
    """End the request with this answer."""
    abort(response)


def html_error(status: int, text: str) -> Response:
    page = f"<!DOCTYPE html>\n<html><head><title>{html.escape(text)}</title></head><body><h1>{html.escape(text)}</h1></body></html>\n"
    return Response(page, status, content_type=HTML)


def login_wanted() -> Response:
    """A stranger's 401: HTML (facts 10)."""
    response = html_error(401, "Unauthorized (401)")
    response.headers["WWW-Authenticate"] = f'OAuth realm="{product().settings.base_url}"'  # unverified
    return response


def may_use(view: View[P]) -> View[P]:
    """A resource for whoever may use Confluence; 403 to the others, strangers included (C102; sample error-403)."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not rights.may_use(world(), caller().name):
            return rest_error(403, f"{PERMISSION}: User not permitted to use Confluence")
        return view(*args, **kwargs)

    return guarded


def administrator(view: View[P]) -> View[P]:
    """A resource for Confluence administrators: 401 to strangers, 403 to the others (C102)."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if caller().name is None:
            return login_wanted()
        if not rights.administers(world(), caller().name):
            return rest_error(403, f"{PERMISSION}: Not permitted to administer Confluence")
        return view(*args, **kwargs)

    return guarded


def json_list() -> list[Any]:
    """The body as a JSON array that holds something. Other media types: 415 (unverified)."""
    if request.mimetype != "application/json":
        stop(html_error(415, "Unsupported Media Type"))
    found = body()
    if not isinstance(found, list) or not found:
        stop(rest_error(400, f"{BAD_REQUEST}: The body must be a list."))
    return found


def number(name: str, default: int) -> int:
    """A number of the query; 400 for anything else."""
    value = request.args.get(name, str(default))
    if not (value.isascii() and value.isdigit()):
        stop(rest_error(400, f"{BAD_REQUEST}: {name} must be a number from 0."))
    return int(value)
