# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients with addresses of their own before the judge's proxy, and what its fail2ban and nftables say of them."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lab_tests.door import CLIENT, Door, product
from lab_tests.play import LAB, inside

KNOCKER = (Path(__file__).parent / "knocker.py").read_text()
JAILS = ("atlassian-login", "atlassian-probing", "atlassian-admin", "atlassian-repeat")


class Request(NamedTuple):
    """One request, as knocker.py takes it but for source and host."""

    method: str
    path: str
    headers: dict[str, str] = {}
    body: str | None = None


class Answers(NamedTuple):
    """statuses: 0 where the connection was refused. seconds: until a connection was refused, None if never."""

    statuses: list[int]
    seconds: float | None


def failed(reason: str = "AUTHENTICATED_FAILED", answer: int = 200) -> str:
    """The query that makes the judge's servlet answer as the products do to a wrong password."""
    return product(put={"X-Seraph-LoginReason": reason} if reason else {}, answer=answer)


BASIC = {"Authorization": "Basic " + base64.b64encode(b"lena:wrong").decode()}
BEARER = {"Authorization": "Bearer bm9ib2R5"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
WRONG = "os_username=lena&os_password=wrong"
# Each way to log in, with the answers that are documented for a failure.
WAYS = {
    "form of Jira": Request("POST", "/login.jsp" + failed(), FORM, WRONG),
    "form of Confluence": Request("POST", "/dologin.action" + failed(), FORM, WRONG),
    "Basic": Request("GET", "/rest/api/2/myself" + failed(answer=401), BASIC),
    "Basic, served as a stranger": Request("GET", "/rest/api/2/serverInfo" + failed(), BASIC),
    "CAPTCHA is due": Request("GET", "/rest/api/2/myself" + failed("AUTHENTICATION_DENIED", 403), BASIC),
    "token": Request("GET", "/rest/api/2/myself" + failed("", 401), BEARER),
    "two steps": Request("POST", "/rest/tsv/1.0/authenticate" + failed("", 401), JSON, "{}"),
    "form anywhere": Request("POST", "/secure/Dashboard.jspa" + failed(), FORM, WRONG),
    "session by REST": Request("POST", "/rest/auth/1/session" + failed("", 401), JSON, "{}"),
    "gadget": Request("POST", "/rest/gadget/1.0/login" + failed(), FORM, WRONG),
    "service management": Request("POST", "/servicedesk/customer/user/login" + failed("", 401), FORM, WRONG),
    "password in the query": Request("GET", "/browse/X-1" + failed() + "&os_username=lena&os_password=wrong"),
    "password of an administrator, Jira": Request("POST", "/secure/admin/WebSudoAuthenticate.jspa" + failed(""), FORM, "webSudoPassword=wrong"),
    "password of an administrator, Confluence": Request("POST", "/doauthenticate.action" + failed(""), FORM, "password=wrong"),
}

TYPO = WAYS["two steps"]
HOME = Request("GET", "/secure/Dashboard.jspa")
SESSION = {"Cookie": "JSESSIONID=0123456789ABCDEF"}
LOGGED_IN = Request("GET", "/browse/X-1", SESSION)
RIGHT = Request("POST", "/login.jsp" + product(put={"X-Seraph-LoginReason": "OK"}, answer=302), FORM, "os_username=lena&os_password=right")

TAGS = "F2B-01,F2B-02,F2B-03,F2B-04"
# The pages where administrators confirm their password are refused outside of the admin networks; here these rules are out of the way.
OPEN = ["-e", '{"apache_proxy_rules_skipped": ["jira-actions", "jira-secure-admin", "confluence-actions"]}']


@dataclass(frozen=True)
class Street:
    """The container outside with as many addresses as a test needs, before one proxy."""

    door: Door
    ipv6: str
    taken: set[str] = field(default_factory=set)

    def addresses(self, first: int, count: int) -> list[str]:
        network = self.door.address.rpartition(".")[0]
        return [f"{network}.{number}" for number in range(first, first + count)]

    def move_in(self, addresses: Sequence[str]) -> None:
        inside(
            CLIENT,
            "sh",
            "-c",
            "\n".join(f"ip address replace {address}/{_width(address)} dev eth0{' nodad' if ':' in address else ''}" for address in addresses),
        )
        self.taken.update(addresses)

    def move_out(self) -> None:
        inside(CLIENT, "sh", "-c", "\n".join(f"ip address del {address}/{_width(address)} dev eth0" for address in sorted(self.taken)))
        self.taken.clear()

    def knock(self, requests: Sequence[tuple[str, Request]], wait: float = 0) -> Answers:
        """Each request from its source address, in order, each on a connection of its own."""
        sources = [source for source, _request in requests]
        self.move_in(list(dict.fromkeys(sources)))
        job = {
            "address": self.ipv6 if ":" in sources[0] else self.door.address, "port": 443, "wait": wait,
            "requests": [[source, self.door.host, *request] for source, request in requests],
        }  # fmt: skip
        command = [str(LAB / "podman"), "exec", "-i", CLIENT, "python3", "-c", KNOCKER]
        done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True, timeout=300)
        found = json.loads(done.stdout)
        return Answers(found["statuses"], found["seconds"])

    def banned(self) -> dict[str, set[str]]:
        """{jail: addresses} as fail2ban says."""
        return {jail: set(inside(self.door.proxy, "fail2ban-client", "get", jail, "banip").split()) for jail in self.jails()}

    def jails(self) -> list[str]:
        status = inside(self.door.proxy, "fail2ban-client", "status")
        return [name.strip() for name in status.rpartition("Jail list:")[2].split(",") if name.strip()]

    def closed(self) -> set[str]:
        """Addresses in the sets of nftables, which the kernel goes by."""
        done = subprocess.run([str(LAB / "podman"), "exec", self.door.proxy, "nft", "--json", "list", "ruleset"], capture_output=True, text=True, check=True)
        sets = [entry["set"] for entry in json.loads(done.stdout)["nftables"] if "set" in entry]
        return {str(element) for entry in sets for element in entry.get("elem", [])}

    def settle(self) -> None:
        """Until fail2ban has read what was written: it polls each second."""
        time.sleep(2.5)

    def forgive(self) -> None:
        inside(self.door.proxy, "fail2ban-client", "unban", "--all")


def _width(address: str) -> str:
    """Prefix of the lab's network; a new IPv6 address is used at once."""
    return "64" if ":" in address else "24"


def rows(report: dict[str, Any], control: str) -> list[dict[str, Any]]:
    return [setting for row in report["rows"] if row["control"] == control for setting in row["settings"]]
