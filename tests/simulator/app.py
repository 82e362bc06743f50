# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator as a WSGI application: gunicorn --workers 1 --threads 8 --keep-alive 20 'simulator.app:create_app()'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from .confluence.product import Confluence
from .control import control
from .credentials import Credentials, read_credentials
from .faults import Faults
from .front import Front
from .jira.product import Jira
from .journal import Journal
from .product import Product
from .settings import Settings, read_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@dataclass
class Simulator:
    settings: Settings
    credentials: Credentials
    journal: Journal
    faults: Faults
    product: Product

    def reset(self) -> None:
        """Everything as at the start: state, sessions, failed log-ins, faults and logs."""
        self.product.reset()
        for wish in self.settings.plants:
            self.product.plant(dict(wish))
        self.faults.clear()
        self.journal.clear()


PRODUCTS: dict[str, type[Product]] = {"jira": Jira, "confluence": Confluence}


class Json(DefaultJSONProvider):
    sort_keys = False  # members in the product's order, as in the samples


class Site(Flask):
    """Flask behind the front layer."""

    json_provider_class = Json
    front: Front

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.front(environ, start_response)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. config: SIM_* values instead of the environment; SIM_SECRETS may be a dictionary of secrets there."""
    source = None if config is None else {name: value for name, value in config.items() if isinstance(value, str)}
    settings = read_settings(source)
    given = (config or {}).get("SIM_SECRETS")
    credentials = Credentials(given) if isinstance(given, Mapping) else read_credentials(settings.secrets_path)
    journal, faults = Journal(), Faults()
    product = PRODUCTS[settings.product](settings, credentials, journal)
    app = Site(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # Front does it, as Tomcat does
    simulator = Simulator(settings, credentials, journal, faults, product)
    app.extensions["simulator"] = simulator
    app.register_blueprint(control)
    product.register(app)
    simulator.reset()
    app.front = Front(partial(Flask.wsgi_app, app), faults, journal, credentials, product)
    return app
