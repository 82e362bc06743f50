# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few HTML pages that matter: what a visitor reads in them, the log-in form, WebSudo, and the feature list they all carry."""

from __future__ import annotations

import html
import json

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from ..front_door import check_password, cookie_path, note_attempt, set_session, to_login
from ..websudo import grant_websudo, has_websudo
from . import rights
from .context import jira, world
from .features import enabled_keys, flag_states
from .gate import WEBSUDO_MINUTES, XSRF_COOKIE
from .projects import find_issue, visible
from .sharing import visible_dashboards

pages = Blueprint("pages", __name__)
DATA_KEY = "jira.core:feature-flags-data.feature-flag-data"


def feature_block() -> str:
    """Enabled keys and flag states, as every page carries them, for strangers too (IS, H6; code)."""
    features = world().features
    keys = enabled_keys(features)
    form = jira().version.feature_block
    if form == "meta":
        return f'<meta name="ajs-enabled-dark-features" content="{html.escape(",".join(keys))}">'
    data = json.dumps({"enabled-feature-keys": keys, "feature-flag-states": flag_states(features)}, separators=(",", ":"))
    literal = json.dumps(data).replace("</", "<\\/")
    if form == "unicode":
        literal = '"' + literal[1:-1].replace('\\"', "\\u0022") + '"'
    return f'<script>\nwindow.WRM=window.WRM||{{}};WRM._unparsedData=window.WRM._unparsedData||{{}};\nWRM._unparsedData["{DATA_KEY}"]={literal};\n</script>'


def page(title: str, content: str, status: int = 200) -> Response:
    session = caller().session
    token = session.xsrf_token if session is not None else f"{'0' * 40}_lout"
    user = html.escape(caller().name or "")
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{html.escape(title)} - Simulated Jira</title>\n'
        f'<meta id="atlassian-token" name="atlassian-token" content="{token}">\n'
        f'<meta name="ajs-remote-user" content="{user}">\n{feature_block()}\n</head>\n<body>{content}</body></html>\n'
    )
    response = Response(text, status, content_type="text/html;charset=UTF-8")
    response.set_cookie(XSRF_COOKIE, token, path=cookie_path())
    return response


@pages.get("/")
def root() -> ResponseReturnValue:
    return redirect(f"{base()}/secure/Dashboard.jspa")


@pages.get("/secure/Dashboard.jspa")
def dashboard() -> ResponseReturnValue:
    boards = "".join(f"<li>{html.escape(board.name)}</li>" for board in visible_dashboards())
    projects = "".join(f'<li><a href="{base()}/browse/{item.key}">{html.escape(item.name)}</a></li>' for item in visible())
    return page("System Dashboard", f'<ul id="dashboards">{boards}</ul><ul id="projects">{projects}</ul>')


@pages.get("/browse/<key>")
def browse(key: str) -> ResponseReturnValue:
    project = next((item for item in visible() if item.key == key.upper()), None)
    if project is not None:
        return page(project.name, f"<h1>{html.escape(project.name)}</h1>")
    found = find_issue(key)
    if found is not None:
        return page(key, f'<h1 id="summary-val">{html.escape(found[0].issues[found[1] - 1])}</h1>')
    if caller().name is None:
        return to_login()  # strangers are asked to log in
    return page("Issue not found", "<h1>You can't view this issue</h1>", 404)


@pages.route("/login.jsp", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The classic form before 10.1; from then on a page without it, that posts to /rest/tsv (DT; code)."""
    if jira().version.two_step_login:
        return page("Log in", '<div id="tsv-login-root" data-endpoint="/rest/tsv/1.0/authenticate"></div>')
    failed = ""
    if request.method == "POST":
        user = request.form.get("os_username", "")
        reason = check_password(user, request.form.get("os_password", ""))
        note_attempt(reason)
        if reason == "OK":
            session = jira().sessions.open(user)
            target = request.values.get("os_destination", "/secure/Dashboard.jspa")
            response = Response(status=302, headers={"Location": f"{base()}{target if target.startswith('/') else '/'}"})
            set_session(response, session.id)
            return response
        failed = '<p class="error">Your log-in failed.</p>'
        if reason == "AUTHENTICATION_DENIED":
            failed += '<input type="text" name="os_captcha">'
    form = '<input name="os_username"><input type="password" name="os_password"><input type="checkbox" id="login-form-remember-me" name="os_cookie">'
    return page("Log in", f'<form id="login-form" action="{base()}/login.jsp" method="post">{form}{failed}</form>')


@pages.get("/secure/Signup!default.jspa")
def sign_up() -> ResponseReturnValue:
    """The form is there only while jira.mode is public (KSU; doc)."""
    return page("Sign up", '<form id="signup" action="Signup.jspa" method="post"></form>' if world().sign_up else "<p>Ask an administrator.</p>")


@pages.route("/secure/admin/WebSudoAuthenticate.jspa", methods=["POST"])
def websudo() -> ResponseReturnValue:
    """DT, PJ, PY (code). Needs a session, the password, and the token of the form (facts 4.5)."""
    session = caller().session
    if session is None:
        return to_login()
    if request.form.get("atl_token") != session.xsrf_token:
        return page("XSRF Security Token Missing", "<h1>XSRF Security Token Missing</h1>", 403)
    reason = check_password(session.user, request.form.get("webSudoPassword", ""))
    note_attempt(reason)
    if reason != "OK" or not rights.has_global(world(), session.user, "ADMINISTER"):
        return _websudo_form("Your password was not right.")
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
    return page("Administrator Access", f'<form id="login-form" action="{action}" method="post">{fields}{html.escape(text)}</form>')


@pages.get("/<path:directory>/<action>.jspa")
def admin_page(directory: str, action: str) -> ResponseReturnValue:
    """An administration page under any directory: the product looks only at the action's name (facts on the proxy; code)."""
    if action.split("!")[0] not in ADMIN_ACTIONS:
        return page("Dead link", f"<h1>Nothing called {html.escape(action)} below {html.escape(directory)}</h1>", 404)
    if caller().name is None:
        return to_login()
    if not rights.has_global(world(), caller().name, "ADMINISTER"):
        return page("Not allowed", "<h1>You are not an administrator.</h1>", 403)
    # Pages look at the session, so Basic alone is not enough (facts 4.1; DT).
    if not has_websudo(caller().session, WEBSUDO_MINUTES):
        return _websudo_form()
    return page(action, f'<h1 id="admin-page">{html.escape(action)}</h1>')


ADMIN_ACTIONS = frozenset(("ViewSystemInfo", "SiteDarkFeatures", "GlobalPermissions", "EditApplicationProperties", "ViewApplicationProperties"))
