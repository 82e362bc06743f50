# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a simulated Jira: plain data, so that it can be dumped whole and compared before and after."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ..dump import plain


@dataclass
class User:
    name: str
    display: str
    groups: set[str] = field(default_factory=set)
    active: bool = True

    @property
    def key(self) -> str:
        """User keys differ from names on real sites (JIRAUSER10100), so they do here."""
        return f"JIRAUSER-{self.name}"

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"


@dataclass
class Grant:
    id: int
    permission: str
    type: str
    parameter: str | None = None


@dataclass
class Scheme:
    id: int
    name: str
    description: str = ""
    grants: list[Grant] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Project:
    id: int
    key: str
    name: str
    scheme: int
    lead: str
    # Project role id -> members, each "user:<name>" or "group:<name>".
    roles: dict[int, list[str]] = field(default_factory=dict)
    issues: list[str] = field(default_factory=list)  # summaries; the first is KEY-1


@dataclass
class Share:
    id: int
    type: str  # global, loggedin, project, group, user
    target: str | None = None
    role: int | None = None
    edit: bool = False


@dataclass
class Filter:
    id: int
    name: str
    owner: str
    jql: str
    shares: list[Share] = field(default_factory=list)
    favourite_of: set[str] = field(default_factory=set)
    description: str = ""


@dataclass
class Dashboard:
    id: int
    name: str
    owner: str | None
    shares: list[Share] = field(default_factory=list)
    favourite_of: set[str] = field(default_factory=set)


@dataclass
class ApplicationRole:
    key: str
    name: str
    groups: set[str]
    default_groups: set[str]
    seats: int = 100


@dataclass
class Features:
    site: set[str] = field(default_factory=set)
    system: set[str] = field(default_factory=set)
    flags: dict[str, bool] = field(default_factory=dict)  # registered flag -> built-in default


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    application_roles: dict[str, ApplicationRole] = field(default_factory=dict)
    # Global permission -> groups; None is "Anyone on the web".
    global_permissions: dict[str, set[str | None]] = field(default_factory=dict)
    schemes: dict[int, Scheme] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    project_roles: dict[int, str] = field(default_factory=dict)
    filters: dict[int, Filter] = field(default_factory=dict)
    dashboards: dict[int, Dashboard] = field(default_factory=dict)
    features: Features = field(default_factory=Features)
    properties: dict[str, str] = field(default_factory=dict)  # every property there is, by its key
    share_scopes: dict[str, str] = field(default_factory=dict)
    language: str = "en"  # of the words on the pages
    basic_auth: bool = True
    websudo: bool = True  # secure administrator sessions; jira.websudo.is.disabled in jira-config.properties ends them (KWS; doc)
    next_id: int = 20_000

    def new_id(self) -> int:
        """Ids never come back, as in the product: a test that deletes and adds sees a new id."""
        self.next_id += 1
        return self.next_id

    @property
    def sign_up(self) -> bool:
        """What a mode means that is neither public nor private is unverified: played as open."""
        return self.properties["jira.mode"] != "private"

    def as_json(self) -> dict[str, Any]:
        dumped: dict[str, Any] = plain(asdict(self))
        return {**dumped, "sign_up": self.sign_up}
