# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest
from lab_tests.play import LAB, Run, play

JUDGE = LAB / "judge" / "hosts.yml"
OLDER = LAB / "older" / "hosts.yml"
# These take minutes each: part of `make test-all`, and run where they are named.
LONG = [
    "test_certificates.py", "test_backend_tls.py", "test_tls_grade.py", "test_proxy_clusters.py", "test_waf_hosts.py", "test_waf_paranoia.py",
]  # fmt: skip
collect_ignore = [] if os.environ.get("ALL_VERSIONS") else LONG


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The proxy before the real Tomcats, hardened by site.yml like any other."""
    run = play(tmp_path_factory.mktemp("judge"), "--limit", "atlassian_proxies", inventory=JUDGE)
    if run.code != 0:
        pytest.fail(f"the judge's proxy could not be hardened:\n{run.output[-3000:]}")


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The proxy on the older Debian, hardened with a certificate of the private authority."""
    run = play(tmp_path_factory.mktemp("older"), "--limit", "atlassian_proxies", inventory=OLDER)
    if run.code != 0:
        pytest.fail(f"the proxy on the older Debian could not be hardened:\n{run.output[-3000:]}")
    return run
