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
from xml.etree import ElementTree
from collections.abc import Mapping, Sequence

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import (
    Document,
    Row,
    by_target,
    key_of,
    left_out,
    nothing_examined,
    shown_settings,
    told,
)
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import asked_for, failures_of, last_seen, mode, note, number, words

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
        ended = " (expired)" if risk["expired"] else ""
        only = f", for the setting {risk['setting']} only" if risk["setting"] else ""
        lines.append(f"Accepted by {risk['owner']} until {risk['expires']}{ended}{only}: {risk['reason']}")
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


def _case(suite: ElementTree.Element, row: Row, catalogue: Catalogue, asked: bool, last: str) -> str | None:
    """Add a row to its suite; returns the element that says how it went, None for a pass. last is what an earlier run saw of it."""
    name = visible(f"{row['control']} {row['title']}")
    classname = visible(f"{row['target']}.{family_of(row['control'])}")
    case = ElementTree.SubElement(suite, "testcase", {"classname": classname, "name": name, "time": "0"})
    outcome, state = _OUTCOMES.get(row["state"]), words(row["state"])
    if row["state"] in _SKIPPED or not asked:
        outcome = "skipped"
        seen = "" if asked else f"last seen {words(last)}" if last else "never examined"
        ElementTree.SubElement(case, outcome, {"message": visible(f"{state}: " + "; ".join(part for part in (seen, row["reason"]) if part)).rstrip(": ")})
    elif outcome is not None:
        element = ElementTree.SubElement(case, outcome, {"type": row["state"], "message": visible(note(row)) or state})
        element.text = _body(row, catalogue)
        return outcome
    said = [*_promise(row), *_settings(row)]
    if said:
        ElementTree.SubElement(case, "system-out").text = _text([f"{state}: {row['control']} on {row['target']}", *said])
    return outcome


def _facts(document: Document) -> dict[str, str]:
    """What a reader must know of the run to judge its cases. Nothing in it depends on the target."""
    header = document["header"]
    comparison, unasked = header.get("comparison"), last_seen(header)
    known = {"run_id": str(header.get("run_id") or ""), "mode": mode(header), "playbook": str(header.get("playbook") or "")}
    known |= {option.removeprefix("--"): value for option, value in asked_for(header).items()}
    known |= {"not_asked_for": f"{number(len(header['left_out']), 'row')}, last seen: {unasked}"} if unasked else {}
    if comparison:
        return known | {"compared_with": str(comparison["previous"]["started"])} | {name: str(len(comparison[name])) for name in ("new", "resolved")}
    return known | ({"not_compared": str(header["not_compared"])} if header.get("not_compared") else {})


def _properties(suite: ElementTree.Element, document: Document) -> None:
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _facts(document).items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": visible(value)})


def _run(root: ElementTree.Element, document: Document) -> list[str | None]:
    """What is wrong with the run itself, a case each: a task of no control may fail while all rows are green, and no rows look clean."""
    header = document["header"]
    wrong = {
        "inventory and tags are sound": [str(problem) for problem in header.get("problems") or ()],
        "every task ran": [sentence for _target, sentence in failures_of(header)],
        "something was examined": ["no task found out anything"] if nothing_examined(document) else [],
    }
    if not any(wrong.values()):
        return []
    suite = ElementTree.SubElement(root, "testsuite", {"name": "the run itself", **_timestamp(header)})
    _properties(suite, document)
    for name, sentences in wrong.items():
        if sentences:
            case = ElementTree.SubElement(suite, "testcase", {"classname": "the run itself", "name": name, "time": "0"})
            element = ElementTree.SubElement(case, "error", {"type": "not_examined", "message": visible(sentences[0]) or name})
            element.text = _text(sentences)
    outcomes: list[str | None] = ["error"] * sum(1 for sentences in wrong.values() if sentences)
    _count(suite, outcomes)
    return outcomes


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
    did examine something; accepted, not_applicable, off and planned ones are skipped; compliant, changed and attested ones pass. Where
    the run itself went wrong, a suite of its own has an error for it.
    """
    header, unasked = document["header"], left_out(document)
    last = {key_of(entry): str(entry["state"] or "") for entry in header.get("left_out") or ()}
    root = ElementTree.Element("testsuites", {"name": "drift report"})
    outcomes = _run(root, document)
    for target, rows in by_target(document).items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": visible(target), **_timestamp(header)})
        _properties(suite, document)
        found = [_case(suite, row, catalogue, key_of(row) not in unasked, last.get(key_of(row), "")) for row in rows]
        _count(suite, found)
        outcomes += found
    _count(root, outcomes)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
