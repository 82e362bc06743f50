# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers, cookies and error pages as a browser and a program get them through the hardened proxy, from a real Tomcat."""

from __future__ import annotations

import json
import re
import urllib.parse
from dataclasses import replace

import pytest
import yaml
from lab_tests.door import Door, marker, product
from lab_tests.play import JUDGE, ROOT

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

ONCE = (
    "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Content-Security-Policy", "Content-Security-Policy-Report-Only",
    "X-Frame-Options", "X-XSS-Protection", "Strict-Transport-Security",
)  # fmt: skip


@pytest.mark.parametrize("path", ["/browse/X-1", "/rest/api/2/x?answer=404", "/rest/api/2/x?answer=500", "/browse/X-1?answer=500", "/server-status", "/a%2fb"])
def test_prx_09_each_header_is_there_once(door: Door, path: str) -> None:
    answer = door.curl(path)
    assert {name: len(answer.all(name)) for name in ONCE} == dict.fromkeys(ONCE, 1)


# Of the answer itself, and of the servlet that plays the product.
EVERY_ANSWER = {"Date", "Content-Type", "Content-Length", "Vary", "Connection", "Keep-Alive", "X-Marker"}


@pytest.mark.parametrize("product_name", ["Jira", "Confluence"])
def test_the_table_of_headers_is_what_a_browser_gets(door: Door, product_name: str) -> None:
    """docs/headers.md, line by line, and nothing beyond it."""
    section = (ROOT / "docs" / "headers.md").read_text().split(f"## {product_name}\n")[1].split("\n## ")[0]
    rows = [re.split(r" *\| *", line.strip("| ")) for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 15
    groups = yaml.safe_load(JUDGE.read_text())["all"]["children"]
    urls = [urllib.parse.urlsplit(site["atlassian_url"]) for site in groups[f"{product_name.lower()}_sites"]["hosts"].values()]
    site = replace(door, host=next(url.netloc for url in urls if not url.path))
    sent = {name: before for name, before, _after, _control in rows if before != "-"}
    answer = site.curl("/x" + product(put=sent))
    assert {name: answer.all(name) for name, *_rest in rows} == {name: [] if after == "-" else [after] for name, _before, after, _control in rows}
    assert {name for name, _value in answer.headers} <= {name for name, *_rest in rows} | EVERY_ANSWER


def test_prx_09_what_the_product_says_is_not_weakened(door: Door) -> None:
    said = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Permissions-Policy": "usb=()"}
    answer = door.curl("/secure/attachment/1/a.html" + product(put=said))
    assert sorted(answer.all("Content-Security-Policy")) == ["frame-ancestors 'self'", "sandbox"]
    assert answer.all("X-Content-Type-Options") == ["nosniff"]
    assert answer.all("Referrer-Policy") == ["same-origin"]
    assert answer.all("Permissions-Policy") == ["usb=()"]


@pytest.mark.parametrize("policy", ["frame-ancestors 'self'", "script-src 'self'; frame-ancestors 'self'"])
def test_prx_09_a_policy_that_says_the_same_is_not_doubled(door: Door, policy: str) -> None:
    assert door.curl("/x" + product(put={"Content-Security-Policy": policy})).all("Content-Security-Policy") == [policy]


@pytest.mark.parametrize(("said", "gets"), [("unsafe-url", "strict-origin-when-cross-origin"), ("no-referrer, unsafe-url", "strict-origin-when-cross-origin"),
                                            ("unsafe-url, no-referrer", "unsafe-url, no-referrer")])  # fmt: skip
def test_prx_09_a_weaker_referrer_policy_gives_way(door: Door, said: str, gets: str) -> None:
    assert door.curl("/x" + product(put={"Referrer-Policy": said})).all("Referrer-Policy") == [gets]


def test_prx_10_cookies_get_what_they_lack_and_nothing_twice(door: Door) -> None:
    sent = ["JSESSIONID=a; Path=/", "atlassian.xsrf.token=b;secure", "c=d; HttpOnly ;Secure", "secure=HttpOnly", "e=f; SameSite=Strict; httponly"]
    answer = door.curl("/x" + product(add=[("Set-Cookie", cookie) for cookie in sent]))
    assert answer.all("Set-Cookie") == [
        "JSESSIONID=a; Path=/; Secure; HttpOnly",
        "atlassian.xsrf.token=b;secure",
        "c=d; HttpOnly ;Secure",
        "secure=HttpOnly; Secure; HttpOnly",
        "e=f; SameSite=Strict; httponly; Secure",
    ]


def test_prx_10_errors_of_the_product_keep_their_cookies(door: Door) -> None:
    cookies = door.curl("/x" + product(add=[("Set-Cookie", "JSESSIONID=a")], answer=404)).all("Set-Cookie")
    assert cookies == ["JSESSIONID=a; Secure; HttpOnly"]


PROGRAMS = [("/rest/api/2/x", "*/*"), ("/browse/X-1", "application/json, text/javascript, */*; q=0.01"), ("/plugins/x", "application/problem+json")]


@pytest.mark.parametrize(("path", "accept"), PROGRAMS)
@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_prx_06_programs_get_the_products_own_errors(door: Door, path: str, accept: str, status: int) -> None:
    answer = door.curl(f"{path}?answer={status}", "-H", f"Accept: {accept}")
    assert answer.status == status
    assert marker(answer)["marker"]
    assert answer.all("Content-Type") == ["text/plain;charset=UTF-8"]


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml", "*/*", "text/html, application/json"])
def test_prx_06_people_get_our_page(door: Door, accept: str) -> None:
    answer = door.curl("/browse/X-1?answer=500", "-H", f"Accept: {accept}")
    assert (answer.status, answer.body.count("<h1>"), "marker" in answer.body) == (500, 1, False)


def test_prx_06_errors_of_the_proxy_are_json_for_programs(door: Door) -> None:
    answer = door.curl("/rest/api/2/a%2fb")
    assert answer.status == 404
    assert answer.all("Content-Type") == ["application/json"]
    assert json.loads(answer.body)["status"] == 404
    page = door.curl("/browse/a%2fb")
    assert (page.status, page.all("Content-Type")) == (404, ["text/html; charset=iso-8859-1"])
