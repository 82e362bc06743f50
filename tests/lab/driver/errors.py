# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception the lab shows to people as a sentence."""

from __future__ import annotations


class LabError(Exception):
    """Something a person has to know or to repair; its text is the whole message."""
