# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hardened proxies on both releases of Debian before testssl.sh, which gives a grade."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
import yaml
from lab_tests.play import LAB, OLDER, hand_over_authority, inside, inventory_variables

pytestmark = pytest.mark.lab

# What testssl.sh finds and the lab, or the judge itself, is the reason of: the ids must really occur.
OF_THE_LAB = {
    "engine_problem": "the judge's own openssl has no GOST",
    "cert_revocation": "a private authority has neither CRL nor OCSP",
    "DNS_CAArecord": "names of the lab are in no DNS",
}
# Of the judge: seen in one run and not in the next, so it need not occur.
RACES = {
    "sessionresumption_ticket": "it may hang up before a ticket of TLS 1.3 arrives, which comes after the handshake; openssl that waits a second resumes",
}
# Both products compress their pages unless told otherwise, and a page that compresses is all that this finding says.
COMPRESSED = {"BREACH": "the page at / is compressed; on the other proxy / is a redirect without a page"}
# testssl.sh's words for what is no finding.
FINE = {"OK", "INFO", "DEBUG"}


@pytest.fixture(scope="module", params=["Debian 13", "Debian 12"])
def host(request: pytest.FixtureRequest) -> str:
    if request.param == "Debian 13":
        return str(inventory_variables("jira")["atlassian_url"]).removeprefix("https://")
    request.getfixturevalue("older")
    (site,) = yaml.safe_load(OLDER.read_text())["all"]["children"]["jira_sites"]["hosts"].values()
    return str(site["atlassian_url"]).removeprefix("https://")


@pytest.fixture(scope="module")
def findings(host: str) -> list[dict[str, Any]]:
    """Each finding of testssl.sh as {id, severity, finding}, seen from outside."""
    authority = hand_over_authority("outside1")
    command = ["testssl", "--quiet", "--color", "0", "--warnings", "batch", "--add-ca", authority, "--jsonfile", "/tmp/testssl.json", "--overwrite"]
    done = subprocess.run([str(LAB / "podman"), "exec", "outside1", *command, f"https://{host}"], capture_output=True, text=True, check=False, timeout=570)
    found: list[dict[str, Any]] = json.loads(inside("outside1", "cat", "/tmp/testssl.json") or "[]")
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    return found


def test_testssl_gives_its_best_grade(findings: list[dict[str, Any]]) -> None:
    grades = {finding["id"]: finding["finding"] for finding in findings if finding["id"].startswith("overall_grade")}
    assert grades == {"overall_grade": "A+"}


def test_testssl_finds_nothing_but_what_the_lab_is_the_reason_of(findings: list[dict[str, Any]], request: pytest.FixtureRequest) -> None:
    bad = {finding["id"].partition(" ")[0]: (finding["severity"], finding["finding"]) for finding in findings if finding["severity"] not in FINE}
    expected = OF_THE_LAB | (COMPRESSED if "Debian 12" in request.node.name else {})
    assert {id: said for id, said in bad.items() if id not in expected | RACES} == {}
    assert set(expected) <= set(bad), "an exception that does not occur is none"
