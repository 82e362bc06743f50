# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control catalogue (meta/controls.yml): read, checked, and given out as values."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load
from yaml import YAMLError

CATALOGUE_PATH = Path(__file__).resolve().parents[2] / "meta" / "controls.yml"

KINDS = ("enforce", "audit", "attest")
MODES = ("enforce", "audit", "off")
SEVERITIES = ("low", "medium", "high", "critical")
STATUSES = ("built", "planned")

ORGANISATION = "organisation"
SITE_GROUPS = ("jira_sites", "confluence_sites")
HOST_GROUPS = ("atlassian_proxies", "jira_nodes", "confluence_nodes")
TARGET_GROUPS = (*HOST_GROUPS, *SITE_GROUPS)

_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]{2}")
_PROOF = re.compile(r"[^\s:]+::[^\s]+")
_CHOICES = {"kind": KINDS, "mode": MODES, "severity": SEVERITIES, "status": STATUSES}
_TEXTS = ("id", "title", "kind", "mode", "severity", "status", "why", "risk", "fix")
_LISTS = ("applies_to", "sources", "proof")


class CatalogueError(Exception):
    """The catalogue cannot be read or contradicts itself; the message lists every problem."""


@dataclass(frozen=True)
class Control:
    """One row of the catalogue; the members are those of meta/controls.yml."""

    id: str
    title: str
    kind: str
    mode: str
    severity: str
    applies_to: tuple[str, ...]
    status: str
    why: str
    risk: str
    sources: tuple[str, ...]
    fix: str
    proof: tuple[str, ...]

    @property
    def modes(self) -> tuple[str, ...]:
        """Modes an operator may choose: what can only be read or stated cannot be enforced."""
        return MODES if self.kind == "enforce" else ("audit", "off")

    def applies(self, groups: Sequence[str]) -> bool:
        """Whether a target that is a member of these inventory groups has a row for this control."""
        return any(group in self.applies_to for group in groups)


Catalogue = Mapping[str, Control]


def _row_problems(row: object, place: str) -> list[str]:
    if not isinstance(row, dict):
        return [f"{place}: a mapping is expected, not {type(row).__name__}"]
    known = {field.name for field in fields(Control)}
    problems = [f"{place}: unknown field {name!r}" for name in row if name not in known]
    problems += [f"{place}: field {name!r} is missing" for name in sorted(known - set(row))]
    for name in _TEXTS:
        if name in row and not (isinstance(row[name], str) and row[name].strip()):
            problems.append(f"{place}: {name} is {row[name]!r}, a text is expected")
    for name in _LISTS:
        value = row.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            problems.append(f"{place}: {name} is {value!r}, a list of texts is expected")
    if problems:
        return problems
    if not _ID.fullmatch(row["id"]):
        problems.append(f"{place}: id must look like PRX-01")
    for name, choices in _CHOICES.items():
        if row[name] not in choices:
            problems.append(f"{place}: {name} is {row[name]!r}, expected one of {', '.join(choices)}")
    if row["kind"] != "enforce" and row["mode"] == "enforce":
        problems.append(f"{place}: kind {row['kind']} cannot have mode enforce")
    problems += [
        f"{place}: applies_to names {group!r}, expected {', '.join((*TARGET_GROUPS, ORGANISATION))}"
        for group in row["applies_to"]
        if group not in (*TARGET_GROUPS, ORGANISATION)
    ]
    problems += [f"{place}: {name} is empty" for name in ("applies_to", "sources") if not row[name]]
    problems += [f"{place}: proof {proof!r} is not of the form path::test" for proof in row["proof"] if not _PROOF.fullmatch(proof)]
    return problems


def parse(document: object) -> dict[str, Control]:
    """Turn the parsed YAML into controls by id, in the order of the file.

    Raises CatalogueError with every problem found, not only the first.
    """
    if not isinstance(document, list) or not document:
        raise CatalogueError("the control catalogue must be a list of controls")
    problems: list[str] = []
    catalogue: dict[str, Control] = {}
    for number, row in enumerate(document, start=1):
        name = row.get("id") if isinstance(row, dict) else None
        place = f"control {name or f'number {number}'}"
        found = _row_problems(row, place)
        problems += found
        if found:
            continue
        if row["id"] in catalogue:
            problems.append(f"{place}: the id is used twice")
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value.strip() for key, value in row.items()}
        catalogue[row["id"]] = Control(**values)
    if problems:
        raise CatalogueError("the control catalogue has errors: " + "; ".join(problems))
    return catalogue


@functools.lru_cache(maxsize=4)
def load(path: Path = CATALOGUE_PATH) -> Catalogue:
    """The catalogue of this collection, read once per process."""
    try:
        document = yaml_load(path.read_bytes())
    except OSError as error:
        raise CatalogueError(f"the control catalogue {path} cannot be read: {error.strerror}") from error
    except YAMLError as error:
        raise CatalogueError(f"the control catalogue {path} is not valid YAML: {error}") from error
    return parse(document)
