# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the hardened proxy shows at its front door, judged by openssl, curl and the real Tomcat behind it, not by our own probes."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from lab_tests.play import JUDGE, LAB, hand_over_authority, inside

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

WORLD = yaml.safe_load(JUDGE.read_text())["all"]["children"] if JUDGE.exists() else {}


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header.lower() == name.lower()]


@pytest.fixture(scope="module")
def address() -> str:
    (proxy,) = WORLD["atlassian_proxies"]["hosts"].values()
    return str(proxy["lab_address"])


@pytest.fixture(scope="module")
def proxy() -> str:
    (name,) = WORLD["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module")
def host() -> str:
    """A site without a context path."""
    urls = [urlsplit(site["atlassian_url"]) for site in WORLD["jira_sites"]["hosts"].values()]
    return next(url.netloc for url in urls if not url.path)


def curl(address: str, host: str, path: str, *options: str, scheme: str = "https") -> Answer:
    """One request of curl's, sent as it is from outside the admin networks. The certificate is verified where the scheme is https."""
    port = 443 if scheme == "https" else 80
    command = ["curl", "--silent", "--show-error", "--include", "--http1.1", "--path-as-is", "--max-time", "20", "--resolve", f"{host}:{port}:{address}"]
    out = inside("outside1", *command, "--cacert", "/tmp/lab-ca.pem", *options, f"{scheme}://{host}{path}")
    head, _blank, body = out.replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    return Answer(int(first.split()[1]), [(name, value.strip()) for name, _colon, value in (line.partition(":") for line in lines)], body)


@pytest.fixture(scope="module", autouse=True)
def authority(judge: None) -> None:
    hand_over_authority("outside1")


def marker(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found


def handshake(address: str, host: str, *options: str) -> str:
    """What openssl says about one handshake; empty if none came about."""
    trust = ["-CAfile", str(LAB / "ca" / "ca.pem"), "-verify_hostname", host]
    command = ["openssl", "s_client", "-connect", f"{address}:443", "-servername", host, *trust, *options]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=False, timeout=20)
    return done.stdout if "BEGIN CERTIFICATE" in done.stdout else ""


@pytest.mark.parametrize("path", ["/server-status", "/server-info", "/balancer-manager", "/Server-Status", "//server-status", "/;a/server-status"])
def test_prx_05_status_pages_are_nobodys(address: str, host: str, path: str) -> None:
    answer = curl(address, host, path)
    assert "Apache Server Status" not in answer.body
    assert answer.status == 403


def test_prx_06_a_page_that_fails_shows_our_page(address: str, host: str) -> None:
    answer = curl(address, host, "/browse/X-1?answer=500")
    assert answer.status == 500
    assert "marker" not in answer.body
    assert "<h1>" in answer.body


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_prx_06_errors_of_rest_stay_as_they_are(address: str, host: str, status: int) -> None:
    answer = curl(address, host, f"/rest/api/2/issue/X-1?answer={status}")
    assert answer.status == status
    assert marker(answer)["marker"] == "/rest/*"


def test_prx_07_no_banner_of_the_product(address: str, host: str) -> None:
    for path in ("/browse/X-1", "/browse/X-1?answer=404", "/rest/api/2/x?answer=500", "/server-status"):
        answer = curl(address, host, path)
        assert answer.all("X-ASEN") == []
        assert answer.all("X-Powered-By") == []
        assert answer.all("Server") in ([], ["Apache"]), path


def test_prx_07_what_clients_prove_their_identity_by_stays(address: str, host: str) -> None:
    assert curl(address, host, "/rest/api/2/myself").all("X-AUSERNAME") == ["anonymous"]


def test_prx_08_one_header_each(address: str, host: str) -> None:
    for path in ("/browse/X-1", "/rest/api/2/x?answer=404", "/server-status"):
        answer = curl(address, host, path)
        assert answer.all("X-Frame-Options") == ["SAMEORIGIN"], path
        assert answer.all("X-XSS-Protection") == ["0"], path


def test_prx_12_the_client_cannot_choose_its_address(address: str, host: str) -> None:
    forged = ["-H", "X-Forwarded-For: 192.0.2.66", "-H", "X-Real-IP: 192.0.2.66", "-H", "Forwarded: for=192.0.2.66", "-H", "X-Forwarded-Proto: http"]
    seen = marker(curl(address, host, "/browse/X-1", *forged))
    own = inside("outside1", "sh", "-c", f"ip -o route get {address} | sed 's/.* src \\([^ ]*\\).*/\\1/'").strip()
    assert seen["forwardedFor"] == own
    assert seen["realIp"] is None
    assert seen["forwarded"] is None
    assert seen["forwardedProto"] == "https"


def test_prx_14_no_trace_and_no_default_content(address: str, host: str) -> None:
    assert curl(address, host, "/", "--request", "TRACE").status == 405
    assert curl(address, address, "/", scheme="http").status == 404
    assert "debian" not in curl(address, address, "/", scheme="http").body.lower()


@pytest.mark.parametrize("path", ["/", "/index.html", "/;a/", "/icons/"])
def test_prx_01_beside_the_sites_there_is_nothing(address: str, path: str) -> None:
    """On a name whose sites all have a context path."""
    urls = [urlsplit(site["atlassian_url"]) for group in ("jira_sites", "confluence_sites") for site in WORLD[group]["hosts"].values()]
    rooted = {url.netloc for url in urls if not url.path}
    (host,) = {url.netloc for url in urls} - rooted
    answer = curl(address, host, path)
    assert (answer.status, "debian" in answer.body.lower()) == (404, False)


def test_prx_14_the_configuration_is_roots(proxy: str) -> None:
    assert inside(proxy, "sh", "-c", r"find /etc/apache2 ! -type l \( ! -user root -o -perm /022 \) -print") == ""


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_tls_01_old_protocols_are_refused(address: str, host: str, version: str) -> None:
    assert handshake(address, host, version, "-cipher", "ALL:@SECLEVEL=0") == ""


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_tls_01_current_protocols_are_served(address: str, host: str, version: str) -> None:
    assert "Verify return code: 0 (ok)" in handshake(address, host, version)


@pytest.mark.parametrize("suites", ["AES128-GCM-SHA256", "ECDHE+AESCCM", "ECDHE-ECDSA-AES128-SHA256", "DHE", "NULL", "RC4:3DES"])
def test_tls_01_weak_suites_are_refused(address: str, host: str, suites: str) -> None:
    assert handshake(address, host, "-tls1_2", "-cipher", f"{suites}:@SECLEVEL=0") == ""


def test_tls_01_the_hybrid_group_is_used_where_openssl_has_it(proxy: str, address: str, host: str) -> None:
    command = f"echo | openssl s_client -connect {address}:443 -servername {host} -groups X25519MLKEM768 2>&1"
    version = re.search(r"OpenSSL (\d+)\.(\d+)", inside(proxy, "openssl", "version"))
    assert version
    has_it = (int(version[1]), int(version[2])) >= (3, 5)
    assert ("X25519MLKEM768" in inside(proxy, "sh", "-c", f"{command} || true")) == has_it


def test_tls_02_chain_and_name(address: str, host: str) -> None:
    shown = handshake(address, host)
    assert "Verify return code: 0 (ok)" in shown
    assert f"Verified peername: {host}" in shown


def test_tls_04_keys_are_roots_alone(proxy: str) -> None:
    named = inside(proxy, "sh", "-c", "cat /etc/apache2/hardening-atlassian/current/https.d/*/*.conf")
    keys = re.findall(r'^SSLCertificateKeyFile "(.*)"', named, re.MULTILINE)
    assert keys
    for key in keys:
        assert inside(proxy, "stat", "--format", "%U %G %a", key).strip() in ("root root 600", "root root 400"), key
        assert inside(proxy, "sh", "-c", f"stat --format '%U %a' $(dirname {key})").strip() in ("root 700", "root 710", "root 750"), key


def test_tls_05_redirect_and_hsts(address: str, host: str) -> None:
    redirect = curl(address, host, "/browse/X-1?a=b%20c", scheme="http")
    assert redirect.status == 301
    assert redirect.all("Location") == [f"https://{host}/browse/X-1?a=b%20c"]
    assert redirect.all("Strict-Transport-Security") == []
    (hsts,) = curl(address, host, "/browse/X-1").all("Strict-Transport-Security")
    assert re.fullmatch(r"max-age=\d+", hsts)
