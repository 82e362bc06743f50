# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor's documents are not part of the project: a folder named by ATLASSIAN_CONTRACTS holds them, or these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from contracts.contract import coverage
from contracts.contract.document import Document
from contracts.contract.product import Contract
from contracts.contract.products import CONTRACTS, PLAYED, label

VARIABLE = "ATLASSIAN_CONTRACTS"
_skipped: list[str] = []


@pytest.fixture(scope="session")
def contracts() -> Path:
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} is not set")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"{VARIABLE} is {named!r}, which is no folder.")
    return folder


@pytest.fixture(scope="session", params=PLAYED, ids=label)
def played(request: pytest.FixtureRequest) -> tuple[str, str]:
    """(product, version)."""
    name, version = request.param
    return name, version


@pytest.fixture(scope="session")
def contract(played: tuple[str, str]) -> Contract:
    return CONTRACTS[played[0]]


@pytest.fixture(scope="session")
def version(played: tuple[str, str]) -> str:
    return played[1]


@pytest.fixture(scope="session")
def document(contracts: Path, contract: Contract, version: str) -> Document:
    found = Document(contracts, contract, version)
    coverage.documented[contract.name, version] = len(found.operations)
    return found


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and VARIABLE in str(report.longrepr):
        _skipped.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in coverage.lines():
        terminalreporter.write_line(line)


def pytest_unconfigure() -> None:
    """After pytest's own last line, so that nobody overlooks it."""
    if _skipped:
        print(f"{len(_skipped)} contract tests were skipped: {VARIABLE} does not name a folder with the vendor's documents.")
