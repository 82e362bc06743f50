# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a simulated Confluence: plain data, so that it can be dumped whole and compared before and after."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..dump import plain

ANONYMOUS = "anonymous"
UNLICENSED = "unlicensed"


def group(name: str) -> str:
    return f"group:{name}"


def user(key: str) -> str:
    """The subject of a user: by key, never by name."""
    return f"user:{key}"


def key_of(name: str) -> str:
    """User keys differ from names on real sites, so they do here."""
    return f"ff80808-{name}"


@dataclass
class User:
    name: str
    display: str
    groups: set[str] = field(default_factory=set)
    active: bool = True

    @property
    def key(self) -> str:
        return key_of(self.name)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whose permissions this user has by right: the own ones, and those of the groups."""
        return (user(self.key), *(group(name) for name in self.groups)) if self.active else ()


Permissions = dict[str, set[str]]  # subject -> operations; a subject without any is not in it


def grant(permissions: Permissions, subject: str, operation: str) -> None:
    permissions.setdefault(subject, set()).add(operation)


def revoke(permissions: Permissions, subject: str, operation: str) -> None:
    permissions.get(subject, set()).discard(operation)
    if not permissions.get(subject):
        permissions.pop(subject, None)


@dataclass
class Space:
    key: str
    id: int
    name: str
    type: str = "global"  # or personal
    status: str = "current"  # or archived
    permissions: Permissions = field(default_factory=dict)


@dataclass
class Features:
    site: set[str] = field(default_factory=set)
    system: set[str] = field(default_factory=set)


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    permissions: Permissions = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)  # in the order of the lists
    features: Features = field(default_factory=Features)
    settings: dict[str, bool | int | str] = field(default_factory=dict)
    basic_auth: bool = True
    language: str = "en"
    next_id: int = 98_304

    def new_id(self) -> int:
        self.next_id += 1
        return self.next_id

    def add_space(self, key: str, name: str, permissions: Permissions, type_: str = "global", status: str = "current") -> Space:
        before = self.spaces.get(key)
        self.spaces[key] = Space(key, before.id if before else self.new_id(), name, type_, status, permissions)
        return self.spaces[key]

    def user_by_key(self, key: str) -> User | None:
        return next((found for found in self.users.values() if found.key == key), None)

    def as_json(self) -> dict[str, Any]:
        dumped: dict[str, Any] = plain(asdict(self))
        return dumped
