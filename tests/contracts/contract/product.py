# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is said about one product: its documents, their patches, the private list, the walk, and what the modules ask and read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .interfaces import Private
from .patching import Patches
from .steps import Step


@dataclass(frozen=True)
class Run:
    """A run of a module. disobeyed: the versions that do not obey, so that the module fails after writing. versions: where it is run; none named: all."""

    module: str
    options: Mapping[str, Any]
    disobeyed: tuple[str, ...] = ()
    restore: bool = False  # takes restore_path
    password: bool = False  # cannot do with a token
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    name: str  # as in SIM_PRODUCT
    title: str
    # Played version -> version of its document -> file.
    documents: Mapping[str, str]
    files: Mapping[str, str]
    # Played version -> operations of some document that this version does not have.
    absent: Mapping[str, tuple[str, ...]]
    # Name of a placeholder in a template -> something there is.
    examples: Mapping[str, str]
    patches: Patches
    private: tuple[Private, ...]
    # JSON errors: of the REST module, which says so for a path that nobody serves; of the resources.
    unknown: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]
    steps: Callable[[str], Iterator[Step]]
    # Played version -> (rule, method) of the simulator that this version answers with refusals only.
    refused: Mapping[str, frozenset[tuple[str, str]]]
    # Recorded body -> what it is: "schema X", "answer GET /x" or "request PUT /x".
    samples: Mapping[str, str]
    # Recorded bodies that nothing here asks for, with the reason.
    other_samples: Mapping[str, str]
    # Operation or private path -> the members the modules read of its answer.
    reads: Mapping[str, tuple[str, ...]]
    runs: tuple[Run, ...]
    # Version, and whether there is a password -> requests that the runs must have sent.
    must_send: Callable[[str, bool], frozenset[str]]
    # A request as the modules send it, and changes of it, each with words of the sentence that the judge must find.
    good_request: Mapping[str, Any]
    bad_requests: tuple[tuple[Mapping[str, Any], str], ...]
    # Path of the log-in page, and the cookies that a first visit sets.
    login_page: str
    first_cookies: tuple[str, ...]
    # Reads a path that the product serves under a second name as the documented one.
    same_as: Callable[[str], str] = field(default=lambda path: path)

    def place(self, template: str) -> str:
        """A path of something there is."""
        return re.sub(r"\{(\w+)\}", lambda match: self.examples[match[1]], template)
