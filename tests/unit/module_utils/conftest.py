# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser session of Confluence before the scripted product."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials
from ansible_collections.hardening.atlassian.plugins.module_utils._client import Client
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._session import Session

WIKI, PASSWORD = "https://wiki.example.com", "correct-horse-battery-staple-4711"


@pytest.fixture
def session(script: Any) -> Any:
    """session(Call, ..., url=..., read_only=...) -> Session of the user automation."""

    def make(*calls: Any, url: str = WIKI, read_only: bool = False) -> Session:
        transport = script(*calls)
        transport.base = url

        def start() -> Client:
            return Client(url, _credentials.session(PASSWORD), transport, read_only=read_only, sleep=lambda seconds: None)

        return Session(start, "automation", PASSWORD, ConfluenceDoor())

    return make


@pytest.fixture
def wiki(script: Any) -> Any:
    """wiki(Call, ...) -> Client with a token."""

    def make(*calls: Any) -> Client:
        transport = script(*calls)
        transport.base = WIKI
        return Client(WIKI, _credentials.token("a-token-4711"), transport, read_only=False, sleep=lambda seconds: None)

    return make
