#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_restore
short_description: Bring back what was taken from anyone, and settings, in Jira
version_added: 0.1.0
description:
  - Adds what the last run of M(hardening.atlassian.jira_anonymous_access) against the same O(url) removed, and then removes what that run had
    added instead. The grants get new ids. Runs that were cut off directly before it count with it, since it did the rest of their work.
  - Sets back what M(hardening.atlassian.jira_settings) changed, where it was told to remember it.
  - Shares filters again, and gives a filter that a run took over and could not give back to its owner. A filter that this account does not see any
    more is C(not_examined); only its owner can share it again.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.jira
  - hardening.atlassian.settings
  - hardening.atlassian.forms
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
  scopes:
    description:
      - Which scopes come back. V(global_permissions) and part of V(settings) need O(allow_forms=true).
    type: list
    elements: str
    choices: [permission_schemes, global_permissions, settings, filters]
    default: [permission_schemes, global_permissions, settings, filters]
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
  description: One row for each scheme and permission, each global permission, each setting and each filter that the file names.
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

from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_access import SCOPE as FILTERS
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_restore import RestoreFilters
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_restore import wanted_by as filters_by
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filters import Filters
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import SCOPE as GLOBAL
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import RestoreGlobal
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_permissions import GlobalPermissions
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import PermissionSchemes
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_restore import Restore, wanted_by
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_scheme_access import SCOPE as SCHEMES
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_settings import SCOPE as SETTINGS
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_settings import Settings, values_by
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, Subject, attempt, leave, together
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import recall
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

# A filter is shared with anyone only while the setting that allows it is back.
SCOPES = (SCHEMES, GLOBAL, SETTINGS, FILTERS)
SPEC = CONNECTION.merge(FORMS).merge(
    ArgumentSpec(
        {
            "scopes": {"type": "list", "elements": "str", "choices": list(SCOPES), "default": list(SCOPES)},
            "restore_path": {"type": "path", "required": True},
        }
    )
)


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        link = connection(module, "jira")
        check_forms(link, params["allow_forms"])
        client = link.client()
        entries: dict[str, list[Mapping[str, Any]]] = {scope: [] for scope in SCOPES}
        for entry in recall(params["restore_path"], "jira", client.url):
            if entry.get("scope", SCHEMES) in params["scopes"]:
                entries[entry.get("scope", SCHEMES)].append(entry)
        if not any(entries.values()):
            raise AtlassianError(f"scopes: {params['restore_path']} holds nothing that was removed in {', '.join(params['scopes']) or 'none of the scopes'}.")
        schemes, settings, filters = wanted_by(entries[SCHEMES]), values_by(entries[SETTINGS]), filters_by(entries[FILTERS])
        me = prove(client)
        with browser_session(module, link, JiraDoor(), params["allow_forms"]) as session:
            # All are made, and what the file says understood, before the first of them writes.
            subjects: dict[str, Subject[Any]] = {}
            if schemes:
                subjects[SCHEMES] = Restore(PermissionSchemes(client), schemes)
            if entries[GLOBAL]:
                subjects[GLOBAL] = RestoreGlobal(None if session is None else GlobalPermissions(session), entries[GLOBAL])
            if settings:
                subjects[SETTINGS] = Settings(client, session, settings)
            if filters:
                subjects[FILTERS] = RestoreFilters(client, Filters(client, me), filters)
            return together([attempt(scope, subject, module.check_mode) for scope, subject in subjects.items()])

    leave(module, work)


if __name__ == "__main__":
    main()
