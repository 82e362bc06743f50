# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What httpd shows against what it should show, with an httpd that is played by a dictionary."""

from __future__ import annotations

import datetime
import json
import ssl
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import apache_served_certificate as served
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Setting

NAME = "jira.example.com"
OLD, NEW = b"the old certificate", b"the new certificate"
UTC = datetime.timezone.utc


class Httpd:
    """Shows one certificate; after a reload another one."""

    def __init__(self, shows: bytes | None, then: bytes | None = None) -> None:
        self.shows, self.then, self.reloads = shows, then, 0

    def shown(self, name: str) -> bytes | None:
        return self.shows

    def reload(self) -> None:
        self.reloads += 1
        self.shows = self.then


@pytest.fixture
def entry(tmp_path: Path) -> dict[str, Any]:
    return {"name": NAME, "certificate": str(tmp_path / "cert.pem"), "job": str(tmp_path / "job.json")}


def put(entry: dict[str, Any], der: bytes) -> None:
    Path(entry["certificate"]).write_text("some words before it\n" + ssl.DER_cert_to_PEM_cert(der) + ssl.DER_cert_to_PEM_cert(b"an intermediate one"))


def look(entry: dict[str, Any], httpd: Httpd, check: bool = False, wait: int = 0) -> Setting:
    (row,) = served.activation([entry], httpd.shown, httpd.reload, wait, check)
    return row


def test_the_newest_is_shown(entry: dict[str, Any]) -> None:
    put(entry, NEW)
    httpd = Httpd(NEW)
    row = look(entry, httpd)
    assert (row.state, row.before, row.after, httpd.reloads) == ("compliant", served.digest(NEW), served.digest(NEW), 0)


def test_a_replaced_file_is_taken_up_by_one_reload(entry: dict[str, Any]) -> None:
    put(entry, NEW)
    httpd = Httpd(OLD, NEW)
    assert look(entry, httpd, check=True).state == "drifted"
    assert httpd.reloads == 0
    row = look(entry, httpd)
    assert (row.state, row.before, row.after, httpd.reloads) == ("changed", served.digest(OLD), served.digest(NEW), 1)


def test_a_renewal_of_mod_md_is_taken_up(entry: dict[str, Any]) -> None:
    put(entry, OLD)
    Path(entry["job"]).write_text(json.dumps({"finished": True}))
    httpd = Httpd(OLD, NEW)
    row = look(entry, httpd, check=True)
    assert (row.state, row.before, row.after) == ("drifted", served.digest(OLD), "the newer one")
    plain_reload = httpd.reload

    def reload() -> None:
        # mod_md moves the certificate and its record when httpd reads its configuration.
        plain_reload()
        put(entry, NEW)
        Path(entry["job"]).unlink()

    httpd.reload = reload  # type: ignore[method-assign]
    assert look(entry, httpd).state == "changed"


def test_a_reload_that_changes_nothing_is_no_success(entry: dict[str, Any]) -> None:
    put(entry, NEW)
    row = look(entry, Httpd(OLD, OLD))
    assert row.state == "failed"
    assert entry["certificate"] in row.reason


def test_no_first_certificate_yet(entry: dict[str, Any]) -> None:
    """The authority is out of reach: httpd goes on, the report says what mod_md said."""
    Path(entry["job"]).write_text(json.dumps({"finished": False, "last": {"detail": "Connection refused"}}))
    httpd = Httpd(OLD)
    row = look(entry, httpd)
    assert (row.state, row.differs, httpd.reloads) == ("drifted", False, 0)
    assert "stand-in" in row.reason
    assert "Connection refused" in row.reason


def test_a_first_certificate_is_waited_for(entry: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            put(entry, NEW)

    monkeypatch.setattr(served.time, "sleep", pause)
    Path(entry["job"]).write_text(json.dumps({"finished": False}))
    assert look(entry, Httpd(OLD, NEW), wait=60).state == "changed"
    assert len(pauses) == 3
    Path(entry["certificate"]).unlink()
    assert look(entry, Httpd(OLD), check=True, wait=60).state == "drifted"
    assert len(pauses) == 3, "a check waits for nothing"


def test_a_mod_md_that_has_not_begun_is_given_a_second_reload(entry: dict[str, Any]) -> None:
    httpd = Httpd(OLD, OLD)
    row = look(entry, httpd)
    assert (row.state, httpd.reloads) == ("drifted", 1)
    assert look(entry, httpd, check=True).state == "drifted"
    assert httpd.reloads == 1, "a check reloads nothing"


def test_an_httpd_that_does_not_answer_is_not_judged(entry: dict[str, Any]) -> None:
    put(entry, NEW)
    httpd = Httpd(None)
    row = look(entry, httpd, wait=60)
    assert (row.state, httpd.reloads) == ("not_examined", 0)
    assert NAME in row.reason


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----"])
def test_a_file_without_certificate_is_drift_and_no_reason_to_reload(entry: dict[str, Any], text: str) -> None:
    Path(entry["certificate"]).write_text(text)
    httpd = Httpd(OLD)
    row = look(entry, httpd)
    assert (row.state, row.differs, httpd.reloads) == ("drifted", False, 0)
    assert "holds no certificate" in row.reason


@pytest.mark.parametrize(
    ("left", "check", "state"),
    [(22, False, "compliant"), (21, False, "compliant"), (20, False, "drifted"), (20, True, "drifted"), (7, False, "drifted"), (6, False, "failed"),
     (6, True, "drifted"), (-1, False, "failed"), (-1, True, "drifted")],
)  # fmt: skip
def test_days_left(left: int, check: bool, state: str) -> None:
    now = datetime.datetime(2026, 11, 24, 12, tzinfo=UTC)
    end = now + datetime.timedelta(days=left, hours=1)
    row = served.expiry(NAME, end, now, 21, 7, check)
    assert row.state == state
    assert row.before == row.after == f"{end:%Y-%m-%d}"
    assert row.reason == ("" if state == "compliant" else f"It ended on {end:%Y-%m-%d}." if left < 0 else f"It ends on {end:%Y-%m-%d}, in {left} days.")


def test_equal_states_give_equal_rows() -> None:
    end = datetime.datetime(2027, 6, 1, tzinfo=UTC)
    rows = {served.expiry(NAME, end, datetime.datetime(2026, 11, day, tzinfo=UTC), 21, 7, True) for day in (1, 2)}
    assert len(rows) == 1
