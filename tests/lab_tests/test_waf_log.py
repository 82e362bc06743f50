# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WAF-03 on the judge's proxy, each site in a mode of its own: passwords and other secrets, the audit log, and limits of bodies."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from waf import fire

from lab_tests.door import CLIENT, Door, marker
from lab_tests.firewall import (
    ATTACK, AUDIT_LOG, SCRIPT, TEXT_LIMIT, ask, blocking_sites, empty_audit_log, logged_ports, raw, request,
)  # fmt: skip
from lab_tests.play import inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

MEGABYTE = 1024 * 1024
LOOKS_LIKE_AN_ATTACK = "' or 1=1 union select 1 -- <script>alert(1)</script> $(cat /etc/passwd)"
LOG_INS: dict[str, dict[str, Any]] = {
    "form": {"method": "POST", "path": "/login.jsp", "form": {"os_username": "lena", "os_password": "{p}"}},
    "form of Confluence": {"method": "POST", "path": "/dologin.action", "form": {"os_username": "lena", "os_password": "{p}", "login": "Log in"}},
    "json": {"method": "POST", "path": "/rest/auth/1/session", "json": {"username": "lena", "password": "{p}"}},
    "json of two steps": {"method": "POST", "path": "/rest/tsv/1.0/authenticate?os_authType=none", "json": {"username": "lena", "password": "{p}"}},
    "websudo": {"method": "POST", "path": "/secure/admin/WebSudoAuthenticate.jspa", "form": {"webSudoPassword": "{p}"}},
    "websudo of Confluence": {"method": "POST", "path": "/doauthenticate.action", "form": {"password": "{p}", "authenticate": "Confirm"}},
    "query": {"path": "/rest/api/2/myself?os_username=lena&os_password={p}"},
}


def filled(entry: Any, text: str) -> Any:
    """The entry with that text in each place of {p}; quoted in a path."""
    if isinstance(entry, dict):
        return {key: entry[key].replace("{p}", quote(text, safe="")) if key == "path" else filled(entry[key], text) for key in entry}
    return entry.replace("{p}", text) if isinstance(entry, str) else entry


@pytest.mark.parametrize("name", list(LOG_INS))
def test_waf_03_a_password_that_looks_like_an_attack_logs_in(mixed: Path, sites: dict[str, tuple[str, fire.Site]], name: str) -> None:
    for product, site in blocking_sites(sites):
        seen = ask(site, request(product, filled(LOG_INS[name], LOOKS_LIKE_AN_ATTACK)))
        assert seen.reached, (product, site.name, seen)


CANARY = "nightingale4711"
SECRETS = (CANARY, base64.b64encode(f"lena:{CANARY}".encode()).decode())
# Passwords that a rule would quote in the log, were they searched; other secrets are plain text as they are in fact.
PASSWORD = f"' or 1=1 union select 1 -- <script>{CANARY}</script> ../../etc/passwd"
OTHERS: dict[str, dict[str, Any]] = {
    "basic header": {"path": "/browse/X-1?x=y", "headers": {"Authorization": f"Basic {SECRETS[1]}"}},
    "bearer header": {"path": "/browse/X-1?x=y", "headers": {"Authorization": f"Bearer {CANARY}"}},
    "cookie": {"path": "/browse/X-1?x=y", "headers": {"Cookie": f"JSESSIONID={CANARY}; seraph.rememberme.cookie={CANARY}"}},
    "cookie beside a bad one": {"path": "/browse/X-1?x=y", "headers": {"Cookie": f"JSESSIONID={CANARY}; other={SCRIPT}"}},
    "token in a form": {"method": "POST", "path": "/secure/AddComment.jspa?x=y", "form": {"atl_token": CANARY, "comment": "x"}},
    "token in the query": {"path": f"/secure/Logout.jspa?atl_token={CANARY}&x=y"},
    "oauth": {"path": f"/plugins/servlet/oauth/authorize?oauth_token={CANARY}&x=y"},
    "password in parts": {"method": "POST", "path": "/login.jsp?x=y", "multipart": [{"name": "os_password", "content": PASSWORD}]},
    "password where the page came from": {"path": "/browse/X-1?x=y", "headers": {"Referer": f"{{site}}/login.jsp?os_password={CANARY}"}},
}


def secrets_sent() -> dict[str, dict[str, Any]]:
    """{name: entry}: each has a secret in one place and an attack in another, so that it is logged."""
    entries = {name: filled(entry, PASSWORD) for name, entry in LOG_INS.items()} | OTHERS
    attacks = {"a script": quote(SCRIPT), "a path": "../../../../etc/passwd"}
    return {
        f"{name}, {kind}": {**entry, "path": entry["path"] + ("&" if "?" in entry["path"] else "?") + f"bad={attack}"}
        for name, entry in entries.items()
        for kind, attack in attacks.items()
    }


@pytest.mark.parametrize("name", list(secrets_sent()))
def test_waf_03_no_secret_is_in_the_logs(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]], name: str) -> None:
    """Both where it is refused and where it is only logged, in the audit log and in httpd's own."""
    logs = (AUDIT_LOG, "/var/log/apache2/error.log")
    for path in logs:
        inside(door.proxy, "truncate", "--size", "0", path)
    asked = [ask(site, request(product, secrets_sent()[name])) for product, site in (sites["judge-jira"], sites["judge-jira-context"], sites["judge-wiki"])]
    assert logged_ports(door.proxy) == {seen.port for seen in asked}, "else this proves nothing"
    kept = "".join(raw(door.proxy, path) for path in logs)
    assert "ModSecurity" in kept
    assert [secret for secret in SECRETS if secret in kept] == []


def test_waf_03_a_password_in_json_that_cannot_be_read_is_not_in_the_logs(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]]) -> None:
    empty_audit_log(door.proxy)
    inside(door.proxy, "truncate", "--size", "0", "/var/log/apache2/error.log")
    body = f'{{"username": "lena", "password": "{CANARY}" {SCRIPT}'
    seen = ask(sites["judge-jira"][1], request("jira", {"method": "POST", "path": "/rest/auth/1/session", "body": body, "type": "application/json"}))
    assert (seen.status, seen.reached) == (403, False)
    assert CANARY not in raw(door.proxy, AUDIT_LOG) + raw(door.proxy, "/var/log/apache2/error.log")


def test_waf_03_the_log_is_rotated_and_goes_on(mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]]) -> None:
    product, site = sites["judge-jira"]
    ask(site, request(product, ATTACK))
    inside(door.proxy, "logrotate", "--force", "/etc/logrotate.d/hardening-atlassian-waf")
    seen = ask(site, request(product, ATTACK))
    for _try in range(10):
        if seen.port in logged_ports(door.proxy):
            break
        # httpd's reload takes a moment; what came before it went to the old file.
        seen = ask(site, request(product, ATTACK))
    assert seen.port in logged_ports(door.proxy)
    assert inside(door.proxy, "test", "-s", f"{AUDIT_LOG}.1") == ""
    assert inside(door.proxy, "stat", "--format", "%U %G %a", AUDIT_LOG).strip() == "root adm 640"


@pytest.fixture(scope="module")
def large(door: Door) -> str:
    """A file of 60 MB in the client's container, not of zeros alone."""
    inside(CLIENT, "sh", "-c", f"head --bytes {60 * MEGABYTE} /dev/urandom > /tmp/waf-large")
    return "/tmp/waf-large"


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/rest/api/2/issue/X-1/attachments", ["--request", "PUT", "--form", "file=@{large};filename=it is.png"]),
        ("/rest/internal/2/AttachTemporaryFile?filename=it%27s.png&size=1", ["--upload-file", "{large}", "--header", "Content-Type: image/png"]),
    ],
    ids=["parts", "a picture as the body"],
)
def test_waf_03_an_upload_of_60_mb_passes_where_attacks_are_refused(mixed: Path, door: Door, large: str, path: str, options: list[str]) -> None:
    assert door.curl(ATTACK["path"]).status == 403
    answer = door.curl(path, *(option.replace("{large}", large) for option in options), "--header", "X-Atlassian-Token: no-check")
    assert answer.status == 200, answer
    # The servlet counts what comes by PUT, with the lines around the parts.
    assert 60 * MEGABYTE <= marker(answer)["bodyLength"] <= 60 * MEGABYTE + 1000


# A form, JSON and XML, all of plain text.
LONG_BODIES: dict[str, dict[str, Any]] = {
    "form": {"form": {"comment": "a" * (TEXT_LIMIT + 1000)}},
    "json": {"json": {"body": "a" * (TEXT_LIMIT + 1000)}},
    "xml": {"body": f"<a>{'a' * (TEXT_LIMIT + 1000)}</a>", "type": "text/xml"},
}


@pytest.mark.parametrize("name", list(LONG_BODIES))
def test_waf_03_text_over_the_limit_is_refused_in_blocking_and_logged_in_detection(
    mixed: Path, door: Door, sites: dict[str, tuple[str, fire.Site]], name: str
) -> None:
    entry = {"method": "POST", "path": "/rest/api/2/issue/X-1/comment", **LONG_BODIES[name]}
    empty_audit_log(door.proxy)
    refused = ask(sites["judge-jira"][1], request("jira", entry))
    noted = ask(sites["judge-jira-context"][1], request("jira", entry))
    assert (refused.status, refused.reached) == (403, False)
    assert noted.reached
    assert logged_ports(door.proxy, "9900242") == {refused.port, noted.port}
    short = {"method": "POST", "path": entry["path"], "json": {"body": "a" * (TEXT_LIMIT - 1000)}}
    assert ask(sites["judge-jira"][1], request("jira", short)).reached
