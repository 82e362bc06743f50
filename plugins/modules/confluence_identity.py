#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_identity
short_description: Prove who Confluence takes the automation for
version_added: 0.2.0
description:
  - Asks Confluence once, with one request, who the given credentials belong to, and fails with one clear sentence if that is nobody. Then reads
    version, base URL and whether the user is a system administrator.
  - Meant as the first task for a site, so that wrong credentials are tried once and not once a task; repeated failures lock the account
    behind a CAPTCHA.
  - With O(allow_forms=true) the browser session that forms and JSON-RPC need is opened as well, with one log-in and one answer to the password
    question of administration, and ended. Later tasks log in again, so a refusal has to be met here.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.confluence
  - hardening.atlassian.forms
  - hardening.atlassian.attributes
  - hardening.atlassian.attributes.confluence
attributes:
  check_mode:
    support: full
    details: Only reads.
  diff_mode:
    support: none
    details: There is nothing to change.
  idempotent:
    support: full
seealso:
  - module: hardening.atlassian.confluence_spaces_visible
"""

EXAMPLES = r"""
- name: Who am I?
  hardening.atlassian.confluence_identity:
    url: https://wiki.example.com
    token: "{{ wiki_token }}"
  register: identity

- name: The automation must be a system administrator
  ansible.builtin.assert:
    that: identity.is_system_admin is not false
    fail_msg: "Make {{ identity.user }} a system administrator of Confluence."
"""

RETURN = r"""
user:
  description: Name of the user.
  returned: success
  type: str
  sample: automation
version:
  description: Version of Confluence.
  returned: success
  type: str
  sample: 9.2.5
base_url:
  description: Base URL as configured in Confluence.
  returned: success
  type: str
  sample: https://wiki.example.com
is_system_admin:
  description:
    - Whether the user is a system administrator, as a member of C(confluence-administrators) or by a global permission.
    - V(null) where the version does not tell, which is the case before 9.2.5 for whoever is not a member of that group.
  returned: success
  type: bool
rest_permissions:
  description: Whether this version changes global permissions by REST. Where not, JSON-RPC or forms have to.
  returned: success
  type: bool
settings:
  description: Always empty; nothing is judged here.
  returned: always
  type: list
  elements: dict
"""

from dataclasses import asdict

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_routes import EVERYBODY, RestGlobal
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import about, prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import CONSOLE, ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS)


def main() -> None:
    module = SPEC.create_module()
    allow_forms = module.params["allow_forms"]

    def work() -> Outcome:
        link = connection(module, "confluence")
        check_forms(link, allow_forms)
        client = link.client()
        who = prove(client)
        with browser_session(module, link, ConfluenceDoor(), allow_forms) as session:
            if session is not None:
                session.page(CONSOLE)
        found = {"user": who.name, **asdict(about(client, who)), "rest_permissions": not RestGlobal(client).missing(EVERYBODY)}
        return Outcome([], {"before": {}, "after": {}}, found)

    leave(module, work)


if __name__ == "__main__":
    main()
