# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of the lab and the inventories that describe it as a user would."""

from __future__ import annotations

import secrets
import string
from pathlib import Path

import yaml

from .settings import LAB_SOURCES, Lab

_SECRETS = ("admin_password", "admin_token", "user_password", "user_token")


def ensure_secrets(lab: Lab) -> dict[str, str]:
    """The lab's secrets: random, made once, readable by root only."""
    known = yaml.safe_load(lab.secrets.read_text()) if lab.secrets.exists() else {}
    if not isinstance(known, dict) or set(known) != set(_SECRETS):
        # Long, so that Ansible's masking of a secret by substring never blots out an ordinary word.
        known = {name: secrets.token_urlsafe(33) for name in _SECRETS}
        _write(lab.secrets, "# Made by the lab.\n" + yaml.safe_dump(known), 0o600)
    return {str(name): str(value) for name, value in known.items()}


def write(lab: Lab, known: dict[str, str]) -> None:
    """Write the inventories from their templates; readable by root only, since secrets stand in them."""
    values = {
        "lab_dir": str(lab.directory),
        "ssh_key": str(lab.ssh_key),
        "ssh_known_hosts": str(lab.ssh_known_hosts),
        "gateway": lab.gateway,
        **known,
        **{name: box.ipv4 for name, box in lab.containers.items()},
        **{f"{name}_ipv6": box.ipv6 for name, box in lab.containers.items()},
    }
    for template, target in (("hosts.yml", lab.inventory), ("judge.yml", lab.judge_inventory), ("older.yml", lab.older_inventory)):
        text = (LAB_SOURCES / "inventory" / template).read_text()
        _write(target, string.Template(text).substitute(values), 0o600)


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.touch(mode=mode)
        path.write_text(text)
    path.chmod(mode)
