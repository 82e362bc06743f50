# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report in Markdown, for merge requests, chat, mail and wikis."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES, Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import controls_link
from ansible_collections.hardening.atlassian.plugins.plugin_utils._markdown import code, fenced, inline
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_rows import Document, Row, alike, key_of, left_out, shown_settings, told
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import asked_for, cautions, counted, failures_of, last_seen, mode, number, words
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES

TEMPLATES = Path(__file__).resolve().parent / "report"

# A diff longer than this is cut: comments of merge requests have a limit, and the other formats hold the whole.
_LINES, _COLUMNS = 60, 300
_ACCEPTED = 500  # accepted settings by name

_SECTIONS = (("failed", "FAILED"), ("drifted", "Drifted"), ("changed", "Changed"))


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    # Autoescape is for HTML; here each value goes through one of the filters, and a test holds the template to that.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False
    )
    environment.filters |= {"inline": inline, "code": code, "fenced": fenced, "number": number, "words": words}
    return environment


@dataclass
class Room:
    """Characters that the settings of one document may still take; a comment that is too long is refused whole by its reader."""

    left: int = 300_000


def _cut(lines: list[str], room: Room) -> list[str]:
    """A diff that fits into a comment, with a last line that says what is missing."""
    shown = []
    for line in lines[:_LINES]:
        short = line if len(line) <= _COLUMNS else f"{line[:_COLUMNS]}..."
        if len(short) > room.left:
            break
        room.left -= len(short)
        shown.append(short)
    return shown if len(lines) == len(shown) else [*shown, f"@@ {number(len(lines) - len(shown), 'line')} more in the JSON report @@"]


def _entries(row: Row, room: Room) -> tuple[list[dict[str, Any]], int]:
    """The settings that explain a row as far as there is room, and how many are left out."""
    found: list[dict[str, Any]] = []
    # Rows in other states stand in tables.
    settings = shown_settings(row) if row["state"] in dict(_SECTIONS) else []
    for entry in settings:
        if room.left < _COLUMNS:
            break
        remark, lines = told(entry)
        room.left -= len(entry["setting"]) + len(remark)
        found.append({"name": entry["setting"], "state": entry["state"], "remark": remark, "lines": _cut(lines, room)})
    return found, len(settings) - len(found)


def _row(row: Row, catalogue: Catalogue, since: Mapping[tuple[str, str], str], room: Room) -> dict[str, Any]:
    """A row with what the catalogue and the comparison know of it."""
    control = catalogue.get(row["control"])
    entries, missing = _entries(row, room)
    return {
        **row,
        "entries": entries,
        "missing": missing,
        "why": control.why if control and row["state"] != "changed" else "",
        "fix": control.fix if control and row["state"] != "changed" else "",
        "link": controls_link(row["control"]) if control else "",
        "repair": repair_of(row),
        "since": since.get(key_of(row), ""),
    }


def _summary(document: Document) -> str:
    """The states somebody has to look at, always all of them, and what else keeps the run from being clean."""
    parts = [f"{count} {name}" for name, count in counted(document).items()]
    parts += [f"{document['counts']['changed']} changed"] if document["counts"]["changed"] else []
    return "; ".join([", ".join(parts), *cautions(document)])


def as_markdown(document: Document, catalogue: Catalogue) -> str:
    """The whole document of a JSON report (schema version 2), as CommonMark with the tables of GitHub and GitLab."""
    header, unasked = document["header"], left_out(document)
    comparison = header.get("comparison")
    since = {key_of(entry): entry["since"] for entry in (comparison or {}).get("since", ())}
    accepted = [(row, entry) for row in document["rows"] for entry in row["settings"] if entry["state"] == "accepted"]
    room = Room()
    ordered = sorted(document["rows"], key=lambda row: -SEVERITIES.index(row["severity"]) if row["severity"] in SEVERITIES else 0)
    text = _environment().get_template("report.md.j2").render(
        header={"playbook": "", "started": "", "run_id": "", "problems": (), "not_compared": "", **{k: v or "" for k, v in header.items()}},
        mode=mode(header),
        asked=asked_for(header),
        last_seen=last_seen(header),
        summary=_summary(document),
        counts=[(state, document["counts"][state]) for state in STATES],
        score=document["score"],
        rows=[_row(row, catalogue, since, room) for row in ordered],
        unexamined=alike(row for row in document["rows"] if row["state"] == "not_examined" and key_of(row) not in unasked),
        accepted=accepted[:_ACCEPTED],
        unlisted=len(accepted) - len(accepted[:_ACCEPTED]),
        failures=[sentence for _target, sentence in failures_of(header)],
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
