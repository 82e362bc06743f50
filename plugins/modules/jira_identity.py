#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_identity
short_description: Prove who Jira takes the automation for
version_added: 0.1.0
description:
  - Asks Jira once, with one request, who the given credentials belong to, and fails with one clear sentence if that is nobody. Then reads
    version, base URL and the user's administrative rights.
  - Meant as the first task for a site, so that wrong credentials are tried once and not once a task; repeated failures lock the account
    behind a CAPTCHA.
  - With O(allow_forms=true) it also proves that a browser session can be opened and that the password question of administration is passed.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.jira
  - hardening.atlassian.forms
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
seealso:
  - module: hardening.atlassian.jira_projects_visible
"""

EXAMPLES = r"""
- name: Who am I?
  hardening.atlassian.jira_identity:
    url: https://jira.example.com
    token: "{{ jira_token }}"
  register: identity

- name: The automation must be a system administrator
  ansible.builtin.assert:
    that: identity.is_system_admin
    fail_msg: "Make {{ identity.user }} a Jira system administrator."
"""

RETURN = r"""
user:
  description: Name of the user.
  returned: success
  type: str
  sample: automation
version:
  description: Version of Jira.
  returned: success
  type: str
  sample: 10.3.1
base_url:
  description: Base URL as configured in Jira.
  returned: success
  type: str
  sample: https://jira.example.com
is_admin:
  description: Whether the user has the global permission to administer Jira.
  returned: success
  type: bool
is_system_admin:
  description: Whether the user has the global permission of a system administrator.
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
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import about, prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import DESTINATION, JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS)


def main() -> None:
    module = SPEC.create_module()
    allow_forms = module.params["allow_forms"]

    def work() -> Outcome:
        link = connection(module, "jira")
        check_forms(link, allow_forms)
        client = link.client()
        user = prove(client)
        with browser_session(module, link, JiraDoor(), allow_forms) as session:
            if session is not None:
                session.page(DESTINATION)
        return Outcome([], {"before": {}, "after": {}}, {"user": user, **asdict(about(client))})

    leave(module, work)


if __name__ == "__main__":
    main()
