# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of inventory hosts, read lazily, with every problem turned into a sentence.

A value may be a template over a variable nobody defined; that is something to tell the operator, not a crash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from jinja2 import TemplateError, Undefined

SECRETS = frozenset({"atlassian_api_token", "atlassian_password", "atlassian_witness_token", "atlassian_witness_password"})

# What reading a value may raise: Ansible's own errors, and inside a template (from ansible-core 2.19 on) Jinja's.
_UNREADABLE = (AnsibleError, TemplateError)
_UNDEFINED = re.compile(r"'([A-Za-z_][A-Za-z0-9_]*)' is undefined")


class Problems:
    """Sentences by what they say, so that a group variable read on forty hosts is complained about once."""

    def __init__(self) -> None:
        self._hosts: dict[str, list[str]] = {}

    def add(self, host: str, sentence: str) -> None:
        hosts = self._hosts.setdefault(sentence, [])
        if host not in hosts:
            hosts.append(host)

    def sentences(self) -> list[str]:
        return [f"{some(hosts)}: {sentence}" for sentence, hosts in self._hosts.items()]


def some(hosts: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    if len(hosts) <= 3:
        return ", ".join(hosts)
    return f"{', '.join(hosts[:3])} and {len(hosts) - 3} more"


def _plain(value: Any) -> Any:
    """The value with everything inside it templated: lists and mappings of host variables are lazy."""
    if isinstance(value, Undefined):
        # Touching it raises the error that made it, with its message; an undefined value is not an error until then.
        raise TemplateError(_message(value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _message(undefined: Undefined) -> str:
    try:
        return str(undefined)
    except TemplateError as error:
        return str(error)


class HostValues:
    """The variables of one host; what cannot be templated becomes a problem once and counts as unset afterwards."""

    def __init__(self, name: str, variables: Mapping[str, Any], problems: Problems) -> None:
        self.name = name
        self._variables = variables
        self._problems = problems
        self._unreadable: set[str] = set()

    def __iter__(self) -> Any:
        return iter(self._variables)

    def problem(self, sentence: str) -> None:
        self._problems.add(self.name, sentence)

    def unreadable(self, name: str) -> bool:
        """Whether the value was complained about already, so that "is missing" need not follow."""
        return name in self._unreadable

    def get(self, name: str, default: Any = None) -> Any:
        """The templated value, or the default where it is unset, null or cannot be templated."""
        if name in self._unreadable or name not in self._variables:
            return default
        try:
            value = _plain(self._variables[name])
        except _UNREADABLE as error:
            self._unreadable.add(name)
            self.problem(f"{name} cannot be read: {_why(name, error)}")
            return default
        return default if value is None else value

    def quietly(self, name: str, default: Any = None) -> Any:
        """The same, without a word where it cannot be templated."""
        return HostValues(self.name, self._variables, Problems()).get(name, default)

    def present(self, name: str) -> bool:
        """Whether a secret (or any text) is there; its value goes nowhere."""
        value = self.get(name)
        try:
            # A vaulted value is decrypted only now, and may fail to be.
            return value is not None and str(value).strip() != ""
        except _UNREADABLE as error:
            self._unreadable.add(name)
            self.problem(f"{name} cannot be read: {_why(name, error)}")
            return False


def _why(name: str, error: Exception) -> str:
    undefined = _UNDEFINED.search(str(error))
    if undefined:
        return f"the variable {undefined.group(1)} is not defined"
    if name in SECRETS:
        # The message of a template error may quote the template's source, or what it was given.
        return "it could not be decrypted or templated (the details are withheld, since it is a secret)"
    return " ".join(str(error).split())
