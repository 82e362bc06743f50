# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API below /__sim__: for tests only, never confusable with a product. It is not part of what is simulated."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from .faults import BadFault

if TYPE_CHECKING:
    from .app import Simulator

control = Blueprint("control", __name__, url_prefix="/__sim__")


def _simulator() -> Simulator:
    found: Simulator = current_app.extensions["simulator"]
    return found


@control.before_request
def guard() -> ResponseReturnValue | None:
    key = _simulator().settings.control_key
    if key is not None and not hmac.compare_digest(request.headers.get("X-Sim-Control", "").encode(), key.encode()):
        return _sentence(403, "The header X-Sim-Control must hold the control key.")
    return None


def _sentence(status: int, text: str) -> Response:
    response = jsonify({"error": text})
    response.status_code = status
    return response


@control.post("/reset")
def reset() -> ResponseReturnValue:
    _simulator().reset()
    return Response(status=204)


@control.get("/state")
def state() -> ResponseReturnValue:
    """All that a write could change; equal before and after means that nothing was written."""
    return jsonify(_simulator().product.state())


@control.get("/audit")
def audit() -> ResponseReturnValue:
    return jsonify(_simulator().journal.changes)


@control.get("/requests")
def requests() -> ResponseReturnValue:
    journal = _simulator().journal
    return jsonify({"count": journal.count, "logins": dict(journal.logins), "requests": list(journal.requests)})


@control.delete("/requests")
def forget_requests() -> ResponseReturnValue:
    _simulator().journal.clear_requests()
    return Response(status=204)


@control.get("/faults")
def list_faults() -> ResponseReturnValue:
    return jsonify(_simulator().faults.as_list())


@control.post("/faults")
def add_fault() -> ResponseReturnValue:
    wish = request.get_json(silent=True)
    if not isinstance(wish, dict):
        return _sentence(400, "A fault is a JSON object.")
    try:
        _simulator().faults.add(wish)
    except BadFault as error:
        return _sentence(400, str(error))
    return Response(status=204)


@control.delete("/faults")
def clear_faults() -> ResponseReturnValue:
    _simulator().faults.clear()
    return Response(status=204)


@control.post("/plant")
def plant() -> ResponseReturnValue:
    """One object, or a list of objects that are planted in order."""
    wish = request.get_json(silent=True)
    try:
        for item in wish if isinstance(wish, list) else [wish]:
            if not isinstance(item, dict):
                return _sentence(400, "Plant a JSON object, or a list of them.")
            _simulator().product.plant(item)
    except ValueError as error:
        return _sentence(400, str(error))
    return Response(status=204)
