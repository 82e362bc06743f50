# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira as the simulator plays it. Evidence codes in comments (KDF, H6, S103 ...) are those of tests/simulator/README.md."""
