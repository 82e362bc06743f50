# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door of JSON-RPC: two forms of a call, the switch that closes it, and WebSudo before all that administers (facts 4.3)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ..answers import HTML, body, caller
from ..front_door import xsrf_header
from .administration import websudo_passed
from .context import confluence, html_error, world
from .rpc_methods import METHODS, RpcError

rpc = Blueprint("json_rpc", __name__, url_prefix="/rpc/json-rpc/confluenceservice-v2")
REMOTE = "com.atlassian.confluence.rpc"
WRONG_CALL = -32600  # JSON-RPC 2.0
FAILED = 500  # sample jsonrpc-error; the true numbers are unverified


@rpc.before_request
def _door() -> ResponseReturnValue | None:
    settings = world().settings
    if not settings["allowRemoteApi"]:
        return html_error(confluence().remote_api_off_status, "Not available")  # 404, 405 and 401 were all seen (code)
    if caller().name is None and not settings["allowRemoteApiAnonymous"]:
        return html_error(401, "Unauthorized (401)")  # unverified
    return None


@rpc.post("")
def envelope() -> ResponseReturnValue:
    if not xsrf_header():
        return _forged()
    call = body()
    if not isinstance(call, dict) or call.get("jsonrpc") != "2.0" or not isinstance(call.get("params"), list):
        return jsonify({"error": {"code": WRONG_CALL, "message": "Not a JSON-RPC 2.0 call."}, "jsonrpc": "2.0", "id": None})
    answer = _answer(str(call.get("method")), call["params"])
    return answer if isinstance(answer, Response) else jsonify({**answer, "jsonrpc": "2.0", "id": call.get("id")})


@rpc.post("/<method>")
def light(method: str) -> ResponseReturnValue:
    """An array of parameters in, the bare result out."""
    if not xsrf_header():
        return _forged()
    params = body()
    if not isinstance(params, list):
        return jsonify({"error": {"code": WRONG_CALL, "message": "The body must be an array of parameters."}})
    answer = _answer(method, params)
    return answer if isinstance(answer, Response) else jsonify(answer["result"] if "result" in answer else answer)


@rpc.get("")
@rpc.get("/<method>")
def only_posts(method: str | None = None) -> ResponseReturnValue:
    return html_error(405, "HTTP Status 405")


def _forged() -> Response:
    """Clients send the header (code); that it is needed is unverified: the harder case."""
    return html_error(403, "XSRF check failed")


def _answer(name: str, params: list[Any]) -> dict[str, Any] | Response:
    """Errors of the application come with status 200 (unverified)."""
    method = METHODS.get(name)
    try:
        if method is None:
            raise RpcError(f"RemoteException: No such method: {name}")
        method.permit(params)
        if method.administrative and not websudo_passed():
            return _websudo_required()
        return {"result": method.run(params)}
    except RpcError as error:
        return {"error": {"code": FAILED, "message": f"{REMOTE}.{error}"}}


def _websudo_required() -> Response:
    """Basic and tokens do not pass here, and the status says nothing (KJR; documented)."""
    text = f"The application was unable to serve your request: {REMOTE}.WebSudoRequiredException"
    return Response(f"<html><body><p>{text}</p></body></html>", 200, content_type=HTML)
