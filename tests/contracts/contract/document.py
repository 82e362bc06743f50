# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One OpenAPI document of the vendor, patched, with its schemas closed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from .product import Contract
from .schemas import closed, knows, ref

METHODS = ("get", "put", "post", "delete")


@dataclass(frozen=True)
class Operation:
    method: str
    template: str  # below /rest
    raw: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def query(self) -> set[str]:
        return {str(item["name"]) for item in self.raw.get("parameters", []) if item["in"] == "query"}


class Document:
    """version: the played version; the operations are those that this version has."""

    def __init__(self, folder: Path, contract: Contract, version: str) -> None:
        self.version = contract.documents[version]
        self._contract, self._patches = contract, contract.patches
        self.published = json.loads((folder / contract.files[self.version]).read_text(encoding="utf-8"))
        schemas: dict[str, Any] = dict(self.published["components"]["schemas"])
        for name, members in self._patches.added_members.items():
            if name in schemas:
                schemas[name] = {**schemas[name], "properties": {**schemas[name].get("properties", {}), **members.schema}}
        self._schemas = {name: closed(schema) for name, schema in schemas.items()}
        self._absent = contract.absent.get(version, ())
        every = [
            Operation(method.upper(), path.removeprefix("/rest"), raw)
            for path, item in self.published["paths"].items()
            for method, raw in item.items()
            if method in METHODS
        ]
        self.operations = [item for item in every if item.name not in self._absent]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that serves this path (with /rest before it); the one with the fewest placeholders wins."""
        below = self._below(path)
        fitting = [item for item in self.operations if item.method == method and _matcher(item.template).fullmatch(below)]
        return min(fitting, key=lambda item: item.template.count("{"), default=None)

    def absent(self, method: str, path: str) -> bool:
        """Is this an operation of other versions, and of this one not?"""
        below = self._below(path)
        named = [name.split(" ", 1) for name in self._absent]
        return any(method == other and _matcher(template).fullmatch(below) for other, template in named)

    def statuses(self, operation: Operation) -> set[int]:
        documented = {int(code) for code in operation.raw["responses"] if code.isdigit()}
        return documented | set(self._patches.extra_status.get(operation.name, {}))

    def answer_schema(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        """Closed; None where the document has no JSON for this code."""
        patch = self._patches.answer(operation.name, self.version)
        if patch is not None and status < 300:
            return dict(closed(patch.schema))
        return self.published_schema(operation, status)

    def published_schema(self, operation: Operation, status: int) -> Mapping[str, Any] | None:
        """As answer_schema, without the patches of this operation."""
        content = operation.raw["responses"].get(str(status), {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else dict(closed(schema))

    def problems_of_answer(self, operation: Operation, status: int, body: Any) -> list[str]:
        schema = self.answer_schema(operation, status)
        if schema is None:
            return [] if body is None else [f"{operation.name} answers {status} with a body, and the document has none"]
        return self.problems(schema, body)

    def problems_of_request(self, operation: Operation, body: Any) -> list[str]:
        added = self._patches.added_bodies.get(operation.name)
        if added is not None:
            return self.problems(closed(added.schema), body)
        content = operation.raw.get("requestBody", {}).get("content", {})
        if not content or operation.name in self._patches.no_body:
            return [] if body is None else [f"{operation.name} takes no body, and one was sent"]
        schema = next(iter(content.values())).get("schema", {})
        return self.problems(closed(schema), body)

    def schema(self, name: str) -> Mapping[str, Any]:
        return dict(closed(ref(name)))

    def problems(self, schema: Mapping[str, Any], body: Any) -> list[str]:
        validator = Draft202012Validator({"$defs": self._schemas, **schema})
        return [f"{'/'.join(str(part) for part in error.absolute_path) or '(whole body)'}: {error.message}" for error in validator.iter_errors(body)]

    def knows(self, schema: Mapping[str, Any], members: str) -> bool:
        """Is there such a member? members: a path like "permissionSchemes.[].id"."""
        return knows(schema, members.split("."), self._schemas)

    def _below(self, path: str) -> str:
        return self._contract.same_as(path).removeprefix("/rest")


def _matcher(template: str) -> re.Pattern[str]:
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template)))
