# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Who the product takes us for. Asked once, alone, before any other answer is believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal

MYSELF = "/rest/api/2/myself"
SERVER_INFO = "/rest/api/2/serverInfo"
MY_PERMISSIONS = "/rest/api/2/mypermissions"


@dataclass(frozen=True)
class About:
    """The product and what the caller may do there."""

    version: str
    base_url: str
    is_admin: bool
    is_system_admin: bool


def prove(client: Client) -> str:
    """The name of the user the product takes us for. Raises AtlassianError if that is nobody; the client then sends nothing more by itself."""
    response = client.get(MYSELF)
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    body = json_of(response)
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str) or not name:
        raise AtlassianError(
            f"{response.request.label} answered 200 without a user's name, so nothing proves that the log-in worked. "
            f"Check {client.credentials.option}, and that url is a Jira."
        )
    header = unquote_plus(response.header("X-AUSERNAME"))
    if header and header.casefold() != name.casefold():
        raise AtlassianError(
            f"{response.request.label} says {name}, its header X-AUSERNAME says {header}: something between here and the product "
            "answers for it. Check caches and proxies on the way."
        )
    return name


def session_user(client: Client) -> str | None:
    """The name a browser session has got, None if it is nobody's."""
    response = client.get(MYSELF)
    if response.status in (401, 403):
        return None
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    body = json_of(response)
    return str(body["name"]) if isinstance(body, dict) and body.get("name") else None


def about(client: Client) -> About:
    """Version, base URL and rights, for a proven caller."""
    info = _object(client, SERVER_INFO)
    permissions = _object(client, MY_PERMISSIONS).get("permissions")

    def have(key: str) -> bool:
        held = permissions.get(key) if isinstance(permissions, dict) else None
        return isinstance(held, dict) and held.get("havePermission") is True

    return About(str(info.get("version", "")), str(info.get("baseUrl", "")), have("ADMINISTER"), have("SYSTEM_ADMIN"))


def _object(client: Client, path: str) -> dict[str, Any]:
    answer = client.get_json(path)
    if not isinstance(answer, dict):
        raise AtlassianError(f"GET {path} answered with JSON of another shape than expected. Check that url is a Jira.")
    return answer
