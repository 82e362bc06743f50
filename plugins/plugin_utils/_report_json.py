# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as a JSON document; docs/schema/drift-report.schema.json describes it."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report

SCHEMA_VERSION = 2


def as_document(report: Report) -> dict[str, Any]:
    """The whole report as plain values; equal states of the world give equal members, all that varies stands in the header."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "header": report.header,
        "targets": [{"name": name, "groups": list(groups)} for name, groups in report.targets.items()],
        "counts": report.counts(),
        "score": report.score(),
        "rows": [row.as_dict() for row in report.rows],
    }
    # There and back: renderers see what a reader of the file sees, and none of Ansible's own kinds of values.
    plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
    return plain


def as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"
