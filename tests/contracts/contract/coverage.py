# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operations the tests held against a document, for the print at the end."""

from __future__ import annotations

from collections import defaultdict

from .products import CONTRACTS

# (Product, version) -> operations (documented) or private interfaces seen in answers.
answered: dict[tuple[str, str], set[str]] = defaultdict(set)
private: dict[tuple[str, str], set[str]] = defaultdict(set)
documented: dict[tuple[str, str], int] = {}
sent: dict[tuple[str, str], set[str]] = defaultdict(set)


def lines() -> list[str]:
    found = []
    for name, contract in CONTRACTS.items():
        played = [(name, version) for version in contract.documents if (name, version) in documented]
        for key in played:
            held = f"{len(answered[key])} of {documented[key]} documented operations answered by the simulator, {len(private[key])} private interfaces"
            found.append(f"{contract.title} {key[1]}: {held}; {len(sent[key])} different requests of the modules")
        if played:
            newest = played[-1]
            found += [f"covered in {contract.title} {newest[1]}:"] + [f"  {item}" for item in sorted(answered[newest] | private[newest])]
    if found:
        found.append("not covered: every other operation of the documents; the simulator does not play it and no module asks for it")
    return found
