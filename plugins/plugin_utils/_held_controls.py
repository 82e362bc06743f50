# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mode reaches the targets of its control: a mapping of a nearer group replaces that of a wider one as a whole, and what it had is forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._modes import mode_name

VARIABLE = "atlassian_controls"


def check_held_controls(hosts: Sequence[HostValues], targets: Mapping[str, Sequence[str]], catalogue: Catalogue) -> None:
    """A problem for each mode that stands where its control does not apply, and nowhere where it does.

    hosts are those of the targets; targets is {name: our groups it is in}. Where the inventory has no target of a control nothing is said: several
    inventories may share their variables.
    """
    given = {host.name: host.get(VARIABLE, {}) for host in hosts}
    # The organisation is no host: it goes by the variables of the first target.
    given[ORGANISATION] = next(iter(given.values()), {})
    if not all(isinstance(value, Mapping) for value in given.values()) or any(host.unreadable(VARIABLE) for host in hosts):
        # That is a problem already, and what the host meant to say cannot be known.
        return
    for host in hosts:
        for name, mode in given[host.name].items():
            control = catalogue.get(name)
            if control is not None and mode_name(mode) in control.modes and not control.applies(targets[host.name]):
                _check_held(host, control, mode, given, targets)


def _check_held(host: HostValues, control: Control, mode: object, given: Mapping[str, Mapping[str, Any]], targets: Mapping[str, Sequence[str]]) -> None:
    concerned = [target for target, groups in targets.items() if control.applies(groups) and target in given]
    if not concerned or any(control.id in given[target] for target in concerned):
        return
    member = {group for target in concerned for group in targets[target]}
    groups = [group for group in control.applies_to if group in member]
    where = "all" if groups == [ORGANISATION] else " or ".join(group for group in groups if group != ORGANISATION)
    first = next(iter(given))
    by = f"the {VARIABLE} of {first}, which the organisation goes by," if groups == [ORGANISATION] else f"the {VARIABLE} of {_some(concerned)}"
    host.problem(
        f"{VARIABLE} gives {control.id} the mode {mode_name(mode)!r}, but {control.id} is examined on {', '.join(groups)} only, and {by} has no {control.id}: "
        f"a nearer mapping replaces the wider one as a whole, so write it where the control applies, for the group {where}"
    )


def _some(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3} more"
