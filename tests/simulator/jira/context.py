# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated Jira behind the current request, and the answers every resource of it gives alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, cast

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from ..answers import base, caller, product
from . import rights
from .world import World

if TYPE_CHECKING:
    from .product import Jira

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def jira() -> Jira:
    return cast("Jira", product())


def world() -> World:
    return jira().world


def api(path: str) -> str:
    """Self link below rest/api/2."""
    return f"{base()}/rest/api/2/{path}"


def errors(status: int, *messages: str, **fields: str) -> Response:
    """The standard error body (S112 narrative; doc). Texts are our own: they are translated in the product, so never matched on."""
    response = jsonify({"errorMessages": list(messages), "errors": fields})
    response.status_code = status
    return response


def unrecognised(field: str) -> Response:
    """What Jackson says of an unknown member: `errors` is missing (sample error-unrecognised-field; code)."""
    response = jsonify({"errorMessages": [f'Unrecognized field "{field}", not marked as ignorable']})
    response.status_code = 400
    return response


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """A resource for holders of a global permission: 401 to strangers, 403 to the others (S103; doc)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if caller().name is None:
                return errors(401, "You are not authenticated.")
            if not rights.has_global(world(), caller().name, permission):
                return errors(403, "You do not have the permission for this.")
            return view(*args, **kwargs)

        return guarded

    return decorate


def logged_in(view: View[P]) -> View[P]:
    """A resource for anyone with a name: 401 to strangers."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if caller().name is None:
            return errors(401, "You are not authenticated.")
        return view(*args, **kwargs)

    return guarded
