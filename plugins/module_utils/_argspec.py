# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Argument specs as values that merge, and the options every module shares. The documentation fragments mirror them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule


@dataclass(frozen=True)
class ArgumentSpec:
    """Options with the rules between them."""

    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutually_exclusive: Sequence[tuple[str, ...]] = ()
    required_together: Sequence[tuple[str, ...]] = ()
    required_one_of: Sequence[tuple[str, ...]] = ()
    required_by: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def merge(self, other: ArgumentSpec) -> ArgumentSpec:
        """Both together. Raises ValueError where they name the same option."""
        twice = set(self.options) & set(other.options)
        if twice:
            raise ValueError(f"options defined twice: {', '.join(sorted(twice))}")
        return ArgumentSpec(
            {**self.options, **other.options},
            [*self.mutually_exclusive, *other.mutually_exclusive],
            [*self.required_together, *other.required_together],
            [*self.required_one_of, *other.required_one_of],
            {**self.required_by, **other.required_by},
        )

    def create_module(self) -> AnsibleModule:
        """Every module of ours supports check mode: it is only the missing last step."""
        return AnsibleModule(
            argument_spec={name: dict(option) for name, option in self.options.items()},
            mutually_exclusive=list(self.mutually_exclusive),
            required_together=list(self.required_together),
            required_one_of=list(self.required_one_of),
            required_by=dict(self.required_by),
            supports_check_mode=True,
        )


# url and credentials are no `required` here: they may come from the environment, as a set (see _module.connect).
CONNECTION = ArgumentSpec(
    {
        "url": {"type": "str"},
        "token": {"type": "str", "no_log": True},
        "username": {"type": "str"},
        "password": {"type": "str", "no_log": True},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path", "no_log": False},
        "timeout": {"type": "int", "default": 30},
        "connections": {"type": "int", "default": 4},
        "allow_http": {"type": "bool", "default": False},
    },
    mutually_exclusive=[("token", "username"), ("token", "password")],
    required_together=[("username", "password")],
    required_by={"client_key": ["client_cert"]},
)
IDENTITY_OPTIONS = ("url", "token", "username", "password")
# For modules that may use administration pages.
FORMS = ArgumentSpec({"allow_forms": {"type": "bool", "default": False}})
# For modules that may reach Confluence's permissions in several ways.
ROUTES = ArgumentSpec({"routes": {"type": "list", "elements": "str", "choices": ["rest", "jsonrpc", "form"], "default": ["rest", "jsonrpc", "form"]}})
