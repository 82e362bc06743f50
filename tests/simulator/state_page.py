# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GET /status, the same in both products: no log-in, also while the site is closed (KST)."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from .answers import product

pages = Blueprint("state", __name__)
STATUS_CODES = {"MAINTENANCE": 503, "ERROR": 500}  # KST: all others 200


@pages.get("/status")
def status() -> ResponseReturnValue:
    return jsonify({"state": product().status}), STATUS_CODES.get(product().status, 200)
