# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Names of the boxes in Confluence's permission forms."""

from __future__ import annotations

import re

from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import Holder

# confluence_checkbox_<permission in lower case>_<anonymous, group_NAME or user_NAME>: public client code, the vendor's own plugin test among it.
PREFIX = "confluence_checkbox_"
_BOX = re.compile(PREFIX + r"(?P<permission>[a-z]+)_(?P<kind>anonymous|group|user)(?:_(?P<name>.+))?", re.DOTALL)


def box(permission: str, holder: Holder) -> str:
    """permission: its name in JSON-RPC."""
    name = f"_{holder.name}" if holder.name else ""
    return f"confluence_checkbox_{permission.lower()}_{holder.kind}{name}"


def parse_box(name: str) -> tuple[str, Holder] | None:
    """Permission (upper case) and holder, None for another control."""
    found = _BOX.fullmatch(name)
    if found is None or (found["kind"] == "anonymous") == bool(found["name"]):
        return None
    return found["permission"].upper(), Holder(found["kind"], found["name"] or "")


def box_holder(name: str, permission: str) -> Holder | None:
    """The holder, if it is a box of this permission."""
    found = parse_box(name)
    return found[1] if found is not None and found[0] == permission else None
