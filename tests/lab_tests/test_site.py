# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole site against the hardened lab: drift planted by hand is found and healed, and what goes wrong is said in one sentence.

The lab must have been hardened by site.yml before (molecule's converge, or make demo).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import predicted
import pytest
import yaml

from lab_tests.play import INVENTORY, Run, hand_over_authority, inside, inventory_variables, play, simulator

pytestmark = pytest.mark.lab

SITES = ("jira", "wiki")
# What only forms reach, or shares: kind and value to plant, and where the report has to have it.
JIRA_DRIFT: list[tuple[str, Any, str, str]] = [
    ("global_permission", {"key": "BULK_CHANGE", "group": None, "granted": True}, "JIRA-03", "BULK_CHANGE"),
    ("property", {"key": "jira.option.globalsharing", "value": "true"}, "JIRA-04", "jira.option.globalsharing"),
    ("sign_up", True, "JIRA-06", "jira.mode"),
    ("property", {"key": "jira.maximum.authentication.attempts.allowed", "value": "10"}, "JIRA-07", "jira.maximum.authentication.attempts.allowed"),
    ("property", {"key": "jira.option.emailvisible", "value": "show"}, "JIRA-09", "jira.option.emailvisible"),
    ("share", {"filter": 10001, "type": "global"}, "JIRA-12", "filter 10001 (Team board)"),
]
# These are read, and part of what they are about nothing tells: who is shut out lists no dashboards, nothing is posted to see it refused, and
# no file is read whose keys are not known.
UNSEEN = {("jira", "JIRA-05"), ("jira", "JIRA-10"), ("jira", "JIRA-11")}
FRAGMENT = "/etc/apache2/hardening-atlassian/current/site.d/prx-08.conf"
FOREIGN = "/etc/apache2/conf-enabled/000-foreign.conf"
FOREIGN_HOST = """<VirtualHost *:443>
ServerName {name}
SSLEngine on
Include /etc/apache2/hardening-atlassian/current/https.d/{name}/tls-02.conf
Redirect 404 /
</VirtualHost>
"""


@pytest.fixture(scope="module")
def proxy() -> str:
    groups = yaml.safe_load(INVENTORY.read_text())["all"]["children"]
    (name,) = groups["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.mark.parametrize(
    ("site", "product", "login", "admin"),
    [
        ("jira", "Simulated Jira", "/login.jsp", "/secure/admin/ViewApplicationProperties.jspa"),
        ("wiki", "Simulated Confluence", "/login.action", "/admin/viewsecurityconfig.action"),
    ],
)
def test_each_site_stands_behind_its_front_door(site: str, product: str, login: str, admin: str) -> None:
    url = str(inventory_variables(site)["atlassian_url"])
    curl = ["curl", "--silent", "--show-error", "--cacert", hand_over_authority("outside1"), "--write-out", "\n%{http_code}"]
    page, _newline, status = inside("outside1", *curl, url + login).rpartition("\n")
    assert (status, product in page) == ("200", True), page
    assert inside("outside1", *curl, url + admin).endswith("\n403")


@pytest.fixture(scope="module")
def planted(folder: Path, proxy: str) -> Run:
    """A check run after drift of many kinds was planted."""
    feature = {"site_feature": {"key": "planted.by.hand", "enabled": True}}
    grant = {"scheme": 10100, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}
    simulator("jira", "POST", "/plant", [{"grant": grant}, feature, *({kind: value} for kind, value, _control, _setting in JIRA_DRIFT)])
    use = {"subject": "anonymous", "operation": "application use", "granted": True}
    read = {"space": "TEAM", "subject": "anonymous", "operation": "space read", "granted": True}
    setting = {"name": "maxRssItems", "value": 1000}
    simulator("wiki", "POST", "/plant", [{"global_permission": use}, {"space_permission": read}, {"setting": setting}, {"signup_mode": "public"}, feature])
    inside(proxy, "sh", "-c", f"echo '# edited by hand' >> {FRAGMENT}")
    return play(folder / "check", "--check")


def test_planted_drift_is_found_each_under_its_control(planted: Run, proxy: str) -> None:
    assert planted.code == 0, planted.output[-3000:]
    assert planted.settings("JIRA-02", "jira", "drifted") == ["Public Scheme: BROWSE_PROJECTS"]
    assert planted.settings("JIRA-08", "jira", "drifted") == ["planted.by.hand"]
    for _kind, _value, control, setting in JIRA_DRIFT:
        assert planted.settings(control, "jira", "drifted") == [setting]
    assert "anonymous: use Confluence" in planted.settings("CONF-01", "wiki", "drifted")
    assert planted.settings("CONF-03", "wiki", "drifted") == ["TEAM: space read"]
    assert planted.settings("CONF-05", "wiki", "drifted") == ["publicSignup"]
    assert planted.settings("CONF-06", "wiki", "drifted") == ["maxRssItems"]
    assert planted.settings("CONF-07", "wiki", "drifted") == ["planted.by.hand"]
    assert {planted.states("wiki")[control] for control in ("CONF-02", "CONF-04", "CONF-08")} == {"compliant"}
    assert any("prx-08" in name for name in planted.settings("PRX-08", proxy, "drifted"))


def test_site_heals_exactly_what_the_check_run_named(planted: Run, folder: Path) -> None:
    run = play(folder / "site")
    assert run.code == 0, run.output[-3000:]
    check = predicted.settings(planted.report["rows"], "drifted", set())
    real = predicted.settings(run.report["rows"], "changed", set())
    assert {key[0] for key in real} == {
        "JIRA-02", "JIRA-08", *(control for _kind, _value, control, _setting in JIRA_DRIFT), "PRX-08", "CONF-01", "CONF-03", "CONF-05", "CONF-06", "CONF-07",
    }  # fmt: skip
    assert predicted.differences(check, real) == []


@pytest.fixture
def foreign(proxy: str) -> Iterator[None]:
    """A virtual host of the site's name that is not ours, loaded before our own."""
    name = str(inventory_variables("jira")["atlassian_url"]).removeprefix("https://")
    text = FOREIGN_HOST.format(name=name)
    inside(proxy, "sh", "-c", f"printf '%s' '{text}' > {FOREIGN} && apache2ctl configtest && systemctl reload apache2")
    yield
    inside(proxy, "sh", "-c", f"rm {FOREIGN} && systemctl reload apache2")


def test_a_foreign_virtual_host_is_found_and_refused_before_anything_is_changed(foreign: None, folder: Path, proxy: str) -> None:
    check = play(folder / "foreign", "--check", "--limit", proxy, "--tags", "PRX-01")
    assert check.states(proxy)["PRX-01"] == "drifted"
    assert "000-foreign.conf" in json.dumps(check.row("PRX-01", proxy))
    before = inside(proxy, "sh", "-c", "find /etc -type f -exec sha256sum {} + | sort")
    run = play(folder / "refused", "--limit", proxy, "--tags", "PRX-01")
    assert run.code == 2, run.output[-3000:]
    assert run.states(proxy)["PRX-01"] == "failed"
    assert "000-foreign.conf" in run.row("PRX-01", proxy)["reason"]
    assert "apache_proxy_replace_vhosts" in run.row("PRX-01", proxy)["reason"]
    assert inside(proxy, "sh", "-c", "find /etc -type f -exec sha256sum {} + | sort") == before


@pytest.fixture
def stopped(proxy: str) -> Iterator[None]:
    inside(proxy, "systemctl", "stop", "apache2")
    yield
    inside(proxy, "systemctl", "start", "apache2")


def test_a_stopped_apache_is_found_and_what_follows_is_not_called_compliant(stopped: None, folder: Path, proxy: str) -> None:
    run = play(folder / "stopped", "--check", "--limit", proxy)
    assert run.states(proxy)["PRX-01"] == "drifted"
    for control in ("PRX-05", "PRX-07", "PRX-08", "TLS-05"):
        looked = [setting for setting in run.row(control, proxy)["settings"] if "://" in setting["setting"]]
        assert looked, f"{control} has no look from outside"
        assert {setting["state"] for setting in looked} <= {"not_examined", "drifted"}, control


def test_a_misspelt_group_never_looks_clean(folder: Path, tmp_path: Path) -> None:
    world = yaml.safe_load(INVENTORY.read_text())
    world["all"]["children"]["jira_site"] = world["all"]["children"].pop("jira_sites")
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump(world))
    run = play(folder / "misspelt", "--check", inventory=inventory)
    assert run.code != 0
    assert "jira_site" in run.output
    assert "jira_sites" in run.output
    states = {row["state"] for row in run.report["rows"]}
    assert states <= {"not_examined", "planned", "accepted"}
    assert "not_examined" in states


@pytest.mark.parametrize(
    ("group", "site", "credential", "control"),
    [("jira_sites", "jira", "atlassian_password", "JIRA-01"), ("confluence_sites", "wiki", "atlassian_password", "CONF-01")],
)
def test_wrong_credentials_are_tried_once_and_said_once(folder: Path, tmp_path: Path, group: str, site: str, credential: str, control: str) -> None:
    wrong = "certainlyNotTheSecretOfAnybody0123456789"
    world = yaml.safe_load(INVENTORY.read_text())
    world["all"]["children"][group]["hosts"][site][credential] = wrong
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump(world))
    before = simulator(site, "GET", "/requests")["logins"]
    run = play(folder / f"wrong-{site}", "--limit", site, "-vvv", inventory=inventory)
    after = simulator(site, "GET", "/requests")["logins"]
    assert run.code == 2
    assert after.get("failed", 0) - before.get("failed", 0) == 1
    assert after.get("denied", 0) == before.get("denied", 0)
    assert set(run.states(site).values()) == {"not_examined"}
    assert credential.rpartition("_")[2] in run.row(control, site)["reason"]
    assert wrong not in run.output
    assert wrong not in json.dumps(run.report)


@pytest.mark.parametrize(("site", "control"), [("jira", "JIRA-01"), ("wiki", "CONF-01")])
@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "502", "times": None}, "502"),
        ({"kind": "html_login", "times": None}, "HTML"),
        # The site is closed by now, so who is taken for a stranger is sent away.
        ({"kind": "anonymous_200", "times": None}, "anonymous|credentials"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["kind"],
)
def test_a_product_that_misbehaves_is_not_called_compliant(folder: Path, fault: dict[str, object], sentence: str, site: str, control: str) -> None:
    simulator(site, "POST", "/faults", {"match": {"path_prefix": "/rest/"}, **fault})
    try:
        run = play(folder / f"fault-{site}", "--check", "--limit", site)
    finally:
        simulator(site, "DELETE", "/faults")
    assert run.code == 2
    assert set(run.states(site).values()) == {"not_examined"}
    assert re.search(sentence, run.row(control, site)["reason"], re.IGNORECASE)


def test_no_secret_is_in_any_output(folder: Path) -> None:
    known = [inventory_variables(site)[name] for site in SITES for name in ("atlassian_password", "atlassian_witness_password")]
    secrets = list(dict.fromkeys(known))
    run = play(folder / "talkative", "--check", "-vvv")
    assert run.code == 0, run.output[-3000:]
    written = {path.name: path.read_text() for path in (folder / "talkative").iterdir()}
    assert set(written) >= {"drift-report.json", "drift-report.html", "drift-report.md", "drift-report.junit.xml", "drift-report.summary.txt"}
    everything = run.output + "".join(written.values())
    for secret in secrets:
        assert len(secret) > 20
        assert secret not in everything


def test_two_check_runs_without_a_change_say_the_same(folder: Path) -> None:
    """The run before was one. Apart from the header the reports are equal byte for byte."""
    play(folder / "quiet", "--check")
    first, second = (json.loads((folder / name / "drift-report.json").read_text()) for name in ("talkative", "quiet"))
    assert first.pop("header")["run_id"] != second.pop("header")["run_id"]
    assert json.dumps(first) == json.dumps(second)


def test_afterwards_nothing_drifts_and_a_second_run_changes_nothing(folder: Path, proxy: str) -> None:
    audits = {site: len(simulator(site, "GET", "/audit")) for site in SITES}
    run = play(folder / "again")
    assert run.code == 0, run.output[-3000:]
    targets = (proxy, *SITES)
    states = {(target, control): state for target in targets for control, state in run.states(target).items()}
    # The simulators speak HTTP to the proxy; the inventory accepts it. It wants no client certificates, and no product of it has two nodes.
    nothing_there = {(proxy, "PRX-15"): "not_applicable", (proxy, "PRX-19"): "not_applicable"}
    expected = {**dict.fromkeys(UNSEEN, "not_examined"), (proxy, "TLS-06"): "accepted", **nothing_there}
    assert {key: state for key, state in states.items() if state != "compliant"} == expected
    recap = dict(re.findall(r"^(\S+) +: ok=\d+ +changed=(\d+)", run.output, re.MULTILINE))
    assert set(recap) >= set(targets) and set(recap.values()) == {"0"}, "hosts of the recap"
    assert {site: len(simulator(site, "GET", "/audit")) for site in SITES} == audits
