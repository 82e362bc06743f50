# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secure administrator sessions: ten rolling minutes in which a session may administer (KWS; doc)."""

from __future__ import annotations

import time

from ..logins import Session

MINUTES = 10


def has_websudo(session: Session | None) -> bool:
    """Whether it is on; a yes starts the ten minutes again."""
    if session is None or session.websudo_until < time.monotonic():
        return False
    grant_websudo(session)
    return True


def grant_websudo(session: Session) -> None:
    session.websudo_until = time.monotonic() + MINUTES * 60
