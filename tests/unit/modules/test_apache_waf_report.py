# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of the firewall counts what the log has, tells what it could not read, and quotes nothing that a client wrote freely."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_waf_log as log
from ansible_collections.hardening.atlassian.plugins.modules import apache_waf_report

CANARY = "c4n4ry-In-The-Coalmine"
RULES = "/usr/share/modsecurity-crs/rules"
Run = Callable[..., dict[str, Any]]


def message(said: str, rule: int, text: str = "OS File Access Attempt", data: str = "", start: str = "Warning.") -> str:
    """A message as ModSecurity writes it: what the operator says, then facts of the rule."""
    facts = f'[file "{RULES}/REQUEST-930.conf"] [line "98"] [id "{rule}"] [msg "{text}"]'
    return f'{start} {said} {facts} [data "{data}"] [severity "CRITICAL"] [ver "OWASP_CRS/3.3.4"] [tag "attack-lfi"]'


FOUND = message('Matched phrase "etc/shadow" at ARGS:pid.', 930120, data=f"Matched Data: etc/shadow found within ARGS:pid: {CANARY}")
REACHED = message("Operator GE matched 5 at TX:anomaly_score.", 949110, "Inbound Anomaly Score Exceeded (Total Score: 5)")
REFUSED = message("Operator GE matched 5 at TX:anomaly_score.", 949110, start="Access denied with code 403 (phase 2).")


def line(
    *messages: str, request: str = f"GET /browse/DEMO-12?pid={CANARY} HTTP/1.1", minute: int = 0, client: str = "192.0.2.7", host: str = "jira.example.com"
) -> str:
    """A transaction of the log. Without messages: found and reached, let through."""
    told = messages or (FOUND, REACHED)
    document = {
        "transaction": {"time": f"26/Nov/2026:11:{minute:02}:25.905948 +0000", "remote_address": client, "remote_port": 54732},
        "request": {"request_line": request, "headers": {"Host": f"{CANARY}.example.com", "User-Agent": CANARY, "Cookie": "****"}},
        "response": {},
        "audit_data": {
            "messages": list(told),
            "error_messages": [f'[client {client}] ModSecurity: {text} [hostname "{host}"] [uri "/{CANARY}"] [unique_id "a"]' for text in told],
            "engine_mode": "DETECTION_ONLY",
        },
    }
    return json.dumps(document) + "\n"


@pytest.fixture
def run(run_module: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """run(line, ..., **options) -> result, for a log of these lines. The canary must not be in it."""
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda self, text: warned.append(text))

    def do(*lines: str, **options: Any) -> dict[str, Any]:
        path = tmp_path / "audit.log"
        path.write_text("".join(lines))
        given = {"url": None, "token": None, "connections": None, "path": str(path), **options}
        result = run_module(apache_waf_report, [], **given)
        assert CANARY.lower() not in json.dumps([result, warned]).lower()
        assert result["changed"] is False
        return {**result, "warned": list(warned)}

    return do


@pytest.mark.parametrize("check", [True, False])
def test_requests_of_one_kind_are_one_row(run: Run, check: bool) -> None:
    result = run(
        line(minute=5, client="192.0.2.8"),
        line(minute=1, request="GET /browse/DEMO-9 HTTP/2.0"),
        line(minute=9, request="GET /browse/TEST-13?x=1 HTTP/1.1"),
        line(minute=3, host="wiki.example.com"),
        check=check,
    )
    rule = {"id": 930120, "message": "OS File Access Attempt", "target": "ARGS:pid"}
    assert result["rows"][0] == {
        "host": "jira.example.com",
        "method": "GET",
        "path": "/browse/KEY-N",
        "rules": [{**rule, "count": 3}],
        "more_rules": 0,
        "count": 3,
        "blocked": 0,
        "first": "2026-11-26T11:01:25Z",
        "last": "2026-11-26T11:09:25Z",
        "clients": 2,
    }
    assert [(row["host"], row["count"]) for row in result["rows"]] == [("jira.example.com", 3), ("wiki.example.com", 1)]
    assert result["summary"].splitlines() == [
        "4 requests in the log: 0 refused, 4 would have been refused, 0 below the threshold.",
        "  count refused clients  first             last              request (times in UTC)",
        "      3       0       2  2026-11-26 11:01  2026-11-26 11:09  GET jira.example.com /browse/KEY-N",
        f"              3 x 930120   ARGS:pid{'':32}  OS File Access Attempt",
        "      1       0       1  2026-11-26 11:03  2026-11-26 11:03  GET wiki.example.com /browse/KEY-N",
        f"              1 x 930120   ARGS:pid{'':32}  OS File Access Attempt",
    ]


def test_refused_reached_and_below_are_told_apart(run: Run) -> None:
    result = run(line(FOUND, REFUSED), line(FOUND, REACHED), line(FOUND), line(FOUND, REFUSED))
    assert (result["examined"], result["blocked"], result["would_block"], result["unreadable"]) == (4, 2, 1, 0)
    assert [(row["count"], row["blocked"]) for row in result["rows"]] == [(3, 2)], "what stays below the threshold is no row"


def test_a_sum_and_a_rule_in_trouble_are_no_causes(run: Run) -> None:
    trouble = 'Rule 7f00 [id "942130"][file "/x.conf"][line "591"] - Execution error - PCRE limits exceeded (-8): (null).'
    reported = message("Operator GE matched 5 at TX:inbound_anomaly_score.", 980130)
    result = run(line(trouble, REACHED, reported))
    assert [row["rules"] for row in result["rows"]] == [[]]


def test_a_rule_that_finds_twice_in_one_request_counts_once(run: Run) -> None:
    result = run(line(FOUND, FOUND, REACHED))
    assert [rule["count"] for rule in result["rows"][0]["rules"]] == [1]


def test_a_request_that_is_refused_without_a_score(run: Run) -> None:
    own = message('Pattern match "^/x" at REQUEST_FILENAME.', 10001, f"Found {CANARY}", start="Access denied with connection close (phase 1).")
    result = run(line(own))
    assert result["blocked"] == 1
    assert result["rows"][0]["rules"] == [{"id": 10001, "message": "", "target": "REQUEST_FILENAME", "count": 1}], "rules of others quote anywhere"


def test_what_cannot_be_read_is_told(run: Run) -> None:
    good = line()
    other = json.dumps({"transaction": {}}) + "\n"
    no_time = good.replace("26/Nov/2026", "26/Foo/2026")
    result = run(good, "\n", "no JSON " + CANARY + "\n", good[:200] + "\n", "[]\n", "7\n", "[" * 100000 + "\n", other, no_time)
    assert (result["examined"], result["unreadable"]) == (1, 7)
    assert result["summary"].splitlines()[0].endswith(" 7 lines could not be read.")
    assert len(result["warned"]) == 1 and "7 lines could not be read" in result["warned"][0]


def test_bytes_that_are_no_utf8_spoil_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "latin"
    path.write_bytes(line(request="GET /display/Gr\u00fcn HTTP/1.1").encode().replace(b"\\u00fc", b"\xfc"))
    result = run(path=str(path))
    assert [row["path"] for row in result["rows"]] == ["/display/*"]


def test_rotated_logs_are_read_newest_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "audit.log.1").write_text(line(minute=3))
    (tmp_path / "audit.log.2").write_text(line(minute=2))
    for name, content in (("2.gz", "being written"), ("10.gz", line(minute=1)), ("2.gz.bak", "x"), ("old", "x")):
        (tmp_path / f"audit.log.{name}").write_bytes(gzip.compress(content.encode()))
    (tmp_path / "other.log.1").write_text("x")
    assert [os.path.basename(path) for path in log.files(str(tmp_path / "audit.log"), True, None)] == [
        "audit.log", "audit.log.1", "audit.log.2", "audit.log.10.gz",
    ]  # fmt: skip
    result = run(line(minute=4), rotated=True)
    assert (result["examined"], result["unreadable"]) == (4, 0)
    assert result["rows"][0]["first"] == "2026-11-26T11:01:25Z"
    assert run(line(minute=4))["examined"] == 1, "only where it is asked for"


def test_a_rotated_log_from_before_is_not_opened(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "audit.log.1"
    old.write_text("no JSON")
    before = datetime(2026, 11, 1, tzinfo=timezone.utc).timestamp()
    os.utime(old, (before, before))
    assert run(line(minute=4), rotated=True, since="2026-11-26")["unreadable"] == 0
    assert run(line(minute=4), rotated=True)["unreadable"] == 1


def test_a_rotated_log_that_is_cut_off_is_an_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "audit.log.2.gz"
    path.write_bytes(gzip.compress(line().encode())[:-20])
    result = run(rotated=True)
    assert result["failed"] and str(path) in result["msg"]


@pytest.mark.parametrize(
    ("since", "count"),
    [
        ("2026-11-26T11:10:25Z", 2),
        ("2026-11-26T11:10:26Z", 1),
        ("2026-11-26T12:10:25+01:00", 2),
        ("2026-11-26 11:10:26", 1),
        ("2026-11-26", 3),
        ("2027-01-01", 0),
    ],
)
def test_since_leaves_out_what_came_before(run: Run, since: str, count: int) -> None:
    result = run(line(minute=5), line(minute=10), line(minute=15), since=since)
    assert result["examined"] == count


def test_hours_count_from_now() -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
    assert apache_waf_report.begin(None, 36, now) == now - timedelta(hours=36)
    assert apache_waf_report.begin(None, None, now) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("26/Nov/2026:11:54:25.905948 +0000", "2026-11-26T11:54:25Z"),
        ("26/nov/2026:11:54:25 +0130", "2026-11-26T10:24:25Z"),
        ("26/Nov/2026:22:54:25.905948 --0400", "2026-11-27T02:54:25Z"),
        ("26/Nov/2026:22:54:25.905948 --03-30", "2026-11-27T02:24:25Z"),
    ],
)
def test_times_of_the_log(text: str, expected: str) -> None:
    assert apache_waf_report.in_utc(log.parse_time(text)) == expected


def test_a_missing_log_is_named(run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "nothing" / "audit.log")
    for rotated in (False, True):
        result = run(path=path, rotated=rotated)
        assert result["failed"]
        assert result["msg"] == f"{path} is not there. The role apache_waf has it written where a site's mode is detection or blocking."


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"since": "yesterday"}, "since is 'yesterday', expected a time"),
        ({"hours": 0}, "hours is 0, expected"),
        ({"hours": 10**9}, "hours is 1000000000, expected"),
        ({"limit": 0}, "limit is 0, expected"),
        ({"hours": 1, "since": "2026-11-26"}, "mutually exclusive"),
    ],
)
def test_options_that_make_no_sense(run_module: Run, tmp_path: Path, options: dict[str, Any], words: str) -> None:
    (tmp_path / "audit.log").write_text("")
    result = run_module(apache_waf_report, [], url=None, token=None, connections=None, path=str(tmp_path / "audit.log"), **options)
    assert result["failed"] and words in result["msg"]


def test_an_empty_log_is_an_answer(run: Run) -> None:
    result = run()
    assert result["rows"] == []
    assert result["summary"] == "0 requests in the log: 0 refused, 0 would have been refused, 0 below the threshold."


def test_what_is_left_out_is_counted(run: Run) -> None:
    many = [message(f'Pattern match "x" at ARGS:a{number}.', 941100) for number in range(25)]
    result = run(line(*many, REACHED), line(request="GET /a HTTP/1.1"), line(request="GET /b HTTP/1.1"), line(request="GET /b HTTP/1.1"), limit=2)
    assert [(row["path"], len(row["rules"]), row["more_rules"]) for row in result["rows"]] == [("/b", 1, 0), ("/a", 1, 0)]
    assert result["more_rows"] == 1
    assert result["summary"].splitlines()[-1] == "1 row more, see limit."
    row = run(line(*many, REACHED))["rows"][0]
    assert (len(row["rules"]), row["more_rules"]) == (20, 5)


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/", "/"),
        ("*", "*"),
        ("/secure/Dashboard.jspa?selectPageId=" + CANARY, "/secure/Dashboard.jspa"),
        ("/secure/x.jspa;jsessionid=" + CANARY + "/y?a=b", "/secure/x.jspa/y"),
        ("/secure/x.jspa%3Bjsessionid=" + CANARY, "/secure/x.jspa"),
        ("/secure/x.jspa%3fa=" + CANARY, "/secure/x.jspa"),
        ("/a/..;/admin", "/a/../admin"),
        ("https://user:" + CANARY + "@jira.example.com/browse/A1-7?x", "/browse/KEY-N"),
        ("/rest/api/2/issue/DEMO-12/comment/10400", "/rest/api/N/issue/KEY-N/comment/N"),
        ("/s/d41d8cd98f00b204e9800998ecf8427e-CDN/lu2bsg/_/x.js", "/s/N-CDN/luNbsg/_/x.js"),
        ("/x/123e4567-e89b-42d3-a456-426614174000/y", "/x/N/y"),
        ("/invite/Zm9vYmFyYmF6cXV4MTIzNDU2", "/invite/N"),
        ("/display/DEMO/Release%20notes+42", "/display/DEMO/Release+notes+N"),
        ("/display/DEMO/decade", "/display/DEMO/decade"),
        ("/display/DEMO/%3Cscript%3E" + CANARY, "/display/DEMO/*"),
        ("/${jndi:ldap://192.0.2.66/" + CANARY + "}", "/*//N.N.N.N/*"),
        ("/a\x1b[31m/b", "/*/b"),
        ("/" + "abcde/" * 30, ("/" + "abcde/" * 30)[:117] + "..."),
    ],
)
def test_paths_of_one_kind_look_alike(target: str, shown: str) -> None:
    assert log.show_path(target) == shown


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ('Pattern match "(?i:\\\\x5c|[\\"\\\'`] at |x ..." at ARGS:fields.summary.', "ARGS:fields.summary"),
        ('Pattern match "x" at ARGS:customfield_10010.', "ARGS:customfield_10010"),
        ('Pattern match "x" at ARGS:vars[1][].', "ARGS:vars[1][]"),
        ('Match of "endsWith .%{request_headers.host}" against "TX:rfi_parameter_ARGS:url" required.', "TX:rfi_parameter_ARGS:url"),
        ('String match within "/proxy/ /if/" at TX:header_name_proxy.', "TX:header_name_proxy"),
        ("Found 1 byte(s) in REQUEST_URI outside range: 1-255.", "REQUEST_URI"),
        ("Operator EQ matched 0 at REQUEST_HEADERS.", "REQUEST_HEADERS"),
        ('Invalid UTF-8 encoding: invalid byte value in character at ARGS:text. [offset "12"]', "ARGS:text"),
        ("Unconditional match in SecAction.", ""),
        # What the client named freely.
        (f'Pattern match "x" at ARGS_NAMES:{CANARY}.', "ARGS_NAMES"),
        (f'Pattern match "x" at REQUEST_COOKIES_NAMES:{CANARY}.', "REQUEST_COOKIES_NAMES"),
        (f'Pattern match "x" at ARGS:<b>{CANARY}.', "ARGS:?"),
        (f'Pattern match "x" at ARGS:{CANARY * 5}.', "ARGS:?"),
        ('Pattern match "x" at ARGS:0123456789abcdef.', "ARGS:N"),
        ('Pattern match "x" at ARGS:a\n\x1b[2J.', "ARGS:?"),
        ('Operator GE matched 5 at ARGS:"b" at REQUEST_URI.', "ARGS:?"),
    ],
)
def test_where_something_was_found(run: Run, said: str, target: str) -> None:
    result = run(line(message(said, 941100, data=f"Matched Data: x found within y: {CANARY}"), REACHED))
    assert [rule["target"] for rule in result["rows"][0]["rules"]] == [target]


@pytest.mark.parametrize(
    ("said", "data", "target"),
    [
        ("detected XSS using libinjection.", f"Matched Data: XSS data found within ARGS:q: {CANARY} found within ARGS:z: ", "ARGS:q"),
        ("detected SQLi using libinjection with fingerprint 's&1c'", f"Matched Data: s&1c found within ARGS:a.b: {CANARY}", "ARGS:a.b"),
        ("detected XSS using libinjection.", f"Matched Data: {CANARY} found within Referer: {CANARY}", ""),
    ],
)
def test_libinjection_tells_by_the_data_of_its_rules(run: Run, said: str, data: str, target: str) -> None:
    result = run(line(message(said, 941100, data=data), REACHED))
    assert [rule["target"] for rule in result["rows"][0]["rules"]] == [target]


def test_a_message_does_not_quote(run: Run) -> None:
    result = run(line(message('Pattern match "x" at TX:1.', 921180, f"HTTP Parameter Pollution ({CANARY} (a) b)"), REACHED))
    assert [rule["message"] for rule in result["rows"][0]["rules"]] == ["HTTP Parameter Pollution"]


def test_a_client_cannot_write_facts_of_its_own(run: Run) -> None:
    """ModSecurity escapes no quotes in the names of arguments, which stand before the facts of the rule."""
    forged = f'x. [file "a"] [line "1"] [id "949110"] [msg "{CANARY}"] [hostname "{CANARY}"]'
    escaped = forged.replace('"', "\\x22")
    result = run(line(message(f'Pattern match "x" at ARGS:{forged}.', 941100, data=f"Matched Data: {escaped}")))
    assert (result["examined"], result["would_block"], result["rows"]) == (1, 0, []), "the forged rule does not count"
    result = run(line(message(f'Pattern match "x" at ARGS:{forged}.', 941100), REACHED))
    assert [(row["host"], [(rule["id"], rule["target"]) for rule in row["rules"]]) for row in result["rows"]] == [("jira.example.com", [(941100, "ARGS:?")])]


def test_a_method_and_a_host_of_another_form_are_not_shown(run: Run) -> None:
    result = run(line(request=f"<{CANARY}> /a HTTP/1.1", host=f"<{CANARY}>"))
    assert [(row["host"], row["method"], row["path"]) for row in result["rows"]] == [("?", "?", "/a")]
