# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything below the folder is root's, links are left alone, and a check predicts that."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import root_ownership


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files that are the tester's own; chown is noted instead of done, and every owner reads as root."""
    top = tmp_path / "apache2"
    (top / "sites-enabled").mkdir(parents=True)
    for path, mode in ((top, 0o755), (top / "sites-enabled", 0o755)):
        path.chmod(mode)
    for name, mode in (("good.conf", 0o644), ("open.conf", 0o666), ("group.conf", 0o664)):
        (top / name).write_text("")
        (top / name).chmod(mode)
    (top / "sites-enabled" / "link").symlink_to("/nowhere")
    real = os.lstat

    def as_root(path: Any) -> os.stat_result:
        fields = list(real(path))
        fields[4] = 0
        return os.stat_result(fields)

    monkeypatch.setattr(root_ownership.os, "lstat", as_root)
    monkeypatch.setattr(root_ownership.os, "chown", lambda *_arguments, **_options: None)
    return top


def test_a_check_predicts_the_run(folder: Path) -> None:
    checked = root_ownership.work(str(folder), True)
    assert [(row.setting, row.before, row.after, row.state) for row in checked] == [
        (str(folder / "group.conf"), "owner 0, mode 0664", "owner 0, mode 0644", "drifted"),
        (str(folder / "open.conf"), "owner 0, mode 0666", "owner 0, mode 0644", "drifted"),
    ]
    assert (folder / "open.conf").stat().st_mode & 0o777 == 0o666
    done = root_ownership.work(str(folder), False)
    assert [(row.setting, row.before, row.after) for row in done] == [(row.setting, row.before, row.after) for row in checked]
    assert (folder / "open.conf").stat().st_mode & 0o777 == 0o644
    assert [row.state for row in root_ownership.work(str(folder), False)] == ["compliant"]
