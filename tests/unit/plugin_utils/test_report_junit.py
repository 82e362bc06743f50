# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JUnit format, as an independent reader understands it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_junit import as_junit
from browser.documents import document, row, setting, two_proxies
from jsonschema import Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree


PROXY = "proxy1.example.com"
KINDS = {Failure: "failure", Error: "error", Skipped: "skipped"}


def read(report: dict[str, Any]) -> dict[tuple[str, str], tuple[str, Any]]:
    """{(suite, beginning of the name): (outcome, test case)} as junitparser reads it."""
    suites = JUnitXml.fromstring(as_junit(report, load()).encode())
    found = {}
    for suite in suites:
        for case in suite:
            outcomes = [KINDS[type(result)] for result in case.result]
            assert len(outcomes) <= 1
            found[(suite.name, case.name.split()[0])] = (outcomes[0] if outcomes else "pass", case)
    return found


def test_the_reports_of_these_tests_are_what_the_schema_says() -> None:
    schema = json.loads((Path(__file__).resolve().parents[3] / "docs" / "schema" / "drift-report.schema.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(two_proxies())] == []


def test_each_state_has_its_outcome() -> None:
    found = read(two_proxies())
    assert {name: outcome for (_suite, name), (outcome, _case) in found.items()} == {
        "PRX-01": "pass",
        "PRX-02": "failure",
        "PRX-04": "failure",
        "PRX-05": "error",
        "PRX-06": "pass",
        "PRX-07": "skipped",
        "PRX-15": "skipped",
        "ORG-01": "pass",
        "PRX-03": "skipped",
        "F2B-01": "skipped",
    }
    assert {suite for suite, _name in found} == {"proxy1.example.com", "proxy2.example.com", "organisation"}


def test_counts_are_those_of_the_model() -> None:
    report = two_proxies()
    counts = report["counts"]
    suites = JUnitXml.fromstring(as_junit(report, load()).encode())
    declared = (suites.tests, suites.failures, suites.errors, suites.skipped)
    expected = (
        len(report["rows"]),
        counts["failed"] + counts["drifted"],
        counts["not_examined"],
        sum(counts[state] for state in ("accepted", "not_applicable", "off", "planned")),
    )
    assert declared == expected
    # What the file declares is also what its reader counts itself, for each suite and for all.
    for suite in suites:
        said = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()
        assert (suite.tests, suite.failures, suite.errors, suite.skipped) == said
    suites.update_statistics()
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == expected


def test_a_case_keeps_its_name_through_time() -> None:
    first, second = (
        document([row("PRX-02", PROXY, state, settings=[setting("x", state)])], run_id=run, started=started)
        for state, run, started in (("drifted", "a", "2026-11-26T10:00:00+00:00"), ("compliant", "b", "2026-11-27T10:00:00+00:00"))
    )
    names = [{(case.classname, case.name) for _outcome, case in read(report).values()} for report in (first, second)]
    assert names[0] == names[1] == {("proxy1.example.com.PRX", f"PRX-02 {load()['PRX-02'].title}")}


def test_a_failure_tells_what_differs_why_it_matters_and_what_repairs_it() -> None:
    _outcome, case = read(two_proxies())[("proxy1.example.com", "PRX-02")]
    failure = case.result[0]
    assert failure.type == "drifted"
    assert failure.message == "server.d/prx-02.conf, mode of /etc/x"
    assert "drifted: server.d/prx-02.conf\n   a\n  -b\n  +c\n" in failure.text
    assert "drifted: mode of /etc/x\n  -0644\n  +0600\n" in failure.text
    assert f"Why it matters: {load()['PRX-02'].why}\n" in failure.text
    assert f"What to do: {load()['PRX-02'].fix}\n" in failure.text
    assert "ansible-playbook hardening.atlassian.site --limit proxy1.example.com --tags PRX-02\n" in failure.text


def test_what_was_not_examined_is_an_error_with_its_reason() -> None:
    _outcome, case = read(two_proxies())[("proxy2.example.com", "PRX-05")]
    assert (case.result[0].type, case.result[0].message) == ("not_examined", "unreachable: no route")
    assert "Reason: unreachable: no route\n" in case.result[0].text


def test_skipped_says_why_and_who() -> None:
    found = read(two_proxies())
    assert found[("proxy1.example.com", "F2B-01")][1].result[0].message == "planned: not built yet"
    assert "Accepted by it-sec until 2027-06-30: no PKI yet" in found[("proxy1.example.com", "PRX-15")][1].system_out
    assert "Attested by jane until 2027-01-31: two people can do it" in found[("organisation", "ORG-01")][1].system_out


def test_a_change_passes_and_tells_what_was_changed() -> None:
    outcome, case = read(two_proxies())[("proxy1.example.com", "PRX-06")]
    assert outcome == "pass"
    assert "changed: package logrotate\n  -absent\n  +present\n" in case.system_out


def test_a_setting_without_values_says_so() -> None:
    _outcome, case = read(document([row("PRX-02", PROXY, "drifted", settings=[setting("x", "drifted")])]))[("proxy1.example.com", "PRX-02")]
    assert "drifted: x (the module gave no values)\n" in case.result[0].text


def test_rows_nobody_asked_for_are_skipped_and_never_pass() -> None:
    rows = [
        row("PRX-02", PROXY, "compliant", settings=[setting("x", "compliant")]),
        row("PRX-04", PROXY, "not_examined", reason="no task ran: asked for a part"),
    ]
    left = [{"control": "PRX-04", "target": "proxy1.example.com", "state": "drifted"}]
    found = read(document(rows, tags="PRX-02", left_out=left))
    assert {name: outcome for (_suite, name), (outcome, _case) in found.items()} == {"PRX-02": "pass", "PRX-04": "skipped"}
    suites = JUnitXml.fromstring(as_junit(document(rows, tags="PRX-02", left_out=left), load()).encode())
    properties = {entry.name: entry.value for suite in suites for entry in suite.properties()}
    assert properties == {
        "run_id": "5b0f6c1e", "mode": "read-only", "playbook": "drift.yml", "tags": "PRX-02", "not_asked_for": "1 row, last seen: 1 drifted",
    }  # fmt: skip
    ((_outcome, case),) = [entry for (_suite, name), entry in found.items() if name == "PRX-04"]
    assert case.result[0].message == "not examined: last seen drifted; no task ran: asked for a part"


def test_it_says_what_the_run_was_compared_with_or_why_with_nothing() -> None:
    entry = row("PRX-02", PROXY, "compliant", settings=[setting("x", "compliant")])
    pair = {"control": "PRX-02", "target": PROXY}
    previous = {"previous": {"run_id": "a", "started": "2026-11-25T06:30:02+00:00"}, "new": [], "resolved": [pair | {"was": "failed"}], "since": []}
    found = []
    for header in ({"not_compared": "the previous report is damaged"}, {"comparison": previous}):
        root = etree.fromstring(as_junit(document([entry], **header), load()).encode())
        found.append({node.get("name"): node.get("value") for node in root.iter("property")})
    assert found[0]["not_compared"] == "the previous report is damaged" and "compared_with" not in found[0]
    assert (found[1]["compared_with"], found[1]["new"], found[1]["resolved"]) == ("2026-11-25T06:30:02+00:00", "0", "1")


def test_a_risk_for_one_setting_says_so_and_what_it_accepts_is_told() -> None:
    risk = {"reason": "customers read it", "owner": "product", "expires": "2027-03-31", "expired": False, "setting": "Public*"}
    settings = [setting("Public tracker", "accepted", "anyone", "users", "accepted by product"), setting("Other", "compliant")]
    _outcome, case = read(document([row("JIRA-02", "jira", "accepted", settings=settings, risk=risk)]))[("jira", "JIRA-02")]
    assert "Accepted by product until 2027-03-31, for the setting Public* only: customers read it\n" in case.system_out
    assert "accepted: Public tracker (accepted by product)\n  -anyone\n  +users\n" in case.system_out and "Other" not in case.system_out


def test_a_misspelt_tag_is_no_clean_run() -> None:
    left = [{"control": "PRX-02", "target": "proxy1.example.com", "state": None}]
    found = read(document([row("PRX-02", PROXY, "not_examined", reason="no task ran")], tags="PRX-2", left_out=left))
    assert [outcome for outcome, _case in found.values()] == ["error", "error"]


def test_a_report_without_rows_is_an_error() -> None:
    suites = JUnitXml.fromstring(as_junit(document([]), load()).encode())
    assert (suites.tests, suites.errors) == (1, 1)


def test_refusals_and_failed_tasks_are_told() -> None:
    failure = {"target": "proxy1.example.com", "status": "failed", "task": "Look", "message": "it broke"}
    report = document([row("PRX-02", PROXY, "not_examined", reason="refused")], problems=["a group is misspelt"], failures=[failure])
    root = etree.fromstring(as_junit(report, load()).encode())
    cases = {str(case.get("name")): case for case in root.iter("testcase")}
    assert cases["inventory and tags are sound"].findtext("error") == "a group is misspelt\n"
    assert cases["every task ran"].findtext("error") == "proxy1.example.com: failed in 'Look': it broke\n"


def test_green_rows_do_not_hide_a_task_that_failed() -> None:
    failure = {"target": "controller", "status": "failed", "task": "Look from outside", "message": "it broke"}
    entry = row("PRX-02", PROXY, "compliant", settings=[setting("x", "compliant")])
    suites = JUnitXml.fromstring(as_junit(document([entry], failures=[failure]), load()).encode())
    assert (suites.tests, suites.errors) == (2, 1)
    suites = JUnitXml.fromstring(as_junit(document([entry]), load()).encode())
    assert (suites.tests, suites.errors) == (1, 0)


HOSTILE = "".join(chr(code) for code in range(0x20)) + "\x7f\x85\u2028\ud800\ufffe\uffff]]></failure><evil a='\"&amp;\U0001f600"


@pytest.mark.parametrize("state", ["drifted", "failed", "not_examined", "changed", "accepted", "planned"])
def test_no_text_breaks_the_file(state: str) -> None:
    entries = [setting(HOSTILE, name, f"{HOSTILE}\n", {HOSTILE: [HOSTILE]}, HOSTILE) for name in ("failed", "drifted", "not_examined", "changed")]
    risk = {"reason": HOSTILE, "owner": HOSTILE, "expires": HOSTILE, "expired": True, "setting": None}
    hostile = row("PRX-02", HOSTILE, state, title=HOSTILE, reason=HOSTILE, mode=HOSTILE, settings=entries, risk=risk)
    text = as_junit(document([hostile], run_id=HOSTILE, tags=HOSTILE, problems=[HOSTILE]), load())
    # lxml is strict: no character that XML 1.0 forbids gets past it.
    root = etree.fromstring(text.encode())
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out", "system-err",
    }  # fmt: skip
    assert not re.search("[\x00-\x08\x0b-\x1f]", "".join(root.itertext()))
    (case,) = [found for found in root.iter("testcase") if found.get("classname") != "the run itself"]
    assert "\\x00" in str(case.get("name")) and "\\ud800" in str(case.get("name"))


# The structure that the readers of this format have in common, in words of our own: child elements in this order, and attributes.
SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element ref="testsuite" minOccurs="1" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name" type="xs:string"/><xs:attributeGroup ref="numbers"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuite"><xs:complexType>
    <xs:sequence>
      <xs:element name="properties" minOccurs="0"><xs:complexType><xs:sequence>
        <xs:element name="property" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
          <xs:attribute name="name" type="filled" use="required"/><xs:attribute name="value" type="xs:string" use="required"/>
        </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
      <xs:element name="testcase" maxOccurs="unbounded"><xs:complexType>
        <xs:sequence>
          <xs:choice minOccurs="0">
            <xs:element name="skipped" type="outcome"/><xs:element name="error" type="outcome"/><xs:element name="failure" type="outcome"/>
          </xs:choice>
          <xs:element name="system-out" type="xs:string" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="classname" type="filled" use="required"/><xs:attribute name="name" type="filled" use="required"/>
        <xs:attribute name="time" type="xs:decimal" use="required"/>
      </xs:complexType></xs:element>
      <xs:element name="system-out" type="xs:string" minOccurs="0"/>
      <xs:element name="system-err" type="xs:string" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="name" type="filled" use="required"/><xs:attribute name="timestamp" type="moment"/><xs:attributeGroup ref="numbers"/>
  </xs:complexType></xs:element>
  <xs:complexType name="outcome"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="type" type="xs:string"/><xs:attribute name="message" type="filled" use="required"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:attributeGroup name="numbers">
    <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/><xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/><xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
    <xs:attribute name="time" type="xs:decimal" use="required"/>
  </xs:attributeGroup>
  <xs:simpleType name="filled"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="moment"><xs:restriction base="xs:dateTime"><xs:pattern value="[0-9-]{10}T[0-9:]{8}"/></xs:restriction></xs:simpleType>
</xs:schema>
"""


def test_the_structure_is_the_one_readers_expect() -> None:
    schema = etree.XMLSchema(etree.fromstring(SCHEMA))
    for report in (two_proxies(), document([]), document([row("PRX-01", PROXY, "compliant")], problems=["x"], started="unknown")):
        schema.assertValid(etree.fromstring(as_junit(report, load()).encode()))
