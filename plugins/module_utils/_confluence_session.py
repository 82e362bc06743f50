# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The way a browser gets into Confluence."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils import _confluence_identity
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._session import target
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

# Atlassian's dc-app-performance-toolkit: confluence.jmx, locustio, confluence_clients.py.
LOGIN = "/dologin.action"
CLASSIC = "loginform"  # the classic page holds this word, the newer one does not
WEBSUDO_PAGE, WEBSUDO = "/authenticate.action", "/doauthenticate.action"
LOGOUT = "/logout.action"
CONSOLE = "/admin/console.action"


@dataclass(frozen=True)
class ConfluenceDoor:
    login_page: str = "/login.action"

    def is_classic(self, page: Response) -> bool:
        return CLASSIC in page.text

    def classic(self, client: Client, username: str, password: str) -> Response:
        return client.submit(LOGIN, [("os_username", username), ("os_password", password), ("os_destination", ""), ("login", "login")])

    def user(self, client: Client) -> str | None:
        return _confluence_identity.session_user(client)

    def asks_password(self, response: Response) -> bool:
        """Sent to the page that asks, or answered with it in place."""
        if 300 <= response.status < 400:
            return target(response).endswith(WEBSUDO_PAGE)
        return response.status == 200 and WEBSUDO in response.text and any(
            form.action.endswith(WEBSUDO) and "password" in form.controls for form in parse_forms(response.text, response.request.url)
        )

    def answer_password(self, client: Client, password: str) -> tuple[Response, bool]:
        """Granted is what leads anywhere but back to the question or to the log-in."""
        answer = client.submit(WEBSUDO, [("password", password), ("authenticate", "Confirm"), ("destination", CONSOLE)])
        return answer, 300 <= answer.status < 400 and not target(answer).endswith((WEBSUDO_PAGE, self.login_page))

    def leave(self, client: Client) -> None:
        client.get_page(LOGOUT)
