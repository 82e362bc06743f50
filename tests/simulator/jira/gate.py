# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before every resource: log-in, the closed site, XSRF; and the headers that go out with every answer."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from ..logins import Caller, parse_basic, parse_bearer
from . import rights
from .context import base, caller, jira, module_error, world
from .features import site_is_closed

ATTEMPTS_ALLOWED = 3  # jira.maximum.authentication.attempts.allowed (facts 3.4; doc)
SESSION_COOKIE = "JSESSIONID"
XSRF_COOKIE = "atlassian.xsrf.token"
# Reachable by strangers on a closed site: the way in, and what the log-in page needs. serverInfo: no auth error documented (S103).
# The effect on each of them is an open point of the facts (8.6): unverified.
OPEN = ("/login.jsp", "/status", "/rest/api/2/serverInfo", "/rest/api/latest/serverInfo", "/rest/auth/1/session", "/rest/tsv/1.0/authenticate")


def install(app: Flask) -> None:
    app.before_request(_enter)
    app.after_request(_leave)


def refused(reason: str, status: int = 401) -> Response:
    """A failed log-in by header: an HTML body, not JSON (facts 4.4; code)."""
    page = f"<html><head><title>Unauthorized ({status})</title></head><body>Basic Authentication Failure - Reason : {reason}</body></html>"
    response = Response(page, status=status, content_type="text/html;charset=UTF-8")
    response.headers["X-Seraph-LoginReason"] = reason
    if status == 401:
        response.headers["WWW-Authenticate"] = f'OAuth realm="{base()}"'  # unverified
    if reason == "AUTHENTICATION_DENIED":
        # Header PJ; the exact text is unverified.
        response.headers["X-Authentication-Denied-Reason"] = f"CAPTCHA_CHALLENGE; login-url={base()}/login.jsp"
    return response


def check_password(user: str, password: str) -> str:
    """The login reason (PS): OK, AUTHENTICATED_FAILED, AUTHENTICATION_DENIED (the password is not even looked at), AUTHORISATION_FAILED."""
    product = jira()
    if product.attempts.failed(user) >= ATTEMPTS_ALLOWED:
        return "AUTHENTICATION_DENIED"
    known = world().users.get(user)
    right = product.credentials.password_matches(user, password) and known is not None and known.active
    if known is not None:
        product.attempts.note(user, right)
    if not right:
        return "AUTHENTICATED_FAILED"
    return "OK" if rights.licensed(world(), user) else "AUTHORISATION_FAILED"


def _enter() -> ResponseReturnValue | None:
    g.login = "none"
    g.login_reason = None
    g.caller = Caller()
    if request.path == "/status" or request.blueprint == "control":
        return None
    return _log_in() or _closed() or _forged()


def _log_in() -> ResponseReturnValue | None:
    header = request.headers.get("Authorization", "")
    session = jira().sessions.find(request.cookies.get(SESSION_COOKIE))
    basic, bearer = parse_basic(header), parse_bearer(header)
    if request.environ.get("simulator.anonymous"):  # fault anonymous_200
        g.login_reason = "AUTHENTICATED_FAILED" if header else None
        return None
    if basic is not None:
        if not world().basic_auth:  # KBA (8.16+)
            response = jsonify({"message": "Basic Authentication has been disabled on this instance."})
            response.status_code = 403
            return response
        return _by_password(*basic)
    if bearer is not None:
        return _by_token(bearer)
    if session is not None:
        g.caller = Caller(session.user, "session", session)
    return None


def _by_password(user: str, password: str) -> ResponseReturnValue | None:
    reason = check_password(user, password)
    g.login_reason = reason
    if reason == "OK":
        g.login = "ok"
        found = jira().sessions.find(request.cookies.get(SESSION_COOKIE))
        session = found if found is not None and found.user == user else jira().sessions.open(user)
        g.new_session = session is not found
        g.caller = Caller(user, "basic", session)
        return None
    g.login = "denied" if reason == "AUTHENTICATION_DENIED" else "failed"
    if reason == "AUTHENTICATION_DENIED":
        return refused(reason, 403)
    if jira().login_failure == "anonymous":
        return None  # goes on as a stranger (facts 4.3; doc: Jira does not challenge)
    if jira().login_failure == "empty_200":
        return Response(status=200)  # JRA-41559 (PJ; code): 200, no body, AUTHENTICATED_FAILED
    return refused(reason)


def _by_token(token: str) -> ResponseReturnValue | None:
    """A bad token is no guess at a user, so no CAPTCHA counts it (unverified)."""
    user = jira().credentials.user_of_token(token)
    known = world().users.get(user or "")
    if known is not None and known.active and rights.licensed(world(), known.name):
        g.login, g.login_reason = "ok", "OK"
        g.caller = Caller(known.name, "bearer")
        return None
    g.login, g.login_reason = "failed", "AUTHENTICATED_FAILED"
    if jira().login_failure == "anonymous":
        return None
    if jira().login_failure == "empty_200":
        return Response(status=200)
    return module_error(401, "Client must be authenticated to access this resource.")


def _closed() -> ResponseReturnValue | None:
    """public.access.disabled (KAN; doc): strangers get a 401 from REST and the log-in page for pages."""
    if caller().name is not None or not site_is_closed() or request.path in OPEN:
        return None
    if request.path.startswith("/rest/"):
        return module_error(401, "Client must be authenticated to access this resource.")
    return to_login()


def to_login() -> Response:
    target = request.full_path.rstrip("?")
    return Response(status=302, headers={"Location": f"{base()}/login.jsp?os_destination={quote(target, safe='')}"})


def _forged() -> ResponseReturnValue | None:
    """Facts 4.5: a browser's writes are refused even with the header; forms and multipart need the header (S112)."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith("/rest/"):
        return None
    agent = request.headers.get("User-Agent", "")
    from_page = request.headers.get("Origin", "") == base() or request.headers.get("Referer", "").startswith(f"{base()}/")
    form = request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")
    unmarked = request.headers.get("X-Atlassian-Token", "") not in ("no-check", "nocheck")
    if agent.startswith("Mozilla") and not from_page or request.method == "POST" and form and unmarked:
        return Response("XSRF check failed", status=403, content_type="text/html;charset=UTF-8")
    return None


def _leave(response: Response) -> Response:
    if request.blueprint == "control":
        return response
    who = caller() if "caller" in g else Caller()
    request.environ["simulator.notes"].update(user=who.name, auth=who.auth, login=g.get("login", "none"))
    response.headers["X-AUSERNAME"] = who.shown  # S112 narrative (doc)
    response.headers["X-ASEN"] = "SEN-00000000"
    response.headers["X-AREQUESTID"] = request.environ.get("simulator.number", "0")
    if g.get("login_reason"):
        response.headers.setdefault("X-Seraph-LoginReason", g.login_reason)
    if g.get("new_session") and who.session is not None:
        set_session(response, who.session.id)
    response.headers.setdefault("Cache-Control", "no-cache, no-store, no-transform")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def set_session(response: Response, session_id: str) -> None:
    response.set_cookie(SESSION_COOKIE, session_id, path=jira().settings.context_path or "/", httponly=True)
