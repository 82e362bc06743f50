# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files a real run leaves: every format, the comparison, nothing of an earlier run, no secret, and no clean end where one is missing."""

from __future__ import annotations

import json
import stat
from xml.etree import ElementTree
from pathlib import Path

import pytest

from .conftest import Outcome, Play
from .test_drift_report import ASSERT, FILE, MIXED
from .test_exit_codes import told

OTHERS = ["drift-report.html", "drift-report.junit.xml", "drift-report.md", "drift-report.summary.txt"]
EVERYTHING = sorted(["drift-report.json", "events.jsonl", *OTHERS])


def names(done: Outcome) -> list[str]:
    return sorted(path.name for path in done.directory.iterdir())


def crashing(name: str) -> str:
    return f"""

def crash(document, catalogue):
    raise ZeroDivisionError("too much")


drift_report._report_files.RENDERERS["{name}"] = (drift_report._report_files.RENDERERS["{name}"][0], crash)

"""


def test_every_format_is_written_and_private(play: Play) -> None:
    done = play(FILE)
    assert done.code == 0, done.output
    assert names(done) == EVERYTHING
    assert {stat.S_IMODE(path.stat().st_mode) for path in done.directory.iterdir()} == {0o600}
    line = (done.directory / "drift-report.summary.txt").read_text()
    assert line.startswith("Drift report site ") and line.count("\n") == 1
    assert [text for text in done.output.splitlines() if text][-1] == line.rstrip("\n")
    assert "PRX-05" in (done.directory / "drift-report.md").read_text()
    assert "PRX-05" in (done.directory / "drift-report.html").read_text()
    assert ElementTree.parse(done.directory / "drift-report.junit.xml").getroot().tag == "testsuites"


def test_only_the_formats_asked_for_are_written_and_older_ones_go(play: Play) -> None:
    play(FILE)
    done = play(FILE, "-e", "atlassian_report_formats=markdown")
    assert names(done) == ["drift-report.json", "drift-report.md", "drift-report.previous.json", "drift-report.summary.txt", "events.jsonl"]


@pytest.mark.parametrize(("name", "file"), [("html", "drift-report.html"), ("markdown", "drift-report.md"), ("junit", "drift-report.junit.xml")])
def test_a_renderer_that_crashes_is_said_and_no_older_file_stays(play: Play, name: str, file: str) -> None:
    play(FILE)
    done = play(FILE, sabotage=crashing(name))
    assert done.code == 1
    assert f"{file} of this run is missing: ZeroDivisionError: too much" in " ".join(done.output.split())
    assert names(done) == sorted({*EVERYTHING, "drift-report.previous.json"} - {file})
    assert done.state("PRX-05") == "compliant", "the JSON report is there and whole"


def test_a_renderer_that_crashes_after_a_failed_run_leaves_ansible_s_code(play: Play) -> None:
    assert play("- name: PRX-05 | Fails\n  ansible.builtin.fail:\n    msg: no\n  tags: [PRX-05]\n", sabotage=crashing("html")).code == 2


def test_a_disk_that_is_full_after_the_json_report(play: Play) -> None:
    play(ASSERT)
    # The second report and all later ones are as large as each other: they are compared with one.
    sizes = {path.name: path.stat().st_size for path in play(ASSERT).directory.iterdir()}
    assert sizes["drift-report.json"] + 3_000 < sizes["drift-report.html"]
    done = play(ASSERT, largest_file=max(sizes["drift-report.json"], sizes["events.jsonl"]) + 2_000)
    assert done.code == 1
    assert "drift-report.html of this run is missing: OSError: [Errno 27] File too large" in " ".join(done.output.split())
    assert "drift-report.html" not in names(done) and done.state("PRX-05") == "compliant"


def test_a_callback_that_crashes_fails_the_run_and_leaves_no_report(play: Play) -> None:
    play(FILE)
    sabotage = "\n\ndef crash(*arguments):\n    raise KeyError('unforeseen')\n\n\ndrift_report.result_event = crash\n\n"
    done = play(FILE, sabotage=sabotage)
    assert done.code == 2
    assert "The drift report of this run is lost: KeyError: 'unforeseen'" in done.output
    assert names(done) == ["drift-report.previous.json", "events.broken.jsonl"]


def test_no_format_tells_a_secret_at_vvv(play: Play) -> None:
    done = play(MIXED, "-vvv")
    assert {*OTHERS, "drift-report.json"} <= set(names(done))
    assert [path.name for path in done.directory.iterdir() if "canary" in path.read_text()] == []
    again = play(MIXED, "--check", "-vvv")
    assert [path.name for path in again.directory.iterdir() if "canary" in path.read_text()] == []


def test_two_checks_without_change_differ_in_the_header_only(play: Play) -> None:
    documents = []
    for _again in range(2):
        documents.append(play(FILE, "--check").report)
        documents[-1].pop("header")
    assert json.dumps(documents[0]) == json.dumps(documents[1])


def test_new_and_resolved_from_run_to_run_and_a_partial_one_between(play: Play, tmp_path: Path) -> None:
    first = play(FILE, "--check").header
    assert first["comparison"] is None and first["not_compared"] == "there is no earlier report in the report directory"
    # A part only: what it left out is neither new nor resolved, and is known to be open since the first run.
    partial = play(FILE, "--check", "--tags", "PRX-06").header
    assert (partial["comparison"]["new"], partial["comparison"]["resolved"]) == ([], [])
    assert {"control": "PRX-05", "target": "proxy1", "state": "drifted"} in partial["left_out"]
    assert {"control": "PRX-05", "target": "proxy1", "since": first["started"]} in partial["comparison"]["since"]
    real = play(FILE)
    resolved = real.header["comparison"]["resolved"]
    assert resolved == [{"control": "PRX-05", "target": target, "was": "drifted"} for target in ("proxy1", "proxy2")]
    assert real.header["check_mode"] is False and real.state("PRX-05") == "changed", "a real run's report is the change log"
    (tmp_path / "proxy2.txt").write_text("other")
    last = play(FILE, "--check")
    assert last.header["comparison"]["new"] == [{"control": "PRX-05", "target": "proxy2"}]
    assert last.output.rstrip().endswith("; new: PRX-05 proxy2")


def test_a_previous_report_that_is_no_report_is_said(play: Play) -> None:
    done = play(FILE, "--check")
    (done.directory / "drift-report.json").write_text("{")
    again = play(FILE, "--check")
    assert again.code == 0
    assert again.header["comparison"] is None
    assert "Not compared with an earlier report: the previous report drift-report.previous.json is damaged: it is no JSON." in again.output


def test_a_partial_run_says_what_it_left_out_in_one_line(play: Play) -> None:
    done = play(told("compliant"), "--tags", "PRX-05")
    rows = len(done.header["left_out"])
    assert rows > 50
    assert f"  {rows} rows not asked for (--tags PRX-05), not_examined in the report; last seen: {rows} never examined." in done.output
    assert f"{rows} not asked for" in (done.directory / "drift-report.summary.txt").read_text()
