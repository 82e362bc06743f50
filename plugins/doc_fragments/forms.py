# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options of module_utils/_argspec.py FORMS and ROUTES, one to one, and what is true of every form."""

    DOCUMENTATION = r"""
options:
  allow_forms:
    description:
      - Whether administration pages may be read and posted where the product has no REST for something. It needs O(username) and O(password), and
        an account without a second factor.
    type: bool
    default: false
requirements:
  - lxml on the host that runs the task, if O(username) and O(password) are given
notes:
  - Forms are read from the page at run time and posted back whole, with nothing but the wanted controls changed; the page is then read again. If any
    other control changed with it, the old values are posted back and the task fails. A form with a kind of control that is not understood is
    never posted. Names and ids decide, never words, so the language of the pages does not matter.
  - Forms need a log-in of their own, by the classic or the newer log-in page, and a secure administrator session (WebSudo). Both are ended
    afterwards. A refused password is not tried again.
"""

    ROUTES = r"""
options:
  routes:
    description:
      - Ways to the permissions, in the order in which they are tried. Which of them a version has is found out by asking it.
      - V(rest) exists for spaces since 9.1 and for the whole site since 9.3 (reading since 9.2.5).
      - V(jsonrpc) exists in every version while the Remote API is on, which it should not be; it is never switched on here. It needs O(username)
        and O(password). The proxy of this collection refuses it from outside the admin networks, so O(url) must lead past it or the task run inside
        them.
      - V(form) posts the permission pages. It needs O(allow_forms=true).
    type: list
    elements: str
    choices: [rest, jsonrpc, form]
    default: [rest, jsonrpc, form]
"""
