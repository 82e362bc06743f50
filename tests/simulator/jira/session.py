# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log-in by REST, and the end of sessions (S103, DT, JD)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from .context import api, base, body, caller, errors, jira, no_content
from .gate import SESSION_COOKIE, check_password, set_session

auth = Blueprint("auth", __name__)
two_step = Blueprint("two_step", __name__)


def _attempt(wish: Any) -> tuple[str, str]:
    """User and login reason; counted like every other attempt."""
    user = str(wish.get("username", "")) if isinstance(wish, dict) else ""
    reason = check_password(user, str(wish.get("password", "")) if isinstance(wish, dict) else "")
    note_attempt(reason)
    return user, reason


def note_attempt(reason: str) -> None:
    g.login_reason = reason
    g.login = {"OK": "ok", "AUTHENTICATION_DENIED": "denied"}.get(reason, "failed")


@auth.get("/session")
def who_am_i() -> ResponseReturnValue:
    if caller().name is None:
        return errors(401, "You are not authenticated.")
    info = {"failedLoginCount": 0, "loginCount": 1, "previousLoginTime": "2026-01-01T00:00:00.000+0000"}
    return jsonify({"self": api(f"user?username={caller().name}"), "name": caller().name, "loginInfo": info})


@auth.post("/session")
def open_session() -> ResponseReturnValue:
    user, reason = _attempt(body())
    if reason == "AUTHENTICATION_DENIED":
        response = errors(403, "Login denied")
        response.headers["X-Authentication-Denied-Reason"] = f"CAPTCHA_CHALLENGE; login-url={base()}/login.jsp"
        return response
    if reason != "OK":
        return errors(401, "Login failed")
    session = jira().sessions.open(user)
    response = jsonify({"session": {"name": SESSION_COOKIE, "value": session.id}, "loginInfo": {"loginCount": 1}})
    set_session(response, session.id)
    return response


@auth.delete("/session")
def close_session() -> ResponseReturnValue:
    session = caller().session
    if session is None:
        return errors(401, "You are not authenticated.")
    jira().sessions.close(session)
    return no_content()


@auth.delete("/websudo")
def end_websudo() -> ResponseReturnValue:
    session = caller().session
    if session is not None:
        session.websudo_until = 0.0
    return no_content()


@two_step.post("/authenticate")
def authenticate() -> ResponseReturnValue:
    """The log-in page's own call from 10.1 on (DT; code). Its answers beyond the status are unverified."""
    if not jira().version.two_step_login:
        return errors(404, "There is no such resource.")
    user, reason = _attempt(body())
    if reason != "OK":
        return errors(401, "Login failed")
    session = jira().sessions.open(user)
    target = (request.get_json(silent=True) or {}).get("targetUrl") or "/"
    response = jsonify({"success": True, "targetUrl": target})
    set_session(response, session.id)
    return response
