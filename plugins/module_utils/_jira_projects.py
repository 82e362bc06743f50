# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Which projects somebody sees."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

PATH = "/rest/api/2/project"


def visible_projects(client: Client) -> list[str]:
    """Sorted keys. The call is not paginated (Jira REST documentation, project). Raises AtlassianError for another shape."""
    answer = client.get_json(PATH)
    if not isinstance(answer, list) or not all(isinstance(item, dict) and item.get("key") for item in answer):
        raise AtlassianError(f"GET {PATH} answered without a list of projects. Check that url is a Jira.")
    return sorted(str(item["key"]) for item in answer)
