# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Whether somebody still sees what they saw before: projects, dashboards and filters of Jira, spaces of Confluence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeVar

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, FAILED, NOT_EXAMINED, Setting

MOST_NAMED = 20
RESTORE = "The playbook restore.yml of this collection brings back the grants that were removed."
# What is to be done about lost things that no restore brings back.
NO_RESTORE = {"dashboards": "This collection changes no shares of dashboards: ask their owners."}
Key = TypeVar("Key", int, str)


def judge_visible(things: str, user: str, visible: Collection[Key], expected: Iterable[Key] | None) -> list[Setting]:
    """One row: everything expected is still visible, or who lost what. No row if nothing was expected. things: "projects", "spaces" ..."""
    if expected is None:
        return []
    seen_now = set(visible)
    wanted = sorted(set(expected))
    lost = [key for key in wanted if key not in seen_now]
    setting = f"{things} visible to {user}"
    if not wanted:
        reason = f"{user} saw none of the {things} before either, so nothing is proved. Name a user who sees some."
        return [Setting(setting, None, None, NOT_EXAMINED, reason)]
    if lost:
        named = ", ".join(str(key) for key in lost[:MOST_NAMED]) + (f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else "")
        reason = f"{user} no longer sees {named}. {NO_RESTORE.get(things, RESTORE)}"
        return [Setting(setting, wanted, [key for key in wanted if key in seen_now], FAILED, reason)]
    return [Setting(setting, wanted, wanted, COMPLIANT)]


def unread(things: str, user: str, expected: Collection[int] | None, sentence: str) -> Setting:
    """The row where they could not be listed: a fault only where a proof was asked for."""
    setting = f"{things} visible to {user}"
    if expected:
        return Setting(setting, sorted(set(expected)), None, FAILED, f"Whether {user} still sees what was there before is not known. {sentence}")
    return Setting(setting, None, None, NOT_EXAMINED, sentence)
