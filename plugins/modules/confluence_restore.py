#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_restore
short_description: Bring back what was taken from anonymous in Confluence
version_added: 0.2.0
description:
  - Grants again what the last run of each scope of M(hardening.atlassian.confluence_anonymous_access) against the same O(url) removed, and then
    removes what that run had granted instead. Runs that were cut off directly before it count with it, since it did the rest of their work.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.confluence
  - hardening.atlassian.settings
  - hardening.atlassian.forms
  - hardening.atlassian.forms.routes
  - hardening.atlassian.attributes
  - hardening.atlassian.attributes.confluence
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
      - Which scopes come back. V(spaces) is what people who log in may miss; the others open the site to strangers again.
    type: list
    elements: str
    choices: [site, user_profiles, spaces, unlicensed]
    default: [site, user_profiles, spaces, unlicensed]
  restore_path:
    description:
      - The file that remembers what was removed, as RV(hardening.atlassian.confluence_anonymous_access#module:restore_path) names it.
    type: path
    required: true
seealso:
  - module: hardening.atlassian.confluence_anonymous_access
"""

EXAMPLES = r"""
- name: Bring back what the last run removed from spaces
  hardening.atlassian.confluence_restore:
    url: https://wiki.example.com
    token: "{{ wiki_token }}"
    scopes: [spaces]
    restore_path: /var/backups/wiki-grants.json
"""

RETURN = r"""
settings:
  description: One row for each global permission, and for each space and operation, that the file names.
  returned: always
  type: list
  elements: dict
  sample:
    - setting: "DOC: space read"
      before: ["group:confluence-users"]
      after: [anonymous, "group:confluence-users"]
      state: changed
      reason: ""
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {"DOC: space read": ["group:confluence-users"]}
    after: {"DOC: space read": [anonymous, "group:confluence-users"]}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ROUTES, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_access import LICENCE, SITE, GlobalAccess, only, profiles_scope
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_restore import SPACES, RestoreSpaces, site_wanted, spaces_wanted
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_routes import check_routes, ways
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, attempt, leave, together
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import recall
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import strangers

SCOPES = (SITE.name, "user_profiles", SPACES, LICENCE.name)
SPEC = CONNECTION.merge(FORMS).merge(ROUTES).merge(
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
        check_routes(params["routes"])
        link = connection(module, "confluence")
        check_forms(link, params["allow_forms"])
        client = link.client()
        entries = [entry for entry in recall(params["restore_path"], "confluence", client.url) if entry.get("scope") in params["scopes"]]
        if not entries:
            raise AtlassianError(f"scopes: {params['restore_path']} holds nothing that was removed in {', '.join(params['scopes']) or 'none of the scopes'}.")
        site, spaces = site_wanted(entries), spaces_wanted(entries)
        who = prove(client)
        with browser_session(module, link, ConfluenceDoor()) as session:
            found = ways(client, session, params["routes"], params["allow_forms"])
            done = [
                attempt(scope.name, GlobalAccess(scope, found.of_site, found.unusable, strangers(link, None), granted=True), module.check_mode)
                for scope in only([SITE, profiles_scope(who.name), LICENCE], site)
            ]
            if spaces:
                done.append(attempt(SPACES, RestoreSpaces(client, found.of_spaces, found.unusable, spaces), module.check_mode))
        return together(done)

    leave(module, work)


if __name__ == "__main__":
    main()
