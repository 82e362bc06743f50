# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Listing the spaces of Confluence: all that the caller may see, personal and archived ones included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

PATH = "/rest/api/space"
METRICS = "/rest/api/instance-metrics"
TYPES, STATUSES = ("global", "personal"), ("current", "archived")
PAGE = 100


@dataclass(frozen=True)
class Listed:
    """kind: "" for an ordinary space, or what is special about it."""

    key: str
    kind: str


def pages(client: Client) -> Iterator[list[Listed]]:
    """The spaces page by page, each once.

    The server may give fewer than asked for, so the next page starts after what came; some versions repeat what they had past the end and
    go on promising more (CONFSERVER-95272), so a page without anything new is the last. Raises AtlassianError for another shape.
    """
    seen: set[str] = set()
    for status in STATUSES:
        for type_ in TYPES:
            kind = " ".join(word for word in (status, type_) if word not in ("current", "global"))
            start = 0
            while True:
                keys, more = _page(client, f"type={type_}&status={status}&limit={PAGE}&start={start}")
                new = [key for key in keys if key not in seen]
                seen.update(new)
                if new:
                    yield [Listed(key, kind) for key in new]
                if not (new and more):
                    break
                start += len(keys)


def _page(client: Client, query: str) -> tuple[list[str], bool]:
    """Keys, and whether the product promises more."""
    answer = client.get_json(f"{PATH}?{query}")
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list) or not all(isinstance(item, dict) and item.get("key") for item in results):
        raise AtlassianError(f"GET {PATH} answered without a list of spaces. Check that url is a Confluence.")
    links = answer.get("_links")
    return [str(item["key"]) for item in results], isinstance(links, dict) and bool(links.get("next"))


def visible_spaces(client: Client) -> list[str]:
    """Sorted keys of all spaces the caller sees."""
    return sorted(space.key for page in pages(client) for space in page)


def count_spaces(client: Client) -> tuple[int | None, str]:
    """How many spaces there are, whoever sees them; None where the product does not tell this caller, with what it answered."""
    try:
        response = client.get(METRICS)
        metrics = json_of(response) if response.status == 200 else {}
    except AtlassianError as exc:
        return None, exc.sentence
    count = metrics.get("spaces") if isinstance(metrics, dict) else None
    if isinstance(count, int) and not isinstance(count, bool):
        return count, ""
    return None, f"{response.request.label} answered {response.status}."
