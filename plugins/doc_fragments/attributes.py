# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What each module of the collection states about itself."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode and say what a run would change, without changing anything.
  diff_mode:
    description: Returns what has changed, or in check mode would, when in diff mode.
  idempotent:
    description: When run twice in a row without changes from outside, the second run changes nothing.
  platform:
    description: Where the module runs. It needs a Python and a way to the product, nothing on the product's own host.
    platforms: posix
    support: full
"""

    JIRA = r"""
attributes:
  action_group:
    description: Use C(group/hardening.atlassian.jira) in C(module_defaults) to set the connection for all modules of this group.
    support: full
    membership:
      - hardening.atlassian.jira
"""

    CONFLUENCE = r"""
attributes:
  action_group:
    description: Use C(group/hardening.atlassian.confluence) in C(module_defaults) to set the connection for all modules of this group.
    support: full
    membership:
      - hardening.atlassian.confluence
"""
