# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of events: whole, private, and never taken for that of another run."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._events import EventsError, EventWriter, read_events

RUN = {"event": "run", "run": {"id": "r1"}}


def written(directory: Path) -> EventWriter:
    writer = EventWriter()
    writer.add({"event": "start"})
    writer.open(str(directory))
    writer.add(RUN)
    return writer


def test_events_are_there_at_once_with_those_from_before_and_private(tmp_path: Path) -> None:
    directory = tmp_path / "a" / "report"
    written(directory)
    assert read_events(str(directory), "r1") == [{"event": "start"}, RUN]
    assert stat.S_IMODE((directory / "events.jsonl").stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_an_earlier_file_is_replaced_and_a_link_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("keep")
    os.symlink(target, tmp_path / "events.jsonl")
    written(tmp_path)
    assert target.read_text() == "keep"
    assert [json.loads(line)["event"] for line in (tmp_path / "events.jsonl").read_text().splitlines()] == ["start", "run"]


def test_abandoned_events_are_set_aside(tmp_path: Path) -> None:
    written(tmp_path).abandon()
    assert (tmp_path / "events.broken.jsonl").is_file()
    with pytest.raises(EventsError, match=r"there are no events of this run in .*drift_report did not run, or stopped with an error"):
        read_events(str(tmp_path), "r1")


def test_a_report_that_lies_beside_missing_events_is_told_to_be_of_an_earlier_run(tmp_path: Path) -> None:
    (tmp_path / "drift-report.json").write_text("{}")
    with pytest.raises(EventsError, match=r"\(look for one above\); the report that lies there is of an earlier run$"):
        read_events(str(tmp_path), "r1")


def test_events_of_another_run_are_refused(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(EventsError, match="holds no events of the run r2"):
        read_events(str(tmp_path), "r2")


def test_without_an_id_nothing_is_known(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match="the run has no id"):
        read_events(str(tmp_path), "")


def test_damaged_events_are_refused(tmp_path: Path) -> None:
    written(tmp_path).close()
    path = tmp_path / "events.jsonl"
    path.write_text(path.read_text() + '{"event": "res')
    with pytest.raises(EventsError, match="are damaged"):
        read_events(str(tmp_path), "r1")
