# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_tests.banned import OPEN, TAGS, Street
from lab_tests.door import Door, judges_door
from lab_tests.firewall import judges_sites, mixed_modes
from lab_tests.play import JUDGE, OLDER, Run, inside, play
from waf import fire

# These take minutes each: part of `make test-all`, and run where they are named.
LONG = [
    "test_certificates.py", "test_backend_tls.py", "test_tls_grade.py", "test_proxy_clusters.py", "test_waf_hosts.py", "test_waf_paranoia.py",
    "test_ban_service.py", "test_ban_places.py", "test_proxy_clients.py", "test_drift_kinds.py",
]  # fmt: skip
collect_ignore = [] if os.environ.get("ALL_VERSIONS") else LONG


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The proxy before the real Tomcats, hardened by site.yml like any other."""
    run = play(tmp_path_factory.mktemp("judge"), "--limit", "atlassian_proxies", inventory=JUDGE)
    if run.code != 0:
        pytest.fail(f"the judge's proxy could not be hardened:\n{run.output[-3000:]}")


@pytest.fixture(scope="session")
def older(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The proxy on the older Debian, hardened with a certificate of the private authority."""
    run = play(tmp_path_factory.mktemp("older"), "--limit", "atlassian_proxies", inventory=OLDER)
    if run.code != 0:
        pytest.fail(f"the proxy on the older Debian could not be hardened:\n{run.output[-3000:]}")
    return run


@pytest.fixture(scope="session")
def door(judge: None) -> Door:
    return judges_door()


@pytest.fixture(scope="session")
def sites(judge: None) -> dict[str, tuple[str, fire.Site]]:
    return judges_sites()


@pytest.fixture(scope="module")
def mixed(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The proxy with a mode for each of its sites. Of one file each: between two of them others configure the same proxy in their own way."""
    with mixed_modes(tmp_path_factory.mktemp("waf")) as inventory:
        yield inventory


@pytest.fixture(scope="module")
def street(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Clients before the judge's proxy, whose fail2ban begins and ends without bans. Each file has its own."""
    door = judges_door()
    ipv6 = inside(door.proxy, "sh", "-c", "ip -6 -o address show dev eth0 scope global | awk '{print $4}' | cut -d/ -f1").split()[0]
    folder = tmp_path_factory.mktemp("street")
    door.play(folder, "--tags", f"PRX-02,{TAGS}", *OPEN)
    street = Street(door, ipv6)
    street.forgive()
    yield street
    street.forgive()
    street.move_out()
    door.play(folder, "--tags", f"PRX-02,{TAGS}")


@pytest.fixture(scope="module")
def newcomers(street: Street) -> Iterator[str]:
    """An address that nobody in this file has used yet, each time."""
    return iter(street.addresses(101, 99))
