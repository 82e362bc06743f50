# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A walk through every route of the simulator of Confluence, as each kind of caller, with each kind of answer."""

from __future__ import annotations

from collections.abc import Iterator

from ..steps import Step


def steps(_version: str) -> Iterator[Step]:
    yield from ()


REFUSED: dict[str, frozenset[tuple[str, str]]] = {}
