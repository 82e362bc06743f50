# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""A browser session: log-in, the second password question of administration, and the end of it. What differs between products is a Door."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.hardening.atlassian.plugins.module_utils import _sentences
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import Connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._html import LXML_IMPORT_ERROR
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

Result = TypeVar("Result")
TWO_STEP_LOGIN = "/rest/tsv/1.0/authenticate"  # the newer log-in page of both products (Atlassian's dc-app-performance-toolkit, locustio)


class Door(Protocol):
    """How one product lets a browser in."""

    @property
    def login_page(self) -> str:
        """Its path."""

    def is_classic(self, page: Response) -> bool:
        """Whether the log-in page is the classic form."""

    def classic(self, client: Client, username: str, password: str) -> Response:
        """Post the classic form."""

    def user(self, client: Client) -> str | None:
        """The name the session has got, None if it is nobody's."""

    def asks_password(self, response: Response) -> bool:
        """Whether a page is, or leads to, the password question of administration."""

    def answer_password(self, client: Client, password: str) -> tuple[Response, bool]:
        """Answer it, once; and whether that was accepted."""

    def leave(self, client: Client) -> None:
        """End the session."""


@dataclass
class Session:
    """Logs in on first use, once: after a failure every further use raises the same error. Safe for threads.

    start: makes the client (cookies, not logged in). close() must be called at the end, whatever happened.
    """

    start: Callable[[], Client]
    username: str
    password: str = field(repr=False)
    door: Door
    _client: Client | None = None
    _error: AtlassianError | None = None
    _settled: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def client(self) -> Client:
        """Logged in. Raises AtlassianError where that failed."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._client is None:
                try:
                    self._client = self._log_in(self.start())
                except AtlassianError as exc:
                    self._error = exc
                    raise
            return self._client

    def settled(self, ask: Callable[[], Result]) -> Result:
        """ask(), alone until it has succeeded once: the password question may give the session a new id, which would strand requests beside it."""
        if self._settled:
            return ask()
        with self._lock:
            answer = ask()
            self._settled = True
            return answer

    def page(self, path: str) -> Response:
        return self.settled(lambda: self._page(path))

    def _page(self, path: str) -> Response:
        response = self.client.get_page(path)
        if self.door.asks_password(response):
            self.elevate()
            response = self.client.get_page(path)
            if self.door.asks_password(response):
                self._error = AtlassianError(
                    f"{response.request.label} asks for the password again after it was accepted. It was not tried again. Look at the page in a browser."
                )
                raise self._error
        self._refuse(response)
        return response

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Response:
        response = self.client.submit(path, fields)
        self._refuse(response)
        return response

    def below(self, path: str) -> str:
        context = urlsplit(self.client.url).path
        return path[len(context) :] if context and path.startswith(f"{context}/") else path

    def elevate(self) -> None:
        """Answer the password question of secure administrator sessions. A refused password is not tried again."""
        with self._lock:
            if self._error is not None:
                raise self._error
            answer, granted = self.door.answer_password(self.client, self.password)
            if not granted or _sentences.says_login_failed(answer):
                self._error = AtlassianError(
                    f"{answer.request.label} answered {answer.status}: the secure administrator session was not granted. Check that {self.username} is an "
                    "administrator and that the password is right; it was not tried again, since failures lock the account behind a CAPTCHA.",
                    status=answer.status,
                )
                raise self._error

    def close(self) -> None:
        """End the session, if there is one. What goes wrong here hurts nobody: the session runs out by itself."""
        client, self._client = self._client, None
        if client is not None:
            self._error = AtlassianError("The session was ended. Please report this.")
            try:
                self.door.leave(client)
            except AtlassianError:
                pass

    def _log_in(self, client: Client) -> Client:
        page = client.get_page(self.door.login_page)
        if page.status != 200:
            leads = f" and leads to {urlsplit(page.header('Location')).netloc}{target(page)}" if 300 <= page.status < 400 else ""
            raise AtlassianError(
                f"{page.request.label} answered {page.status}{leads}: it is not the product's log-in page (single sign-on, most likely), "
                "so no password was sent. Give an address of the product itself as url, or leave allow_forms off.",
                status=page.status,
            )
        classic = self.door.is_classic(page)
        if classic:
            answer = self.door.classic(client, self.username, self.password)
        else:
            wish = {"username": self.username, "password": self.password, "rememberMe": "False", "targetUrl": ""}
            answer = client.call(TWO_STEP_LOGIN, wish)
            if answer.status == 404:
                raise AtlassianError(
                    f"{page.request.label} is neither the classic log-in page nor that of a version which takes {TWO_STEP_LOGIN} (it answered 404). "
                    "Check what stands before the product (single sign-on), or leave allow_forms off.",
                    status=404,
                )
        if _sentences.says_login_failed(answer) or answer.status >= 400:
            raise AtlassianError(_sentences.refusal(answer, client.credentials), status=answer.status)
        name = self.door.user(client)
        if name is None:
            raise AtlassianError(self._nobody(answer, classic), status=answer.status)
        if name.casefold() != self.username.casefold():
            raise AtlassianError(f"The browser session is that of {name}, not of {self.username}. Check what answers for the product on the way.")
        if client.credentials.cookies is not None:
            client.credentials.cookies.logged_in = True
        return client

    def _nobody(self, answer: Response, classic: bool) -> str:
        if classic:
            return (
                f"{answer.request.label} answered {answer.status}, and the session is nobody's. Check the password of {self.username}; "
                "it was not tried again."
            )
        return (
            f"{answer.request.label} accepted the password, and the session is still nobody's: the account wants a second factor (two-step verification). "
            "The forms cannot be used with it. Use an account that is exempt from it, or leave allow_forms off."
        )

    def _refuse(self, response: Response) -> None:
        if 300 <= response.status < 400 and target(response).endswith(self.door.login_page):
            raise AtlassianError(f"{response.request.label} leads to the log-in page although the session is logged in. Check that cookies pass the proxy.")
        if response.status in (401, 403):
            raise AtlassianError(
                f"{response.request.label} answered {response.status}: {self.username} may not use this page, or the form's token was not accepted. "
                "Give the account the system administrator's right.",
                status=response.status,
            )


def target(response: Response) -> str:
    """Path of a redirect."""
    return urlsplit(response.header("Location")).path


@contextmanager
def browser_session(module: AnsibleModule, link: Connection, door: Door, wanted: bool = True) -> Iterator[Session | None]:
    """A session that logs in on first use and is ended here; None where it is not wanted or no password was given."""
    if link.login is None or not wanted:
        yield None
        return
    if LXML_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("lxml"), exception=LXML_IMPORT_ERROR)
    session = Session(link.browser, *link.login, door)
    try:
        yield session
    finally:
        session.close()


def check_forms(link: Connection, allow_forms: bool) -> None:
    """Raises AtlassianError, before anything is sent, where forms are asked for and cannot be used."""
    if allow_forms and link.login is None:
        raise AtlassianError(
            "allow_forms: the forms need a log-in with username and password, and a token was given. Give these instead of it, or leave allow_forms off."
        )
