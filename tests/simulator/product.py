# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every simulated product has: settings, sessions, failed log-ins; and what it must say of itself to the shared parts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from flask import Flask, Response

from .credentials import Credentials
from .fields import Value
from .journal import Journal
from .logins import Attempts, Sessions
from .settings import Settings


class Product(ABC):
    login_path: ClassVar[str]
    denied_status: ClassVar[int]  # of the answer to a password while the CAPTCHA is due
    login_failures: ClassVar[tuple[str, ...]]  # what a failed log-in can get; the first is how it starts
    forms: ClassVar[tuple[str, ...]]  # names of the forms that can get more than they have, by a plant

    def __init__(self, settings: Settings, credentials: Credentials, journal: Journal) -> None:
        self.settings = settings
        self.credentials = credentials
        self.journal = journal
        self.sessions = Sessions()
        self.attempts = Attempts()
        self.reset()

    def reset(self) -> None:
        self.login_failure = self.login_failures[0]
        self.status = "RUNNING"
        self.second_factor = False
        self.form_extra: dict[str, str] = {}  # form -> HTML inside it
        self.form_side_effects: dict[str, dict[str, Value]] = {}  # form -> what its next save changes besides
        self.sessions.clear()
        self.attempts.clear()
        self.renew_world()

    @abstractmethod
    def renew_world(self) -> None:
        """The state as at the start."""

    @abstractmethod
    def state(self) -> dict[str, Any]: ...

    @abstractmethod
    def plant(self, wish: dict[str, Any]) -> None: ...

    @abstractmethod
    def register(self, app: Flask) -> None: ...

    @abstractmethod
    def active(self, user: str) -> bool | None:
        """Whether the account is active; None: there is no such account."""

    @abstractmethod
    def may_enter(self, user: str) -> bool:
        """Whether an active account gets in with its right password or token."""

    @abstractmethod
    def attempts_allowed(self) -> int | None:
        """So many failures, and the CAPTCHA is due. None: never."""

    @property
    @abstractmethod
    def basic_auth(self) -> bool: ...

    @basic_auth.setter
    @abstractmethod
    def basic_auth(self, allowed: bool) -> None: ...

    @property
    @abstractmethod
    def language(self) -> str:
        """Of the words on the pages: en or de."""

    @language.setter
    @abstractmethod
    def language(self, language: str) -> None: ...

    @abstractmethod
    def side_effect(self, form: str, name: str, value: Value) -> Value:
        """A setting that a save of the form shall change besides, by its name in the state; raises ValueError or KeyError if it cannot."""

    @abstractmethod
    def bad_token_is_stranger(self) -> bool:
        """Whether a wrong token is not refused: the request goes on without a name."""

    @abstractmethod
    def closed(self) -> Response | None:
        """What a caller gets before any resource is asked; None: go on."""

    @abstractmethod
    def own_headers(self) -> dict[str, str]:
        """Headers of every answer that only this product sends."""

    def shown_stranger(self) -> str | None:
        """What X-AUSERNAME says of strangers (S112 narrative; doc). None: the header is left out."""
        return "anonymous"
