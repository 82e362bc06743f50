# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role apache_tls gives httpd, rendered with its own variables by Ansible's own templating."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).resolve().parents[3] / "roles" / "apache_tls"
SITE = {"name": "jira", "host": "jira.example.com", "backends": [{"url": "http://node.example.com:8080", "node": "node"}]}


def trusted(value: Any) -> Any:
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {name: trusted(item) for name, item in value.items()}
    return [trusted(item) for item in value] if isinstance(value, list) else value


def templar(**given: Any) -> Templar:
    variables: dict[str, Any] = {}
    for path in (ROLE / "defaults" / "main.yml", *sorted((ROLE / "vars" / "main").glob("*.yml"))):
        variables.update(trusted(yaml.safe_load(path.read_text())))
    return Templar(loader=DataLoader(), variables={**variables, "__atlassian_sites": [SITE], "inventory_hostname": "proxy", **given})


def render(template: str, **given: Any) -> list[str]:
    text = (ROLE / "templates" / template).read_text()
    return str(templar(**given).template(trust_as_template(text))).splitlines()


@pytest.mark.parametrize(
    ("hybrid", "groups"), [(True, "X25519MLKEM768:X25519:prime256v1:secp384r1"), (False, "X25519:prime256v1:secp384r1")]
)
def test_tls_01_groups(hybrid: bool, groups: str) -> None:
    lines = render("tls-01.conf.j2", __apache_tls_hybrid=hybrid)
    assert f"SSLOpenSSLConfCmd Curves {groups}" in lines
    assert "SSLProtocol -all +TLSv1.2 +TLSv1.3" in lines
    for directive in ("SSLHonorCipherOrder", "SSLSessionTickets", "SSLUseStapling", "SSLCompression"):
        assert f"{directive} off" in lines
    (suites,) = [line.split()[1].split(":") for line in lines if line.startswith("SSLCipherSuite E")]
    assert all(suite.startswith("ECDHE-") and ("GCM" in suite or "CHACHA20" in suite) for suite in suites)
    assert len(suites) == 6


def test_tls_01_modern_is_tls_13_alone() -> None:
    lines = render("tls-01.conf.j2", __apache_tls_hybrid=True, apache_tls_profile="modern")
    assert "SSLProtocol -all +TLSv1.3" in lines
    assert [line for line in lines if line.startswith("SSLCipherSuite")] == [
        "SSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    ]


def test_tls_01_http2_without_its_form_in_the_clear() -> None:
    assert render("tls-01-http.conf.j2")[-1] == "Protocols h2 http/1.1"
    acme = {"apache_tls_certificate_source": "acme", "apache_tls_acme_challenges": ["http-01", "tls-alpn-01"]}
    assert render("tls-01-http.conf.j2", **acme)[-1] == "Protocols h2 http/1.1 acme-tls/1"


def test_tls_02_acme() -> None:
    given = {"apache_tls_certificate_source": "acme", "apache_tls_acme_contact": "it@example.com", "apache_tls_http_port": 8080}
    lines = render("tls-02-acme.conf.j2", **given)
    for line in (
        'MDCertificateAuthority "https://acme-v02.api.letsencrypt.org/directory"', 'MDContactEmail "it@example.com"', "MDCAChallenges http-01",
        "MDPortMap http:8080 https:443", "MDRenewWindow 33%", "<MDomain jira.example.com>", "MDCertificateStatus off",
    ):  # fmt: skip
        assert line in lines
    assert not [line for line in lines if line.startswith("MDCACertificateFile")]


@pytest.mark.parametrize(
    ("given", "shown"),
    [({}, "/etc/ssl/hardening-atlassian/stand-in.pem"), ({"jira.example.com": {"certificate": "/x.pem", "key": "/x.key"}}, "/x.pem")],
)
def test_tls_02_what_is_shown_until_the_authority_has_answered(given: dict[str, Any], shown: str) -> None:
    acme = templar(apache_tls_certificate_source="acme", apache_tls_certificates=given)
    (entry,) = acme.template(trust_as_template("{{ __apache_tls_shown }}"))
    assert entry["certificate"] == shown
    (file,) = acme.template(trust_as_template("{{ __apache_tls_files }}"))
    assert file["certificate"] == "/var/lib/apache2/hardening-atlassian-md/domains/jira.example.com/pubcert.secp256r1.pem"


def backend(url: str, node: str = "node", look: dict[str, Any] | None = None, ca: str = "/ca.pem") -> dict[str, Any]:
    """The row of TLS-06 for one back end. look: what the task that asked it registered."""
    site = {**SITE, "backends": [{"url": url, "node": node}]}
    first = templar(__atlassian_sites=[site])
    (item,) = first.template(trust_as_template("{{ __apache_tls_backends }}"))
    looked = {"results": [{"item": item, **({"skipped": True} if look is None else look)}]}
    (row,) = templar(__atlassian_sites=[site], __apache_tls_looks=looked, apache_tls_backend_ca=ca).template(trust_as_template("{{ __apache_tls_06_rows }}"))
    return dict(row)


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.1:8080", "http://127.1.2.3", "http://[::1]:8080/jira"])
def test_tls_06_plain_http_on_this_host_is_no_matter(url: str) -> None:
    assert backend(url)["state"] == "not_applicable"


def test_tls_06_the_inventory_may_say_that_it_is_this_host() -> None:
    assert backend("http://192.0.2.7:8080", node="proxy")["state"] == "not_applicable"


@pytest.mark.parametrize("url", ["http://192.0.2.7:8080", "http://node.example.com", "http://localhost.example.com:8080", "http://[2001:db8::1]:8080"])
def test_tls_06_plain_http_to_another_host_is_reported_and_stays(url: str) -> None:
    row = backend(url)
    assert (row["state"], row["setting"], row["before"], row["after"]) == ("drifted", url, "HTTP", "HTTP")
    assert "unencrypted" in row["reason"]


@pytest.mark.parametrize(
    ("look", "state", "said"),
    [
        ({"rc": 0, "stderr": "CONNECTION ESTABLISHED"}, "compliant", ""),
        ({"rc": 1, "stderr": "depth=0\nverify error:num=62:hostname mismatch\n0"}, "drifted", "verify error:num=62:hostname mismatch"),
        ({"rc": 124, "stderr": ""}, "not_examined", "No TLS connection"),
        (None, "not_examined", "openssl is not on this host yet"),
    ],
)
def test_tls_06_a_verified_back_end(look: dict[str, Any] | None, state: str, said: str) -> None:
    row = backend("https://node.example.com:8443", look=look)
    assert row["state"] == state
    assert said in row["reason"]
    assert bool(row["reason"]) == (state != "compliant")


def test_tls_06_where_the_back_end_is_asked() -> None:
    for url, address in (("https://node.example.com", "node.example.com:443"), ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443")):
        site = {**SITE, "backends": [{"url": url, "node": None}]}
        (item,) = templar(__atlassian_sites=[site]).template(trust_as_template("{{ __apache_tls_backends }}"))
        assert (item["address"], item["host"]) == (address, "jira.example.com")
