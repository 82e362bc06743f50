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


def _entry(control: Control, mode: str, overridden: bool, risks: Sequence[Risk], today: datetime.date, read_only: bool) -> dict[str, Any]:
    """The entry of one control; risks are those for the whole control first, then those for single settings."""
    reasons = []
    if mode == "off":
        reasons.append("switched off by atlassian_controls" if overridden else "off by default")
    elif mode == "audit" and control.kind != "attest":
        reasons.append("audit by atlassian_controls: reported, never written" if overridden else "audit: reported, never written")
    reasons += [risk.sentence(today) for risk in risks]
    if control.status == "planned":
        reasons.append("not built yet")
    # A task cannot be kept from writing one of its settings, so a risk for a single one holds the whole control back.
    enforced = mode == "enforce" and not risks and control.status == "built"
    return {
        "mode": mode,
        "off": mode == "off",
        "check": read_only or not enforced,
        "enforced": enforced,
        "reason": "; ".join(reasons),
        "risk": risks[0].as_dict(today) if risks else None,
        "setting_risks": [risk.as_dict(today) for risk in risks if risk.setting],
    }


def _ordered(risks: Sequence[Risk]) -> list[Risk]:
    """Of several entries for one thing the one that runs longest; the whole control first, then the settings by what ends first."""
    longest: dict[str, Risk] = {}
    for risk in risks:
        known = longest.get(risk.setting)
        longest[risk.setting] = risk if known is None or risk.expires > known.expires else known
    return sorted(longest.values(), key=lambda risk: (bool(risk.setting), risk.expires, risk.setting))


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

    Each value is {mode, off, check, enforced, reason, risk, setting_risks}: mode is enforce, audit or off; off skips the control;
    check is true when its tasks must not write; enforced is true when a real run would write, whatever this run is;
    risk is null or {reason, owner, expires, expired, setting}; where only single settings are accepted it is the entry that ends
    first, and setting_risks has all of them.
    Raises ValueError with a sentence for unknown controls, unknown modes and unusable accepted risks.
    """
    problems = override_problems(catalogue, overrides)
    if problems:
        raise ValueError(f"{host}: atlassian_controls " + " and ".join(problems))
    risks: dict[str, list[Risk]] = {}
    for entry in accepted_risks:
        risk = parse_entry(entry)
        if risk.control not in catalogue:
            raise ValueError(f"{host}: an entry of atlassian_accepted_risks names the unknown control {risk.control!r}")
        if risk.covers(host, groups):
            risks.setdefault(risk.control, []).append(risk)
    return {
        name: _entry(
            control,
            mode_name(overrides.get(name, control.mode)),
            name in overrides,
            _ordered(risks.get(name, ())),
            today,
            check_mode or read_only,
        )
        for name, control in catalogue.items()
    }
