# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory as one value: its sites, its targets, and every problem as a sentence.

One function over all hosts, run before the first of them is touched.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._attestations import VARIABLE as ATTESTATIONS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._attestations import list_problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import HOST_GROUPS, ORGANISATION, SITE_GROUPS, TARGET_GROUPS, Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._distinct import check_distinct
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import check_exclusions
from ansible_collections.hardening.atlassian.plugins.plugin_utils._held_controls import check_held_controls
from ansible_collections.hardening.atlassian.plugins.plugin_utils._held_risks import VARIABLE as RISKS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._held_risks import HeldRisks
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._modes import override_problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import group_problems, role_options, variable_problem
from ansible_collections.hardening.atlassian.plugins.plugin_utils._networks import check_networks, require_netaddr
from ansible_collections.hardening.atlassian.plugins.plugin_utils._refusals import check_refusals
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_options import check_report_options
from ansible_collections.hardening.atlassian.plugins.plugin_utils._risks import entry_problems, parse_entry
from ansible_collections.hardening.atlassian.plugins.plugin_utils._role_values import Complaints, check_role_values
from ansible_collections.hardening.atlassian.plugins.plugin_utils._sites import NODE_GROUPS, PRODUCTS, check_site
from ansible_collections.hardening.atlassian.plugins.plugin_utils._strays import check_lost_sites, check_strays

EXPOSURES = ("intranet", "vpn", "internet")


def targets_of(groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """{target: our groups it is in} for hosts and sites, by name; the organisation is the last."""
    names = sorted({host for group in TARGET_GROUPS for host in groups.get(group, ())})
    targets = {name: [group for group in TARGET_GROUPS if name in groups.get(group, ())] for name in names}
    targets[ORGANISATION] = [ORGANISATION]
    return targets


def _check_names(host: HostValues, known: Mapping[str, Collection[str]], verdicts: dict[str, str | None]) -> None:
    for name in host:
        if name not in verdicts:
            verdicts[name] = variable_problem(name, known)
        sentence = verdicts[name]
        if sentence:
            host.problem(sentence)


def _check_exposure(host: HostValues) -> None:
    exposure = host.get("atlassian_exposure", "internet")
    if exposure not in EXPOSURES:
        host.problem(f"atlassian_exposure is {exposure!r}, expected one of {', '.join(EXPOSURES)}")


def _check_readable(host: HostValues) -> None:
    """What the preflight reads where it runs, variables of the play included: there, what cannot be read is taken for unset."""
    for name in ("atlassian_read_only", "atlassian_report_directory"):
        host.get(name)


def _check_controls(host: HostValues, catalogue: Catalogue) -> None:
    for sentence in override_problems(catalogue, host.get("atlassian_controls", {})):
        host.problem(f"atlassian_controls {sentence}")


def _check_risks(host: HostValues, catalogue: Catalogue, targets: Mapping[str, Sequence[str]], inventory: Collection[str], held: HeldRisks) -> None:
    entries = host.get(RISKS, [])
    if not isinstance(entries, (list, tuple)):
        host.problem(f"{RISKS} is {entries!r}, expected a list")
        return
    for number, entry in enumerate(entries, start=1):
        place = f"{RISKS}, entry {number},"
        found = entry_problems(entry)
        for sentence in found:
            host.problem(f"{place} {sentence}")
        if found:
            continue
        risk = parse_entry(entry)
        control = catalogue.get(risk.control)
        if control is None:
            host.problem(f"{place} names the unknown control {risk.control!r}")
            continue
        if risk.setting and control.kind == "attest":
            host.problem(f"{place} has setting {risk.setting!r}, but {risk.control} is attested by a person and has no settings")
        examined = [name for name, groups in targets.items() if control.applies(groups)]
        if not examined:
            # Several inventories may share their variables, and this one has no target of the control.
            continue
        names = {*targets, *inventory, *TARGET_GROUPS}
        unknown = [pattern for pattern in risk.hosts if not _matches(pattern, names)]
        for pattern in unknown:
            host.problem(f"{place} ({risk.control}) names {pattern!r}, which is no host, site or group of the inventory")
        if unknown:
            continue
        if not any(held.covers(risk, name) for name in examined):
            host.problem(f"{place} accepts {risk.control} for {', '.join(risk.hosts)}, but {held.nowhere(risk, control)}")
            continue
        for sentence in held.problems(risk, control, host.name):
            host.problem(f"{place} {sentence}")


def _check_attestations(host: HostValues, catalogue: Catalogue) -> None:
    for sentence in list_problems(host.get(ATTESTATIONS, []), catalogue):
        host.problem(sentence)


def _matches(pattern: str, names: Collection[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)


def _check_memberships(groups: Mapping[str, Sequence[str]], targets: Mapping[str, Sequence[str]]) -> list[str]:
    problems = group_problems(groups)
    if len(targets) == 1:
        problems.append(f"inventory: none of the groups {', '.join(TARGET_GROUPS)} has a host, so there is nothing to examine")
    for name, member in targets.items():
        sites = [group for group in member if group in SITE_GROUPS]
        machines = [group for group in member if group in HOST_GROUPS]
        if len(sites) > 1:
            problems.append(f"{name}: is in {' and '.join(sites)}, but a site is one product: make two inventory hosts of it")
        if sites and machines:
            problems.append(f"{name}: is in {sites[0]} (a site, reached by URL) and in {machines[0]} (a machine): give them different names")
    if ORGANISATION in {host for group in TARGET_GROUPS for host in groups.get(group, ())}:
        problems.append(f"inventory: no host may be named {ORGANISATION!r}, the report uses that name")
    return problems


def examine(
    hostvars: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, Sequence[str]],
    catalogue: Catalogue,
    known_variables: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    """Check the whole inventory: {problems: [sentences], sites: [normalised sites], targets: {name: groups}, report_options: {...}}.

    hostvars and groups are Ansible's own; known_variables is {role: variable names}. Sites whose URL is unusable are left
    out. Secrets are looked at for presence only. Raises MissingLibrary without netaddr.
    """
    require_netaddr()
    targets = targets_of(groups)
    problems = Complaints()
    verdicts: dict[str, str | None] = {}
    sites: list[dict[str, Any]] = []
    examined: list[HostValues] = []
    inventory = sorted({*groups.get("all", ()), *targets} - {ORGANISATION})
    for name in inventory:
        host = HostValues(name, hostvars[name], problems)
        _check_names(host, known_variables, verdicts)
        if name not in targets:
            continue
        examined.append(host)
        _check_exposure(host)
        _check_readable(host)
        check_networks(host)
        _check_controls(host, catalogue)
        _check_attestations(host, catalogue)
        if "atlassian_proxies" in targets[name]:
            check_refusals(host)
            check_exclusions(host)
        product = next((PRODUCTS[group] for group in targets[name] if group in PRODUCTS), None)
        if product is not None:
            site = check_site(host, product, groups.get(NODE_GROUPS[product], ()), bool(groups.get("atlassian_proxies")))
            if site is not None:
                sites.append(site)
    held = HeldRisks(examined, targets, groups)
    for host in examined:
        _check_risks(host, catalogue, targets, {*inventory, *groups}, held)
    for name, sentence in check_distinct(sites):
        problems.add(name, sentence)
    options = check_report_options(examined)
    check_held_controls(examined, targets, groups, catalogue)
    if examined:
        check_lost_sites(hostvars, groups, inventory, problems)
    check_strays(examined, targets, groups, role_options())
    # The last one: whatever was said above about a value is said better there.
    for host in examined:
        check_role_values(host.name, hostvars[host.name], targets[host.name], role_options(), problems)
    found = _check_memberships(groups, targets) + problems.sentences()
    return {"problems": found, "sites": sites, "targets": targets, "report_options": options}
