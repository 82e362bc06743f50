# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secure administrator sessions: rolling minutes in which a session may administer (KWS; doc)."""

from __future__ import annotations

import time

from .logins import Session


def has_websudo(session: Session | None, minutes: int) -> bool:
    """Whether it is on; a yes starts the minutes again."""
    if session is None or session.websudo_until < time.monotonic():
        return False
    grant_websudo(session, minutes)
    return True


def grant_websudo(session: Session, minutes: int) -> None:
    session.websudo_until = time.monotonic() + minutes * 60


def drop_websudo(session: Session) -> None:
    session.websudo_until = 0.0
