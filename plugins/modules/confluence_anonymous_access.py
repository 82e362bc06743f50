#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_anonymous_access
short_description: Close Confluence to callers without an account
version_added: 0.2.0
description:
  - Closes one of the ways by which somebody without an account, or without a licence, reads a Confluence, and proves it where a proof is possible.
  - Whoever logs in does not lose anything by it unless asked for. See O(replace_with).
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
  scope:
    description:
      - V(site) takes the global permission to use Confluence from anonymous, and asks as a stranger, without credentials, who it is and which
        spaces it sees. It is compliant only if both agree. Revoking it drops whatever else anonymous holds globally.
      - V(user_profiles) takes the global permission to view user profiles from anonymous, and asks as a stranger for one.
      - V(spaces) removes every grant to anonymous from all spaces this account sees, personal and archived ones included. What a space grants to
        anonymous also holds for everybody who logs in.
      - V(unlicensed) takes the global permissions from people who log in without a licence. They lose what they had by it, for example as customers
        of a service desk. Only REST knows them, so this is C(not_examined) before 9.2.5.
    type: str
    required: true
    choices: [site, user_profiles, spaces, unlicensed]
  public_url:
    description:
      - With O(scope=site) and O(scope=user_profiles), the address people type, if it is not O(url). The stranger asks there as well.
    type: str
  keep:
    description:
      - With O(scope=spaces), grants to anonymous that are wanted.
    type: list
    elements: dict
    suboptions:
      space:
        description: Key of the space. The account must see it.
        type: str
        required: true
      operation:
        description: Target and operation, for example V(space read) or V(comment create).
        type: str
        required: true
  replace_with:
    description:
      - With O(scope=spaces), what to do where not everybody who logs in holds the operation by another grant.
      - V(logged_in) first grants it to those who may use Confluence (or to O(replace_groups)) and do not hold it, then removes the grant to
        anonymous. Who that is can be read since 9.2.5, or with O(allow_forms=true).
      - V(none) only removes it.
      - If omitted, such a grant is reported as drifted and left as it is.
    type: str
    choices: [logged_in, none]
  replace_groups:
    description:
      - With O(replace_with=logged_in), names of groups that get the grant instead of everybody who may use Confluence.
    type: list
    elements: str
  restore_path:
    description:
      - File on the host that runs the task, which remembers what is removed. It is written with mode 0600 and synced to disk before the first
        removal; what earlier runs wrote to it stays. In check mode it is not touched.
      - The default is C(~/.hardening.atlassian/restore-HOST.json), HOST being the host in O(url).
    type: path
  progress_path:
    description:
      - With O(scope=spaces), file on the host that runs the task, into which one line is written every second that says how far the work has come.
      - Where the task runs on the controller and this is omitted, that line is shown on the screen every few seconds.
    type: path
seealso:
  - module: hardening.atlassian.confluence_spaces_visible
  - module: hardening.atlassian.confluence_restore
"""

EXAMPLES = r"""
- name: Close the whole site
  hardening.atlassian.confluence_anonymous_access:
    url: https://wiki.example.com
    token: "{{ wiki_token }}"
    scope: site

- name: No grant to anonymous, except to read the handbook; people who log in keep what they have
  hardening.atlassian.confluence_anonymous_access:
    url: https://wiki.example.com
    token: "{{ wiki_token }}"
    scope: spaces
    keep:
      - space: HANDBOOK
        operation: space read
    replace_with: logged_in
    restore_path: /var/backups/wiki-grants.json

- name: The same on a version without REST for it
  hardening.atlassian.confluence_anonymous_access:
    url: https://wiki.example.com
    username: automation
    password: "{{ wiki_password }}"
    scope: spaces
    allow_forms: true
    replace_with: logged_in
    replace_groups: [confluence-users]
"""

RETURN = r"""
settings:
  description:
    - With O(scope=site), O(scope=user_profiles) and O(scope=unlicensed) one row for the permission (V(true) or V(false)), and one row for each
      thing a stranger asked for (V(open) or V(closed)).
    - With O(scope=spaces) one row for each space and operation that anonymous holds, with all its holders, one for each space that could not be
      examined, and one that counts the spaces in which anonymous holds nothing. Where the product tells how many spaces there are, those this
      account does not see are C(not_examined).
    - C(state) is one of V(compliant), V(drifted), V(changed), V(failed), V(not_examined). A drifted row with equal C(before) and C(after) was
      left as it is for its C(reason).
  returned: always
  type: list
  elements: dict
  sample:
    - setting: "DOC: space read"
      before: [anonymous, "group:confluence-users"]
      after: ["group:confluence-users"]
      state: changed
      reason: ""
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {"DOC: space read": [anonymous, "group:confluence-users"]}
    after: {"DOC: space read": ["group:confluence-users"]}
restore_path:
  description: The file that remembers what was removed.
  returned: outside check mode, if something was removed
  type: str
"""

from collections.abc import Iterable
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ROUTES, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_access import LICENCE, SITE, GlobalAccess, profile_probe, profiles_scope
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_routes import first_users
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import SPACE_OPERATIONS, parse_operation
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_routes import check_routes, ways
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_space_access import REPLACE_LOGGED_IN, REPLACE_NONE, Kept, SpaceAccess
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, remembered, run
from ansible_collections.hardening.atlassian.plugins.module_utils._progress import Progress
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory, default_path
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._stranger import strangers

SPACES = "spaces"
STRANGERS = (SITE.name, "user_profiles")
ONLY_FOR = {
    "public_url": STRANGERS,
    "keep": (SPACES,),
    "replace_with": (SPACES,),
    "replace_groups": (SPACES,),
    "progress_path": (SPACES,),
}
SPEC = CONNECTION.merge(FORMS).merge(ROUTES).merge(
    ArgumentSpec(
        {
            "scope": {"type": "str", "required": True, "choices": [SITE.name, "user_profiles", SPACES, LICENCE.name]},
            "public_url": {"type": "str"},
            "keep": {
                "type": "list",
                "elements": "dict",
                "options": {"space": {"type": "str", "required": True}, "operation": {"type": "str", "required": True}},
            },
            "replace_with": {"type": "str", "choices": [REPLACE_LOGGED_IN, REPLACE_NONE]},
            "replace_groups": {"type": "list", "elements": "str"},
            "restore_path": {"type": "path"},
            "progress_path": {"type": "path"},
        }
    )
)


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        _check_options(params)
        keep = _kept(params["keep"] or ())
        link = connection(module, "confluence")
        check_forms(link, params["allow_forms"])
        client = link.client()
        who = prove(client)
        memory = Memory(params["restore_path"] or default_path(client.url), "confluence", client.url, params["scope"])
        with browser_session(module, link, ConfluenceDoor()) as session:
            found = ways(client, session, params["routes"], params["allow_forms"])
            if params["scope"] == SPACES:
                subject = SpaceAccess(
                    client,
                    found.of_spaces,
                    found.unusable,
                    lambda: first_users(found.of_site),
                    keep,
                    params["replace_with"],
                    params["replace_groups"] or (),
                    memory,
                    Progress(params["progress_path"]),
                )
                return remembered(run(subject, module.check_mode), memory)
            scope = {SITE.name: SITE, LICENCE.name: LICENCE}.get(params["scope"]) or profiles_scope(who.name)
            looking = strangers(link, params["public_url"]) if scope.probes else {}
            access = GlobalAccess(scope, found.of_site, found.unusable, looking, memory, profile=profile_probe(who.name) if scope is SITE else None)
            return remembered(run(access, module.check_mode), memory)

    leave(module, work)


def _check_options(params: dict[str, Any]) -> None:
    """Raises AtlassianError for options that mean nothing together."""
    for option, scopes in ONLY_FOR.items():
        if params[option] is not None and params["scope"] not in scopes:
            raise AtlassianError(f"{option}: means nothing with scope {params['scope']}. Remove it, or set scope to {' or '.join(scopes)}.")
    if params["replace_groups"] and params["replace_with"] != REPLACE_LOGGED_IN:
        raise AtlassianError("replace_groups: means nothing without replace_with logged_in. Set that too, or remove it.")
    check_routes(params["routes"])


def _kept(entries: Iterable[dict[str, str]]) -> list[Kept]:
    """Raises AtlassianError for an operation there is not."""
    found = []
    for entry in entries:
        operation = parse_operation(entry["operation"])
        if operation is None:
            known = ", ".join(known.text for known in SPACE_OPERATIONS)
            raise AtlassianError(f"keep: {entry['operation']!r} is no operation in a space. Known are {known}.")
        found.append(Kept(entry["space"].strip(), operation))
    return found


if __name__ == "__main__":
    main()
