# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded bodies against the patched schemas: the patches must say what real sites say, and be needed."""

from __future__ import annotations

import json

import pytest
from contracts.contract import interfaces
from contracts.contract.document import Document
from contracts.contract.products import CONTRACTS, each, label
from contracts.contract.schemas import closed
from jsonschema import Draft202012Validator


def for_each(words, table):
    """A test for each entry of a table, for each version that has what the entry is about."""
    return pytest.mark.parametrize(("played", words), each(table), indirect=["played"], ids=label)


def once(words, table):
    """A test for each entry of a table, in the product's oldest version: it looks at all documents itself."""
    return for_each(words, lambda contract, version: table(contract) if version == next(iter(contract.documents)) else ())


def present(contract, version, names):
    return [name for name in names if name not in contract.absent.get(version, ())]


def operation_of(document, name):
    """None: another version has it, or another template of the same place."""
    return next((found for found in document.operations if found.name == name), None)


def published(contracts, contract):
    versions = {document: version for version, document in contract.documents.items()}
    return [Document(contracts, contract, version) for version in versions.values()]


def all_samples(contract, version):
    absent = contract.absent.get(version, ())
    return [sample for sample, what in contract.samples.items() if what.split(" ", 1)[1] not in absent]


@for_each("sample", all_samples)
def test_a_recorded_body_fits_the_patched_schema(contracts, contract, document, sample):
    body = json.loads((contracts / "samples" / contract.name / sample).read_text(encoding="utf-8"))
    kind, name = contract.samples[sample].split(" ", 1)
    if kind == "schema":
        assert document.problems(document.schema(name), body) == []
        return
    method, path = name.split(" ", 1)
    operation, entry = document.find(method, f"/rest{path}"), interfaces.find(contract.private, method, path)
    if operation is not None:
        judged = document.problems_of_request(operation, body) if kind == "request" else document.problems_of_answer(operation, 200, body)
    else:
        assert entry is not None, name
        judged = [error.message for error in Draft202012Validator(entry.request if kind == "request" else entry.answer).iter_errors(body)]
    assert judged == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_recorded_body_is_forgotten(contracts, name):
    files = {file.name for file in (contracts / "samples" / name).glob("*.json")}
    assert files == CONTRACTS[name].samples.keys() | CONTRACTS[name].other_samples.keys()


@for_each("operation", lambda contract, version: present(contract, version, contract.reads))
def test_each_member_the_modules_read_is_known(contract, document, operation):
    method, path = operation.split(" ", 1)
    found, entry = document.find(method, f"/rest{path}"), interfaces.find(contract.private, method, path)
    schema = document.answer_schema(found, 200) if found is not None else entry.answer if entry is not None else None
    assert schema is not None
    for members in contract.reads[operation]:
        assert document.knows(schema, members), members


def members_added(contract):
    return [(name, member) for name, members in contract.patches.added_members.items() for member in members.schema]


@once("member", members_added)
def test_an_added_member_is_missing_in_some_document(contracts, contract, member):
    """A patch that no document needs any more must go."""
    schema, name = member
    wanted = closed(contract.patches.added_members[schema].schema[name])
    raw = [document.published["components"]["schemas"].get(schema) for document in published(contracts, contract)]
    assert any(found is not None and closed(found.get("properties", {}).get(name)) != wanted for found in raw)


def answers_replaced(contract, version):
    names = present(contract, version, contract.patches.replaced_answers)
    return [name for name in names if contract.patches.answer(name, contract.documents[version]) is not None]


@for_each("operation", answers_replaced)
def test_a_replaced_answer_is_wrong_in_the_document(contract, document, operation):
    patch = contract.patches.replaced_answers[operation]
    found = operation_of(document, operation)
    assert found is not None
    raw = document.published_schema(found, 201 if found.method == "POST" else 200)
    assert document.problems(closed(patch.schema), patch.sent) == []
    assert document.problems(raw, patch.sent) != []


@once("operation", lambda contract: contract.patches.extra_status)
def test_an_extra_code_is_not_documented(contracts, contract, operation):
    found = [have for document in published(contracts, contract) if (have := operation_of(document, operation)) is not None]
    assert found != []
    for code in contract.patches.extra_status[operation]:
        assert all(str(code) not in have.raw["responses"] for have in found)


@once("operation", lambda contract: contract.patches.no_body)
def test_a_body_that_nobody_sends_is_documented(contracts, contract, operation):
    assert any((have := operation_of(document, operation)) is not None and have.raw.get("requestBody") for document in published(contracts, contract))


@once("operation", lambda contract: contract.patches.added_bodies)
def test_an_added_body_is_not_documented(contracts, contract, operation):
    found = [have for document in published(contracts, contract) if (have := operation_of(document, operation)) is not None]
    assert found != [] and all("requestBody" not in have.raw for have in found)


def test_the_schemas_are_really_closed(contracts):
    document = Document(contracts, CONTRACTS["jira"], "10.3")
    grant = {"id": 1, "self": "x", "holder": {"type": "anyone", "value": "x"}, "permission": "BROWSE_PROJECTS"}
    assert document.problems(document.schema("PermissionGrantBean"), grant) == ["holder: Additional properties are not allowed ('value' was unexpected)"]
    assert document.problems(document.schema("ServerInfoBean"), {"invented": 1}) != []
    assert document.problems(document.schema("PermissionGrantBean"), {"id": "1"}) != []


@pytest.mark.parametrize("version", ["9.2", "10.2"])
def test_schemas_without_a_type_are_closed_too(contracts, version):
    """As published they accept almost anything: members without a type, and schemas that say nothing at all."""
    document = Document(contracts, CONTRACTS["confluence"], version)
    granted = [{"operation": {"targetType": "application", "operationKey": "use"}, "subject": {"type": "anonymous"}, "spaceKey": "DOC"}]
    found = document.problems(document.answer_schema(document.find("GET", "/rest/api/permissions"), 200), granted)
    assert found == ["0: Additional properties are not allowed ('spaceKey' was unexpected)"]
    assert document.problems(document.schema("Group"), {"invented": 1}) != []
    assert document.problems(document.schema("User"), {"name": "x"}) != []
    assert document.problems(document.schema("Space"), []) != []
