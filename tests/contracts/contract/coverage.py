# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operations the tests held against a document, for the print at the end."""

from __future__ import annotations

from collections import defaultdict

# Version -> operations (documented) or private interfaces seen in answers.
answered: dict[str, set[str]] = defaultdict(set)
private: dict[str, set[str]] = defaultdict(set)
documented: dict[str, int] = {}
sent: dict[str, set[str]] = defaultdict(set)


def lines() -> list[str]:
    found = []
    versions = sorted(documented, key=lambda text: tuple(map(int, text.split("."))))
    for version in versions:
        held = f"{len(answered[version])} of {documented[version]} documented operations answered by the simulator, {len(private[version])} private interfaces"
        found.append(f"Jira {version}: {held}; {len(sent[version])} different requests of the modules")
    if versions:
        newest = versions[-1]
        found += [f"covered in {newest}:"] + [f"  {name}" for name in sorted(answered[newest] | private[newest])]
        found.append("not covered: every other operation of the documents; the simulator does not play it and no module asks for it")
    return found
