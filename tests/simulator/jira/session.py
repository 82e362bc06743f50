# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log-in by REST, and the end of sessions (S103, DT, JD)."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from ..answers import caller, no_content
from ..front_door import SESSION_COOKIE, captcha_challenge, set_session
from ..two_step import attempt, opened
from ..websudo import drop_websudo
from .context import api, errors, jira

auth = Blueprint("auth", __name__)
two_step = Blueprint("two_step", __name__)


@auth.get("/session")
def who_am_i() -> ResponseReturnValue:
    if caller().name is None:
        return errors(401, "You are not authenticated.")
    info = {"failedLoginCount": 0, "loginCount": 1, "previousLoginTime": "2026-01-01T00:00:00.000+0000"}
    return jsonify({"self": api(f"user?username={caller().name}"), "name": caller().name, "loginInfo": info})


@auth.post("/session")
def open_session() -> ResponseReturnValue:
    user, reason = attempt()
    if reason == "AUTHENTICATION_DENIED":
        response = errors(403, "Login denied")
        response.headers["X-Authentication-Denied-Reason"] = captcha_challenge()
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
        drop_websudo(session)
    return no_content()


@two_step.post("/authenticate")
def authenticate() -> ResponseReturnValue:
    """The log-in page's own call from 10.1 on (DT; code)."""
    if not jira().version.two_step_login:
        return errors(404, "There is no such resource.")
    user, reason = attempt()
    return opened(user) if reason == "OK" else errors(401, "Login failed")
