# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of other people: many of them, taken over and given back, also when a run dies in between; and dashboards, which are only looked at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access, jira_restore

from .jira_cases import FILTERS, PUBLIC, REST_OF_FILTERS, by_password, comparable, false_statements, public
from .results import rows, said
from .test_faults import HARMLESS, KINDS, PASSING, assert_given_back, more, owners

RUN = """
import sys, json
from ansible.module_utils.testing import patch_module_args
from ansible_collections.hardening.atlassian.plugins.modules import jira_anonymous_access
with patch_module_args(json.loads(sys.argv[1])):
    jira_anonymous_access.main()
"""
UNLISTED = "filters that nobody lists"


@pytest.fixture
def options(simulator: Any, tmp_path: Path) -> dict[str, Any]:
    return {"scope": "filters", "replace_with": "logged_in", "restore_path": str(tmp_path / "restore.json"), **by_password(simulator)}


def opened(simulator: Any) -> set[str]:
    """What is shared with anyone."""
    return public(simulator.state()["filters"])


def test_fifty_of_a_thousand_are_found_and_closed(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    simulator.plant(filters={"count": 1000, "public": 50})
    before = owners(simulator.state())
    result = run(jira_anonymous_access, **options)
    assert not result["failed"], result["msg"]
    assert (len(rows(result, "changed")), opened(simulator), owners(simulator.state())) == (51, set(), before)
    assert (REST_OF_FILTERS, 952, 952) in rows(result, "compliant") and rows(result, "not_examined") == []
    audit, asked = simulator.audit(), len(simulator.calls())
    again = run(jira_anonymous_access, **options)
    assert not again["changed"] and simulator.audit() == audit
    assert rows(again, "compliant", "not_examined", "drifted") == [(REST_OF_FILTERS, 1003, 1003)]
    assert len(simulator.calls()) - asked < 1003 + 52 + 20  # each filter once, the pages, and the way in and out


def test_without_forms_the_filters_that_nobody_lists_are_not_examined(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    simulator.plant(filters={"count": 1000, "public": 50})
    result = run(jira_anonymous_access, **{**options, "allow_forms": False})
    [row] = [row for row in result["settings"] if row["setting"] == UNLISTED]
    assert row["state"] == "not_examined" and "allow_forms" in row["reason"] and "ViewSharedFilters.jspa" in row["reason"]
    # The popular filters are twenty; nothing is said of the thirty-one that they leave out.
    assert len(rows(result, "changed")) == 20 and len(opened(simulator)) == 31
    assert false_statements(result, simulator.state()) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in HARMLESS])
def test_a_list_that_breaks_off_is_not_the_whole_list(simulator: Any, run: Any, options: dict[str, Any], kind: str) -> None:
    """From the second page on; the other filters come from a stranger's page, which shows twenty."""
    simulator.plant(filters={"count": 60, "public": 60})
    simulator.fault(kind, "/secure/admin/filters/", "GET", skip=1, **more(kind))
    result = run(jira_anonymous_access, check=True, **options)
    assert UNLISTED in {row[0] for row in rows(result, "not_examined")} or result["failed"]
    assert false_statements(result, simulator.state()) == [] and len(rows(result, "drifted")) < 61


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in HARMLESS])
@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
def test_one_broken_filter_does_not_stop_the_others(simulator: Any, run: Any, options: dict[str, Any], kind: str, check: bool) -> None:
    simulator.plant(filter={"id": 10009, "name": "Broken", "owner": "lena", "shares": [{"type": "global"}]})
    before = owners(simulator.state())
    simulator.fault(kind, f"{FILTERS}/10009", "GET", **more(kind))
    result = run(jira_anonymous_access, check=check, **options)
    assert false_statements(result, simulator.state()) == [] and owners(simulator.state()) == before
    if kind in ("captcha", "anonymous_200", "empty_200"):  # our credentials are no good any more, so nothing else is asked
        assert result["failed"] and {row[0] for row in said(result)} <= {REST_OF_FILTERS}
        return
    assert result["failed"] and [row[0] for row in rows(result, "failed")] == ["filter 10009"]
    assert [row[0] for row in rows(result, "drifted" if check else "changed")] == ["filter 10000 (All open bugs)"]


def test_filters_that_are_named_are_looked_at(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    simulator.plant(filter={"id": 10009, "name": "Not popular", "owner": "lena", "shares": [{"type": "global"}]})
    simulator.fault("500", "/secure/ManageFilters.jspa", "GET")  # else a stranger's page would name it
    without = {**options, "allow_forms": False}
    assert "filter 10009 (Not popular)" not in [row["setting"] for row in run(jira_anonymous_access, check=True, **without)["settings"]]
    named = run(jira_anonymous_access, check=True, **without, filters=[10009, 10002, 1])
    assert rows(named, "drifted") == [("filter 10009 (Not popular)", ["anyone"], ["loggedin"])]
    # A filter that is out of sight may be private or gone: both look alike.
    assert {"filter 10002", "filter 1", UNLISTED} == {row[0] for row in rows(named, "not_examined")}


def test_a_filter_that_may_stay_public_stays(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    simulator.plant(filter={"id": 10009, "name": "Other", "owner": "lena", "shares": [{"type": "global"}]})
    result = run(jira_anonymous_access, **options, keep_filters=[10000])
    assert opened(simulator) == {"10000"} and rows(result, "changed") == [("filter 10009 (Other)", ["anyone"], ["loggedin"])]
    assert ("filter 10000 (All open bugs)", ["anyone"], ["anyone"]) in rows(result, "compliant")
    audit = simulator.audit()
    refused = run(jira_anonymous_access, **options, keep_filters=[10000, 4711])
    assert refused["failed"] and "keep_filters: there is no filter 4711" in refused["msg"] and simulator.audit() == audit


def test_without_replace_with_it_is_reported_and_left(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """Anyone is everybody who logs in too; where they have a share of their own there is nothing to ask."""
    simulator.plant(filter={"id": 10009, "name": "Shared twice", "owner": "lena", "shares": [{"type": "global"}, {"type": "loggedin"}]})
    result = run(jira_anonymous_access, **{**options, "replace_with": None})
    assert rows(result, "changed") == [("filter 10009 (Shared twice)", ["anyone", "loggedin"], ["loggedin"])]
    assert rows(result, "drifted") == [("filter 10000 (All open bugs)", ["anyone"], ["anyone"])] and opened(simulator) == {"10000"}


OTHERS = [{"type": "group", "target": "hr-team", "edit": True}, {"type": "project", "target": 10003}, {"type": "user", "target": "witness"}]


@pytest.mark.parametrize("more_options", [{}, {"replace_groups": ["jira-software-users"]}, {"replace_with": "none"}], ids=["logged in", "groups", "none"])
def test_the_other_shares_stay(simulator: Any, run: Any, options: dict[str, Any], more_options: dict[str, Any]) -> None:
    """Adding everybody who logs in deletes the others: they are there again afterwards, and after a restore."""
    simulator.plant(filter={"id": 10009, "name": "Of many", "owner": "lena", "jql": "a = b", "shares": [{"type": "global"}, *OTHERS]})
    before = comparable(simulator.state())
    options |= more_options
    predicted = run(jira_anonymous_access, check=True, **options)
    result = run(jira_anonymous_access, **options)
    assert rows(result, "changed") == rows(predicted, "drifted") and not result["failed"], result["msg"]
    kept = {"group:hr-team", "project:10003", "user:witness"}
    instead = {"group:jira-software-users"} if "replace_groups" in options else {"loggedin"}
    after = comparable(simulator.state())["filters"]["10009"]
    assert set(after["shares"]) == (kept if options["replace_with"] == "none" else kept | instead)
    assert {**after, "shares": None} == {**before["filters"]["10009"], "shares": None}
    edits = {share["target"]: share["edit"] for share in simulator.state()["filters"]["10009"]["shares"]}
    assert edits["hr-team"] is True
    restored = run(jira_restore, restore_path=options["restore_path"], **by_password(simulator))
    assert not restored["failed"], restored["msg"]
    unseen = {"filter 10000 (All open bugs)"} if options["replace_with"] == "none" else set()  # shared with nobody, it is its owner's alone
    assert {row[0] for row in rows(restored, "not_examined")} == unseen
    assert comparable(simulator.state())["filters"]["10009"] == before["filters"]["10009"]
    assert unseen or comparable(simulator.state()) == before


# Each write of the change of a filter that belongs to somebody else: take it over, change its shares, give it back.
WRITES = {
    "take over": ("PUT", FILTERS, 0, "logged_in"), "share": ("POST", FILTERS, 0, "logged_in"), "unshare": ("DELETE", FILTERS, 0, "none"),
    "give back": ("PUT", FILTERS, 1, "logged_in"), "give back unseen": ("PUT", FILTERS, 1, "none"),
}  # fmt: skip


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("after_effect", [False, True], ids=["write lost", "answer lost"])
@pytest.mark.parametrize(("kind", "times"), [*((kind, 1) for kind in KINDS), *((kind, None) for kind in (*PASSING, "500"))])
def test_faults_of_each_write(simulator: Any, run: Any, options: dict[str, Any], write: str, kind: str, times: int | None, after_effect: bool) -> None:
    method, path, skip, replace_with = WRITES[write]
    before = owners(simulator.state())
    simulator.fault(kind, path, method, times=times, skip=skip, after_effect=after_effect, **more(kind))
    options["replace_with"] = replace_with
    result = run(jira_anonymous_access, **options)
    assert false_statements(result, simulator.state()) == []
    simulator.control("DELETE", "faults")
    assert_given_back(simulator, run, result, before, options)


@pytest.mark.parametrize("first", ["restore", "run"])
@pytest.mark.parametrize("step", ["take over", "share", "give back"])
def test_a_run_that_is_killed_while_the_filter_is_taken_over_can_be_undone(simulator: Any, run: Any, options: dict[str, Any], step: str, first: str) -> None:
    """The write is done, its answer hangs, and the process is killed there."""
    before = comparable(simulator.state())
    method, path, skip, _replace_with = WRITES[step]
    simulator.fault("slow", path, method, times=1, skip=skip, after_effect=True, delay=4)
    arguments = {"url": simulator.url, **{name: value for name, value in options.items() if value is not None}}
    process = subprocess.Popen([sys.executable, "-c", RUN, json.dumps(arguments)], stdout=subprocess.DEVNULL, env=dict(os.environ))
    until = time.monotonic() + 30
    while simulator.control("GET", "faults"):  # the fault is used up when its request arrives
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    stolen = owners(simulator.state())["10000"] == "automation"
    assert stolen == (step != "give back")
    restore = {"restore_path": options["restore_path"], **by_password(simulator)}
    if first == "restore":
        run(jira_restore, **restore)
        assert comparable(simulator.state()) == before
    # The rest of the work, and then everything back: both runs count as one.
    result = run(jira_anonymous_access, **options)
    assert not result["failed"] and opened(simulator) == set() and owners(simulator.state())["10000"] == "witness"
    run(jira_restore, **restore)
    assert comparable(simulator.state()) == before


def test_the_rest_of_a_killed_run_does_not_keep_the_filter(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """The next run finds a filter that belongs to our account since a run before it took it over: it is given back."""
    before = comparable(simulator.state())
    simulator.fault("500", FILTERS, "POST")  # all attempts to share it
    simulator.fault("500", FILTERS, "PUT", skip=1)  # and to give it back
    assert run(jira_anonymous_access, **options)["failed"] and owners(simulator.state())["10000"] == "automation"
    simulator.control("DELETE", "faults")
    predicted = run(jira_anonymous_access, check=True, **options)
    second = run(jira_anonymous_access, **options)
    assert rows(predicted, "drifted") == rows(second, "changed")
    assert opened(simulator) == set() and false_statements(second, simulator.state()) == []
    assert owners(simulator.state())["10000"] == "witness"
    assert ("filter 10000 (All open bugs): owner", "automation", "witness") in rows(second, "changed")
    run(jira_restore, restore_path=options["restore_path"], **by_password(simulator))
    assert comparable(simulator.state()) == before


def test_a_name_that_our_account_has_already_fails_alone(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """Nobody has two filters of one name, so this one cannot be taken over."""
    simulator.plant(filter={"id": 10009, "name": "Support queue", "owner": "lena", "shares": [{"type": "global"}]})
    before = owners(simulator.state())
    result = run(jira_anonymous_access, **options)
    [failed] = [row for row in result["settings"] if row["state"] == "failed"]
    assert failed["setting"] == "filter 10009 (Support queue)" and (failed["before"], failed["after"]) == (["anyone"], ["anyone"])
    assert "name" in failed["reason"] and failed["reason"] in result["msg"]
    assert owners(simulator.state()) == before and opened(simulator) == {"10009"}
    assert rows(result, "changed") == [("filter 10000 (All open bugs)", ["anyone"], ["loggedin"])]


def test_an_owner_who_left_is_reported_and_left(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """Whoever is inactive gets nothing back."""
    simulator.plant(filter={"id": 10009, "name": "Of one who left", "owner": "former", "shares": [{"type": "global"}]})
    before = owners(simulator.state())
    result = run(jira_anonymous_access, **options)
    assert rows(result, "drifted") == [("filter 10009 (Of one who left)", ["anyone"], ["anyone"])] and not result["failed"]
    assert owners(simulator.state()) == before


def test_a_public_share_comes_back_only_after_the_setting(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """With public shares switched off Jira refuses the share, and the row says so."""
    before = comparable(simulator.state())
    run(jira_anonymous_access, **options)
    simulator.plant(property={"key": "jira.option.globalsharing", "value": "false"})
    restored = run(jira_restore, restore_path=options["restore_path"], **by_password(simulator))
    assert restored["failed"] and [row[0] for row in rows(restored, "failed")] == ["filter 10000 (All open bugs)"]
    assert owners(simulator.state())["10000"] == "witness" and opened(simulator) == set()
    simulator.plant(property={"key": "jira.option.globalsharing", "value": "true"})
    run(jira_restore, restore_path=options["restore_path"], **by_password(simulator))
    assert comparable(simulator.state()) == before


def test_a_closed_site_does_not_hide_public_filters_from_forms(simulator: Any, run: Any, options: dict[str, Any]) -> None:
    """They would open with the site."""
    simulator.plant(site_feature={"key": PUBLIC, "enabled": True})
    assert rows(run(jira_anonymous_access, check=True, **options), "drifted") == [("filter 10000 (All open bugs)", ["anyone"], ["loggedin"])]


def test_dashboards_of_a_closed_site_are_not_examined(simulator: Any, run: Any) -> None:
    simulator.plant(site_feature={"key": PUBLIC, "enabled": True})
    result = run(jira_anonymous_access, scope="dashboards")
    if simulator.closes:
        assert rows(result, "not_examined") == [("dashboards a stranger sees", None, None)] and said(result) == []
    else:
        assert ("dashboard 10001 (Public roadmap)", "visible", "visible") in rows(result, "drifted")


def test_dashboards_that_may_be_seen_are_compliant(simulator: Any, run: Any) -> None:
    result = run(jira_anonymous_access, scope="dashboards", keep_dashboards=[10001])
    assert rows(result, "drifted", "not_examined") == []
    assert [row[0] for row in said(result)] == ["dashboard 10000 (System Dashboard)", "dashboard 10001 (Public roadmap)"]


def test_more_dashboards_than_a_page_holds_are_all_found(simulator: Any, run: Any) -> None:
    simulator.control("POST", "plant", [{"share": {"dashboard": number, "type": "global"}} for number in (10002, 10003)])
    simulator.fault("slow", "/rest/api/2/dashboard", "GET", delay=0.1)
    result = run(jira_anonymous_access, scope="dashboards")
    assert [row[0] for row in rows(result, "drifted")] == ["dashboard 10001 (Public roadmap)", "dashboard 10002 (Operations)", "dashboard 10003 (Personnel)"]
