# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated Jira: its state, its parts, and how they hang together."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from ..credentials import Credentials
from ..journal import Journal
from ..logins import Attempts, Sessions
from ..settings import Settings
from . import features, gate, pages, people, plant, projects, properties, schemes, server, session, sharing
from .seed import seed
from .versions import VERSIONS
from .world import World


class Jira:
    def __init__(self, settings: Settings, credentials: Credentials, journal: Journal) -> None:
        self.settings = settings
        self.credentials = credentials
        self.journal = journal
        self.version = VERSIONS[settings.version]
        self.sessions = Sessions()
        self.attempts = Attempts()
        self.reset()

    def reset(self) -> None:
        self.world: World = seed()
        self.login_failure = "refuse"  # or anonymous, empty_200
        self.status = "RUNNING"
        self.sessions.clear()
        self.attempts.clear()

    def state(self) -> dict[str, Any]:
        return {"product": "jira", "version": self.version.full, **self.world.as_json()}

    def plant(self, wish: dict[str, Any]) -> None:
        plant.plant(self, wish)

    def register(self, app: Flask) -> None:
        app.extensions["simulated_product"] = self
        gate.install(app)
        for number, prefix in enumerate(("/rest/api/2", "/rest/api/latest")):  # the same on Data Center (S112 narrative; doc)
            for blueprint in (server.rest, people.rest, projects.rest, schemes.rest, sharing.rest, properties.rest):
                app.register_blueprint(blueprint, url_prefix=prefix, name=f"{blueprint.name}_{number}")
        app.register_blueprint(features.rest, url_prefix="/rest/internal/1.0")
        app.register_blueprint(session.auth, url_prefix="/rest/auth/1")
        app.register_blueprint(session.two_step, url_prefix="/rest/tsv/1.0")
        app.register_blueprint(pages.pages)
        app.register_error_handler(404, _not_found)
        app.register_error_handler(405, _not_allowed)


def _not_found(_error: Exception) -> Response:
    if request.path.startswith("/rest/"):
        # The REST module's text for a path nobody serves (code).
        return Response('{"message":"null for uri: ' + request.path.replace('"', "") + '","status-code":404}', 404, content_type="application/json")
    return Response("<html><head><title>Oops, you've found a dead link.</title></head><body></body></html>", 404, content_type="text/html;charset=UTF-8")


def _not_allowed(error: Exception) -> Response:
    response = Response("<html><body><h1>HTTP Status 405</h1></body></html>", 405, content_type="text/html;charset=UTF-8")
    methods = getattr(error, "valid_methods", None)
    response.headers["Allow"] = ", ".join(sorted(methods or []))
    return response
