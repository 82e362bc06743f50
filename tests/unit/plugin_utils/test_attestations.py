# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person attests: whole, dated, about a control that nobody can examine, and never for ever."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._attestations import collect, judged, list_problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import known_variables
from ansible_collections.hardening.atlassian.plugins.plugin_utils._world import examine

TODAY = datetime.date(2026, 11, 26)


def entry(**changes: Any) -> dict[str, Any]:
    return {"control": "ORG-01", "statement": "two people read\nthe list", "by": "it-sec", "until": "2027-06-30", **changes}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("none", "atlassian_attestations is 'none', expected a list"),
        (["ORG-01"], "atlassian_attestations, entry 1, is 'ORG-01', expected a mapping with control, statement, by, until"),
        ([entry(control="ORG-99")], "atlassian_attestations, entry 1, names the unknown control 'ORG-99'"),
        ([entry(control="PRX-02")], "entry 1, names PRX-02, which is of kind enforce: it is examined, and nobody can attest it"),
        ([entry(), entry(by="")], "atlassian_attestations, entry 2, has no by"),
        ([entry(statement="  ")], "entry 1, has statement '  ', expected a text"),
        ([entry(by=["it"])], "entry 1, has by ['it'], expected a text"),
        ([entry(until="30.06.2027")], "entry 1, has until '30.06.2027', expected a day like 2027-06-30"),
        ([entry(until=None)], "entry 1, has no until"),
        ([entry(expires="2027-01-01")], "entry 1, has an unknown field 'expires'"),
    ],
)
def test_a_mistake_is_named_with_variable_and_value(value: Any, sentence: str) -> None:
    (found,) = list_problems(value, load())
    assert sentence in found
    groups = {"all": ["proxy1"], "atlassian_proxies": ["proxy1"]}
    world = examine({"proxy1": {"atlassian_attestations": value}}, groups, load(), known_variables())
    assert world["problems"] == [f"proxy1: {found}"], "the preflight refuses it"


def test_a_sound_list_has_no_problem() -> None:
    assert list_problems([entry(), entry(control="ORG-02", until=TODAY)], load()) == []


def test_the_last_day_counts_and_the_longest_entry_wins() -> None:
    lists = [[entry(until=TODAY), entry(control="ORG-02", until="2026-11-25")], [entry(until="2026-01-01", by="old")], "no list"]
    found = collect(lists, load(), TODAY)
    assert found == {
        "ORG-01": {"statement": "two people read the list", "by": "it-sec", "until": "2026-11-26", "expired": False},
        "ORG-02": {"statement": "two people read the list", "by": "it-sec", "until": "2026-11-25", "expired": True},
    }


def test_an_entry_with_a_mistake_attests_nothing() -> None:
    assert collect([[entry(control="PRX-02"), entry(until="soon")]], load(), TODAY) == {}


def test_a_row_is_attested_drifted_or_not_examined() -> None:
    holds = {"statement": "we do", "by": "it-sec", "until": "2027-06-30", "expired": False}
    assert judged(holds, "") == ("attested", "attested by it-sec until 2027-06-30: we do")
    assert judged({**holds, "expired": True}, "") == ("drifted", "the attestation of it-sec ran out on 2027-06-30: we do")
    assert judged(None, "") == ("not_examined", "nobody has attested this: atlassian_attestations has no entry for it")
    assert judged(holds, "the run was refused: x") == ("not_examined", "the run was refused: x")
