# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON reports to render: what a team sees on an ordinary day, and every case that must not look better than it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue, Control, load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import IN_ORDER
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

Document = dict[str, Any]

STARTED = "2026-11-26T06:30:04+00:00"
TARGETS = (
    ("proxy1.example.com", "atlassian_proxies"),
    ("proxy2.example.com", "atlassian_proxies"),
    ("jira", "jira_sites"),
    ("wiki", "confluence_sites"),
    ("node1.example.com", "jira_nodes"),
    ("node2.example.com", "confluence_nodes"),
    ("organisation", "organisation"),
)
UNREACHABLE = "unreachable earlier in 'Gather facts': Failed to connect to the host via ssh: connect to host proxy2.example.com port 22: Connection timed out"

BEFORE = """\
# Written by hardening.atlassian (TLS-01).
SSLProtocol all -SSLv3
SSLCipherSuite HIGH:!aNULL
SSLHonorCipherOrder on
SSLSessionTickets on
SSLCompression off
"""
AFTER = """\
# Written by hardening.atlassian (TLS-01).
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384
SSLHonorCipherOrder off
SSLSessionTickets off
SSLCompression off
SSLOpenSSLConfCmd Groups X25519:prime256v1:secp384r1
"""

# (control, target): what stands out on an ordinary day; everything else is as wanted. Settings are (name, state, before, after, reason).
DRIFT: Mapping[tuple[str, str], tuple[str, list[tuple[str, str, Any, Any, str]]]] = {
    ("TLS-01", "proxy1.example.com"): (
        "",
        [("server.d/tls-01.conf", "drifted", BEFORE, AFTER, ""), ("running configuration", "compliant", None, None, "")],
    ),
    ("TLS-03", "proxy1.example.com"): (
        "the certificate ends in 9 days and nothing renews it",
        [("renewal of jira.example.com", "drifted", "ends 2026-12-05", "renewed 30 days before", "the certificate ends in 9 days and nothing renews it")],
    ),
    ("PRX-02", "proxy1.example.com"): (
        "",
        [
            ("admin networks", "drifted", ["192.0.2.0/24", "0.0.0.0/0"], ["192.0.2.0/24", "2001:db8:a::/48"], ""),
            ("refusal of /secure/admin", "drifted", None, "403", ""),
            ("mode of site.d/prx-02.conf", "drifted", "0664", "0644", ""),
        ],
    ),
    ("PRX-14", "proxy1.example.com"): ("", [("modules that nobody needs", "drifted", "autoindex\nstatus \nuserdir\n", "status\n", "")]),
    ("JIRA-03", "jira"): (
        "",
        [("Browse Users", "drifted", ["anyone", "jira-users"], ["jira-users"], ""), ("Create Shared Objects", "compliant", ["jira-users"], ["jira-users"], "")],
    ),
    ("JIRA-05", "jira"): (
        "2 dashboards are visible to anyone",
        [("dashboard 10100 'Operations'", "drifted", "visible to anyone", None, "2 dashboards are visible to anyone")],
    ),
    ("CONF-03", "wiki"): (
        "",
        [(f"space {name}", "drifted", {"anonymous": ["VIEWSPACE", "COMMENT"]}, {"anonymous": []}, "") for name in ("DOCS", "HR", "KB")]
        + [("space ~j.doe", "drifted", "VIEWSPACE", "VIEWSPACE", "a personal space: left to its owner")],
    ),
    ("CONF-06", "wiki"): (
        "",
        [
            ("Anti XSS mode", "drifted", False, True, ""),
            ("Maximum RSS items", "drifted", 100, 20, ""),
            ("External user management", "drifted", "true", True, ""),
        ],
    ),
    ("JIRA-07", "jira"): (
        "the form answered 500 twice: ask the product's log",
        [("Maximum authentication attempts", "failed", None, 3, "the form answered 500 twice: ask the product's log")],
    ),
    ("WAF-03", "proxy1.example.com"): (
        "",
        [
            ("/var/log/apache2/modsec_audit.log", "drifted", {"mode": "0644", "owner": "root"}, {"mode": "0640", "owner": "root"}, ""),
            ("hidden value", "drifted", None, None, "the values are hidden by no_log"),
        ],
    ),
}
RISKS: Mapping[tuple[str, str], tuple[str, str, str, bool]] = {
    ("PRX-15", "proxy1.example.com"): ("no PKI yet; planned with the new directory", "it-sec", "2027-06-30", False),
    ("PRX-15", "proxy2.example.com"): ("no PKI yet; planned with the new directory", "it-sec", "2027-06-30", False),
    ("PRX-17", "proxy1.example.com"): ("the old intranet search reads the list of users", "Ada Example", "2026-12-08", False),
    ("CONF-04", "wiki"): ("contractors until the end of the project", "Ben Example", "2026-10-31", True),
}
ATTESTED: Mapping[str, tuple[str, str, str, bool]] = {
    "ORG-01": ("The platform team reads the advisories every Tuesday; tickets in OPS.", "Ada Example", "2027-03-31", False),
    "ORG-02": ("Patch day is the second Thursday of each month.", "Ben Example", "2026-12-20", False),
}


def setting(name: str, state: str, before: Any = None, after: Any = None, reason: str = "") -> dict[str, Any]:
    return {"setting": name, "before": before, "after": after, "state": state, "reason": reason}


def row(control: Control | str, target: str, state: str, /, reason: str = "", settings: Iterable[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """A row of the report, of a control or its id; more replaces single members."""
    known = load()[control] if isinstance(control, str) else control
    members = {
        "control": known.id, "title": known.title, "kind": known.kind, "severity": known.severity, "target": target, "mode": known.mode,
        "state": state, "reason": reason, "risk": None, "attestation": None, "settings": list(settings),
    }  # fmt: skip
    return members | more


def document(rows: Iterable[Mapping[str, Any]], targets: Iterable[tuple[str, str]] = TARGETS, **header: Any) -> Document:
    """A whole report with these rows; header replaces single members of it. Counts and score follow from the rows."""
    rows = list(rows)
    counts = {state: sum(1 for entry in rows if entry["state"] == state) for state in STATES}
    found_out = any(entry["settings"] for entry in rows)
    in_order = sum(counts[state] for state in IN_ORDER) if found_out else 0
    examined = in_order + counts["failed"] + counts["drifted"] if found_out else 0
    return {
        "schema_version": 2,
        "header": {
            "started": STARTED, "playbook": "drift.yml", "check_mode": False, "read_only": True, "limit": "", "tags": "", "skip_tags": "", "start_at_task": "",
            "inventory": [{"source": "inventory/production.yml", "commit": "4f1c2a9be07d", "modified": False}], "vantage": "bastion.example.com",
            "versions": {"collection": "0.3.0", "ansible_core": "2.19.4", "python": "3.11.7"}, "run_id": "5b0f6c1e", "problems": [], "failures": [],
            "comparison": None, "not_compared": "", "left_out": [], "unseen": [],
        } | header,
        "targets": [{"name": name, "groups": [group]} for name, group in targets],
        "counts": counts,
        "score": {"examined": examined, "in_order": in_order, "percent": 100 * in_order // examined if examined else None},
        "rows": rows,
    }  # fmt: skip


def _risk(given: tuple[str, str, str, bool]) -> dict[str, Any]:
    return {**dict(zip(("reason", "owner", "expires", "expired"), given, strict=True)), "setting": None}


def _ordinary(control: Control, target: str) -> dict[str, Any]:
    key = (control.id, target)
    if control.id in ATTESTED:
        given = dict(zip(("statement", "by", "until", "expired"), ATTESTED[control.id], strict=True))
        return row(control, target, "attested", attestation=given)
    if control.status == "planned":
        return row(control, target, "planned", "not built yet")
    if key in RISKS:
        risk = _risk(RISKS[key])
        state = "drifted" if risk["expired"] else "accepted"
        return row(control, target, state, "1 setting would change", [setting("the whole of it", "drifted", "off", "on")], risk=risk)
    if key in DRIFT:
        reason, settings = DRIFT[key]
        found = [setting(*entry) for entry in settings]
        return row(control, target, "failed" if any(entry["state"] == "failed" for entry in found) else "drifted", reason, found)
    if target == "proxy2.example.com":
        return row(control, target, "not_examined", UNREACHABLE)
    if control.mode == "off":
        return row(control, target, "off", "off by default")
    if control.id == "PRX-19":
        return row(control, target, "not_applicable", "one node only", [setting("cluster", "not_applicable", reason="one node only")])
    return row(control, target, "compliant", settings=[setting(f"{control.id.lower()}, part {number}", "compliant", True, True) for number in (1, 2, 3)])


def _pairs(catalogue: Catalogue, targets: Iterable[tuple[str, str]] = TARGETS) -> list[tuple[Control, str]]:
    return [(control, name) for control in catalogue.values() for name, group in targets if control.applies((group,))]


def ordinary() -> Document:
    """A drift run of a small team: drift, an unreachable proxy, a failed form, accepted risks, one of them over, statements."""
    comparison = {
        "previous": {"run_id": "19ac", "started": "2026-11-25T06:30:02+00:00"},
        "new": [{"control": "PRX-02", "target": "proxy1.example.com"}, {"control": "CONF-06", "target": "wiki"}],
        "resolved": [{"control": "JIRA-01", "target": "jira", "was": "drifted"}, {"control": "PRX-06", "target": "proxy1.example.com", "was": "failed"}],
        "since": [
            {"control": "TLS-01", "target": "proxy1.example.com", "since": "2026-11-02T06:30:03+00:00"},
            {"control": "JIRA-03", "target": "jira", "since": "2026-11-20T06:30:01+00:00"},
        ],
    }
    failure = {"target": "proxy2.example.com", "status": "unreachable", "task": "Gather facts", "message": UNREACHABLE.partition(": ")[2]}
    return document([_ordinary(*pair) for pair in _pairs(load())], comparison=comparison, failures=[failure])


def clean() -> Document:
    """Everything there is was examined and is as wanted."""
    return document(row(control, target, "compliant", settings=[setting("all of it", "compliant", 1, 1)]) for control, target in _pairs(load()))


def change_log() -> Document:
    """A real run that changed what had drifted."""
    rows = []
    for control, target in _pairs(load()):
        _reason, settings = DRIFT.get((control.id, target), ("", []))
        found = [setting(name, "changed", before, after) for name, _state, before, after, _why in settings]
        rows.append(row(control, target, "changed" if found else "compliant", settings=found))
    return document(rows, playbook="site.yml", check_mode=False, read_only=False)


def partial() -> Document:
    """Only a site and a few controls were asked for; what was asked for is in order."""
    wanted = {"JIRA-01", "JIRA-02"}
    left = "no task ran: the run was asked for a part only (--limit jira, --tags JIRA-01,JIRA-02)"
    rows = [
        row(control, target, "compliant", settings=[setting("all of it", "compliant", 1, 1)])
        if target == "jira" and control.id in wanted
        else row(control, target, "not_examined", left)
        for control, target in _pairs(load())
    ]
    left_out = [
        {"control": entry["control"], "target": entry["target"], "state": "drifted" if entry["control"] == "TLS-01" else None}
        for entry in rows
        if entry["state"] == "not_examined"
    ]
    return document(rows, limit="jira", tags="JIRA-01,JIRA-02", left_out=left_out, not_compared="the last report is damaged")


def refused() -> Document:
    """The inventory has a problem, so nothing was examined."""
    problem = "the group jira_site is unknown; did you mean jira_sites?"
    rows = [row(control, target, "not_examined", f"the run was refused: {problem}") for control, target in _pairs(load())]
    return document(rows, problems=[problem])


def empty() -> Document:
    """No rows at all."""
    return document([])


def every_state() -> Document:
    """A row in each state, and a setting in each state a setting can have."""
    control = next(iter(load().values()))
    names = ("failed", "drifted", "not_examined", "changed", "compliant", "not_applicable", "attested", "accepted")
    settings = [setting(f"setting {state}", state, "left", "right", f"why {state}") for state in names]
    return document(row(control, f"host-{state}", state, f"because {state}", settings) for state in STATES)


def two_proxies() -> Document:
    """Every state at least once, on controls of their own: the ordinary settings, reasons and promises of each."""
    content = setting("server.d/prx-02.conf", "drifted", "a\nb\n", "a\nc\n")
    risk = {"reason": "no PKI yet", "owner": "it-sec", "expires": "2027-06-30", "expired": False, "setting": None}
    attestation = {"statement": "two people can do it", "by": "jane", "until": "2027-01-31", "expired": False}
    first, second = "proxy1.example.com", "proxy2.example.com"
    rows = [
        row("PRX-01", first, "compliant", settings=[setting("package apache2", "compliant")]),
        row("PRX-02", first, "drifted", settings=[content, setting("mode of /etc/x", "drifted", "0644", "0600")]),
        row("PRX-04", first, "failed", "httpd refused", [setting("httpd", "failed", reason="httpd refused")]),
        row("PRX-05", first, "not_examined", "unreachable: no route"),
        row("PRX-06", first, "changed", settings=[setting("package logrotate", "changed", "absent", "present")]),
        row("PRX-07", first, "not_applicable", "no banner here"),
        row("PRX-15", first, "accepted", "accepted by it-sec until 2027-06-30: no PKI yet", risk=risk),
        row("ORG-01", "organisation", "attested", attestation=attestation),
        row("PRX-03", first, "off"),
        row("F2B-01", first, "planned", "not built yet"),
        row("PRX-05", second, "not_examined", "unreachable: no route"),
    ]
    return document(rows, not_compared="there is no earlier report in the report directory")


def hostile(text: str) -> Document:
    """One row in each state; everything a stranger could choose is this text."""
    control = next(iter(load().values()))
    risk = {"reason": text, "owner": text, "expires": text, "expired": False, "setting": text}
    attestation = {"statement": text, "by": text, "until": text, "expired": False}
    values = ((text, f"{text}!"), (text, text), (None, f"{text}\n{text}"), ([text] * 40, {text: text * 9}), (None, None))
    settings = [setting(text, state, before, after, text) for state in ("drifted", "not_examined", "compliant", "accepted") for before, after in values]
    pair = {"control": "PRX-01", "target": text}
    return document(
        [row(control, text, state, text, settings, title=text, risk=risk, attestation=attestation) for state in STATES],
        targets=[(text, text)],
        started=text, playbook=text, limit=text, tags=text, skip_tags=text, start_at_task=text, vantage=text, versions={text: text},
        run_id=text, problems=[text],
        inventory=[{"source": text, "commit": text, "modified": True}],
        failures=[{"target": text, "status": text, "task": text, "message": text}],
        comparison={"previous": {"run_id": text, "started": text}, "new": [pair], "resolved": [pair | {"was": text}], "since": [pair | {"since": text}]},
        left_out=[pair | {"state": "drifted"}], not_compared=text,
    )  # fmt: skip


def large(settings: int = 5_000) -> Document:
    """Thirty proxies, every tenth setting drifted, every fiftieth of them a file."""
    targets = [(f"proxy{number:02}.example.com", "atlassian_proxies") for number in range(30)]
    pairs = _pairs(load(), targets)
    rows, made = [], 0
    for number, (control, target) in enumerate(pairs):
        found = []
        while made * len(pairs) < settings * (number + 1):
            drifted = made % 10 == 3
            before, after = (BEFORE, AFTER) if made % 50 == 3 else (f"value {made}", f"wanted {made}")
            found.append(setting(f"setting {made}", "drifted", before, after) if drifted else setting(f"setting {made}", "compliant", True, True))
            made += 1
        rows.append(row(control, target, "drifted" if any(entry["state"] == "drifted" for entry in found) else "compliant", "", found))
    return document(rows, targets=targets)
