#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_admin_session
short_description: See whether administration of Jira asks for the password once more
version_added: 0.3.0
description:
  - Logs in as a browser does and opens a page of the administration, which asks for the password again where secure administrator sessions
    (websudo) are on. The password is not given, so nothing is opened by it.
  - Whether the XSRF check is on is not examined, since only a form posted without its token would tell.
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
notes:
  - It is switched off only by C(jira.websudo.is.disabled) in C(jira-config.properties) or among the JVM's arguments, so nothing is changed here.
seealso:
  - module: hardening.atlassian.jira_settings
"""

EXAMPLES = r"""
- name: Administration asks for the password
  hardening.atlassian.jira_admin_session:
    url: https://jira.example.com
    username: automation
    password: "{{ jira_password }}"
    allow_forms: true
"""

RETURN = r"""
settings:
  description:
    - The rows C(secure administrator sessions) (V(asked) or V(not asked)) and C(XSRF check).
    - C(state) is one of V(compliant), V(drifted), V(not_examined). A drifted row has equal C(before) and C(after), since nothing can be
      written.
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: secure administrator sessions, before: asked, after: asked, state: compliant, reason: ""}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_admin_session import AdminSession
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, run
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS)


def main() -> None:
    module = SPEC.create_module()

    def work() -> Outcome:
        link = connection(module, "jira")
        check_forms(link, module.params["allow_forms"])
        prove(link.client())
        with browser_session(module, link, JiraDoor(), module.params["allow_forms"]) as session:
            return run(AdminSession(session), module.check_mode)

    leave(module, work)


if __name__ == "__main__":
    main()
