# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hardened proxy before a judge of TLS that others wrote: sslyze with Mozilla's profile."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab_tests.play import INVENTORY, LAB, ROOT, inside, inventory_variables

pytestmark = pytest.mark.lab

GUIDELINES = yaml.safe_load((ROOT / "roles/apache_tls/vars/main/guidelines.yml").read_text())["__apache_tls_guidelines"]

# sslyze has Mozilla's guidelines 5.7. What 6.0 has not any more: it must be allowed there and refused here.
NOT_ANY_MORE = {
    "DHE-RSA-AES128-GCM-SHA256": "DHE left intermediate with 5.8 (2026-04-06)",
    "DHE-RSA-AES256-GCM-SHA384": "DHE left intermediate with 5.8 (2026-04-06)",
    "DHE-RSA-CHACHA20-POLY1305": "DHE left intermediate with 5.8 (2026-04-06)",
}
# What 6.0 has and 5.7 had not.
NEW_GROUPS = {"X25519MLKEM768": "first of the groups since 5.8; sslyze's own OpenSSL does not know it, so openssl is asked"}


@pytest.fixture(scope="module")
def proxy() -> str:
    (name,) = yaml.safe_load(INVENTORY.read_text())["all"]["children"]["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module")
def address(proxy: str) -> str:
    return str(inventory_variables(proxy)["lab_address"])


@pytest.fixture(scope="module")
def host() -> str:
    return str(inventory_variables("jira")["atlassian_url"]).removeprefix("https://")


@pytest.fixture(scope="module")
def scanned(address: str, host: str) -> dict[str, Any]:
    """What sslyze says; see sslyze_scan.py."""
    python = ROOT / ".cache" / "judges" / "bin" / "python"
    if not python.exists():
        pytest.fail(f"{python} is missing: make setup installs it")
    command = [str(python), str(Path(__file__).parent / "sslyze_scan.py"), host, address, str(LAB / "ca" / "ca.pem")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=170)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_tls_01_sslyze_finds_mozillas_intermediate_profile(scanned: dict[str, Any]) -> None:
    assert scanned["issues"] == {}
    assert set(scanned["versions"]) == {"TLSv1.2", "TLSv1.3"}


def test_tls_01_sslyze_finds_what_6_0_changed(scanned: dict[str, Any], address: str, host: str) -> None:
    """6.0's suites and groups are the role's data, and each change from 5.7 is really there."""
    suites = set(GUIDELINES["profiles"]["intermediate"]["suites"])
    assert set(scanned["profile_suites"]) - suites == set(NOT_ANY_MORE)
    groups = {*GUIDELINES["groups"], GUIDELINES["hybrid_group"]}
    assert groups - {"prime256v1" if group == "secp256r1" else group for group in scanned["profile_groups"]} == set(NEW_GROUPS)
    assert scanned["accepted"]
    assert set(scanned["accepted"]) <= suites
    assert set(NOT_ANY_MORE) <= set(scanned["rejected"])
    for group in NEW_GROUPS:
        command = f"echo | openssl s_client -connect {address}:443 -servername {host} -groups {group} 2>&1"
        assert f"group: {group}" in inside("outside1", "sh", "-c", command)
