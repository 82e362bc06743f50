# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PRX-15: client certificates before the real Tomcat, as curl shows them. The proxy is left without them."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lab_tests.door import CLIENT, Door, marker
from lab_tests.play import JUDGE, LAB, inside, play

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
ADMINISTRATION = "/plugins/servlet/upm"


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


class Authority:
    """One that signs what it is asked to, and takes back what it is told to."""

    def __init__(self, common: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name(common)
        self.certificate = self._sign(self.name, self.key, True)

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, authority: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number(), NOW - DAY, NOW + 30 * DAY)
        return builder.add_extension(x509.BasicConstraints(authority, None), critical=True).sign(self.key, hashes.SHA256())

    def client(self, common: str) -> tuple[str, x509.Certificate]:
        """PEM of certificate and key, as curl takes it."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._sign(name(common), key, False)
        plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return pem(certificate) + key.private_bytes(*plain).decode(), certificate

    def list_of(self, revoked: x509.Certificate) -> str:
        entry = x509.RevokedCertificateBuilder(revoked.serial_number, NOW - DAY).build()
        return pem(x509.CertificateRevocationListBuilder(self.name, NOW - DAY, NOW + 30 * DAY, [], [entry]).sign(self.key, hashes.SHA256()))


def pem(thing: x509.Certificate | x509.CertificateRevocationList) -> str:
    return thing.public_bytes(serialization.Encoding.PEM).decode()


def place(container: str, path: str, text: str) -> str:
    subprocess.run([str(LAB / "podman"), "exec", "-i", container, "sh", "-c", f"cat > {path}"], input=text, text=True, check=True)
    return path


@pytest.fixture(scope="module")
def files(door: Door) -> dict[str, str]:
    """Paths: ca and crl on the proxy; good, revoked and foreign with the client."""
    authority, other = Authority("Clients"), Authority("Others")
    good, _certificate = authority.client("lena")
    revoked, certificate = authority.client("gone")
    foreign, _certificate = other.client("lena")
    return {
        "ca": place(door.proxy, "/root/client-ca.pem", pem(authority.certificate)),
        "crl": place(door.proxy, "/root/client-crl.pem", authority.list_of(certificate)),
        "good": place(CLIENT, "/tmp/good.pem", good),
        "revoked": place(CLIENT, "/tmp/revoked.pem", revoked),
        "foreign": place(CLIENT, "/tmp/foreign.pem", foreign),
    }


def variables(files: dict[str, str], **more: Any) -> list[str]:
    (groups,) = (yaml.safe_load(JUDGE.read_text())["all"],)
    given = {
        "apache_proxy_client_certificates": "required", "apache_proxy_client_ca": files["ca"], "apache_proxy_client_crl": files["crl"],
        "apache_proxy_client_exempt_networks": groups["vars"]["atlassian_admin_networks"],
    }  # fmt: skip
    return ["--tags", "PRX-15", "-e", json.dumps({**given, **more})]


@pytest.fixture(scope="module", autouse=True)
def afterwards_none(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    yield
    door.play(tmp_path_factory.mktemp("none"), "--tags", "PRX-15")
    assert door.curl("/browse/X-1").status == 200


def test_prx_15_everything_needs_a_certificate(door: Door, files: dict[str, str], tmp_path: Path) -> None:
    door.play(tmp_path, *variables(files))
    assert door.curl("/browse/X-1").status == 403
    assert door.curl("/rest/api/2/myself").status == 403
    assert door.curl("//.well-known/acme-challenge/../../browse/X-1").status == 403
    assert marker(door.curl("/browse/X-1", "--cert", files["good"]))["marker"] == "/"
    for bad in ("revoked", "foreign"):
        assert door.curl("/browse/X-1", "--cert", files[bad]).status in (0, 403), bad
    # An administrative path wants the network as well.
    assert door.curl(ADMINISTRATION, "--cert", files["good"]).status == 403


def test_prx_15_administration_needs_network_and_certificate(door: Door, files: dict[str, str], tmp_path: Path) -> None:
    """The client is let into the admin networks, so that the certificate alone decides."""
    own = inside(CLIENT, "sh", "-c", f"ip -o route get {door.address} | sed 's/.* src \\([^ ]*\\).*/\\1/'").strip()
    world = yaml.safe_load(JUDGE.read_text())
    world["all"]["vars"]["atlassian_admin_networks"].append(f"{own}/32")
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(yaml.safe_dump(world))
    wanted = variables(files, apache_proxy_client_certificates_for="administration")
    run = play(tmp_path, "--limit", "atlassian_proxies", *wanted, "--tags", "PRX-02", inventory=inventory)
    assert run.code == 0, run.output[-3000:]
    try:
        assert door.curl("/browse/X-1").status == 200
        assert door.curl(ADMINISTRATION).status == 403
        assert door.curl("/;a/plugins;b/servlet//upm").status == 403
        assert marker(door.curl(ADMINISTRATION, "--cert", files["good"]))["marker"] == "/plugins/servlet/*"
        assert door.curl(ADMINISTRATION, "--cert", files["revoked"]).status in (0, 403)
    finally:
        door.play(tmp_path, "--tags", "PRX-02")


def test_prx_15_a_broken_authority_is_refused_before_anything_changes(door: Door, files: dict[str, str], tmp_path: Path) -> None:
    before = inside(door.proxy, "sh", "-c", "find /etc -type f -exec sha256sum {} + | sort; readlink /etc/apache2/hardening-atlassian/current")
    broken = place(door.proxy, "/root/broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for bad, words in (({"apache_proxy_client_ca": broken}, broken), ({"apache_proxy_client_ca": "/no/such.pem"}, "/no/such.pem"),
                       ({"apache_proxy_client_crl": files["ca"]}, "holds no revocation list"), ({"apache_proxy_client_ca": ""}, "absolute path"),
                       ({"apache_proxy_client_certificates": "perhaps"}, "off, optional, required")):  # fmt: skip
        run = play(tmp_path, "--limit", "atlassian_proxies", *variables(files, **bad), inventory=door.inventory)
        assert run.code == 2, bad
        assert f"{next(iter(bad))} is" in run.output
        assert words in run.output
    assert inside(door.proxy, "sh", "-c", "find /etc -type f -exec sha256sum {} + | sort; readlink /etc/apache2/hardening-atlassian/current") == before


def test_prx_15_the_automation_is_not_locked_out(door: Door, files: dict[str, str], tmp_path: Path) -> None:
    run = play(tmp_path, "--limit", "atlassian_proxies", *variables(files, apache_proxy_client_exempt_networks=[]), inventory=door.inventory)
    assert run.code == 0, run.output[-3000:]
    assert run.states(door.proxy)["PRX-15"] == "drifted"
    assert "lock itself out" in json.dumps(run.row("PRX-15", door.proxy))
