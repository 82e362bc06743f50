# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The value that describes a run: which targets, which modes, where the report goes.

Play 1 of site.yml sets it as the fact __atlassian_run; the callback drift_report learns the world from it.
"""

from __future__ import annotations

import datetime
import os
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _attestations
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._modes import control_modes
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import limit_problems, tag_problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

RUN_FACT = "__atlassian_run"
CONTROLS_FACT = "__atlassian_controls"
SETTINGS_FACT = "__atlassian_settings"
# What a host of this run sees, variables of the play included, which hostvars does not know: {read_only, report_directory}.
HOST_FACT = "__atlassian_host"


def target_modes(
    catalogue: Catalogue,
    hostvars: Mapping[str, Mapping[str, Any]],
    targets: Mapping[str, Sequence[str]],
    groups: Mapping[str, Sequence[str]],
    today: datetime.date,
    check_mode: bool,
    read_only: bool,
) -> dict[str, dict[str, dict[str, Any]]]:
    """{target: {control that applies to it: its mode entry}}; a host whose variables are unusable gets an empty one."""
    modes: dict[str, dict[str, dict[str, Any]]] = {}
    for name, member in targets.items():
        host = HostValues(name, hostvars[name] if name in groups.get("all", ()) else _shared(hostvars, targets), Problems())
        every = [group for group, hosts in groups.items() if name in hosts] + list(member)
        try:
            found = control_modes(
                catalogue,
                host.get("atlassian_controls", {}),
                host.get("atlassian_accepted_risks", []),
                name,
                every,
                today,
                check_mode,
                read_only or _read_only(host),
            )
        except (ValueError, TypeError, AttributeError):
            # The same entries are sentences in problems already: the run is refused, and its report still needs its rows.
            found = {}
        modes[name] = {control: entry for control, entry in found.items() if catalogue[control].applies(member)}
    return modes


def _read_only(host: HostValues) -> bool:
    """One site among others may be read-only; a value that is no truth value says that nobody wants a write there."""
    try:
        return bool(boolean(_seen(host).get("read_only", host.get("atlassian_read_only", False))))
    except TypeError:
        return True


def _seen(host: HostValues) -> Mapping[str, Any]:
    """HOST_FACT of a host; empty where the run does not reach it."""
    seen = host.get(HOST_FACT, {})
    return seen if isinstance(seen, Mapping) else {}


def _reached(hostvars: Mapping[str, Mapping[str, Any]], targets: Mapping[str, Sequence[str]]) -> list[HostValues]:
    """The targets of this run after --limit; all of them where no preflight has asked them."""
    hosts = [HostValues(name, hostvars[name], Problems()) for name in targets if name in hostvars]
    return [host for host in hosts if _seen(host)] or hosts


def _whole(directory: object) -> str:
    return os.path.abspath(os.path.expanduser(str(directory)))


def agreed_directory(hosts: Sequence[HostValues], otherwise: str) -> tuple[str, list[str]]:
    """(the report directory of the run, why it cannot be told); otherwise is what the host sees that happens to come first."""
    directories = {host.name: _whole(_seen(host)["report_directory"]) for host in hosts if _seen(host).get("report_directory")}
    first = next(iter(directories), "")
    directory = directories.get(first, _whole(otherwise))
    other = next((name for name, found in directories.items() if found != directory), None)
    if other is None:
        return directory, []
    return directory, [
        f"{first}: atlassian_report_directory is {directory!r} here and {directories[other]!r} for {other}, "
        "and there is one report of a run: set it for all hosts"
    ]


def once_problems(earlier: Mapping[str, Any] | None, playbooks: int) -> list[str]:
    """Why a run cannot follow an earlier one that the same process has described: within one playbook both would share one report."""
    if earlier is None or earlier["number"] < playbooks:
        return []
    return [
        "this playbook has a run of hardening.atlassian in it already, and its report would tell both as one: "
        "one run for each ansible-playbook; start them one after another"
    ]


def _shared(hostvars: Mapping[str, Mapping[str, Any]], targets: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """The organisation is no host: it goes by the variables of the first target, where inventory-wide ones are visible."""
    for name in targets:
        if name in hostvars:
            return hostvars[name]
    return {}


def attestations(
    catalogue: Catalogue, hostvars: Mapping[str, Mapping[str, Any]], targets: Mapping[str, Sequence[str]], today: datetime.date
) -> dict[str, dict[str, Any]]:
    """{control: {statement, by, until, expired}}: what any host or site of ours knows to be attested."""
    hosts = [HostValues(name, hostvars[name], Problems()) for name in targets if name in hostvars]
    return _attestations.collect([host.get(_attestations.VARIABLE, []) for host in hosts], catalogue, today)


def directory_problems(directory: str) -> list[str]:
    """Why no report can be written there, before anything is changed that it should tell of; empty where it can. Creates nothing."""
    there = directory
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    if not os.path.isdir(there):
        return [f"atlassian_report_directory: {directory} cannot be a directory, since {there} is none"]
    if not os.access(there, os.W_OK | os.X_OK):
        return [f"atlassian_report_directory: {directory} cannot be written, since {there} is not writable for this user"]
    return []


def describe(
    hostvars: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, Sequence[str]],
    catalogue: Catalogue,
    known_variables: Mapping[str, Collection[str]],
    report_directory: str,
    check_mode: bool,
    read_only: bool,
    tags: Sequence[str],
    today: datetime.date,
    limit: str = "",
    earlier: Mapping[str, Any] | None = None,
    playbooks: int = 1,
) -> dict[str, Any]:
    """The run: {id, number, report_directory, report_options: {formats, exit_codes, threshold, not_examined}, check_mode, read_only, promised, problems,
    sites, targets: [{name, groups}], modes: {target: {control: entry}}, attestations: {control: {statement, by, until, expired}}}.

    read_only is what the playbook promises, whatever the inventory says. earlier is the run that this process has described before, and playbooks is how
    many it was given: facts outlive their playbook.
    """
    world = examine(hostvars, groups, catalogue, known_variables)
    now = datetime.datetime.now(datetime.timezone.utc)
    reached = _reached(hostvars, world["targets"])
    directory, problems = agreed_directory(reached, report_directory)
    problems += once_problems(earlier, playbooks) + directory_problems(directory) + tag_problems(tags, catalogue) + limit_problems(limit, groups)
    return {
        "id": f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
        "number": 1 if earlier is None else earlier["number"] + 1,
        "report_directory": directory,
        "report_options": world["report_options"],
        "check_mode": check_mode,
        "read_only": read_only or (bool(reached) and all(_read_only(host) for host in reached)),
        "promised": read_only,
        "problems": problems + world["problems"],
        "sites": world["sites"],
        "targets": [{"name": name, "groups": member} for name, member in world["targets"].items()],
        "modes": target_modes(catalogue, hostvars, world["targets"], groups, today, check_mode, read_only),
        "attestations": attestations(catalogue, hostvars, world["targets"], today),
    }
