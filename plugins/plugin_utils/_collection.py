# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this collection says of itself."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load

_HERE = Path(__file__).resolve().parents[2]


@functools.lru_cache(maxsize=4)
def about(collection: Path = _HERE) -> dict[str, Any]:
    """{version, repository, ...} from MANIFEST.json of an installed collection, else from galaxy.yml of a checkout; may be empty."""
    manifest, galaxy = collection / "MANIFEST.json", collection / "galaxy.yml"
    known: dict[str, Any] = {}
    if manifest.is_file():
        known = json.loads(manifest.read_bytes())["collection_info"]
    elif galaxy.is_file():
        known = yaml_load(galaxy.read_bytes())
    return known


def repository() -> str:
    """The address of its repository; may be empty."""
    return str(about().get("repository") or "").rstrip("/")
