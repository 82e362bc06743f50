# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as JUnit XML, for the test views of GitLab, Jenkins and GitHub.

A test suite is a target, a test case is a row. Jenkins groups test cases by the dots of their class name, GitLab and GitHub by suite and
class name, and all of them follow a test case through time by class name and name: so the class name is "target.family", and the name
begins with the control's id. The standard library's writer is enough, since nothing is parsed here and no schema is needed to write.
"""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import mode
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import (
    Document,
    Row,
    asked_for,
    by_target,
    failures_of,
    left_out,
    shown_settings,
    told,
    words,
)

# What a row becomes. Only what is as wanted passes; what nobody looked at is an error and never a pass.
_OUTCOMES = {"failed": "failure", "drifted": "failure", "not_examined": "error"}
_SKIPPED = ("accepted", "not_applicable", "off", "planned")
_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def _text(lines: Sequence[str]) -> str:
    """Lines that XML can hold: control characters and lone surrogates are shown as escapes."""
    return "\n".join(visible(line) for line in lines) + "\n"


def _sentences(label: str, text: str) -> list[str]:
    """A labelled text, or nothing; texts of several lines are put on one."""
    return [f"{label}: {' '.join(text.split())}"] if text.strip() else []


def _settings(row: Row) -> list[str]:
    lines = []
    for entry in shown_settings(row):
        remark, difference = told(entry)
        lines += ["", f"{words(entry['state'])}: {entry['setting']}" + (f" ({remark})" if remark else "")]
        lines += [f"  {line}" for line in difference]
    return lines


def _promise(row: Row) -> list[str]:
    """Who accepted the row, or stated it."""
    risk, attestation = row["risk"], row["attestation"]
    lines = []
    if risk:
        lines.append(f"Accepted by {risk['owner']} until {risk['expires']}{' (expired)' if risk['expired'] else ''}: {risk['reason']}")
    if attestation:
        ended = " (expired)" if attestation["expired"] else ""
        lines.append(f"Attested by {attestation['by']} until {attestation['until']}{ended}: {attestation['statement']}")
    return lines


def _advice(row: Row, catalogue: Catalogue) -> list[str]:
    control, repair = catalogue.get(row["control"]), repair_of(row)
    lines = [""]
    if control is not None:
        lines += [*_sentences("Why it matters", control.why), *_sentences("What to do", control.fix)]
    lines += _sentences(repair.label or "Repair", repair.command or repair.sentence)
    return lines + (_sentences("Mind", repair.sentence) if repair.command else [])


def _body(row: Row, catalogue: Catalogue) -> str:
    first = f"{words(row['state'])}: {row['control']} on {row['target']}, severity {row['severity']}, mode {row['mode']}"
    return _text([first, *_sentences("Reason", row["reason"]), *_promise(row), *_settings(row), *_advice(row, catalogue)])


def _message(row: Row) -> str:
    """One line: what differs by name, and why."""
    names = [entry["setting"] for entry in row["settings"] if entry["state"] == row["state"]]
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return visible("; ".join(part for part in (shown, row["reason"]) if part) or words(row["state"]))


def _case(suite: ElementTree.Element, row: Row, catalogue: Catalogue, asked: bool) -> str | None:
    """Add a row to its suite; returns the element that says how it went, None for a pass."""
    name = visible(f"{row['control']} {row['title']}")
    classname = visible(f"{row['target']}.{family_of(row['control'])}")
    case = ElementTree.SubElement(suite, "testcase", {"classname": classname, "name": name, "time": "0"})
    outcome = _OUTCOMES.get(row["state"])
    if row["state"] in _SKIPPED or not asked:
        outcome = "skipped"
        message = visible(f"{words(row['state'])}: {row['reason']}" if row["reason"] else words(row["state"]))
        ElementTree.SubElement(case, outcome, {"message": message})
    elif outcome is not None:
        element = ElementTree.SubElement(case, outcome, {"type": row["state"], "message": _message(row)})
        element.text = _body(row, catalogue)
        return outcome
    said = [*_promise(row), *_settings(row)]
    if said:
        ElementTree.SubElement(case, "system-out").text = _text([f"{words(row['state'])}: {row['control']} on {row['target']}", *said])
    return outcome


def _properties(suite: ElementTree.Element, document: Document) -> None:
    header = document["header"]
    known = {"run_id": str(header.get("run_id") or ""), "mode": mode(header), "playbook": str(header.get("playbook") or ""), **asked_for(header)}
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in known.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": visible(value)})


def _timestamp(header: Mapping[str, object]) -> dict[str, str]:
    """The start in UTC, in the form without a zone that readers of JUnit expect; nothing where it is not known."""
    try:
        time = datetime.datetime.fromisoformat(str(header.get("started")))
    except ValueError:
        return {}
    if time.tzinfo is not None:
        time = time.astimezone(datetime.timezone.utc)
    return {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%S")}


def _count(element: ElementTree.Element, outcomes: Sequence[str | None]) -> None:
    element.set("tests", str(len(outcomes)))
    for outcome, attribute in _COUNTED.items():
        element.set(attribute, str(outcomes.count(outcome)))
    element.set("time", "0")


def as_junit(document: Document, catalogue: Catalogue) -> str:
    """The whole document of a JSON report (schema version 2).

    failed and drifted rows are failures; not_examined ones are errors, and skipped where --limit or --tags left them out of a run that
    did examine something; accepted, not_applicable, off and planned ones are skipped; compliant, changed and attested ones pass.
    """
    header, unasked = document["header"], left_out(document)
    root = ElementTree.Element("testsuites", {"name": "drift report"})
    outcomes: list[str | None] = []
    for target, rows in by_target(document).items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": visible(target), **_timestamp(header)})
        _properties(suite, document)
        found = [_case(suite, row, catalogue, (row["control"], row["target"]) not in unasked) for row in rows]
        _count(suite, found)
        outcomes += found
        said = [*(str(problem) for problem in header.get("problems") or ()), *failures_of(header, [target])]
        if said:
            ElementTree.SubElement(suite, "system-err").text = _text(said)
    if not outcomes:
        # A reader shows a file without test cases as clean.
        suite = ElementTree.SubElement(root, "testsuite", {"name": "drift report", **_timestamp(header)})
        case = ElementTree.SubElement(suite, "testcase", {"classname": "drift report", "name": "the report has rows", "time": "0"})
        ElementTree.SubElement(case, "error", {"type": "not_examined", "message": "the report has no rows: nothing was examined"})
        outcomes = ["error"]
        _count(suite, outcomes)
    _count(root, outcomes)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
