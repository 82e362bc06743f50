# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemas of the vendor's documents, closed: a member the document does not know is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
# Say nothing about validity, or are not checked (format).
_NO_RULES = ("example", "xml", "format", "description", "writeOnly")


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def listed(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def only(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object with these members and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def closed(schema: Any) -> Any:
    """The schema as JSON Schema that refuses unknown members.

    An object without any member listed takes none; so does a schema that says nothing at all, which would take everything.
    """
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace("#/components/schemas/", "#/$defs/")}
    result = {
        key: closed(value) if key in ("items", "additionalProperties", "oneOf") else value for key, value in schema.items() if key not in _NO_RULES
    }
    if "properties" in result:
        result["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
    if not result or "properties" in result:
        result.setdefault("type", "object")
    if result.get("type") == "object" and "additionalProperties" not in result:
        result["additionalProperties"] = False
    return result


def knows(schema: Mapping[str, Any], members: list[str], schemas: Mapping[str, Any]) -> bool:
    """Is there such a member? members: the parts of a path like permissionSchemes.[].id. schemas: what is under $defs."""
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
        if isinstance(inner, Mapping) and knows(inner, rest, schemas):
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
