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
      - V(filters) ends the sharing of filters with anyone on the web. Which filters there are is told by an administration page
        (O(allow_forms=true)), by the account's own favourites, by what a stranger is shown and by O(filters); without the page the others are
        C(not_examined). Only owners change shares, so the filter of somebody else is taken over for the change and given back.
      - V(dashboards) lists the dashboards a stranger sees. They are only reported, since no REST changes their shares. Once the site is closed a
        stranger sees none, and then they are C(not_examined).
    type: str
    required: true
    choices: [site, permission_schemes, global_permissions, filters, dashboards]
  public_url:
    description:
      - With O(scope=site), O(scope=filters) and O(scope=dashboards), the address people type, if it is not O(url). The stranger asks there as well.
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
  filters:
    description:
      - With O(scope=filters), ids of filters to look at besides those that are found. Ids are never guessed.
    type: list
    elements: int
    version_added: 0.3.0
  keep_filters:
    description:
      - With O(scope=filters), ids of filters that may be shared with anyone. They must exist.
    type: list
    elements: int
    version_added: 0.3.0
  keep_dashboards:
    description:
      - With O(scope=dashboards), ids of dashboards that may be shared with anyone.
    type: list
    elements: int
    version_added: 0.3.0
  replace_with:
    description:
      - With O(scope=permission_schemes), O(scope=global_permissions) and O(scope=filters), what to do where not everybody who logs in is covered by another
        grant or share.
      - V(logged_in) first adds the grant, then removes the one to anyone. In a permission scheme and for a filter it goes to any logged-in user, for a global
        permission, which takes groups only, to the groups of all application roles; or to O(replace_groups).
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
    - With O(scope=permission_schemes) one row for each scheme and permission that anyone holds, with all its holders and, as C(reason), how
      many projects use the scheme; and one for each scheme in which anyone holds nothing.
    - With O(scope=filters) one row for each filter that is shared with anyone, with all its shares, one with the number of the others, and one
      that says whether there may be more of them. A filter that a run before this one took over and did not give back has a row for its owner.
      One that somebody changed meanwhile is left, and its row failed.
    - With O(scope=dashboards) one row for each dashboard that a stranger sees, or one that says that there is none or why that is not known.
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
      reason: 4 projects that this account sees use this scheme.
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {"Default Permission Scheme: BROWSE_PROJECTS": [anyone]}
    after: {"Default Permission Scheme: BROWSE_PROJECTS": [applicationRole]}
restore_path:
  description: The file that remembers what was removed.
  returned: with O(scope=permission_schemes), O(scope=global_permissions) and O(scope=filters), outside check mode, if something was removed
  type: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_dashboards import Dashboards
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_access import SCOPE as FILTERS
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filter_access import FilterAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_filters import Filters
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import SCOPE as GLOBAL
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_access import GlobalAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_global_permissions import GlobalPermissions, licensed_groups
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_permission_schemes import PermissionSchemes
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_scheme_access import SCOPE as SCHEMES
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_scheme_access import REPLACE_LOGGED_IN, REPLACE_NONE, Kept, SchemeAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_site_access import SiteAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, Subject, leave, remembered, run
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, default_path
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import strangers

SITE = "site"
DASHBOARDS = "dashboards"
ASKED_BY_STRANGERS = (SITE, FILTERS, DASHBOARDS)
REPLACING = (SCHEMES, GLOBAL, FILTERS)
ONLY_FOR = {
    "public_url": ASKED_BY_STRANGERS,
    "keep": (SCHEMES,),
    "filters": (FILTERS,),
    "keep_filters": (FILTERS,),
    "keep_dashboards": (DASHBOARDS,),
    "replace_with": REPLACING,
    "replace_groups": REPLACING,
    "restore_path": REPLACING,
}
SPEC = CONNECTION.merge(FORMS).merge(
    ArgumentSpec(
        {
            "scope": {"type": "str", "required": True, "choices": [SITE, SCHEMES, GLOBAL, FILTERS, DASHBOARDS]},
            "public_url": {"type": "str"},
            "keep": {
                "type": "list",
                "elements": "dict",
                "options": {"scheme": {"type": "str", "required": True}, "permission": {"type": "str", "required": True}},
            },
            "filters": {"type": "list", "elements": "int"},
            "keep_filters": {"type": "list", "elements": "int"},
            "keep_dashboards": {"type": "list", "elements": "int"},
            "replace_with": {"type": "str", "choices": [REPLACE_LOGGED_IN, REPLACE_NONE]},
            "replace_groups": {"type": "list", "elements": "str"},
            "restore_path": {"type": "path"},
        }
    )
)


def _kept(entries: Sequence[Mapping[str, str]] | None) -> list[Kept]:
    return [Kept(entry["scheme"].strip(), entry["permission"].strip()) for entry in entries or ()]


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
        me = prove(client)
        seen_by = strangers(link, params["public_url"])
        memory = Memory(params["restore_path"] or default_path(client.url), "jira", client.url, params["scope"])
        replacing = (params["replace_with"], params["replace_groups"] or (), memory)
        with browser_session(module, link, JiraDoor(), params["allow_forms"]) as session:
            subjects: dict[str, Callable[[], Subject[Any]]] = {
                SITE: lambda: SiteAccess(client, seen_by),
                SCHEMES: lambda: SchemeAccess(PermissionSchemes(client), _kept(params["keep"]), *replacing),
                GLOBAL: lambda: GlobalAccess(None if session is None else GlobalPermissions(session), lambda: licensed_groups(client), *replacing),
                FILTERS: lambda: FilterAccess(
                    client, Filters(client, me), session, list(seen_by.values()), params["filters"] or (), params["keep_filters"] or (), *replacing
                ),
                DASHBOARDS: lambda: Dashboards(client, seen_by, params["keep_dashboards"] or ()),
            }
            return remembered(run(subjects[params["scope"]](), module.check_mode), memory)

    leave(module, work)


if __name__ == "__main__":
    main()
