# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of drift, planted one at a time: each is found under its control, what cannot be examined then says why, and site.yml puts it right.

The lab must have been hardened by site.yml before (molecule's converge, or make demo).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from lab_tests.play import INVENTORY, inside, inventory_variables, play, simulator

pytestmark = pytest.mark.lab

LIVE = "/etc/apache2/hardening-atlassian/current"
KEY = "/etc/ssl/private/hardening-atlassian/{name}.key"


class Kind(NamedTuple):
    """One kind of drift.

    target: host or site. control: where the report must have it. command: run on the host, or what is planted in the simulator. setting: part of the name of
    a setting that must be drifted. follows: controls of which nothing may be called compliant meanwhile, and a word of the reason.
    by_hand: a command that undoes what is not ours to repair.
    """

    what: str
    target: str
    control: str
    command: str | dict[str, Any]
    setting: str
    follows: tuple[str, ...] = ()
    cause: str = ""
    by_hand: str = ""


KINDS = [
    Kind("a file of ours was edited", "proxy", "PRX-07", f"echo '# by hand' >> {LIVE}/site.d/prx-07.conf", "prx-07.conf"),
    Kind("a file of ours was removed", "proxy", "PRX-08", f"rm {LIVE}/site.d/prx-08.conf", "prx-08.conf"),
    Kind(
        "the one file that httpd finds by itself was emptied", "proxy", "PRX-01", ": > /etc/apache2/conf-enabled/zz-hardening-atlassian.conf",
        "zz-hardening-atlassian.conf",
    ),
    Kind("a file of ours is in another version", "proxy", "PRX-04", f"sed -i 's/hardening_refused/x/' {LIVE}/site.d/*/prx-04.conf", "prx-04.conf"),
    Kind(
        "the rotation of the log was changed", "proxy", "PRX-11", "sed -i 's/rotate .*/rotate 9999/' /etc/logrotate.d/hardening-atlassian",
        "hardening-atlassian",
    ),
    Kind("the folder of the log is open", "proxy", "PRX-11", "chmod 0777 /var/log/atlassian-proxy", "/var/log/atlassian-proxy"),
    Kind("a key can be read by everybody", "proxy", "TLS-04", "chmod 0644 " + KEY, ".key"),
    Kind("a key belongs to somebody else", "proxy", "TLS-04", "chown www-data " + KEY, ".key"),
    Kind(
        "httpd is stopped", "proxy", "PRX-01", "systemctl stop apache2", "apache2", ("PRX-05", "PRX-07", "PRX-08", "TLS-05"), "://", "",
    ),
    Kind("httpd does not start with the machine", "proxy", "PRX-01", "systemctl disable apache2", "apache2"),
    Kind("a package is gone", "proxy", "PRX-11", "apt-get purge -qqy logrotate >/dev/null 2>&1; mkdir -p /etc/logrotate.d", "logrotate"),
    Kind("the rule set of the firewall is gone", "proxy", "WAF-01", "dpkg --purge --force-depends modsecurity-crs >/dev/null 2>&1", "modsecurity-crs"),
    Kind("a module of httpd is on", "proxy", "PRX-14", "a2enmod -q status && systemctl reload apache2", "status"),
    Kind(
        "a virtual host of somebody else answers for our name", "proxy", "PRX-01",
        "printf '<VirtualHost *:80>\\nServerName {name}\\nRedirect 404 /\\n</VirtualHost>\\n' > /etc/apache2/conf-enabled/000-foreign.conf "
        "&& systemctl reload apache2",
        "{name} port 80", (), "", "rm /etc/apache2/conf-enabled/000-foreign.conf; systemctl reload apache2",
    ),
    Kind("the firewall's audit log can be read by everybody", "proxy", "WAF-03", "chmod 0755 /var/log/atlassian-waf", "/var/log/atlassian-waf"),
    Kind("a certificate is about to end", "proxy", "TLS-03", "", "end of the certificate"),
    Kind("fail2ban is stopped", "proxy", "F2B-04", "systemctl stop fail2ban", "fail2ban", ("F2B-01", "F2B-02", "F2B-03"), "does not run"),
    Kind("what fail2ban runs as root can be changed by others", "proxy", "F2B-04", "chmod 0666 /etc/fail2ban/jail.conf", "/etc/fail2ban/jail.conf"),
    Kind("fail2ban does not start with the machine", "proxy", "F2B-04", "systemctl disable -q fail2ban", "fail2ban"),
    Kind(
        "a network was put on the list of the never banned", "proxy", "F2B-03", "fail2ban-client set atlassian-login addignoreip 203.0.113.0/24",
        "atlassian-login ignoreip",
    ),
    Kind("the bans were emptied out of the firewall", "proxy", "F2B-01",
         "fail2ban-client set atlassian-login banip 203.0.113.66; sleep 1; nft flush ruleset", "atlassian-login bans without effect"),
    Kind("a jail bans nobody any more", "proxy", "F2B-01", "fail2ban-client set atlassian-login maxretry 100000", "atlassian-login maxretry"),
    Kind("a jail was stopped", "proxy", "F2B-02", "fail2ban-client stop atlassian-probing", "atlassian-probing"),
    Kind("bans are forgotten after a minute", "proxy", "F2B-04", "fail2ban-client set dbpurgeage 60", "dbpurgeage"),
    Kind(
        "a grant to everybody (REST)", "jira", "JIRA-02", {"grant": {"scheme": 10100, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}},
        "BROWSE_PROJECTS",
    ),
    Kind("a dark feature (REST)", "jira", "JIRA-08", {"site_feature": {"key": "planted.by.hand", "enabled": True}}, "planted.by.hand"),
    Kind("a global permission (form)", "jira", "JIRA-03", {"global_permission": {"key": "BULK_CHANGE", "group": None, "granted": True}}, "BULK_CHANGE"),
    Kind("everybody may sign up (form)", "jira", "JIRA-06", {"sign_up": True}, "jira.mode"),
    Kind("a filter is shared with everybody (REST)", "jira", "JIRA-12", {"share": {"filter": 10001, "type": "global"}}, "filter 10001"),
    Kind(
        "a space is open to everybody", "wiki", "CONF-03",
        {"space_permission": {"space": "TEAM", "subject": "anonymous", "operation": "space read", "granted": True}}, "TEAM",
    ),
    Kind(
        "the site is open to everybody", "wiki", "CONF-01",
        {"global_permission": {"subject": "anonymous", "operation": "application use", "granted": True}}, "anonymous",
    ),
    Kind("a setting (form)", "wiki", "CONF-06", {"setting": {"name": "maxRssItems", "value": 1000}}, "maxRssItems"),
]  # fmt: skip


@pytest.fixture(scope="module")
def proxy() -> str:
    groups = yaml.safe_load(INVENTORY.read_text())["all"]["children"]
    (name,) = groups["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module", autouse=True)
def healthy_afterwards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """In the end nothing has drifted, by one run over everything."""
    yield
    run = play(tmp_path_factory.mktemp("after"), "--check")
    assert {(row["target"], row["control"]) for row in run.report["rows"] if row["state"] in ("drifted", "failed")} == set()


def plant(kind: Kind, proxy: str, name: str) -> str:
    """Plant it; returns the name of the host or site in the report."""
    if isinstance(kind.command, dict):
        simulator(kind.target, "POST", "/plant", [kind.command])
        return kind.target
    inside(proxy, "sh", "-c", kind.command.replace("{name}", name))
    return proxy


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.what)
def test_each_kind_of_drift_is_found_under_its_control_and_put_right(kind: Kind, proxy: str, tmp_path: Path) -> None:
    name = str(inventory_variables("jira")["atlassian_url"]).removeprefix("https://")
    target = plant(kind, proxy, name)
    asked = ["--limit", target, "--tags", ",".join([kind.control, *kind.follows])]
    # Whatever the day is: what ends within ten thousand days is about to end.
    if kind.control == "TLS-03":
        asked += ["-e", "apache_tls_expiry_drifted_days=10000"]
    found = play(tmp_path / "found", "--check", *asked)
    drifted = found.settings(kind.control, target, "drifted")
    expected = kind.setting.replace("{name}", name)
    assert any(expected in setting for setting in drifted), (drifted, found.output[-2000:])
    for control in kind.follows:
        row = found.row(control, target)
        looked = [entry for entry in row["settings"] if kind.cause in entry["setting"] or kind.cause in entry["reason"]]
        assert looked and {entry["state"] for entry in looked} <= {"not_examined", "drifted"}, (control, row)
        assert all(entry["reason"] for entry in looked if entry["state"] == "not_examined")
    if kind.by_hand:
        inside(proxy, "sh", "-c", kind.by_hand)
    if kind.control == "TLS-03":
        return
    healed = play(tmp_path / "healed", *asked)
    assert healed.code == 0, healed.output[-3000:]
    if not kind.by_hand:
        assert any(expected in setting for setting in healed.settings(kind.control, target, "changed"))
    assert play(tmp_path / "after", "--check", *asked).settings(kind.control, target, "drifted") == []
