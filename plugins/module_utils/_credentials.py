# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Who asks: a token, a user with a password, a browser session, or a stranger."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

MASK = "********"


@dataclass
class Cookies:
    """The cookies of one site in one session. `logged_in` is set by whoever proved it."""

    logged_in: bool = False
    _values: dict[str, str] = field(default_factory=dict, repr=False)

    def take(self, lines: Iterable[str]) -> None:
        """Set-Cookie lines of an answer: a later value replaces an earlier one, an empty one removes it."""
        for line in lines:
            try:
                found = SimpleCookie(line)
            except CookieError:
                continue
            self._values.update({name: cookie.value for name, cookie in found.items()})
        self._values = {name: value for name, value in self._values.items() if value}

    def value(self, name: str) -> str:
        """Empty where there is no such cookie."""
        return self._values.get(name, "")

    @property
    def header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._values.items())


@dataclass(frozen=True)
class Credentials:
    """What a request carries to say who asks. `option` names what the reader of an error has to correct."""

    option: str
    authorization: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    cookies: Cookies | None = field(default=None, repr=False)

    @property
    def anonymous(self) -> bool:
        return self.authorization is None and not (self.cookies and self.cookies.logged_in)

    @property
    def headers(self) -> Mapping[str, str]:
        if self.authorization is not None:
            return {"Authorization": self.authorization}
        return {"Cookie": self.cookies.header} if self.cookies and self.cookies.header else {}

    @property
    def basic(self) -> bool:
        return self.authorization is not None and self.authorization.startswith("Basic ")

    def redact(self, text: str) -> str:
        """A product may echo what it was sent: nothing of it may reach a message."""
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text


def token(value: str) -> Credentials:
    """A personal access token (Jira 8.14+, Confluence 7.9+), sent as Bearer."""
    return Credentials("token", f"Bearer {value}", (value,))


def password(username: str, value: str) -> Credentials:
    """Basic, sent with the first request: the products do not challenge, they answer an unauthenticated call as anonymous."""
    encoded = base64.b64encode(f"{username}:{value}".encode()).decode("ascii")
    return Credentials("username and password", f"Basic {encoded}", (value, encoded))


def session(secret: str) -> Credentials:
    """A browser session that still has to log in; `secret`, the password, is kept out of messages."""
    return Credentials("username and password", secrets=(secret,), cookies=Cookies())


def stranger() -> Credentials:
    """No credentials and no cookies at all, so every request stays a stranger's."""
    return Credentials("nothing")
