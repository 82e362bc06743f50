#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_certificate
short_description: Judge a certificate file before httpd is given it
version_added: 0.1.0
description:
  - Looks whether key and certificate belong together, whether the chain is complete, whether the name matches, and whether key and
    signature are strong. All answers are OpenSSL's own.
  - A missing file, or a key that belongs to another certificate, would keep httpd from starting; in a real run the task then fails. Anything else is
    reported as drifted in both modes, because the files are their owner's and are not replaced; with O(strict) it fails a real run as well.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: Only reads.
  diff_mode:
    support: none
    details: Nothing is changed.
  idempotent:
    support: full
  platform:
    details: Needs the command C(openssl) on the proxy.
options:
  name:
    description: Host name that the certificate must cover.
    type: str
    required: true
  certificate:
    description: PEM file, own certificate first, then the intermediate ones.
    type: path
    required: true
  key:
    description: PEM file of the private key. It is never printed.
    type: path
    required: true
  ca:
    description: PEM file of the trusted roots. The system's roots without it.
    type: path
  named_by:
    description: Variable that names the files, for messages about them.
    type: str
    default: ""
  strict:
    description: Fail a real run whatever is wrong.
    type: bool
    default: false
  awaited:
    description: The files are made by httpd itself (mod_md); that they are not there yet is reported as drifted in both modes.
    type: bool
    default: false
  curves:
    description: Curves that an ECDSA key may have.
    type: list
    elements: str
    default: [P-256, P-384]
  rsa_bits:
    description: Least size of an RSA key; V(0) accepts no RSA key.
    type: int
    default: 2048
"""

EXAMPLES = r"""
- name: Is this a good certificate?
  hardening.atlassian.apache_certificate:
    name: jira.example.com
    certificate: /etc/ssl/jira.example.com.pem
    key: /etc/ssl/private/jira.example.com.key
"""

RETURN = r"""
settings:
  description: One entry for key, chain, name and strength each.
  returned: always
  type: list
  elements: dict
"""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

SPEC = ArgumentSpec(
    {
        "name": {"type": "str", "required": True},
        "certificate": {"type": "path", "required": True},
        "key": {"type": "path", "required": True, "no_log": False},
        "ca": {"type": "path"},
        "named_by": {"type": "str", "default": ""},
        "strict": {"type": "bool", "default": False},
        "awaited": {"type": "bool", "default": False},
        "curves": {"type": "list", "elements": "str", "default": ["P-256", "P-384"]},
        "rsa_bits": {"type": "int", "default": 2048},
    }
)
SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
# Arguments of one openssl command -> (return code, standard output, standard error).
OpenSSL = Callable[[list[str]], tuple[int, str, str]]


class Fatal(AtlassianError):
    """httpd would not start with this, or its owner wants no httpd with it."""


def key_matches(openssl: OpenSSL, certificate: str, key: str) -> bool:
    """Raises Fatal for a file that is missing or holds something else. -passin: a protected key must not make openssl ask."""
    for path in (certificate, key):
        if not os.path.exists(path):
            raise Fatal(f"{path} is missing.")
    code, of_certificate, err = openssl(["x509", "-in", certificate, "-noout", "-pubkey"])
    if code:
        raise Fatal(f"{certificate} is no certificate that OpenSSL can read: {err.strip().splitlines()[0]}")
    code, of_key, _err = openssl(["pkey", "-in", key, "-pubout", "-passin", "pass:"])
    if code:
        raise Fatal(f"{key} is no private key that OpenSSL can read without a pass phrase.")
    return of_certificate.strip() == of_key.strip()


def chain_problem(openssl: OpenSSL, certificate: str, name: str, roots: str) -> tuple[str, str]:
    """OpenSSL's objection to the chain (and its dates), and to the name. Empty where it has none."""
    verify = ["verify", "-no-CApath", "-no-CAstore", "-CAfile", roots, "-purpose", "sslserver", "-untrusted", certificate]
    code, out, err = openssl([*verify, certificate])
    chain = _objection(out + err) if code else ""
    code, out, _err = openssl(["x509", "-in", certificate, "-noout", "-checkhost", name])
    return chain, "" if "does match" in out else f"it does not cover {name}"


def _objection(text: str) -> str:
    found = re.search(r"error \d+ at \d+ depth lookup: (.+)", text)
    return found.group(1) if found else " ".join(text.split())


def strength_problem(text: str, curves: list[str], rsa_bits: int) -> str:
    """What `openssl x509 -text` says of key and signature, judged. Empty if strong."""
    algorithm = re.search(r"Public Key Algorithm: (\S+)", text)
    bits = re.search(r"Public-Key: \((\d+) bit", text)
    curve = re.search(r"NIST CURVE: (\S+)", text)
    signature = re.search(r"Signature Algorithm: (\S+)", text)
    if algorithm is None or bits is None or signature is None:
        return "OpenSSL does not say what kind of key it has"
    if re.search(r"md5|sha1", signature.group(1), re.IGNORECASE):
        return f"it is signed with {signature.group(1)}"
    if algorithm.group(1) == "id-ecPublicKey":
        name = curve.group(1) if curve else "an unnamed curve"
        return "" if name in curves else f"its key is on {name} instead of {' or '.join(curves)}"
    if algorithm.group(1) == "rsaEncryption" and rsa_bits:
        return "" if int(bits.group(1)) >= rsa_bits else f"its RSA key has {bits.group(1)} bits instead of at least {rsa_bits}"
    return f"its key is {algorithm.group(1)}, wanted is ECDSA on {' or '.join(curves)}"


def row(setting: str, problem: str) -> Setting:
    if problem:
        return Setting(setting, problem, problem, DRIFTED, f"{setting}: {problem}.")
    return Setting(setting, "good", "good", COMPLIANT)


def judge(openssl: OpenSSL, params: Mapping[str, Any]) -> list[Setting]:
    """Raises Fatal."""
    certificate, name = params["certificate"], params["name"]
    if not key_matches(openssl, certificate, params["key"]):
        raise Fatal(f"The key {params['key']} does not belong to the certificate {certificate}.")
    chain, host = chain_problem(openssl, certificate, name, params["ca"] or SYSTEM_ROOTS)
    _code, text, _err = openssl(["x509", "-in", certificate, "-noout", "-text"])
    strength = strength_problem(text, params["curves"], params["rsa_bits"])
    if params["strict"] and (found := [problem for problem in (chain, host, strength) if problem]):
        raise Fatal(f"{certificate} is no good certificate: {'; '.join(found)}.")
    return [
        row(f"{name}: key belongs to certificate", ""),
        row(f"{name}: chain and dates", chain),
        row(f"{name}: name", host),
        row(f"{name}: strength", strength),
    ]


def main() -> None:
    module = SPEC.create_module()
    binary = module.get_bin_path("openssl")

    def openssl(arguments: list[str]) -> tuple[int, str, str]:
        code, out, err = module.run_command([binary, *arguments], environ_update={"LC_ALL": "C"})
        return int(code), str(out), str(err)

    try:
        if binary is None:
            raise Fatal("The command openssl is not on this host yet.")
        if module.params["awaited"] and not os.path.exists(module.params["certificate"]):
            sentence = "There is no certificate yet."
            rows = [Setting(f"{module.params['name']}: certificate", "absent", "absent", DRIFTED, sentence)]
        else:
            rows = judge(openssl, {**module.params, "strict": module.params["strict"] and not module.check_mode})
    except Fatal as exc:
        if not module.check_mode:
            hint = f" See {module.params['named_by']}." if module.params["named_by"] else ""
            module.fail_json(msg=f"{module.params['name']}: {exc.sentence}{hint} Nothing was changed.", changed=False, settings=[])
        rows = [Setting(f"{module.params['name']}: certificate", "absent", "absent", DRIFTED, exc.sentence)]
    module.exit_json(changed=False, settings=[item.as_dict() for item in rows])


if __name__ == "__main__":
    main()
