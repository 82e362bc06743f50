# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of built-in modules about packages, services, accounts and commands: what differs, the same in a check and in a real run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._builtin_files import Part, diffs

# Headings of apt-get, and of the layout that apt 3 can print: what they say of the packages below them.
_SECTIONS = (
    (re.compile(r"The following NEW packages will be installed:|Installing(?: dependencies)?:"), ("absent", "present")),
    (re.compile(r"The following packages will be REMOVED:|REMOVING:"), ("present", "absent")),
    (re.compile(r"The following packages will be upgraded:|Upgrading:"), ("present", "present, upgraded")),
    (re.compile(r"The following packages will be DOWNGRADED:|DOWNGRADING:"), ("present", "present, downgraded")),
)


def package_parts(result: Mapping[str, Any], _args: Mapping[str, Any]) -> list[Part]:
    """apt: a part a package, dependencies included. Versions are left out: only a check prints them."""
    found: dict[str, tuple[str, str]] = {}
    for part in diffs(result):
        change: tuple[str, str] | None = None
        for line in str(part.get("prepared") or "").splitlines():
            if not line.startswith(" "):
                change = next((change for heading, change in _SECTIONS if heading.fullmatch(line.strip())), None)
            elif change is not None:
                for word in line.split():
                    # The star is apt-get's mark for "with its configuration".
                    found[word.rstrip("*")] = (change[0], f"{change[1]}, configuration too") if word.endswith("*") else change
    # Without a list, what is printed is progress (a .deb file) or only the lists of packages are new.
    return [Part(f"package {name}", *found[name]) for name in sorted(found)] or [Part()]


# Unit files in these states are started at boot, or by something that is; the module counts them as enabled.
_NOT_AT_BOOT = ("disabled", "masked", "masked-runtime", "linked", "linked-runtime", "bad", "invalid", "")


def service_parts(result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    """service and systemd_service: state and start at boot, as systemd showed them before, and as they were asked for."""
    status = result.get("status")
    name = str(args.get("name") or result.get("name") or "")
    if not name:
        return [Part()]
    if not isinstance(status, Mapping) or "ActiveState" not in status:
        return [Part(f"service {name}")]
    parts = []
    active = str(status["ActiveState"])
    state = {"active": "started", "activating": "started", "reloading": "started", "inactive": "stopped"}.get(active, active)
    wanted = args.get("state")
    if wanted is not None and wanted != state:
        parts.append(Part(f"state of service {name}", state, wanted))
    # A unit without a file of its own (SysV, or none at all) has no such member; then nobody says what was before.
    unit = status.get("UnitFileState")
    if args.get("enabled") is not None and (unit is None or (str(unit) not in _NOT_AT_BOOT) != args["enabled"]):
        parts.append(Part(f"start at boot of service {name}", unit or None, "enabled" if args["enabled"] else "disabled"))
    if args.get("masked") is not None and (status.get("LoadState") == "masked") != args["masked"]:
        parts.append(Part(f"mask of service {name}", not args["masked"], args["masked"]))
    return parts or [Part(f"service {name}")]


def command_parts(_result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    """command and shell: what a command changes is known only where the task says what it creates."""
    return [Part(str(args["creates"]), "absent", "present")] if args.get("creates") else [Part()]


def account_parts(kind: str, args: Mapping[str, Any]) -> list[Part]:
    """user and group say that something differs and not what; only that one goes is certain."""
    if not args.get("name"):
        return [Part()]
    return [Part(f"{kind} {args['name']}", *(("present", "absent") if args.get("state") == "absent" else ()))]


def sysctl_parts(_result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    if not args.get("name"):
        return [Part()]
    value = args.get("value")
    reason = "" if value is None else "the module does not say what the value was before"
    return [Part(f"kernel parameter {args['name']}", None, value, reason)]


def crypto_parts(result: Mapping[str, Any], args: Mapping[str, Any]) -> list[Part]:
    """Keys, requests and certificates of community.crypto: whether the file comes, goes or is another one.

    What a new one will hold (numbers, times, fingerprints) no check can know, nor can a real run always tell new content from new rights.
    """
    path = str(args.get("path") or result.get("filename") or "")
    found = next(diffs(result), None)
    if not path or found is None or "before" not in found:
        return [Part(path)]
    if args.get("state") == "absent":
        return [Part(path, "present", "absent")]
    return [Part(path, "present", "present, changed") if found.get("before") else Part(path, "absent", "present")]
