# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WAF-01 and -02 on the judge's proxy: modes, exclusions and drift.

It begins as site.yml made it (detection everywhere); then one play gives each site a mode of its own, and most tests look at that.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import load_exclusions
from waf import corpus, fire

from lab_tests.door import Door
from lab_tests.firewall import (
    ATTACK, AUDIT_LOG, CONTROLS, LIVE, LOG_FOLDER, MODES, SCRIPT, SETTINGS, SWITCHED_OFF, VENDOR_LINK,
    ask, ask_all, blocking_sites, denied_ports, empty_audit_log, logged_ports, must_run, request, waf_play,
)  # fmt: skip
from lab_tests.play import Run, inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

# A control character: paranoia 2 refuses it, paranoia 1 does not.
CONTROL_CHARACTER = {"path": "/browse/X-1?x=a%01b"}


def configuration(proxy: str) -> str:
    """Every file and link of /etc with what it holds or points to, and owner and mode of the log's folder."""
    look = f"find /etc -type f -exec sha256sum {{}} + | sort; find /etc -type l -printf '%p %l\\n' | sort; stat --format '%U %G %a' {LOG_FOLDER}"
    return inside(proxy, "sh", "-c", look)


# As site.yml made it: detection everywhere.


@pytest.mark.parametrize("name", list(MODES))
def test_waf_01_detection_lets_an_attack_pass_and_logs_it(door: Door, sites: dict[str, tuple[str, fire.Site]], name: str) -> None:
    product, site = sites[name]
    empty_audit_log(door.proxy)
    seen = ask(site, request(product, ATTACK))
    assert seen.reached, seen
    assert denied_ports(door.proxy) == set()
    # 949110 is the judgement of the score: what blocking would refuse.
    assert logged_ports(door.proxy, "949110") == {seen.port}


def test_waf_01_an_ordinary_request_is_not_logged(door: Door, sites: dict[str, tuple[str, fire.Site]]) -> None:
    empty_audit_log(door.proxy)
    for product, site in sites.values():
        assert ask(site, request(product, {"path": "/browse/X-1?focusedCommentId=1&page=a.b"})).reached
    assert logged_ports(door.proxy) == set()


def test_waf_01_the_package_is_as_it_came_and_httpd_has_nothing_to_complain_of(door: Door) -> None:
    assert "Syntax OK" in inside(door.proxy, "sh", "-c", "apache2ctl -t 2>&1")
    # Rules whose actions cannot be read are skipped by ModSecurity, and it says so there alone.
    assert "Error parsing" not in inside(door.proxy, "sh", "-c", "apache2ctl -t 2>&1; cat /var/log/apache2/error.log")
    # Documentation is left out of the lab's images; anything else that differs is a file of the package that was touched.
    verify = "dpkg --verify libapache2-mod-security2 modsecurity-crs | grep --invert-match '^missing .*/usr/share/' || true"
    assert inside(door.proxy, "sh", "-c", verify) == ""
    assert inside(door.proxy, "sh", "-c", f"ls {VENDOR_LINK} 2>/dev/null || true") == ""
    assert inside(door.proxy, "stat", "--format", "%U %G %a", LOG_FOLDER).strip() == "root adm 750"
    assert inside(door.proxy, "stat", "--format", "%a", AUDIT_LOG).strip() in ("640", "600")


# Each site in a mode of its own.


def test_waf_01_each_site_has_its_mode_and_paranoia(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]]) -> None:
    empty_audit_log(door.proxy)
    attacked = {name: ask(site, request(product, ATTACK)) for name, (product, site) in sites.items()}
    suspected = {name: ask(site, request(product, CONTROL_CHARACTER)) for name, (product, site) in sites.items()}
    blocking = {name for name, own in MODES.items() if own.get("atlassian_waf_mode") == "blocking"}
    assert {name for name, seen in attacked.items() if (seen.status, seen.reached) == (403, False)} == blocking
    assert {name for name, seen in attacked.items() if seen.reached} == set(MODES) - blocking
    # The site in detection shares its host name with one that blocks.
    assert logged_ports(door.proxy, "949110") >= {attacked["judge-jira-context"].port}
    assert attacked["judge-wiki-11"].port not in logged_ports(door.proxy)
    assert {name for name, seen in suspected.items() if not seen.reached} == {"judge-jira-11"}


def test_waf_01_a_refusal_is_a_page_of_ours(mixed: Path, door: Door) -> None:
    answer = door.curl(ATTACK["path"])
    assert answer.status == 403
    assert "ModSecurity" not in answer.body and "Apache" not in answer.body
    assert answer.all("X-Hardening-Atlassian-Waf") == [], "the score is told to the proxy itself alone"


@pytest.mark.parametrize("spelling", ["//jira", "/jir%61", "/x/..;/jira", "/./jira", "/jira;a=b"])
def test_waf_01_another_spelling_of_its_path_does_not_lead_to_the_milder_mode(mixed: Path, sites: dict[str, tuple[str, fire.Site]], spelling: str) -> None:
    """On a host name of which another site blocks. Whether httpd reads the path as that of the site does not matter."""
    product, site = sites["judge-jira-context"]
    assert site.context == "/jira"
    assert not ask(site._replace(context=spelling), request(product, ATTACK)).reached


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"method": "POST", "path": "/plugins/servlet/notes/1", "form": {"note": SCRIPT}}, 200),
        ({"method": "POST", "path": "/plugins/servlet/notes/1", "json": {"note": SCRIPT}}, 200),
        ({"method": "POST", "path": "/plugins/servlet/notes/1", "form": {"note": "x", "title": SCRIPT}}, 403),
        ({"method": "POST", "path": "/plugins/servlet/notes/1", "form": {"notes": SCRIPT}}, 403),
        ({"method": "POST", "path": "/plugins/servlet/notes/1", "json": {"inner": {"note": SCRIPT}}}, 403),
        ({"method": "POST", "path": "/plugins/servlet/notes/1/more", "form": {"note": SCRIPT}}, 403),
        ({"method": "POST", "path": "/x/plugins/servlet/notes/1", "form": {"note": SCRIPT}}, 403),
        ({"path": f"/plugins/servlet/notes/1?note={quote(SCRIPT)}"}, 403),
    ],
    ids=["form", "json", "other argument", "longer name", "name inside", "longer path", "path inside", "other method"],
)
def test_waf_02_an_exclusion_of_ones_own_works_and_is_narrow(mixed: Path, sites: dict[str, tuple[str, fire.Site]], entry: dict[str, Any], status: int) -> None:
    product, site = sites["judge-jira"]
    seen = ask(site, request(product, entry))
    assert (seen.status, seen.reached) == (status, status == 200)
    other, elsewhere = sites["judge-wiki"]
    assert ask(elsewhere, request(other, entry)).status == 403, "it is Jira's alone"


def examples(key: str, product: str) -> list[corpus.Request]:
    """must_pass or must_refuse of all exclusions for a product, each under the id of its exclusion."""
    return [request(product, entry, rule["id"]) for rule in load_exclusions() if rule["product"] in (product, "both") for entry in rule[key]]


def test_waf_02_what_must_pass_passes(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]]) -> None:
    empty_audit_log(door.proxy)
    answers = [
        (what, seen)
        for product, site in blocking_sites(sites)
        for asked in [[what for what in examples("must_pass", product) if what.id != SWITCHED_OFF]]
        for what, seen in zip(asked, ask_all(site, asked), strict=True)
    ]
    assert len(answers) >= 50
    denied = denied_ports(door.proxy)
    assert [(what.product, what.id, what.path) for what, seen in answers if seen.port in denied] == []
    # Other controls refuse a few to everybody; were it more, these examples would prove little.
    elsewhere = [(what.product, what.id, what.path, seen.status) for what, seen in answers if not seen.reached]
    assert len(elsewhere) <= len(answers) / 10, elsewhere


def test_waf_02_what_must_be_refused_is_refused(mixed: Path, sites: dict[str, tuple[str, fire.Site]]) -> None:
    answers = [
        (what, seen)
        for product, site in blocking_sites(sites)
        for asked in [examples("must_refuse", product)]
        for what, seen in zip(asked, ask_all(site, asked), strict=True)
    ]
    assert len(answers) >= 50
    # An encoded slash is answered with 404 (PRX-01), whatever stands around it.
    expected = [404 if "%2f" in what.path.partition("?")[0].lower() else 403 for what, _seen in answers]
    wrong = [
        (what.product, what.id, what.path, seen)
        for (what, seen), status in zip(answers, expected, strict=True)
        if (seen.status, seen.reached) != (status, False)
    ]
    assert [entry for entry in wrong if entry[3].reached or entry[3].status not in (403, 404)] == []
    assert len(wrong) <= len(answers) / 20, wrong


def test_waf_02_an_exclusion_that_is_switched_off_is_gone(mixed: Path, sites: dict[str, tuple[str, fire.Site]]) -> None:
    (entry,) = [rule for rule in load_exclusions() if rule["id"] == SWITCHED_OFF]
    product, site = sites["judge-jira"]
    assert [ask(site, request(product, example)).status for example in entry["must_pass"]] == [403] * len(entry["must_pass"])


# Drift, in the same configuration.


def edit(proxy: str, path: str) -> None:
    inside(proxy, "sh", "-c", f"echo '# edited by hand' >> {path}")


@pytest.fixture(scope="module")
def edited(mixed: Path, door: Door, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, str, str]:
    """A check run after files of each control were edited; what /etc was before that run, and after it."""
    for path in (f"{LIVE}/server.d/waf-01.conf", f"{LIVE}/waf-02/before.conf", f"{LIVE}/server.d/waf-03.conf", "/etc/logrotate.d/hardening-atlassian-waf"):
        edit(door.proxy, path)
    inside(door.proxy, "chmod", "0755", LOG_FOLDER)
    before = configuration(door.proxy)
    run = waf_play(tmp_path_factory.mktemp("edited") / "check", "--check", inventory=mixed, **SETTINGS)
    return run, before, configuration(door.proxy)


def test_planted_drift_is_found_under_its_control(edited: tuple[Run, str, str], door: Door) -> None:
    run = edited[0]
    assert run.code == 0, run.output[-3000:]
    assert run.settings("WAF-01", door.proxy, "drifted") == ["server.d/waf-01.conf"]
    assert run.settings("WAF-02", door.proxy, "drifted") == ["waf-02/before.conf"]
    assert set(run.settings("WAF-03", door.proxy, "drifted")) == {
        "mode of /var/log/atlassian-waf", "/etc/logrotate.d/hardening-atlassian-waf", "server.d/waf-03.conf",
    }  # fmt: skip


def test_a_check_run_changes_nothing(edited: tuple[Run, str, str]) -> None:
    _run, before, after = edited
    assert after == before


def test_planted_drift_is_repaired(edited: tuple[Run, str, str], mixed: Path, door: Door, tmp_path: Path) -> None:
    run = must_run(waf_play(tmp_path, inventory=mixed, **SETTINGS))
    for control in CONTROLS:
        assert run.settings(control, door.proxy, "changed") == edited[0].settings(control, door.proxy, "drifted")
    paths = f"{LIVE}/server.d {LIVE}/waf-02 /etc/logrotate.d/hardening-atlassian-waf"
    assert inside(door.proxy, "sh", "-c", f"grep -r 'edited by hand' {paths} || true") == ""
    assert inside(door.proxy, "stat", "--format", "%a", LOG_FOLDER).strip() == "750"


def test_waf_01_a_module_that_was_disabled_and_the_packages_own_rules_are_found_and_put_right(
    mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]], tmp_path: Path
) -> None:
    """As after somebody's a2dismod and half an a2enmod; httpd itself runs on until it is reloaded."""
    inside(door.proxy, "sh", "-c", f"a2dismod -q -f security2; ln -s ../mods-available/security2.conf {VENDOR_LINK}")
    checked = waf_play(tmp_path / "check", "--check", inventory=mixed, **SETTINGS)
    assert checked.code == 0, checked.output[-3000:]
    assert {"module security2", "mods-enabled/security2.conf"} <= set(checked.settings("WAF-01", door.proxy, "drifted"))
    assert (checked.states(door.proxy)["WAF-02"], checked.states(door.proxy)["WAF-03"]) == ("compliant", "compliant")
    run = must_run(waf_play(tmp_path / "real", inventory=mixed, **SETTINGS))
    assert {"module security2", "mods-enabled/security2.conf"} <= set(run.settings("WAF-01", door.proxy, "changed"))
    assert inside(door.proxy, "sh", "-c", f"ls {VENDOR_LINK} 2>/dev/null || true") == ""
    assert "security2_module" in inside(door.proxy, "apache2ctl", "-M")
    product, site = sites["judge-jira"]
    assert ask(site, request(product, ATTACK)).status == 403


def test_a_second_run_changes_nothing(mixed: Path, door: Door, tmp_path: Path) -> None:
    before = configuration(door.proxy)
    run = must_run(waf_play(tmp_path, inventory=mixed, **SETTINGS))
    assert {run.states(door.proxy)[control] for control in CONTROLS} == {"compliant"}
    assert set(re.findall(r"changed=(\d+)", run.output)) == {"0"}
    assert configuration(door.proxy) == before
