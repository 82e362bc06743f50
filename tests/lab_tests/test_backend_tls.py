# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way from the proxy to a product that speaks TLS: a small server with certificates good and bad, on another machine of the lab."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab_tests.play import LAB, OLDER, Run, inside, play

pytestmark = pytest.mark.lab

WORLD = yaml.safe_load(OLDER.read_text())["all"]["children"] if OLDER.exists() else {}
MACHINE, PORT = "tomcat1", 8443
UNIT = "lab-tls-back-end"
SERVER = """
import http.server, ssl
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"spoken to with " + self.connection.version().encode())
server = http.server.ThreadingHTTPServer(("", PORT), Answer)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/root/back-end.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""
# Until it listens.
WAIT = """
import socket, time
for _ in range(50):
    try:
        socket.create_connection(("127.0.0.1", PORT)).close()
        break
    except OSError:
        time.sleep(0.2)
"""


def put(container: str, path: str, text: str) -> None:
    subprocess.run([str(LAB / "podman"), "exec", "-i", container, "tee", path], input=text, text=True, check=True, capture_output=True)


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def proxy() -> str:
    (name,) = WORLD["atlassian_proxies"]["hosts"]
    return str(name)


@pytest.fixture(scope="module")
def host() -> str:
    (site,) = WORLD["jira_sites"]["hosts"].values()
    return str(site["atlassian_url"]).removeprefix("https://")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory, host: str) -> dict[str, str]:
    """{kind: key and certificate}, and the root under "root". All but the stranger's are signed by it."""
    top = tmp_path_factory.mktemp("back-end")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]

    def authority(name: str) -> list[str]:
        openssl("req", "-x509", *key, "-subj", f"/CN={name}", "-keyout", str(top / f"{name}.key"), "-out", str(top / f"{name}.pem"))
        return ["-CA", str(top / f"{name}.pem"), "-CAkey", str(top / f"{name}.key")]

    def certificate(kind: str, name: str, signer: list[str]) -> str:
        extensions = ["-addext", f"subjectAltName=DNS:{name}", "-addext", "basicConstraints=critical,CA:FALSE"]
        openssl("req", "-x509", *signer, *key, "-subj", f"/CN={name}", *extensions, "-keyout", str(top / f"{kind}.key"), "-out", str(top / f"{kind}.pem"))
        return (top / f"{kind}.key").read_text() + (top / f"{kind}.pem").read_text()

    known, stranger = authority("known"), authority("stranger")
    return {
        "good": certificate("good", host, known),
        "other name": certificate("other", "other.invalid", known),
        "unknown authority": certificate("unknown", host, stranger),
        "root": (top / "known.pem").read_text(),
    }


@pytest.fixture(scope="module")
def serve(certificates: dict[str, str]) -> Iterator[Callable[[str], None]]:
    """serve(kind): the back end answers with that certificate."""
    put(MACHINE, "/root/back-end.py", SERVER.replace("PORT", str(PORT)))

    def start(kind: str) -> None:
        put(MACHINE, "/root/back-end.pem", certificates[kind])
        inside(MACHINE, "sh", "-c", f"systemctl stop {UNIT} 2>/dev/null; systemd-run --quiet --collect --unit={UNIT} python3 /root/back-end.py")
        inside(MACHINE, "python3", "-c", WAIT.replace("PORT", str(PORT)))

    yield start
    inside(MACHINE, "systemctl", "stop", UNIT)


def run_on(folder: Path, *arguments: str, **variables: Any) -> Run:
    return play(folder, "--limit", "atlassian_proxies", "-e", json.dumps(variables), *arguments, inventory=OLDER)


@pytest.fixture(scope="module")
def spoken(
    older: Run, serve: Callable[[str], None], certificates: dict[str, str], proxy: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    """The variables with which the proxy was told to speak TLS to a back end whose certificate is good."""
    serve("good")
    put(proxy, "/etc/ssl/lab-back-end.pem", certificates["root"])
    (node,) = WORLD["jira_nodes"]["hosts"]
    address = WORLD["jira_nodes"]["hosts"][node]["lab_address"]
    variables = {"atlassian_backends": [{"url": f"https://{address}:{PORT}", "node": node}], "apache_tls_backend_ca": "/etc/ssl/lab-back-end.pem"}
    run = run_on(tmp_path_factory.mktemp("spoken"), "--tags", "PRX-01,TLS-06", **variables)
    assert (run.code, run.states(proxy)["TLS-06"]) == (0, "changed"), run.output[-3000:]
    yield variables
    run_on(tmp_path_factory.mktemp("back"), "--tags", "PRX-01,TLS-06")


def get(host: str) -> str:
    return inside("outside1", "curl", "--silent", "--insecure", "--write-out", " %{http_code}", f"https://{host}/")


def test_tls_06_plain_http_to_another_host_is_reported(older: Run, proxy: str) -> None:
    row = older.row("TLS-06", proxy)
    assert row["state"] == "drifted"
    (setting,) = row["settings"]
    assert setting["setting"].startswith("http://")
    assert setting["before"] == setting["after"] == "HTTP"
    assert "unencrypted" in setting["reason"]


def test_tls_06_a_verified_back_end_is_reached(spoken: dict[str, Any], proxy: str, host: str, tmp_path: Path) -> None:
    assert get(host) == "spoken to with TLSv1.3 200"
    run = run_on(tmp_path / "again", "--check", "--tags", "PRX-01,TLS-06", **spoken)
    assert run.states(proxy)["TLS-06"] == "compliant", run.row("TLS-06", proxy)


@pytest.mark.parametrize(("kind", "said"), [("other name", "ostname mismatch"), ("unknown authority", "unable to get local issuer certificate")])
def test_tls_06_a_back_end_that_cannot_be_verified_is_not_spoken_to(
    spoken: dict[str, Any], serve: Callable[[str], None], proxy: str, host: str, tmp_path: Path, kind: str, said: str
) -> None:
    serve(kind)
    # A connection of the server before may still be open in the proxy.
    inside(proxy, "systemctl", "restart", "apache2")
    answer = get(host)
    assert "spoken to" not in answer
    assert answer.endswith((" 500", " 502", " 503"))
    run = run_on(tmp_path / "check", "--check", "--tags", "TLS-06", **spoken)
    assert run.states(proxy)["TLS-06"] == "drifted"
    assert said in json.dumps(run.row("TLS-06", proxy))
