# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report in one line, for chat, mail and AWX."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import IN_ORDER
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Document
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import cautions, counted, mode, part, some

_NAMED = 5  # rows named after "new" and "resolved"; the line must stay one


def _inventory(source: str) -> str:
    """The last two parts of a path, prod/hosts.yml: Ansible makes paths absolute, and the line should tell inventories apart, not folders."""
    return "/".join(source.rstrip("/").split("/")[-2:])


def _title(header: Mapping[str, Any]) -> str:
    playbook = os.path.splitext(str(header.get("playbook", "")))[0]
    sources = [_inventory(entry["source"]) for entry in header.get("inventory", ()) if not entry["source"].startswith("(")]
    asked = part(header)
    what = f"({mode(header)}; only {asked})" if asked else f"({mode(header)})"
    return " ".join(word for word in ("Drift report", playbook, *sources, str(header.get("started", ""))[:10], what) if word)


def _severities(document: Document) -> str:
    """' (1 critical, 2 high)' of the drifted rows."""
    found = [row["severity"] for row in document["rows"] if row["state"] == "drifted"]
    named = ", ".join(f"{found.count(severity)} {severity}" for severity in reversed(SEVERITIES) if severity in found)
    return f" ({named})" if named else ""


def _moved(header: Mapping[str, Any]) -> list[str]:
    """What is new and what is resolved since the previous report."""
    comparison = header.get("comparison") or {}
    named = {name: [f"{entry['control']} {entry['target']}" for entry in comparison.get(name, ())] for name in ("new", "resolved")}
    return [f"{name}: {some(rows, _NAMED)}" for name, rows in named.items() if rows]


def as_line(document: Document) -> str:
    """'Drift report drift prod/hosts.yml 2026-11-26 (read-only): 3 drifted (1 critical, 2 high), 0 failed, ...; new: PRX-02 proxy'."""
    counts, open_rows = document["counts"], counted(document)
    unasked = open_rows.pop("not asked for", 0)
    numbers = [f"{count} {name}{_severities(document) if name == 'drifted' else ''}" for name, count in open_rows.items()]
    numbers += [
        f"{sum(counts[state] for state in IN_ORDER)} in order" + (f" ({counts['changed']} changed)" if counts["changed"] else ""),
        f"{counts['accepted']} accepted",
        *([f"{unasked} not asked for"] if unasked else []),
    ]
    header = document["header"]
    line = "; ".join([f"{_title(header)}: {', '.join(numbers)}", *cautions(document), *_moved(header)])
    # One line, and no steering of a terminal or a chat, whatever a name in the inventory holds.
    return visible(" ".join(line.split()))
