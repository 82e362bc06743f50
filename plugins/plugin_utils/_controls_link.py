# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a control is described: its section of docs/controls.md, and the address of that section."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load

DOCUMENT = "docs/controls.md"
_COLLECTION = Path(__file__).resolve().parents[2]


def anchor(control_id: str) -> str:
    """The anchor of a control in docs/controls.md; stays the same when its title changes."""
    return control_id.lower()


@functools.lru_cache(maxsize=4)
def repository(collection: Path = _COLLECTION) -> str:
    """The address of this collection's repository, from MANIFEST.json of an installed collection or galaxy.yml of a checkout; may be empty."""
    manifest, galaxy = collection / "MANIFEST.json", collection / "galaxy.yml"
    known: dict[str, Any] = {}
    if manifest.is_file():
        known = json.loads(manifest.read_bytes())["collection_info"]
    elif galaxy.is_file():
        known = yaml_load(galaxy.read_bytes())
    return str(known.get("repository") or "").rstrip("/")


def controls_link(control_id: str) -> str:
    """The web address of a control's section; empty where the collection's repository is not known."""
    return f"{repository()}/blob/HEAD/{DOCUMENT}#{anchor(control_id)}" if repository() else ""
