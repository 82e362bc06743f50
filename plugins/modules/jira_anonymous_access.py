#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_anonymous_access
short_description: Close Jira to callers without an account
version_added: 0.1.0
description:
  - Closes one of the ways by which somebody without an account reads a Jira, and proves it where a proof is possible.
  - Whoever logs in does not lose anything by it unless asked for. See O(replace_with).
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
  scope:
    description:
      - V(site) switches the dark feature C(public.access.disabled) on, and asks as a stranger, without credentials, for projects, dashboards,
        users and groups. It is compliant only if both agree; switch on and data readable is a failure.
      - V(permission_schemes) removes the grants to anyone on the web from all permission schemes, one by one. Grants to any logged-in user
        are something else and stay.
      - V(global_permissions) removes anyone on the web from all global permissions. Only an administration page knows them, so it needs
        O(allow_forms=true); without it they are C(not_examined).
    type: str
    required: true
    choices: [site, permission_schemes, global_permissions]
  public_url:
    description:
      - With O(scope=site), the address people type, if it is not O(url). The stranger asks there as well.
    type: str
  keep:
    description:
      - With O(scope=permission_schemes), grants to anyone that are wanted.
    type: list
    elements: dict
    suboptions:
      scheme:
        description: Id or name of the permission scheme. It must exist.
        type: str
        required: true
      permission:
        description: Key of the permission, for example V(BROWSE_PROJECTS).
        type: str
        required: true
  replace_with:
    description:
      - With O(scope=permission_schemes) and O(scope=global_permissions), what to do where not everybody who logs in is covered by another grant.
      - V(logged_in) first adds the grant, then removes the one to anyone. In a permission scheme it goes to any logged-in user, for a global permission,
        which takes groups only, to the groups of all application roles; or to O(replace_groups).
      - V(none) only removes it.
      - If omitted, such a grant is reported as drifted and left as it is.
    type: str
    choices: [logged_in, none]
  replace_groups:
    description:
      - With O(replace_with=logged_in), names of groups that get the grant instead of any logged-in user.
    type: list
    elements: str
  restore_path:
    description:
      - File on the host that runs the task, which remembers what is removed, as requests that would add it again. It is written with mode
        0600 and synced to disk before the first removal; what earlier runs wrote to it stays. In check mode it is not touched.
      - The default is C(~/.hardening.atlassian/restore-HOST.json), HOST being the host in O(url).
    type: path
seealso:
  - module: hardening.atlassian.jira_dark_features
  - module: hardening.atlassian.jira_projects_visible
"""

EXAMPLES = r"""
- name: Close the whole site
  hardening.atlassian.jira_anonymous_access:
    url: https://jira.example.com
    token: "{{ jira_token }}"
    scope: site

- name: No grant to anyone, except to browse the public scheme; people who log in keep what they have
  hardening.atlassian.jira_anonymous_access:
    url: https://jira.example.com
    token: "{{ jira_token }}"
    scope: permission_schemes
    keep:
      - scheme: Public projects
        permission: BROWSE_PROJECTS
    replace_with: logged_in
    restore_path: /var/backups/jira-grants.json
"""

RETURN = r"""
settings:
  description:
    - With O(scope=site) the row C(public.access.disabled) (V(true) or V(false)) and one row for each thing a stranger asked for (V(open) or
      V(closed)).
    - With O(scope=global_permissions) one row for each permission, with the groups that hold it.
    - With O(scope=permission_schemes) one row for each scheme and permission that anyone holds, with all its holders, and one for each scheme
      in which anyone holds nothing.
    - C(state) is one of V(compliant), V(drifted), V(changed), V(failed), V(not_examined). A drifted row with equal C(before) and C(after) was
      left as it is for its C(reason).
  returned: always
  type: list
  elements: dict
  sample:
    - setting: "Default Permission Scheme: BROWSE_PROJECTS"
      before: [anyone]
      after: [applicationRole]
      state: changed
      reason: ""
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {"Default Permission Scheme: BROWSE_PROJECTS": [anyone]}
    after: {"Default Permission Scheme: BROWSE_PROJECTS": [applicationRole]}
restore_path:
  description: The file that remembers what was removed.
  returned: with O(scope=permission_schemes) and O(scope=global_permissions), outside check mode, if something was removed
  type: str
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import SCOPE as GLOBAL
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import GlobalAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_permissions import GlobalPermissions, licensed_groups
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import PermissionSchemes
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_scheme_access import SCOPE as SCHEMES
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_scheme_access import REPLACE_LOGGED_IN, REPLACE_NONE, Kept, SchemeAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_site_access import SiteAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, remembered, run
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, default_path
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import strangers

SITE = "site"
REPLACING = (SCHEMES, GLOBAL)
ONLY_FOR = {"public_url": (SITE,), "keep": (SCHEMES,), "replace_with": REPLACING, "replace_groups": REPLACING, "restore_path": REPLACING}
SPEC = CONNECTION.merge(FORMS).merge(
    ArgumentSpec(
        {
            "scope": {"type": "str", "required": True, "choices": [SITE, SCHEMES, GLOBAL]},
            "public_url": {"type": "str"},
            "keep": {
                "type": "list",
                "elements": "dict",
                "options": {"scheme": {"type": "str", "required": True}, "permission": {"type": "str", "required": True}},
            },
            "replace_with": {"type": "str", "choices": [REPLACE_LOGGED_IN, REPLACE_NONE]},
            "replace_groups": {"type": "list", "elements": "str"},
            "restore_path": {"type": "path"},
        }
    )
)


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        for option, scopes in ONLY_FOR.items():
            if params[option] is not None and params["scope"] not in scopes:
                raise AtlassianError(f"{option}: means nothing with scope {params['scope']}. Remove it, or set scope to {' or '.join(scopes)}.")
        if params["replace_groups"] and params["replace_with"] != REPLACE_LOGGED_IN:
            raise AtlassianError("replace_groups: means nothing without replace_with logged_in. Set that too, or remove it.")
        link = connection(module, "jira")
        check_forms(link, params["allow_forms"])
        client = link.client()
        prove(client)
        if params["scope"] == SITE:
            return run(SiteAccess(client, strangers(link, params["public_url"])), module.check_mode)
        memory = Memory(params["restore_path"] or default_path(client.url), "jira", client.url, params["scope"])
        if params["scope"] == SCHEMES:
            return _schemes(client, memory)
        with browser_session(module, link, JiraDoor(), params["allow_forms"]) as session:
            permissions = None if session is None else GlobalPermissions(session)
            groups = params["replace_groups"] or ()
            subject = GlobalAccess(permissions, lambda: licensed_groups(client), params["replace_with"], groups, memory)
            return remembered(run(subject, module.check_mode), memory)

    def _schemes(client: Client, memory: Memory) -> Outcome:
        keep = [Kept(entry["scheme"].strip(), entry["permission"].strip()) for entry in params["keep"] or ()]
        subject = SchemeAccess(PermissionSchemes(client), keep, params["replace_with"], params["replace_groups"] or (), memory)
        return remembered(run(subject, module.check_mode), memory)

    leave(module, work)


if __name__ == "__main__":
    main()
