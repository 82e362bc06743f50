# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before every resource of both products: log-in and XSRF; and the headers that go out with every answer."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from .answers import HTML, base, caller, product, unauthenticated
from .logins import Caller, parse_basic, parse_bearer

SESSION_COOKIE = "JSESSIONID"


def install(app: Flask) -> None:
    app.before_request(_enter)
    app.after_request(_leave)


def refused(reason: str, status: int = 401) -> Response:
    """A failed log-in by header: an HTML body, not JSON (facts on Jira 4.4, on Confluence 3.2; code)."""
    page = f"<html><head><title>Unauthorized ({status})</title></head><body>Basic Authentication Failure - Reason : {reason}</body></html>"
    response = Response(page, status=status, content_type=HTML)
    response.headers["X-Seraph-LoginReason"] = reason
    if status == 401:
        response.headers["WWW-Authenticate"] = f'OAuth realm="{base()}"'  # unverified
    if reason == "AUTHENTICATION_DENIED":
        response.headers["X-Authentication-Denied-Reason"] = captcha_challenge()
    return response


def captcha_challenge() -> str:
    """Header PJ (Jira); the exact text is unverified, and for Confluence the header too."""
    return f"CAPTCHA_CHALLENGE; login-url={base()}{product().login_path}"


def captcha_due(user: str) -> bool:
    allowed = product().attempts_allowed()
    return allowed is not None and product().attempts.failed(user) >= allowed


def check_password(user: str, password: str) -> str:
    """The login reason (PS): OK, AUTHENTICATED_FAILED, AUTHENTICATION_DENIED (the password is not even looked at), AUTHORISATION_FAILED."""
    if captcha_due(user):
        return "AUTHENTICATION_DENIED"
    active = product().active(user)
    right = product().credentials.password_matches(user, password) and active is True
    if active is not None:
        product().attempts.note(user, right)
    if not right:
        return "AUTHENTICATED_FAILED"
    return "OK" if product().may_enter(user) else "AUTHORISATION_FAILED"


def note_attempt(reason: str) -> None:
    g.login_reason = reason
    g.login = {"OK": "ok", "AUTHENTICATION_DENIED": "denied"}.get(reason, "failed")


def _enter() -> ResponseReturnValue | None:
    g.login = "none"
    g.login_reason = None
    g.caller = Caller()
    if request.path == "/status" or request.blueprint == "control":
        return None
    return _log_in() or product().closed() or _forged()


def _log_in() -> ResponseReturnValue | None:
    header = request.headers.get("Authorization", "")
    session = product().sessions.find(request.cookies.get(SESSION_COOKIE))
    basic, bearer = parse_basic(header), parse_bearer(header)
    if request.environ.get("simulator.anonymous"):  # fault anonymous_200
        g.login_reason = "AUTHENTICATED_FAILED" if header else None
        return None
    if basic is not None:
        if not product().basic_auth:  # KBA (Jira 8.16+, Confluence 7.16+)
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
    note_attempt(reason)
    if reason == "OK":
        found = product().sessions.find(request.cookies.get(SESSION_COOKIE))
        session = found if found is not None and found.user == user else product().sessions.open(user)
        g.new_session = session is not found
        g.caller = Caller(user, "basic", session)
        return None
    if reason == "AUTHENTICATION_DENIED":
        return refused(reason, product().denied_status)
    if product().login_failure == "anonymous":
        return None  # goes on as a stranger (facts on Jira 4.3; doc: Jira does not challenge)
    if product().login_failure == "empty_200":
        return Response(status=200)  # JRA-41559 (PJ; code): 200, no body, AUTHENTICATED_FAILED
    return refused(reason)


def _by_token(token: str) -> ResponseReturnValue | None:
    """A bad token is no guess at a user, so no CAPTCHA counts it (unverified)."""
    user = product().credentials.user_of_token(token)
    if user is not None and product().active(user) and product().may_enter(user):
        g.login, g.login_reason = "ok", "OK"
        g.caller = Caller(user, "bearer")
        return None
    g.login, g.login_reason = "failed", "AUTHENTICATED_FAILED"
    if product().bad_token_is_stranger():
        return None
    if product().login_failure == "empty_200":
        return Response(status=200)
    return unauthenticated()


def to_login() -> Response:
    target = request.full_path.rstrip("?")
    return Response(status=302, headers={"Location": f"{base()}{product().login_path}?os_destination={quote(target, safe='')}"})


def _forged() -> ResponseReturnValue | None:
    """Facts on Jira 4.5: a browser's writes are refused even with the header; forms and multipart need the header (S112)."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.path.startswith("/rest/"):
        return None
    agent = request.headers.get("User-Agent", "")
    from_page = request.headers.get("Origin", "") == base() or request.headers.get("Referer", "").startswith(f"{base()}/")
    form = request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded", "text/plain")
    if agent.startswith("Mozilla") and not from_page or request.method == "POST" and form and not xsrf_header():
        return Response("XSRF check failed", status=403, content_type=HTML)
    return None


def xsrf_header() -> bool:
    """The header that only a script can send (S112)."""
    return request.headers.get("X-Atlassian-Token", "") in ("no-check", "nocheck")


def _leave(response: Response) -> Response:
    if request.blueprint == "control":
        return response
    who = caller() if "caller" in g else Caller()
    request.environ["simulator.notes"].update(user=who.name, auth=who.auth, login=g.get("login", "none"))
    shown = who.name or product().shown_stranger()
    if shown is not None:
        response.headers["X-AUSERNAME"] = shown
    response.headers["X-ASEN"] = "SEN-00000000"
    response.headers.update(product().own_headers())
    if g.get("login_reason"):
        response.headers.setdefault("X-Seraph-LoginReason", g.login_reason)
    if g.get("new_session") and who.session is not None:
        set_session(response, who.session.id)
    response.headers.setdefault("Cache-Control", "no-cache, no-store, no-transform")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response


def cookie_path() -> str:
    return product().settings.context_path or "/"


def set_session(response: Response, session_id: str) -> None:
    response.set_cookie(SESSION_COOKIE, session_id, path=cookie_path(), httponly=True)
