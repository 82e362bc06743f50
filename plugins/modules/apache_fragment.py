#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_fragment
short_description: Apply one control's httpd configuration as one transaction
version_added: 0.1.0
description:
  - Keeps the configuration of this collection for Debian's httpd in numbered versions below C(hardening-atlassian/versions), one of which the
    symlink C(current) names. A call owns the files of one O(name) only and leaves those of other names as they are.
  - The complete configuration of the host is tested by httpd on a copy, in check mode too. Then one symlink is switched, a running httpd is
    reloaded gracefully, and each of the collection's virtual hosts is asked whether it answers with the new version. On any failure
    everything is put back and the task fails with httpd's own words.
  - A stopped httpd is not started.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: On a host without httpd everything is reported as drifted, to be done after its installation.
  diff_mode:
    support: full
  idempotent:
    support: full
  platform:
    details: Debian's layout of httpd 2.4, run as root on the proxy.
options:
  name:
    description: Name of the control, in lower case. Its files are C(*/NAME.conf) and whatever lies below C(NAME/).
    type: str
    required: true
  files:
    description:
      - Paths inside a version and their text, for example C(server.d/prx-14.conf). Other files of O(name) are removed.
      - C(server.d) is read at server level, C(site.d) by each virtual host of the role apache_proxy.
    type: dict
    required: true
  modules:
    description:
      - httpd modules this configuration needs, without those they depend on. A missing one is enabled together with a change of the files.
      - A missing module alone is no drift here, since several controls need the same ones; see O(own_modules).
    type: list
    elements: str
    default: []
  own_modules:
    description: Report each module of O(modules) and enable it even if no file differs.
    type: bool
    default: false
  modules_absent:
    description: httpd modules to disable.
    type: list
    elements: str
    default: []
  links_absent:
    description: Enabling symlinks to remove, relative to O(conf), for example C(sites-enabled/old.conf). What they point to stays.
    type: list
    elements: str
    default: []
  vendor_links_absent:
    description: As O(links_absent), but only if the file it points to is still as its package delivered it.
    type: list
    elements: str
    default: []
  spare_foreign:
    description: Disable no module while virtual hosts that are not the collection's live on this host; report it as drifted instead.
    type: bool
    default: true
  needs:
    description:
      - Files that the configuration names, absolute or inside the version. In check mode, where an earlier task would only have created
        them, the test of the configuration waits for the real run; in a real run a missing one ends the task before any change.
    type: list
    elements: str
    default: []
  prove_running:
    description: Compare the running httpd with the version on the disk as well, and reload it if it runs another one.
    type: bool
    default: false
  hold:
    description: Why this must not be applied now. If not empty, nothing is changed and the files of O(name) are reported as drifted for this reason.
    type: str
    default: ""
  not_applicable:
    description: Parts of the control that do not apply to this host, with the reason each; they are reported so.
    type: dict
    default: {}
  conf:
    description: Folder of httpd's configuration.
    type: path
    default: /etc/apache2
"""

EXAMPLES = r"""
- name: No banners
  hardening.atlassian.apache_fragment:
    name: prx-07
    files:
      site.d/prx-07.conf: |
        Header always unset X-Powered-By
        Header onsuccess unset X-Powered-By
    modules: [headers]
"""

RETURN = r"""
settings:
  description: One entry for each file (as digests), module and link of this control.
  returned: success
  type: list
  elements: dict
  sample:
    - {setting: site.d/prx-07.conf, before: absent, after: 4fd1c2ab, state: changed, reason: ""}
diff:
  description: The texts before and after, file by file.
  returned: when in diff mode and something differs
  type: list
  elements: dict
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_foreign as foreign
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_transaction as transaction
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_versions as versions
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import Httpd, as_files
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import CHANGED, COMPLIANT, DRIFTED, NOT_APPLICABLE, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._text_files import digest, text_diff

SPEC = ArgumentSpec(
    {
        "name": {"type": "str", "required": True},
        "files": {"type": "dict", "required": True},
        "modules": {"type": "list", "elements": "str", "default": []},
        "own_modules": {"type": "bool", "default": False},
        "modules_absent": {"type": "list", "elements": "str", "default": []},
        "links_absent": {"type": "list", "elements": "str", "default": []},
        "vendor_links_absent": {"type": "list", "elements": "str", "default": []},
        "spare_foreign": {"type": "bool", "default": True},
        "needs": {"type": "list", "elements": "str", "default": []},
        "prove_running": {"type": "bool", "default": False},
        "hold": {"type": "str", "default": ""},
        "not_applicable": {"type": "dict", "default": {}},
        "conf": {"type": "path", "default": "/etc/apache2"},
    }
)
AFTER_INSTALL = "After install: httpd is not on this host yet."


def file_settings(name: str, before: Mapping[str, str], after: Mapping[str, str], differs: str, reason: str = "") -> list[Setting]:
    """A row for each file of this control that is there or wanted."""
    paths = sorted(path for path in {*before, *after} if versions.owned_by(name, path))
    rows = [Setting(path, digest(before.get(path)), digest(after.get(path)), COMPLIANT) for path in paths]
    return [row if row.before == row.after else replace(row, state=differs, reason=reason) for row in rows]


def switch_settings(names: list[str], plan_part: Any, kind: str, wanted: str, differs: str) -> list[Setting]:
    other = "disabled" if wanted == "enabled" else "enabled"
    return [
        Setting(f"{kind}{name}", other, wanted, differs) if name in plan_part else Setting(f"{kind}{name}", wanted, wanted, COMPLIANT)
        for name in names
    ]


def running_settings(httpd: Httpd, check_mode: bool) -> list[Setting]:
    """What the running httpd says; nothing where it is stopped, which the service's own task reports, or has never had a version of ours."""
    if httpd.pid() is None or versions.live_id(httpd.current) is None:
        return []
    wrong = transaction.running_old_version(httpd)
    if not wrong:
        return [Setting("running configuration", "current", "current", COMPLIANT)]
    reason = "; ".join(item.sentence() for item in wrong)
    if not check_mode:
        transaction.reload_current(httpd)
    return [Setting("running configuration", "another version", "current", DRIFTED if check_mode else CHANGED, reason)]


def held(name: str, live: Mapping[str, str], files: Mapping[str, str], reason: str) -> dict[str, Any]:
    paths = sorted(path for path in {*live, *files} if versions.owned_by(name, path))
    return result([Setting(path, digest(live.get(path)), digest(live.get(path)), DRIFTED, reason) for path in paths], [])


def work(httpd: Httpd, params: Mapping[str, Any], check_mode: bool, workplace: str) -> dict[str, Any]:
    name = params["name"]
    files = as_files(params["files"])
    differs = DRIFTED if check_mode else CHANGED
    aside = [Setting(setting, None, None, NOT_APPLICABLE, str(reason)) for setting, reason in params["not_applicable"].items()]
    if params["hold"]:
        return held(name, versions.read_tree(httpd.current), files, params["hold"])
    if not httpd.installed:
        if not check_mode:
            raise AtlassianError(f"httpd is not installed on this host ({httpd.binary} is missing): run the control PRX-01, which installs it.")
        rows = file_settings(name, {}, files, DRIFTED, AFTER_INSTALL)
        return result([*rows, *aside], text_diff({}, files, sorted(files)))
    spared = foreign.examine(httpd, params["modules_absent"], params["vendor_links_absent"], params["links_absent"], params["spare_foreign"])
    wanted = transaction.Wanted(name, files, params["modules"], spared.modules_absent, spared.links_absent, params["needs"])
    plan = transaction.make_plan(httpd, wanted)
    if not params["own_modules"] and not plan.differs_beyond_modules:
        plan = plan.without_links()
    own_modules = httpd.with_dependencies(params["modules"]) if params["own_modules"] else []
    reason = ""
    if plan and plan.missing:
        reason = f"Not tested by httpd: {', '.join(plan.missing)} is not there yet."
        if not check_mode:
            raise AtlassianError(f"{name}: {', '.join(plan.missing)} is missing, so httpd would refuse the configuration. Nothing was changed.")
    elif plan and (complaint := transaction.complaint_about(httpd, plan, workplace)):
        raise AtlassianError(f"{name}: httpd refuses the configuration, nothing was changed: {complaint}")
    if plan and not check_mode:
        transaction.apply(httpd, plan)
    rows = [
        *file_settings(name, plan.live, plan.after, differs, reason),
        *switch_settings(own_modules, plan.links.enable, "module ", "enabled", differs),
        *switch_settings(list(wanted.modules_absent), plan.links.disable, "module ", "disabled", differs),
        *switch_settings(list(wanted.links_absent), plan.links.remove, "", "disabled", differs),
        *spared.settings,
        *aside,
    ]
    # A change that was just applied has been asked for by transaction.apply.
    if params["prove_running"] and (check_mode or not plan):
        rows += running_settings(httpd, check_mode)
    return result(rows, text_diff(plan.live, plan.after, plan.files))


def result(rows: list[Setting], diff: list[dict[str, str]]) -> dict[str, Any]:
    return {"changed": any(row.differs for row in rows), "settings": [row.as_dict() for row in rows], "diff": diff}


def main() -> None:
    module = SPEC.create_module()
    httpd = Httpd(module.run_command, module.params["conf"])
    try:
        outcome = work(httpd, module.params, module.check_mode, module.tmpdir)
    except (AtlassianError, OSError) as exc:
        module.fail_json(msg=str(exc), changed=False, settings=[])
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
