# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New, resolved and since when: from report to report, whole runs and partial ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import report_schema
from ansible_collections.hardening.atlassian.plugins.plugin_utils._comparison import compare
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report import Report
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_json import as_document, as_json

STATES = {"PRX-01": "compliant", "PRX-02": "drifted", "PRX-04": "compliant"}
FIRST, SECOND, THIRD = (f"2026-11-26T10:00:0{number}+00:00" for number in (1, 2, 3))


class Chain:
    """Reports of one directory, one after the other."""

    def __init__(self, make: Any, path: Path) -> None:
        self._make, self._path = make, path

    def run(self, states: dict[str, str], left_out: tuple[str, ...] = (), **header: Any) -> dict[str, Any]:
        """The header of a further run: {control: ...} of new, resolved, since."""
        report: Report = self._make(states, left_out, **header)
        compare(report, str(self._path))
        document = as_document(report)
        assert report_schema.problems(document) == []
        self._path.write_text(as_json(document))
        found: dict[str, Any] = document["header"]
        return found


@pytest.fixture
def chain(make: Any, tmp_path: Path) -> Chain:
    return Chain(make, tmp_path / "drift-report.previous.json")


def told(header: dict[str, Any]) -> tuple[list[str], list[str], dict[str, str]]:
    """(new, resolved, since by control)."""
    found = header["comparison"]
    return (
        [entry["control"] for entry in found["new"]],
        [f"{entry['control']} was {entry['was']}" for entry in found["resolved"]],
        {entry["control"]: entry["since"] for entry in found["since"]},
    )


def test_the_first_report_says_that_there_is_none_before_it(chain: Chain) -> None:
    header = chain.run(STATES)
    assert (header["comparison"], header["not_compared"]) == (None, "there is no earlier report in the report directory")


def test_new_resolved_and_since(chain: Chain) -> None:
    chain.run(STATES)
    second = chain.run({"PRX-01": "drifted", "PRX-02": "changed", "PRX-04": "compliant"})
    assert second["comparison"]["previous"] == {"run_id": "r1", "started": FIRST}
    assert told(second) == (["PRX-01"], ["PRX-02 was drifted"], {"PRX-01": SECOND})
    assert second["not_compared"] == ""
    third = chain.run({"PRX-01": "failed", "PRX-02": "not_examined", "PRX-04": "compliant"})
    assert told(third) == (["PRX-02"], [], {"PRX-01": SECOND, "PRX-02": THIRD})


def test_what_has_been_open_since_the_first_report_is_so_since_then(chain: Chain) -> None:
    chain.run(STATES)
    assert told(chain.run(STATES)) == told(chain.run(STATES)) == ([], [], {"PRX-02": FIRST})


@pytest.mark.parametrize(("state", "resolved"), [("accepted", True), ("attested", True), ("off", False), ("not_applicable", False)])
def test_only_what_is_in_order_or_accepted_is_resolved(chain: Chain, state: str, resolved: bool) -> None:
    chain.run({"PRX-02": "drifted"})
    assert told(chain.run({"PRX-02": state})) == ([], ["PRX-02 was drifted"] if resolved else [], {})


def test_a_partial_run_tells_nothing_new_of_what_it_left_out(chain: Chain) -> None:
    chain.run(STATES)
    partial = chain.run({"PRX-01": "not_examined", "PRX-02": "not_examined", "PRX-04": "drifted"}, ("PRX-01", "PRX-02"), tags="PRX-04")
    assert told(partial) == (["PRX-04"], [], {"PRX-02": FIRST, "PRX-04": SECOND})
    assert [(entry["control"], entry["state"]) for entry in partial["left_out"]] == [("PRX-01", "compliant"), ("PRX-02", "drifted")]


def test_after_a_partial_run_rows_are_compared_with_what_was_last_seen(chain: Chain) -> None:
    chain.run(STATES)
    for _again in range(2):
        chain.run({"PRX-01": "not_examined", "PRX-02": "not_examined", "PRX-04": "compliant"}, ("PRX-01", "PRX-02"), tags="PRX-04")
    whole = chain.run({"PRX-01": "drifted", "PRX-02": "compliant", "PRX-04": "compliant"})
    assert told(whole) == (["PRX-01"], ["PRX-02 was drifted"], {"PRX-01": "2026-11-26T10:00:04+00:00"})


def test_what_no_run_ever_looked_at_is_neither_new_nor_resolved(chain: Chain) -> None:
    chain.run({"PRX-01": "not_examined", "PRX-02": "not_examined", "PRX-04": "compliant"}, ("PRX-01", "PRX-02"), tags="PRX-04")
    whole = chain.run({"PRX-01": "compliant", "PRX-02": "drifted", "PRX-04": "compliant"})
    assert told(whole) == ([], [], {"PRX-02": SECOND})


def test_a_row_that_no_report_has_had_is_new_where_it_is_open(chain: Chain) -> None:
    chain.run({"PRX-01": "compliant"})
    assert told(chain.run(STATES)) == (["PRX-02"], [], {"PRX-02": SECOND})


def test_drift_after_a_run_that_could_not_look_is_new_where_it_was_in_order_before(chain: Chain) -> None:
    chain.run(STATES)
    refused = chain.run(dict.fromkeys(STATES, "not_examined"))
    assert told(refused) == (["PRX-01", "PRX-04"], [], {"PRX-01": SECOND, "PRX-02": FIRST, "PRX-04": SECOND})
    assert [(entry["control"], entry["state"]) for entry in refused["unseen"]] == list(STATES.items())
    third = chain.run({"PRX-01": "drifted", "PRX-02": "drifted", "PRX-04": "compliant"})
    assert told(third) == (["PRX-01"], [], {"PRX-01": THIRD, "PRX-02": FIRST}), "and what was compliant all along is not resolved"


def test_what_was_last_seen_lasts_through_many_runs_that_could_not_look(chain: Chain) -> None:
    chain.run(STATES)
    chain.run(dict.fromkeys(STATES, "not_examined"))
    again = chain.run({"PRX-01": "not_examined", "PRX-02": "not_examined", "PRX-04": "compliant"}, ("PRX-02",), tags="PRX-01,PRX-04")
    assert told(again) == ([], [], {"PRX-01": SECOND, "PRX-02": FIRST})
    whole = chain.run({"PRX-01": "failed", "PRX-02": "compliant", "PRX-04": "not_examined"})
    assert told(whole) == (["PRX-01", "PRX-04"], ["PRX-02 was drifted"], dict.fromkeys(("PRX-01", "PRX-04"), "2026-11-26T10:00:04+00:00"))


def test_what_could_never_be_examined_has_been_open_since_then(chain: Chain) -> None:
    chain.run({"PRX-01": "not_examined", "PRX-02": "not_examined"})
    assert told(chain.run({"PRX-01": "drifted", "PRX-02": "compliant"})) == ([], [], {"PRX-01": FIRST})


def test_a_missing_statement_is_known_and_given_it_is_resolved(chain: Chain) -> None:
    assert chain.run({"ORG-01": "not_examined"})["unseen"] == []
    assert told(chain.run({"ORG-01": "attested"})) == ([], ["ORG-01 was not_examined"], {})


def row_in(state: str) -> str:
    """An earlier report with one row, in a state that is written as JSON."""
    header = '{"run_id": "a", "started": "x", "comparison": null, "left_out": [], "unseen": []}'
    return f'{{"schema_version": 2, "header": {header}, "rows": [{{"control": "PRX-01", "target": "a", "state": {state}}}]}}'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is damaged: it is no JSON"),
        ("{", "is damaged: it is no JSON"),
        ("[" * 100_000, "is damaged: it is no JSON"),
        ("[]", "the previous report is no drift report of this collection"),
        ("{}", "the previous report is no drift report of this collection"),
        ('{"schema_version": 1, "header": {}, "rows": []}', "the previous report has schema version 1, this one has 2"),
        ('{"schema_version": 2, "header": {}, "rows": [{"control": 1}]}', "the previous report is no drift report of this collection"),
        ('{"schema_version": 2, "header": null, "rows": null}', "the previous report is no drift report of this collection"),
        (row_in('"fine"'), "the previous report has rows in states that this version does not know"),
        (row_in('["drifted"]'), "the previous report is no drift report of this collection"),
    ],
)
def test_a_report_that_cannot_be_compared_with_is_said_and_is_no_crash(make: Any, tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "previous.json"
    path.write_text(text)
    report = make(STATES)
    compare(report, str(path))
    assert report.header["comparison"] is None
    assert sentence in report.header["not_compared"]


def test_neither_is_one_that_cannot_be_read(make: Any, tmp_path: Path) -> None:
    report = make(STATES)
    compare(report, str(tmp_path))
    assert report.header["not_compared"] == "the previous report cannot be read: Is a directory"
    (tmp_path / "latin").write_bytes(b'{"\xe4": 1}')
    compare(report, str(tmp_path / "latin"))
    assert "no JSON" in report.header["not_compared"]


def test_a_comparison_changes_nothing_but_the_header(chain: Chain, tmp_path: Path) -> None:
    documents = []
    for _again in range(2):
        chain.run(STATES)
        documents.append(json.loads((tmp_path / "drift-report.previous.json").read_text()))
        documents[-1].pop("header")
    assert json.dumps(documents[0]) == json.dumps(documents[1])
