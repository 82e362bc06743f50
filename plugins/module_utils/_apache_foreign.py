# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What lives on this host beside us, and what must be left alone because of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_vhosts as vhosts
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import Httpd
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import DRIFTED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError


@dataclass(frozen=True)
class Spared:
    """What may be disabled, and a drifted row for each thing that should be but is in use by someone else."""

    modules_absent: list[str]
    links_absent: list[str]
    settings: list[Setting]


def examine(httpd: Httpd, modules: Sequence[str], vendor_links: Sequence[str], links: Sequence[str], spare: bool) -> Spared:
    """Decide what of the wanted absences can be had without touching other people's sites."""
    edited = [path for path in vendor_links if _present(httpd, path) and not _as_delivered(httpd, path)]
    gone = [*links, *(path for path in vendor_links if path not in edited)]
    rows = [_left(path, "The file it enables was edited on this host, so it may be someone's site.") for path in edited]
    others = _others(httpd, gone) if spare and any(httpd.module_enabled(name) for name in modules) else []
    if not others:
        return Spared(list(modules), gone, rows)
    reason = f"Left enabled, other virtual hosts live on this host and may use it: {', '.join(others)}."
    rows += [_left(f"module {name}", reason) for name in modules if httpd.module_enabled(name)]
    return Spared([name for name in modules if not httpd.module_enabled(name)], gone, rows)


def _left(setting: str, reason: str) -> Setting:
    return Setting(setting, "enabled", "enabled", DRIFTED, reason)


def _present(httpd: Httpd, path: str) -> bool:
    return os.path.lexists(os.path.join(httpd.conf, path))


def _others(httpd: Httpd, gone: Sequence[str]) -> list[str]:
    """Places of virtual hosts that are not ours and stay."""
    going = [os.path.join(httpd.conf, path) for path in gone]
    found = vhosts.parse(httpd.dump_vhosts(httpd.conf, httpd.current))
    return sorted({host.place for host in found if not vhosts.is_ours(host, httpd.base) and host.file not in going})


def _as_delivered(httpd: Httpd, path: str) -> bool:
    """dpkg knows the digest of each configuration file as delivered (MD5, no matter of security here)."""
    target = os.path.realpath(os.path.join(httpd.conf, path))
    code, out, err = httpd.run(["dpkg-query", "--show", "--showformat", "${Conffiles}\\n", _package_of(httpd, target)], environ_update={"LC_ALL": "C"})
    if code:
        raise AtlassianError(f"dpkg-query does not tell the files of the package that {target} belongs to: {err.strip()}")
    delivered = dict(line.split()[:2] for line in out.splitlines() if line.strip())
    with open(target, "rb") as handle:
        return delivered.get(target) == hashlib.md5(handle.read(), usedforsecurity=False).hexdigest()


def _package_of(httpd: Httpd, path: str) -> str:
    """The name of the package; apache2, which has no such file, where none has it: then it was not delivered."""
    code, out, _err = httpd.run(["dpkg-query", "--search", path], environ_update={"LC_ALL": "C"})
    return "apache2" if code else out.partition(":")[0]
