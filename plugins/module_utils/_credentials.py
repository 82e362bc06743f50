# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Who asks: a token, a user with a password, or a stranger."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

MASK = "********"


@dataclass(frozen=True)
class Credentials:
    """What a request carries to say who asks. `option` names what the reader of an error has to correct."""

    option: str
    authorization: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def anonymous(self) -> bool:
        return self.authorization is None

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


def stranger() -> Credentials:
    """No credentials at all. The client keeps no cookies, so every request of it stays a stranger's."""
    return Credentials("nothing")
