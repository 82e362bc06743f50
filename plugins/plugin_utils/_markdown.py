# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of any origin inside a Markdown document: shown as it is, and never read as Markdown, HTML, a link or a call to somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible

# Entities where an old or simple reader of Markdown knows no backslash before the character.
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {character: f"\\{character}" for character in "\\`*_[]|~$"}
_ESCAPED = re.compile(r"[&<>\\`*_\[\]|~$]")
# Addresses that a reader would turn into links by itself, and names that GitHub and GitLab would send a message to.
_ADDRESS = re.compile(r"(?i)\b(https?|ftp):(?=/)|\b(www)\.|\b(mailto|xmpp):")
_CALL = re.compile(r"(?<![\w.@+-])@(?=\w)")
_TICKS = re.compile(r"`+")


def inline(value: object) -> str:
    """Text for a line or a table's cell. It must not stand at the beginning of a block, where '#' and '1.' have a meaning."""
    text = visible(" ".join(str(value).split()))
    text = _ESCAPED.sub(lambda found: _SPECIAL[found[0]], text)
    text = _ADDRESS.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text)
    return _CALL.sub("`@`", text)


def _longest(text: str) -> int:
    return max((len(ticks) for ticks in _TICKS.findall(text)), default=0)


def code(value: object) -> str:
    """Text as code inside a line, outside tables (there a '|' would end the cell in some readers)."""
    text = visible(" ".join(str(value).split()))
    ticks = "`" * (_longest(text) + 1)
    # A blank on both sides is taken off again; without it a backtick at the edge would join the fence.
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{edge}{text}{edge}{ticks}" if text else ""


def fenced(lines: Sequence[str], language: str = "") -> str:
    """Lines as a block of code, at the beginning of a line; lines hold no line breaks of their own."""
    ticks = "`" * max(3, _longest("\n".join(lines)) + 1)
    return "\n".join([f"{ticks}{language}", *lines, ticks])
