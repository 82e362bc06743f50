# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confluence as the simulator plays it. Evidence codes in comments (C102, KAC, TF ...) are those of tests/simulator/README.md."""
