# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The two ways a conversation with a product fails."""

from __future__ import annotations


class AtlassianError(Exception):
    """One sentence for people: what was asked, what came back, what to do. Never holds a secret."""

    def __init__(self, sentence: str, *, status: int | None = None, transient: bool = False, wait: float | None = None) -> None:
        """status: HTTP status, None if no answer came. transient: a read may be asked again. wait: seconds the server asked for."""
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.transient = transient
        self.wait = wait


class WriteUncertain(AtlassianError):
    """A write whose outcome is unknown. It must not be repeated before a re-read has shown that it did not happen."""
