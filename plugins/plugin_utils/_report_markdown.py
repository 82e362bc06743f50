# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report in Markdown, for merge requests, chat, mail and wikis."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES, Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import controls_link
from ansible_collections.hardening.atlassian.plugins.plugin_utils._markdown import code, fenced, inline
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_summary import mode
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import (
    Document,
    Row,
    asked_for,
    failures_of,
    left_out,
    shown_settings,
    told,
    words,
)
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

TEMPLATES = Path(__file__).resolve().parent / "report"

# A diff longer than this is cut: comments of merge requests have a limit, and the other formats hold the whole.
_LINES, _COLUMNS = 60, 300

_SECTIONS = (("failed", "FAILED"), ("drifted", "Drifted"), ("changed", "Changed"))


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    # Autoescape is for HTML; here each value goes through one of the filters, and a test holds the template to that.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
    environment.filters |= {"inline": inline, "code": code, "fenced": fenced, "number": _number, "words": words}
    return environment


def _number(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _cut(lines: list[str]) -> list[str]:
    """A diff that fits into a comment, with a last line that says what is missing."""
    shown = [line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]}..." for line in lines[:_LINES]]
    return shown if len(lines) <= _LINES else [*shown, f"@@ {_number(len(lines) - _LINES, 'line')} more in the JSON report @@"]


def _entries(row: Row) -> list[dict[str, Any]]:
    found = []
    for entry in shown_settings(row):
        remark, lines = told(entry)
        found.append({"name": entry["setting"], "state": entry["state"], "remark": remark, "lines": _cut(lines)})
    return found


def _row(row: Row, catalogue: Catalogue, since: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """A row with what the catalogue and the comparison know of it."""
    control = catalogue.get(row["control"])
    return {
        **row,
        "entries": _entries(row),
        "why": control.why if control and row["state"] != "changed" else "",
        "fix": control.fix if control and row["state"] != "changed" else "",
        "link": controls_link(row["control"]) if control else "",
        "repair": repair_of(row),
        "since": since.get((row["control"], row["target"]), ""),
    }


def _unexamined(rows: list[Row]) -> list[dict[str, Any]]:
    """Rows with one reason share a line: first the controls of a target, then the targets with the same controls."""
    controls: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        controls.setdefault((row["reason"], row["target"]), []).append(row["control"])
    targets: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, target), names in controls.items():
        targets.setdefault((reason, tuple(names)), []).append(target)
    return [
        {"controls": names, "targets": hosts, "reason": reason or "no reason is known", "count": len(names) * len(hosts)}
        for (reason, names), hosts in targets.items()
    ]


def _summary(counts: Mapping[str, int], unasked: int) -> str:
    """The states somebody has to look at, always all three of them."""
    parts = [f"{counts['drifted']} drifted", f"{counts['failed']} failed", f"{counts['not_examined'] - unasked} not examined"]
    parts += [f"{unasked} not asked for"] if unasked else []
    parts += [f"{counts['changed']} changed"] if counts["changed"] else []
    return ", ".join(parts)


def as_markdown(document: Document, catalogue: Catalogue) -> str:
    """The whole document of a JSON report (schema version 2), as CommonMark with the tables of GitHub and GitLab."""
    header, unasked = document["header"], left_out(document)
    comparison = header.get("comparison")
    since = {(entry["control"], entry["target"]): entry["since"] for entry in (comparison or {}).get("since", ())}
    rows = [_row(row, catalogue, since) for row in document["rows"]]
    rows.sort(key=lambda row: -SEVERITIES.index(row["severity"]) if row["severity"] in SEVERITIES else 0)
    text = _environment().get_template("report.md.j2").render(
        header={"playbook": "", "started": "", "run_id": "", "problems": (), "not_compared": "", **{k: v or "" for k, v in header.items()}},
        mode=mode(header),
        asked=asked_for(header),
        unasked=unasked,
        summary=_summary(document["counts"], len(unasked)),
        counts=[(state, document["counts"][state]) for state in STATES],
        score=document["score"],
        rows=rows,
        unexamined=_unexamined([row for row in document["rows"] if row["state"] == "not_examined" and (row["control"], row["target"]) not in unasked]),
        failures=failures_of(header),
        sections=_SECTIONS,
        comparison=comparison,
    )
    return _tidy(text)


def _tidy(text: str) -> str:
    """One empty line at most between blocks, but untouched inside fences, where empty lines belong to somebody's file."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif not line.strip() and (not lines or not lines[-1].strip()):
            continue
        lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
