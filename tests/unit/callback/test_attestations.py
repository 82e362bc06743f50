# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attestations and risks for single settings, in real runs."""

from __future__ import annotations

import datetime
import json
from typing import Any

from .conftest import Outcome, Play

ORG = [f"ORG-0{number}" for number in range(1, 5)]
# A playbook without any control has no report.
FINE = "- name: PRX-05 | Fine\n  ansible.builtin.assert:\n    that: true\n  tags: [PRX-05]\n"
YESTERDAY = (datetime.date.today() - datetime.timedelta(days=2)).isoformat()


def entry(control: str, **changes: Any) -> dict[str, Any]:
    return {"control": control, "statement": "two people read the list", "by": "it-sec", "until": "2999-12-31", **changes}


def attest(play: Play, *entries: dict[str, Any], **variables: Any) -> Outcome:
    return play(FINE, "-e", json.dumps({"atlassian_attestations": list(entries), **variables}))


def test_an_attestation_holds_and_runs_out(play: Play) -> None:
    done = attest(play, *(entry(control) for control in ORG))
    assert {done.state(control, "organisation") for control in ORG} == {"attested"}
    row = done.row("ORG-01", "organisation")
    assert row["reason"] == "attested by it-sec until 2999-12-31: two people read the list"
    assert row["attestation"] == {"statement": "two people read the list", "by": "it-sec", "until": "2999-12-31", "expired": False}
    done = attest(play, *(entry(control, until=YESTERDAY) for control in ORG))
    assert {done.state(control, "organisation") for control in ORG} == {"drifted"}
    assert done.row("ORG-01", "organisation")["reason"] == f"the attestation of it-sec ran out on {YESTERDAY}: two people read the list"


def test_without_one_nobody_has_attested(play: Play) -> None:
    done = attest(play, entry("ORG-02"))
    assert [done.state(control, "organisation") for control in ORG] == ["not_examined", "attested", "not_examined", "not_examined"]
    assert done.row("ORG-01", "organisation")["reason"].startswith("nobody has attested this")


def test_a_partial_run_reads_attestations_too(play: Play) -> None:
    variables = json.dumps({"atlassian_attestations": [entry("ORG-01")]})
    done = play(FINE, "-e", variables, "--tags", "PRX-05", "--limit", "proxy1")
    assert [done.state(control, "organisation") for control in ORG[:2]] == ["attested", "not_examined"]
    assert not any(left["control"].startswith("ORG") for left in done.header["left_out"])


def test_off_and_accepted_work_as_for_any_control(play: Play) -> None:
    risk = {"control": "ORG-02", "hosts": ["organisation"], "reason": "one-man shop", "owner": "boss", "expires": "2999-12-31"}
    done = attest(play, entry("ORG-01"), atlassian_controls={"ORG-01": "off"}, atlassian_accepted_risks=[risk])
    assert (done.state("ORG-01", "organisation"), done.row("ORG-01", "organisation")["reason"]) == ("off", "switched off by atlassian_controls")
    row = done.row("ORG-02", "organisation")
    assert (row["state"], row["risk"]["owner"]) == ("accepted", "boss")
    assert row["reason"].startswith("risk accepted by boss until 2999-12-31: one-man shop; nobody has attested this")
    done = attest(play, atlassian_accepted_risks=[{**risk, "expires": YESTERDAY}])
    assert done.state("ORG-02", "organisation") == "drifted"


def test_a_mistake_refuses_the_run(play: Play) -> None:
    done = attest(play, entry("PRX-02"), entry("ORG-01", until="soon"))
    assert done.code == 2
    assert done.header["problems"] == [
        "proxy1, proxy2: atlassian_attestations, entry 1, names PRX-02, which is of kind enforce: it is examined, and nobody can attest it",
        "proxy1, proxy2: atlassian_attestations, entry 2, has until 'soon', expected a day like 2027-06-30",
    ]
    assert done.state("ORG-02", "organisation") == "not_examined"


FILES = """
- name: PRX-05 | A file
  ansible.builtin.copy:
    content: "x"
    dest: "{{ place }}/{{ inventory_hostname }}.{{ item }}"
    mode: "0644"
  check_mode: "{{ __atlassian_controls['PRX-05'].check }}"
  loop: [one, two]
  tags: [PRX-05]
"""
RISK = {"control": "PRX-05", "hosts": ["proxy1"], "setting": "*.one", "reason": "trial", "owner": "it-sec", "expires": "2999-12-31"}


def accept(play: Play, **changes: Any) -> Outcome:
    return play(FILES, "-e", json.dumps({"atlassian_accepted_risks": [{**RISK, **changes}]}))


def test_a_risk_for_one_setting_holds_the_control_back_on_that_host_only(play: Play) -> None:
    done = accept(play)
    row = done.row("PRX-05")
    assert [found["state"] for found in row["settings"]] == ["accepted", "drifted"]
    assert row["settings"][0]["reason"].startswith("risk for the setting '*.one' accepted by it-sec until 2999-12-31: trial")
    assert "not enforced: an accepted risk for the setting '*.one' keeps the whole control" in row["settings"][1]["reason"]
    assert (row["state"], row["risk"]["setting"]) == ("drifted", "*.one")
    folder = done.directory.parent
    assert [(folder / f"proxy1.{name}").exists() for name in ("one", "two")] == [False, False], "nothing is written there"
    assert done.state("PRX-05", "proxy2") == "changed" and (folder / "proxy2.one").exists()


def test_where_only_that_setting_differs_the_row_is_accepted(play: Play) -> None:
    play(FILES)
    (play(FILES).directory.parent / "proxy1.one").write_text("other")
    row = accept(play).row("PRX-05")
    assert (row["state"], [found["state"] for found in row["settings"]]) == ("accepted", ["accepted", "compliant"])


def test_an_expired_risk_for_one_setting_is_drift_and_still_not_enforced(play: Play) -> None:
    done = accept(play, expires=YESTERDAY)
    row = done.row("PRX-05")
    assert row["state"] == "drifted" and {found["state"] for found in row["settings"]} == {"drifted"}
    assert "nothing is enforced until the entry is renewed or deleted" in row["reason"]
    assert not (done.directory.parent / "proxy1.two").exists()


def test_a_misspelt_setting_is_never_clean(play: Play) -> None:
    play(FILES)
    row = accept(play, setting="onne").row("PRX-05")
    assert row["state"] == "not_examined"
    assert row["settings"][-1]["setting"] == "onne"
