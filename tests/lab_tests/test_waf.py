# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WAF-01, -02 and -03 on the judge's proxy: modes, exclusions, log, limits and drift.

It begins as site.yml made it (detection everywhere); then one play gives each site a mode of its own, and most tests look at that.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import load_exclusions
from waf import corpus, fire

from lab_tests.conftest import JUDGE
from lab_tests.door import CLIENT, Door, judges_door, marker
from lab_tests.play import LAB, Run, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

CONTROLS = ("WAF-01", "WAF-02", "WAF-03")
LOG_FOLDER = "/var/log/atlassian-waf"
AUDIT_LOG = f"{LOG_FOLDER}/audit.log"
LIVE = "/etc/apache2/hardening-atlassian/current"
VENDOR_LINK = "/etc/apache2/mods-enabled/security2.conf"
EXISTING = "/etc/modsecurity/lab-existing.conf"
MEGABYTE = 1024 * 1024
TIMEOUT = 30.0  # seconds, for one step of one request
SCRIPT = "<script>alert(1)</script>"
ATTACK = {"path": f"/browse/X-1?x={quote(SCRIPT)}"}
# A control character: paranoia 2 refuses it, paranoia 1 does not.
CONTROL_CHARACTER = {"path": "/browse/X-1?x=a%01b"}
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


def configuration(proxy: str) -> str:
    """Every file and link of /etc with what it holds or points to, and owner and mode of the log's folder."""
    look = f"find /etc -type f -exec sha256sum {{}} + | sort; find /etc -type l -printf '%p %l\\n' | sort; stat --format '%U %G %a' {LOG_FOLDER}"
    return inside(proxy, "sh", "-c", look)


def inventory_with(directory: Path, sites: dict[str, dict[str, Any]]) -> Path:
    """The judge's inventory with more variables for some of its sites."""
    world = yaml.safe_load(JUDGE.read_text(encoding="utf-8"))
    for group in ("jira_sites", "confluence_sites"):
        for name, variables in world["all"]["children"][group]["hosts"].items():
            variables.update(sites.get(name, {}))
    path = directory / "hosts.yml"
    path.write_text(yaml.safe_dump(world), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def door(judge: None) -> Door:
    return judges_door()


@pytest.fixture(scope="module")
def sites(judge: None) -> dict[str, tuple[str, fire.Site]]:
    return judges_sites()


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


@pytest.fixture(scope="module")
def mixed(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The inventory by which each site has its own mode, after a play of it. Afterwards the proxy is as site.yml made it."""
    folder = tmp_path_factory.mktemp("waf")
    inventory = inventory_with(folder, MODES)
    try:
        must_run(waf_play(folder / "mixed", inventory=inventory, **SETTINGS))
        yield inventory
    finally:
        must_run(waf_play(folder / "default"))


def blocking_sites(sites: dict[str, tuple[str, fire.Site]]) -> list[tuple[str, fire.Site]]:
    """Those at paranoia 1, with and without a context path."""
    return [sites[name] for name in ("judge-jira", "judge-wiki", "judge-wiki-context")]


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


# A ModSecurity that somebody else has configured. The last tests: they leave the proxy without rules until the end of the module.


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
