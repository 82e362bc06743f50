# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What somebody without an account can read: the proof that a closed site is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import Connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

OPEN, CLOSED = "open", "closed"
# The log-in pages of Jira and Confluence, to which a page that is closed sends a stranger.
LOGIN_PAGES = ("/login.jsp", "/login.action")


@dataclass(frozen=True)
class Probe:
    """One question of a stranger.

    `found` returns the number of things shown, or a sentence why that cannot be told; KeyError and TypeError mean another shape.
    """

    path: str
    found: Callable[[Any], int | str]


@dataclass(frozen=True)
class Sight:
    """state: open, closed, or None with the reason why nothing can be said. refused: the product itself answered 403, not a proxy before it."""

    setting: str
    state: str | None
    reason: str = ""
    refused: bool = False


def strangers(link: Connection, public_url: str | None) -> dict[str, Client]:
    """Clients without credentials by name: "" at url, and one more at the address people type."""
    found = {"": link.stranger()}
    if public_url and public_url.rstrip("/") != link.url.rstrip("/"):
        found[" at public_url"] = link.stranger(public_url)
    return found


def look(client: Client, probes: Sequence[Probe], named: str = "") -> list[Sight]:
    """All probes with a client that carries no credentials. `named` is put before the settings of a second address."""
    if not client.credentials.anonymous:
        raise ValueError("a stranger carries no credentials")

    sights = []
    for probe, sight in zip(probes, client.gather(lambda probe: _see(client, probe), probes)):
        state, reason, refused = (None, sight.sentence, False) if isinstance(sight, AtlassianError) else sight
        sights.append(Sight(f"stranger{named}: {probe.path.partition('?')[0]}", state, reason, refused))
    return sights


def judge(sight: Sight, switched_off: bool | None, still_open: str, left: str = "") -> Finding:
    """One sight, beside what the product says of itself.

    switched_off: whether the product says that strangers are shut out; None if unknown. still_open: what to say where they are not.
    left: why nothing will be written, "" where the switch's own change will close it.
    """
    if sight.state is None:
        return Setting(sight.setting, None, None, NOT_EXAMINED, sight.reason)
    if sight.state == CLOSED:
        return Setting(sight.setting, CLOSED, CLOSED, COMPLIANT)
    if switched_off is not False:
        return Setting(sight.setting, OPEN, OPEN, FAILED, still_open)
    if left:
        return Setting(sight.setting, OPEN, OPEN, DRIFTED, left)
    return Change(sight.setting, OPEN, CLOSED, _by_the_switch, hint=still_open)


def _by_the_switch() -> None:
    """A probe is closed by the switch's own change; there is nothing to write for it."""


def as_list(value: Any) -> list[Any]:
    """For the probes' `found`: raises TypeError for anything but a list."""
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _see(client: Client, probe: Probe) -> tuple[str | None, str, bool]:
    """State, the reason where there is none, and whether the product itself refused."""
    response = client.get(probe.path)
    label = response.request.label
    if response.status in (401, 403) or _sends_to_login(response):
        return CLOSED, "", response.status == 403 and bool(response.header("X-AUSERNAME") or _is_product_error(response))
    if response.status != 200:
        return None, f"{label} answered {response.status} to a stranger, which says neither open nor closed.", False
    body = json_of(response)
    try:
        found = probe.found(body)
    except (KeyError, TypeError, IndexError):
        return None, f"{label} answered a stranger with JSON of another shape than expected.", False
    if isinstance(found, str):
        return None, f"{label}: {found}", False
    return (OPEN if found else CLOSED), "", False


def _is_product_error(response: Response) -> bool:
    """Confluence's REST names a statusCode in its error bodies; a proxy's page does not."""
    try:
        body = json_of(response)
    except AtlassianError:
        return False
    return isinstance(body, dict) and "statusCode" in body


def _sends_to_login(response: Response) -> bool:
    return 300 <= response.status < 400 and urlsplit(response.header("Location")).path.endswith(LOGIN_PAGES)
