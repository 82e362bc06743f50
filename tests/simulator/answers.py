# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated product behind the current request, its caller, and the answers that both products give alike."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, current_app, g, jsonify, request

from .logins import Caller
from .product import Product

HTML = "text/html;charset=UTF-8"


def product() -> Product:
    return cast(Product, current_app.extensions["simulated_product"])


def caller() -> Caller:
    return cast(Caller, g.caller)


def base() -> str:
    return product().settings.base_url


def xsrf_token() -> str:
    """The token that the forms of the caller's session carry."""
    session = caller().session
    return session.xsrf_token if session is not None else f"{'0' * 40}_lout"


def changed(what: str, subject: str, before: Any, after: Any) -> None:
    product().journal.change(caller().shown, what, subject, before, after)


def module_error(status: int, message: str) -> Response:
    """The error body of the REST module, the same in both products (section 6 of the facts on Jira; code)."""
    response = jsonify({"message": message, "status-code": status})
    response.status_code = status
    return response


def unauthenticated() -> Response:
    return module_error(401, "Client must be authenticated to access this resource.")


def no_content() -> Response:
    return Response(status=204)


def body() -> Any:
    """The JSON body; None when there is none or when it is not JSON."""
    return request.get_json(silent=True, force=True)


def unknown_route() -> Response:
    """The REST module's text for a path nobody serves (code)."""
    text = '{"message":"null for uri: ' + request.path.replace('"', "") + '","status-code":404}'
    return Response(text, 404, content_type="application/json")


def dead_link() -> Response:
    page = "<html><head><title>Oops, you've found a dead link.</title></head><body></body></html>"
    return Response(page, 404, content_type=HTML)


def not_allowed(error: Exception) -> Response:
    response = Response("<html><body><h1>HTTP Status 405</h1></body></html>", 405, content_type=HTML)
    methods = getattr(error, "valid_methods", None)
    response.headers["Allow"] = ", ".join(sorted(methods or []))
    return response
