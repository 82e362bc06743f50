# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown format, as an independent CommonMark reader understands it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import load
from ansible_collections.hardening.atlassian.plugins.plugin_utils._difference import visible
from ansible_collections.hardening.atlassian.plugins.plugin_utils._markdown import code, fenced, inline
from ansible_collections.hardening.atlassian.plugins.plugin_utils._report_markdown import TEMPLATES, as_markdown
from browser.documents import document, row, setting, two_proxies
from markdown_it import MarkdownIt
from markdown_it.token import Token


PROXY = "proxy1.example.com"
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
COMPARISON = {
    "previous": {"run_id": "earlier", "started": "2026-11-20T00:00:00+00:00"},
    "new": [{"control": "PRX-02", "target": "proxy1.example.com"}],
    "resolved": [{"control": "PRX-01", "target": "proxy1.example.com", "was": "not_examined"}],
    "since": [{"control": "PRX-02", "target": "proxy1.example.com", "since": "2026-11-25T00:00:00+00:00"}],
}


def tokens(report: dict[str, Any]) -> list[Token]:
    return READER.parse(as_markdown(report, load()))


def text_of(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def headings(report: dict[str, Any]) -> list[str]:
    found = tokens(report)
    return [text_of(found[number + 1]) for number, token in enumerate(found) if token.type == "heading_open"]


def tables(report: dict[str, Any]) -> list[list[list[str]]]:
    """Tables, each a list of lines of cells."""
    found: list[list[list[str]]] = []
    for number, token in enumerate(every := tokens(report)):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type in ("td_open", "th_open"):
            found[-1][-1].append(text_of(every[number + 1]))
    return found


def fences(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(token.info, token.content) for token in tokens(report) if token.type == "fence"]


def test_sections_and_their_order() -> None:
    report = two_proxies()
    title = "Drift report: 1 drifted, 1 failed, 2 not examined, 1 changed"
    places = {control: f"{control} on proxy1.example.com: {load()[control].title}" for control in ("PRX-02", "PRX-04", "PRX-06")}
    assert headings(report) == [
        title,
        "NOT EXAMINED: 2 rows",
        "FAILED: 1 row",
        places["PRX-04"],
        "Drifted: 1 row",
        places["PRX-02"],
        "Changed: 1 row",
        places["PRX-06"],
        "Accepted risks: 1 row",
        "Attested: 1 row",
        "Since the previous report",
    ]


def test_tables_tell_the_model() -> None:
    report = two_proxies()
    found = tables(report)
    assert {line[0].replace(" ", "_"): int(line[1]) for line in found[0][1:]} == report["counts"]
    assert found[1][1:] == [["PRX-05", "proxy1.example.com, proxy2.example.com", "unreachable: no route"]]
    by_head = {tuple(table[0]): table[1:] for table in found}
    assert by_head[("Control", "Target", "State", "Reason", "Owner", "Expires")] == [
        ["PRX-15", "proxy1.example.com", "accepted", "no PKI yet", "it-sec", "2027-06-30"]
    ]
    assert by_head[("Control", "Target", "State", "Statement", "By", "Until")] == [
        ["ORG-01", "organisation", "attested", "two people can do it", "jane", "2027-01-31"]
    ]
    assert "In order: 3 of 5 examined rows, 60 %." in as_markdown(report, load())


def test_drift_is_a_diff_with_its_repair() -> None:
    found = fences(two_proxies())
    assert ("diff", " a\n-b\n+c\n") in found
    assert ("diff", "-0644\n+0600\n") in found
    assert ("sh", "ansible-playbook hardening.atlassian.site --limit proxy1.example.com --tags PRX-02\n") in found
    text = as_markdown(two_proxies(), load())
    assert "[PRX-02](https://" in text and "/docs/controls.md#prx-02)" in text
    assert load()["PRX-15"].why not in text


def test_the_comparison_names_what_is_new_resolved_and_since_when() -> None:
    report = two_proxies()
    assert "Not compared: there is no earlier report in the report directory." in as_markdown(report, load())
    report["header"]["comparison"] = COMPARISON
    assert tables(report)[-1][1:] == [["new", "PRX-02", "proxy1.example.com", ""], ["resolved", "PRX-01", "proxy1.example.com", "not examined"]]
    assert "since 2026-11-25T00:00:00+00:00" in as_markdown(report, load())


def test_a_part_that_was_asked_for_is_named_and_what_was_left_out_is_counted_apart() -> None:
    rows = (row("PRX-02", PROXY, "compliant", settings=[setting("x", "compliant")]), row("PRX-04", PROXY, "not_examined", reason="no task ran"))
    report = document(rows, tags="PRX-02", limit="proxy1", left_out=[{"control": "PRX-04", "target": "proxy1.example.com", "state": "drifted"}])
    text = as_markdown(report, load())
    assert text.startswith("# Drift report: 0 drifted, 0 failed, 0 not examined, 1 not asked for\n")
    assert "**Only a part was asked for:** `--limit proxy1`, `--tags PRX-02`. Not asked for, and not known: 1 row, last seen: 1 drifted.\n" in text
    assert "NOT EXAMINED" not in text


def test_a_misspelt_tag_is_loud() -> None:
    left = [{"control": "PRX-02", "target": "proxy1.example.com", "state": None}]
    report = document([row("PRX-02", PROXY, "not_examined", reason="no task ran")], tags="X", left_out=left)
    assert "NOT EXAMINED: 1 row" in headings(report)


def test_a_refusal_and_failed_tasks_are_told() -> None:
    failure = {"target": "proxy1", "status": "failed", "task": "Look", "message": "it broke"}
    text = as_markdown(document([row("PRX-02", PROXY, "not_examined", reason="refused")], problems=["a group is misspelt"], failures=[failure]), load())
    assert "**The run was refused.** 1 problem:\n\n- **Problem:** a group is misspelt\n" in text
    assert "- **Failed:** proxy1: failed in 'Look': it broke\n" in text
    title = text.partition("\n")[0]
    assert title.endswith("; the run was refused (1 problem); 1 task failed or met an unreachable host; nothing was examined")


def test_nothing_examined_is_not_clean() -> None:
    text = as_markdown(document([]), load())
    assert "**This report has no rows: nothing was examined.**" in text
    assert "No row was examined, so there is no score." in text


def test_a_real_run_is_a_change_log() -> None:
    report = two_proxies()
    report["header"].update(check_mode=False, read_only=False)
    text = as_markdown(report, load())
    assert text.startswith("# Change log: ")
    assert "\nReal run of `drift.yml`, started" in text
    assert ("diff", "-absent\n+present\n") in fences(report)


def test_long_diffs_are_cut_and_say_so() -> None:
    entry = setting("x", "drifted", None, "\n".join(f"{number} {'y' * 400}" for number in range(100)))
    ((_info, content), _repair) = fences(document([row("PRX-02", PROXY, "drifted", settings=[entry])]))
    lines = content.splitlines()
    assert len(lines) == 61
    assert lines[-1] == "@@ 40 lines more in the JSON report @@"
    assert max(len(line) for line in lines) < 310


def test_the_document_fits_into_a_comment_and_says_what_is_missing() -> None:
    entries = [setting(f"setting {number}", "drifted", None, "\n".join(f"{number} {line} {'y' * 400}" for line in range(100))) for number in range(200)]
    entry = row("PRX-02", PROXY, "drifted", settings=entries)
    text = as_markdown(document([entry]), load())
    # GitHub takes 1 MiB as a summary of a job, GitLab a million characters as a note.
    assert len(text) < 400_000
    shown = text.count("**Drifted:** `setting ")
    assert 10 < shown < 200 and f"**Not shown here:** {200 - shown} more settings. The JSON report has all of them.\n" in text
    assert len(fences(document([entry]))) == shown + 1


def test_accepted_settings_are_named_and_a_risk_says_which_it_is_for() -> None:
    risk = {"reason": "customers read it", "owner": "product", "expires": "2027-03-31", "expired": False, "setting": "Public*"}
    settings = [setting("Public tracker", "accepted", "anyone", "users", "accepted by product"), setting("Other", "drifted", 1, 2)]
    report = document([row("JIRA-02", "jira", "drifted", settings=settings, risk=risk)])
    by_head = {tuple(table[0]): table[1:] for table in tables(report)}
    assert by_head[("Control", "Target", "Setting", "Reason")] == [["JIRA-02", "jira", "Public tracker", "accepted by product"]]
    assert by_head[("Control", "Target", "State", "Reason", "Owner", "Expires")][0][3] == "customers read it (only Public*)"


def test_empty_lines_of_a_file_survive() -> None:
    entry = setting("x", "drifted", "a\n\n\n\nb\n", "a\n\n\n\nc\n")
    ((_info, content), _repair) = fences(document([row("PRX-02", PROXY, "drifted", settings=[entry])]))
    assert content == "@@ -2,4 +2,4 @@\n \n \n \n-b\n+c\n"


HOSTILE = [
    "a | b", "\\", "\\|", "a \\| b | c \\", "`", "``` x", "a`b``c", "# head", "1. one", "- item", "> quote", "    indented", "---", "===",
    "<script>alert(1)</script>",
    "<!-- x", "</details>", "&lt;b&gt;", "&#124;", "**b** __c__ _d_ *e* ~~f~~", "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))", "[x]: http://evil.example", "[^1]",
    "<http://evil.example>", "https://evil.example/?a=b", "www.evil.example", "@team look",
    "mail bob@example.com", "line\n\n# head\n\n| a |\n| --- |", "```\n# out\n```", "~~~\nout", "a\r\nb", "\x1b[31mred",
    "\u202eesrever", "\ud800", "$x$", "{{ 7 * 7 }}",
    "", " ", "`x", "x`", "|", "||", "\t",
]  # fmt: skip


def hostile(text: str) -> dict[str, Any]:
    """A report in which everything somebody else can write is this text."""
    risk = {"reason": text, "owner": text, "expires": text, "expired": True, "setting": text or None}
    attestation = {"statement": text, "by": text, "until": text, "expired": True}
    rows = []
    for state in ("failed", "drifted", "not_examined", "changed", "accepted", "attested"):
        found = [setting(f"name {text}", name, f"old {text}\n{text}\n", {text: text}, f"why {text}") for name in dict.fromkeys((state, "accepted"))]
        members = {"target": f"t {text}", "title": f"title {text}", "reason": f"reason {text}", "mode": f"mode {text}"}
        rows.append({**row("PRX-02", PROXY, state, settings=found, risk=dict(risk), attestation=dict(attestation)), **members})
    failure = {"target": f"t {text}", "status": "failed", "task": text, "message": text}
    comparison = {
        "previous": {"run_id": f"run {text}", "started": f"start {text}"},
        "new": [{"control": "PRX-02", "target": text}],
        "resolved": [{"control": "PRX-02", "target": text, "was": "drifted"}],
        "since": [{"control": "PRX-02", "target": f"t {text}", "since": f"since {text}"}],
    }
    header = {name: f"{name} {text}" for name in ("playbook", "run_id", "started", "limit")}
    left = [{"control": "PRX-02", "target": text, "state": "drifted"}]
    return document(rows, **header, problems=[text], failures=[failure], comparison=comparison, left_out=left)


def structure(report: dict[str, Any]) -> list[str]:
    return [f"{token.type} {token.tag} {token.info}" for token in tokens(report)]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out(text: str) -> None:
    report = hostile(text)
    # The same blocks as with a harmless word: no heading, list, quote, cell or code more or less.
    assert structure(report) == structure(hostile("x"))
    inner = {child.type for token in tokens(report) for child in token.children or ()}
    assert inner <= {"text", "text_special", "strong_open", "strong_close", "link_open", "link_close", "code_inline"}
    links = {child.attrs["href"] for token in tokens(report) for child in token.children or () if child.type == "link_open"}
    assert len(links) == 1 and str(links.pop()).endswith("/docs/controls.md#prx-02")
    as_markdown(report, load()).encode()
    # And it is all there, as it was written.
    reason = " ".join(visible(" ".join(f"reason {text}".split())).split())
    assert any(text_of(token).startswith(f"Reason: {reason}") for token in tokens(report))
    without_code = re.sub(r"(`+).*?\1", "", re.sub(r"(?ms)^(`{3,}).*?^\1$", "", as_markdown(report, load())))
    assert "evil" not in text or not re.search(r"(?<!\()https?://evil|www\.evil|@team", without_code)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_pieces_keep_their_text(text: str) -> None:
    plain = visible(" ".join(text.split()))
    (_open, token, _close) = READER.parse(f"x {inline(text)} y")
    assert text_of(token).split() == f"x {plain} y".split()
    if plain:
        (_open, token, _close) = READER.parse(f"x {code(text)} y")
        assert [child.content for child in token.children or () if child.type == "code_inline"] == [plain]
    lines = [visible(line) for line in text.split("\n")]
    (token,) = READER.parse(fenced(lines, "diff"))
    assert token.content == "\n".join(lines) + "\n"


# Words and numbers of our own, and addresses made from ids.
OWN = {
    "count", "summary", "title", "state|words", "entry.state|words|capitalize", "row.state|words", "row.severity", "row.link", "row.repair.label",
    "row_of(row)", "details(row)", "score.in_order", "score.percent", "comparison.new|length", "comparison.resolved|length",
}  # fmt: skip


def test_every_value_of_the_template_goes_through_a_filter() -> None:
    text = re.sub(r"(?s)\{#.*?#\}", "", (TEMPLATES / "report.md.j2").read_text())
    values = [value.strip(" -") for value in re.findall(r"(?s)\{\{(.*?)\}\}", text)]
    filtered = re.compile(r"\|(?:inline|code|fenced\(\"\w+\"\)|number\(\"[\w ]+\"\))(?: or \"[^\"]*\")?$")
    constant = re.compile(r"^\"[^\"|]*\" if |^\(mode if ")
    assert len(values) > 50
    assert [value for value in values if value not in OWN and not filtered.search(value) and not constant.search(value)] == []
