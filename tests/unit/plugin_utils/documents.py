# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON reports for the tests of the formats that are made from them."""

from __future__ import annotations

from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import IN_ORDER
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

RISK = {"reason": "no PKI yet", "owner": "it-sec", "expires": "2027-06-30", "expired": False, "setting": None}
ATTESTATION = {"statement": "two people can do it", "by": "jane", "until": "2027-01-31", "expired": False}


def setting(name: str, state: str, before: Any = None, after: Any = None, reason: str = "") -> dict[str, Any]:
    return {"setting": name, "before": before, "after": after, "state": state, "reason": reason}


CONTENT = setting("server.d/prx-02.conf", "drifted", "a\nb\n", "a\nc\n")


def row(control: str, state: str, target: str = "proxy1.example.com", **members: Any) -> dict[str, Any]:
    known = load()[control]
    return {
        "control": control,
        "title": known.title,
        "kind": known.kind,
        "severity": known.severity,
        "target": target,
        "mode": "enforce",
        "state": state,
        "reason": "",
        "risk": None,
        "attestation": None,
        "settings": [],
        **members,
    }


def document(*rows: dict[str, Any], **header: Any) -> dict[str, Any]:
    """A report with these rows; counts and score follow from them."""
    counts = {state: sum(1 for found in rows if found["state"] == state) for state in STATES}
    in_order = sum(counts[state] for state in IN_ORDER)
    examined = in_order + counts["failed"] + counts["drifted"]
    return {
        "schema_version": 2,
        "header": {
            "started": "2026-11-26T10:00:00+00:00",
            "playbook": "drift.yml",
            "check_mode": True,
            "read_only": True,
            "limit": "",
            "tags": "",
            "skip_tags": "",
            "start_at_task": "",
            "inventory": [{"source": "hosts.yml", "commit": None, "modified": None}],
            "vantage": "controller",
            "versions": {"collection": "0.3.0", "ansible_core": "2.19.0", "python": "3.11.7"},
            "run_id": "20261126T100000Z-0a1b2c",
            "problems": [],
            "failures": [],
            "comparison": None,
            "not_compared": "there is no earlier report in the report directory",
            "left_out": [],
            **header,
        },
        "targets": [{"name": name, "groups": ["atlassian_proxies"]} for name in dict.fromkeys(found["target"] for found in rows)],
        "counts": counts,
        "score": {"examined": examined, "in_order": in_order, "percent": 100 * in_order // examined if examined else None},
        "rows": list(rows),
    }


def every_state() -> dict[str, Any]:
    """A report with a row in each state, on two targets."""
    return document(
        row("PRX-01", "compliant", settings=[setting("package apache2", "compliant")]),
        row("PRX-02", "drifted", settings=[CONTENT, setting("mode of /etc/x", "drifted", "0644", "0600")]),
        row("PRX-04", "failed", reason="httpd refused", settings=[setting("httpd", "failed", reason="httpd refused")]),
        row("PRX-05", "not_examined", reason="unreachable: no route"),
        row("PRX-06", "changed", settings=[setting("package logrotate", "changed", "absent", "present")]),
        row("PRX-07", "not_applicable", reason="no banner here"),
        row("PRX-15", "accepted", reason="accepted by it-sec until 2027-06-30: no PKI yet", risk=dict(RISK)),
        row("ORG-01", "attested", "organisation", attestation=dict(ATTESTATION)),
        row("PRX-03", "off"),
        row("F2B-01", "planned", reason="not built yet"),
        row("PRX-05", "not_examined", "proxy2.example.com", reason="unreachable: no route"),
    )
