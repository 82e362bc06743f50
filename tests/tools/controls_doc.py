# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/tools/controls_doc.py: write docs/controls.md from meta/controls.yml."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue, Control, load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._controls_link import anchor
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import family_name, family_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "controls.md"

INTRODUCTION = """\
# The controls

<!-- Written by tests/tools/controls_doc.py from meta/controls.yml. Change that file, then run: make generated -->

Each control is one row of the drift report for every host or site it applies to. Its identifier is the tag of its tasks:
`--tags PRX-02`, `--skip-tags PRX-02`. The report links each row to its section here, whose address does not change with the title.

- **Kind**: *enforce* can be changed by the collection; *audit* can only be read; *attest* is stated by a person and runs out.
- **Mode** is the default: *enforce* writes, *audit* reports and never writes, *off* leaves alone. Change it by identifier in
  `atlassian_controls`.
- **Status**: *built*, or *planned*, which the report shows as a row of its own and never as compliant.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _overview(controls: list[Control]) -> list[str]:
    lines = ["| Control | Title | Kind | Mode | Severity | Status |", "| --- | --- | --- | --- | --- | --- |"]
    for control in controls:
        cells = (f"[{control.id}](#{anchor(control.id)})", control.title, control.kind, control.mode, control.severity, control.status)
        lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    return lines


def _details(control: Control) -> list[str]:
    lines = [
        f'### <a id="{anchor(control.id)}"></a>{control.id} {control.title}',
        "",
        f"{control.kind}, by default {control.mode}; severity {control.severity}; {control.status}; "
        f"applies to {', '.join(f'`{group}`' for group in control.applies_to)}.",
        "",
        f"- **Why**: {control.why}",
        f"- **What enforcing could break**: {control.risk}",
        f"- **What to do**: {control.fix}",
        f"- **Sources**: {'; '.join(control.sources)}",
    ]
    if control.proof:
        lines.append(f"- **Proof**: {', '.join(f'`{proof}`' for proof in control.proof)}")
    return lines


def render(catalogue: Catalogue) -> str:
    """The whole document."""
    families: dict[str, list[Control]] = {}
    for control in catalogue.values():
        families.setdefault(family_name(family_of(control.id)), []).append(control)
    built = sum(1 for control in catalogue.values() if control.status == "built")
    lines = [INTRODUCTION, f"{len(catalogue)} controls, {built} of them built.", ""]
    for name, controls in families.items():
        lines += [f"## {name}", "", *_overview(controls), ""]
        for control in controls:
            lines += [*_details(control), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> None:
    DOCUMENT.write_text(render(load()), encoding="utf-8")


if __name__ == "__main__":
    main()
