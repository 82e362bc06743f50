# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dark features: what is on for the site, by REST and as a page. System ones come from the JVM and stay on (facts 7)."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from ..answers import base, body, caller, changed, module_error, xsrf_token
from ..form_html import button, hidden
from ..words import word
from . import rights
from .administration import admin_page, websudo_passed
from .context import login_wanted, world
from .pages import page

rest = Blueprint("dark_features", __name__, url_prefix="/rest/feature/1/site")
pages = Blueprint("dark_features_page", __name__)


@rest.before_request
def _door() -> ResponseReturnValue | None:
    """System administrators, under WebSudo that Basic and tokens pass (facts 3.3, 7.1; hint)."""
    if caller().name is None:
        return login_wanted()
    if not rights.is_system_administrator(world(), caller().name):
        return module_error(403, "Client must be authenticated as a system administrator to access this resource.")
    if caller().auth == "session" and not websudo_passed():
        return module_error(401, "This resource requires WebSudo.")
    return None


def _write(keys: list[str], on: bool) -> None:
    """Only the site's own entries change."""
    site = world().features.site
    for key in keys:
        before = key in site
        if on:
            site.add(key)
        else:
            site.discard(key)
        changed("dark feature", key, before, on)


@rest.post("")
def enable() -> ResponseReturnValue:
    keys = body()
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key for key in keys):
        return module_error(400, "The body must be a list of keys.")
    _write(keys, True)
    return Response(status=201)


@rest.put("/<keys>")
def enable_by_path(keys: str) -> ResponseReturnValue:
    """Deprecated since 5.6 (documented); the status is unverified."""
    _write(keys.split(","), True)
    return Response(status=201)


@rest.delete("/<keys>")
def disable(keys: str) -> ResponseReturnValue:
    _write(keys.split(","), False)
    return Response(status=204)


@rest.get("/<key>")
def is_on(key: str) -> ResponseReturnValue:
    """200 or 404, without a body (hint): an unknown key is off."""
    features = world().features
    return Response(status=200 if key in features.site | features.system else 404)


@pages.get("/admin/darkfeatures.action")
@admin_page(system=True)
def dark_features() -> ResponseReturnValue:
    """A field to enable, and links to remove (KDC); ids and paths are unverified, and nothing answers behind them here."""
    token, features = xsrf_token(), world().features

    def link(key: str) -> str:
        path = f"{base()}/admin/removesitedarkfeature.action?featureKey={quote(key)}&atl_token={token}"
        return f'<a class="remove-feature" href="{escape(path)}">({word("remove")})</a>'

    site = "".join(f'<li class="feature"><code>{escape(key)}</code> {link(key)}</li>' for key in sorted(features.site))
    system = "".join(f'<li class="feature"><code>{escape(key)}</code></li>' for key in sorted(features.system))
    fields = f'{hidden("atl_token", token)}<input type="text" id="featureKey" name="featureKey">{button("enable", word("add"))}'
    form = f'<form id="enable-feature" action="{base()}/admin/addsitedarkfeature.action" method="post">{fields}</form>'
    return page(word("dark features"), f'<ul id="system-features">{system}</ul><ul id="site-features">{site}</ul>{form}')
