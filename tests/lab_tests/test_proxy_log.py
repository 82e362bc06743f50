# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-11: what the access log tells, what it must not hold, and that no input can forge a line of it. Both formats, one after the other."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from lab_tests.door import ACCESS_LOG, CLIENT, Door, judges_door, product
from lab_tests.play import LAB, inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

SECRET = "hunter2-never-to-be-logged"
CLASSIC = re.compile(
    r'(?P<client>\S+) - (?P<user>\S+) \[(?P<time>[^]]+)\] "(?P<method>\S+) (?P<path>\S+) (?P<protocol>\S+)" (?P<status>\d+) (?P<bytes>\d+) '
    r'"(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)" vhost=(?P<vhost>\S+) peer=(?P<peer>\S+) login=(?P<login>\S+) attempt=(?P<attempt>\S+) '
    r"websudo=(?P<websudo>\S+) session=(?P<session>\S+) refused=(?P<refused>\S+) answer=(?P<answer>\S+) network=(?P<network>\S+) "
    r"tls=(?P<tls>\S+) suite=(?P<suite>\S+) certificate=(?P<certificate>\S+) first_byte_us=(?P<first_byte_us>\S+) duration_us=(?P<duration_us>\d+)"
)


@pytest.fixture(scope="module", params=["classic", "json"])
def format(judge: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    door = judges_door()
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "json":
        door.play(folder, "--tags", "PRX-11", "-e", "apache_proxy_log_format=json")
    inside(door.proxy, "truncate", "--size", "0", ACCESS_LOG)
    yield str(request.param)
    if request.param == "json":
        door.play(folder, "--tags", "PRX-11")


@pytest.fixture(scope="module")
def door(format: str) -> Door:
    return judges_door()


def parsed(format: str, line: str) -> dict[str, Any]:
    if format == "json":
        found: dict[str, Any] = json.loads(line)
        return found
    match = CLASSIC.fullmatch(line)
    assert match, line
    return dict(match.groupdict())


def new_lines(door: Door, before: int) -> list[str]:
    """A line is written when the answer is out, which may be after curl has it."""
    for _try in range(20):
        lines = door.log()[before:]
        if lines:
            return lines
        time.sleep(0.1)
    return []


def logged(door: Door, format: str, path: str, *options: str) -> dict[str, Any]:
    before = len(door.log())
    door.curl(path, *options)
    (line,) = new_lines(door, before)
    return parsed(format, line)


def test_prx_11_who_did_what_is_told(door: Door, format: str) -> None:
    said = {"X-AUSERNAME": "lena", "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    line = logged(door, format, "/browse/X-1" + product(put=said, answer=404), "-H", "X-Forwarded-For: 192.0.2.66")
    own = inside(CLIENT, "sh", "-c", f"ip -o route get {door.address} | sed 's/.* src \\([^ ]*\\).*/\\1/'").strip()
    assert (line["client"], line["peer"], line["vhost"]) == (own, own, door.host)
    assert (line["user"], line["login"], int(line["status"])) == ("lena", "AUTHENTICATED_FAILED", 404)
    assert (line["method"], line["path"], line["protocol"]) == ("GET", "/browse/X-1", "HTTP/1.1")
    assert line["tls"] in ("TLSv1.2", "TLSv1.3") and line["suite"].startswith(("TLS_", "ECDHE-"))
    assert int(line["duration_us"]) >= int(line["first_byte_us"]) > 0
    assert line["attempt"] == "-"


@pytest.mark.parametrize(
    ("path", "options", "attempt"),
    [
        ("/login.jsp", ["-d", "a=b"], "form"),
        ("/dologin.action", ["-d", "a=b"], "form"),
        ("/x/..;/;a=b/LOGIN.jsp;x", ["-d", "a=b"], "form"),
        ("/%6cogin.jsp", ["-d", "a=b"], "form"),
        ("/rest/auth/1/session", ["-d", "{}"], "form"),
        ("/rest//tsv/1.0/authenticate?os_authType=none", ["-d", "{}"], "form"),
        ("/rest/gadget/1.0/login.json", ["-d", "a=b"], "form"),
        ("/doauthenticate.action", ["-d", "a=b"], "websudo"),
        ("/secure/admin/WebSudoAuthenticate.jspa", ["-d", "a=b"], "websudo"),
        ("/browse/X-1", ["-H", "Authorization: Bearer x"], "bearer"),
        ("/browse/X-1", ["-H", "Authorization: bASIC eDp5"], "basic"),
        ("/browse/X-1", ["-H", "Authorization: OAuth x"], "header"),
        ("/rest/tsv/1.0/authenticate", ["-d", "{}", "-H", "Authorization: x y"], "form"),
        ("/browse/X-1?os_password=x", ["-H", "Authorization: x y"], "query"),
        ("/browse/X-1?o%73_password=x", [], "query"),
        ("/login.jsp", [], "-"),
        ("/browse/login.jspx", ["-d", "a=b"], "post"),
        ("/browse/login.jspx", ["-d", "{}", "-H", "Content-Type: application/json"], "-"),
        ("/rest/auth/1/session", ["-X", "DELETE"], "-"),
    ],
)
def test_prx_11_attempts_to_log_in_are_marked(door: Door, format: str, path: str, options: list[str], attempt: str) -> None:
    assert logged(door, format, path, *options)["attempt"] == attempt


@pytest.mark.parametrize(
    ("path", "options", "session", "refused", "answer"),
    [
        ("/browse/X-1", [], "-", "-", "backend"),
        ("/browse/X-1" + product(answer=403), ["-H", "Cookie: a=b; JSESSIONID=x"], "yes", "-", "backend"),
        ("/browse/X-1" + product(answer=401), ["-H", "Authorization: Basic eDp5"], "yes", "-", "backend"),
        ("/secure/SetupApplicationProperties.jspa", ["-H", "Cookie: xJSESSIONID=x"], "-", "PRX-04", "-"),
        ("/secure/admin/ViewApplicationProperties.jspa", [], "-", "PRX-02", "-"),
        ("/secure/admin/WebSudoAuthenticate.jspa", ["-d", "a=b"], "-", "PRX-02", "-"),
        ("/a%2fb", [], "-", "-", "-"),
    ],
)
def test_prx_11_who_answered_and_who_refused(
    door: Door, format: str, path: str, options: list[str], session: str, refused: str, answer: str
) -> None:
    line = logged(door, format, path, *options)
    assert (line["session"], line["refused"], line["answer"], line["network"]) == (session, refused, answer, "-")


@pytest.mark.parametrize(
    ("path", "status", "header", "websudo"),
    [
        ("/secure/admin/WebSudoAuthenticate.jspa", 302, "Has-Authentication", "passed"),
        ("/secure/admin/WebSudoAuthenticate.jspa", 302, "", "-"),
        ("/doauthenticate.action", 302, "", "passed"),
        ("/doauthenticate.action", 200, "", "-"),
        ("/login.jsp", 302, "", "-"),
    ],
)
def test_prx_11_a_password_that_was_confirmed_is_told(door: Door, format: str, path: str, status: int, header: str, websudo: str) -> None:
    """Asked by the controller, since others are refused at these pages."""
    before = len(door.log())
    said = {"X-Atlassian-WebSudo": header} if header else {}
    urllib3.PoolManager(cert_reqs="CERT_NONE", server_hostname=door.host).request(
        "POST", f"https://{door.address}{path}{product(put=said, answer=status)}", headers={"Host": door.host}, body="a=b", redirect=False
    )
    (line,) = new_lines(door, before)
    assert parsed(format, line)["websudo"] == websudo


def test_prx_11_no_secret_is_in_the_log(door: Door, format: str) -> None:
    before = len(door.log())
    basic = base64.b64encode(f"lena:{SECRET}".encode()).decode()
    door.curl(f"/browse/X-1?os_username=lena&os_password={SECRET}&token={SECRET}")
    door.curl(f"/rest/api/2/search?jql=x&os_password={SECRET}", "-H", f"Authorization: Basic {basic}", "-H", f"Cookie: JSESSIONID={SECRET}")
    door.curl(f"/browse/X-1;jsessionid={SECRET}/x", "-H", f"Referer: https://lena:{SECRET}@h/x;jsessionid={SECRET}?os_password={SECRET}")
    door.curl(f"/ü%3bJSESSIONID={SECRET}?é={SECRET}", "-H", f"Referer: https://h/é?x={SECRET}")
    door.curl("/login.jsp", "-d", f"os_username=lena&os_password={SECRET}")
    door.curl(f"/server-status?{SECRET}", "-H", f"Referer: https://h/?{SECRET}")
    assert len(new_lines(door, before)) == 6
    everything = inside(door.proxy, "sh", "-c", f"cat {ACCESS_LOG} /var/log/apache2/*.log")
    assert SECRET not in everything
    assert basic not in everything


HOSTILE = ['x" 200 0 "', '"}\n{"user":"root"', "\\", '\\"', "\t", "ü", "' or 1=1", "%0a%0d", "${HOME}", "{{x}}", "]", "\u2028", "\\x41"]


@pytest.mark.parametrize("text", HOSTILE)
def test_prx_11_hostile_input_stays_one_line_of_json(door: Door, format: str, text: str) -> None:
    """As agent, Referer, user and login reason of the answer. A header with a line break is refused by curl or httpd; then there may be no such line."""
    header = text.replace("\n", " ")
    said = {"X-AUSERNAME": header, "X-Seraph-LoginReason": header}
    line = logged(door, format, "/x" + product(put=said), "-A", f"a{header}", "-H", f"Referer: https://h/{header}")
    assert (line["path"], line["status"] if format == "json" else int(line["status"])) == ("/x", 200)
    assert line["agent"] not in ("-", "")
    assert line["vhost"] == door.host


@pytest.mark.parametrize("path", ['/a"b', "/a\\b", "/aü", "/a%0a%0db", "/a%22%7d", "/;a=b/x", "/a'b{c}", "/a%00b"])
def test_prx_11_hostile_paths_stay_one_line(door: Door, format: str, path: str) -> None:
    line = logged(door, format, path + "?x")
    assert line["path"].startswith("/") and "?" not in line["path"] and line["user"] in ("-", "anonymous")


def test_prx_11_a_request_that_is_none_is_one_line_too(door: Door, format: str) -> None:
    before = len(door.log())
    raw = f'GE"\x01T /x?{SECRET} HTTP/9\r\n\r\n'
    command = ["openssl", "s_client", "-quiet", "-connect", f"{door.address}:443", "-servername", door.host]
    subprocess.run([str(LAB / "podman"), "exec", "-i", CLIENT, *command], input=raw, capture_output=True, text=True, check=False, timeout=20)
    (line,) = new_lines(door, before)
    assert int(parsed(format, line)["status"]) == 400
    assert SECRET not in line


def test_prx_11_the_log_is_for_administrators_and_rotated(door: Door) -> None:
    assert inside(door.proxy, "stat", "--format", "%U %G %a", str(Path(ACCESS_LOG).parent)).strip() == "root adm 750"
    inside(door.proxy, "logrotate", "--force", "/etc/logrotate.d/hardening-atlassian")
    door.curl("/after-rotation")
    for _try in range(30):
        if any("/after-rotation" in line for line in door.log()):
            break
        time.sleep(0.2)
    assert any("/after-rotation" in line for line in door.log())
    assert inside(door.proxy, "test", "-s", f"{ACCESS_LOG}.1") == ""
    assert inside(door.proxy, "stat", "--format", "%U %G %a", ACCESS_LOG).strip() == "root adm 640"
