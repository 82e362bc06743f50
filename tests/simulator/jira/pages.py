# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few HTML pages that matter to visitors: what they read in them, the log-in form, and the feature list that all pages carry."""

from __future__ import annotations

import html
import json

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller, xsrf_token
from ..front_door import check_password, cookie_path, note_attempt, set_session, to_login
from ..words import word
from .context import jira, world
from .features import enabled_keys, flag_states
from .gate import XSRF_COOKIE
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
    """Every page has a search form and a log-out form before its own ones."""
    token, user = xsrf_token(), html.escape(caller().name or "")
    search = f'<form id="quicksearch" action="{base()}/secure/QuickSearch.jspa" method="get"><input type="text" name="searchString"></form>'
    log_out = f'<form id="logout-form" action="{base()}/logout" method="post"><input type="hidden" name="atl_token" value="{token}"></form>'
    text = (
        f'<!DOCTYPE html>\n<html lang="{world().language}"><head><title>{html.escape(title)} - Simulated Jira</title>\n'
        f'<meta id="atlassian-token" name="atlassian-token" content="{token}">\n'
        f'<meta name="ajs-remote-user" content="{user}">\n{feature_block()}\n</head>\n'
        f"<body>{search}\n{log_out if caller().session else ''}\n<h1>{html.escape(title)}</h1>\n{content}\n</body></html>\n"
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
    return page(word("dashboard"), f'<ul id="dashboards">{boards}</ul><ul id="projects">{projects}</ul>')


@pages.get("/browse/<key>")
def browse(key: str) -> ResponseReturnValue:
    project = next((item for item in visible() if item.key == key.upper()), None)
    if project is not None:
        return page(project.name, f'<div id="project">{project.key}</div>')
    found = find_issue(key)
    if found is not None:
        return page(key, f'<h2 id="summary-val">{html.escape(found[0].issues[found[1] - 1])}</h2>')
    if caller().name is None:
        return to_login()  # strangers are asked to log in
    return page(word("not found"), "<p>-</p>", 404)


@pages.route("/login.jsp", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The classic form before 10.1; from then on a page without it, that posts to /rest/tsv (DT; code)."""
    if jira().version.two_step_login:
        return page(word("log in"), '<div id="tsv-login-root" data-endpoint="/rest/tsv/1.0/authenticate"></div>')
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
        failed = f'<p class="error">{word("log-in failed")}</p>'
        if reason == "AUTHENTICATION_DENIED":
            failed += '<input type="text" name="os_captcha">'
    form = '<input name="os_username"><input type="password" name="os_password"><input type="checkbox" id="login-form-remember-me" name="os_cookie">'
    return page(word("log in"), f'<form id="login-form" action="{base()}/login.jsp" method="post">{form}{failed}</form>')


@pages.get("/secure/Signup!default.jspa")
def sign_up() -> ResponseReturnValue:
    """The form is there only while jira.mode is public (KSU; doc)."""
    form = '<form id="signup" action="Signup.jspa" method="post"></form>'
    return page(word("sign up"), form if world().sign_up else f"<p>{word('ask an administrator')}</p>")
