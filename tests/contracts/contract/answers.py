# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging answers of the simulator: known code, known members, nothing else."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from . import interfaces
from .document import Document, Operation
from .interfaces import Private
from .product import Contract
from .schemas import closed

# Codes that stand before every resource: log-in, the closed site, CAPTCHA, XSRF, rate limiting.
BEFORE_EVERY_RESOURCE = frozenset((401, 403, 429))
NOT_SERVED = frozenset((404, 405))
HTML, JSON = "text/html", "application/json"


class Judge:
    def __init__(self, contract: Contract, document: Document) -> None:
        self._contract, self._document = contract, document

    def problems(self, method: str, path: str, answer: TestResponse) -> tuple[str | None, list[str]]:
        """(operation or private interface, sentences)."""
        operation = self._document.find(method, path)
        if operation is not None:
            return operation.name, self._documented(operation, answer)
        entry = interfaces.find(self._contract.private, method, path)
        if entry is not None:
            return entry.name, self._private(entry, answer)
        if self._document.absent(method, path):
            return None, self.absent(answer)
        return None, ["neither in the document nor on the list of private interfaces"]

    def _documented(self, operation: Operation, answer: TestResponse) -> list[str]:
        if answer.status_code not in self._document.statuses(operation) | BEFORE_EVERY_RESOURCE:
            return [f"{answer.status_code} is not among the known codes"]
        if answer.status_code >= 400:
            return self._error(answer)
        body = json.loads(answer.data) if answer.data else None
        return self._document.problems_of_answer(operation, answer.status_code, body)

    def _private(self, entry: Private, answer: TestResponse) -> list[str]:
        if answer.status_code not in entry.statuses | BEFORE_EVERY_RESOURCE:
            return [f"{answer.status_code} is not among the known codes"]
        good = answer.status_code < 400
        if not answer.is_json:
            return self._no_json(entry, answer) if good or not answer.data else self._error(answer)
        body = answer.get_json()
        if entry.answer is not None and self._fits(entry.answer, body):
            return []
        if not good:
            return self._error(answer)
        if entry.answer is None:
            return ["JSON where none is known"]
        return [error.message for error in Draft202012Validator(dict(entry.answer)).iter_errors(body)]

    def _no_json(self, entry: Private, answer: TestResponse) -> list[str]:
        if entry.answer is None or answer.mimetype in entry.also or not answer.data and answer.status_code >= 400:
            return []
        return [f"{answer.mimetype} where JSON is known"]

    def absent(self, answer: TestResponse) -> list[str]:
        """Of an operation that the version does not have."""
        if answer.status_code not in NOT_SERVED | BEFORE_EVERY_RESOURCE:
            return [f"{answer.status_code} for an operation that this version does not have"]
        return self._error(answer, of_resource=False)

    def _error(self, answer: TestResponse, of_resource: bool = True) -> list[str]:
        """of_resource: may it be a resource that refuses, or only a path that nobody serves?"""
        if answer.mimetype != JSON:
            return [] if answer.mimetype == HTML else [f"an error as {answer.mimetype}"]
        body = answer.get_json()
        known = [self._contract.unknown, *(self._contract.errors if of_resource else ())]
        if any(self._document.problems(closed(schema), body) == [] for schema in known):
            return []
        return [f"an error body of no known shape: {body}"]

    @staticmethod
    def _fits(schema: Any, body: Any) -> bool:
        return Draft202012Validator(schema).is_valid(body)
