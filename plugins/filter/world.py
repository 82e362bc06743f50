# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: world
short_description: Describes and checks the whole inventory as one value
version_added: 0.1.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - Reads all hosts and sites of the inventory and returns what a run needs to know, with every problem as a sentence.
  - Never contacts a host. Secrets are looked at for presence only and are never part of the result.
  - The result, set as the fact C(__atlassian_run), is what the callback P(hardening.atlassian.drift_report#callback) learns the world from.
notes:
  - Needs the Python library C(netaddr) on the controller.
positional: _input, groups
options:
  _input:
    description: The variable C(hostvars).
    type: dict
    required: true
  groups:
    description: The variable C(groups).
    type: dict
    required: true
  report_directory:
    description: Where the drift report goes. A relative path starts at the current working directory.
    type: path
    default: drift-report
  check_mode:
    description: Whether this run is a check run (C(ansible_check_mode)).
    type: bool
    default: false
  read_only:
    description:
      - Whether the playbook must not write anything, whatever the inventory says.
      - The run is read-only as well where C(atlassian_read_only) holds for every host and site that it reaches.
    type: bool
    default: false
  tags:
    description:
      - Tags that the run was asked for or was told to skip (C(ansible_run_tags) and C(ansible_skip_tags)).
      - One that looks like a control and is none is a problem.
    type: list
    elements: str
    default: []
  today:
    description: The day accepted risks are judged by, as C(2026-11-23). Defaults to the controller's own date.
    type: str
  limit:
    description: What the run was limited to (C(ansible_limit)). A name that is no host and no group is a problem.
    type: str
    default: ""
  earlier:
    description:
      - The run that the same C(ansible-playbook) has described before, as RV(ignore:_value) of this filter, if it has.
      - Several playbooks on one command line are several runs. Two runs within one playbook are a problem.
    type: dict
"""

EXAMPLES = r"""
- name: Look at the whole inventory
  ansible.builtin.set_fact:
    __atlassian_run: "{{ hostvars | hardening.atlassian.world(groups, check_mode=ansible_check_mode) }}"

- name: Refuse an inventory with mistakes before any host is touched
  ansible.builtin.assert:
    that: __atlassian_run.problems | length == 0
    fail_msg: "{{ __atlassian_run.problems | join('\n') }}"
"""

RETURN = r"""
_value:
  description:
    - RV(ignore:problems) is a list of sentences, empty when the inventory and the tags are sound.
    - RV(ignore:sites) is a list of sites with C(name), C(product), C(url), C(scheme), C(host), C(port), C(path) (empty, or
      like C(/jira)) and C(backends), a list of C(url) and C(node); and C(api_url), C(synchrony), C(waf_mode) and C(waf_paranoia) where it has its own.
    - RV(ignore:targets) is a list of C(name) and C(groups), for hosts, sites and the organisation.
    - RV(ignore:modes) holds, by target and control id, what P(hardening.atlassian.control_modes#filter) says of it.
    - RV(ignore:id), RV(ignore:report_directory), RV(ignore:check_mode) and RV(ignore:read_only) describe the run,
      RV(ignore:promised) is what was given as O(read_only), RV(ignore:number) counts the runs of one C(ansible-playbook).
  type: dict
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible import context
from ansible.errors import AnsibleFilterError

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _catalogue, _names, _networks, _risks, _run


def world(
    hostvars: Mapping[str, Mapping[str, Any]],
    groups: Mapping[str, Sequence[str]],
    report_directory: str = "drift-report",
    check_mode: bool = False,
    read_only: bool = False,
    tags: Sequence[str] = (),
    today: str | None = None,
    limit: str = "",
    earlier: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The filter; what keeps it from looking at all becomes AnsibleFilterError."""
    day = datetime.date.today() if today is None else _risks.as_date(today)
    if day is None:
        raise AnsibleFilterError(f"hardening.atlassian.world: today is {today!r}, expected a day like 2026-11-23")
    try:
        return _run.describe(
            hostvars,
            groups,
            _catalogue.load(),
            _names.known_variables(),
            str(report_directory),
            bool(check_mode),
            bool(read_only),
            tags,
            day,
            str(limit),
            earlier,
            len(context.CLIARGS.get("args") or ()),
        )
    except (ValueError, OSError, _networks.MissingLibrary, _catalogue.CatalogueError) as error:
        raise AnsibleFilterError(f"hardening.atlassian.world: {error}") from error


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"world": world}
