# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Whether administration asks for the password once more (secure administrator sessions), seen from a fresh browser session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, NOT_EXAMINED, Change, Finding, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import DESTINATION
from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response

ASKS, XSRF = "secure administrator sessions", "XSRF check"
ASKED, NOT_ASKED = "asked", "not asked"
NO_FORMS = "Only a browser session tells it: set allow_forms, with username and password."
SWITCHED_OFF = (
    f"{DESTINATION} was shown to a fresh session without asking for the password: look for jira.websudo.is.disabled in jira-config.properties and "
    "in the JVM's arguments of each node (control NODE-07)."
)
UNSEEN = (
    "Only a form posted without its token would tell, and nothing is posted to find out. On each node, jira.xsrf.enabled in jira-config.properties must "
    "not be false (control NODE-07)."
)


@dataclass(frozen=True)
class World:
    """asked: None where it is not known, for `reason`."""

    asked: bool | None
    reason: str = ""


@dataclass
class AdminSession:
    """The subject of module jira_admin_session. session: fresh; None where forms are not allowed."""

    session: Session | None

    def read(self) -> World:
        if self.session is None:
            return World(None, NO_FORMS)
        try:
            return self._judge_page(self.session, self.session.client.get_page(DESTINATION))
        except AtlassianError as exc:
            return World(None, exc.sentence)

    def _judge_page(self, session: Session, response: Response) -> World:
        """Raises AtlassianError where the page came without its end: it might have asked there."""
        if session.door.asks_password(response):
            return World(True)
        if response.status != 200:
            return World(None, f"{response.request.label} answered {response.status}, which says neither that it asks nor that it does not.")
        parse_forms(response.text, response.request.url)
        if response.header("X-AUSERNAME").lower() == "anonymous" or session.door.is_classic(response):
            return World(None, f"{response.request.label} was answered to nobody although the session is logged in. Check that cookies pass the proxy.")
        return World(False)

    def compare(self, world: World) -> list[Finding]:
        return [_judge(world), Setting(XSRF, None, None, NOT_EXAMINED, UNSEEN)]

    def observe(self, world: World, setting: str) -> Any:
        raise AtlassianError("Nothing is written here. Please report this.")

    def prepare(self, changes: Sequence[Change]) -> None:
        """Nothing is written."""

    def dump(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return values


def _judge(world: World) -> Setting:
    if world.asked is None:
        return Setting(ASKS, None, None, NOT_EXAMINED, world.reason)
    if world.asked:
        return Setting(ASKS, ASKED, ASKED, COMPLIANT)
    return Setting(ASKS, NOT_ASKED, NOT_ASKED, DRIFTED, SWITCHED_OFF)
