# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Which projects somebody sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, FAILED, NOT_EXAMINED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

PATH = "/rest/api/2/project"


def visible_projects(client: Client) -> list[str]:
    """Sorted keys. The call is not paginated (Jira REST documentation, project). Raises AtlassianError for another shape."""
    answer = client.get_json(PATH)
    if not isinstance(answer, list) or not all(isinstance(item, dict) and item.get("key") for item in answer):
        raise AtlassianError(f"GET {PATH} answered without a list of projects. Check that url is a Jira.")
    return sorted(str(item["key"]) for item in answer)


def judge_visible(user: str, visible: Sequence[str], expected: Iterable[str] | None) -> list[Setting]:
    """One row: everything expected is still visible, or who lost what. No row if nothing was expected."""
    if expected is None:
        return []
    wanted = sorted(set(expected))
    lost = [key for key in wanted if key not in visible]
    seen = [key for key in wanted if key in visible]
    setting = f"projects visible to {user}"
    if not wanted:
        return [Setting(setting, None, None, NOT_EXAMINED, f"{user} saw no project before either, so nothing is proved. Name a user who sees some.")]
    if lost:
        reason = f"{user} no longer sees {', '.join(lost)}. The playbook restore.yml of this collection brings back the grants that were removed."
        return [Setting(setting, wanted, seen, FAILED, reason)]
    return [Setting(setting, wanted, wanted, COMPLIANT)]
