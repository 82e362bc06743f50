# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Words shared by the modules that judge settings. (Return values cannot be shared by fragments.)"""

    DOCUMENTATION = r"""
options: {}
notes:
  - A setting counts as changed only if a new read shows the wanted value, whatever the product answered to the write.
  - If a setting fails, the others are still handled; the task then fails and returns RV(ignore:settings), RV(ignore:diff) and
    RV(ignore:changed) as well.
"""
