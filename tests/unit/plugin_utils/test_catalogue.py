# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue: what it holds, and what a broken one is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import CatalogueError, load, parse


def row(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "PRX-01",
        "title": "title",
        "kind": "enforce",
        "mode": "enforce",
        "severity": "high",
        "applies_to": ["atlassian_proxies"],
        "status": "built",
        "why": "why",
        "risk": "risk",
        "sources": ["a source"],
        "fix": "fix",
        "proof": ["tests/x.py::test_x"],
    }
    values.update(changes)
    return {name: value for name, value in values.items() if value is not ...}


def test_the_catalogue_of_this_collection_is_sound() -> None:
    catalogue = load()
    assert len(catalogue) == 81
    assert all(control.applies(control.applies_to) for control in catalogue.values())
    assert {control.kind for control in catalogue.values() if control.id.startswith("ORG-")} == {"attest"}


def test_values_are_kept() -> None:
    control = parse([row()])["PRX-01"]
    assert (control.title, control.applies_to, control.proof) == ("title", ("atlassian_proxies",), ("tests/x.py::test_x",))
    assert control.applies(["jira_sites", "atlassian_proxies"])
    assert not control.applies(["jira_sites"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"severity": "huge"}, "control PRX-01: severity is 'huge', expected one of low, medium, high, critical"),
        ({"mode": False}, "control PRX-01: mode is False, a text is expected"),
        ({"why": ...}, "control PRX-01: field 'why' is missing"),
        ({"why": "  "}, "why is '  ', a text is expected"),
        ({"whi": "x"}, "unknown field 'whi'"),
        ({"id": "prx1"}, "id must look like PRX-01"),
        ({"kind": "audit"}, "kind audit cannot have mode enforce"),
        ({"applies_to": ["proxies"]}, "applies_to names 'proxies'"),
        ({"applies_to": []}, "applies_to is empty"),
        ({"sources": "x"}, "sources is 'x', a list of texts is expected"),
        ({"proof": ["tests/x.py"]}, "proof 'tests/x.py' is not of the form path::test"),
    ],
)
def test_a_broken_row_is_named_with_field_and_value(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse([row(**changes)])
    assert words in str(caught.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse([row(kind="x", status="y"), row(id="PRX-02"), row(id="PRX-02"), "text"])
    message = str(caught.value)
    assert "kind is 'x'" in message
    assert "status is 'y'" in message
    assert "control PRX-02: the id is used twice" in message
    assert "control number 4: a mapping is expected, not str" in message


@pytest.mark.parametrize("document", [None, {}, []])
def test_a_document_that_is_no_list_of_controls_is_refused(document: object) -> None:
    with pytest.raises(CatalogueError, match="must be a list of controls"):
        parse(document)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"absent\.yml cannot be read: No such file"):
        load(tmp_path / "absent.yml")
    broken = tmp_path / "broken.yml"
    broken.write_text("- {")
    with pytest.raises(CatalogueError, match=r"broken\.yml is not valid YAML"):
        load(broken)
