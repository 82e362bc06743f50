# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report as text: nothing of a stranger's runs or hides, and nothing looks better than it is. tests/browser looks at it in Chromium."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _report_html_values as values
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._families import FAMILIES, family_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._repair import repair_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html import as_html
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_html_run import ORDER, verdict
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import STATES
from browser import documents
from browser.documents import Document, document, row, setting
from lxml import html
from lxml.html import HtmlElement

ROOT = Path(__file__).resolve().parents[3]
CONTROL = load()["PRX-01"]
MAKERS = (
    documents.ordinary, documents.clean, documents.change_log, documents.partial, documents.refused, documents.empty, documents.every_state,
    documents.two_proxies, documents.large,
)  # fmt: skip


def rendered(given: Document) -> str:
    return as_html(given, load())


def parsed(given: Document) -> HtmlElement:
    return html.document_fromstring(rendered(given).encode(), parser=html.HTMLParser(encoding="utf-8"))


def text_of(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())


def part(page: HtmlElement, name: str) -> HtmlElement:
    """A section by the id of its heading."""
    (found,) = page.xpath(f"//section[@aria-labelledby='{name}']")
    return found


def rows_in(page: HtmlElement) -> list[HtmlElement]:
    found: list[HtmlElement] = page.xpath("//div[@id='rows']/details")
    return found


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_these_reports_are_of_the_published_form(make: Callable[[], Document]) -> None:
    jsonschema.validate(make(), json.loads((ROOT / "docs" / "schema" / "drift-report.schema.json").read_bytes()))


# Escaping

HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "</style></title></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</script><!--",
    "&lt;b&gt;&amp;",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_stranger_chose_is_text_wherever_it_stands(text: str) -> None:
    # A harmless one of the same length, for which a command is offered as well, or is not.
    offered = repair_of(row(CONTROL, text, "drifted", settings=[setting("s", "drifted", 1, 2)])).command
    harmless = ("z" if offered else "~") + "z" * (len(text) - 1)
    plain, page = parsed(documents.hostile(harmless)), parsed(documents.hostile(text))
    # The same elements with the same attributes: the text made none of its own.
    assert [(node.tag, sorted(node.attrib)) for node in page.iter()] == [(node.tag, sorted(node.attrib)) for node in plain.iter()]
    # And it is there to be read, as often as a harmless one.
    found, wanted = page.text_content().count(text), plain.text_content().count(harmless)
    assert found > 500
    # A quote in a list or mapping is shown as JSON writes it.
    assert found == wanted or '"' in text
    # Only a name that assistive technology reads out holds it; it is no address, no id and no class.
    held = {name for node in page.iter() for name, value in node.attrib.items() if text in value}
    assert held <= {"aria-label"}


def test_characters_that_hide_or_turn_are_shown_as_escapes() -> None:
    text = rendered(documents.hostile("a\u202eb\u200bc\x00d\x1b[31me\ud800f\rg"))
    assert not re.search("[\u202e\u200b\x00\x1b\ud800\r]", text)
    for escape in ("\\u202e", "\\u200b", "\\x00", "\\x1b", "\\ud800", "\\r"):
        assert escape in text
    text.encode("utf-8")


def test_only_the_pages_own_style_and_script_are_allowed_and_nothing_is_loaded() -> None:
    for make in MAKERS:
        source = rendered(make())
        page = html.document_fromstring(source)
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
        for tag in ("style", "script"):
            (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
            assert f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in policy
        assert page.xpath("//@style | //@src | //@srcset | //link | //iframe | //object | //embed | //base | //@action") == []
        assert [address for address in page.xpath("//@href") if not address.startswith("#")] == []
        assert not re.search(r"url\(|@import|https?://", re.sub(r"<pre.*?</pre>|<dd>.*?</dd>", "", source, flags=re.DOTALL))


def test_no_value_of_a_report_is_in_style_or_script() -> None:
    def own(given: Document) -> list[str]:
        return re.findall(r"<(?:style|script)>.*?</(?:style|script)>", rendered(given), re.DOTALL)

    assert own(documents.hostile("</script>")) == own(documents.empty()) == own(documents.ordinary())


# Contents


def test_every_state_has_its_number_its_row_and_its_name() -> None:
    page = parsed(documents.every_state())
    assert set(ORDER) == set(STATES)
    assert [node.get("data-state") for node in rows_in(page)] == list(ORDER)
    numbers = [text_of(node) for node in page.xpath("//ul[@class='states']/li")]
    assert numbers == [f"1 {state.replace('_', ' ')}" for state in ORDER]
    for node, state in zip(rows_in(page), ORDER, strict=True):
        assert text_of(node.find("summary")).startswith(f"{state.replace('_', ' ')} PRX-01")
        assert f"because {state}" in text_of(node)


def test_a_row_has_everything_to_act_on() -> None:
    page = parsed(documents.ordinary())
    (node,) = [one for one in rows_in(page) if "TLS-01" in text_of(one.find("summary")) and one.get("data-state") == "drifted"]
    text, control = text_of(node), load()["TLS-01"]
    for words in (control.why, control.fix, control.risk, *control.sources, "docs/controls.md#tls-01", "since 2026-11-02 06:30 UTC"):
        assert " ".join(words.split()) in text
    assert "ansible-playbook hardening.atlassian.site --limit proxy1.example.com --tags TLS-01" in text
    assert text_of(node.find("summary")).count("server.d/tls-01.conf") == 1
    assert [line.text for line in node.xpath(".//pre/span[@class='gone']")][0] == "-SSLProtocol all -SSLv3"
    assert [line.text for line in node.xpath(".//pre/span[@class='come']")][0] == "+SSLProtocol -all +TLSv1.2 +TLSv1.3"


def test_rows_come_worst_first_then_by_severity() -> None:
    given = documents.ordinary()
    severities = {entry["control"]: entry["severity"] for entry in given["rows"]}
    shown = [(node.get("data-state"), node.get("data-severity")) for node in rows_in(parsed(given))]
    order = ("critical", "high", "medium", "low")
    assert shown == sorted(shown, key=lambda one: (ORDER.index(one[0] or ""), order.index(one[1] or "")))
    assert len(shown) == len(given["rows"]) and set(severities.values()) == set(order)


def test_the_map_counts_the_rows_of_each_target_and_area() -> None:
    given = documents.ordinary()
    page = parsed(given)
    cells = {text_of(node) for node in page.xpath("//table[@class='map']//td/a")}
    wanted = {}
    for entry in given["rows"]:
        wanted.setdefault((entry["target"], family_of(entry["control"])), []).append(entry["state"])
    expected = set()
    for (target, family), states in wanted.items():
        worst = min(states, key=ORDER.index)
        expected.add(f"{states.count(worst)} {worst.replace('_', ' ')} of {len(states)}: {family} on {target}")
    assert cells == expected
    for link in page.xpath("//table[@class='map']//td/a"):
        (row_node,) = page.xpath(f"//details[@id='{(link.get('href') or '')[1:]}']")
        assert (row_node.get("data-family"), row_node.get("data-target")) == (link.get("data-family"), link.get("data-target"))


def test_accepted_risks_say_who_why_until_when_and_how_soon() -> None:
    cards = {text_of(node): node.get("class") for node in part(parsed(documents.ordinary()), "risks").xpath(".//ul[@class='cards']/li")}
    assert list(cards.values()) == ["ended", "soon", "fine"]
    ended, soon, fine = cards
    assert ended.startswith("CONF-04") and "Ben Example Until 2026-10-31 ended" in ended and "wiki (drifted)" in ended
    assert "the old intranet search reads the list of users" in soon and "ends in 12 days" in soon
    assert "proxy1.example.com (accepted), proxy2.example.com (accepted)" in fine and "ends in 216 days" in fine


def test_a_single_accepted_setting_is_named_among_the_risks() -> None:
    risk = {"reason": "r", "owner": "it-sec", "expires": "2027-01-01", "expired": False, "setting": "o*"}
    entry = row(CONTROL, "proxy", "accepted", risk=risk, settings=[setting("one", "accepted", "a", "b", "until 2027-01-01 by it-sec")])
    text = text_of(part(parsed(document([entry])), "risks"))
    assert "PRX-01 on proxy: one, until 2027-01-01 by it-sec" in text and "Only the setting o*" in text


@pytest.mark.parametrize(("expires", "words"), [("2026-11-22", "ends today"), ("2026-11-23", "ends today"), ("2026-11-24", "ends in 1 day")])
def test_what_still_holds_ends_today_at_the_earliest(expires: str, words: str) -> None:
    """In the evening west of UTC the header's day is already that of tomorrow."""
    risk = {"reason": "r", "owner": "it-sec", "expires": expires, "expired": False, "setting": None}
    given = document([row(CONTROL, "proxy", "accepted", risk=risk)])
    given["header"]["started"] = "2026-11-23T01:30:00+00:00"
    text = text_of(part(parsed(given), "risks"))
    assert f"Until {expires} {words}" in text and "-1 day" not in text


def test_statements_say_who_and_until_when() -> None:
    text = text_of(part(parsed(documents.ordinary()), "attestations"))
    assert "The platform team reads the advisories every Tuesday" in text and "Stated by Ada Example Until 2027-03-31" in text
    assert "Until 2026-12-20 ends in 24 days" in text


def test_the_comparison_names_new_and_resolved_rows_or_that_there_is_none() -> None:
    page = parsed(documents.ordinary())
    text = text_of(part(page, "comparison"))
    assert "New: 2 PRX-02 on proxy1.example.com (drifted) CONF-06 on wiki (drifted)" in text
    assert "Resolved: 2 JIRA-01 on jira (was drifted) PRX-06 on proxy1.example.com (was failed)" in text
    assert [text_of(node) for node in page.xpath("//details[@data-new]//strong[@class='new']")] == ["new", "new"]
    assert "Not compared: the last report is damaged." in text_of(part(parsed(documents.partial()), "comparison"))
    assert "There is no earlier report to compare with." in text_of(part(parsed(documents.clean()), "comparison"))


def test_a_real_run_is_a_change_log() -> None:
    page = parsed(documents.change_log())
    assert text_of(page.find(".//h1")) == "Change log"
    assert "Real run" in text_of(page.find(".//header"))
    changed = [node for node in rows_in(page) if node.get("data-state") == "changed"]
    assert len(changed) == 10 and "Was" in text_of(changed[0]) and "Is now" in text_of(changed[0])
    assert page.xpath("//details[@data-state='changed']//p[@class='command']") == []


# Nothing looks better than it is


def misspelt() -> Document:
    """A tag that names nothing, while a person has stated something."""
    left = {"control": "PRX-01", "target": "a", "state": None}
    return document([row(CONTROL, "a", "not_examined"), row("ORG-01", "organisation", "attested")], tags="PRX-1", left_out=[left])


def with_exceptions() -> Document:
    """All that is enforced is in order, and somebody decided to leave something as it is."""
    fine = row(CONTROL, "a", "compliant", settings=[setting("s", "compliant")])
    return document([fine, row("PRX-02", "a", "accepted"), row("PRX-04", "a", "accepted"), row("PRX-05", "a", "off")])


@pytest.mark.parametrize(
    ("make", "tone", "words"),
    [
        (documents.ordinary, "bad", "1 failed, 10 drifted"),
        (documents.clean, "good", "All in order"),
        (documents.partial, "unsure", "No drift in what was examined"),
        (documents.refused, "unsure", "Nothing was examined"),
        (documents.empty, "unsure", "This report has no rows: nothing is known"),
        (documents.change_log, "good", "10 changed, and all in order"),
        (misspelt, "unsure", "Nothing was examined"),
        (with_exceptions, "good", "All in order but 2 accepted and 1 off"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_verdict(make: Callable[[], Document], tone: str, words: str) -> None:
    page = parsed(make())
    (box,) = page.xpath("//div[contains(@class, 'verdict')]")
    assert box.get("class") == f"verdict {tone}" and text_of(box.xpath(".//p[@class='headline']")[0]) == words
    assert words in text_of(page.find(".//title"))


@pytest.mark.parametrize(
    "spoiled",
    [
        {"rows": [row(CONTROL, "b", "not_examined", "no task ran")]},
        {"rows": [row(CONTROL, "b", "planned", "not built yet")]},
        {"header": {"limit": "a"}},
        {"header": {"start_at_task": "x"}},
        {"header": {"problems": ["x"]}},
        {"header": {"failures": [{"target": "a", "status": "failed", "task": "t", "message": "m"}]}},
    ],
    ids=str,
)
def test_one_thing_that_was_not_examined_spoils_the_clean_look(spoiled: Mapping[str, Any]) -> None:
    fine = row(CONTROL, "a", "compliant", settings=[setting("s", "compliant")])
    assert verdict(document([fine])).tone == "good"
    given = document([fine, *spoiled.get("rows", ())], **spoiled.get("header", {}))
    assert given["score"]["percent"] == 100 and verdict(given).tone == "unsure"


def test_the_score_says_beside_it_what_is_no_part_of_it() -> None:
    given = documents.ordinary()
    (box,) = parsed(given).xpath("//div[contains(@class, 'verdict')]")
    score, counts = given["score"], given["counts"]
    text = text_of(box)
    assert f"{score['percent']} % of what was examined is in order: {score['in_order']} of {score['examined']} rows" in text
    assert f"{counts['not_examined']} of all {len(given['rows'])} rows were not examined" in text
    assert f"Not part of the score: {counts['not_examined']} not examined; {counts['planned']} planned, not built yet" in text
    assert "no score" in text_of(parsed(documents.refused()).xpath("//div[@class='score']")[0])


def test_what_was_not_examined_is_loud_and_grouped_by_its_reason() -> None:
    page = parsed(documents.ordinary())
    section = part(page, "unexamined")
    assert section.get("class") == "alarm unsure"
    (reason,) = section.xpath(".//h3")
    assert text_of(reason) == documents.UNREACHABLE
    assert re.search(r"proxy2\.example\.com PRX-01, PRX-02, PRX-03, .*TLS-06, WAF-01", text_of(section))
    assert parsed(documents.clean()).xpath("//section[@aria-labelledby='unexamined']") == []


def test_a_setting_that_was_not_examined_is_named_though_its_row_is_drifted() -> None:
    entry = row(CONTROL, "proxy", "drifted", settings=[setting("a", "drifted", 1, 2), setting("the rest", "not_examined", reason="a task did not run")])
    text = text_of(part(parsed(document([entry])), "unexamined"))
    assert text.endswith("a task did not run PRX-01 on proxy, in part: the rest")


def test_many_settings_that_were_not_examined_do_not_drown_the_others() -> None:
    settings = [setting("a", "drifted", 1, 2), *(setting(f"path {number}", "not_examined", reason="no answer") for number in range(68))]
    rows = [row(CONTROL, name, "drifted", settings=settings) for name in ("proxy1", "proxy2")]
    text = text_of(part(parsed(document(rows)), "unexamined"))
    for name in ("proxy1", "proxy2"):
        assert f"PRX-01 on {name}, in part: path 0, path 1, path 2 and 65 more" in text


def test_what_was_not_asked_for_keeps_the_state_it_was_last_seen_in() -> None:
    page = parsed(documents.partial())
    assert "140 of them were not asked for; last seen: 2 drifted, 138 never examined." in text_of(part(page, "unexamined"))
    seen = [text_of(node.find("summary")) for node in rows_in(page) if "last seen drifted" in text_of(node.find("summary"))]
    assert len(seen) == 2 and all("TLS-01" in text for text in seen)


def test_a_part_a_refusal_and_failures_are_said_before_anything_else() -> None:
    assert "--limit jira, --tags JIRA-01,JIRA-02" in text_of(part(parsed(documents.partial()), "partial"))
    assert "did you mean jira_sites?" in text_of(part(parsed(documents.refused()), "problems"))
    assert "140 rows not asked for, last seen: 2 drifted, 138 never examined." in text_of(part(parsed(documents.partial()), "partial"))
    failures = part(parsed(documents.ordinary()), "failures")
    assert "proxy2.example.com unreachable in Gather facts" in text_of(failures)
    assert failures.xpath("following::main") != []
    assert parsed(documents.clean()).xpath("//section[contains(@class, 'alarm')]") == []


def test_a_report_of_a_run_that_ended_early_can_be_read() -> None:
    given = documents.empty()
    given["header"] = {"started": "2026-11-26T06:30:04+00:00", "playbook": "site.yml", "check_mode": True}
    text = text_of(parsed(given))
    assert "Check run" in text and "it ended before it knew its inventory" in text


def test_a_control_the_catalogue_no_longer_has_keeps_its_row() -> None:
    text = text_of(rows_in(parsed(document([row(CONTROL, "a", "drifted", control="OLD-01")])))[0])
    assert "OLD-01" in text and "The catalogue of this version has no such control." in text


def test_equal_reports_give_equal_pages() -> None:
    for make in (documents.ordinary, documents.every_state):
        assert rendered(make()) == rendered(make())


def test_a_large_report_stays_small_and_a_huge_difference_is_cut_in_words() -> None:
    assert len(rendered(documents.large(5_000))) < 3_000_000
    long = "\n".join(f"line {number}" for number in range(2_000))
    entry = row(CONTROL, "a", "drifted", settings=[setting("file", "drifted", None, long)])
    (node,) = rows_in(parsed(document([entry])))
    assert len(node.xpath(".//pre/span")) == values.DIFFERENCE_LINES
    assert f"Cut here: {2_000 - values.DIFFERENCE_LINES} more lines of this difference are in drift-report.json" in text_of(node)


def test_every_family_of_the_catalogue_has_a_name() -> None:
    assert {family_of(control) for control in load()} == set(FAMILIES)
