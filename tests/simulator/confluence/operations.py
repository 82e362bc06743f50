# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permissions by their two names: the pair of REST ("space read") and the type of JSON-RPC and of the forms (VIEWSPACE)."""

from __future__ import annotations

from typing import Any

USE = "application use"
USE_UNLICENSED = "application use_unlicensed"
ADMINISTER = "application administer"
SYSTEM = "system administer"
# The facts write "read user", but a target `read` makes no sense (4.2): target and operation are played the other way round; unverified.
PROFILES = "user read"
PERSONAL_SPACE = "personal_space create"
CREATE_SPACE = "space create"
READ = "space read"
ADMINISTER_SPACE = "space administer"

# C102: which pairs each kind of subject takes.
ANONYMOUS_PAIRS = frozenset((USE, PROFILES))
UNLICENSED_PAIRS = frozenset((USE_UNLICENSED, PROFILES))
LICENSED_PAIRS = frozenset((USE, ADMINISTER, SYSTEM, PERSONAL_SPACE, CREATE_SPACE))

# Names: facts 4.3 (documented).
GLOBAL_TYPES = {
    USE: "USECONFLUENCE",
    PROFILES: "VIEWUSERPROFILES",
    PERSONAL_SPACE: "PERSONALSPACE",
    CREATE_SPACE: "CREATESPACE",
    ADMINISTER: "ADMINISTRATECONFLUENCE",
    SYSTEM: "SYSTEMADMINISTRATOR",
}
# TF: the table of pairs and types, checked there against a live 9.2 (code).
SPACE_TYPES = {
    READ: "VIEWSPACE",
    "page create": "EDITSPACE",
    "page delete": "REMOVEPAGE",
    "blogpost create": "EDITBLOG",
    "blogpost delete": "REMOVEBLOG",
    "comment create": "COMMENT",
    "comment delete": "REMOVECOMMENT",
    "attachment create": "CREATEATTACHMENT",
    "attachment delete": "REMOVEATTACHMENT",
    "space export": "EXPORTSPACE",
    "space restrict": "SETPAGEPERMISSIONS",
    "space delete_own": "REMOVEOWNCONTENT",
    "space delete_mail": "REMOVEMAIL",
    ADMINISTER_SPACE: "SETSPACEPERMISSIONS",
}
SPACE_PAIRS = frozenset(SPACE_TYPES)
# What a stranger cannot be given; a guess from what makes sense (unverified). Revoking them is no error.
NOT_FOR_ANONYMOUS = frozenset((ADMINISTER_SPACE, "space restrict"))
GLOBAL_BY_TYPE = {name: operation for operation, name in GLOBAL_TYPES.items()}
SPACE_BY_TYPE = {name: operation for operation, name in SPACE_TYPES.items()}


def as_pair(operation: str) -> dict[str, str]:
    target, _space, key = operation.partition(" ")
    return {"targetType": target, "operationKey": key}


def parse_pair(pair: Any) -> str | None:
    """The operation a JSON pair names; None when it is not a pair."""
    if not isinstance(pair, dict) or set(pair) != {"targetType", "operationKey"}:
        return None
    return f"{pair['targetType']} {pair['operationKey']}"
