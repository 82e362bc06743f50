# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking from outside: raw paths, honest states."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._apache_request import Answer, NoAnswer
from ansible_collections.hardening.atlassian.plugins.modules import apache_probe

OPTIONS = apache_probe.SPEC.options["requests"]["options"]


def request(**given: Any) -> dict[str, Any]:
    return {**{name: option.get("default") for name, option in OPTIONS.items()}, "name": "row", **given}


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """An HTTP server on the loopback that notes (method, raw path, Host) and answers 403 with two equal headers."""
    seen: list[tuple[str, str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_TRACE(self) -> None:
            # self.path would be tidied.
            seen.append((self.command, self.raw_requestline.decode().split()[1], self.headers["Host"]))
            self.send_response(403)
            self.send_header("X-Frame-Options", "SAMEORIGIN")
            self.send_header("X-Frame-Options", "SAMEORIGIN")
            self.end_headers()

        do_GET = do_TRACE

        def log_message(self, *_arguments: Any) -> None:
            """Quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://jira.example.com:{httpd.server_port}", seen
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/x/..;/admin", "//admin", "/%2e%2E/%61", "/./a;b=c/?q=;1", "/a%3bb"])
def test_paths_go_out_byte_for_byte(server: Any, path: str) -> None:
    url, seen = server
    answer = apache_probe.look(request(url=url, address="127.0.0.1", path=path, method="TRACE"))
    assert isinstance(answer, Answer) and answer.status == 403 and answer.source == "127.0.0.1"
    assert seen == [("TRACE", path, url.removeprefix("http://"))]


def test_a_doubled_header_is_noticed(server: Any) -> None:
    url, _seen = server
    wanted = request(url=url, address="127.0.0.1", expect_headers={"x-frame-options": "SAMEORIGIN"})
    row = apache_probe.judge(wanted, apache_probe.look(wanted), check_mode=False)
    assert (row.state, row.reason) == ("failed", "Seen from 127.0.0.1: x-frame-options is there 2 times instead of once.")


ANSWER = Answer(200, (("Server", "Apache"), ("X-ASEN", "SEN-1")), "192.0.2.7")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"status": [403, 404]}, "status 200 instead of 403 or 404"),
        ({"absent_headers": ["x-asen"]}, "x-asen is there"),
        ({"expect_headers": {"Server": "nginx"}}, "Server is Apache"),
        ({"expect_headers": {"Server": "Apa"}}, "Server is Apache"),
        ({"expect_headers": {"X-Missing": ".*"}}, "X-Missing is there 0 times instead of once"),
        ({"some_headers": {"Server": "nginx"}}, "no Server is as expected"),
        ({"each_header": {"X-ASEN": "SEN-2"}}, "X-ASEN of SEN-1 is not as expected"),
    ],
)
def test_a_mismatch_is_drift_before_and_failure_after(wanted: dict[str, Any], words: str) -> None:
    for check_mode, state in ((True, "drifted"), (False, "failed")):
        row = apache_probe.judge(request(url="https://a", **wanted), ANSWER, check_mode)
        assert (row.state, row.reason) == (state, f"Seen from 192.0.2.7: {words}.")
        assert not row.differs


def test_a_match_names_where_it_was_seen_from() -> None:
    row = apache_probe.judge(request(url="https://a", status=[200], expect_headers={"server": "Apache"}), ANSWER, False)
    assert (row.state, row.reason) == ("compliant", "Seen from 192.0.2.7.")


def test_no_answer_is_not_examined_unless_an_answer_is_the_point() -> None:
    silence = NoAnswer("no answer from 192.0.2.1 port 443: refused")
    assert apache_probe.judge(request(url="https://a"), silence, False).state == "not_examined"
    assert apache_probe.judge(request(url="https://a", must_answer=True), silence, False).state == "failed"
    assert apache_probe.judge(request(url="https://a", must_answer=True), silence, True).state == "drifted"


@pytest.mark.parametrize(
    ("wanted", "counts"),
    [({}, False), ({"status": [200]}, True), ({"expect_headers": {"Server": "x"}}, True), ({"absent_headers": ["x"]}, True), ({"must_answer": True}, True)],
)
def test_a_question_that_expects_nothing_is_no_finding(wanted: dict[str, Any], counts: bool) -> None:
    assert apache_probe.judged(request(url="https://a", **wanted)) is counts


def test_nobody_listens() -> None:
    answer = apache_probe.look(request(url="http://a:1", address="127.0.0.1"))
    assert isinstance(answer, NoAnswer) and "127.0.0.1 port 1" in str(answer)


@pytest.mark.parametrize(("wanted", "tries"), [({}, 2), ({"must_answer": True}, 1), ({"status": [403]}, 1)])
def test_silence_that_nobody_judges_is_asked_again(wanted: dict[str, Any], tries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to the second question is an answer; a silence that is reported is not made longer."""
    answers: list[Answer | NoAnswer] = [NoAnswer("silence"), Answer(200, (), "192.0.2.1")]
    sent = []

    def send(*_arguments: Any) -> Answer:
        sent.append(1)
        answer = answers.pop(0)
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    monkeypatch.setattr(apache_probe, "send", send)
    assert isinstance(apache_probe.look(request(url="https://jira.example.com", **wanted)), Answer if tries == 2 else NoAnswer)
    assert len(sent) == tries


def test_targets() -> None:
    target = apache_probe.target_of(request(url="https://jira.example.com:8443/x", address="192.0.2.1"))
    assert (target.address, target.port, target.name, target.tls, target.host_header) == (
        "192.0.2.1", 8443, "jira.example.com", True, "jira.example.com:8443",
    )  # fmt: skip
    assert apache_probe.target_of(request(url="http://jira.example.com")).host_header == "jira.example.com"


COOKIES = Answer(200, (("Set-Cookie", "a=secret; Secure"), ("Set-Cookie", "b=secret"), ("CSP", "one"), ("CSP", "two")), "192.0.2.7")


def test_one_of_several_headers_is_enough_where_that_is_asked() -> None:
    assert apache_probe.judge(request(some_headers={"csp": "two"}), COOKIES, check_mode=True).state == "compliant"
    assert apache_probe.judge(request(some_headers={"csp": "tw"}), COOKIES, check_mode=True).state == "drifted"


def test_each_of_several_headers_must_match_and_no_value_is_told() -> None:
    row = apache_probe.judge(request(each_header={"set-cookie": ".*; Secure"}), COOKIES, check_mode=True)
    assert (row.state, row.reason) == ("drifted", "Seen from 192.0.2.7: set-cookie of b is not as expected.")


def test_where_no_header_is_there_none_was_examined() -> None:
    row = apache_probe.judge(request(each_header={"Set-Cookie": ".*"}), ANSWER, check_mode=False)
    assert (row.state, row.reason) == ("not_examined", "Not to be judged, the answer has no Set-Cookie.")
