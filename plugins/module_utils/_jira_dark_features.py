# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Dark features of Jira: flags that are pairs of keys, the list on every page, and the private REST for a single key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import MIGRATION, FeatureList, Wish, collect
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_page import parse_features

# Private REST named by Atlassian's article "Enable dark feature in Jira"; GET tells the effective state of one key.
PATH = "/rest/internal/1.0/darkFeatures/"
# Pages that carry the list; the first that does is used.
PAGES = ("/login.jsp", "/secure/Dashboard.jspa")
PUBLIC_ACCESS = "public.access.disabled"
ON, OFF = ".enabled", ".disabled"
BARE = (
    "The page does not tell flags from plain keys here: if this is a flag with a default, name it with .enabled or .disabled, "
    "or nothing follows from the key."
)


def is_exact(key: str) -> bool:
    """Keys used exactly as named, never with a suffix or as half of a pair (Atlassian's articles on dark features and anonymous access)."""
    return key == PUBLIC_ACCESS or key.startswith("com.atlassian.jira.migration.")


def checked(wish: Wish) -> Wish:
    """The wish, if its suffixes make sense and nothing contradicts. Raises AtlassianError; asks nobody."""
    for option, keys in (("enabled", wish.enabled), ("disabled", wish.disabled), ("allowed", wish.allowed)):
        for key in keys:
            if key.endswith((ON + OFF, OFF + ON, ON + ON, OFF + OFF)):
                raise AtlassianError(f"{option}: {key} has its suffix twice. Give the flag's name with .enabled or .disabled once.")
    wanted_keys(wish, {})
    return wish


def wanted_keys(wish: Wish, flags: Mapping[str, bool]) -> dict[str, bool]:
    """A flag with a built-in default is a pair of keys: one forces it on, one off."""
    wanted: dict[str, bool] = {}
    for option, keys, state in (("enabled", wish.enabled, True), ("disabled", wish.disabled, False)):
        for key in keys:
            collect(wanted, option, key, _for_key(key, state, flags))
    return wanted


def _for_key(key: str, state: bool, flags: Mapping[str, bool]) -> dict[str, bool]:
    if is_exact(key):
        return {key: state}
    for suffix, other in ((ON, OFF), (OFF, ON)):
        if key.endswith(suffix):
            return {key: True, key.removesuffix(suffix) + other: False} if state else {key: False}
    if key in flags:
        return {key + ON: state, key + OFF: not state}
    return {key: state}


@dataclass
class JiraFeatures:
    """The FeatureSite of Jira."""

    client: Client

    def wanted_keys(self, wish: Wish, listing: FeatureList | None) -> dict[str, bool]:
        return wanted_keys(wish, (listing.flags if listing else None) or {})

    def is_protected(self, key: str) -> bool:
        """What closes the site, and what may have no way back."""
        return key == PUBLIC_ACCESS or MIGRATION in key

    def is_on(self, key: str) -> bool:
        path = PATH + quote(key, safe="")
        answer = self.client.get_json(path)
        if not isinstance(answer, dict) or not isinstance(answer.get("enabled"), bool):
            raise AtlassianError(f"GET {path} answered without a state (enabled: true or false). Check that this product version has this interface.")
        return bool(answer["enabled"])

    def switch(self, key: str, on: bool) -> None:
        def write() -> None:
            self.client.write("PUT", PATH + quote(key, safe=""), {"enabled": on})

        self.client.settle(write, lambda: self.is_on(key) == on)

    def list(self) -> tuple[FeatureList | None, str]:
        """The same for a stranger, but for features of single users."""
        tried = []
        for page in PAGES:
            try:
                response = self.client.get_page(page)
            except AtlassianError as exc:
                tried.append(exc.sentence)
                continue
            listing = parse_features(response.text) if response.status == 200 else None
            if listing is not None:
                return listing, ""
            tried.append(f"{response.request.label} answered {response.status} without a list of feature keys.")
        return None, "Which other keys are on could not be listed. " + " ".join(tried)

    def note(self, key: str, listing: FeatureList | None) -> str:
        """A flag's bare name switches nothing, and only the page tells which names are flags."""
        understood = is_exact(key) or key.endswith((ON, OFF)) or (listing is not None and listing.flags is not None)
        return "" if understood else BARE

    def hint(self, key: str, wanted: bool) -> str:
        if wanted:
            return "If -Datlassian.darkfeature.disabled=true is among the JVM's arguments, no dark feature works: remove it."
        return (
            f"It is a system feature, switched on when the JVM starts: remove -Datlassian.darkfeature.{key}=true from the JVM's arguments "
            "(or the line in atlassian-darkfeatures.properties) and restart, or list the key in allowed."
        )
