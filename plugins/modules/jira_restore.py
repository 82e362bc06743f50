#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_restore
short_description: Bring back grants that were removed from permission schemes of Jira
version_added: 0.1.0
description:
  - Adds what the last run of M(hardening.atlassian.jira_anonymous_access) against the same O(url) removed, and then removes what that run had
    added instead. The grants get new ids.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.jira
  - hardening.atlassian.settings
  - hardening.atlassian.attributes
  - hardening.atlassian.attributes.jira
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  restore_path:
    description:
      - The file that remembers what was removed, as RV(hardening.atlassian.jira_anonymous_access#module:restore_path) names it.
    type: path
    required: true
seealso:
  - module: hardening.atlassian.jira_anonymous_access
"""

EXAMPLES = r"""
- name: Bring back what the last run removed
  hardening.atlassian.jira_restore:
    url: https://jira.example.com
    token: "{{ jira_token }}"
    restore_path: /var/backups/jira-grants.json
"""

RETURN = r"""
settings:
  description: One row for each scheme and permission in the last entry of the file, with all its holders.
  returned: always
  type: list
  elements: dict
  sample:
    - setting: "Default Permission Scheme: BROWSE_PROJECTS"
      before: [applicationRole]
      after: [anyone]
      state: changed
      reason: ""
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {"Default Permission Scheme: BROWSE_PROJECTS": [applicationRole]}
    after: {"Default Permission Scheme: BROWSE_PROJECTS": [anyone]}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils import _restore
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import PermissionSchemes
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_restore import Restore, wanted_by
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, run

SPEC = CONNECTION.merge(ArgumentSpec({"restore_path": {"type": "path", "required": True}}))


def main() -> None:
    module = SPEC.create_module()

    def work() -> Outcome:
        client = connection(module, "jira").client()
        wanted = wanted_by(_restore.recall(module.params["restore_path"], "jira", client.url))
        prove(client)
        return run(Restore(PermissionSchemes(client), wanted), module.check_mode)

    leave(module, work)


if __name__ == "__main__":
    main()
