# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role apache_proxy itself asks of its variables, where the preflight of the inventory does not see them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROLE = Path(__file__).resolve().parents[3] / "roles" / "apache_proxy"
NAMES = ["apache_proxy_admin_peers", "apache_proxy_client_exempt_networks"]


def assertion(folder: Path, given: dict[str, Any], name: str = "Networks that may do more are networks") -> tuple[int, str]:
    tasks = [task for task in yaml.safe_load((ROLE / "tasks" / "preflight.yml").read_text()) if task["name"] == name]
    assert len(tasks) == 1
    play = {"hosts": "localhost", "gather_facts": False, "vars_files": [str(ROLE / "defaults" / "main.yml")], "tasks": tasks}
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    command = ["ansible-playbook", "-i", "localhost,", "-c", "local", str(folder / "play.yml"), "-e", json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_addresses_and_networks_pass(tmp_path: Path) -> None:
    code, said = assertion(tmp_path, {name: ["192.0.2.7", "198.51.100.0/24", "2001:db8::7", "2001:db8:a::/48", "10.0.0.0/8"] for name in NAMES})
    assert code == 0, said
    assert assertion(tmp_path, {})[0] == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["0.0.0.0/0", "::/0", "0.0.0.0/0.0.0.0", "10.1.2.3/24", "bamboo.example"])
def test_what_is_no_network_is_named(tmp_path: Path, name: str, value: str) -> None:
    code, said = assertion(tmp_path, {name: ["192.0.2.7", value]})
    assert code == 2, said
    assert f'{name} holds "{value}", expected an address, or a network' in said.replace('\\"', '"')


@pytest.mark.parametrize(("value", "code"), [("camera=(), geolocation=()", 0), ("camera=(), geolocation=()\n", 2), ("camera=()\ngeolocation=()", 2)])
def test_a_folded_block_with_a_line_break_at_its_end_is_no_line(tmp_path: Path, value: str, code: int) -> None:
    """It would end the line of httpd's file in the middle of the header."""
    others = {"apache_proxy_frame_ancestors": "'self'", "apache_proxy_csp_report_only": "product"}
    done, said = assertion(tmp_path, {"apache_proxy_permissions_policy": value, **others}, "Headers are one line that httpd can write")
    assert done == code and ("one line of printable ASCII" in said.replace("\n", " ")) is bool(code), said
