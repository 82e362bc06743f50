# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be mended in the vendor's documents. Each entry has a reason; one that is not needed any more fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Members:
    """Members that a schema of the document lacks, or has wrong; or a whole schema that it lacks."""

    schema: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class Answer:
    """The schema of a good answer instead of the document's."""

    schema: Mapping[str, Any]
    reason: str
    # A body that the product sends and the document as published refuses: the proof that the patch is needed.
    sent: Any
    # The documents that have the mistake, by their versions; none named: all of them.
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Patches:
    """Keys: name of a schema; an operation like "GET /api/2/project"."""

    added_members: Mapping[str, Members] = field(default_factory=dict)
    replaced_answers: Mapping[str, Answer] = field(default_factory=dict)
    # Codes that the document does not list for the operation, each with the reason why the simulator may answer it.
    extra_status: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    # Operations for which the document has a request body, and none is sent.
    no_body: Mapping[str, str] = field(default_factory=dict)
    # Operations that take a request body, and the document has none.
    added_bodies: Mapping[str, Members] = field(default_factory=dict)

    def answer(self, operation: str, document: str) -> Answer | None:
        found = self.replaced_answers.get(operation)
        return found if found is not None and (not found.documents or document in found.documents) else None
