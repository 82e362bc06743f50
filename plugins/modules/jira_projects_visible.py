#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_projects_visible
short_description: Read which projects, dashboards and filters a user of Jira sees, and notice lost ones
version_added: 0.1.0
description:
  - Lists the keys of all projects the given credentials can see, all dashboards, and the filters that Jira lists for this user. Run as an
    ordinary user before and after a change of rights it proves that nobody who logs in lost access.
  - Jira lists no filters but the favourites of a user. Others are asked for one by one, as O(filters) and O(expected_filters) name them.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.jira
  - hardening.atlassian.attributes
  - hardening.atlassian.attributes.jira
attributes:
  check_mode:
    support: full
    details: Only reads.
  diff_mode:
    support: none
    details: There is nothing to change.
  idempotent:
    support: full
options:
  expected:
    description:
      - Keys of projects that must be visible, usually RV(projects) of an earlier run. The task fails if one of them is not.
      - Projects that are visible and not listed here are no fault. If omitted, nothing is judged.
    type: list
    elements: str
  expected_dashboards:
    description:
      - Ids of dashboards that must be visible, usually those of RV(dashboards) of an earlier run. The task fails if one of them is not.
      - Dashboards that are visible and not listed here are no fault. If omitted, nothing is judged.
    type: list
    elements: int
    version_added: 0.3.0
  filters:
    description:
      - Ids of filters to look at besides the favourites of the user.
    type: list
    elements: int
    version_added: 0.3.0
  expected_filters:
    description:
      - Ids of filters that must be visible, usually those of RV(filters) of an earlier run. The task fails if one of them is not.
      - Filters that are visible and not listed here are no fault. If omitted, nothing is judged.
    type: list
    elements: int
    version_added: 0.3.0
seealso:
  - module: hardening.atlassian.jira_anonymous_access
"""

EXAMPLES = r"""
- name: What an ordinary user sees before
  hardening.atlassian.jira_projects_visible:
    url: https://jira.example.com
    username: witness
    password: "{{ witness_password }}"
  register: before

- name: The same user still sees all of it afterwards
  hardening.atlassian.jira_projects_visible:
    url: https://jira.example.com
    username: witness
    password: "{{ witness_password }}"
    expected: "{{ before.projects }}"
    expected_dashboards: "{{ before.dashboards | map(attribute='id') }}"
    expected_filters: "{{ before.filters | map(attribute='id') }}"
"""

RETURN = r"""
user:
  description: Name of the user who looked.
  returned: when the product could be read
  type: str
  sample: witness
projects:
  description: Keys of the visible projects, sorted.
  returned: when the product could be read
  type: list
  elements: str
  sample: [DOCS, WEB]
dashboards:
  description: The visible dashboards, sorted by id. The system dashboard is one of them.
  returned: when they could be read
  type: list
  elements: dict
  version_added: 0.3.0
  sample:
    - {id: 10000, name: System Dashboard}
filters:
  description: The favourite filters of the user, and those of O(filters) and O(expected_filters) that are visible, sorted by id.
  returned: when they could be read
  type: list
  elements: dict
  version_added: 0.3.0
  sample:
    - {id: 10100, name: Open incidents}
settings:
  description:
    - One row each that compares O(expected) with RV(projects), O(expected_dashboards) with RV(dashboards) and O(expected_filters) with
      RV(filters); none for what was not given.
    - Dashboards or filters that could not be read have a row in any case, which says why. It is a failed one where something was expected.
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: projects visible to witness, before: [DOCS, WEB], after: [DOCS, WEB], state: compliant, reason: ""}
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_projects import visible_dashboards, visible_filters, visible_projects
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave
from ansible_collections.hardening.atlassian.plugins.module_utils._visible import judge_visible, unread

SPEC = CONNECTION.merge(
    ArgumentSpec(
        {
            "expected": {"type": "list", "elements": "str"},
            "expected_dashboards": {"type": "list", "elements": "int"},
            "filters": {"type": "list", "elements": "int"},
            "expected_filters": {"type": "list", "elements": "int"},
        }
    )
)


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        client = connection(module, "jira").client()
        user = prove(client)
        projects = visible_projects(client)
        settings = judge_visible("projects", user, projects, params["expected"])
        seen: dict[str, Any] = {"user": user, "projects": projects}
        ids = [*(params["filters"] or ()), *(params["expected_filters"] or ())]
        looks: dict[str, Callable[[], dict[int, str]]] = {
            "dashboards": lambda: visible_dashboards(client),
            "filters": lambda: visible_filters(client, ids),
        }
        for things, look in looks.items():
            expected = params[f"expected_{things}"]
            try:
                found = look()
            except AtlassianError as exc:
                settings.append(unread(things, user, expected, exc.sentence))
            else:
                seen[things] = [{"id": number, "name": name} for number, name in found.items()]
                settings += judge_visible(things, user, found, expected)
        return Outcome(settings, {"before": {}, "after": {}}, seen)

    leave(module, work)


if __name__ == "__main__":
    main()
