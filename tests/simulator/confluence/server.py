# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server itself: versions, for everyone or for users."""

from __future__ import annotations

import html

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from . import rights
from .context import confluence, login_wanted, rest_error, world

information = Blueprint("server_information", __name__)
applinks = Blueprint("applinks", __name__)


@information.get("/server-information")
def server_information() -> ResponseReturnValue:
    """C92, C102; 401 to strangers (documented)."""
    if caller().name is None:
        return login_wanted()
    version = confluence().version
    numbers = {"buildNumber": version.build, "marketplaceBuildNumber": version.build}
    return jsonify({"baseUrl": base(), "version": version.full, **numbers, "buildDate": version.build_date})


@information.get("/instance-metrics")
def instance_metrics() -> ResponseReturnValue:
    """C92, C102: counts, whoever sees what is counted. That it takes an administrator is unverified; the stricter reading is played."""
    if caller().name is None:
        return login_wanted()
    if not rights.administers(world(), caller().name):
        return rest_error(403, "You are not permitted to see the metrics.")
    return jsonify({"pages": len(world().spaces), "spaces": len(world().spaces), "users": len(world().users)})


@applinks.get("/manifest")
def manifest() -> ResponseReturnValue:
    """For everyone; JSON when asked for, else XML (DT). Whether publicSignup says yes in the restricted mode is unverified: played as no."""
    version = confluence().version
    shown = {
        "id": "8f2b8d0e-1c55-3a6c-9a3e-2a1f4c0f7a11",
        "name": "Simulated Confluence",
        "typeId": "confluence",
        "version": version.full,
        "buildNumber": version.build,
        "applinksVersion": "9.1.4",
        "inboundAuthenticationTypes": [],
        "outboundAuthenticationTypes": [],
        "publicSignup": world().settings["signupMode"] == "public",
        "url": base(),
        "iconUrl": f"{base()}/images/logo/confluence-logo.png",
    }
    if request.accept_mimetypes.best_match(("application/xml", "application/json")) == "application/json":
        return jsonify(shown)
    members = "".join(f"<{name}>{html.escape(_text(value))}</{name}>" for name, value in shown.items() if not isinstance(value, list))
    return Response(f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><manifest>{members}</manifest>', content_type="application/xml")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
