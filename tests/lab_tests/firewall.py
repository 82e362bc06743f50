# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of WAF-01, -02 and -03 share: plays of the role on the judge's proxy, requests with their answers, and the audit log."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import yaml
from waf import corpus, fire

from lab_tests.play import JUDGE, LAB, Run, inside, play

CONTROLS = ("WAF-01", "WAF-02", "WAF-03")
LOG_FOLDER = "/var/log/atlassian-waf"
AUDIT_LOG = f"{LOG_FOLDER}/audit.log"
LIVE = "/etc/apache2/hardening-atlassian/current"
VENDOR_LINK = "/etc/apache2/mods-enabled/security2.conf"
TIMEOUT = 30.0  # seconds, for one step of one request
SCRIPT = "<script>alert(1)</script>"
ATTACK = {"path": f"/browse/X-1?x={quote(SCRIPT)}"}
# Its example is refused without it: no other exclusion lets it pass.
SWITCHED_OFF = "jira-mobile"
OWN = {"id": "lab-notes", "product": "jira", "reason": "notes hold code", "paths": [r"/plugins/servlet/notes/\d+"], "methods": ["POST"], "arguments": ["note"]}
TEXT_LIMIT = 131072  # bytes; the least that the role takes
# Of the judge's sites by name. Two of them share a host name.
MODES: dict[str, dict[str, Any]] = {
    "judge-jira": {"atlassian_waf_mode": "blocking"},
    "judge-jira-context": {},
    "judge-jira-11": {"atlassian_waf_mode": "blocking", "atlassian_waf_paranoia": 2},
    "judge-wiki": {"atlassian_waf_mode": "blocking"},
    "judge-wiki-context": {"atlassian_waf_mode": "blocking"},
    "judge-wiki-11": {"atlassian_waf_mode": "off"},
}
SETTINGS: dict[str, Any] = {"apache_waf_text_limit": TEXT_LIMIT, "apache_waf_exclusions": [OWN], "apache_waf_exclusions_off": [SWITCHED_OFF]}


class Seen(NamedTuple):
    """One answer. status: 0 where there was none; reached: whether Tomcat's servlet answered; port: of the client, by which the log knows the request."""

    status: int
    reached: bool
    port: int


def judges_sites() -> dict[str, tuple[str, fire.Site]]:
    """{name: (product, where it is)}. The controller, inside the admin networks, asks the proxy at its address and verifies its certificate."""
    groups = yaml.safe_load(JUDGE.read_text(encoding="utf-8"))["all"]["children"]
    (proxy,) = groups["atlassian_proxies"]["hosts"].values()
    tls = fire.context(str(LAB / "ca" / "ca.pem"), False)
    return {
        name: (group.removesuffix("_sites"), fire.site(variables["atlassian_url"].removeprefix("https://"), str(proxy["lab_address"]), tls))
        for group in ("jira_sites", "confluence_sites")
        for name, variables in groups[group]["hosts"].items()
    }


def request(product: str, entry: dict[str, Any], name: str = "lab") -> corpus.Request:
    """One request from an entry as the corpora and the examples of exclusions have them, without texts."""
    made = corpus.fill(entry, "")
    return corpus.Request(name, name, "ordinary", product, "", "", made["method"], made["path"], made["headers"], made["body"], "")


def ask(site: fire.Site, what: corpus.Request) -> Seen:
    """Send it on a connection of its own. A server may refuse before it has read all of the body: the answer counts, not the broken pipe."""
    connection = fire.connect(site, TIMEOUT)
    port = int(connection.getsockname()[1])
    response = http.client.HTTPResponse(connection, method=what.method)
    try:
        try:
            connection.sendall(fire.written(what, site))
        except (BrokenPipeError, ConnectionResetError):
            pass
        response.begin()
        return Seen(response.status, response.getheader("X-Marker") is not None, port)
    except (OSError, http.client.HTTPException):
        return Seen(0, False, port)
    finally:
        response.close()
        connection.close()


def ask_all(site: fire.Site, requests: list[corpus.Request]) -> list[Seen]:
    """In the order of the requests, a few at a time."""
    with ThreadPoolExecutor(fire.THREADS) as pool:
        return list(pool.map(lambda what: ask(site, what), requests))


def raw(container: str, path: str) -> str:
    """A file whose bytes may be anything."""
    command = [str(LAB / "podman"), "exec", container, "cat", path]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def empty_audit_log(proxy: str) -> None:
    inside(proxy, "truncate", "--size", "0", AUDIT_LOG)


def audit_log(proxy: str) -> list[dict[str, Any]]:
    """Each transaction of the audit log. It is written when an answer is out, so that the last may come a moment later."""
    time.sleep(1)
    return [json.loads(line, strict=False) for line in raw(proxy, AUDIT_LOG).splitlines() if line.strip()]


def messages(transaction: dict[str, Any]) -> list[str]:
    return [str(message) for message in transaction.get("audit_data", {}).get("messages", [])]


def port_of(transaction: dict[str, Any]) -> int:
    return int(transaction["transaction"]["remote_port"])


def denied_ports(proxy: str) -> set[int]:
    """Ports of the clients whose requests the firewall itself has refused since the log was emptied."""
    denied = [entry for entry in audit_log(proxy) if any(text.startswith("Access denied with code 403") for text in messages(entry))]
    return {port_of(entry) for entry in denied}


def logged_ports(proxy: str, rule: str = "") -> set[int]:
    """Ports of the clients whose requests are in the log, with a message of that rule where one is named."""
    return {port_of(entry) for entry in audit_log(proxy) if not rule or any(f'[id "{rule}"]' in text for text in messages(entry))}


def waf_play(directory: Path, *arguments: str, inventory: Path = JUDGE, **variables: Any) -> Run:
    """Only this role's controls, on the judge's proxy."""
    chosen = ["--limit", "atlassian_proxies", "--tags", ",".join(CONTROLS), "-e", json.dumps(variables)]
    return play(directory, *chosen, *arguments, inventory=inventory)


def must_run(run: Run) -> Run:
    """RuntimeError with the last words of a run that failed, for fixtures."""
    if run.code != 0:
        raise RuntimeError(run.output[-3000:])
    return run


def inventory_with(directory: Path, sites: dict[str, dict[str, Any]]) -> Path:
    """The judge's inventory with more variables for some of its sites."""
    world = yaml.safe_load(JUDGE.read_text(encoding="utf-8"))
    for group in ("jira_sites", "confluence_sites"):
        for name, variables in world["all"]["children"][group]["hosts"].items():
            variables.update(sites.get(name, {}))
    path = directory / "hosts.yml"
    path.write_text(yaml.safe_dump(world), encoding="utf-8")
    return path


@contextmanager
def configured(folder: Path, inventory: Path = JUDGE, **variables: Any) -> Iterator[None]:
    """The judge's proxy after a play with these variables; its reports go to `folder`. Afterwards, also if that play fails, it is as site.yml made it."""
    try:
        must_run(waf_play(folder / "configured", inventory=inventory, **variables))
        yield
    finally:
        must_run(waf_play(folder / "default"))


@contextmanager
def mixed_modes(folder: Path) -> Iterator[Path]:
    """The inventory by which each site has its own mode (MODES, with SETTINGS), while the proxy is configured by it."""
    inventory = inventory_with(folder, MODES)
    with configured(folder, inventory, **SETTINGS):
        yield inventory


def blocking_sites(sites: dict[str, tuple[str, fire.Site]]) -> list[tuple[str, fire.Site]]:
    """Those at paranoia 1, with and without a context path."""
    return [sites[name] for name in ("judge-jira", "judge-wiki", "judge-wiki-context")]
