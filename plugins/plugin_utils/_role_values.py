# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the roles' own variables, judged by the roles' argument specifications before any host is touched.

A role judges them itself when it begins, but then the roles before it have already changed the host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import SITE_GROUPS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._hostvalues import SECRETS, HostValues, Problems

# Where playbooks/site.yml runs each role.
ROLE_GROUPS: dict[str, tuple[str, ...]] = {
    "atlassian": ("atlassian_proxies", "jira_nodes", *SITE_GROUPS),
    "apache_tls": ("atlassian_proxies",),
    "apache_proxy": ("atlassian_proxies",),
    "apache_waf": ("atlassian_proxies",),
    "fail2ban_atlassian": ("atlassian_proxies", "jira_nodes"),
    "jira_hardening": ("jira_sites",),
    "confluence_hardening": ("confluence_sites",),
}

_ANYTHING = ("str", "raw", "path")  # Ansible turns whatever comes into a text
# As `-e name=value` gives it, and how it is given as what it is.
_NO_TEXT = {"bool": """-e '{{"{}": false}}'""", "list": """-e '{{"{}": ["a", "b"]}}'""", "dict": """-e '{{"{}": {{"a": "b"}}}}'"""}
_LIKE_SECRET = re.compile(r"token|password|passphrase|secret")
_USER = re.compile(r"//[^\s'\"]*@")
_BOOLEANS = re.compile(r"\.? Valid booleans include:.*")  # a long list, in another order each time


class Complaints(Problems):
    """Problems that can be asked what was complained about already."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: set[tuple[str, str]] = set()

    def add(self, host: str, sentence: str) -> None:
        super().add(host, sentence)
        self._begun.add((host, re.split(r"[^A-Za-z0-9_]", sentence, maxsplit=1)[0]))

    def about(self, host: str, variable: str) -> bool:
        """Whether a sentence of that host begins with the variable."""
        return (host, variable) in self._begun


def runs_on(role: str, groups: Sequence[str]) -> bool:
    """Whether a role runs on a target that is in these groups of ours."""
    return any(group in ROLE_GROUPS.get(role, ()) for group in groups)


def check_role_values(
    name: str, variables: Mapping[str, Any], groups: Sequence[str], options: Mapping[str, Mapping[str, Mapping[str, Any]]], problems: Complaints
) -> None:
    """Every variable that is set for one target and belongs to a role that runs there; one that was complained about before is left alone.

    variables are Ansible's own of that target, groups are ours that it is in, options is {role: {variable: its argument specification}}. A value that cannot
    be templated yet is left to the role: the facts that it waits for may be gathered by then. Secrets are never read.
    """
    # What cannot be read is no problem here.
    host = HostValues(name, variables, Problems())
    given = set(host)
    for role, specifications in options.items():
        if not runs_on(role, groups):
            continue
        for variable in sorted(given & set(specifications)):
            if _can_fail(specifications[variable]) and not _secret(variable) and not problems.about(name, variable):
                for words in _refusals(variable, specifications[variable], host, texts=role == "atlassian"):
                    problems.add(name, f"{variable} would stop the role {role}: {words}")


def _can_fail(specification: Mapping[str, Any]) -> bool:
    return "choices" in specification or specification.get("type", "str") not in _ANYTHING


def _secret(variable: str) -> bool:
    return variable in SECRETS or _LIKE_SECRET.search(variable) is not None


def _secrets_within(specification: Mapping[str, Any]) -> bool:
    return any(_secret(name) or option.get("no_log", False) or _secrets_within(option) for name, option in (specification.get("options") or {}).items())


def _refusals(variable: str, specification: Mapping[str, Any], host: HostValues, texts: bool) -> list[str]:
    """texts: whether the role reads a text such as "false" or "a,b" as what it stands for. Others take it as it is, though Ansible's check lets it pass."""
    value = host.get(variable)
    if value is None:
        # Unset, or null, which means the default.
        return []
    kind = specification.get("type", "str")
    if isinstance(value, str) and kind in _NO_TEXT and not texts:
        return [f"it is a text where a {kind} is needed; on the command line write it as JSON, like {_NO_TEXT[kind].format(variable)}"]
    try:
        result = ArgumentSpecValidator({variable: dict(specification)}).validate({variable: value})
        found = result.error_messages
    except (TypeError, ValueError, AttributeError) as error:
        # Ansible's own check stumbles over some values, as it would in the role: keys that are no texts, for example.
        found = [f"Ansible cannot judge it ({error})"]
    if found and (specification.get("no_log", False) or _secrets_within(specification)):
        return ["the details are withheld, since it holds a secret"]
    return [_USER.sub("//***@", _BOOLEANS.sub("", " ".join(words.split()))) for words in found]
