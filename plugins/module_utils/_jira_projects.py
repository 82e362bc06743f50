# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Which projects, dashboards and filters somebody sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal

PATH = "/rest/api/2/project"
DASHBOARDS = "/rest/api/2/dashboard"
FILTER = "/rest/api/2/filter"
FAVOURITES = f"{FILTER}/favourite"
PAGE = 100
MOST_PAGES = 1000
# How Jira answers for a filter that the caller may not see: 400 in public clients, 401 in its REST documentation.
HIDDEN = frozenset({400, 401, 403, 404})


def visible_projects(client: Client) -> list[str]:
    """Sorted keys. The call is not paginated (Jira REST documentation, project). Raises AtlassianError for another shape."""
    answer = client.get_json(PATH)
    if not isinstance(answer, list) or not all(isinstance(item, dict) and item.get("key") for item in answer):
        raise AtlassianError(f"GET {PATH} answered without a list of projects. Check that url is a Jira.")
    return sorted(str(item["key"]) for item in answer)


def visible_dashboards(client: Client) -> dict[int, str]:
    """Names by id, in the order of ids; the caller may be a stranger. Raises AtlassianError where not all of them came.

    The server may give fewer than asked for, and `total` may be missing (Jira REST documentation, dashboard and paging).
    """
    found: dict[int, str] = {}
    start = 0
    for _page in range(MOST_PAGES):
        answer = _listed(client, f"{DASHBOARDS}?startAt={start}&maxResults={PAGE}")
        items = answer.get("dashboards") if isinstance(answer, dict) else None
        names = _names(items, f"GET {DASHBOARDS} answered without a list of dashboards. Check that url is a Jira.")
        if names and not set(names) - set(found):
            break  # the same once more: this way there is no end
        found.update(names)
        start += len(items or ())
        total = answer.get("total")
        if not names or (isinstance(total, int) and start >= total):
            return dict(sorted(found.items()))
    raise AtlassianError(f"GET {DASHBOARDS} does not come to an end after {len(found)} dashboards, so not all of them are known. Check product and proxy.")


def visible_filters(client: Client, ids: Iterable[int]) -> dict[int, str]:
    """Names by id, in the order of ids: the favourites of the caller, and those of `ids` that the caller sees. Jira lists no others."""
    found = _names(_listed(client, FAVOURITES), f"GET {FAVOURITES} answered without a list of filters. Check that url is a Jira.")
    for number in sorted(set(ids) - set(found)):
        response = client.get(f"{FILTER}/{number}")
        if response.status in HIDDEN:
            continue
        if response.status != 200:
            raise AtlassianError(refusal(response, client.credentials), status=response.status)
        found |= _names([json_of(response)], f"GET {FILTER}/{number} answered without a filter. Check that url is a Jira.")
    return dict(sorted(found.items()))


def _listed(client: Client, path: str) -> Any:
    """As get_json, but whoever is asked here need not be an administrator, and must not be told to become one."""
    response = client.get(path)
    if response.status in (401, 403) and not client.credentials.anonymous:
        raise AtlassianError(f"{response.request.label} answered {response.status}: this user may not ask for it.", status=response.status)
    if response.status != 200:
        raise AtlassianError(refusal(response, client.credentials), status=response.status)
    return json_of(response)


def _names(items: Any, otherwise: str) -> dict[int, str]:
    """Ids come as texts."""
    try:
        if not isinstance(items, list):
            raise TypeError("list")
        return {int(item["id"]): str(item["name"]) for item in items}
    except (KeyError, TypeError, ValueError) as exc:
        raise AtlassianError(otherwise) from exc
