# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of modules that know nothing of settings become settings, named by the thing they change: "mode of /etc/x", "package y".

Where a module says what differs, a check run and the real run after it name the same settings with the same values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._builtin_files import Part, content_parts, diffs, file_parts
from ansible_collections.hardening.atlassian.plugins.plugin_utils._builtin_system import (
    account_parts,
    command_parts,
    crypto_parts,
    package_parts,
    service_parts,
    sysctl_parts,
)
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import failure, setting

Reader = Callable[[Mapping[str, Any], Mapping[str, Any]], list[Part]]

# By module: a function of (result, the module's arguments as it understood them).
_READERS: dict[str, Reader] = {
    "ansible.builtin.apt": package_parts,
    "ansible.builtin.blockinfile": content_parts,
    "ansible.builtin.command": command_parts,
    "ansible.builtin.copy": content_parts,
    "ansible.builtin.file": file_parts,
    "ansible.builtin.group": lambda _result, args: account_parts("group", args),
    "ansible.builtin.lineinfile": content_parts,
    "ansible.builtin.replace": content_parts,
    "ansible.builtin.service": service_parts,
    "ansible.builtin.shell": command_parts,
    "ansible.builtin.systemd": service_parts,
    "ansible.builtin.systemd_service": service_parts,
    "ansible.builtin.template": content_parts,
    "ansible.builtin.user": lambda _result, args: account_parts("user", args),
    "ansible.posix.sysctl": sysctl_parts,
    "community.crypto.openssl_csr": crypto_parts,
    "community.crypto.openssl_dhparam": crypto_parts,
    "community.crypto.openssl_privatekey": crypto_parts,
    "community.crypto.x509_certificate": crypto_parts,
    "community.crypto.x509_crl": crypto_parts,
}  # fmt: skip


def _reader(action: str) -> Reader | None:
    collection, _dot, name = action.rpartition(".")
    return _READERS.get(f"ansible.builtin.{name}" if collection in ("", "ansible.legacy") else action)


def _other_parts(result: Mapping[str, Any], _args: Mapping[str, Any]) -> list[Part]:
    """Any other module: whatever its diff holds; of mappings only what differs."""
    parts = []
    for part in diffs(result):
        if part.get("prepared"):
            parts.append(Part("", None, part["prepared"]))
        before, after = part.get("before"), part.get("after")
        if before == after:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
            before, after = ({key: value for key, value in side.items() if key not in same} for side in (before, after))
        parts.append(Part("", before, after))
    return parts or [Part()]


def _arguments(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of a module, those it calls secret already replaced by itself."""
    invocation = result.get("invocation")
    args = invocation.get("module_args") if isinstance(invocation, Mapping) else None
    return args if isinstance(args, Mapping) else {}


def _named(parts: list[Part], title: str) -> list[tuple[str, Part]]:
    """Parts with their names; equal names are numbered, so that each setting of a task can be told from the others."""
    names = [part.name or title for part in parts]
    total, seen = Counter(names), Counter[str]()
    found = []
    for name, part in zip(names, parts, strict=True):
        seen[name] += 1
        found.append((name if total[name] == 1 else f"{name} ({seen[name]} of {total[name]})", part))
    return found


def builtin_settings(
    result: Mapping[str, Any], title: str, status: str, check: bool, action: str = "", shown: bool = True
) -> list[dict[str, Any]]:
    """Settings of a task; status is ok or failed, shown is false where the task hides its diff (diff: false).

    What is as it should be, or has failed, is one setting under the task's title.
    """
    if status == "failed":
        return [setting(title, "failed", reason=failure(result))]
    if not result.get("changed"):
        return [setting(title, "compliant")]
    state = "drifted" if check else "changed"
    if "censored" in result:
        return [setting(title, state, reason="the values are hidden by no_log")]
    parts = (_reader(action) or _other_parts)(result, _arguments(result))
    if not shown:
        return [setting(name, state) for name, _part in _named(parts, title)]
    return [setting(name, state, part.before, part.after, part.reason) for name, part in _named(parts, title)]
