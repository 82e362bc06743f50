# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call of the newer log-in page, the same in both products (DT; code). Its answers beyond the status are unverified."""

from __future__ import annotations

from flask import Response, jsonify

from .answers import body, product
from .front_door import check_password, note_attempt, set_session


def attempt() -> tuple[str, str]:
    """User of the JSON body and login reason; counted like every other attempt."""
    wish = body()
    user = str(wish.get("username", "")) if isinstance(wish, dict) else ""
    reason = check_password(user, str(wish.get("password", "")) if isinstance(wish, dict) else "")
    note_attempt(reason)
    return user, reason


def target() -> str:
    wish = body()
    return str(wish.get("targetUrl") or "/") if isinstance(wish, dict) else "/"


def opened(user: str) -> Response:
    """The answer that opens a session. What an account with a second step gets is unverified: played as a yes that opens none."""
    if product().second_factor:
        return jsonify({"success": True, "targetUrl": target()})
    session = product().sessions.open(user)
    response = jsonify({"success": True, "targetUrl": target()})
    set_session(response, session.id)
    return response
