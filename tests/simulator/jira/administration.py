# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the administration pages: log-in, the right, WebSudo, and the token of the session for what is posted."""

from __future__ import annotations

import html
from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from ..front_door import check_password, note_attempt, set_session, to_login
from ..websudo import grant_websudo
from ..words import word
from . import general_pages, global_permission_pages, rights, shared_pages
from .context import jira, world
from .gate import WEBSUDO_MINUTES, asks_password
from .pages import page

pages = Blueprint("administration", __name__)
Action = Callable[[], ResponseReturnValue]


@pages.post("/secure/admin/WebSudoAuthenticate.jspa")
def websudo() -> ResponseReturnValue:
    """DT, PJ, PY (code). Needs a session, the password, and the token of the form (facts 4.5)."""
    session = caller().session
    if session is None:
        return to_login()
    if _forged():
        return token_missing()
    reason = check_password(session.user, request.form.get("webSudoPassword", ""))
    note_attempt(reason)
    if reason != "OK" or not rights.has_global(world(), session.user, "ADMINISTER"):
        return _websudo_form(word("log-in failed"))
    jira().sessions.renew(session)  # the session id may change (facts 4.1)
    grant_websudo(session, WEBSUDO_MINUTES)
    target = request.form.get("webSudoDestination", "/secure/admin/ViewSystemInfo.jspa")
    response = Response(status=302, headers={"Location": f"{base()}{target}", "X-Atlassian-WebSudo": "Has-Authentication"})
    set_session(response, session.id)
    return response


def _websudo_form(text: str = "") -> Response:
    fields = '<input type="password" name="webSudoPassword"><input type="hidden" name="webSudoDestination">'
    fields += '<input type="hidden" name="webSudoIsPost" value="false">'
    action = f"{base()}/secure/admin/WebSudoAuthenticate.jspa"
    return page(word("administrator access"), f'<form id="login-form" action="{action}" method="post">{fields}{html.escape(text)}</form>')


def _forged() -> bool:
    """Only the token of the session counts, not the header that REST takes (unverified: the harder case)."""
    session = caller().session
    return session is None or request.form.get("atl_token") != session.xsrf_token


def token_missing() -> Response:
    """403 or 200 (facts 4.5; unverified): played as 403."""
    return page(word("token"), f"<h2>{word('token')}</h2>", 403)


def _refusal() -> Response | None:
    """What stands between the caller and an administration page; None: nothing."""
    if caller().name is None:
        return to_login()
    if not rights.has_global(world(), caller().name, "ADMINISTER"):
        return page(word("not permitted"), "<p>-</p>", 403)
    # Pages look at the session, so Basic alone is not enough (facts 4.1; DT).
    if asks_password():
        return _websudo_form()
    return token_missing() if request.method == "POST" and _forged() else None


@pages.get("/<path:directory>/<action>.jspa")
def read(directory: str, action: str) -> ResponseReturnValue:
    """An administration page under any directory: the product looks only at the action's name (facts on the proxy; code)."""
    bare = action.split("!")[0]
    if bare not in READS and bare not in BARE:
        return page("Dead link", f"<h2>{html.escape(directory)}: {html.escape(action)}</h2>", 404)
    shown = READS.get(action) or READS.get(bare)
    return _refusal() or (shown() if shown else page(action, f'<h2 id="admin-page">{html.escape(action)}</h2>'))


@pages.post("/<path:directory>/<action>.jspa")
def write(directory: str, action: str) -> ResponseReturnValue:
    """What a form posts, under any directory too."""
    if action not in WRITES:
        abort(405)
    return _refusal() or WRITES[action]()


READS: dict[str, Action] = {
    "GlobalPermissions!default": global_permission_pages.view,
    "GlobalPermissions": global_permission_pages.ask,
    "ViewApplicationProperties": general_pages.view,
    "EditApplicationProperties!default": general_pages.edit,
    "EditApplicationProperties": token_missing,  # without !default the action runs, and a GET brings no token in a form
    "ViewSharedFilters": shared_pages.filters,
    "ViewSharedDashboards": shared_pages.dashboards,
}
WRITES: dict[str, Action] = {"GlobalPermissions": global_permission_pages.save, "EditApplicationProperties": general_pages.save}
BARE = frozenset(("ViewSystemInfo", "SiteDarkFeatures"))  # a heading, no more
