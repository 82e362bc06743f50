# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One OpenAPI document of the vendor, with its schemas closed: a member the document does not know is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from .patches import ADDED_MEMBERS, EXTRA_STATUS, REPLACED_ANSWERS

# Played version -> document. 8.20 and 9.12 have none: they are held against the oldest there is.
DOCUMENTS = {"8.20": "10.0", "9.12": "10.0", "10.3": "10.3", "11.2": "11.2.1"}
FILE = "jira-software-dc-{}-openapi.json"


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
    def __init__(self, folder: Path, version: str) -> None:
        self.version = DOCUMENTS[version]
        found = json.loads((folder / FILE.format(self.version)).read_text(encoding="utf-8"))
        schemas = found["components"]["schemas"]
        for name, members in ADDED_MEMBERS.items():
            schemas[name].setdefault("properties", {}).update(members.schema)
        self._schemas = {name: closed(schema) for name, schema in schemas.items()}
        self.operations = [
            Operation(method.upper(), path, raw)
            for path, item in found["paths"].items()
            for method, raw in item.items()
            if method in ("get", "put", "post", "delete")
        ]

    def find(self, method: str, path: str) -> Operation | None:
        """The operation that serves this path (with /rest before it); the one with the fewest placeholders wins."""
        below = re.sub(r"^/rest(/api)/latest/", r"/rest\1/2/", path).removeprefix("/rest")
        fitting = [item for item in self.operations if item.method == method and _matcher(item.template).fullmatch(below)]
        return min(fitting, key=lambda item: item.template.count("{"), default=None)

    def statuses(self, operation: Operation) -> set[int]:
        documented = {int(code) for code in operation.raw["responses"] if code.isdigit()}
        return documented | set(EXTRA_STATUS.get(operation.name, {}))

    def problems_of_answer(self, operation: Operation, status: int, body: Any) -> list[str]:
        if operation.name in REPLACED_ANSWERS and status < 300:
            return self.problems(closed(REPLACED_ANSWERS[operation.name].schema), body)
        content = operation.raw["responses"].get(str(status), {}).get("content", {})
        if "application/json" not in content:
            return [] if body is None else [f"{operation.name} answers {status} with a body, and the document has none"]
        return self.problems(closed(content["application/json"]["schema"]), body)

    def problems_of_request(self, operation: Operation, body: Any) -> list[str]:
        content = operation.raw.get("requestBody", {}).get("content", {})
        if not content:
            return [] if body is None else [f"{operation.name} takes no body, and one was sent"]
        schema = next(iter(content.values())).get("schema", {})
        return self.problems(closed(schema), body)

    def schema(self, name: str) -> Mapping[str, Any]:
        return {"$ref": f"#/$defs/{name}"}

    def problems(self, schema: Mapping[str, Any], body: Any) -> list[str]:
        validator = Draft202012Validator({"$defs": self._schemas, **schema})
        return [f"{'/'.join(str(part) for part in error.absolute_path) or '(whole body)'}: {error.message}" for error in validator.iter_errors(body)]

    def knows(self, schema: Mapping[str, Any], members: str) -> bool:
        """Is there such a member? members: a path like "permissionSchemes.[].id"."""
        return _knows(schema, members.split("."), self._schemas)


def closed(schema: Any) -> Any:
    """The schema as JSON Schema that refuses unknown members. An object without any member listed takes none."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace("#/components/schemas/", "#/$defs/")}
    # example and xml say nothing about validity; format is not checked.
    kept = {key: value for key, value in schema.items() if key not in ("example", "xml", "format")}
    result = {key: closed(value) if key in ("items", "additionalProperties") else value for key, value in kept.items()}
    if "properties" in result:
        result["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
    if result.get("type") == "object" and "additionalProperties" not in result:
        result["additionalProperties"] = False
    return result


def _matcher(template: str) -> re.Pattern[str]:
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template)))


def _knows(schema: Mapping[str, Any], members: list[str], schemas: Mapping[str, Any]) -> bool:
    for alternative in _alternatives(schema, schemas):
        if not members:
            return True
        head, rest = members[0], members[1:]
        if head == "[]":
            inner = alternative.get("items")
        elif head == "*":
            inner = alternative.get("additionalProperties")
        else:
            inner = alternative.get("properties", {}).get(head)
        if isinstance(inner, Mapping) and _knows(inner, rest, schemas):
            return True
    return False


def _alternatives(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$ref" in schema:
        yield from _alternatives(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    elif "oneOf" in schema:
        for item in schema["oneOf"]:
            yield from _alternatives(item, schemas)
    else:
        yield schema
