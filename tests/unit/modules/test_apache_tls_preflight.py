# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input of the role apache_tls ends the run before any host is looked at, and the sentence names variable and value."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLE = Path(__file__).resolve().parents[3] / "roles" / "apache_tls"
ACME = {"apache_tls_certificate_source": "acme", "apache_tls_acme_contact": "it@example.com", "apache_tls_acme_agreed": True}
PRIVATE = {"apache_tls_certificate_source": "private_ca", "apache_tls_private_ca_directory": "/nowhere/ca"}


def preflight(folder: Path, given: dict[str, Any], host: str = "jira.example.com") -> tuple[int, str]:
    files = [ROLE / "defaults" / "main.yml", *sorted((ROLE / "vars" / "main").glob("*.yml"))]
    play = {
        "hosts": "localhost", "gather_facts": False, "vars_files": [str(path) for path in files],
        "tasks": [{"ansible.builtin.import_tasks": str(ROLE / "tasks" / "preflight.yml")}],
    }  # fmt: skip
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    variables = {"__atlassian_sites": [{"name": "jira", "host": host, "backends": []}], **given}
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", str(folder / "play.yml"), "-e", json.dumps(variables)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def own(**given: str) -> dict[str, Any]:
    files = {"certificate": "/etc/ssl/x.pem", "key": "/etc/ssl/private/x.key", **given}
    return {"apache_tls_certificate_source": "own", "apache_tls_certificates": {"jira.example.com": files}}


@pytest.mark.parametrize("given", [own(), ACME, PRIVATE], ids=["own", "acme", "private"])
def test_good_input_passes(tmp_path: Path, given: dict[str, Any]) -> None:
    code, said = preflight(tmp_path, given)
    assert code == 0, said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (own(certificate="x.pem"), ["apache_tls_certificates", "jira.example.com"]),
        (own(key="/var/www/x.key"), ["apache_tls_certificates", "/var/www/x.key"]),
        ({**ACME, "apache_tls_acme_url": "http://acme.example.com/dir"}, ["apache_tls_acme_url", "http://acme.example.com/dir"]),
        ({**ACME, "apache_tls_acme_contact": "nobody"}, ["apache_tls_acme_contact", "nobody"]),
        ({**ACME, "apache_tls_acme_agreed": False}, ["apache_tls_acme_agreed", "false", "https://acme-v02.api.letsencrypt.org/directory"]),
        ({**ACME, "apache_tls_acme_challenges": []}, ["apache_tls_acme_challenges"]),
        ({**ACME, "apache_tls_acme_renew_window": "soon"}, ["apache_tls_acme_renew_window", "soon"]),
        ({**ACME, "apache_tls_acme_issued_ca": "root.pem"}, ["apache_tls_acme_issued_ca", "root.pem"]),
        ({**PRIVATE, "apache_tls_backend_ca": ""}, ["apache_tls_backend_ca"]),
        ({**PRIVATE, "apache_tls_private_ca_directory": "ca"}, ["apache_tls_private_ca_directory", '"ca"']),
        ({**PRIVATE, "apache_tls_expiry_failed_days": 30}, ["apache_tls_expiry_failed_days is 30", "apache_tls_expiry_drifted_days is 21"]),
    ],
)
def test_bad_input_is_named(tmp_path: Path, given: dict[str, Any], said: list[str]) -> None:
    code, output = preflight(tmp_path, given)
    assert code == 2, output
    message = output.replace('\\"', '"')
    assert [word for word in said if word not in message] == []


@pytest.mark.parametrize("host", ["jira", "192.0.2.7"])
def test_an_acme_authority_needs_a_name_it_can_prove(tmp_path: Path, host: str) -> None:
    code, output = preflight(tmp_path, ACME, host)
    assert code == 2
    assert f"has the host {host}" in output
