# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an accepted risk reaches the targets it names: each target goes by its own variable, so an entry in another group's would be ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import ORGANISATION, Control
from ansible_collections.hardening.atlassian.plugins.plugin_utils._environments import is_apart
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._risks import Risk, entry_problems, parse_entry

VARIABLE = "atlassian_accepted_risks"


def _sound(host: HostValues) -> list[Risk]:
    """The entries a target goes by; what is wrong with others is told elsewhere."""
    entries = host.get(VARIABLE, [])
    return [parse_entry(entry) for entry in entries if not entry_problems(entry)] if isinstance(entries, (list, tuple)) else []


class HeldRisks:
    """The accepted risks that each target goes by."""

    def __init__(self, hosts: Sequence[HostValues], targets: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]) -> None:
        """hosts are those of the targets; targets is {name: our groups it is in}, groups is Ansible's own."""
        self._targets = targets
        self._groups = groups
        self._held = {host.name: _sound(host) for host in hosts}
        # The organisation is no host: it goes by the variables of the first target.
        self._first = next(iter(self._held), "")
        self._held[ORGANISATION] = self._held.get(self._first, [])

    def _names(self, target: str) -> list[str]:
        return [*(group for group, members in self._groups.items() if target in members), *self._targets[target]]

    def covers(self, risk: Risk, target: str) -> bool:
        """Whether an entry means a target, by its name or by that of any group it is in."""
        return risk.covers(target, self._names(target))

    def _named(self, risk: Risk, target: str) -> bool:
        """Whether an entry says the name of a target or of a group of it; all and patterns mean whoever has the entry."""
        return any(name in risk.hosts for name in (target, *self._names(target)) if name != "all")

    def _accepted(self, risk: Risk, target: str) -> bool:
        """Whether a target has an entry for the same thing: a list of its own replaces that for all, and may say it in other words."""
        same = [other for other in self._held[target] if other.control == risk.control and other.setting in ("", risk.setting)]
        return any(self.covers(other, target) for other in same)

    def nowhere(self, risk: Risk, control: Control) -> str:
        """Why an entry means none of the targets that its control has, as the end of a sentence: a group that it names may just have no host."""
        member = {group for groups in self._targets.values() for group in groups}
        empty = next((group for group in control.applies_to if group not in member and group in risk.hosts), None)
        if empty is not None:
            return f"the group {empty} has no host"
        return f"{risk.control} is examined on {', '.join(control.applies_to)} only"

    def problems(self, risk: Risk, control: Control, host: str) -> list[str]:
        """What is wrong with where an entry stands that this host has, each a half sentence."""
        examined = [target for target, groups in self._targets.items() if control.applies(groups) and target in self._held]
        missed = [target for target in examined if self._named(risk, target) and not self._accepted(risk, target)]
        if missed:
            return [self._sentence(risk, target) for target in missed]
        if any(self._accepted(risk, target) and self.covers(risk, target) for target in examined):
            return []
        if is_apart(host, [self._first if target == ORGANISATION else target for target in examined], self._groups):
            return []
        where = " or ".join(["all", *(group for group in control.applies_to if group != ORGANISATION)])
        return [f"accepts {risk.control} for {', '.join(risk.hosts)}, but none of these has the entry: write it for the group {where}"]

    def _sentence(self, risk: Risk, target: str) -> str:
        where = " or ".join(["all", *(group for group in self._targets[target] if group != ORGANISATION)])
        return (
            f"accepts {risk.control} for {target}, but the {VARIABLE} of {target} itself has no such entry, so nothing would be accepted there: "
            f"write it for the group {where}"
        )
