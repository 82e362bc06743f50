# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attestations: what no task can examine is stated by a person, and the statement runs out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import Catalogue
from ansible_collections.hardening.atlassian.plugins.plugin_utils._risks import as_date

VARIABLE = "atlassian_attestations"

_FIELDS = ("control", "statement", "by", "until")


@dataclass(frozen=True)
class Attestation:
    """A person states that a control of kind attest is met, until a day (that day included)."""

    control: str
    statement: str
    by: str
    until: datetime.date

    def as_dict(self, today: datetime.date) -> dict[str, Any]:
        return {"statement": self.statement, "by": self.by, "until": self.until.isoformat(), "expired": today > self.until}


def _control_problems(name: str, catalogue: Catalogue) -> list[str]:
    control = catalogue.get(name)
    if control is None:
        return [f"names the unknown control {name!r}"]
    if control.kind != "attest":
        return [f"names {name}, which is of kind {control.kind}: it is examined, and nobody can attest it"]
    return []


def entry_problems(entry: object, catalogue: Catalogue) -> list[str]:
    """What is wrong with one entry, each a half sentence that names field and value."""
    if not isinstance(entry, Mapping):
        return [f"is {entry!r}, expected a mapping with {', '.join(_FIELDS)}"]
    problems = [f"has no {name}" for name in _FIELDS if entry.get(name) in (None, "")]
    problems += [f"has an unknown field {name!r}" for name in entry if name not in _FIELDS]
    for name in ("control", "statement", "by"):
        value = entry.get(name)
        if value not in (None, "") and not (isinstance(value, str) and value.strip()):
            problems.append(f"has {name} {value!r}, expected a text")
    if isinstance(entry.get("control"), str) and entry["control"]:
        problems += _control_problems(entry["control"], catalogue)
    if entry.get("until") not in (None, "") and as_date(entry["until"]) is None:
        problems.append(f"has until {str(entry['until'])!r}, expected a day like 2027-06-30")
    return problems


def list_problems(value: object, catalogue: Catalogue) -> list[str]:
    """Sentences about the whole variable, each beginning with its name."""
    if not isinstance(value, (list, tuple)):
        return [f"{VARIABLE} is {value!r}, expected a list"]
    return [
        f"{VARIABLE}, entry {number}, {sentence}" for number, entry in enumerate(value, start=1) for sentence in entry_problems(entry, catalogue)
    ]


def collect(values: Iterable[object], catalogue: Catalogue, today: datetime.date) -> dict[str, dict[str, Any]]:
    """{control: {statement, by, until, expired}} of the sound entries in the lists of all hosts.

    The organisation is no host, so an entry counts wherever it was written. Of several for one control the one that runs longest counts: a
    renewal may stand beside the old entry.
    """
    found: dict[str, Attestation] = {}
    for value in values:
        for entry in value if isinstance(value, (list, tuple)) else ():
            if entry_problems(entry, catalogue):
                continue
            until = as_date(entry["until"])
            if until is not None and (entry["control"] not in found or until > found[entry["control"]].until):
                found[entry["control"]] = Attestation(entry["control"], " ".join(entry["statement"].split()), entry["by"].strip(), until)
    return {control: attestation.as_dict(today) for control, attestation in sorted(found.items())}


def judged(attestation: Mapping[str, Any] | None, refusal: str) -> tuple[str, str]:
    """(state, reason) of a control of kind attest; refusal is why the inventory was not examined, or empty."""
    if refusal:
        return "not_examined", refusal
    if attestation is None:
        return "not_examined", f"nobody has attested this: {VARIABLE} has no entry for it"
    if attestation["expired"]:
        return "drifted", f"the attestation of {attestation['by']} ran out on {attestation['until']}: {attestation['statement']}"
    return "attested", f"attested by {attestation['by']} until {attestation['until']}: {attestation['statement']}"
