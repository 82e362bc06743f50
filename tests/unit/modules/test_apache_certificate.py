# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A certificate judged by OpenSSL itself, on certificates made for the test."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import apache_certificate

NAME = "jira.example.com"
# run_module gives these to every module; this one asks no product.
NO_CONNECTION: dict[str, Any] = {"url": None, "token": None, "connections": None}


def openssl(arguments: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def make(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root, an intermediate authority, and certificates good and bad."""
    top = tmp_path_factory.mktemp("pki")

    def key(name: str, *kind: str) -> None:
        make("genpkey", "-out", str(top / f"{name}.key"), *(kind or ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")))

    def certificate(name: str, signer: str, extensions: str, days: str = "30", digest: str = "-sha256") -> None:
        (top / f"{name}.ext").write_text(extensions)
        make("req", "-new", "-key", str(top / f"{name}.key"), "-subj", f"/CN={name}", "-out", str(top / f"{name}.csr"))
        sign = ["-signkey", str(top / f"{name}.key")] if signer == name else ["-CA", str(top / f"{signer}.pem"), "-CAkey", str(top / f"{signer}.key")]
        serial = [] if signer == name else ["-CAcreateserial"]
        make("x509", "-req", "-in", str(top / f"{name}.csr"), *sign, *serial, digest, "-days", days, "-extfile", str(top / f"{name}.ext"),
             "-out", str(top / f"{name}.pem"))  # fmt: skip

    for name in ("root", "middle", "leaf", "other", "old"):
        key(name)
    key("weak", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024")
    certificate("root", "root", "basicConstraints=critical,CA:TRUE\n")
    certificate("middle", "root", "basicConstraints=critical,CA:TRUE\n")
    server = f"subjectAltName=DNS:{NAME}\nextendedKeyUsage=serverAuth\n"
    certificate("leaf", "middle", server)
    certificate("other", "middle", "subjectAltName=DNS:wiki.example.com\nextendedKeyUsage=serverAuth\n")
    certificate("weak", "middle", server)
    for name in ("leaf", "other", "weak"):
        (top / f"{name}-chain.pem").write_text((top / f"{name}.pem").read_text() + (top / "middle.pem").read_text())
    return top


def judged(pki: Path, certificate: str, key: str, **given: Any) -> dict[str, tuple[str, str]]:
    params = {
        "name": NAME, "certificate": str(pki / certificate), "key": str(pki / key), "ca": str(pki / "root.pem"),
        "curves": ["P-256", "P-384"], "rsa_bits": 2048, "strict": False, **given,
    }  # fmt: skip
    return {row.setting.removeprefix(f"{NAME}: "): (row.state, row.reason) for row in apache_certificate.judge(openssl, params)}


def test_a_good_certificate(pki: Path) -> None:
    rows = judged(pki, "leaf-chain.pem", "leaf.key")
    assert rows == dict.fromkeys(("key belongs to certificate", "chain and dates", "name", "strength"), ("compliant", ""))


def test_a_chain_without_its_intermediate(pki: Path) -> None:
    state, reason = judged(pki, "leaf.pem", "leaf.key")["chain and dates"]
    assert state == "drifted" and "unable to get local issuer certificate" in reason


def test_a_chain_to_an_unknown_root(pki: Path) -> None:
    state, _reason = judged(pki, "leaf-chain.pem", "leaf.key", ca=apache_certificate.SYSTEM_ROOTS)["chain and dates"]
    assert state == "drifted"


def test_another_name(pki: Path) -> None:
    rows = judged(pki, "other-chain.pem", "other.key")
    assert rows["name"] == ("drifted", f"{NAME}: name: it does not cover {NAME}.")
    assert rows["chain and dates"][0] == "compliant"


def test_a_weak_key(pki: Path) -> None:
    state, reason = judged(pki, "weak-chain.pem", "weak.key")["strength"]
    assert state == "drifted" and "1024 bits instead of at least 2048" in reason


def test_a_profile_without_rsa(pki: Path) -> None:
    assert "rsaEncryption" in judged(pki, "weak-chain.pem", "weak.key", rsa_bits=0)["strength"][1]


def test_a_curve_that_is_not_wanted(pki: Path) -> None:
    assert "on P-256 instead of P-384" in judged(pki, "leaf-chain.pem", "leaf.key", curves=["P-384"])["strength"][1]


def test_what_would_keep_httpd_from_starting_is_fatal(pki: Path) -> None:
    with pytest.raises(apache_certificate.Fatal, match=r"other\.key does not belong to the certificate .*leaf-chain\.pem"):
        judged(pki, "leaf-chain.pem", "other.key")
    with pytest.raises(apache_certificate.Fatal, match=r"nowhere\.pem is missing"):
        judged(pki, "nowhere.pem", "leaf.key")
    with pytest.raises(apache_certificate.Fatal, match="is no certificate"):
        judged(pki, "leaf.key", "leaf.key")
    with pytest.raises(apache_certificate.Fatal, match="is no private key"):
        judged(pki, "leaf.pem", "leaf.pem")


@pytest.mark.parametrize("algorithm", ["sha1WithRSAEncryption", "ecdsa-with-SHA1", "md5WithRSAEncryption"])
def test_an_old_signature(algorithm: str) -> None:
    text = f"Signature Algorithm: {algorithm}\nPublic Key Algorithm: id-ecPublicKey\nPublic-Key: (256 bit)\nNIST CURVE: P-256\n"
    assert apache_certificate.strength_problem(text, ["P-256"], 2048) == f"it is signed with {algorithm}"


@pytest.mark.parametrize(
    ("certificate", "key", "ca", "said"),
    [
        ("leaf.pem", "leaf.key", "root.pem", "unable to get local issuer certificate"),
        ("other-chain.pem", "other.key", "root.pem", f"it does not cover {NAME}"),
        ("weak-chain.pem", "weak.key", "root.pem", "1024 bits"),
    ],
)
def test_strict_is_fatal_and_names_file_and_fault(pki: Path, certificate: str, key: str, ca: str, said: str) -> None:
    with pytest.raises(apache_certificate.Fatal, match=rf"{certificate} is no good certificate: .*{said}"):
        judged(pki, certificate, key, ca=str(pki / ca), strict=True)


def test_strict_is_content_with_a_good_certificate(pki: Path) -> None:
    assert {state for state, _reason in judged(pki, "leaf-chain.pem", "leaf.key", strict=True).values()} == {"compliant"}


def test_an_expired_certificate_is_fatal_where_strict(pki: Path) -> None:
    """OpenSSL is asked as of a day after the end."""
    later = str(int(time.time()) + 40 * 86400)

    def asked_later(arguments: list[str]) -> tuple[int, str, str]:
        return openssl([*arguments[:1], "-attime", later, *arguments[1:]] if arguments[0] == "verify" else arguments)

    params = {"name": NAME, "certificate": str(pki / "leaf-chain.pem"), "key": str(pki / "leaf.key"), "ca": str(pki / "root.pem")}
    with pytest.raises(apache_certificate.Fatal, match="certificate has expired"):
        apache_certificate.judge(asked_later, {**params, "curves": ["P-256"], "rsa_bits": 2048, "strict": True})


@pytest.mark.parametrize("check", [True, False])
def test_a_certificate_that_httpd_has_to_fetch_first_is_awaited(run_module: Callable[..., dict[str, Any]], tmp_path: Path, check: bool) -> None:
    paths = {"certificate": str(tmp_path / "none.pem"), "key": str(tmp_path / "none.key")}
    result = run_module(apache_certificate, [], check=check, name=NAME, awaited=True, **NO_CONNECTION, **paths)
    assert not result["failed"]
    assert [row["state"] for row in result["settings"]] == ["drifted"]


def test_a_missing_own_certificate_fails_and_names_the_variable(run_module: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    paths = {"certificate": str(tmp_path / "none.pem"), "key": str(tmp_path / "none.key")}
    named_by = f"apache_tls_certificates.{NAME}"
    result = run_module(apache_certificate, [], name=NAME, strict=True, named_by=named_by, **NO_CONNECTION, **paths)
    assert result["failed"]
    assert paths["certificate"] in result["msg"]
    assert named_by in result["msg"]
