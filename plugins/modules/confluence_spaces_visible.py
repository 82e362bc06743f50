#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_spaces_visible
short_description: Read which spaces a user of Confluence sees, and notice lost ones
version_added: 0.2.0
description:
  - Lists the keys of all spaces, personal and archived ones included, that the given credentials can see. Run as an ordinary user before and after
    a change of rights it proves that nobody who logs in lost access.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.confluence
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
options:
  expected:
    description:
      - Keys of spaces that must be visible, usually RV(spaces) of an earlier run. The task fails if one of them is not.
      - Spaces that are visible and not listed here are no fault. If omitted, nothing is judged.
    type: list
    elements: str
seealso:
  - module: hardening.atlassian.confluence_anonymous_access
"""

EXAMPLES = r"""
- name: What an ordinary user sees before
  hardening.atlassian.confluence_spaces_visible:
    url: https://wiki.example.com
    username: witness
    password: "{{ witness_password }}"
  register: before

- name: The same user still sees all of it afterwards
  hardening.atlassian.confluence_spaces_visible:
    url: https://wiki.example.com
    username: witness
    password: "{{ witness_password }}"
    expected: "{{ before.spaces }}"
"""

RETURN = r"""
user:
  description: Name of the user who looked.
  returned: when the product could be read
  type: str
  sample: witness
spaces:
  description: Keys of the visible spaces, sorted.
  returned: when the product could be read
  type: list
  elements: str
  sample: [DOCS, WEB]
settings:
  description: One row that compares O(expected) with RV(spaces); empty without O(expected).
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: spaces visible to witness, before: [DOCS, WEB], after: [DOCS, WEB], state: compliant, reason: ""}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_spaces import visible_spaces
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave
from ansible_collections.hardening.atlassian.plugins.module_utils._visible import judge_visible

SPEC = CONNECTION.merge(ArgumentSpec({"expected": {"type": "list", "elements": "str"}}))


def main() -> None:
    module = SPEC.create_module()

    def work() -> Outcome:
        client = connection(module, "confluence").client()
        user = prove(client).name
        spaces = visible_spaces(client)
        settings = judge_visible("spaces", user, spaces, module.params["expected"])
        return Outcome(settings, {"before": {}, "after": {}}, {"user": user, "spaces": spaces})

    leave(module, work)


if __name__ == "__main__":
    main()
