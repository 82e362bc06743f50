# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Permission schemes of Jira: the grants in them, and how one is added or deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_projects import PATH as PROJECT
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_projects import visible_projects

PATH = "/rest/api/2/permissionscheme"
LOGGED_IN = "applicationRole"  # without parameter: every user who may log in


@dataclass(frozen=True)
class Holder:
    """Who holds a grant, as the product names it. parameter: group name, role id ...; None where there is none."""

    type: str
    parameter: str | None = None

    @property
    def anonymous(self) -> bool:
        """Anyone on the web. Inside Jira that is a group without a name, and both spellings may be answered (Atlassian's jira-testkit)."""
        return self.type == "anyone" or (self.type == "group" and self.parameter is None)

    @property
    def text(self) -> str:
        if self.anonymous:
            return "anyone"
        return self.type if self.parameter is None else f"{self.type}:{self.parameter}"

    def as_json(self) -> dict[str, str]:
        return {"type": self.type} if self.parameter is None else {"type": self.type, "parameter": self.parameter}


@dataclass(frozen=True)
class Grant:
    id: int
    permission: str
    holder: Holder


@dataclass(frozen=True)
class Scheme:
    """grants: None where they could not be read, for `reason`."""

    id: int
    name: str
    grants: tuple[Grant, ...] | None
    reason: str = ""

    def of(self, permission: str) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants or () if grant.permission == permission)


class PermissionSchemes:
    """Reads and writes through one client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self) -> list[Scheme]:
        """All schemes in the order of their ids. One request, and one more for each scheme that came without its grants."""
        answer = self._client.get_json(f"{PATH}?expand=permissions")
        listed = answer.get("permissionSchemes") if isinstance(answer, dict) else None
        if not isinstance(listed, list) or not all(isinstance(raw, dict) and isinstance(raw.get("id"), int) for raw in listed):
            raise AtlassianError(f"GET {PATH} answered without a list of permission schemes. Check that url is a Jira and the user its administrator.")
        schemes = self._client.gather(self._complete, listed)
        return sorted(
            (_unreadable(raw, scheme) if isinstance(scheme, AtlassianError) else scheme for raw, scheme in zip(listed, schemes)),
            key=lambda scheme: scheme.id,
        )

    def _complete(self, raw: Mapping[str, Any]) -> Scheme:
        if not isinstance(raw.get("permissions"), list):
            raw = self._client.get_json(f"{PATH}/{raw['id']}?expand=permissions")
        return parse_scheme(raw)

    def grants(self, scheme: int, permission: str) -> tuple[Grant, ...]:
        """The grants of one permission, read again."""
        return parse_scheme(self._client.get_json(f"{PATH}/{scheme}?expand=permissions")).of(permission)

    def holds(self, scheme: int, permission: str, holder: Holder) -> bool:
        """Whether there is such a grant, read again."""
        return any(grant.holder == holder for grant in self.grants(scheme, permission))

    def uses(self) -> Mapping[int, int]:
        """How many of the projects that the caller sees use each scheme, by its id; none where it is missing. No REST tells it but each project.

        Raises AtlassianError where one project does not tell, since no count would be right then.
        """
        found: Counter[int] = Counter()
        for scheme in self._client.gather(self._of_project, visible_projects(self._client)):
            if isinstance(scheme, AtlassianError):
                raise scheme
            found[scheme] += 1
        return found

    def _of_project(self, key: str) -> int:
        path = f"{PROJECT}/{quote(key, safe='')}/permissionscheme"
        answer = self._client.get_json(path)
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), int):
            raise AtlassianError(f"GET {path} answered without a permission scheme. Check that url is a Jira.")
        return int(answer["id"])

    def add(self, scheme: int, permission: str, holder: Holder) -> None:
        def write() -> None:
            self._client.write("POST", f"{PATH}/{scheme}/permission", {"holder": holder.as_json(), "permission": permission})

        self._client.settle(write, lambda: self.holds(scheme, permission, holder))

    def delete(self, scheme: int, grant: Grant) -> None:
        """A grant that is no longer there is as good as deleted."""

        def write() -> None:
            self._client.write("DELETE", f"{PATH}/{scheme}/permission/{grant.id}", also=(404,))

        self._client.settle(write, lambda: all(other.id != grant.id for other in self.grants(scheme, grant.permission)))


def parse_scheme(raw: Any) -> Scheme:
    """Raises AtlassianError for a shape that is not a scheme with its grants: a grant that is not understood must not count as harmless."""
    try:
        if not isinstance(raw["permissions"], list):
            raise TypeError("permissions")
        return Scheme(int(raw["id"]), str(raw["name"]), tuple(_grant(item) for item in raw["permissions"]))
    except (KeyError, TypeError, ValueError) as exc:
        name = (raw.get("name") if isinstance(raw, dict) else None) or "(without name)"
        raise AtlassianError(f"Permission scheme {name} was answered in a shape that is not known (at {exc}). Check the product version.") from exc


def _grant(raw: Mapping[str, Any]) -> Grant:
    holder = raw["holder"]
    if not isinstance(holder, dict):
        raise TypeError("holder")
    parameter = holder.get("parameter")
    return Grant(int(raw["id"]), str(raw["permission"]), Holder(str(holder["type"]), None if parameter in (None, "") else str(parameter)))


def _unreadable(raw: Mapping[str, Any], error: AtlassianError) -> Scheme:
    return Scheme(raw["id"], str(raw.get("name", "(without name)")), None, error.sentence)


def holders(grants: Sequence[Grant]) -> list[str]:
    """For people and for comparing: sorted, each once."""
    return sorted({grant.holder.text for grant in grants})
