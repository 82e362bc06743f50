# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole role against one Jira: with forms, with a token alone, what it is told about, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import urllib3

from .jira_cases import comparable
from .plays import Play, site_play

JIRA = [f"JIRA-{number:02}" for number in range(1, 13)]
DEFAULTS = {
    "jira.option.globalsharing": "false",
    "jira.mode": "private",
    "jira.maximum.authentication.attempts.allowed": "3",
    "jira.option.emailvisible": "hide",
    "jira.user.avatar.gravatar.enabled": "false",
    "jira.comment.level.visibility.groups": "false",
    "jira.show.contact.administrators.form": "false",
    "jira.project.description.html.enabled": "false",
    "jira.custom.field.html.enabled": "false",
    "jira.attachment.download.mime.sniffing.workaround": "secure",
}
BY_FORM = ("JIRA-03", "JIRA-06", "JIRA-07", "JIRA-09")
LEFT = ("JIRA-05", "JIRA-10", "JIRA-11")  # only read


@pytest.fixture
def play_jira(simulator: Any, tmp_path: Path) -> Play:
    """With forms, and with every control that may be enforced."""
    return site_play(
        simulator,
        tmp_path,
        {
            "atlassian_username": "automation",
            "atlassian_password": simulator.secrets["admin_password"],
            "atlassian_witness_username": "witness",
            "atlassian_witness_password": simulator.secrets["user_password"],
            "atlassian_controls": {"JIRA-12": "enforce"},
            "jira_hardening_allow_forms": True,
            "jira_hardening_filters": [10001],
            "jira_hardening_dark_features_allowed": ["atlassian.rest.xsrf.legacy.enabled"],  # the system's own: nothing switches it off at run time
        },
    )


@pytest.fixture
def play(simulator: Any, tmp_path: Path) -> Play:
    """With a token alone."""
    return site_play(simulator, tmp_path, {"atlassian_api_token": simulator.secrets["admin_token"], "atlassian_witness_token": simulator.secrets["user_token"]})


def seen(simulator: Any, account: str | None) -> dict[str, Any]:
    """What somebody (None: a stranger) is shown, asked without any of our code."""
    headers = {"Authorization": f"Bearer {simulator.secrets[f'{account}_token']}"} if account else {}
    found = {}
    for path in ("project", "dashboard", "filter/10000", "filter/10001"):
        answer = urllib3.request("GET", f"{simulator.url}/rest/api/2/{path}", headers=headers, retries=False)
        body = answer.json() if answer.status == 200 else None
        listed = body.get("dashboards", [body]) if isinstance(body, dict) else body
        found[path] = None if body is None else sorted(item["id"] for item in listed)
    return found


def test_a_drift_report_of_a_jira_with_forms_writes_nothing(simulator: Any, play_jira: Play) -> None:
    before = simulator.state()
    done = play_jira("drift", "-e", "atlassian_read_only=false")
    assert done.code == 0, done.said[-3000:]
    assert {done.rows[control]["state"] for control in JIRA if control not in LEFT} == {"drifted"}
    assert (simulator.state(), simulator.audit()) == (before, [])


def test_a_whole_jira_is_closed_and_stays_closed(simulator: Any, play_jira: Play) -> None:
    colleagues = {who: seen(simulator, who) for who in ("user", "admin")}
    stranger = seen(simulator, None)
    assert stranger["project"] and "10001" in stranger["dashboard"] and stranger["filter/10000"]
    before = simulator.state()
    check = play_jira("site", "--check")
    assert (simulator.state(), simulator.audit()) == (before, [])
    done = play_jira("site")
    # The simulated 8.20 does not obey the switch, and that is said.
    code, closed = (0, "changed") if simulator.closes else (2, "failed")
    assert (done.code, done.rows["JIRA-01"]["state"]) == (code, closed), done.said[-3000:]
    for control in JIRA:
        predicted, found = check.told(control, "drifted"), done.told(control, "changed", "drifted", "failed")
        assert predicted == found or control == "JIRA-01" and not simulator.closes, control
        if control not in ("JIRA-01", *LEFT):
            assert found and done.rows[control]["state"] == "changed", control
    state, audit = simulator.state(), simulator.audit()
    assert {key: state["properties"][key] for key in DEFAULTS} == DEFAULTS
    assert all(None not in groups for groups in state["global_permissions"].values())
    assert all(share["type"] != "global" for item in state["filters"].values() for share in item["shares"])
    assert {who: seen(simulator, who) for who in colleagues} == colleagues
    if simulator.closes:
        assert set(seen(simulator, None).values()) == {None}
    again = play_jira("site")
    assert (again.code, simulator.state(), simulator.audit()) == (code, state, audit)
    for control in JIRA:
        if control not in ("JIRA-01", *LEFT):
            assert again.rows[control]["state"] == "compliant", again.rows[control]
    # Who cannot ask as a stranger any more does not call it clean.
    assert again.rows["JIRA-05"]["state"] == ("not_examined" if simulator.closes else "drifted")


def test_a_token_alone_is_enough_for_a_green_run_of_jira(simulator: Any, play: Play) -> None:
    colleague = seen(simulator, "user")
    check = play("site", "--check")
    done = play("site")
    assert done.code == (0 if simulator.closes else 2), done.said[-3000:]
    for control in (*BY_FORM, "JIRA-10", "JIRA-12"):
        unseen = [setting for setting in done.rows[control]["settings"] if setting["state"] == "not_examined"]
        assert unseen and any("allow_forms" in setting["reason"] for setting in unseen), control
    for control in ("JIRA-03", "JIRA-06", "JIRA-07"):
        assert done.rows[control]["state"] == "not_examined"
    assert done.told("JIRA-04", "changed") == [("jira.option.globalsharing", True, False)]
    for control in JIRA:
        if control != "JIRA-01":
            assert check.told(control, "drifted") == done.told(control, "changed", "drifted"), control
    state, audit = simulator.state(), simulator.audit()
    assert "session" not in {call.get("auth") for call in simulator.calls()} and seen(simulator, "user") == colleague
    again = play("site")
    assert (again.code, simulator.state(), simulator.audit()) == (done.code, state, audit)


def test_public_dashboards_are_reported_and_left(simulator: Any, play: Play) -> None:
    before = simulator.state()
    done = play("site", "--tags", "JIRA-05")
    assert done.told("JIRA-05", "drifted") == [("dashboard 10001 (Public roadmap)", "visible", "visible")]
    kept = play("site", "--tags", "JIRA-05", jira_hardening_keep_dashboards=[10001])
    assert kept.rows["JIRA-05"]["state"] == "compliant"
    assert simulator.state() == before


def test_public_filters_are_only_reported_until_the_operator_decides(simulator: Any, play_jira: Play) -> None:
    before = simulator.state()
    reported = play_jira("site", "--tags", "JIRA-12", atlassian_controls={})
    assert [name for name, _before, _after in reported.told("JIRA-12", "drifted")] == ["filter 10000 (All open bugs)"]
    assert reported.code == 0 and (simulator.state(), simulator.audit()) == (before, [])
    kept = play_jira("site", "--tags", "JIRA-12", jira_hardening_keep_filters=[10000])
    assert kept.rows["JIRA-12"]["state"] == "compliant" and simulator.audit() == []
    done = play_jira("site", "--tags", "JIRA-12")
    assert [name for name, _before, _after in done.told("JIRA-12", "changed")] == ["filter 10000 (All open bugs)"]
    item = simulator.state()["filters"]["10000"]
    assert (item["owner"], [share["type"] for share in item["shares"]]) == ("witness", ["loggedin"])


def test_settings_that_differ_belong_to_the_control_that_has_their_default(play_jira: Play) -> None:
    wishes = {"jira.mode": None, "jira.option.emailvisible": "mask", "jira.search.views.default.max": 500}
    done = play_jira("site", "--check", "--tags", "JIRA-04,JIRA-06,JIRA-07,JIRA-09", jira_hardening_settings=wishes)
    assert done.rows["JIRA-06"]["state"] == "not_applicable"
    wanted = {name: after for name, _before, after in done.told("JIRA-09", "drifted", "compliant")}
    assert (wanted["jira.option.emailvisible"], wanted["jira.search.views.default.max"]) == ("mask", 500)
    assert {name for name, _before, _after in done.told("JIRA-04", "drifted", "compliant")} == {"jira.option.globalsharing"}
    inside = play_jira("site", "--check", "--tags", "JIRA-09", atlassian_exposure="vpn")
    assert ("jira.option.emailvisible", "user") in [(name, after) for name, _before, after in inside.told("JIRA-09", "drifted", "compliant")]


def test_an_unknown_setting_of_jira_stops_its_own_control_only(simulator: Any, play_jira: Play) -> None:
    done = play_jira("site", "--tags", "JIRA-04,JIRA-09", jira_hardening_settings={"jira.no.such.key": True})
    assert done.code == 2 and done.rows["JIRA-04"]["state"] == "changed" and done.rows["JIRA-09"]["state"] == "failed"
    assert "jira.no.such.key is unknown here" in done.rows["JIRA-09"]["reason"]
    assert {entry["object"] for entry in simulator.audit()} == {"jira.option.globalsharing"}


def test_administrator_sessions_that_are_not_asked_are_found(simulator: Any, play_jira: Play) -> None:
    asked = play_jira("site", "--tags", "JIRA-10")
    assert asked.told("JIRA-10", "compliant") == [("secure administrator sessions", "asked", "asked")]
    assert [name for name, _before, _after in asked.told("JIRA-10", "not_examined")] == ["XSRF check"]
    simulator.plant(websudo=False)
    open_ = play_jira("site", "--tags", "JIRA-10")
    assert [name for name, _before, _after in open_.told("JIRA-10", "drifted")] == ["secure administrator sessions"]
    assert open_.code == 0 and [entry for entry in simulator.audit() if entry["user"] == "automation"] == []


def test_the_address_list_is_never_called_compliant(simulator: Any, play: Play) -> None:
    row = play("site", "--tags", "JIRA-11").rows["JIRA-11"]
    assert row["state"] == ("not_applicable" if simulator.version in ("8.20", "9.12") else "not_examined")


@pytest.mark.parametrize("path", ["/secure/admin/WebSudoAuthenticate.jspa", "log-in"])
def test_a_refused_browser_session_is_tried_once_in_a_whole_play_of_jira(simulator: Any, play_jira: Play, path: str) -> None:
    login = "/rest/tsv/1.0/authenticate" if simulator.version in ("10.3", "11.2") else "/login.jsp"
    simulator.fault("captcha", login if path == "log-in" else path, "POST")
    done = play_jira("site", "--check")
    assert done.code == 2 and {done.rows[control]["state"] for control in JIRA} == {"not_examined"}
    tried = [call for call in simulator.calls() if call["method"] == "POST" and call["path"] == (login if path == "log-in" else path)]
    assert len(tried) == 1 and len([call for call in simulator.calls() if call["path"] == login and call["method"] == "POST"]) == 1


def test_who_loses_something_is_told_how_to_undo_it(simulator: Any, play_jira: Play) -> None:
    colleague = seen(simulator, "user")
    done = play_jira("site", "--tags", "JIRA-02", jira_hardening_replace_with="none")
    assert done.code == 2 and done.rows["JIRA-02"]["state"] == "failed"
    assert "hardening.atlassian.restore" in done.said and "docs/undo.md" in done.said
    assert seen(simulator, "user") != colleague
    assert play_jira("restore").code == 0 and seen(simulator, "user") == colleague


def test_restore_brings_back_what_the_role_changed_in_jira(simulator: Any, play_jira: Play) -> None:
    before = simulator.state()
    play_jira("site")
    after = comparable(simulator.state())
    assert [part for part, value in comparable(before).items() if after[part] == value] == ["dashboards"], "what nobody changes"
    assert play_jira("restore", "--check").code == 0 and comparable(simulator.state()) == after
    done = play_jira("restore", jira_hardening_restore_scopes=["permission_schemes"])
    assert done.code == 0, done.said[-3000:]
    assert comparable(simulator.state()) == {**after, "schemes": comparable(before)["schemes"]}
    done = play_jira("restore")
    assert done.code == 0, done.said[-3000:]
    assert comparable(simulator.state()) == comparable(before)
    assert simulator.state()["features"] != before["features"], "the site stays closed"
