# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Who the product takes us for. Asked once, alone, before any other answer is believed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_plus

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import ADMINISTER_SYSTEM, Holder, parse_grants
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

CURRENT = "/rest/api/user/current"
SERVER_INFO = "/rest/api/server-information"  # documented from 9.2, seen from 8.4
MANIFEST = "/rest/applinks/1.0/manifest"  # every version, no log-in needed
PERMISSIONS = "/rest/api/permissions"  # 9.2.5 and later
MEMBER_OF = "/rest/api/user/memberof"
PAGE = 200
SUPER_GROUP = "confluence-administrators"  # its members are system administrators whatever the permissions say


@dataclass(frozen=True)
class Who:
    name: str
    key: str


@dataclass(frozen=True)
class About:
    """The product, and what the caller may do there. is_system_admin: None where this version does not tell."""

    version: str
    base_url: str
    is_system_admin: bool | None


def prove(client: Client) -> Who:
    """The user the product takes us for. Raises AtlassianError if that is nobody; the client then sends nothing more by itself."""
    response = client.get(CURRENT)
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    who = _known(response)
    if who is None:
        raise AtlassianError(
            f"{response.request.label} answered as anonymous, although credentials were sent: the product ignored them. "
            f"Correct {client.credentials.option}, and check that the proxy passes the Authorization header."
        )
    header = unquote_plus(response.header("X-AUSERNAME"))
    if header and header.casefold() != who.name.casefold():
        raise AtlassianError(
            f"{response.request.label} says {who.name}, its header X-AUSERNAME says {header}: something between here and the product "
            "answers for it. Check caches and proxies on the way."
        )
    return who


def session_user(client: Client) -> str | None:
    """The name a browser session has got, None if it is nobody's."""
    response = client.get(CURRENT)
    if response.status in (401, 403):
        return None
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    who = _known(response)
    return who.name if who else None


def _known(response: Response) -> Who | None:
    body = json_of(response)
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise AtlassianError(f"{response.request.label} answered with JSON of another shape than expected. Check that url is a Confluence.")
    if body["type"] != "known":
        return None
    if not body.get("username"):
        raise AtlassianError(
            f"{response.request.label} answered without a user's name, so nothing proves that the log-in worked. Check that url is a Confluence."
        )
    return Who(str(body["username"]), str(body.get("userKey") or ""))


def about(client: Client, who: Who) -> About:
    """Version, base URL and rights, for a proven caller."""
    version, base_url = _version(client)
    return About(version, base_url, _is_system_admin(client, who))


def _version(client: Client) -> tuple[str, str]:
    response = client.get(SERVER_INFO)
    if response.status == 200:
        info = json_of(response)
        if isinstance(info, dict) and info.get("version"):
            return str(info["version"]), str(info.get("baseUrl", ""))
    manifest = client.get_json(MANIFEST)
    if not isinstance(manifest, dict) or not manifest.get("version"):
        raise AtlassianError(f"GET {MANIFEST} answered without a version. Check that url is a Confluence.")
    return str(manifest["version"]), str(manifest.get("url", ""))


def _is_system_admin(client: Client, who: Who) -> bool | None:
    groups = _groups(client, who)
    if SUPER_GROUP in groups:
        return True
    response = client.get(PERMISSIONS)
    if response.status == 404:
        return None
    if response.status in (401, 403):
        return False
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    mine = {Holder("group", name) for name in groups} | {Holder("userkey", who.key)}
    return any(grant.holder in mine and grant.operation == ADMINISTER_SYSTEM for grant in parse_grants(json_of(response), PERMISSIONS))


def _groups(client: Client, who: Who) -> Collection[str]:
    """Names of the caller's groups, all pages of them."""
    found: set[str] = set()
    start = 0
    while True:
        answer: Any = client.get_json(f"{MEMBER_OF}?username={quote(who.name, safe='')}&limit={PAGE}" + (f"&start={start}" if start else ""))
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise AtlassianError(f"GET {MEMBER_OF} answered without a list of groups. Check that url is a Confluence.")
        names = {str(group["name"]) for group in results if isinstance(group, dict) and group.get("name")}
        links = answer.get("_links")
        if not names - found or not (isinstance(links, dict) and links.get("next")):
            return found | names
        found |= names
        start += len(results)
