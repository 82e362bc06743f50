#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: confluence_settings
short_description: Set what only administration pages of Confluence hold
version_added: 0.2.0
description:
  - Compares settings of the pages Security Configuration, Further Configuration and User Signup Options with what is wanted, and posts their forms
    where they differ. No version of Confluence reads or writes these by REST.
  - Without O(allow_forms=true) they are C(not_examined), with the page where an administrator finds them; public sign-up is told in part
    by the product's manifest.
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
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  settings:
    description:
      - Values by name. V(null) leaves a setting alone; what is not named is not touched. An unknown name, or a value that the page does not take,
        is refused before anything is changed.
      - 'Security Configuration, named as the properties of the product: C(externalUserManagement), C(addWildcardsToUserAndGroupSearches),
        C(allowRemoteApiAnonymous), C(nofollowExternalLinks), C(emailAddressVisibility) (V(email.address.public), V(email.address.masked),
        V(email.address.private)), C(enableElevatedSecurityCheck) (CAPTCHA after failed log-ins), C(loginAttemptsThreshold), C(webSudoEnabled)
        (secure administrator sessions), C(webSudoTimeout) (minutes), C(xsrfAddComments), C(attachmentSecurityLevel) (names as on the page),
        C(enableSpaceStyles), C(maxRssItems), C(rssTimeout) and C(pageTimeout) (seconds), C(showSystemInfoIn500Page).'
      - 'Further Configuration: C(allowRemoteApi) (XML-RPC and SOAP).'
      - 'User Signup Options: C(publicSignup); V(false) is the mode in which nobody can sign up alone, not even people of chosen mail domains.'
      - C(webSudoEnabled) and C(enableElevatedSecurityCheck) are proven as names of controls; the others follow the property's name, and the paths
        of the last two pages are not verified on a live product. They are looked for behind the links of the administration console as well, and
        what is not found is reported with what the page has instead.
    type: dict
    required: true
seealso:
  - module: hardening.atlassian.confluence_anonymous_access
"""

EXAMPLES = r"""
- name: Secure administrator sessions of ten minutes
  hardening.atlassian.confluence_settings:
    url: https://wiki.example.com
    username: automation
    password: "{{ wiki_password }}"
    allow_forms: true
    settings:
      webSudoEnabled: true
      webSudoTimeout: 10
"""

RETURN = r"""
settings:
  description:
    - One row for each setting. C(state) is one of V(compliant), V(drifted), V(changed), V(failed), V(not_examined). A drifted row with equal
      C(before) and C(after) was left as it is for its C(reason).
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: webSudoTimeout, before: 60, after: 10, state: changed, reason: ""}
diff:
  description: The settings that differ, before and after.
  returned: always
  type: dict
  sample:
    before: {webSudoTimeout: 60}
    after: {webSudoTimeout: 10}
"""

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import CONNECTION, FORMS, ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_identity import prove
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_settings import Settings, parse_settings
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import connection
from ansible_collections.hardening.atlassian.plugins.module_utils._module import Outcome, leave, run
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms

SPEC = CONNECTION.merge(FORMS).merge(ArgumentSpec({"settings": {"type": "dict", "required": True}}))


def main() -> None:
    module = SPEC.create_module()
    params = module.params

    def work() -> Outcome:
        wanted = parse_settings(params["settings"])
        link = connection(module, "confluence")
        check_forms(link, params["allow_forms"])
        client = link.client()
        prove(client)
        with browser_session(module, link, ConfluenceDoor(), params["allow_forms"]) as session:
            return run(Settings(client, session, wanted), module.check_mode)

    leave(module, work)


if __name__ == "__main__":
    main()
