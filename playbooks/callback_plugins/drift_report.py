# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets ansible-playbook find the callback beside the playbooks of this collection, without any configuration."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_report
type: aggregate
short_description: Joins what ran with the control catalogue into a drift report
version_added: 0.1.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - The callback P(hardening.atlassian.drift_report#callback), in the place where Ansible looks for it beside a playbook.
"""

from ansible_collections.hardening.atlassian.plugins.callback import drift_report


class CallbackModule(drift_report.CallbackModule):
    """The same callback under the name it has here."""
