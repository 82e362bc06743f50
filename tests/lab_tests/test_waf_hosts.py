# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WAF-01 where the whole proxy is configured otherwise: off, beside a ModSecurity that somebody else has configured, without exclusions, rules of one's own.

They take a play or more each, and leave the proxy without rules until the end of the module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from waf import fire

from lab_tests.door import Door
from lab_tests.firewall import (
    ATTACK, CONTROLS, LIVE, VENDOR_LINK, ask, empty_audit_log, logged_ports, must_run, request, waf_play,
)  # fmt: skip
from lab_tests.play import inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

EXISTING = "/etc/modsecurity/lab-existing.conf"


@pytest.fixture(scope="module")
def existing(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The firewall is off everywhere, and the package's own way of configuring it is in use."""
    try:
        must_run(waf_play(tmp_path_factory.mktemp("off"), apache_waf_mode="off"))
        for product, site in sites.values():
            if not ask(site, request(product, ATTACK)).reached:
                raise RuntimeError(f"{site.name}{site.context} refuses an attack though the firewall is off")
        inside(door.proxy, "sh", "-c", f"echo 'SecRuleEngine DetectionOnly' > {EXISTING}; ln -sf ../mods-available/security2.conf {VENDOR_LINK}")
        inside(door.proxy, "systemctl", "reload", "apache2")
        yield
    finally:
        inside(door.proxy, "rm", "-f", EXISTING, VENDOR_LINK)


def test_waf_01_off_takes_the_rules_away(existing: None, door: Door) -> None:
    assert inside(door.proxy, "sh", "-c", f"find {LIVE}/ -name '*waf-0*'") == ""


def test_waf_01_off_for_every_site_is_not_called_compliant(existing: None, door: Door, tmp_path: Path) -> None:
    run = must_run(waf_play(tmp_path, "--check", apache_waf_mode="off"))
    assert {state for control, state in run.states(door.proxy).items() if control in CONTROLS} <= {"not_applicable", "compliant"}
    assert run.states(door.proxy)["WAF-01"] == "not_applicable"


def test_waf_01_what_is_configured_already_is_left_alone_and_told(existing: None, door: Door, tmp_path: Path) -> None:
    run = waf_play(tmp_path)
    assert run.code == 0, run.output[-3000:]
    assert run.states(door.proxy)["WAF-01"] == "drifted"
    told = json.dumps(run.row("WAF-01", door.proxy))
    assert EXISTING in told and "apache_waf_replace_existing" in told
    assert inside(door.proxy, "readlink", VENDOR_LINK).strip() == "../mods-available/security2.conf"
    # Its log and its limits would be ours where httpd read a file of WAF-03 beside it.
    assert inside(door.proxy, "sh", "-c", f"find {LIVE}/server.d {LIVE}/site.d -name 'waf-0*'") == ""


def test_waf_01_what_is_configured_already_is_taken_over_where_that_is_wanted(
    existing: None, door: Door, sites: dict[str, tuple[str, fire.Site]], tmp_path: Path
) -> None:
    run = must_run(waf_play(tmp_path, apache_waf_replace_existing=True))
    assert run.states(door.proxy)["WAF-01"] == "changed"
    assert inside(door.proxy, "cat", EXISTING) == "SecRuleEngine DetectionOnly\n"
    assert inside(door.proxy, "sh", "-c", f"ls {VENDOR_LINK} 2>/dev/null || true") == ""
    empty_audit_log(door.proxy)
    product, site = sites["judge-jira"]
    seen = ask(site, request(product, ATTACK))
    assert seen.reached and logged_ports(door.proxy, "949110") == {seen.port}


def test_waf_01_nothing_blocks_without_the_exclusions(judge: None, door: Door, sites: dict[str, tuple[str, fire.Site]], tmp_path: Path) -> None:
    run = waf_play(tmp_path, apache_waf_mode="blocking", atlassian_controls={"WAF-02": "audit"})
    assert run.code == 0, run.output[-3000:]
    assert run.states(door.proxy)["WAF-01"] == "drifted"
    assert "WAF-02 is not enforced" in json.dumps(run.row("WAF-01", door.proxy))
    product, site = sites["judge-jira"]
    assert ask(site, request(product, ATTACK)).reached


# A folder of rules in the way of version 4: its names of variables, no scanners-urls.data, and one rule. The Core Rule Set 4 itself cannot be had here.
OWN_RULES = {
    "crs-setup.conf": 'SecDefaultAction "phase:1,log,pass"\nSecDefaultAction "phase:2,log,pass"',
    "rules/REQUEST-901-START.conf": 'SecAction "id:901200,phase:1,pass,nolog,setvar:tx.blocking_inbound_anomaly_score=0"',
    "rules/REQUEST-911-NONE.conf": "SecMarker END-911",
    "rules/REQUEST-913-NONE.conf": "SecMarker END-913",
    "rules/REQUEST-920-NONE.conf": "SecMarker END-920",
    "rules/REQUEST-941-SCRIPT.conf": 'SecRule ARGS "@contains <script" "id:941100,phase:2,pass,setvar:tx.blocking_inbound_anomaly_score=+5"',
    "rules/REQUEST-949-JUDGE.conf": (
        'SecRule TX:BLOCKING_INBOUND_ANOMALY_SCORE "@ge %{tx.inbound_anomaly_score_threshold}" "id:949110,phase:2,deny,status:403"'
    ),
    **{f"rules/{name}.data": "no-such-thing" for name in ("scanners-user-agents", "restricted-files", "lfi-os-files", "php-function-names-933150")},
}


def test_waf_01_rules_of_ones_own_are_loaded_from_their_folder(judge: None, door: Door, sites: dict[str, tuple[str, fire.Site]], tmp_path: Path) -> None:
    inside(door.proxy, "mkdir", "-p", "/srv/crs/rules")
    for name, text in OWN_RULES.items():
        inside(door.proxy, "sh", "-c", f"cat > /srv/crs/{name} <<'END'\n{text}\nEND")
    product, site = sites["judge-jira"]
    search = {"path": "/rest/api/2/search?jql=text%20~%20%22%3Cscript%3E%22"}
    try:
        must_run(waf_play(tmp_path / "own", apache_waf_mode="blocking", apache_waf_crs_folder="/srv/crs"))
        assert [ask(site, request(product, entry)).status for entry in (ATTACK, search, {"path": "/browse/X-1"})] == [403, 200, 200]
    finally:
        must_run(waf_play(tmp_path / "default"))
        inside(door.proxy, "rm", "-r", "/srv/crs")
