# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/tools/action_groups.py: write the action groups of meta/runtime.yml from the names of the modules.

A module belongs to the product its name starts with. The others talk to no product and belong to no group: there they would get the connection
options of one.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "meta" / "runtime.yml"
PRODUCTS = ("confluence", "jira")
START = "action_groups:"


def groups(modules: Path) -> dict[str, list[str]]:
    """Product -> names of its modules, sorted."""
    names = sorted(path.stem for path in modules.glob("*.py"))
    return {product: [name for name in names if name.startswith(f"{product}_")] for product in PRODUCTS}


def render(current: str, found: dict[str, list[str]]) -> str:
    """The text of runtime.yml with its last section, the action groups, written again."""
    kept = current.partition(f"\n{START}")[0].rstrip("\n")
    lines = [kept, f"{START}  # written by tests/tools/action_groups.py"]
    for product, names in found.items():
        lines.append(f"  {product}:" if names else f"  {product}: []")
        lines += [f"    - {name}" for name in names]
    return "\n".join(lines) + "\n"


def main() -> None:
    RUNTIME.write_text(render(RUNTIME.read_text(encoding="utf-8"), groups(ROOT / "plugins" / "modules")), encoding="utf-8")


if __name__ == "__main__":
    main()
