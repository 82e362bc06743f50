# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/tools/waf_doc.py: write docs/waf-exclusions.md from the exclusions of the role apache_waf."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import PRODUCTS, load_exclusions

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "waf-exclusions.md"

INTRODUCTION = """\
# What the firewall does not search

<!-- Written by tests/tools/waf_doc.py from roles/apache_waf/vars/main/exclusions_*.yml. Change those files, then run: make generated -->

Work that looks like an attack to the Core Rule Set, and that both products live from: {count} exclusions. [The firewall](waf.md) tells how they are
used, how to add some of your own, and how to switch one of these off by its id (`apache_waf_exclusions_off`).

- Paths are regular expressions for the whole path below a site's context path. Everything that is not named here is searched, on the same path as well.
- An argument is a field of a query, of a form or of JSON. One in JSON has the names around it before it (`fields.summary`); the elements of a list carry
  the name of the list once more (`update.comment.comment.add.body`).
- Where no rules are named, all rules of the Core Rule Set leave out what is named. "Off" are rules that do not run on these paths at all.
- An argument that is known by the form of its name is searched nowhere. Outside of its paths one that holds more than plain text counts as an attack.
- A body is left out as a whole only where the query is plain, and a file that is a body of its own is not read.

Passwords are searched nowhere, which is told in [The firewall](waf.md#what-is-never-searched). Each exclusion has examples of what must pass and of
what must still be refused on the same paths; they stand in the files and are fired by the tests.
"""
TITLES = {"both": "Both products", "jira": "Jira", "confluence": "Confluence"}


def _code(text: str) -> str:
    """As code in a cell of a table, where a | would end the cell."""
    return f"`{text}`".replace("|", "\\|")


def _codes(entry: dict[str, Any], key: str) -> str:
    return ", ".join(_code(str(text)) for text in entry[key])


def _left_out(entry: dict[str, Any]) -> list[str]:
    """What the rules do not search, one phrase for each kind."""
    found = []
    if entry.get("whole_body"):
        found.append("the whole body")
    if "arguments" in entry:
        found.append(f"arguments {_codes(entry, 'arguments')}")
    if "patterns" in entry:
        found.append(f"arguments by the form of their names {_codes(entry, 'patterns')}")
    if "cookies" in entry:
        found.append(f"cookies {_codes(entry, 'cookies')}")
    if "parts" in entry:
        found.append(_codes(entry, "parts"))
    if "referrers" in entry:
        found.append(f"a Referer header that names the site itself and one of its paths {_codes(entry, 'referrers')}")
    if entry.get("raw_bodies"):
        found.append("a body that is a file of its own")
    return found


def _what(entry: dict[str, Any]) -> str:
    found = _left_out(entry)
    text = "; ".join(found)
    if found and "rules" in entry:
        text += f"; by the rules {_codes(entry, 'rules')} only"
    if "rules_off" in entry:
        text += ("; " if found else "") + f"off: {_codes(entry, 'rules_off')}"
    return text


def _where(entry: dict[str, Any]) -> str:
    text = _codes(entry, "paths")
    if "methods" in entry:
        text = f"{', '.join(entry['methods'])}: {text}"
    if "accept" in entry:
        text += f"; only with the Accept header {_code(entry['accept'])}"
    return text


def render() -> str:
    """The whole document."""
    exclusions = load_exclusions()
    lines = [INTRODUCTION.format(count=len(exclusions))]
    for product in PRODUCTS:
        lines += [f"## {TITLES[product]}", "", "| exclusion | why | where | what is not searched |", "| --- | --- | --- | --- |"]
        for entry in exclusions:
            if entry["product"] == product:
                reason = str(entry["reason"]).replace("|", "\\|")
                lines.append(f"| `{entry['id']}` | {reason} | {_where(entry)} | {_what(entry)} |".replace("\n", " "))
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> None:
    DOCUMENT.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
