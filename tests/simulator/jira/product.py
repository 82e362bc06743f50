# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated Jira: its state, its parts, and how they hang together."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from .. import front_door, state_page
from ..answers import dead_link, not_allowed, unknown_route
from ..fields import Value
from ..product import Product
from . import administration, features, gate, general, general_pages, global_permission_pages, pages, people, plant, projects, properties
from . import rights, schemes, server, session, shared_pages, sharing
from .seed import seed
from .versions import VERSIONS, Version
from .world import World


class Jira(Product):
    login_path = "/login.jsp"
    denied_status = 403
    login_failures = ("refuse", "anonymous", "empty_200")
    forms = (general_pages.FORM, global_permission_pages.FORM)

    @property
    def version(self) -> Version:
        return VERSIONS[self.settings.version]

    def renew_world(self) -> None:
        self.world: World = seed(self.version, self.settings.base_url)

    def state(self) -> dict[str, Any]:
        return {"product": "jira", "version": self.version.full, **self.world.as_json()}

    def plant(self, wish: dict[str, Any]) -> None:
        plant.plant(self, wish)

    def active(self, user: str) -> bool | None:
        known = self.world.users.get(user)
        return None if known is None else known.active

    def may_enter(self, user: str) -> bool:
        return rights.licensed(self.world, user)

    def attempts_allowed(self) -> int | None:
        return general.attempts(self.world.properties[general.ATTEMPTS].strip())

    @property
    def basic_auth(self) -> bool:
        return self.world.basic_auth

    @basic_auth.setter
    def basic_auth(self, allowed: bool) -> None:
        self.world.basic_auth = allowed

    @property
    def language(self) -> str:
        return self.world.language

    @language.setter
    def language(self, language: str) -> None:
        self.world.language = language

    def side_effect(self, form: str, name: str, value: Value) -> Value:
        if form != general_pages.FORM:
            raise ValueError(f"only a save of {general_pages.FORM} changes more")
        if name not in {setting.key for setting in general.settings(self.version)} or not isinstance(value, str):
            raise ValueError(f"{name} must be the key of a field of the form, with a text")
        return value

    def bad_token_is_stranger(self) -> bool:
        return self.login_failure == "anonymous"

    def closed(self) -> Response | None:
        return gate.closed()

    def own_headers(self) -> dict[str, str]:
        return {"X-AREQUESTID": str(request.environ.get("simulator.number", "0"))}

    def register(self, app: Flask) -> None:
        app.extensions["simulated_product"] = self
        front_door.install(app)
        app.register_blueprint(state_page.pages)
        for number, prefix in enumerate(("/rest/api/2", "/rest/api/latest")):  # the same on Data Center (S112 narrative; doc)
            for blueprint in (server.rest, people.rest, projects.rest, schemes.rest, sharing.rest, properties.rest):
                app.register_blueprint(blueprint, url_prefix=prefix, name=f"{blueprint.name}_{number}")
        app.register_blueprint(features.rest, url_prefix="/rest/internal/1.0")
        app.register_blueprint(session.auth, url_prefix="/rest/auth/1")
        app.register_blueprint(session.two_step, url_prefix="/rest/tsv/1.0")
        app.register_blueprint(pages.pages)
        app.register_blueprint(shared_pages.pages)
        app.register_blueprint(administration.pages)
        app.register_error_handler(404, _not_found)
        app.register_error_handler(405, not_allowed)


def _not_found(_error: Exception) -> Response:
    return unknown_route() if request.path.startswith("/rest/") else dead_link()
