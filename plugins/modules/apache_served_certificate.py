#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_served_certificate
short_description: Look at the certificate that the running httpd shows, and let it take up a newer one
version_added: 0.3.0
description:
  - httpd reads certificates when it starts and when it is reloaded. A file that was replaced, or a certificate that mod_md has fetched, is of no
    use to anybody before that. This module asks httpd by a handshake for each name, and reloads it gracefully where it shows an older one.
  - The configuration is tested before the reload, and each virtual host of the collection is asked afterwards whether it answers.
  - With O(drifted_below) it also tells when the certificate that is shown ends.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details: Certificates are told by their digest in RV(settings).
  idempotent:
    support: full
  platform:
    details: Debian's layout of httpd 2.4, run as root on the proxy. Needs the command C(openssl) there.
options:
  certificates:
    description: What to look at.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Host name of the virtual host.
        type: str
        required: true
      certificate:
        description: PEM file, own certificate first, that httpd should show.
        type: path
        required: true
      job:
        description: mod_md's record of a certificate that waits for the reload. Empty where httpd does not fetch certificates itself.
        type: str
        default: ""
  port:
    description: Port of the TLS virtual hosts.
    type: int
    default: 443
  activate:
    description: Compare what is shown with the file, and reload httpd where it differs.
    type: bool
    default: true
  wait:
    description: Seconds to wait for a first certificate of mod_md. Not in check mode.
    type: int
    default: 0
  drifted_below:
    description: Days left below which the certificate is reported as drifted. V(0) does not look at its end.
    type: int
    default: 0
  failed_below:
    description: Days left below which the task fails. In check mode that is drift too.
    type: int
    default: 0
  conf:
    description: Folder of httpd's configuration.
    type: path
    default: /etc/apache2
"""

EXAMPLES = r"""
- name: The newest certificate is shown
  hardening.atlassian.apache_served_certificate:
    certificates:
      - name: jira.example.com
        certificate: /etc/ssl/jira.example.com.pem

- name: It does not end soon
  hardening.atlassian.apache_served_certificate:
    certificates:
      - name: jira.example.com
        certificate: /etc/ssl/jira.example.com.pem
    activate: false
    drifted_below: 21
    failed_below: 7
"""

RETURN = r"""
settings:
  description: For each name the certificate shown (by digest), and the day on which it ends.
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: "jira.example.com: certificate shown", before: sha256 1f4c9a02, after: sha256 77b0c1de, state: changed, reason: ""}
"""

import datetime
import hashlib
import json
import os
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_transaction as transaction
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import Httpd
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_marker import own_addresses
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import CHANGED, COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

SPEC = ArgumentSpec(
    {
        "certificates": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "name": {"type": "str", "required": True},
                "certificate": {"type": "path", "required": True},
                "job": {"type": "str", "default": ""},
            },
        },
        "port": {"type": "int", "default": 443},
        "activate": {"type": "bool", "default": True},
        "wait": {"type": "int", "default": 0},
        "drifted_below": {"type": "int", "default": 0},
        "failed_below": {"type": "int", "default": 0},
        "conf": {"type": "path", "default": "/etc/apache2"},
    }
)
TIMEOUT_SECONDS = 10
PAUSE_SECONDS = 1
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

# (host name) -> DER of the certificate httpd shows for it, None if nothing answers.
Shown = Callable[[str], "bytes | None"]


def shown_on(port: int, name: str) -> bytes | None:
    """Whether it can be trusted is not the question here, so nothing is verified."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    for address in own_addresses():
        try:
            with socket.create_connection((address, port), TIMEOUT_SECONDS) as plain, context.wrap_socket(plain, server_hostname=name) as secure:
                return secure.getpeercert(binary_form=True)
        except OSError:
            continue
    return None


def in_file(path: str) -> bytes | None:
    """DER of the first certificate in a PEM file, None if there is none."""
    try:
        with open(path, encoding="ascii", errors="replace") as handle:
            found = _PEM.search(handle.read())
        return (ssl.PEM_cert_to_DER_cert(found.group(0)) if found else b"") or None
    except (OSError, ValueError):
        return None


def job(path: str) -> tuple[bool, str]:
    """Of mod_md's record: whether a certificate waits for the reload, and what it said last."""
    try:
        with open(path, encoding="utf-8") as handle:
            record = json.load(handle)
        return bool(record.get("finished")), str(record.get("last", {}).get("detail", ""))
    except (OSError, ValueError, AttributeError):
        return False, ""


def digest(der: bytes | None) -> str:
    return "none" if der is None else f"sha256 {hashlib.sha256(der).hexdigest()[:8]}"


def waits(entry: Mapping[str, Any], shown: bytes) -> bool:
    """Whether a reload would bring another certificate."""
    file = in_file(entry["certificate"])
    return job(entry["job"])[0] or (file is not None and file != shown)


def wait_for_first(entries: list[Mapping[str, Any]], seconds: int) -> None:
    """Until each name has a certificate or one that waits for the reload, within the bound."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if all(os.path.exists(entry["certificate"]) or job(entry["job"])[0] for entry in entries):
            return
        time.sleep(PAUSE_SECONDS)


def activation(entries: list[Mapping[str, Any]], shown: Shown, reload: Callable[[], None], seconds: int, check_mode: bool) -> list[Setting]:
    """A row for each name. Raises AtlassianError where httpd refuses to reload."""
    before = {entry["name"]: shown(entry["name"]) for entry in entries}
    if not check_mode and any(before.values()):
        fetched = [entry for entry in entries if entry["job"]]
        # mod_md takes the first configuration that it reads for a mere test; enabled by a reload, it begins with the next one (seen with 2.4.71).
        if any(not os.path.exists(entry["certificate"]) and not os.path.exists(entry["job"]) for entry in fetched):
            reload()
        wait_for_first(fetched, seconds)
    waiting = {entry["name"] for entry in entries if (der := before[entry["name"]]) is not None and waits(entry, der)}
    if waiting and not check_mode:
        reload()
    rows = []
    for entry in entries:
        name, setting = entry["name"], f"{entry['name']}: certificate shown"
        old = digest(before[name])
        if before[name] is None:
            rows.append(Setting(setting, None, None, NOT_EXAMINED, f"httpd shows no certificate for {name} on this host."))
        elif name in waiting and check_mode:
            rows.append(Setting(setting, old, "the newer one", DRIFTED, "A newer certificate is there and waits for a reload of httpd."))
        elif name in waiting:
            rows.append(taken_up(entry, setting, old, shown(name)))
        elif not os.path.exists(entry["certificate"]):
            said = job(entry["job"])[1]
            reason = f"There is no certificate yet, httpd shows a stand-in.{' mod_md says: ' + said if said else ''}"
            rows.append(Setting(setting, old, old, DRIFTED, reason))
        elif in_file(entry["certificate"]) is None:
            rows.append(Setting(setting, old, old, DRIFTED, f"{entry['certificate']} holds no certificate: httpd would not start with it."))
        else:
            rows.append(Setting(setting, old, old, COMPLIANT))
    return rows


def taken_up(entry: Mapping[str, Any], setting: str, old: str, now: bytes | None) -> Setting:
    if now is not None and not waits(entry, now):
        return Setting(setting, old, digest(now), CHANGED)
    return Setting(setting, old, digest(now), FAILED, f"httpd was reloaded and still does not show {entry['certificate']}.")


def expiry(name: str, end: datetime.datetime, now: datetime.datetime, drifted_below: int, failed_below: int, check_mode: bool) -> Setting:
    """The day is shown, not the days left: equal states give equal rows."""
    setting, day = f"{name}: end of the certificate", f"{end:%Y-%m-%d}"
    left = (end - now).days
    if left >= drifted_below:
        return Setting(setting, day, day, COMPLIANT)
    said = f"It ended on {day}." if left < 0 else f"It ends on {day}, in {left} days."
    return Setting(setting, day, day, DRIFTED if check_mode or left >= failed_below else FAILED, said)


def main() -> None:
    module = SPEC.create_module()
    params = module.params
    httpd = Httpd(module.run_command, params["conf"])

    def shown(name: str) -> bytes | None:
        return shown_on(params["port"], name) if httpd.pid() is not None else None

    def end_of(der: bytes) -> datetime.datetime:
        command = ["openssl", "x509", "-inform", "DER", "-noout", "-enddate"]
        code, out, err = module.run_command(command, data=der, binary_data=True, environ_update={"LC_ALL": "C"})
        if code:
            raise AtlassianError(f"OpenSSL does not tell when the certificate ends: {err.strip()}")
        return datetime.datetime.fromtimestamp(ssl.cert_time_to_seconds(out.strip().partition("=")[2]), datetime.timezone.utc)

    rows: list[Setting] = []
    try:
        if params["activate"]:
            rows += activation(params["certificates"], shown, lambda: transaction.reload_current(httpd), params["wait"], module.check_mode)
        for entry in params["certificates"] if params["drifted_below"] else []:
            name = entry["name"]
            der = shown(name)
            if der is None:
                rows.append(Setting(f"{name}: end of the certificate", None, None, NOT_EXAMINED, f"httpd shows no certificate for {name} on this host."))
            else:
                now = datetime.datetime.now(datetime.timezone.utc)
                rows.append(expiry(name, end_of(der), now, params["drifted_below"], params["failed_below"], module.check_mode))
    except (AtlassianError, OSError) as exc:
        module.fail_json(msg=str(exc), changed=False, settings=[row.as_dict() for row in rows])
    result = {"changed": any(row.differs for row in rows), "settings": [row.as_dict() for row in rows]}
    failed = [f"{row.setting}: {row.reason}" for row in rows if row.state == FAILED]
    if failed:
        module.fail_json(msg=" ".join(failed), **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
