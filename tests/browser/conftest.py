# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.page import AXE, CHROMIUM, DRIVER, Page, start


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests; each of them opens its own report."""
    for path in (AXE, Path(CHROMIUM), Path(DRIVER)):
        if not path.exists():
            pytest.fail(f"{path} is missing: run `make browser`, which installs it", pytrace=False)
    browser = start(tmp_path_factory.mktemp("profile"))
    try:
        yield Page(browser, tmp_path_factory.mktemp("report") / "drift-report.html")
    finally:
        browser.quit()
