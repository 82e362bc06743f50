#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: root_ownership
short_description: Keep a configuration folder root's own
version_added: 0.4.0
description:
  - Everything below O(path) belongs to root, and neither group nor others may write it. Other rights and groups stay as they are.
  - Symlinks are not followed. (M(ansible.builtin.file) with O(ansible.builtin.file#module:recurse) predicts changes to symlinks in check mode that it
    never makes.)
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
  platform:
    details: Run as root.
options:
  path:
    description: The folder. One that is not there yet is reported as not examined in check mode.
    type: path
    required: true
"""

EXAMPLES = r"""
- name: Nobody but root writes the configuration
  hardening.atlassian.root_ownership:
    path: /etc/apache2
"""

RETURN = r"""
settings:
  description: One entry for each file or folder that is wrong, or one for the whole folder.
  returned: success
  type: list
  elements: dict
"""

import os
import stat
from collections.abc import Iterator

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import (
    CHANGED,
    COMPLIANT,
    DRIFTED,
    NOT_EXAMINED,
    Setting,
    build_diff,
)

SPEC = ArgumentSpec({"path": {"type": "path", "required": True}})
WRITABLE = stat.S_IWGRP | stat.S_IWOTH


def entries(top: str) -> Iterator[str]:
    """The folder and everything below it but symlinks, in a stable order."""
    yield top
    for parent, folders, names in os.walk(top):
        folders.sort()
        for name in sorted([*folders, *names]):
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                yield path


def shown(status: os.stat_result) -> str:
    return f"owner {status.st_uid}, mode {stat.S_IMODE(status.st_mode):04o}"


def repair(path: str) -> None:
    os.chown(path, 0, -1, follow_symlinks=False)
    # After chown, which takes special bits away.
    os.chmod(path, stat.S_IMODE(os.lstat(path).st_mode) & ~WRITABLE)


def work(top: str, check_mode: bool) -> list[Setting]:
    rows = []
    for path in entries(top):
        status = os.lstat(path)
        if status.st_uid == 0 and not status.st_mode & WRITABLE:
            continue
        after = f"owner 0, mode {stat.S_IMODE(status.st_mode) & ~WRITABLE:04o}"
        if not check_mode:
            repair(path)
            after = shown(os.lstat(path))
        rows.append(Setting(path, shown(status), after, DRIFTED if check_mode else CHANGED))
    return rows or [Setting(top, "root's own", "root's own", COMPLIANT)]


def main() -> None:
    module = SPEC.create_module()
    top = module.params["path"]
    try:
        if os.path.isdir(top):
            rows = work(top, module.check_mode)
        else:
            rows = [Setting(top, None, None, NOT_EXAMINED, f"After install: {top} is not there yet.")]
            if not module.check_mode:
                module.fail_json(msg=f"{top} is no folder on this host.", changed=False, settings=[])
    except OSError as exc:
        module.fail_json(msg=f"Owner or mode below {top} could not be read or set: {exc}", changed=False, settings=[])
    module.exit_json(changed=any(row.differs for row in rows), settings=[row.as_dict() for row in rows], diff=build_diff(rows))


if __name__ == "__main__":
    main()
