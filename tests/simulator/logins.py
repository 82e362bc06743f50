# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls: credentials in a request, failed attempts of an account, sessions. Shared by the products."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections import Counter, OrderedDict
from dataclasses import dataclass, field

MAX_SESSIONS = 5_000  # the oldest go first; a test run never comes near


@dataclass
class Session:
    user: str
    id: str = field(default_factory=lambda: secrets.token_hex(16).upper())
    websudo_until: float = 0.0
    xsrf_token: str = field(default_factory=lambda: f"{secrets.token_hex(20)}_lin")


@dataclass(frozen=True)
class Caller:
    """The one who makes a request. name None: anonymous."""

    name: str | None = None
    auth: str = "none"  # none, basic, bearer, session
    session: Session | None = None

    @property
    def shown(self) -> str:
        return self.name or "anonymous"


class Sessions:
    def __init__(self) -> None:
        self._open: OrderedDict[str, Session] = OrderedDict()

    def open(self, user: str) -> Session:
        session = Session(user)
        self._open[session.id] = session
        while len(self._open) > MAX_SESSIONS:
            self._open.popitem(last=False)
        return session

    def find(self, session_id: str | None) -> Session | None:
        return self._open.get(session_id) if session_id else None

    def close(self, session: Session) -> None:
        self._open.pop(session.id, None)

    def renew(self, session: Session) -> None:
        """Give the session a new id, as the products do when a session gains rights."""
        self._open.pop(session.id, None)
        session.id = secrets.token_hex(16).upper()
        self._open[session.id] = session

    def clear(self) -> None:
        self._open.clear()


class Attempts:
    """Failed log-ins by user since the last success."""

    def __init__(self) -> None:
        self._failed: Counter[str] = Counter()

    def failed(self, user: str) -> int:
        return self._failed[user]

    def note(self, user: str, success: bool) -> None:
        if success:
            self._failed.pop(user, None)
        else:
            self._failed[user] += 1

    def clear(self) -> None:
        self._failed.clear()


def parse_basic(header: str) -> tuple[str, str] | None:
    """User and password of an Authorization header; None if it is not a readable Basic header."""
    scheme, _space, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def parse_bearer(header: str) -> str | None:
    scheme, _space, value = header.partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None
