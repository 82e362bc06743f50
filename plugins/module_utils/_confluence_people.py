# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""People of Confluence as its interfaces name them, and groups that are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client, json_of
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import Holder
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal

USER, GROUP = "/rest/api/user", "/rest/api/group"


@dataclass
class UserNames:
    """REST names users by key, JSON-RPC and the forms by name."""

    client: Client
    _known: dict[tuple[str, Holder], Holder] = field(default_factory=dict)

    def on(self, way: str, holder: Holder) -> Holder:
        """The holder as this way names it. Who is not there any more keeps the name under which nobody is found.

        Raises AtlassianError for any other answer: it tells nothing of the user, and is not remembered.
        """
        kind, query, member = ("userkey", "username", "userKey") if way == "rest" else ("user", "key", "username")
        if holder.kind not in ("user", "userkey") or holder.kind == kind:
            return holder
        if (kind, holder) not in self._known:
            response = self.client.get(f"{USER}?{query}={quote(holder.name, safe='')}")
            if response.status not in (200, 404):
                raise AtlassianError(refusal(response, self.client.credentials), status=response.status)
            user: Any = json_of(response) if response.status == 200 else {}
            found = user.get(member) if isinstance(user, dict) else None
            self._known[kind, holder] = Holder(kind, str(found)) if found else holder
        return self._known[kind, holder]


def existing_groups(client: Client, names: Iterable[str]) -> list[Holder]:
    """The groups named in replace_groups, spelt as the product does. Raises AtlassianError for one that is not there, before anything is written."""
    found = []
    for name in names:
        if "/" in name:  # no address takes such a name; the write tells
            found.append(Holder("group", name))
            continue
        response = client.get(f"{GROUP}/{quote(name, safe='')}")
        if response.status == 404:
            raise AtlassianError(f"replace_groups: there is no group {name!r}. Correct its name; nothing was changed.")
        if response.status != 200:
            raise AtlassianError(refusal(response, client.credentials), status=response.status)
        group: Any = json_of(response)
        found.append(Holder("group", str(group.get("name") or name) if isinstance(group, dict) else name))
    return list(dict.fromkeys(found))  # two spellings may be one group
