# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The way a browser gets into Jira."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils import _jira_identity
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._session import target
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

CLASSIC = "login-form-remember-me"  # the classic page holds this id, the newer one does not (Atlassian's dc-app-performance-toolkit)
WEBSUDO = "/secure/admin/WebSudoAuthenticate.jspa"  # the same toolkit, jira_clients.py; pycontribs/jira
GRANTED = "Has-Authentication"  # in X-Atlassian-WebSudo; every other answer means no (Jira's front end, public shell client)
XSRF_COOKIE = "atlassian.xsrf.token"
DESTINATION = "/secure/admin/ViewSystemInfo.jspa"
SESSION = "/rest/auth/1/session"


@dataclass(frozen=True)
class JiraDoor:
    login_page: str = "/login.jsp"

    def is_classic(self, page: Response) -> bool:
        return CLASSIC in page.text

    def classic(self, client: Client, username: str, password: str) -> Response:
        return client.submit(self.login_page, [("os_username", username), ("os_password", password)])

    def user(self, client: Client) -> str | None:
        return _jira_identity.session_user(client)

    def asks_password(self, response: Response) -> bool:
        """Sent to the page that asks, or answered with it in place."""
        if 300 <= response.status < 400:
            return "WebSudoAuthenticate" in target(response)
        return response.status == 200 and "webSudoPassword" in response.text and any(
            "webSudoPassword" in form.controls for form in parse_forms(response.text, response.request.url)
        )

    def answer_password(self, client: Client, password: str) -> tuple[Response, bool]:
        cookies = client.credentials.cookies
        token = cookies.value(XSRF_COOKIE) if cookies else ""
        fields = [("webSudoPassword", password), ("webSudoDestination", DESTINATION), ("webSudoIsPost", "false"), ("atl_token", token)]
        answer = client.submit(WEBSUDO, fields)
        return answer, answer.header("X-Atlassian-WebSudo") == GRANTED

    def leave(self, client: Client) -> None:
        client.write("DELETE", SESSION, also=(401, 404))
