# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire: real sockets and real TLS on loopback, with certificates made here."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import PooledTransport, Request, Response, Tls
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


@dataclass
class Authority:
    """A private CA; `issue` writes certificate and key into one file."""

    folder: Path

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])
        certificate = self._build(self._name, self._key.public_key(), NOW - DAY, NOW + DAY, x509.BasicConstraints(True, None))
        self.path = self.folder / "ca.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _build(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, start: datetime.datetime, end: datetime.datetime, *extensions: x509.ExtensionType
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(self._key, hashes.SHA256())

    def issue(self, name: str = "127.0.0.1", start: datetime.datetime = NOW - DAY, end: datetime.datetime = NOW + DAY) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        general = x509.DNSName(name) if name.isalpha() else x509.IPAddress(ipaddress.ip_address(name))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._build(subject, key.public_key(), start, end, x509.SubjectAlternativeName([general]))
        path = self.folder / f"{certificate.serial_number}.pem"
        encoding = serialization.Encoding.PEM
        secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(certificate.public_bytes(encoding) + secret)
        return path


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True
            return
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: object) -> None:
        """Silence on the screen."""


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """serve(certificate, client_ca) -> base URL of a server that speaks TLS if it has a certificate."""
    servers = []

    def start(certificate: Path | None = None, client_ca: Path | None = None) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if client_ca is not None:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(client_ca)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def get(url: str, tls: Tls = Tls(), timeout: float = 5) -> Response:
    return PooledTransport(tls, timeout, 2).send(Request("GET", url, {}))


def test_an_answer(serve: Callable[..., str]) -> None:
    response = get(f"{serve()}/x")
    assert (response.status, response.body, response.header("CONTENT-length")) == (200, b"{}", "2")


def test_a_redirect_is_an_answer_like_any_other(serve: Callable[..., str]) -> None:
    assert get(f"{serve()}/away").status == 302


def test_a_trusted_certificate(serve: Callable[..., str], authority: Authority) -> None:
    assert get(serve(authority.issue()), Tls(ca_path=str(authority.path))).status == 200


def test_a_client_certificate(serve: Callable[..., str], authority: Authority) -> None:
    url, own = serve(authority.issue(), authority.path), str(authority.issue("client"))
    assert get(url, Tls(ca_path=str(authority.path), client_cert=own)).status == 200
    with pytest.raises(AtlassianError):
        get(url, Tls(ca_path=str(authority.path)))


@pytest.mark.parametrize(
    ("issued", "words"),
    [
        ({"end": NOW - datetime.timedelta(hours=1)}, "has expired. Renew it"),
        ({"start": NOW + datetime.timedelta(hours=1)}, "not valid yet"),
        ({"name": "elsewhere"}, "for another name"),
        ({"name": "127.0.0.2"}, "for another name"),
    ],
)
def test_a_certificate_that_does_not_fit(serve: Callable[..., str], authority: Authority, issued: dict[str, Any], words: str) -> None:
    with pytest.raises(AtlassianError, match=words) as caught:
        get(serve(authority.issue(**issued)), Tls(ca_path=str(authority.path)))
    assert not caught.value.transient


def test_an_unknown_authority(serve: Callable[..., str], authority: Authority) -> None:
    with pytest.raises(AtlassianError, match="not trusted .* Name its CA in ca_path"):
        get(serve(authority.issue()))


@pytest.mark.filterwarnings("error")
def test_validation_can_be_switched_off(serve: Callable[..., str], authority: Authority) -> None:
    assert get(serve(authority.issue("elsewhere", end=NOW - datetime.timedelta(hours=1))), Tls(validate_certs=False)).status == 200


def test_a_ca_file_that_is_none(serve: Callable[..., str], authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(AtlassianError, match="certificate file|no TLS connection"):
        get(serve(authority.issue()), Tls(ca_path=str(tmp_path / "no.pem")))


def test_plain_http_where_tls_is_expected(serve: Callable[..., str]) -> None:
    with pytest.raises(AtlassianError, match="speaks https"):
        get(serve().replace("http://", "https://"))


def test_an_answer_cut_short_may_be_asked_again(serve: Callable[..., str]) -> None:
    with pytest.raises(AtlassianError, match="broke before the answer was complete") as caught:
        get(f"{serve()}/short")
    assert caught.value.transient


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        with pytest.raises(AtlassianError, match="nothing accepts connections there .Connection refused") as caught:
            get(f"http://127.0.0.1:{taken.getsockname()[1]}/x?secret=1")
    assert caught.value.transient and "secret" not in str(caught.value)


def test_nobody_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        with pytest.raises(AtlassianError, match="no answer within 0.2 seconds") as caught:
            get(f"http://127.0.0.1:{mute.getsockname()[1]}/x", timeout=0.2)
    assert caught.value.transient


def test_a_name_nobody_knows() -> None:
    with pytest.raises(AtlassianError, match="host name cannot be resolved") as caught:
        get("http://jira.invalid/x")
    assert not caught.value.transient
