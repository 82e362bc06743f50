#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_dark_features
short_description: Switch dark features of Confluence on and off
version_added: 0.2.0
description:
  - Sees to it that keys of dark features of a whole Confluence site are on or off.
  - Single keys are read and written by the private REST interface C(/rest/feature/1/site), which is in the vendor's javadoc and in no API document.
    Its status codes were read in one version only and are not verified on others; an answer that does not fit is reported, never guessed at.
  - No REST lists the keys that are on. With O(allow_forms=true) they are read from the administration page C(/admin/darkfeatures.action); how it is
    built was not verified on a live product, and a page on which no key is recognised counts as not examined.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.connection
  - hardening.atlassian.connection.confluence
  - hardening.atlassian.settings
  - hardening.atlassian.forms
  - hardening.atlassian.attributes
  - hardening.atlassian.attributes.confluence
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
    type: list
    elements: str
  disabled:
    description:
      - Keys that must be off.
    type: list
    elements: str
  exclusive:
    description:
      - Whether every other key of the site that is on goes off, except those in O(allowed). It needs O(allow_forms=true).
      - Keys that contain C(.migration.), which may have no way back, are not removed unless named in O(disabled).
      - If the keys that are on cannot be listed, this is reported as C(not_examined) and only the named keys are handled.
    type: bool
    default: false
  allowed:
    description:
      - Keys that are tolerated, on or off, when O(exclusive=true).
    type: list
    elements: str
seealso:
  - module: hardening.atlassian.confluence_anonymous_access
"""

EXAMPLES = r"""
- name: Only the keys we know are on
  hardening.atlassian.confluence_dark_features:
    url: https://wiki.example.com
    username: automation
    password: "{{ wiki_password }}"
    allow_forms: true
    disabled:
      - enable.legacy.edit.in.office
    exclusive: true
    allowed:
      - theme.switcher
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
    - {setting: enable.legacy.edit.in.office, before: true, after: false, state: changed, reason: ""}
diff:
  description: The keys that differ, under O(enabled) and O(disabled), before and after.
  returned: always
  type: dict
  sample:
    before: {disabled: [], enabled: [enable.legacy.edit.in.office]}
    after: {disabled: [enable.legacy.edit.in.office], enabled: []}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_dark_features import ConfluenceFeatures, checked
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import DarkFeatures, parse_wish
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, run
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS).merge(
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
        link = connection(module, "confluence")
        check_forms(link, params["allow_forms"])
        client = link.client()
        prove(client)
        with browser_session(module, link, ConfluenceDoor(), params["allow_forms"]) as session:
            return run(DarkFeatures(ConfluenceFeatures(client, link.stranger(), session), wish), module.check_mode)

    leave(module, work)


if __name__ == "__main__":
    main()
