#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jira_dark_features
short_description: Switch dark features of Jira on and off
version_added: 0.1.0
description:
  - Sees to it that keys of dark features (feature flags) of a whole Jira site are on or off.
  - Single keys are read and written by the private REST interface that Atlassian's article on dark features names. The list of all keys that
    are on is read from the data block that every page of Jira carries.
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
    details:
      - A key that was switched on when the JVM started looks like any other until somebody tries to switch it off, so check mode reports it as
        drifted where a run ends in C(failed).
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  enabled:
    description:
      - Keys that must be on.
      - A flag with a built-in default is controlled by two keys, its name with C(.enabled) and with C(.disabled). Naming one of them here
        switches the other off. A flag the product lists as such may be named without suffix.
      - V(public.access.disabled) and keys that start with C(com.atlassian.jira.migration.) are used exactly as named.
    type: list
    elements: str
  disabled:
    description:
      - Keys that must be off. A flag named without suffix is forced off by its C(.disabled) key; a key with suffix is removed, which returns
        the flag to its default.
    type: list
    elements: str
  exclusive:
    description:
      - Whether every other key that is on goes off, except those in O(allowed).
      - Neither V(public.access.disabled), which protects, nor keys that contain C(.migration.), which may have no way back, are removed
        unless named in O(disabled).
      - If the keys that are on cannot be listed, this is reported as C(not_examined) and only the named keys are handled.
    type: bool
    default: false
  allowed:
    description:
      - Keys that are tolerated, on or off, when O(exclusive=true).
    type: list
    elements: str
seealso:
  - module: hardening.atlassian.jira_anonymous_access
"""

EXAMPLES = r"""
- name: Only the keys we know are on
  hardening.atlassian.jira_dark_features:
    url: https://jira.example.com
    token: "{{ jira_token }}"
    enabled:
      - public.access.disabled
    disabled:
      - com.atlassian.jira.security.endpoint.anonymous.access.priority.enabled
    exclusive: true
    allowed:
      - atlassian.rest.xsrf.legacy.enabled
"""

RETURN = r"""
settings:
  description:
    - One row for each key looked at, and a row C(exclusive) if no other key was on or the keys could not be listed.
    - C(before) and C(after) are V(true) for on and V(false) for off. C(state) is one of V(compliant), V(drifted) (in check mode),
      V(changed), V(failed), V(not_examined); C(reason) says why for the last two.
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: public.access.disabled, before: false, after: true, state: changed, reason: ""}
diff:
  description: The keys that differ, under O(enabled) and O(disabled), before and after.
  returned: always
  type: dict
  sample:
    before: {disabled: [public.access.disabled], enabled: []}
    after: {disabled: [], enabled: [public.access.disabled]}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import DarkFeatures, parse_wish
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_dark_features import JiraFeatures, checked
from ansible_collections.hardening.atlassian.plugins.module_utils._jira_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, run

SPEC = CONNECTION.merge(
    ArgumentSpec(
        {
            "enabled": {"type": "list", "elements": "str"},
            "disabled": {"type": "list", "elements": "str"},
            "exclusive": {"type": "bool", "default": False},
            "allowed": {"type": "list", "elements": "str"},
        }
    )
)


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        wish = checked(parse_wish(params["enabled"], params["disabled"], params["exclusive"], params["allowed"]))
        client = connection(module, "jira").client()
        prove(client)
        return run(DarkFeatures(JiraFeatures(client), wish), module.check_mode)

    leave(module, work)


if __name__ == "__main__":
    main()
