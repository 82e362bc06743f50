# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks of the collection, run as people run them, against one site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import report_schema

SITE = "Team-Tracker"  # a name as people give it: upper case and a dash


@dataclass
class Done:
    code: int
    said: str
    rows: dict[str, dict[str, Any]]
    report: dict[str, Any]

    def told(self, control: str, *states: str) -> list[tuple[str, Any, Any]]:
        """(setting, before, after) of a row's settings in these states."""
        return [(found["setting"], found["before"], found["after"]) for found in self.rows[control]["settings"] if found["state"] in states]


Play = Callable[..., Done]


def site_play(product: Any, folder: Path, credentials: dict[str, Any]) -> Play:
    """play(playbook, *arguments, **variables of the site) -> return code, output, rows by control."""

    def run(playbook: str, *arguments: str, **variables: Any) -> Done:
        site = {"atlassian_url": "https://tracker.example.com", "atlassian_api_url": product.url, **credentials, **variables}
        inventory = folder / "inventory.yml"
        inventory.write_text(json.dumps({"all": {"children": {f"{product.product}_sites": {"hosts": {SITE: site}}}}}))
        return ansible_playbook(product, folder, {}, "-i", str(inventory), f"hardening.atlassian.{playbook}", *arguments)

    return run


def ansible_playbook(product: Any, folder: Path, environment: dict[str, str], *arguments: str, target: str = SITE) -> Done:
    """As a command of a user in `folder`, where report and restore file come to lie; rows are those of `target`.

    No secret may be said, nor stand in any format of the report, and the report must be as its schema says.
    """
    program = shutil.which("ansible-playbook", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    everything = {**os.environ, "ANSIBLE_FORCE_COLOR": "0", **environment}
    done = subprocess.run([str(program), *arguments], env=everything, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert [name for name, value in product.secrets.items() if value in said] == []
    texts = {path.name: path.read_text() for path in (folder / "drift-report").iterdir()}
    assert [(file, name) for file, text in texts.items() for name, value in product.secrets.items() if value in text] == []
    report = json.loads(texts["drift-report.json"])
    assert report_schema.problems(report) == []
    return Done(done.returncode, said, {row["control"]: row for row in report["rows"] if row["target"] == target}, report)
