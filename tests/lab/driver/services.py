# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the containers: the simulator in jira1, the marker servlets in tomcat1."""

from __future__ import annotations

from .podman import Podman
from .settings import Lab


def ensure(lab: Lab, podman: Podman, secrets: dict[str, str]) -> list[str]:
    """Deploy what changed; returns what was deployed."""
    return []


def problems(lab: Lab) -> list[tuple[str, str]]:
    """What does not answer as it should: (container, sentence)."""
    return []
