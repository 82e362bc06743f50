# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The list of feature keys that every HTML page of Jira carries. It needs no right and, unlike the private REST, lists without a write."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import FeatureList

# WRM._unparsedData["<key>"]="<a JavaScript string that holds JSON>": seen in stored pages of live sites (public issues of
# ankitpokhrel/jira-cli, mediabounds/streamdeck-jira, GothenburgBitFactory/bugwarrior).
BLOCK = re.compile(r"""_unparsedData\[\s*["']jira\.core:feature-flags-data\.feature-flag-data["']\s*\]\s*=\s*"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
META = re.compile(r"""<meta\s+name=["']ajs-enabled-dark-features["']\s+content=(?:"([^"]*)"|'([^']*)')""")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)


def parse_features(page: str) -> FeatureList | None:
    """None if the page carries no such list, or one that cannot be read: never an empty list instead."""
    block = BLOCK.search(page)
    if block:
        return _from_block(block.group(1))
    meta = META.search(page)
    if meta:
        keys = html.unescape(meta.group(1) or meta.group(2) or "").split(",")
        return FeatureList(frozenset(key.strip() for key in keys if key.strip()), None)
    return None


def _from_block(literal: str) -> FeatureList | None:
    try:
        data: Any = json.loads(json.loads(f'"{ESCAPE.sub(_as_json_escape, literal)}"', strict=False))
    except ValueError:
        return None
    if not isinstance(data, dict) or not isinstance(data.get("enabled-feature-keys"), list):
        return None
    flags = data.get("feature-flag-states")
    states = {str(name): state is True for name, state in flags.items()} if isinstance(flags, dict) else None
    return FeatureList(frozenset(str(key) for key in data["enabled-feature-keys"]), states)


def _as_json_escape(match: re.Match[str]) -> str:
    r"""JavaScript knows \x22 and \' where JSON knows only \u0022 and '."""
    if match.group(1):
        return rf"\u00{match.group(1)}"
    return match.group(0) if match.group(2) in '"\\/bfnrtu' else match.group(2)
