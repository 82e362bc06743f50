# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-18: the exposure chooses defaults, the inventory overrides them, and the report tells which is which. Check runs alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab_tests.door import judges_door
from lab_tests.play import play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]


def look(folder: Path, **variables: Any) -> tuple[dict[str, Any], str]:
    """{variable: its row}, and what the run printed."""
    door = judges_door()
    run = play(folder, "--check", "--limit", "atlassian_proxies", "--tags", "PRX-13,PRX-18", "-e", json.dumps(variables), inventory=door.inventory)
    assert run.code == 0, run.output[-3000:]
    return {row["setting"]: row for row in run.row("PRX-18", door.proxy)["settings"]}, run.output


@pytest.mark.parametrize(("exposure", "seconds"), [("intranet", 60), ("vpn", 30), ("internet", 20)])
def test_prx_18_the_exposure_chooses_the_defaults(tmp_path: Path, exposure: str, seconds: int) -> None:
    rows, output = look(tmp_path, atlassian_exposure=exposure)
    assert {row["state"] for row in rows.values()} == {"compliant"}
    assert rows["apache_proxy_body_timeout"]["after"] in (seconds, str(seconds))
    assert ("+RequestReadTimeout" in output) == (exposure != "internet"), "the lab is hardened for the internet"
    assert (f"body={seconds},MinRate=500" in output) == (exposure != "internet")


def test_prx_18_what_the_inventory_says_wins(tmp_path: Path) -> None:
    rows, output = look(tmp_path, apache_proxy_body_timeout=33)
    assert rows["apache_proxy_body_timeout"]["state"] == "not_applicable"
    assert rows["apache_proxy_body_timeout"]["reason"] == "The inventory chose 33; the default for internet is 20."
    assert rows["apache_proxy_header_timeout"]["state"] == "compliant"
    assert "body=33,MinRate=500" in output
