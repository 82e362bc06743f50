#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fail2ban_fragment
short_description: Apply one control's fail2ban configuration as one transaction
version_added: 0.4.0
description:
  - Keeps files of this collection below C(/etc/fail2ban), beside whatever jails are there, which stay as they are.
  - The complete configuration of the host is tested by fail2ban on a copy, in check mode too. Then the files are written and a running service is
    reloaded, which keeps its bans. On any failure everything is put back and the task fails with fail2ban's own words.
  - A stopped service is not started.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: On a host without fail2ban everything is reported as drifted, to be done after its installation.
  diff_mode:
    support: full
  idempotent:
    support: full
  platform:
    details: Debian's fail2ban 1.0 or 1.1, run as root.
options:
  files:
    description:
      - Paths below O(conf) and their text, for example C(jail.d/atlassian-f2b-01.conf). An empty text means that there must be no such file.
      - Only C(*/atlassian-*.conf) in C(action.d), C(filter.d), C(jail.d) and C(fail2ban.d); all other files are somebody else's.
    type: dict
    required: true
  needs:
    description:
      - Files without which a jail does not start, its log for one. In check mode, where an earlier task would only have created them, the test of the
        configuration waits for the real run; in a real run a missing one ends the task before any change.
    type: list
    elements: str
    default: []
  beside:
    description: Files of other controls that a check run would have written before, so that the configuration is tested with them.
    type: dict
    default: {}
  hold:
    description: Why this must not be applied now. If not empty, nothing is changed and the files are reported as drifted for this reason.
    type: str
    default: ""
  conf:
    description: Folder of fail2ban's configuration.
    type: path
    default: /etc/fail2ban
  client:
    description: Path of C(fail2ban-client).
    type: path
    default: /usr/bin/fail2ban-client
seealso:
  - module: hardening.atlassian.fail2ban_jails
"""

EXAMPLES = r"""
- name: Whom a jail of ours bans
  hardening.atlassian.fail2ban_fragment:
    files:
      jail.d/atlassian-f2b-01.conf: "{{ lookup('ansible.builtin.template', 'jail.conf.j2') }}"
      filter.d/atlassian-login.conf: "{{ lookup('ansible.builtin.template', 'filter.conf.j2') }}"
"""

RETURN = r"""
settings:
  description: One entry for each file, as digests.
  returned: success
  type: list
  elements: dict
  sample:
    - {setting: jail.d/atlassian-f2b-01.conf, before: absent, after: 4fd1c2ab, state: changed, reason: ""}
diff:
  description: The texts before and after, file by file.
  returned: when in diff mode and something differs
  type: list
  elements: dict
"""

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import CHANGED, COMPLIANT, DRIFTED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import OURS, Fail2ban, lay, read
from ansible_collections.hardening.atlassian.plugins.module_utils._text_files import digest, text_diff

SPEC = ArgumentSpec(
    {
        "files": {"type": "dict", "required": True},
        "needs": {"type": "list", "elements": "str", "default": []},
        "beside": {"type": "dict", "default": {}},
        "hold": {"type": "str", "default": ""},
        "conf": {"type": "path", "default": "/etc/fail2ban"},
        "client": {"type": "path", "default": "/usr/bin/fail2ban-client"},
    }
)
AFTER_INSTALL = "After install: fail2ban is not on this host yet."


def wanted_files(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Relative path -> text with one newline at the end, None for a file that must not be there. Raises AtlassianError for a file that is not ours."""
    wanted: dict[str, str | None] = {}
    for path, text in given.items():
        if not OURS.fullmatch(path):
            raise AtlassianError(f"files: {path} is no file of this collection; expected (action|filter|jail|fail2ban).d/atlassian-*.conf.")
        body = "" if text is None else str(text).strip("\n")
        wanted[path] = f"{body}\n" if body else None
    return wanted


def apply(fail2ban: Fail2ban, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> None:
    """Write, test once more in place, reload a running service. Raises AtlassianError after everything was put back."""
    running = fail2ban.running()
    try:
        lay(fail2ban.conf, after)
        complaint = fail2ban.complaint(fail2ban.conf)
        if complaint:
            raise AtlassianError(f"fail2ban refuses the configuration: {complaint}")
        if running:
            fail2ban.reload()
            if not fail2ban.running():
                raise AtlassianError("fail2ban does not answer any more after its reload.")
    except (AtlassianError, OSError) as exc:
        lay(fail2ban.conf, before)
        try:
            if running:
                fail2ban.bring_back()
        except AtlassianError as again:
            raise AtlassianError(f"{exc} The files were put back, but {again}") from exc
        raise AtlassianError(f"{exc} Everything was put back.") from exc


def work(fail2ban: Fail2ban, params: Mapping[str, Any], check_mode: bool, workplace: str) -> dict[str, Any]:
    files = wanted_files(params["files"])
    before = read(fail2ban.conf, list(files))
    if params["hold"]:
        there = [path for path in files if files[path] is not None or before[path] is not None]
        return result([Setting(path, digest(before[path]), digest(before[path]), DRIFTED, params["hold"]) for path in there], [])
    differing = {path: text for path, text in files.items() if text != before[path]}
    reason = ""
    if not fail2ban.installed:
        if differing and not check_mode:
            raise AtlassianError(f"fail2ban is not installed on this host ({fail2ban.client} is missing): run the control F2B-04, which installs it.")
        reason = AFTER_INSTALL
    elif differing:
        missing = [path for path in params["needs"] if not os.path.exists(path)]
        if missing and not check_mode:
            raise AtlassianError(f"{', '.join(missing)} is missing, without which this does not start or has no effect. Nothing was changed.")
        if missing:
            reason = f"Not tested by fail2ban: {', '.join(missing)} is not there yet."
        elif complaint := fail2ban.complaint(fail2ban.shadow(workplace, (wanted_files(params["beside"]) if check_mode else {}) | differing)):
            raise AtlassianError(f"fail2ban refuses the configuration, nothing was changed: {complaint}")
    if differing and not check_mode:
        apply(fail2ban, {path: before[path] for path in differing}, differing)
    differs = DRIFTED if check_mode else CHANGED
    rows = [
        Setting(path, digest(before[path]), digest(files[path]), differs, reason)
        if path in differing
        else Setting(path, digest(before[path]), digest(files[path]), COMPLIANT)
        for path in files
        if files[path] is not None or before[path] is not None
    ]
    # fail2ban reads NAME.local after NAME.conf, so what stands there holds.
    local = [path for path in files if path.endswith(".conf") and os.path.exists(os.path.join(fail2ban.conf, path[: -len("conf")] + "local"))]
    rows += [Setting(f"{path[: -len('conf')]}local", "there", "there", DRIFTED, f"It goes before {path}. It is not ours, and is left alone.") for path in local]
    return result(rows, text_diff(before, files, sorted(differing)))


def result(rows: list[Setting], diff: list[dict[str, str]]) -> dict[str, Any]:
    return {"changed": any(row.differs for row in rows), "settings": [row.as_dict() for row in rows], "diff": diff}


def main() -> None:
    module = SPEC.create_module()
    fail2ban = Fail2ban(module.run_command, module.params["conf"], module.params["client"])
    try:
        outcome = work(fail2ban, module.params, module.check_mode, module.tmpdir)
    except (AtlassianError, OSError) as exc:
        module.fail_json(msg=str(exc), changed=False, settings=[])
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
