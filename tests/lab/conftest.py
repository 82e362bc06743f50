# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as a fixture: brought up once, as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from driver.podman import Podman
from driver.settings import Lab, load

DRIVER = Path(__file__).resolve().parent / "lab.py"


def _run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the driver as a person does."""
    command = [sys.executable, str(DRIVER), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def run_lab() -> Callable[..., subprocess.CompletedProcess[str]]:
    return _run


@pytest.fixture(scope="session")
def lab() -> Lab:
    """The lab, up."""
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    done = _run("up")
    assert done.returncode == 0, done.stdout + done.stderr
    return load()


@pytest.fixture(scope="session")
def podman(lab: Lab) -> Podman:
    return Podman(lab)
