# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firewall does not search: the role's own exclusions, read as data, and the operator's, checked before any host is touched.

The form of an exclusion is told in roles/apache_waf/vars/main/exclusions_both.yml.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import HostValues
from ansible_collections.hardening.atlassian.plugins.plugin_utils._names import ROLES_PATH
from ansible_collections.hardening.atlassian.plugins.plugin_utils._operators_list import added_ids, check_ids, key_problems, line_problems

PRODUCTS = ("both", "jira", "confluence")

_NEEDED = ("id", "product", "reason", "paths")
_TEXTS = ("paths", "methods", "arguments", "patterns", "cookies", "parts", "referrers")
_RULES = ("rules", "rules_off")
_FLAGS = ("whole_body", "raw_bodies")
_EXAMPLES = ("must_pass", "must_refuse")
_ALLOWED = (*_NEEDED, *_TEXTS[1:], *_RULES, *_FLAGS, "accept", *_EXAMPLES)
_METHOD = re.compile(r"[A-Z]+")
# A target of ctl ends at a comma or a quote, and its name is taken as it is.
_TARGET = re.compile(r"[A-Za-z0-9_.:\[\]$@ -]+")
_RULE = re.compile(r"[0-9]{4,7}(?:-[0-9]{4,7})?")
_PART = re.compile(r"[A-Z_]+(?::[A-Za-z0-9_.-]+)?")
# ModSecurity cannot be told to leave out everything that came in, and a part of that kind would take a whole site's rules away.
_TOO_WIDE = ("ARGS", "ARGS_GET", "ARGS_POST", "REQUEST_COOKIES", "REQUEST_HEADERS", "REQUEST_URI", "REQUEST_URI_RAW", "REQUEST_LINE", "XML")
_LEAVES_OUT = ("arguments", "patterns", "cookies", "parts", "referrers", "rules_off", "whole_body", "raw_bodies")
_UNQUOTABLE = re.compile(r'["\x00-\x20\x7f]|\$\{|%\{')


@functools.lru_cache(maxsize=4)
def load_exclusions(roles_path: Path = ROLES_PATH) -> tuple[dict[str, Any], ...]:
    """The role's own exclusions, each with its product."""
    found: list[dict[str, Any]] = []
    for product in PRODUCTS:
        path = roles_path / "apache_waf" / "vars" / "main" / f"exclusions_{product}.yml"
        found += [{**entry, "product": product} for entry in yaml_load(path.read_bytes())[f"__apache_waf_exclusions_{product}"]]
    return tuple(found)


def check_exclusions(host: HostValues) -> None:
    """Every variable of one host that adds exclusions or switches some off."""
    own = {entry["id"] for entry in load_exclusions()}
    extra = added_ids(host, "apache_waf_exclusions", own, exclusion_problems, "an exclusion of the role has; switch that one off")
    check_ids(host, "apache_waf_exclusions_off", own | extra, "an exclusion of docs/waf-exclusions.md or of apache_waf_exclusions")


def exclusion_problems(entry: Mapping[str, Any]) -> list[str]:
    """What is wrong with one exclusion, each a half sentence that names key and value."""
    found = key_problems(entry, _NEEDED, _ALLOWED) + line_problems(entry, ("id", "product", "reason"))
    if "product" in entry and entry["product"] not in PRODUCTS:
        found.append(f"has the product {entry['product']!r}, expected one of {', '.join(PRODUCTS)}")
    found += [f"has {key} {entry[key]!r}, expected a list of texts" for key in _TEXTS if key in entry and not _list_of(entry[key], str)]
    found += [f"has {key} {entry[key]!r}, expected a list of rules" for key in _RULES if key in entry and not _list_of(entry[key], (int, str))]
    found += [f"has {key} {entry[key]!r}, expected true or false" for key in _FLAGS if not isinstance(entry.get(key, False), bool)]
    if not isinstance(entry.get("accept", ""), str):
        found.append(f"has accept {entry['accept']!r}, expected a regular expression")
    found += [f"has {key} {entry[key]!r}, expected a list of mappings" for key in _EXAMPLES if key in entry and not _list_of(entry[key], Mapping)]
    if not found:
        found += _content_problems(entry)
    return found


def _content_problems(entry: Mapping[str, Any]) -> list[str]:
    found = []
    if not any(entry.get(key) for key in _LEAVES_OUT):
        found.append(f"leaves nothing out: it needs one of {', '.join(_LEAVES_OUT)}")
    if not entry["paths"]:
        found.append("has no path")
    for key in ("paths", "patterns", "referrers"):
        found += [f"has {text!r} in {key}, {why}" for text in entry.get(key, []) if (why := _unusable(text))]
    # The Accept header of Java's own client has blanks.
    if why := _unusable(entry.get("accept", "").replace(" ", "")):
        found.append(f"has accept {entry['accept']!r}, {why}")
    found += [f"has {text!r} in paths, which needs a slash at its beginning" for text in entry["paths"] if not text.startswith(("/", "(?:/"))]
    if any(entry.get(key) for key in ("arguments", "patterns", "parts", "whole_body", "raw_bodies")):
        usable = [text for text in entry["paths"] if not _unusable(text)]
        found += [f"has {text!r} in paths, which is everything" for text in usable if re.fullmatch(text, "/no/such-path.of/any")]
    for key in _RULES:
        unknown = [rule for rule in entry.get(key, []) if not _RULE.fullmatch(str(rule))]
        found += [f"has {rule!r} in {key}, expected the number of a rule, or a range like 930120-948999" for rule in unknown]
    found += [f"has {text!r} in methods, expected a method like PUT" for text in entry.get("methods", []) if not _METHOD.fullmatch(text)]
    for key in ("arguments", "cookies"):
        found += [f"has {text!r} in {key}, expected the name as it is sent" for text in entry.get(key, []) if not _TARGET.fullmatch(text)]
    found += [f"has {text!r} in parts, expected a collection like FILES" for text in entry.get("parts", []) if not _PART.fullmatch(text)]
    found += [
        f"has {text!r} in parts for all rules, which is more than an exclusion may leave out: name it closer, or name the rules"
        for text in entry.get("parts", [])
        if text in _TOO_WIDE and not entry.get("rules")
    ]
    # ModSecurity takes the pattern for a list where it finds one of these in it.
    patterns = entry.get("patterns", [])
    found += [f"has {text!r} in patterns, which holds a comma or a |: write two patterns" for text in patterns if re.search("[,|]", text)]
    found += [f"has {text!r} in patterns, which is any name" for text in patterns if not _unusable(text) and re.fullmatch(text, "no_such.name")]
    return found


def _unusable(pattern: str) -> str:
    if _UNQUOTABLE.search(pattern):
        return "which holds a blank, a quote, a control character, ${ or %{, and none of them can stand in a pattern"
    try:
        re.compile(pattern)
    except re.error as error:
        return f"which is no regular expression: {error}"
    return ""


def _list_of(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, kind) and not isinstance(item, bool) for item in value)
