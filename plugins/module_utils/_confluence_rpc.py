# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The remote API (JSON-RPC) of Confluence: the only programmable way to permissions before 9.1, where an administrator has left it on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import product_words
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

# Light form of the documented interface: the method in the path, its parameters as the body. So a closed table can tell getters from writes.
PATH = "/rpc/json-rpc/confluenceservice-v2/"
OFF = frozenset({401, 404, 405})  # what it answers while it is switched off (vendor documentation; public clients)
WEBSUDO = "WebSudoRequiredException"  # the exception's class name; inside an HTML page with status 200 (vendor KB on it)


@dataclass
class RemoteApi:
    """Calls through a browser session: since 7.7 administrative methods demand a secure administrator session, whatever the credentials."""

    session: Session
    _off: str | None = None

    def refusal(self) -> str:
        """Why it cannot be used, "" if it can. Asks once."""
        if self._off is None:
            try:
                response = self.session.client.call(f"{PATH}getServerInfo", [])
            except AtlassianError as exc:
                self._off = exc.sentence.rstrip(".")
                return self._off
            if response.status in OFF:
                self._off = f"the Remote API is off ({response.request.label} answered {response.status}), as it should be on a hardened site"
            elif _is_json(response):
                self._off = ""  # a result or an error object: somebody answers
            else:
                self._off = f"{response.request.label} answered {response.status} without JSON"
        return self._off

    def call(self, method: str, *parameters: Any) -> Any:
        """The result. Raises AtlassianError for errors; asks for a secure administrator session where one is demanded, once a call."""
        return self.session.settled(lambda: self._call(method, parameters))

    def _call(self, method: str, parameters: Sequence[Any]) -> Any:
        response = self.session.client.call(PATH + method, list(parameters))
        if WEBSUDO in response.text and not _is_json(response):
            self.session.elevate()
            response = self.session.client.call(PATH + method, list(parameters))
        if not 200 <= response.status < 300 or not _is_json(response):
            words = "a secure administrator session is wanted again" if WEBSUDO in response.text else "no JSON came back"
            raise AtlassianError(f"{response.request.label} answered {response.status}: {words}. Check that the Remote API is on.", status=response.status)
        result = json.loads(response.body)
        if isinstance(result, dict) and "error" in result:
            words = self.session.client.credentials.redact(product_words(json.dumps(result["error"]).encode()))
            sentence = f'{response.request.label} was refused ("{words}"). Check that the account is a Confluence administrator.'
            raise AtlassianError(sentence, status=response.status)
        return result

    def do(self, method: str, *parameters: Any) -> None:
        """A call that changes something; true is its only good answer."""
        if self.call(method, *parameters) is not True:
            raise AtlassianError(f"POST {PATH}{method} did not answer true, so it was not done.")


def _is_json(response: Response) -> bool:
    try:
        json.loads(response.body)
    except ValueError:
        return False
    return True
