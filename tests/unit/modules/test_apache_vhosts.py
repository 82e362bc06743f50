# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign virtual hosts are named with their place, and listed ones give way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_httpd import Httpd
from ansible_collections.hardening.atlassian.plugins.modules import apache_vhosts


@pytest.fixture
def httpd(tmp_path: Path) -> Httpd:
    """A folder whose httpd prints a foreign virtual host, alone on its port until it gets company."""
    conf = tmp_path / "apache2"
    for folder in ("conf-enabled", "mods-enabled", "sites-enabled"):
        (conf / folder).mkdir(parents=True)
    (conf / "apache2.conf").write_text("")
    foreign = conf / "sites-enabled" / "shop.conf"
    foreign.write_text("")

    def run(command: list[str], **_options: Any) -> tuple[int, str, str]:
        root = command[command.index("-d") + 1]
        company = Path(root, "sites-enabled", "zz-company.conf").read_text()
        if "*:443" not in company:
            raise AssertionError("httpd would not print the aliases")
        return 0, (
            f"*:443                  is a NameVirtualHost\n         port 443 namevhost shop.example.com ({root}/sites-enabled/shop.conf:3)\n"
            f"                 alias jira.example.com\n         port 443 namevhost company-443.invalid ({root}/sites-enabled/zz-company.conf:1)\n"
        ), ""

    return Httpd(run, str(conf), "/bin/true")


PARAMS = {"names": ["jira.example.com", "wiki.example.com"], "ports": [443], "replace": []}


def test_a_foreign_alias_is_found_with_its_place(httpd: Httpd, tmp_path: Path) -> None:
    rows, remove = apache_vhosts.work(httpd, PARAMS, str(tmp_path))
    place = f"{httpd.conf}/sites-enabled/shop.conf:3"
    assert [(row.setting, row.state, row.reason) for row in rows] == [
        ("jira.example.com port 443", "drifted", f"A foreign virtual host holds this name: {place}."),
        ("wiki.example.com port 443", "compliant", ""),
    ]
    assert remove == []


def test_a_listed_file_gives_way(httpd: Httpd, tmp_path: Path) -> None:
    rows, remove = apache_vhosts.work(httpd, {**PARAMS, "replace": ["sites-enabled/shop.conf", "sites-enabled/gone.conf"]}, str(tmp_path))
    assert [row.state for row in rows] == ["compliant", "compliant"]
    assert remove == ["sites-enabled/shop.conf"]
