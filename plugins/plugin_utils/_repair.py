# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line that repairs, or examines again, exactly one row of the report; or the reason why there is none."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible

REPAIR, EXAMINE = "hardening.atlassian.site", "hardening.atlassian.drift"

# What --limit reads as a pattern, a file or an option, and not as a name.
_PATTERN = re.compile(r"^[-@~!&]|[,*?\[\]:\s]")


@dataclass(frozen=True)
class Repair:
    """label and command, both empty where no command helps; sentence says why, or what to mind."""

    label: str = ""
    command: str = ""
    sentence: str = ""


def _is_name(target: str) -> bool:
    """Whether --limit can take a target for itself and nothing else."""
    if visible(target) != target or not target:
        return False
    try:
        ipaddress.ip_address(target)
    except ValueError:
        return not _PATTERN.search(target)
    return True


def _line(playbook: str, row: Mapping[str, Any]) -> str:
    return shlex.join(["ansible-playbook", playbook, "--limit", row["target"], "--tags", row["control"]])


def _left_on_purpose(row: Mapping[str, Any]) -> bool:
    """Whether all that differs is what the modules leave alone: equal values, and a reason."""
    drifted = [entry for entry in row["settings"] if entry["state"] == "drifted"]
    return bool(drifted) and all(entry["reason"] and entry["before"] is not None and entry["before"] == entry["after"] for entry in drifted)


def _no_repair(row: Mapping[str, Any]) -> str:
    """Why site.yml would not repair a drifted row; empty where it does."""
    if row["kind"] == "attest":
        return "No run can repair this: a person has to state it."
    if row["kind"] == "audit":
        return "No run can repair this: it can only be read, and is repaired by hand."
    if row["risk"]:
        # Also where it accepts a single setting, or has run out: a task cannot be kept from writing one of its settings.
        return "An accepted risk keeps this control from being enforced here: a run changes nothing until its entry is deleted."
    if row["mode"] != "enforce":
        return f"A run leaves this alone: the mode here is {row['mode']}. Set it to enforce in atlassian_controls first."
    return "A run leaves this alone on purpose: see the reasons of the settings." if _left_on_purpose(row) else ""


def repair_of(row: Mapping[str, Any]) -> Repair:
    """For a row of the JSON report: drifted rows are repaired, failed and unexamined ones examined again, others need no command."""
    if row["state"] not in ("drifted", "failed", "not_examined"):
        return Repair()
    if row["state"] == "drifted":
        why = _no_repair(row)
        if why:
            return Repair(sentence=why)
        label, playbook, sentence = "Repair exactly this", REPAIR, ""
    elif row["kind"] == "attest":
        return Repair(sentence=_no_repair(row))
    else:
        label, playbook, sentence = "Examine exactly this again, read-only", EXAMINE, "First remove the cause that the reason names."
    if not _is_name(row["target"]):
        return Repair(sentence="No command can be offered: --limit would not take this name for itself.")
    return Repair(label, _line(playbook, row), sentence)
