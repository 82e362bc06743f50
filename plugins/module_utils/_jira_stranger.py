# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What somebody without an account can read: the proof that a closed site is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

OPEN, CLOSED = "open", "closed"
# A new Jira ships one dashboard with this id, and shows it to everybody before the log-in.
SYSTEM_DASHBOARD = "10000"


@dataclass(frozen=True)
class Probe:
    """One question of a stranger.

    `found` returns the number of things shown, or a sentence why that cannot be told; KeyError and TypeError mean another shape.
    """

    path: str
    found: Callable[[Any], int | str]


@dataclass(frozen=True)
class Sight:
    """state: open, closed, or None with the reason why nothing can be said."""

    setting: str
    state: str | None
    reason: str = ""


def _dashboards(body: Any) -> int | str:
    shown = body["dashboards"]
    if len(shown) == 1 and str(shown[0]["id"]) != SYSTEM_DASHBOARD:
        return "A single dashboard is shown; whether it is the system dashboard every stranger may see cannot be told. Look at it once without log-in."
    return 0 if len(shown) <= 1 else len(shown)


# Atlassian's REST documentation: these answer an anonymous caller with what "Anyone" may see; closed they are empty, 401 or 403.
PROBES = (
    Probe("/rest/api/2/project", lambda body: len(_list(body))),
    Probe("/rest/api/2/dashboard", _dashboards),
    Probe("/rest/api/2/user/picker?query=a", lambda body: len(_list(body["users"]))),
    Probe("/rest/api/2/groupuserpicker?query=a", lambda body: len(_list(body["users"]["users"])) + len(_list(body["groups"]["groups"]))),
    Probe("/rest/api/2/groups/picker", lambda body: len(_list(body["groups"]))),
)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def look(client: Client, named: str = "") -> list[Sight]:
    """All probes with a client that carries no credentials. `named` is put before the settings of a second address."""
    if not client.credentials.anonymous:
        raise ValueError("a stranger carries no credentials")

    sights = []
    for probe, sight in zip(PROBES, client.gather(lambda probe: _see(client, probe), PROBES)):
        state, reason = (None, sight.sentence) if isinstance(sight, AtlassianError) else sight
        sights.append(Sight(f"stranger{named}: {probe.path.partition('?')[0]}", state, reason))
    return sights


def _see(client: Client, probe: Probe) -> tuple[str | None, str]:
    """State and, where there is none, the reason."""
    response = client.get(probe.path)
    label = response.request.label
    user = response.header("X-AUSERNAME")
    if user and user.lower() != "anonymous":
        return None, f"{label} was answered as {user} although nobody logged in. Find out what logs strangers in on the way."
    if response.status in (401, 403) or _sends_to_login(response):
        return CLOSED, ""
    if response.status != 200:
        return None, f"{label} answered {response.status} to a stranger, which says neither open nor closed."
    body = json_of(response)
    try:
        found = probe.found(body)
    except (KeyError, TypeError, IndexError):
        return None, f"{label} answered a stranger with JSON of another shape than expected."
    if isinstance(found, str):
        return None, f"{label}: {found}"
    return (OPEN if found else CLOSED), ""


def _sends_to_login(response: Response) -> bool:
    return 300 <= response.status < 400 and urlsplit(response.header("Location")).path.endswith("/login.jsp")
