# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sslyze_scan.py HOST ADDRESS ROOTS: sslyze's judgement of one server against its Mozilla profile "intermediate", as JSON.

Runs with the Python of .cache/judges. {issues: {check: sentence}, versions, accepted, rejected: suites of TLS 1.2, profile_suites, profile_groups}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import sslyze
from sslyze.mozilla_tls_profile import tls_config_checker as mozilla

VERSIONS = {
    "ssl_2_0_cipher_suites": "SSLv2",
    "ssl_3_0_cipher_suites": "SSLv3",
    "tls_1_0_cipher_suites": "TLSv1",
    "tls_1_1_cipher_suites": "TLSv1.1",
    "tls_1_2_cipher_suites": "TLSv1.2",
    "tls_1_3_cipher_suites": "TLSv1.3",
}


def scan(host: str, address: str, roots: str) -> Any:
    location = sslyze.ServerNetworkLocation(hostname=host, port=443, ip_address=address)
    extra = sslyze.ScanCommandsExtraArguments(certificate_info=sslyze.CertificateInfoExtraArgument(custom_ca_file=Path(roots)))
    scanner = sslyze.Scanner()
    commands = mozilla.SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER
    scanner.queue_scans([sslyze.ServerScanRequest(location, scan_commands=commands, scan_commands_extra_arguments=extra)])
    (result,) = scanner.get_results()
    return result


def judged(result: Any) -> dict[str, Any]:
    profile = mozilla.MozillaTlsConfiguration.get(mozilla.TlsConfigurationEnum.MOZILLA_INTERMEDIATE)
    issues: dict[str, str] = {}
    try:
        mozilla.check_server_against_tls_configuration(result, profile)
    except mozilla.ServerNotCompliantWithTlsConfiguration as exc:
        issues = exc.issues
    found = result.scan_result
    suites = found.tls_1_2_cipher_suites.result
    return {
        "issues": issues,
        "versions": [name for field, name in VERSIONS.items() if getattr(found, field).result.is_tls_version_supported],
        "accepted": [suite.cipher_suite.openssl_name for suite in suites.accepted_cipher_suites],
        "rejected": [suite.cipher_suite.openssl_name for suite in suites.rejected_cipher_suites],
        "profile_suites": sorted(profile.ciphers.openssl),
        "profile_groups": sorted(profile.tls_curves),
    }


if __name__ == "__main__":
    json.dump(judged(scan(*sys.argv[1:4])), sys.stdout)
