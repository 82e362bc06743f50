# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mode reaches the targets of its control: a mapping of a nearer group replaces that of a wider one as a whole, and what it had is forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, Catalogue, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._environments import own_groups
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, some
from ansible_collections.hardening.atlassian.plugins.plugin_utils._modes import mode_name

VARIABLE = "atlassian_controls"


def check_held_controls(hosts: Sequence[HostValues], targets: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]], catalogue: Catalogue) -> None:
    """A problem for each mode that stands where its control does not apply, and that a mapping of its own makes a target of the control forget.

    hosts are those of the targets; targets is {name: our groups it is in}, groups is Ansible's own. Where the inventory has no target of a control nothing is
    said: several inventories may share their variables. What a group of the operator says was never meant for targets outside of it.
    """
    given = {host.name: host.get(VARIABLE, {}) for host in hosts}
    if not all(isinstance(value, Mapping) for value in given.values()) or any(host.unreadable(VARIABLE) for host in hosts):
        # That is a problem already, and what the host meant to say cannot be known.
        return
    world = _Given(given, targets, groups)
    for host in hosts:
        for name, mode in given[host.name].items():
            control = catalogue.get(name)
            if control is not None and mode_name(mode) in control.modes and not control.applies(targets[host.name]):
                _check_held(host, control, mode, world)


class _Given:
    """The mappings that the targets go by, and which of them one mode was meant for."""

    def __init__(self, given: Mapping[str, Mapping[str, Any]], targets: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]) -> None:
        self.targets = targets
        self.first = next(iter(given), "")
        self._hosts = list(given)
        # The organisation is no host: it goes by the variables of the first target.
        self._given = {**given, ORGANISATION: given.get(self.first, {})}
        # A group of every target is like all.
        own = {group: members for group, members in own_groups(groups).items() if not members.issuperset(given)}
        self._member = {name: {group for group, members in own.items() if name in members} for name in self._given}
        self._everywhere: dict[str, tuple[bool, bool]] = {}

    def concerned(self, control: Control) -> list[str]:
        return [target for target, groups in self.targets.items() if control.applies(groups) and target in self._given]

    def lost(self, host: str, control: Control, concerned: Sequence[str]) -> list[str]:
        """The targets that had the mode of that host, but for a mapping of their own."""
        candidates = [target for target in concerned if self._given[target] and control.id not in self._given[target]]
        return [target for target in candidates if self._is_for_all(control)[target == ORGANISATION] or self._member[host] & self._member[target]]

    def _is_for_all(self, control: Control) -> tuple[bool, bool]:
        """Whether every host has a control that does not apply to it, so that it comes from all or the like; and the same without the first target."""
        if control.id not in self._everywhere:
            without = [name for name in self._hosts if not control.applies(self.targets[name]) and control.id not in self._given[name]]
            self._everywhere[control.id] = (not without, without in ([], [self.first]))
        return self._everywhere[control.id]


def _check_held(host: HostValues, control: Control, mode: object, world: _Given) -> None:
    concerned = world.concerned(control)
    lost = world.lost(host.name, control, concerned)
    if not lost:
        return
    groups = _groups(control, concerned, world)
    where = " or ".join("all" if group == ORGANISATION else group for group in _groups(control, lost, world))
    by = f"{world.first}, which the organisation goes by," if lost == [ORGANISATION] else some(lost)
    host.problem(
        f"{VARIABLE} gives {control.id} the mode {mode_name(mode)!r}, but {control.id} is examined on {', '.join(groups)} only, and the {VARIABLE} of {by} has "
        f"no {control.id}: a nearer mapping replaces the wider one as a whole, so write it where the control applies, for the group {where}"
    )


def _groups(control: Control, names: Sequence[str], world: _Given) -> list[str]:
    """Our groups of these targets that the control applies to."""
    member = {group for name in names for group in world.targets[name]}
    return [group for group in control.applies_to if group in member]
