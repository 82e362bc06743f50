# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Global permissions of Jira: no REST reads or writes them, so the administration page does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import Browser
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Form, parse_forms, parse_ids

# Paths, ids and field names: behaviour of old sources; the ids are the same in a recent public Selenium script. They don't depend on the language.
PAGE = "/secure/admin/GlobalPermissions!default.jspa"
ACTION = "/secure/admin/GlobalPermissions.jspa"
TABLE, DELETE = "global_perms", "del_"
KEY_FIELD, GROUP_FIELD = "globalPermType", "groupName"
ANYONE = ""  # Jira's spelling: no group
ROLES = "/rest/api/2/applicationrole"
TITLE = "Global permissions"


@dataclass(frozen=True)
class Page:
    """holders: groups by permission, ANYONE among them; a permission nobody holds has none."""

    holders: Mapping[str, frozenset[str]]
    form: Form


class GlobalPermissions:
    """Reads and writes through one browser session."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def read(self) -> Page:
        """Raises AtlassianError where the page is not understood: without its table and its form nothing is known."""
        response = self._browser.page(PAGE)
        ids = parse_ids(response.text)
        forms = parse_forms(response.text, response.request.url)
        form = next((form for form in forms if KEY_FIELD in form.controls and GROUP_FIELD in form.controls), None)
        if response.status != 200 or TABLE not in ids or form is None or not form.controls[KEY_FIELD].choices:
            raise AtlassianError(
                f"The page {PAGE} (answer {response.status}) is not built as this collection knows it: it needs the table {TABLE} and the form with "
                f"{KEY_FIELD}. Look at it in a browser."
            )
        keys = [key for key in form.controls[KEY_FIELD].choices if key]
        return Page(_holders([name for name in ids if name.startswith(DELETE)], keys), form)

    def change(self, permission: str, group: str, granted: bool) -> None:
        """Grant or revoke. A refusal of Jira comes as a page with 200; a new read tells in any case."""
        form = self.read().form
        fields = dict(form.hidden) | {"action": "add" if granted else "del", KEY_FIELD: permission, GROUP_FIELD: group}
        try:
            came_back = f"answered {self._browser.post(ACTION, list(fields.items())).status}"
        except WriteUncertain as exc:
            came_back = f"was not answered ({exc.sentence})"
        there = group in self.read().holders.get(permission, frozenset())
        if there != granted:
            raise AtlassianError(
                f"POST {ACTION} {came_back}, and {permission} is {'' if there else 'not '}granted to {group or 'anyone'} when it is read again. "
                "Jira refuses what would lock its administrators out, and groups or permissions that do not go together. Look at the page in a browser."
            )


def _holders(ids: Sequence[str], keys: Sequence[str]) -> dict[str, frozenset[str]]:
    """del_<KEY>_<group>, and nothing behind the last underscore for anyone. Keys have underscores themselves, so the longest that fits is meant.

    Raises AtlassianError for a grant of a permission that the form does not offer: it must not be passed over.
    """
    found: dict[str, set[str]] = {key: set() for key in keys}
    for name in ids:
        fitting = [key for key in keys if name.startswith(f"{DELETE}{key}_")]
        if not fitting:
            raise AtlassianError(f"The page {PAGE} has a grant ({name}) of a permission that its form does not know. Look at it in a browser.")
        key = max(fitting, key=len)
        found[key].add(name.removeprefix(f"{DELETE}{key}_"))
    return {key: frozenset(groups) for key, groups in found.items()}


def licensed_groups(client: Client) -> list[str]:
    """Groups whose members may log in: those of all application roles. Raises AtlassianError for another shape."""
    answer = client.get_json(ROLES)
    if not isinstance(answer, list) or not all(isinstance(role, dict) and isinstance(role.get("groups"), list) for role in answer):
        raise AtlassianError(f"GET {ROLES} answered without a list of application roles. Check that url is a Jira and the user its administrator.")
    return sorted({str(group) for role in answer for group in role["groups"]})
