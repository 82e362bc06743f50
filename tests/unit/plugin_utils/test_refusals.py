# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the operator's: each mistake is a sentence that names host, variable and value; docs/refusals.md is what the rules say."""

from __future__ import annotations

import json
from typing import Any

import pytest
import refusals_doc
import yaml
from ansible_collections.hardening.atlassian.plugins.plugin_utils import _refusals
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues, Problems
from ansible_collections.hardening.atlassian.plugins.plugin_utils._refusals import CONTROLS, check_refusals, load_rules

SPEC = _refusals.ROLES_PATH / "apache_proxy" / "meta" / "argument_specs.yml"
SOUND: dict[str, Any] = {"id": "own-reports", "control": "PRX-02", "product": "jira", "reason": "only administrators run them", "paths": ["/plugins/servlet/x"]}


def problems(**variables: Any) -> list[str]:
    found = Problems()
    check_refusals(HostValues("gate", variables, found))
    return found.sentences()


def extra(**changes: Any) -> list[str]:
    return problems(apache_proxy_rules_extra=[{key: value for key, value in {**SOUND, **changes}.items() if value is not ...}])


def test_sound_rules_and_ids_are_no_problem() -> None:
    assert extra() == []
    assert extra(paths=..., actions=["Report"], extension="jspa", must_refuse=["/Report.jspa"], must_pass=["/a"], **{"except": ["/x"]}, exact=False) == []
    optional = ["jira-contact-form"]
    assert problems(apache_proxy_rules_skipped=["admin", "own-reports"], apache_proxy_rules_extra=[SOUND], apache_proxy_rules_optional=optional) == []
    assert problems() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pathes": ["/x"]}, "has the unknown key 'pathes', did you mean 'paths'?"),
        ({"optional": "x"}, "has the unknown key 'optional'"),
        ({"reason": ...}, "has no reason"),
        ({"product": "bamboo"}, "has the product 'bamboo', expected one of jira, confluence, both"),
        ({"control": "PRX-05"}, "has the control 'PRX-05', expected one of PRX-02, PRX-03, PRX-04, PRX-16, PRX-17"),
        ({"id": "Own Reports"}, "has the id 'Own Reports', expected lower case"),
        ({"id": "admin"}, "has the id 'admin', which a rule of the role has"),
        ({"paths": ["plugins/x"]}, "has 'plugins/x' in paths, which needs a slash at its beginning"),
        ({"paths": ["/"]}, "has '/' in paths, which is everything"),
        ({"paths": ["/a(b"]}, "has '/a(b' in paths, which is no regular expression"),
        ({"paths": ['/a"b']}, "has '/a\"b' in paths, which holds a blank, a quote"),
        ({"paths": ["/a\nb"]}, "in paths, which holds a blank, a quote"),
        ({"paths": ["/${HARDENING_BASE}"]}, "has '/${HARDENING_BASE}' in paths"),
        ({"paths": "/x"}, "has paths '/x', expected a list of texts"),
        ({"paths": ...}, "needs either paths or actions"),
        ({"actions": ["X"], "extension": "jspa"}, "needs either paths or actions"),
        ({"paths": ..., "actions": ["X"]}, "has the extension None, expected jspa or action"),
        ({"except": ["x"]}, "has 'x' in except, which needs a slash"),
        ({"must_refuse": ["x"]}, "has 'x' in must_refuse, which needs a slash"),
        ({"methods_open": ["get"]}, "has 'get' in methods_open, expected a method like GET"),
        ({"reason": "ends in \\"}, "expected one line of text that does not end in a backslash"),
        ({"reason": "two\nRewriteEngine Off"}, "expected one line of text"),
        ({"exact": "yes"}, "has exact 'yes', expected true or false"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_named(changes: dict[str, Any], sentence: str) -> None:
    found = extra(**changes)
    assert len(found) == 1, found
    assert found[0].startswith("gate: apache_proxy_rules_extra, entry 1, ")
    assert sentence in found[0]


def test_an_id_counts_once() -> None:
    assert problems(apache_proxy_rules_extra=[SOUND, SOUND]) == ["gate: apache_proxy_rules_extra, entry 2, has the id 'own-reports' a second time"]


@pytest.mark.parametrize("value", [{"id": "x"}, "x", 3])
def test_what_is_no_list_is_named(value: Any) -> None:
    assert problems(apache_proxy_rules_extra=value) == [f"gate: apache_proxy_rules_extra is {value!r}, expected a list"]
    assert problems(apache_proxy_rules_extra=[3]) == ["gate: apache_proxy_rules_extra, entry 1, is 3, expected a mapping"]


def test_unknown_ids_and_cookies_are_named() -> None:
    assert problems(apache_proxy_rules_skipped=["jira-rset"]) == [
        "gate: apache_proxy_rules_skipped holds 'jira-rset', which is not a rule of docs/refusals.md or of apache_proxy_rules_extra, did you mean 'jira-rest'?"
    ]
    said = problems(apache_proxy_rules_optional=["admin"])[0]
    assert said.startswith("gate: apache_proxy_rules_optional holds 'admin', which is not one of the rules that are")
    assert problems(apache_proxy_session_cookies=["A B"]) == ["gate: apache_proxy_session_cookies holds 'A B', which is no name of a cookie"]
    assert problems(apache_proxy_session_cookies=[]) == ["gate: apache_proxy_session_cookies is empty, so PRX-17 could not tell a session"]


def test_the_argument_spec_knows_the_same_keys() -> None:
    options = yaml.safe_load(SPEC.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]["apache_proxy_rules_extra"]["options"]
    assert set(options) == set(_refusals._ALLOWED)
    assert [name for name, option in options.items() if option.get("required")] == list(_refusals._NEEDED)
    assert options["control"]["choices"] == list(CONTROLS)


def test_the_document_is_fresh_and_shows_every_rule() -> None:
    text = refusals_doc.DOCUMENT.read_text(encoding="utf-8")
    assert text == refusals_doc.render(), "run: make generated"
    assert [rule["id"] for rule in load_rules() if f"| `{rule['id']}` |" not in text] == []
    for rule in load_rules():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| `{rule['id']}` |")]
        assert ("**Off by default**" in row) == ("optional" in rule)


def test_no_rule_is_read_as_a_template() -> None:
    """Ansible would take {{, {% and {# in role variables for Jinja."""
    text = json.dumps(list(load_rules()))
    assert [mark for mark in ("{{", "{%", "{#") if mark in text] == []
