# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules by which the proxy refuses: the role's own, read as data, and the operator's, checked before any host is touched.

The form of a rule is told in roles/apache_proxy/vars/main/refusals_prx_02.yml.
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
from ansible_collections.hardening.atlassian.plugins.plugin_utils._operators_list import added_ids, check_ids, entries, key_problems, line_problems

CONTROLS = ("PRX-02", "PRX-03", "PRX-04", "PRX-16", "PRX-17")
PRODUCTS = ("jira", "confluence", "both")

_NEEDED = ("id", "control", "product", "reason")
_ALLOWED = (*_NEEDED, "paths", "exact", "actions", "extension", "methods_open", "except", "source", "must_refuse", "must_pass")
_LISTS = ("paths", "actions", "methods_open", "except", "must_refuse", "must_pass")
_METHOD = re.compile(r"[A-Z]+")
_COOKIE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# The text stands between quotes in a file of httpd's, which would expand ${...} and end the line at a line break.
_UNQUOTABLE = re.compile(r'["\x00-\x20\x7f]|\$\{')


def vars_file(control: str, roles_path: Path = ROLES_PATH) -> Path:
    return roles_path / "apache_proxy" / "vars" / "main" / f"refusals_{control.lower().replace('-', '_')}.yml"


@functools.lru_cache(maxsize=4)
def load_rules(roles_path: Path = ROLES_PATH) -> tuple[dict[str, Any], ...]:
    """The role's own rules, in the order of the controls."""
    rules: list[dict[str, Any]] = []
    for control in CONTROLS:
        path = vars_file(control, roles_path)
        rules += yaml_load(path.read_bytes())[f"__apache_proxy_rules_{control.lower().replace('-', '_')}"]
    return tuple(rules)


def check_refusals(host: HostValues) -> None:
    """Every variable of one host that adds rules or switches some on or off."""
    own = {rule["id"] for rule in load_rules()}
    extra = added_ids(host, "apache_proxy_rules_extra", own, rule_problems, "a rule of the role has; skip that one")
    check_ids(host, "apache_proxy_rules_skipped", own | extra, "a rule of docs/refusals.md or of apache_proxy_rules_extra")
    optional = {rule["id"] for rule in load_rules() if "optional" in rule}
    check_ids(host, "apache_proxy_rules_optional", optional, "one of the rules that are off by default")
    _check_cookies(host)


def rule_problems(rule: Mapping[str, Any]) -> list[str]:
    """What is wrong with one rule of the operator's, each a half sentence that names key and value."""
    found = key_problems(rule, _NEEDED, _ALLOWED) + line_problems(rule, (*_NEEDED, "source"))
    for key, choices in (("control", CONTROLS), ("product", PRODUCTS)):
        if key in rule and rule[key] not in choices:
            found.append(f"has the {key} {rule[key]!r}, expected one of {', '.join(choices)}")
    found += [f"has {key} {rule[key]!r}, expected a list of texts" for key in _LISTS if key in rule and not _texts(rule[key])]
    if not found:
        found += _pattern_problems(rule)
    return found


def _pattern_problems(rule: Mapping[str, Any]) -> list[str]:
    found = []
    if bool(rule.get("paths")) == bool(rule.get("actions")):
        found.append("needs either paths or actions")
    if rule.get("actions") and rule.get("extension") not in ("jspa", "action"):
        found.append(f"has the extension {rule.get('extension')!r}, expected jspa or action, as it has actions")
    if "exact" in rule and not isinstance(rule["exact"], bool):
        found.append(f"has exact {rule['exact']!r}, expected true or false")
    for key in ("paths", "except", "must_refuse", "must_pass"):
        found += [f"has {text!r} in {key}, which needs a slash at its beginning" for text in rule.get(key, []) if not text.startswith("/")]
    found += [f"has {text!r} in paths, which is everything" for text in rule.get("paths", []) if text.strip("/") == ""]
    for key in ("paths", "actions", "except"):
        found += [f"has {text!r} in {key}, {why}" for text in rule.get(key, []) if (why := _unusable(text))]
    for key in ("must_refuse", "must_pass"):
        found += [f"has {text!r} in {key}, which holds a blank or a control character" for text in rule.get(key, []) if re.search(r"[\x00-\x20\x7f]", text)]
    found += [f"has {text!r} in methods_open, expected a method like GET" for text in rule.get("methods_open", []) if not _METHOD.fullmatch(text)]
    return found


def _unusable(pattern: str) -> str:
    if _UNQUOTABLE.search(pattern):
        return "which holds a blank, a quote, a control character or ${, and none of them can stand in a pattern"
    try:
        re.compile(pattern.replace("/*", "/x"))
    except re.error as error:
        return f"which is no regular expression: {error}"
    return ""


def _texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)


def _check_cookies(host: HostValues) -> None:
    names = entries(host, "apache_proxy_session_cookies")
    if host.get("apache_proxy_session_cookies") == []:
        host.problem("apache_proxy_session_cookies is empty, so PRX-17 could not tell a session")
    for name in names:
        if not isinstance(name, str) or not _COOKIE.fullmatch(name):
            host.problem(f"apache_proxy_session_cookies holds {name!r}, which is no name of a cookie")
