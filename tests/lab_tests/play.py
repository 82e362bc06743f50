# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks of the collection against the lab, as its user would, and reads the report."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

ROOT = Path(__file__).resolve().parents[2]
LAB = Path(os.environ.get("LAB_DIR", ROOT / ".lab"))
INVENTORY = LAB / "inventory" / "hosts.yml"
JUDGE = LAB / "judge" / "hosts.yml"
OLDER = LAB / "older" / "hosts.yml"


@dataclass
class Run:
    """One finished playbook run."""

    code: int
    output: str
    report: dict[str, Any]

    def states(self, target: str) -> dict[str, str]:
        """{control: state} of what is built."""
        return {row["control"]: row["state"] for row in self.report["rows"] if row["target"] == target and row["state"] != "planned"}

    def row(self, control: str, target: str) -> dict[str, Any]:
        (found,) = [row for row in self.report["rows"] if (row["control"], row["target"]) == (control, target)]
        return dict(found)

    def settings(self, control: str, target: str, state: str) -> list[str]:
        return [setting["setting"] for setting in self.row(control, target)["settings"] if setting["state"] == state]


def play(directory: Path, *arguments: str, playbook: str = "site", inventory: Path = INVENTORY) -> Run:
    """Run a playbook by its full name; the report goes to `directory`."""
    command = ["ansible-playbook", "-i", str(inventory), f"hardening.atlassian.{playbook}", "-e", f"atlassian_report_directory={directory}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    report = directory / "drift-report.json"
    return Run(done.returncode, done.stdout + done.stderr, json.loads(report.read_text()) if report.exists() else {"rows": []})


def inventory_variables(host: str) -> dict[str, Any]:
    command = ["ansible-inventory", "-i", str(INVENTORY), "--host", host]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def inside(container: str, *command: str) -> str:
    """Output of a command in a container of the lab. Raises where it fails."""
    return subprocess.run([str(LAB / "podman"), "exec", container, *command], capture_output=True, text=True, check=True).stdout


def hand_over_authority(container: str) -> str:
    """Path in that container of the private authority's certificate, as a client would be given it."""
    path = "/tmp/lab-ca.pem"
    subprocess.run([str(LAB / "podman"), "cp", str(LAB / "ca" / "ca.pem"), f"{container}:{path}"], check=True, capture_output=True)
    return path


def simulator(site: str, method: str, path: str, body: Any = None) -> Any:
    """The control interface of the product that is played for a site."""
    url = inventory_variables(site)["atlassian_api_url"] + "/__sim__" + path
    answer = urllib3.request(method, url, json=body, timeout=20)
    if answer.status >= 300:
        raise RuntimeError(f"{site}: {method} {path}: {answer.status} {answer.data.decode(errors='replace')}")
    return answer.json() if answer.data else None
