# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python tests/tools/refusals_doc.py: write docs/refusals.md from the rules of the role apache_proxy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._refusals import CONTROLS, load_rules, vars_file

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "refusals.md"

INTRODUCTION = """\
# What the proxy refuses

<!-- Written by tests/tools/refusals_doc.py from roles/apache_proxy/vars/main/refusals_prx_*.yml. Change those files, then run: make generated -->

One list of rules is rendered into httpd's configuration, into this page and into the tests. Paths are below a site's context path, `/*` is one
segment, what follows a path is covered, and case does not matter. Actions are refused in every directory. "As read" is sought in the path as
Tomcat reads it, "as sent" in the path as it came.

- `apache_proxy_rules_skipped` switches rules off by their id, `apache_proxy_rules_optional` switches on those that are off by default.
- `apache_proxy_rules_extra` adds rules of your own, of the same form:

```yaml
apache_proxy_rules_extra:
  - id: our-reports
    control: PRX-02
    product: jira
    paths: [/plugins/servlet/reports]
    reason: only administrators run them
    must_refuse: [/plugins/servlet/reports/all]   # asked for by the role after each run
```

A page whose title an as-sent rule meets stays reachable by its id (`/pages/viewpage.action?pageId=...`). Places of people's own words, which most
such rules spare: {places}.
"""
REFUSED_TO = {
    "PRX-02": "Refused outside the admin networks.",
    "PRX-03": "Refused outside the admin networks; the whole control is off by default.",
    "PRX-04": (
        "Refused to everybody. Administrators are no exception: set-up is over once a product runs, and an attack is one from wherever it comes,"
        " a browser inside the admin networks for one."
    ),
    "PRX-16": "Refused outside the admin networks.",
    "PRX-17": (
        "Refused to requests without a session cookie (`apache_proxy_session_cookies`) and without an Authorization header; reported and not"
        " enforced by default. A nuisance barrier, no lock: an invented cookie passes, and the products hand a session to visitors as well."
    ),
}


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _what(rule: dict[str, Any]) -> str:
    if "actions" in rule:
        text = "actions " + ", ".join(_code(f"{name}.{rule['extension']}") for name in rule["actions"])
    elif "raw" in rule:
        text = f"as read {_code(rule['raw'])}"
    elif "sent" in rule:
        text = f"as sent {_code(rule['sent'])}"
    else:
        text = ", ".join(_code(path) for path in rule["paths"]) + (" and nothing below" if rule.get("exact") else "")
    if "methods_open" in rule:
        text += f"; {', '.join(rule['methods_open'])} stay open"
    if "except" in rule:
        text += f"; except {', '.join(_code(path) for path in rule['except'])}"
    if rule.get("spares_free_text"):
        text += "; not in people's own words"
    return text


def _why(rule: dict[str, Any]) -> str:
    text = str(rule["reason"])
    if "cost" in rule:
        text += f". Costs: {rule['cost']}"
    if "optional" in rule:
        text += f". **Off by default**: {rule['optional']}"
    return text.replace("|", "\\|")


def render() -> str:
    """The whole document."""
    places = yaml.safe_load(vars_file("PRX-04").read_text(encoding="utf-8"))["__apache_proxy_free_text"]
    lines = [INTRODUCTION.format(places=", ".join(_code(place) for place in places))]
    for control in CONTROLS:
        rules = [rule for rule in load_rules() if rule["control"] == control]
        lines += [f"## {control} {load()[control].title}", "", REFUSED_TO[control], ""]
        lines += ["| rule | product | what | why | source |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| `{rule['id']}` | {rule['product']} | {_what(rule)} | {_why(rule)} | {rule['source']} |".replace("\n", " ") for rule in rules]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def main() -> None:
    DOCUMENT.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
