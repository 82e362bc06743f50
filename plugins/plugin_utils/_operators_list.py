# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists by which an operator adds to what a role brings, or leaves some of it out: rules of the proxy, exclusions of the firewall."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def entries(host: HostValues, variable: str) -> list[Any]:
    """The list in that variable; anything else is a problem of the host, and empty."""
    value = host.get(variable, [])
    if isinstance(value, (list, tuple)):
        return list(value)
    host.problem(f"{variable} is {value!r}, expected a list")
    return []


def added_ids(host: HostValues, variable: str, own: Collection[str], problems: Callable[[Mapping[str, Any]], list[str]], taken: str) -> set[str]:
    """The ids of the operator's entries.

    own: the ids of the role's. problems: what is wrong with one entry, half sentences. taken: part of the sentence about an id that the role has.
    """
    ids: set[str] = set()
    for number, entry in enumerate(entries(host, variable), start=1):
        place = f"{variable}, entry {number},"
        if not isinstance(entry, Mapping):
            host.problem(f"{place} is {entry!r}, expected a mapping")
            continue
        for sentence in problems(entry):
            host.problem(f"{place} {sentence}")
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in own:
            host.problem(f"{place} has the id {name!r}, which {taken} and choose another id")
        elif name in ids:
            host.problem(f"{place} has the id {name!r} a second time")
        ids.add(name)
    return ids


def check_ids(host: HostValues, variable: str, known: Collection[str], what: str) -> None:
    """Each name in that list must be a known one."""
    for name in entries(host, variable):
        if not isinstance(name, str) or name not in known:
            host.problem(f"{variable} holds {name!r}, which is not {what}{nearest(str(name), known)}")


def key_problems(entry: Mapping[str, Any], needed: Collection[str], allowed: Collection[str]) -> list[str]:
    """Unknown keys and missing ones."""
    expected = f", expected one of {', '.join(allowed)}"
    found = [f"has the unknown key {key!r}{nearest(str(key), allowed) or expected}" for key in entry if key not in allowed]
    return found + [f"has no {key}" for key in needed if key not in entry]


def line_problems(entry: Mapping[str, Any], keys: Collection[str]) -> list[str]:
    """Texts that end up in a comment of a file of httpd's, and the id. A comment that ends in a backslash would swallow the next directive."""
    found = []
    for key in keys:
        text = entry.get(key, "x")
        if not isinstance(text, str) or not text.strip() or re.search(r"[\x00-\x1f\x7f]|\\$", text):
            found.append(f"has the {key} {text!r}, expected one line of text that does not end in a backslash")
    if "id" in entry and not _ID.fullmatch(str(entry["id"])):
        found.append(f"has the id {entry['id']!r}, expected lower case letters, digits and hyphens")
    return found


def nearest(name: str, known: Collection[str]) -> str:
    """The end of a sentence about a name that is not known; empty if none is near."""
    close = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""
