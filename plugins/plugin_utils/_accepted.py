# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted risks on a row: what was examined is judged by what somebody accepted.

A risk accepts a difference, not ignorance: what failed stays failed, and where one setting is accepted, what was not examined stays that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._risks import matches_setting, sentence_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import SETTING_STATES, setting

# The worst state of its settings is the state of a row, worst first. No task may call its own setting accepted, so the state is added here.
ORDER = tuple(name for state in SETTING_STATES for name in (("accepted", state) if state == "compliant" else (state,)))
_RANK = {state: rank for rank, state in enumerate(ORDER)}

Settings = list[Mapping[str, Any]]


def worst(settings: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """(state, reason) of a row by its settings, of which there must be one."""
    state = min((entry["state"] for entry in settings), key=_RANK.__getitem__)
    reasons = dict.fromkeys(entry["reason"] for entry in settings if entry["state"] == state and entry["reason"])
    return state, "; ".join(reasons)


def _joined(*parts: str) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))


def _settings(count: int) -> str:
    return "1 setting" if count == 1 else f"{count} settings"


def _would(state: str, reason: str, control: Control, settings: Sequence[Mapping[str, Any]]) -> str:
    """What enforcing an accepted control would do."""
    if control.status == "planned":
        return "what would change is not known"
    if control.kind == "attest":
        return reason
    if state == "not_examined":
        return f"what would change was not examined: {reason}"
    return f"{_settings(sum(1 for entry in settings if entry['state'] == 'drifted'))} would change"


def accept_control(
    state: str, reason: str, settings: Settings, control: Control, entry: Mapping[str, Any]
) -> tuple[str, str, Settings]:
    """(state, reason, settings) of a row whose whole control is accepted by entry["risk"], or was until it expired."""
    would = _would(state, reason, control, settings)
    return "drifted" if entry["risk"]["expired"] else "accepted", _joined(entry["reason"], would), settings


def _judged(found: Mapping[str, Any], risks: Sequence[Mapping[str, Any]], enforced: bool) -> Mapping[str, Any]:
    """One setting that differs, under the risks for single settings. Of several that match, the one that runs longest counts."""
    matching = sorted((risk for risk in risks if matches_setting(risk["setting"], found["setting"])), key=lambda risk: str(risk["expires"]))
    if matching:
        risk = matching[-1]
        return {**found, "state": "drifted" if risk["expired"] else "accepted", "reason": _joined(sentence_of(risk), found["reason"])}
    if not enforced:
        return found
    named = ", ".join(repr(risk["setting"]) for risk in risks)
    held = f"not enforced: an accepted risk for the setting {named} keeps the whole control from being enforced here"
    return {**found, "reason": _joined(found["reason"], held)}


def _unseen(risks: Sequence[Mapping[str, Any]], settings: Settings) -> Settings:
    """A risk for a setting that nobody saw, misspelt or gone, holds the control back for nothing: that is said, and is not clean."""
    names = [entry["setting"] for entry in settings]
    return [
        setting(
            risk["setting"],
            "not_examined",
            reason="an entry of atlassian_accepted_risks names this setting and none of that name was seen: correct or delete the entry",
        )
        for risk in risks
        if not any(matches_setting(risk["setting"], name) for name in names)
    ]


def accept_settings(
    state: str, reason: str, settings: Settings, entry: Mapping[str, Any]
) -> tuple[str, str, Settings]:
    """(state, reason, settings) of a row on which single settings are accepted by entry["setting_risks"].

    A task cannot be kept from writing one of its settings, so the whole control is not enforced there: the settings that are
    accepted are shown so, and the others stay drifted and say why nothing was written.
    """
    risks = entry["setting_risks"]
    if not settings:
        return _expired(risks, state, _joined(entry["reason"], reason), settings)
    judged = [_judged(found, risks, entry["mode"] == "enforce") if found["state"] == "drifted" else found for found in settings]
    judged += _unseen(risks, settings)
    state, reason = worst(judged)
    counts = {name: sum(1 for found in judged if found["state"] == name) for name in ("accepted", "drifted")}
    told = [f"{_settings(counts['accepted'])} accepted"] + ([f"{_settings(counts['drifted'])} drifted"] if counts["drifted"] else [])
    loud = "" if state in ("accepted", "drifted") else reason
    return _expired(risks, state, _joined(entry["reason"], ", ".join(told), loud), judged)


def _expired(risks: Sequence[Mapping[str, Any]], state: str, reason: str, settings: Settings) -> tuple[str, str, Settings]:
    """A risk that ran out counts as drift whatever was found, as it does for a whole control."""
    return "drifted" if any(risk["expired"] for risk in risks) else state, reason, settings
