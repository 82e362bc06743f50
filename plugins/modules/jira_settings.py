#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_settings
short_description: Set application properties of Jira, by REST or by form
version_added: 0.2.0
description:
  - Compares settings of Jira with what is wanted and writes those that differ. What this version exposes by REST is read and written by REST.
  - Most of the page General Configuration is not exposed by any version that is known. With O(allow_forms=true) its form is read and posted; without
    it such settings are C(not_examined), with the page where an administrator finds them.
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
  settings:
    description:
      - Values by property key. V(null) leaves a setting alone; what is not named is not touched. Values are taken in the type that the server declares; an
        unknown key, or a value the product does not take, is refused with what it takes, before anything is changed.
      - 'By form: C(jira.mode) (V(private), V(public)), C(jira.option.captcha.on.signup), C(jira.maximum.authentication.attempts.allowed) (an empty text for
        never), C(jira.option.emailvisible) (V(show), V(hide), V(mask), V(user)), C(jira.option.user.externalmgt), C(jira.option.logoutconfirm),
        C(jira.option.web.usegzip), C(jira.option.rpc.allow) (old versions), C(jira.comment.level.visibility.groups),
        C(jira.attachment.download.mime.sniffing.workaround) (names as on the page), C(jira.show.contact.administrators.form),
        C(jira.user.avatar.gravatar.enabled).'
      - By REST whatever C(application-properties) lists for the account, for example C(jira.option.globalsharing).
      - The names of the form's controls come from older versions and are not verified one by one on recent ones; what is not found is reported
        with what the page has instead.
    type: dict
    required: true
  restore_path:
    description:
      - File on the host that runs the task, which remembers what the settings were, for M(hardening.atlassian.jira_restore). It is written with mode 0600 and
        synced to disk before the first change. In check mode it is not touched.
      - If omitted, nothing is remembered.
    type: path
seealso:
  - module: hardening.atlassian.jira_anonymous_access
  - module: hardening.atlassian.jira_restore
"""

EXAMPLES = r"""
- name: No new public shares, and nobody signs up alone
  hardening.atlassian.jira_settings:
    url: https://jira.example.com
    username: automation
    password: "{{ jira_password }}"
    allow_forms: true
    settings:
      jira.option.globalsharing: false
      jira.mode: private
"""

RETURN = r"""
settings:
  description:
    - One row for each setting. C(state) is one of V(compliant), V(drifted), V(changed), V(failed), V(not_examined).
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: jira.mode, before: public, after: private, state: changed, reason: ""}
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {jira.mode: public}
    after: {jira.mode: private}
restore_path:
  description: The file that remembers what the settings were.
  returned: outside check mode, if O(restore_path) was given and something was changed
  type: str
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_session import JiraDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_settings import SCOPE, Settings, parse_given
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, remembered, run
from ansible_collections.hardening.atlassian.plugins.module_utils._restore import Memory
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS).merge(ArgumentSpec({"settings": {"type": "dict", "required": True}, "restore_path": {"type": "path"}}))


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        wanted = parse_given(params["settings"])
        link = connection(module, "jira")
        check_forms(link, params["allow_forms"])
        client = link.client()
        prove(client)
        # A play sets them in several tasks, and a restore brings back what each of these did last.
        memory = Memory(params["restore_path"] or "", "jira", client.url, SCOPE, ", ".join(sorted(wanted)))
        with browser_session(module, link, JiraDoor(), params["allow_forms"]) as session:
            subject = Settings(client, session, wanted, memory if params["restore_path"] else None)
            return remembered(run(subject, module.check_mode), memory)

    leave(module, work)


if __name__ == "__main__":
    main()
