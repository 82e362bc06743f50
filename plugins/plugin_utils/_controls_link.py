# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a control is described: its section of docs/controls.md, and the address of that section."""

from __future__ import annotations

from ansible_collections.hardening.atlassian.plugins.plugin_utils._collection import repository

DOCUMENT = "docs/controls.md"


def anchor(control_id: str) -> str:
    """The anchor of a control in docs/controls.md; stays the same when its title changes."""
    return control_id.lower()


def controls_link(control_id: str) -> str:
    """The web address of a control's section; empty where the collection's repository is not known."""
    return f"{repository()}/blob/HEAD/{DOCUMENT}#{anchor(control_id)}" if repository() else ""
