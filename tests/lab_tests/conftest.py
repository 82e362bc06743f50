# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from lab_tests.play import LAB, play

JUDGE = LAB / "judge" / "hosts.yml"


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The proxy before the real Tomcats, hardened by site.yml like any other."""
    run = play(tmp_path_factory.mktemp("judge"), "--limit", "atlassian_proxies", inventory=JUDGE)
    if run.code != 0:
        pytest.fail(f"the judge's proxy could not be hardened:\n{run.output[-3000:]}")
