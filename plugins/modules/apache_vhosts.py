#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_vhosts
short_description: Find foreign virtual hosts that answer a name which should be ours
version_added: 0.1.0
description:
  - httpd gives a name and port to the first virtual host that carries it, and a connection to a named address to that address's virtual
    hosts alone. This module asks httpd itself (C(apache2ctl -S)) who would answer.
  - A foreign virtual host for a wanted name and port is drifted in check mode. In a real run the task fails, before anything is changed,
    unless the file that holds it is listed in O(replace).
  - Only reads. Removing the link that enables a replaced file is left to M(hardening.atlassian.apache_fragment), see RV(remove).
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: Only reads. In a real run it fails where it reports drift in check mode.
  diff_mode:
    support: none
    details: Nothing is changed.
  idempotent:
    support: full
  platform:
    details: Debian's layout of httpd 2.4, run as root on the proxy.
options:
  names:
    description: Host names that should be answered by the collection's virtual hosts.
    type: list
    elements: str
    required: true
  ports:
    description: Ports they should be answered on.
    type: list
    elements: int
    required: true
  replace:
    description: Foreign files to give way, relative to O(conf), for example C(sites-enabled/jira.conf).
    type: list
    elements: str
    default: []
  conf:
    description: Folder of httpd's configuration.
    type: path
    default: /etc/apache2
"""

EXAMPLES = r"""
- name: Who answers for Jira?
  hardening.atlassian.apache_vhosts:
    names: [jira.example.com]
    ports: [80, 443]
    replace: [sites-enabled/jira.conf]
"""

RETURN = r"""
settings:
  description: One entry for each name and port. A foreign virtual host is named with file and line.
  returned: always
  type: list
  elements: dict
remove:
  description: Enabling links of listed files that are there.
  returned: success
  type: list
  elements: str
"""

import os
import tempfile
from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_vhosts as vhosts
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import ENTRY, Httpd, Links, build_shadow, entry_text
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

SPEC = ArgumentSpec(
    {
        "names": {"type": "list", "elements": "str", "required": True},
        "ports": {"type": "list", "elements": "int", "required": True},
        "replace": {"type": "list", "elements": "str", "default": []},
        "conf": {"type": "path", "default": "/etc/apache2"},
    }
)


def with_strangers(ports: list[int]) -> str:
    """httpd prints the aliases of a virtual host only where it is not alone on its address and port, so each port gets company."""
    return "".join(f"<VirtualHost *:{port}>\n    ServerName company-{port}.invalid\n</VirtualHost>\n" for port in ports)


def read_hosts(httpd: Httpd, ports: list[int], workplace: str) -> list[vhosts.VirtualHost]:
    """All virtual hosts of this host, with all their names."""
    shadow = tempfile.mkdtemp(prefix="root-", dir=workplace)
    build_shadow(httpd, shadow, Links(), entry_text())
    company = os.path.join(shadow, "sites-enabled", "zz-company.conf")
    with open(company, "w", encoding="utf-8") as handle:
        handle.write(with_strangers(ports))
    found = vhosts.parse(httpd.dump_vhosts(shadow, httpd.current))
    return [host for host in found if not host.names[0].endswith(".invalid") or vhosts.is_ours(host, httpd.base)]


def judge(hosts: list[vhosts.VirtualHost], names: list[str], ports: list[int], base: str, tolerated: set[str]) -> list[Setting]:
    """One row for each name and port."""
    rows = []
    for name in names:
        for port in ports:
            rivals = [host for host in vhosts.rivals(hosts, name, port, base) if host.file not in tolerated]
            places = ", ".join(host.place for host in rivals)
            setting = f"{name} port {port}"
            if rivals:
                rows.append(Setting(setting, places, places, DRIFTED, f"A foreign virtual host holds this name: {places}."))
            else:
                rows.append(Setting(setting, "ours", "ours", COMPLIANT))
    return rows


def work(httpd: Httpd, params: Mapping[str, Any], workplace: str) -> tuple[list[Setting], list[str]]:
    hosts = read_hosts(httpd, params["ports"], workplace)
    links = [path for path in params["replace"] if path != ENTRY and os.path.lexists(os.path.join(httpd.conf, path))]
    tolerated = {os.path.join(httpd.conf, path) for path in links}
    return judge(hosts, params["names"], params["ports"], httpd.base, tolerated), links


def main() -> None:
    module = SPEC.create_module()
    httpd = Httpd(module.run_command, module.params["conf"])
    if not httpd.installed:
        module.exit_json(changed=False, settings=[], remove=[])
    try:
        rows, remove = work(httpd, module.params, module.tmpdir)
    except (AtlassianError, OSError) as exc:
        module.fail_json(msg=str(exc), changed=False, settings=[])
    settings = [row.as_dict() for row in rows]
    taken = [row for row in rows if row.state == DRIFTED]
    if taken and not module.check_mode:
        said = " ".join(f"{row.setting}: {row.reason}" for row in taken)
        hint = "Take them out, or list their files in apache_proxy_replace_vhosts to have the links that enable them removed."
        module.fail_json(msg=f"{said} {hint} Nothing was changed.", changed=False, settings=settings)
    module.exit_json(changed=False, settings=settings, remove=remove)


if __name__ == "__main__":
    main()
