# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as one HTML file that asks the network for nothing.

Everything in a report is somebody else's text: names of hosts, settings of products, lines of files. The templates below report/
escape all of it, no script holds any of it, and the page forbids itself to load, send or run anything but its own style and script.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_html_rows, _report_html_where
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_html_run as run
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_html_view as view
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SEVERITIES, Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_name
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_text import last_seen, number, part, words

TEMPLATES = Path(__file__).resolve().parent / "report"


def _plain(value: Any) -> Any:
    """What a template prints: no character that cannot be seen, turns the direction of writing, or cannot be encoded."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@functools.lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    environment.filters |= {"words": words, "number": number, "when": run.when, "tally": run.tally, "bar": run.state_bar, "family_name": family_name}
    environment.globals |= {"ORDER": run.ORDER, "SEVERITIES": SEVERITIES}
    return environment


@functools.lru_cache(maxsize=2)
def _own(name: str) -> tuple[Markup, str]:
    """The page's own style or script, as it stands in the page, and the source expression of the policy that allows it alone."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    # A constant file of this collection, no part of any report.
    return Markup(text), f"'sha256-{digest}'"


def as_html(document: Mapping[str, Any], catalogue: Catalogue) -> str:
    """The page of a JSON report (schema version 2); the catalogue says why each control matters and what to do."""
    header = document["header"]
    (style, style_source), (script, script_source) = _own("report.css"), _own("report.js")
    targets = _report_html_rows.targets_of(document)
    rows = _report_html_rows.rows_of(document, catalogue, targets)
    areas = _report_html_where.areas_of(rows, catalogue)
    return _environment().get_template("report.html.j2").render(
        title="Change log" if run.is_change_log(header) else "Drift report",
        policy=f"default-src 'none'; style-src {style_source}; script-src {script_source}; base-uri 'none'; form-action 'none'",
        style=style,
        script=script,
        header=header,
        document=document,
        asked=part(header),
        last_seen=last_seen(header),
        kind=run.kind_of_run(header),
        verdict=run.verdict(document),
        targets=targets,
        rows=rows,
        areas=areas,
        maps=_report_html_where.maps_of(rows, areas),
        unexamined=view.unexamined_of(rows),
        risks=view.risks_of(rows, header.get("started")),
        attestations=view.attestations_of(rows, header.get("started")),
        accepted_settings=view.accepted_settings_of(rows),
        comparison=view.comparison_of(document, rows),
    )
