# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages everyone may ask for, and the frame that all pages share: log-in, dashboard, spaces, sign-up."""

from __future__ import annotations

import html
import time
from itertools import islice

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from ..answers import HTML, base, caller, xsrf_token
from ..front_door import check_password, cookie_path, note_attempt, set_session, to_login
from ..two_step import attempt, opened
from ..words import word
from . import rights
from .context import confluence, html_error, world

pages = Blueprint("pages", __name__)
tsv = Blueprint("two_step", __name__)
XSRF_COOKIE = "atl.xsrf.token"
REMEMBER_COOKIE = "seraph.confluence"
SHOWN_SPACES = 100


def page(title: str, content: str, status: int = 200) -> Response:
    """Every page has a search form and a log-out form before its own ones."""
    version, token = confluence().version, xsrf_token()
    metas = {
        "ajs-version-number": version.full, "ajs-build-number": str(version.build), "confluence-base-url": base(),
        "confluence-request-time": str(int(time.time() * 1000)), "ajs-remote-user": caller().name or "", "ajs-atl-token": token,
    }
    head = "\n".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in metas.items())
    search = f'<form id="quick-search-form" action="{base()}/dosearchsite.action" method="get"><input type="text" name="queryString"></form>'
    log_out = f'<form id="logout-form" action="{base()}/logout.action" method="post"><input type="hidden" name="atl_token" value="{token}"></form>'
    text = (
        f'<!DOCTYPE html>\n<html lang="{world().language}"><head><title>{html.escape(title)} - Simulated Confluence</title>\n{head}\n</head>\n'
        f"<body>{search}\n{log_out if caller().session else ''}\n<h1>{html.escape(title)}</h1>\n{content}\n</body></html>\n"
    )
    response = Response(text, status, content_type=HTML)
    response.set_cookie(XSRF_COOKIE, token, path=cookie_path())
    return response


def forbidden() -> Response:
    return page(word("not permitted"), "<p>-</p>", 403)


def local(destination: str | None, default: str) -> str:
    """Where to go next, always below the site."""
    path = destination if destination and destination.startswith("/") and not destination.startswith("//") else default
    return f"{base()}{path}"


@pages.get("/")
def root() -> ResponseReturnValue:
    return redirect(f"{base()}/dashboard.action")


@pages.get("/dashboard.action")
def dashboard() -> ResponseReturnValue:
    if not rights.may_use(world(), caller().name):
        return to_login() if caller().name is None else forbidden()
    shown = islice(rights.visible(world(), caller().name), SHOWN_SPACES)
    items = "".join(f'<li><a href="{base()}/display/{space.key}">{html.escape(space.name)}</a></li>' for space in shown)
    return page(word("dashboard"), f'<ul id="spaces">{items}</ul>')


@pages.get("/display/<key>")
@pages.get("/display/<key>/<title>")
def display(key: str, title: str | None = None) -> ResponseReturnValue:
    space = world().spaces.get(key)
    if space is not None and rights.may_see(world(), caller().name, space):
        return page(title or space.name, f'<div id="main-content">{html.escape(space.name)}</div>')
    if caller().name is None:
        return to_login()  # strangers are asked to log in
    return page(word("not found"), "<p>-</p>", 404)


@pages.get("/login.action")
def login() -> ResponseReturnValue:
    return _login_page()


def _login_page(failed: str = "") -> Response:
    """The classic form is told by the word in its name; the newer page has none, and posts JSON (DT; code)."""
    if confluence().version.two_step_login:
        return page(word("log in"), '<div id="tsv-root" data-endpoint="/rest/tsv/1.0/authenticate"></div>')
    fields = '<input type="text" name="os_username"><input type="password" name="os_password"><input type="checkbox" name="os_cookie" value="true">'
    fields += f'<input type="hidden" name="os_destination" value="{html.escape(request.values.get("os_destination", ""))}">'
    return page(word("log in"), f'<form id="loginform" name="loginform" action="{base()}/dologin.action" method="post">{fields}{failed}</form>')


@pages.post("/dologin.action")
def do_login() -> ResponseReturnValue:
    """DT (code). That the action still answers beside the newer page is unverified: played as gone."""
    if confluence().version.two_step_login:
        return html_error(404, "Not Found")
    user = request.form.get("os_username", "")
    reason = check_password(user, request.form.get("os_password", ""))
    note_attempt(reason)
    if reason != "OK":
        captcha = '<input type="text" name="captchaResponse">' if reason == "AUTHENTICATION_DENIED" else ""
        return _login_page(f'<div class="error">{word("log-in failed")}</div>{captcha}')
    session = confluence().sessions.open(user)
    response = Response(status=302, headers={"Location": local(request.form.get("os_destination"), "/dashboard.action")})
    set_session(response, session.id)
    if request.form.get("os_cookie") == "true":
        response.set_cookie(REMEMBER_COOKIE, "remembered", path=cookie_path(), httponly=True)  # logs nobody in here
    return response


@tsv.post("/authenticate")
def authenticate() -> ResponseReturnValue:
    """DT (code)."""
    user, reason = attempt()
    if reason != "OK":
        return html_error(401, "Unauthorized (401)")
    return opened(user)


@pages.route("/logout.action", methods=["GET", "POST"])
def log_out() -> ResponseReturnValue:
    session = caller().session
    if session is not None:
        confluence().sessions.close(session)
    return redirect(f"{base()}/login.action?logout=true")


@pages.get("/signup.action")
def sign_up() -> ResponseReturnValue:
    """A form for everyone only in the public mode (facts 6)."""
    if world().settings["signupMode"] != "public":
        return page(word("sign up"), f'<p>{word("ask an administrator")}</p>')
    return page(word("sign up"), f'<form id="signup-form" action="{base()}/dosignup.action" method="post"><input type="text" name="username"></form>')
