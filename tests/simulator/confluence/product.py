# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated Confluence: its state, its parts, and how they hang together."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, Flask, Response, request

from .. import front_door, state_page
from ..answers import dead_link, not_allowed, unknown_route
from ..fields import Value, checked
from ..product import Product
from . import administration, features, global_permissions, pages, people, permission_pages, plant, rights, rpc, server
from . import settings, settings_pages, space_permissions, spaces
from .seed import seed
from .versions import VERSIONS, Version
from .world import World


class Confluence(Product):
    login_path = "/login.action"
    denied_status = 401  # KAC (documented)
    # A wrong token is no error while strangers may look in (code: facts 3.2); the others say it of passwords and tokens alike.
    login_failures = ("token_is_stranger", "refuse", "anonymous", "empty_200")
    forms = tuple(settings.FORMS)

    @property
    def version(self) -> Version:
        return VERSIONS[self.settings.version]

    def renew_world(self) -> None:
        self.world: World = seed()
        self.without_anonymous_path = False
        self.remote_api_off_status = 404

    def state(self) -> dict[str, Any]:
        return {"product": "confluence", "version": self.version.full, **self.world.as_json()}

    def plant(self, wish: dict[str, Any]) -> None:
        plant.plant(self, wish)

    def active(self, user: str) -> bool | None:
        known = self.world.users.get(user)
        return None if known is None else known.active

    def may_enter(self, user: str) -> bool:
        """Everyone active logs in; what they may do is asked later: the 403 of sample error-403 names a user who is logged in."""
        return True

    def attempts_allowed(self) -> int | None:
        settings = self.world.settings
        return int(settings["loginAttemptsThreshold"]) if settings["enableElevatedSecurityCheck"] else None

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
        return checked(settings.FIELDS[name], value)

    def bad_token_is_stranger(self) -> bool:
        if self.login_failure == "token_is_stranger":
            return rights.may_use(self.world, None)
        return self.login_failure == "anonymous"

    def closed(self) -> Response | None:
        return None

    def own_headers(self) -> dict[str, str]:
        return {"X-Confluence-Request-Time": str(int(time.time() * 1000))}

    def shown_stranger(self) -> str | None:
        return "anonymous" if self.version.names_strangers else None

    def unknown_route(self) -> Response:
        """JSON for who asks for it, else a page (facts 10; which it is where is unverified)."""
        return unknown_route() if "application/json" in request.headers.get("Accept", "") else dead_link()

    def _rest(self) -> list[Blueprint]:
        """What this version has below /rest/api."""
        version, found = self.version, [people.rest, spaces.rest]
        if version.server_information:
            found.append(server.information)
        if version.reads_global:
            found.append(global_permissions.reads)
        if version.writes_global:
            found.append(global_permissions.writes)
        if version.space_permissions:
            found.append(space_permissions.rest)
        return found

    def register(self, app: Flask) -> None:
        app.extensions["simulated_product"] = self
        front_door.install(app)
        app.register_blueprint(state_page.pages)
        for blueprint in self._rest():
            app.register_blueprint(blueprint, url_prefix=f"/rest/api{blueprint.url_prefix or ''}")
        app.register_blueprint(server.applinks, url_prefix="/rest/applinks/1.0")
        shown = (pages.pages, administration.pages, settings_pages.pages, permission_pages.pages, features.pages)
        for blueprint in (*shown, features.rest, rpc.rpc):
            app.register_blueprint(blueprint)
        if self.version.two_step_login:
            app.register_blueprint(pages.tsv, url_prefix="/rest/tsv/1.0")
        app.register_error_handler(404, self._not_found)
        app.register_error_handler(405, not_allowed)

    def _not_found(self, _error: Exception) -> Response:
        path = request.path
        if not path.startswith("/rest/") or path.startswith("/rest/api/space/") and "/permissions" in path:
            return dead_link()  # a missing interface of spaces is a page (facts 4.4), told by that from an unknown space
        return self.unknown_route()
