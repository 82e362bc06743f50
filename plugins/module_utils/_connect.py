# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""From a module's options to a client."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials, _transport
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import IDENTITY_OPTIONS
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

MOST_CONNECTIONS = 32


@dataclass(frozen=True)
class Connection:
    """Where and as whom to ask."""

    url: str
    credentials: _credentials.Credentials
    tls: _transport.Tls
    timeout: int
    connections: int
    allow_http: bool
    read_only: bool = field(default=True)
    login: tuple[str, str] | None = field(default=None, repr=False)  # user name and password, where these were given

    def client(self) -> Client:
        return self._client(self.url, self.credentials, self.read_only, self.tls)

    def browser(self) -> Client:
        """A separate client with cookies that has not logged in yet."""
        secret = self.login[1] if self.login else ""
        return self._client(self.url, _credentials.session(secret), self.read_only, self.tls)

    def stranger(self, url: str | None = None) -> Client:
        """A separate client without credentials, cookies or client certificate; it only ever reads."""
        tls = _transport.Tls(self.tls.validate_certs, self.tls.ca_path)
        return self._client(url or self.url, _credentials.stranger(), True, tls)

    def _client(self, url: str, credentials: _credentials.Credentials, read_only: bool, tls: _transport.Tls) -> Client:
        transport = _transport.PooledTransport(tls, self.timeout, self.connections)
        return Client(url, credentials, transport, read_only=read_only, connections=self.connections, allow_http=self.allow_http)


def connection(module: AnsibleModule, product: str) -> Connection:
    """The connection a task asks for. Raises AtlassianError where an option is missing or makes no sense; sends nothing."""
    if _transport.URLLIB3_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("urllib3>=2.0"), exception=_transport.URLLIB3_IMPORT_ERROR)
    params = module.params
    given = _identity(params, product)
    module.no_log_values.update(value for name, value in given.items() if name in ("token", "password") and value)
    variables = f"{product.upper()}_URL"
    if not given["url"]:
        raise AtlassianError(f"url: missing. Give the option, or set {variables} in the environment together with the credentials.")
    if not 1 <= params["connections"] <= MOST_CONNECTIONS:
        raise AtlassianError(f"connections: {params['connections']} is not between 1 and {MOST_CONNECTIONS}.")
    if params["timeout"] < 1:
        raise AtlassianError(f"timeout: {params['timeout']} is less than one second.")
    return Connection(
        given["url"],
        _who(given, product),
        _transport.Tls(params["validate_certs"], params["ca_path"], params["client_cert"], params["client_key"]),
        params["timeout"],
        params["connections"],
        params["allow_http"],
        read_only=module.check_mode,
        login=(given["username"], given["password"]) if given["username"] and given["password"] else None,
    )


def _identity(params: Mapping[str, Any], product: str) -> dict[str, str | None]:
    """Address and credentials come from the task or from the environment, as a set: one product's token must not meet another's address."""
    if any(params[name] is not None for name in IDENTITY_OPTIONS):
        return {name: params[name] for name in IDENTITY_OPTIONS}
    return {name: os.environ.get(f"{product.upper()}_{name.upper()}") for name in IDENTITY_OPTIONS}


def _who(given: Mapping[str, str | None], product: str) -> _credentials.Credentials:
    prefix = product.upper()
    token, username, password = given["token"], given["username"], given["password"]
    if token and (username or password):
        raise AtlassianError(f"token: given together with username or password. Choose one way (in the environment: {prefix}_TOKEN or {prefix}_USERNAME).")
    if token:
        return _credentials.token(token)
    if username and password:
        return _credentials.password(username, password)
    raise AtlassianError(
        f"token: missing. Give token, or username and password, or set {prefix}_URL and {prefix}_TOKEN "
        f"(or {prefix}_USERNAME and {prefix}_PASSWORD) in the environment."
    )
