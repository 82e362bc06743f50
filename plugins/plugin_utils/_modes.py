# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each control may do on one host: the catalogue's default, the operator's override, an accepted risk."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._risks import Risk, parse_entry


def mode_name(value: object) -> str:
    """YAML reads a bare off as false; both spell the mode off."""
    return "off" if value is False else str(value)


def override_problems(catalogue: Catalogue, overrides: object) -> list[str]:
    """What is wrong with atlassian_controls, each a half sentence that names id and value."""
    if not isinstance(overrides, Mapping):
        return [f"is {overrides!r}, expected a mapping of control ids to modes"]
    problems = []
    for name, value in overrides.items():
        control = catalogue.get(name)
        if control is None:
            problems.append(f"names the unknown control {name!r}")
        elif mode_name(value) not in control.modes:
            expected = ", ".join(control.modes)
            why = "" if control.kind == "enforce" else f" ({name} is of kind {control.kind}: it cannot be enforced)"
            problems.append(f"gives {name} the mode {value!r}, expected {expected}{why}")
    return problems


def _entry(control: Control, mode: str, overridden: bool, risk: Risk | None, today: datetime.date, read_only: bool) -> dict[str, Any]:
    reasons = []
    if mode == "off":
        reasons.append("switched off by atlassian_controls" if overridden else "off by default")
    elif mode == "audit":
        reasons.append("audit by atlassian_controls: reported, never written" if overridden else "audit: reported, never written")
    if risk is not None:
        reasons.append(risk.sentence(today))
    if control.status == "planned":
        reasons.append("not built yet")
    enforced = mode == "enforce" and risk is None and control.status == "built"
    return {
        "mode": mode,
        "off": mode == "off",
        "check": read_only or not enforced,
        "enforced": enforced,
        "reason": "; ".join(reasons),
        "risk": None if risk is None else risk.as_dict(today),
    }


def control_modes(
    catalogue: Catalogue,
    overrides: Mapping[str, object],
    accepted_risks: Sequence[object],
    host: str,
    groups: Sequence[str],
    today: datetime.date,
    check_mode: bool = False,
    read_only: bool = False,
) -> dict[str, dict[str, Any]]:
    """Every control of the catalogue with what it may do on this host.

    Each value is {mode, off, check, enforced, reason, risk}: mode is enforce, audit or off; off skips the control;
    check is true when its tasks must not write; enforced is true when a real run would write, whatever this run is;
    risk is null or {reason, owner, expires, expired}.
    Raises ValueError with a sentence for unknown controls, unknown modes and unusable accepted risks.
    """
    problems = override_problems(catalogue, overrides)
    if problems:
        raise ValueError(f"{host}: atlassian_controls " + " and ".join(problems))
    risks: dict[str, Risk] = {}
    for entry in accepted_risks:
        risk = parse_entry(entry)
        if risk.control not in catalogue:
            raise ValueError(f"{host}: an entry of atlassian_accepted_risks names the unknown control {risk.control!r}")
        if risk.covers(host, groups):
            # Of several entries for one control the one that runs longest counts: a renewal may stand beside the old entry.
            known = risks.get(risk.control)
            risks[risk.control] = risk if known is None or risk.expires > known.expires else known
    return {
        name: _entry(
            control,
            mode_name(overrides.get(name, control.mode)),
            name in overrides,
            risks.get(name),
            today,
            check_mode or read_only,
        )
        for name, control in catalogue.items()
    }
