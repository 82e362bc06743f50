# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every product that the tests know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .confluence import CONFLUENCE
from .jira import JIRA
from .product import Contract

CONTRACTS: dict[str, Contract] = {contract.name: contract for contract in (JIRA, CONFLUENCE)}
PLAYED = [(contract.name, version) for contract in CONTRACTS.values() for version in contract.documents]


def label(case: object) -> str:
    return "-".join(case) if isinstance(case, tuple) else str(case)


def each(table: Callable[[Contract, str], Iterable[Any]]) -> list[tuple[tuple[str, str], Any]]:
    """((product, version), entry) for every entry of a table that the product has for the version."""
    return [((name, version), entry) for name, version in PLAYED for entry in table(CONTRACTS[name], version)]
