# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a simulator is told when it starts: from the environment, or from a dictionary in tests."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

VERSIONS: dict[str, tuple[str, ...]] = {
    "jira": ("8.20", "9.12", "10.3", "11.2"),
    "confluence": ("7.19", "8.5", "9.2", "10.2"),
}


class BadSettings(ValueError):
    """A setting cannot be used; the text is a sentence for the person who set it."""


@dataclass(frozen=True)
class Settings:
    product: str
    version: str
    base_url: str
    secrets_path: str | None
    control_key: str | None
    plants: tuple[Mapping[str, Any], ...] = ()  # what is planted at each start

    @property
    def context_path(self) -> str:
        """Path of the base URL without a trailing slash: "" or "/jira"."""
        return urlsplit(self.base_url).path.rstrip("/")


def read_settings(source: Mapping[str, str] | None = None) -> Settings:
    """Settings from SIM_* variables. Refuses what it does not know instead of falling back to something."""
    env: Mapping[str, str] = os.environ if source is None else source
    product = env.get("SIM_PRODUCT", "")
    version = env.get("SIM_VERSION", "")
    base_url = env.get("SIM_BASE_URL", "http://localhost:8080").rstrip("/")
    if product not in VERSIONS:
        raise BadSettings(f"SIM_PRODUCT is {product!r}; the simulator plays: {', '.join(sorted(VERSIONS))}.")
    if version not in VERSIONS[product]:
        raise BadSettings(f"SIM_VERSION is {version!r}; for {product} the simulator plays: {', '.join(VERSIONS[product])}.")
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
        raise BadSettings(f"SIM_BASE_URL is {base_url!r}; it must be a complete http(s) URL.")
    return Settings(product, version, base_url, env.get("SIM_SECRETS") or None, env.get("SIM_CONTROL_KEY") or None, _plants(env.get("SIM_PLANT", "")))


def _plants(text: str) -> tuple[Mapping[str, Any], ...]:
    try:
        found = json.loads(text or "[]")
    except ValueError as error:
        raise BadSettings("SIM_PLANT is not JSON; it must hold a list of plants.") from error
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BadSettings("SIM_PLANT must hold a JSON list of objects, each a plant.")
    return tuple(found)
