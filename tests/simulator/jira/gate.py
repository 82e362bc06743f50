# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the front door is Jira's alone: the closed site."""

from __future__ import annotations

from flask import Response, request

from ..answers import caller, unauthenticated
from ..front_door import to_login
from ..websudo import has_websudo
from .context import world
from .features import site_is_closed

WEBSUDO_MINUTES = 10  # KWS (doc)
XSRF_COOKIE = "atlassian.xsrf.token"
# Reachable by strangers on a closed site: the way in, and what the log-in page needs. serverInfo: no auth error documented (S103).
# The effect on each of them is an open point of the facts (8.6): unverified.
OPEN = ("/login.jsp", "/status", "/rest/api/2/serverInfo", "/rest/api/latest/serverInfo", "/rest/auth/1/session", "/rest/tsv/1.0/authenticate")


def asks_password() -> bool:
    """Whether the caller's session has to give the password again before it administers."""
    return world().websudo and not has_websudo(caller().session, WEBSUDO_MINUTES)


def closed() -> Response | None:
    """public.access.disabled (KAN; doc): strangers get a 401 from REST and the log-in page for pages."""
    if caller().name is not None or not site_is_closed() or request.path in OPEN:
        return None
    if request.path.startswith("/rest/"):
        return unauthenticated()
    return to_login()
