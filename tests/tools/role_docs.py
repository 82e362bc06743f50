# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/tools/role_docs.py: write the table of variables into each role's README.md from its argument specs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
START, END = "<!-- variables: written by tests/tools/role_docs.py -->", "<!-- end of variables -->"


def roles() -> list[Path]:
    return sorted(path.parents[1] for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"))


def _plain(text: Any) -> str:
    """Ansible's markup as Markdown: O(main.x), O(ignore:x), V(x) and C(x) are code."""
    joined = " ".join(text) if isinstance(text, list) else str(text)
    marked = re.sub(r"[OVCE]\((?:main\.|ignore:)?([^)]*)\)", r"`\1`", joined)
    return re.sub(r"\s+", " ", marked).replace("|", "\\|").strip()


def _rows(options: dict[str, Any], prefix: str = "") -> list[str]:
    rows = []
    for name, option in options.items():
        kind = f"list of {option['elements']}" if "elements" in option else option.get("type", "str")
        choices = "; one of " + ", ".join(f"`{choice}`" for choice in option["choices"]) if "choices" in option else ""
        default = "required" if option.get("required") else f"`{option['default']}`" if option.get("default") not in (None, "") else ""
        rows.append(f"| `{prefix}{name}` | {kind}{choices} | {default} | {_plain(option.get('description', ''))} |")
        rows += _rows(option.get("options", {}), f"{prefix}{name}.")
    return rows


def table(role: Path) -> str:
    spec = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]
    lines = [START, "", "| variable | type | default | meaning |", "| --- | --- | --- | --- |", *_rows(spec.get("options", {})), "", END]
    return "\n".join(lines)


def render(role: Path) -> str:
    """The README with its table written again; a role without README gets one from its spec."""
    spec = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]
    readme = role / "README.md"
    new = [f"# {role.name}", f"{_plain(spec['short_description'])}.", _plain(spec["description"]), f"{START}\n{END}\n"]
    text = readme.read_text() if readme.exists() else "\n\n".join(new)
    before, start, rest = text.partition(START)
    _table, end, after = rest.partition(END)
    if not start or not end:
        raise SystemExit(f"{readme}: the marks of the table of variables are missing: {START} and {END}")
    return before + table(role) + after


def main() -> None:
    for role in roles():
        (role / "README.md").write_text(render(role))


if __name__ == "__main__":
    main()
