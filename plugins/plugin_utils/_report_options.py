# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the operator wants of the report as a whole: formats and exit codes. One run has one report, so all hosts must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues

FORMATS = ("json", "html", "markdown", "junit")


def _formats(value: object) -> list[str]:
    # -e gives a text, as options of type list allow it.
    names = [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(name in FORMATS for name in names):
        raise ValueError(f"expected a list of {', '.join(FORMATS)}")
    # JSON is always written: the next run is compared with it.
    return [name for name in FORMATS if name in names or name == "json"]


def _truth(value: object) -> bool:
    try:
        return bool(boolean(value))
    except TypeError as error:
        raise ValueError("expected true or false") from error


def _severity(value: object) -> str:
    if value not in SEVERITIES:
        raise ValueError(f"expected one of {', '.join(SEVERITIES)}")
    return str(value)


# name in the run: (variable, reader, default)
_OPTIONS: dict[str, tuple[str, Callable[[object], Any], Any]] = {
    "formats": ("atlassian_report_formats", _formats, list(FORMATS)),
    "exit_codes": ("atlassian_drift_exit_codes", _truth, False),
    "threshold": ("atlassian_drift_threshold", _severity, "low"),
    "not_examined": ("atlassian_drift_not_examined", _truth, True),
}


def check_report_options(hosts: Sequence[HostValues]) -> dict[str, Any]:
    """{formats, exit_codes, threshold, not_examined} of the run; a value that cannot be used becomes a problem, and its default is taken."""
    return {name: _agreed(hosts, *option) for name, option in _OPTIONS.items()}


def _agreed(hosts: Sequence[HostValues], variable: str, read: Callable[[object], Any], default: Any) -> Any:
    values: dict[str, Any] = {}
    for host in hosts:
        given = host.get(variable)
        if given is None:
            continue
        try:
            values[host.name] = read(given)
        except ValueError as error:
            host.problem(f"{variable} is {given!r}, {error}")
    found = list(values.values())
    for name, value in values.items():
        if value != found[0]:
            first = next(host for host in hosts if host.name in values)
            first.problem(f"{variable} is {found[0]!r} here and {value!r} for {name}, and there is one report of a run: set it for all hosts")
            break
    return found[0] if found else default
