# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Dark features of Confluence: the private REST for a single key, and the administration page that lists the keys of the site."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import MIGRATION, FeatureList, Wish, collect
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_links
from ansible_collections.hardening.atlassian.plugins.module_utils._sentences import refusal
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

# Vendor javadoc: DarkFeatureSiteResource. GET of one key: 200 on, 404 off, both without a body (seen in one class of one version only).
PATH = "/rest/feature/1/site"
# Vendor KB 1079350770: a field for enabling, and a link to remove each key. The key is read from the link's query, whatever its name.
PAGE = "/admin/darkfeatures.action"
REMOVE_HINTS = ("remove", "disable")
NO_LIST = "Which other keys are on is told by no REST, only by the page {page}: set allow_forms, with username and password, or look there."
SITE_KEYS_ONLY = "Keys that the JVM switches on are not on the list that was read; they are looked for in the JVM's arguments (NODE-08)."


def checked(wish: Wish) -> Wish:
    """The wish, if nothing in it contradicts. Raises AtlassianError; asks nobody. A comma parts keys in the product's own addresses."""
    for option, keys in (("enabled", wish.enabled), ("disabled", wish.disabled), ("allowed", wish.allowed)):
        for key in keys:
            if "," in key:
                raise AtlassianError(f"{option}: {key!r} holds a comma, which parts keys. Give each key as an item of the list.")
    wanted_keys(wish)
    return wish


def wanted_keys(wish: Wish) -> dict[str, bool]:
    """A key is one switch here; there are no pairs."""
    wanted: dict[str, bool] = {}
    for option, keys, state in (("enabled", wish.enabled, True), ("disabled", wish.disabled, False)):
        for key in keys:
            collect(wanted, option, key, {key: state})
    return wanted


@dataclass
class ConfluenceFeatures:
    """The FeatureSite of Confluence. session: for the page; None where forms are not allowed."""

    client: Client
    stranger: Client
    session: Session | None
    _proved: bool | None = field(default=None)

    def wanted_keys(self, wish: Wish, listing: FeatureList | None) -> dict[str, bool]:
        return wanted_keys(wish)

    def is_protected(self, key: str) -> bool:
        """What may have no way back."""
        return MIGRATION in key

    def is_on(self, key: str) -> bool:
        path = f"{PATH}/{quote(key, safe='')}"
        response = self.client.get(path)
        if response.status == 200 and not response.body.strip():
            self._proved = True
            return True
        if response.status == 404 and not response.body.strip() and self._is_there(path):
            return False
        if response.status in (200, 404):
            raise AtlassianError(f"GET {path} answered {response.status} with something else than a state. Check that this version has this interface.")
        raise AtlassianError(refusal(response, self.client.credentials), status=response.status)

    def _is_there(self, path: str) -> bool:
        """A key that is off is answered as an address nobody serves would be. The address is real if a stranger is refused there instead."""
        if self._proved is None:
            self._proved = self.stranger.get(path).status in (401, 403)
        return self._proved

    def switch(self, key: str, on: bool) -> None:
        def write() -> None:
            if on:
                self.client.write("POST", PATH, [key])
            else:
                self.client.write("DELETE", f"{PATH}/{quote(key, safe='')}", also=(404,))

        self.client.settle(write, lambda: self.is_on(key) == on)

    def list(self) -> tuple[FeatureList | None, str]:
        if self.session is None:
            return None, NO_LIST.format(page=PAGE)
        try:
            response = self.session.page(PAGE)
            keys = _removable(response) if response.status == 200 else []
        except AtlassianError as exc:
            return None, f"Which other keys are on could not be listed. {exc.sentence}"
        if response.status != 200:
            return None, f"Which other keys are on could not be listed: {response.request.label} answered {response.status}."
        if not keys:
            return None, f"No key that could be removed was found on the page {PAGE}: none is on, or the page is built in another way. Look at it once."
        return FeatureList(frozenset(keys)), SITE_KEYS_ONLY

    def note(self, key: str, listing: FeatureList | None) -> str:
        return ""

    def hint(self, key: str, wanted: bool) -> str:
        if wanted:
            return "If -Datlassian.darkfeature.disabled=true is among the JVM's arguments, no dark feature works: remove it."
        return (
            f"It is switched on when the JVM starts: remove -Datlassian.darkfeature.{key}=true from the JVM's arguments "
            "(or the line in atlassian-darkfeatures.properties) and restart, or list the key in allowed."
        )


def _removable(response: Response) -> list[str]:
    """Keys of the links that remove one: links of this page or of an action whose address says so, with a value in their query."""
    found = []
    for link in parse_links(response.text, response.request.url):
        target = urlsplit(link)
        if any(hint in target.path.lower() for hint in REMOVE_HINTS) or target.path.endswith(PAGE):
            values = {name: value[0] for name, value in parse_qs(target.query).items() if not name.startswith("atl_") and value[0]}
            found += [value for name, value in values.items() if "key" in name.lower() or "feature" in name.lower()]
    return sorted(set(found))
