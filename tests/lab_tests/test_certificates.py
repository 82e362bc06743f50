# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The older Debian, and certificates of every source on it: private, own, and from a real ACME authority (Pebble)."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab_tests.play import LAB, OLDER, Run, hand_over_authority, inside, play

pytestmark = pytest.mark.lab

STORE = "/var/lib/apache2/hardening-atlassian-md"
UNIT = "hardening-atlassian-certificates.service"
ACME = {"apache_tls_certificate_source": "acme"}


@pytest.fixture(scope="module")
def world() -> Any:
    return yaml.safe_load(OLDER.read_text())["all"]


@pytest.fixture(scope="module")
def proxy(world: Any) -> str:
    (name,) = world["children"]["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module")
def host(world: Any) -> str:
    (site,) = world["children"]["jira_sites"]["hosts"].values()
    return str(site["atlassian_url"]).removeprefix("https://")


def put(container: str, path: str, text: str) -> None:
    subprocess.run([str(LAB / "podman"), "exec", "-i", container, "tee", path], input=text, text=True, check=True, capture_output=True)


def shown(host: str) -> dict[str, str]:
    """Subject, issuer, serial of the certificate that a stranger is shown."""
    script = f"echo | openssl s_client -connect {host}:443 -servername {host} 2>/dev/null | openssl x509 -noout -subject -issuer -serial"
    return dict(line.split("=", 1) for line in inside("outside1", "sh", "-c", script).splitlines())


def run_on(folder: Path, *arguments: str, **variables: Any) -> Run:
    return play(folder, "--limit", "atlassian_proxies", "-e", json.dumps(variables), *arguments, inventory=OLDER)


def tls_only(folder: Path, *arguments: str, **variables: Any) -> Run:
    return run_on(folder, "--tags", "TLS-02,TLS-03", *arguments, **variables)


def state_of_etc(proxy: str) -> str:
    return inside(proxy, "sh", "-c", "find /etc -type f -exec sha256sum {} + | sort")


def test_the_older_debian_is_hardened_like_the_newer_one(older: Run, proxy: str) -> None:
    release = inside(proxy, "sh", "-c", ". /etc/os-release && echo $VERSION_ID").strip()
    assert release == "12"
    # The inventory says little: what is off or only audited by default, and what a site of one node behind HTTP has nothing of.
    by_default = {"PRX-03": "off", "PRX-17": "drifted"}
    nothing_there = {"PRX-10": "not_examined", "PRX-15": "not_applicable", "PRX-19": "not_applicable", "TLS-06": "drifted"}
    others = {control: state for control, state in older.states(proxy).items() if state not in ("changed", "compliant")}
    assert others == by_default | nothing_there
    assert len(older.states(proxy)) > 20


def test_tls_01_without_the_hybrid_group_where_openssl_has_none(older: Run, proxy: str, host: str) -> None:
    assert "X25519MLKEM768" not in inside(proxy, "openssl", "list", "-kem-algorithms")
    assert "X25519:" in inside(proxy, "cat", "/etc/apache2/hardening-atlassian/current/https.d/tls-01.conf")
    script = f"echo | openssl s_client -connect {host}:443 -servername {host} -tls1_3 -groups"
    assert "New, TLSv1.3" in inside("outside1", "sh", "-c", f"{script} X25519 2>&1")
    assert "New, TLSv1.3" not in inside("outside1", "sh", "-c", f"{script} X25519MLKEM768 2>&1 || true")


def test_tls_01_http2_over_tls_alone(older: Run, host: str) -> None:
    version = ["curl", "--silent", "--insecure", "--output", "/dev/null", "--write-out", "%{http_version}"]
    assert inside("outside1", *version, "--http2", f"https://{host}/") == "2"
    assert inside("outside1", *version, "--http1.1", f"https://{host}/") == "1.1"
    assert inside("outside1", *version, "--http2", f"http://{host}/") == "1.1"
    assert inside("outside1", "sh", "-c", f"curl --silent --http2-prior-knowledge http://{host}/ >/dev/null; echo $?").strip() != "0"


def test_tls_02_own_files_are_judged_before_anything_is_touched(older: Run, proxy: str, host: str, tmp_path: Path) -> None:
    """A certificate for another name, signed by nobody, on a curve that is not wanted."""
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-521 -noenc -subj /CN=other.invalid"
    inside(proxy, "sh", "-c", f"{make} -keyout /etc/ssl/private/lab-own.key -out /etc/ssl/lab-own.pem 2>/dev/null")
    own = {host: {"certificate": "/etc/ssl/lab-own.pem", "key": "/etc/ssl/private/lab-own.key"}}
    before = state_of_etc(proxy)
    run = run_on(tmp_path / "own", apache_tls_certificate_source="own", apache_tls_certificates=own)
    assert run.code == 2
    reason = run.row("TLS-02", proxy)["reason"]
    for said in ("/etc/ssl/lab-own.pem", f"apache_tls_certificates.{host}", "self-signed certificate", f"does not cover {host}", "P-521"):
        assert said in reason, said
    assert state_of_etc(proxy) == before
    own[host]["key"] = "/etc/ssl/private/nowhere.key"
    run = run_on(tmp_path / "key", "--check", apache_tls_certificate_source="own", apache_tls_certificates=own)
    assert "/etc/ssl/private/nowhere.key is missing" in json.dumps(run.row("TLS-02", proxy))
    assert run.states(proxy)["TLS-02"] == "drifted"


def test_tls_03_an_end_that_is_near_is_drift_and_a_nearer_one_fails_the_run(older: Run, proxy: str, host: str, tmp_path: Path) -> None:
    """And then the private authority's certificate is renewed by an ordinary run."""
    always = {"apache_tls_private_ca_renew_days": 400}
    assert tls_only(tmp_path / "ten", **always, apache_tls_private_ca_days=10).code == 0
    short = shown(host)["serial"]
    run = tls_only(tmp_path / "check", "--check", apache_tls_private_ca_renew_days=1)
    (end,) = run.settings("TLS-03", proxy, "drifted")
    assert end == f"{host}: end of the certificate"
    run = tls_only(tmp_path / "six", apache_tls_private_ca_renew_days=1, apache_tls_expiry_failed_days=15)
    assert run.code == 2
    assert re.search(r"in \d days", run.row("TLS-03", proxy)["reason"])
    run = tls_only(tmp_path / "renewed")
    assert (run.code, run.states(proxy)["TLS-03"]) == (0, "changed"), run.output[-3000:]
    assert shown(host)["serial"] != short
    authority = hand_over_authority("outside1")
    assert inside("outside1", "curl", "--silent", "--cacert", authority, "--output", "/dev/null", "--write-out", "%{http_code}", f"https://{host}/") == "200"


def start_authority(proxy: str) -> None:
    """It makes a new root at each start."""
    inside("acme1", "systemctl", "start", "pebble")
    (address,) = re.findall(r"^\S+", inside("outside1", "getent", "ahostsv4", "acme1"))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl._create_unverified_context()))
    for attempt in range(20):
        try:
            root = opener.open(f"https://{address}:15000/roots/0", timeout=10).read().decode()
            break
        except OSError:
            assert attempt < 19, "the authority does not come up"
            time.sleep(0.5)
    put(proxy, "/etc/ssl/lab-acme-issued.pem", root)
    put("outside1", "/tmp/lab-acme-issued.pem", root)


@pytest.fixture(scope="module")
def authority(older: Run, proxy: str) -> Iterator[str]:
    """Trust in the ACME server itself, and in what it issues. Nothing of an earlier issue is left."""
    put(proxy, "/etc/ssl/lab-acme-server.pem", inside("acme1", "cat", "/opt/acme/certificate.pem"))
    start_authority(proxy)
    inside(proxy, "sh", "-c", f"systemctl stop apache2; rm -rf {STORE}; systemctl start apache2")
    yield "/tmp/lab-acme-issued.pem"
    inside("acme1", "systemctl", "start", "pebble")


def test_tls_02_an_authority_out_of_reach_does_not_keep_httpd_from_running(authority: str, proxy: str, host: str, tmp_path: Path) -> None:
    inside("acme1", "systemctl", "stop", "pebble")
    run = tls_only(tmp_path / "down", **ACME, apache_tls_acme_wait=5)
    assert run.code == 0, run.output[-3000:]
    assert inside(proxy, "systemctl", "is-active", "apache2").strip() == "active"
    assert run.states(proxy)["TLS-02"] == run.states(proxy)["TLS-03"] == "drifted"
    assert "Unsuccessful in contacting ACME server" in run.row("TLS-03", proxy)["reason"]
    assert "unknown.invalid" in shown(host)["subject"], "what people see until then"
    inside(proxy, "systemctl", "restart", "apache2")
    assert inside(proxy, "systemctl", "is-active", "apache2").strip() == "active"


def test_tls_02_a_first_certificate_from_an_acme_authority(authority: str, proxy: str, host: str, tmp_path: Path) -> None:
    start_authority(proxy)
    inside(proxy, "sh", "-c", f"systemctl stop apache2; rm -rf {STORE}; systemctl start apache2")
    run = tls_only(tmp_path / "issued", **ACME)
    assert run.code == 0, run.output[-3000:]
    judged = {setting["setting"]: setting["state"] for setting in run.row("TLS-02", proxy)["settings"] if setting["setting"].startswith(f"{host}: ")}
    assert set(judged.values()) == {"compliant"}, judged
    assert f"{host}: chain and dates" in judged
    assert "Pebble" in shown(host)["issuer"]
    assert inside("outside1", "curl", "--silent", "--cacert", authority, "--output", "/dev/null", "--write-out", "%{http_code}", f"https://{host}/") == "200"
    assert inside(proxy, "sh", "-c", f"find {STORE}/domains {STORE}/accounts -name '*key*' -perm /077") == ""
    # mod_md's own page about certificates is nobody's business: the path leads to the product like any other.
    page = inside("outside1", "curl", "--silent", "--insecure", "--include", f"https://{host}/.httpd/certificate-status").lower()
    assert "x-marker: " in page


def test_tls_03_a_renewed_certificate_is_taken_up(authority: str, proxy: str, host: str, tmp_path: Path) -> None:
    first = shown(host)["serial"]
    # Longer than its life, so that mod_md renews at once; it may not do so again before the unit was run.
    run = run_on(tmp_path / "window", "--tags", "TLS-02", **ACME, apache_tls_acme_renew_window="100d")
    assert run.code == 0, run.output[-3000:]
    waiting = f"grep -qs '\"finished\": true' {STORE}/staging/*/job.json && echo yes || true"
    end = time.monotonic() + 30
    while "yes" not in inside(proxy, "sh", "-c", waiting):
        assert time.monotonic() < end, inside(proxy, "tail", "-5", "/var/log/apache2/error.log")
        time.sleep(1)
    assert shown(host)["serial"] == first, "a renewal waits for a reload"
    run = tls_only(tmp_path / "check", "--check", **ACME, apache_tls_acme_renew_window="100d")
    assert run.settings("TLS-03", proxy, "drifted") == [f"{host}: certificate shown"]
    inside(proxy, "systemctl", "start", UNIT)
    end = time.monotonic() + 10
    while shown(host)["serial"] == first:
        assert time.monotonic() < end, "the unit let nothing be taken up"
        time.sleep(1)
    assert "Pebble" in shown(host)["issuer"]
    assert inside(proxy, "systemctl", "is-active", UNIT.replace(".service", ".timer")).strip() == "active"


def test_the_way_back_to_the_private_authority(authority: str, proxy: str, host: str, tmp_path: Path) -> None:
    run = run_on(tmp_path / "back")
    assert run.code == 0, run.output[-3000:]
    assert "Pebble" not in shown(host)["issuer"]
    assert inside(proxy, "sh", "-c", "ls /etc/systemd/system/hardening-atlassian-certificates.* 2>/dev/null || true") == ""
    run = run_on(tmp_path / "again")
    # Of the report, since Ansible's own recap counts what is only audited and differs.
    assert "changed" not in run.states(proxy).values(), run.output[-6000:]
