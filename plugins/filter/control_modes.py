# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: control_modes
short_description: Tells what each control may do on a host
version_added: 0.1.0
author: The hardening.atlassian authors (@hardening-atlassian)
description:
  - Joins the catalogue's default mode of each control, the operator's overrides and the accepted risks into one answer for a host.
  - A bare V(off) in YAML is read as V(false); both mean the mode V(off).
positional: _input, groups, overrides, accepted_risks
options:
  _input:
    description: The inventory name of the host or site.
    type: str
    required: true
  groups:
    description: Names of the groups the host is in, as in the variable C(group_names).
    type: list
    elements: str
    required: true
  overrides:
    description: Modes by control id, as in C(atlassian_controls).
    type: dict
    default: {}
  accepted_risks:
    description: Accepted risks, as in C(atlassian_accepted_risks).
    type: list
    elements: dict
    default: []
  check_mode:
    description: Whether this run is a check run (C(ansible_check_mode)).
    type: bool
    default: false
  read_only:
    description: Whether this run must not write anything (C(atlassian_read_only)).
    type: bool
    default: false
  today:
    description: The day accepted risks are judged by, as C(2026-11-23). Defaults to the controller's own date.
    type: str
seealso:
  - plugin: hardening.atlassian.world
    plugin_type: filter
"""

EXAMPLES = r"""
- name: What the controls may do on this host
  ansible.builtin.set_fact:
    my_controls: >-
      {{ inventory_hostname | hardening.atlassian.control_modes(group_names, {'PRX-15': 'off'}, [], check_mode=ansible_check_mode) }}

- name: Act only where the control may
  ansible.builtin.debug:
    msg: PRX-02 would be written in a real run
  when: my_controls['PRX-02'].enforced
"""

RETURN = r"""
_value:
  description:
    - One entry for each control of the catalogue, by its id.
    - RV(ignore:mode) is V(enforce), V(audit) or V(off). RV(ignore:off) is true when the control's tasks are skipped.
      RV(ignore:check) is true when its tasks must not write. RV(ignore:enforced) is true when a real run would write.
      RV(ignore:reason) says why it is so. RV(ignore:risk) is the accepted risk, or null.
  type: dict
  sample:
    PRX-02: {mode: enforce, "off": false, check: false, enforced: true, reason: "", risk: null}
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _catalogue, _modes, _risks


def control_modes(
    host: str,
    groups: Sequence[str],
    overrides: Mapping[str, object] | None = None,
    accepted_risks: Sequence[object] | None = None,
    check_mode: bool = False,
    read_only: bool = False,
    today: str | None = None,
) -> dict[str, dict[str, Any]]:
    """The filter; errors of the operator's values become AnsibleFilterError."""
    day = datetime.date.today() if today is None else _risks.as_date(today)
    if day is None:
        raise AnsibleFilterError(f"hardening.atlassian.control_modes: today is {today!r}, expected a day like 2026-11-23")
    try:
        return _modes.control_modes(_catalogue.load(), overrides or {}, accepted_risks or [], host, groups, day, bool(check_mode), bool(read_only))
    except (ValueError, _catalogue.CatalogueError) as error:
        raise AnsibleFilterError(f"hardening.atlassian.control_modes: {error}") from error


class FilterModule:
    """Filters of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"control_modes": control_modes}
