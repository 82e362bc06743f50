# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exclusions of the operator's: each mistake is a sentence that names host, variable and value; and the role's own are sound."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _exclusions
from ansible_collections.hardening.atlassian.plugins.plugin_utils._exclusions import PRODUCTS, check_exclusions, exclusion_problems, load_exclusions
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import ROLES_PATH
from waf import corpus

SPEC = ROLES_PATH / "apache_waf" / "meta" / "argument_specs.yml"
SOUND: dict[str, Any] = {"id": "own-notes", "product": "jira", "reason": "notes hold code", "paths": [r"/plugins/servlet/notes/\d+"], "arguments": ["note"]}


def problems(**variables: Any) -> list[str]:
    found = Problems()
    check_exclusions(HostValues("gate", variables, found))
    return found.sentences()


def extra(**changes: Any) -> list[str]:
    return problems(apache_waf_exclusions=[{key: value for key, value in {**SOUND, **changes}.items() if value is not ...}])


def test_sound_exclusions_and_ids_are_no_problem() -> None:
    assert problems() == []
    assert extra() == []
    assert extra(product="both", methods=["GET", "POST"], arguments=["fields.summary", "issues.issues.note", "a-b", "list[0]", "$filter", "two words"]) == []
    assert extra(arguments=..., patterns=[r"note_\d+"]) == []
    assert extra(arguments=..., cookies=["app.cookie"]) == []
    assert extra(arguments=..., parts=["FILES", "REQUEST_HEADERS:X-App"]) == []
    assert extra(arguments=..., parts=["REQUEST_URI"], rules=[930100]) == []
    assert extra(arguments=..., parts=["REQUEST_URI"], rules=["930100-930110"]) == []
    assert extra(arguments=..., rules_off=[920420, "920340"]) == []
    # Cookies, a Referer header and single rules are narrow by themselves, so these may hold everywhere.
    assert extra(paths=["/.*"], arguments=..., cookies=["app.cookie"], referrers=["/issues/?"], rules_off=[920420], accept="text/html, [*]; q=.2") == []
    assert extra(arguments=..., whole_body=True) == extra(arguments=..., raw_bodies=True) == []
    assert extra(must_pass=[{"path": "/plugins/servlet/notes/1"}], must_refuse=[{"path": "/x"}]) == []
    assert extra(paths=["(?:/a|/b)/notes"]) == []
    assert problems(apache_waf_exclusions=[SOUND], apache_waf_exclusions_off=["jira-search", "own-notes"]) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pathes": ["/x"]}, "has the unknown key 'pathes', did you mean 'paths'?"),
        ({"zzz": 1}, "has the unknown key 'zzz', expected one of id, product, reason, paths, methods, arguments, patterns, cookies, parts"),
        ({"id": ...}, "has no id"),
        ({"product": ...}, "has no product"),
        ({"reason": ...}, "has no reason"),
        ({"paths": ...}, "has no paths"),
        ({"reason": ""}, "has the reason '', expected one line of text"),
        ({"reason": 3}, "has the reason 3, expected one line of text"),
        ({"reason": "ends in \\"}, "expected one line of text that does not end in a backslash"),
        ({"reason": "two\nSecRuleEngine Off"}, "expected one line of text"),
        ({"product": "bamboo"}, "has the product 'bamboo', expected one of both, jira, confluence"),
        ({"id": "Own Notes"}, "has the id 'Own Notes', expected lower case letters, digits and hyphens"),
        ({"id": "jira-search"}, "has the id 'jira-search', which an exclusion of the role has; switch that one off and choose another id"),
        ({"paths": "/x"}, "has paths '/x', expected a list of texts"),
        ({"arguments": [3]}, "has arguments [3], expected a list of texts"),
        ({"referrers": "/x"}, "has referrers '/x', expected a list of texts"),
        ({"rules": 930100}, "has rules 930100, expected a list of rules"),
        ({"rules_off": [True]}, "has rules_off [True], expected a list of rules"),
        ({"rules": ["930100,ctl:ruleEngine=Off"]}, "in rules, expected the number of a rule, or a range like 930120-948999"),
        ({"rules_off": ["1-"]}, "has '1-' in rules_off, expected the number of a rule, or a range"),
        ({"whole_body": "yes"}, "has whole_body 'yes', expected true or false"),
        ({"raw_bodies": 1}, "has raw_bodies 1, expected true or false"),
        ({"accept": ["x"]}, "has accept ['x'], expected a regular expression"),
        ({"accept": 'text/"html'}, "has accept 'text/\"html', which holds a blank, a quote"),
        ({"accept": "a(b"}, "has accept 'a(b', which is no regular expression: "),
        ({"must_pass": ["/x"]}, "has must_pass ['/x'], expected a list of mappings"),
        ({"must_refuse": {"path": "/x"}}, "has must_refuse {'path': '/x'}, expected a list of mappings"),
        ({"arguments": ...}, "leaves nothing out: it needs one of arguments, patterns, cookies, parts, referrers"),
        ({"arguments": []}, "leaves nothing out"),
        ({"arguments": ..., "whole_body": False}, "leaves nothing out"),
        ({"paths": []}, "has no path"),
        ({"paths": ["/a(b"]}, "has '/a(b' in paths, which is no regular expression: "),
        ({"paths": ['/a"b']}, "has '/a\"b' in paths, which holds a blank, a quote, a control character, ${ or %{"),
        ({"paths": ["/a b"]}, "in paths, which holds a blank"),
        ({"paths": ["/a\nb"]}, "in paths, which holds a blank"),
        ({"paths": ["/${HARDENING_BASE}"]}, "has '/${HARDENING_BASE}' in paths, which holds a blank"),
        ({"paths": ["/%{REQUEST_URI}"]}, "has '/%{REQUEST_URI}' in paths, which holds a blank"),
        ({"paths": ["plugins/x"]}, "has 'plugins/x' in paths, which needs a slash at its beginning"),
        ({"paths": ["/.*"]}, "has '/.*' in paths, which is everything"),
        ({"paths": ["/[^?]+"]}, "has '/[^?]+' in paths, which is everything"),
        ({"paths": ["/.*"], "arguments": ..., "whole_body": True}, "has '/.*' in paths, which is everything"),
        ({"paths": ["/.*"], "arguments": ..., "parts": ["FILES"]}, "has '/.*' in paths, which is everything"),
        ({"referrers": ["/a b"]}, "has '/a b' in referrers, which holds a blank"),
        ({"methods": ["post"]}, "has 'post' in methods, expected a method like PUT"),
        ({"methods": ["GET|POST"]}, "has 'GET|POST' in methods, expected a method like PUT"),
        ({"arguments": ["a,ctl:ruleEngine=Off"]}, "has 'a,ctl:ruleEngine=Off' in arguments, expected the name as it is sent"),
        ({"arguments": ["it's"]}, 'has "it\'s" in arguments, expected the name as it is sent'),
        ({"arguments": [""]}, "has '' in arguments, expected the name as it is sent"),
        ({"cookies": ["/x.*/"]}, "has '/x.*/' in cookies, expected the name as it is sent"),
        ({"parts": ["files"]}, "has 'files' in parts, expected a collection like FILES"),
        ({"parts": ["FILES,ctl:ruleEngine=Off"]}, "in parts, expected a collection like FILES"),
        *(({"parts": [part]}, f"has '{part}' in parts for all rules, which is more than an exclusion may leave out") for part in _exclusions._TOO_WIDE),
        ({"patterns": ["a(b"]}, "has 'a(b' in patterns, which is no regular expression: "),
        ({"patterns": ['a"b']}, "has 'a\"b' in patterns, which holds a blank"),
        ({"patterns": ["a|b"]}, "has 'a|b' in patterns, which holds a comma or a |: write two patterns"),
        ({"patterns": ["a{1,2}"]}, "has 'a{1,2}' in patterns, which holds a comma or a |: write two patterns"),
        ({"patterns": [r"[\w.]+"]}, "in patterns, which is any name"),
    ],
)  # fmt: skip
def test_an_exclusion_that_cannot_be_meant_is_named(changes: dict[str, Any], sentence: str) -> None:
    found = extra(**changes)
    assert len(found) == 1, found
    assert found[0].startswith("gate: apache_waf_exclusions, entry 1, ")
    assert sentence in found[0]


def test_each_mistake_of_an_exclusion_is_told() -> None:
    found = extra(paths=["/a b", "x"], methods=["get"], patterns=["a|b"])
    assert [sentence.partition("entry 1, ")[2].split(",")[0] for sentence in found] == [
        "has '/a b' in paths",
        "has 'x' in paths",
        "has 'get' in methods",
        "has 'a|b' in patterns",
    ]


def test_an_id_counts_once_and_the_second_entry_is_named() -> None:
    assert problems(apache_waf_exclusions=[SOUND, SOUND]) == ["gate: apache_waf_exclusions, entry 2, has the id 'own-notes' a second time"]
    assert problems(apache_waf_exclusions=[SOUND, {**SOUND, "id": "more-notes"}]) == []


def test_an_id_that_is_no_text_is_a_sentence_too() -> None:
    (found,) = problems(apache_waf_exclusions=[{**SOUND, "id": ["own-notes"]}])[:1]
    assert found.startswith("gate: apache_waf_exclusions, entry 1, has the id ['own-notes'], expected one line of text")
    (found,) = problems(apache_waf_exclusions_off=[{"id": "jira-search"}])
    assert found.startswith("gate: apache_waf_exclusions_off holds {'id': 'jira-search'}, which is not an exclusion")


@pytest.mark.parametrize("value", [{"id": "x"}, "x", 3])
def test_what_is_no_list_is_named(value: Any) -> None:
    assert problems(apache_waf_exclusions=value) == [f"gate: apache_waf_exclusions is {value!r}, expected a list"]
    assert problems(apache_waf_exclusions_off=value) == [f"gate: apache_waf_exclusions_off is {value!r}, expected a list"]


@pytest.mark.parametrize("entry", [3, "own-notes", None, ["x"]])
def test_an_entry_that_is_no_mapping_is_named(entry: Any) -> None:
    assert problems(apache_waf_exclusions=[entry]) == [f"gate: apache_waf_exclusions, entry 1, is {entry!r}, expected a mapping"]


def test_unknown_ids_that_are_switched_off_are_named() -> None:
    place = "gate: apache_waf_exclusions_off holds"
    assert problems(apache_waf_exclusions_off=["jira-serach"]) == [
        f"{place} 'jira-serach', which is not an exclusion of docs/waf-exclusions.md or of apache_waf_exclusions, did you mean 'jira-search'?"
    ]
    assert problems(apache_waf_exclusions_off=["qqqq", 7]) == [
        f"{place} 'qqqq', which is not an exclusion of docs/waf-exclusions.md or of apache_waf_exclusions",
        f"{place} 7, which is not an exclusion of docs/waf-exclusions.md or of apache_waf_exclusions",
    ]


def test_the_argument_spec_knows_the_same_keys() -> None:
    options = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]["apache_waf_exclusions"]["options"]
    assert set(options) == set(_exclusions._ALLOWED)
    assert [name for name, option in options.items() if option.get("required")] == list(_exclusions._NEEDED)
    assert set(options["product"]["choices"]) == set(PRODUCTS)


# The role's own.


def test_the_roles_own_are_sound_and_each_has_a_name_of_its_own() -> None:
    own = load_exclusions()
    assert {entry["product"] for entry in own} == set(PRODUCTS)
    assert [(entry["id"], exclusion_problems(entry)) for entry in own if exclusion_problems(entry)] == []
    assert len({entry["id"] for entry in own}) == len(own)


def test_the_roles_own_are_in_the_file_of_their_product() -> None:
    """The product is told by the file; an entry that says so itself would be read twice."""
    for product in PRODUCTS:
        path = ROLES_PATH / "apache_waf" / "vars" / "main" / f"exclusions_{product}.yml"
        assert [entry["id"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))[f"__apache_waf_exclusions_{product}"] if "product" in entry] == []
        prefixes = {entry["id"].split("-")[0] for entry in load_exclusions() if entry["product"] == product}
        assert prefixes == {product} if product != "both" else not prefixes & set(PRODUCTS)


@pytest.mark.parametrize("key", ["must_pass", "must_refuse"])
def test_each_of_the_roles_own_has_examples_that_can_be_sent(key: str) -> None:
    assert [entry["id"] for entry in load_exclusions() if not entry.get(key)] == []
    for entry in load_exclusions():
        for example in entry[key]:
            assert set(example) <= corpus.KEYS - {"id", "texts", "each", "client", "why"}, entry["id"]
            sent = corpus.fill(example, "")
            assert sent["path"].startswith("/"), entry["id"]
            assert corpus.MARK not in sent["path"] + sent["body"].decode(errors="replace"), entry["id"]


def test_each_example_that_must_pass_is_on_a_path_and_has_a_method_of_its_exclusion() -> None:
    for entry in load_exclusions():
        for example in entry["must_pass"]:
            path = example["path"].partition("?")[0]
            assert any(re.fullmatch(pattern, path) for pattern in entry["paths"]), (entry["id"], path)
            assert example.get("method", "GET") in entry.get("methods", [example.get("method", "GET")]), (entry["id"], path)


def test_none_of_the_roles_own_is_read_as_a_template() -> None:
    """Ansible would take {{, {% and {# in role variables for Jinja."""
    text = json.dumps(list(load_exclusions()))
    assert [mark for mark in ("{{", "{%", "{#") if mark in text] == []


def test_exclusions_of_another_folder_are_read_as_data(tmp_path: Path) -> None:
    folder = tmp_path / "apache_waf" / "vars" / "main"
    folder.mkdir(parents=True)
    for product in PRODUCTS:
        entry = {key: value for key, value in SOUND.items() if key != "product"} | {"id": product}
        (folder / f"exclusions_{product}.yml").write_text(yaml.safe_dump({f"__apache_waf_exclusions_{product}": [entry]}), encoding="utf-8")
    assert [(entry["id"], entry["product"]) for entry in load_exclusions(tmp_path)] == [(product, product) for product in PRODUCTS]
