# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the administration pages: log-in, the right, WebSudo, and the token of the session for what is posted."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, xsrf_token
from ..front_door import check_password, note_attempt, set_session, to_login, xsrf_header
from ..websudo import grant_websudo, has_websudo
from ..words import word
from . import rights
from .context import P, View, confluence, world
from .pages import forbidden, local, page

pages = Blueprint("administration", __name__)
CONSOLE = "/admin/console.action"


def websudo_passed() -> bool:
    """Basic or a token alone never passes: pages look at the session (DT)."""
    settings = world().settings
    return not settings["webSudoEnabled"] or has_websudo(caller().session, int(settings["webSudoTimeout"]))


def forged() -> bool:
    """Whether a post comes without the token of its session and without the header (facts 3.5)."""
    session = caller().session
    return not xsrf_header() and (session is None or request.form.get("atl_token") != session.xsrf_token)


def token_missing() -> Response:
    return page(word("token"), "<p>-</p>", 403)


def refusal(system: bool = False) -> Response | None:
    """What stands between the caller and an administration page; None: nothing."""
    if caller().name is None:
        return to_login()
    allowed = rights.is_system_administrator if system else rights.administers
    if not allowed(world(), caller().name):
        return forbidden()
    if not websudo_passed():
        target = request.full_path.rstrip("?") if request.method == "GET" else CONSOLE
        return Response(status=302, headers={"Location": f"{base()}/authenticate.action?destination={quote(target, safe='')}"})
    if request.method == "POST" and forged():
        return token_missing()
    return None


def admin_page(system: bool = False) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            return refusal(system) or view(*args, **kwargs)

        return guarded

    return decorate


def _form(failed: str = "") -> Response:
    destination = html.escape(request.values.get("destination", CONSOLE))
    fields = f'<input type="hidden" name="atl_token" value="{xsrf_token()}"><input type="hidden" name="destination" value="{destination}">'
    fields += '<input type="password" id="password" name="password">'
    fields += f'<input type="submit" id="authenticateButton" name="authenticate" value="{word("confirm")}">'
    action = f"{base()}/doauthenticate.action"
    return page(word("administrator access"), f'<form name="authenticateform" action="{action}" method="post">{fields}{failed}</form>')


@pages.get("/authenticate.action")
def authenticate() -> ResponseReturnValue:
    return to_login() if caller().name is None else _form()


@pages.post("/doauthenticate.action")
def do_authenticate() -> ResponseReturnValue:
    """DT (code). A wrong password counts as a failed log-in. That others than administrators are refused is unverified."""
    session = caller().session
    if session is None:
        return to_login()
    if not rights.administers(world(), session.user):
        return forbidden()
    if forged():
        return token_missing()
    if "authenticate" not in request.form:
        return _form()
    reason = check_password(session.user, request.form.get("password", ""))
    note_attempt(reason)
    if reason != "OK":
        return _form(f'<div class="error">{word("log-in failed")}</div>')
    confluence().sessions.renew(session)  # the session id may change, as in Jira
    grant_websudo(session, int(world().settings["webSudoTimeout"]))
    response = Response(status=302, headers={"Location": local(request.form.get("destination"), CONSOLE)})
    set_session(response, session.id)
    return response


@pages.get(CONSOLE)
@admin_page()
def console() -> ResponseReturnValue:
    paths = (
        "/admin/viewsecurityconfig.action", "/admin/viewspacesconfig.action", "/admin/users/signupoptions.action",
        "/admin/permissions/globalpermissions.action", "/admin/darkfeatures.action",
    )
    links = "".join(f'<li><a href="{base()}{path}">{path.rsplit("/", 1)[1]}</a></li>' for path in paths)
    return page(word("administration"), f'<ul id="admin-menu">{links}</ul>')
