# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded bodies against the patched schemas: the patches must say what real sites say, and be needed."""

from __future__ import annotations

import json

import pytest
from contracts.contract import patches
from contracts.contract.document import Document, closed

SAMPLES = {
    "permissionscheme-list-expanded.json": "PermissionSchemesBean",
    "permissionscheme-by-id-short.json": "PermissionSchemeBean",
    "project-permissionscheme.json": "PermissionSchemeBean",
    "permissionscheme-create-request.json": "PermissionSchemeBean",
    "permissionscheme-missing-error.json": "ErrorCollection",
    "error-field.json": "ErrorCollection",
    "groups-picker.json": "GroupSuggestionsBean",
    "filter-permission-global.json": "FilterPermissionBean",
}

# What the modules read, by operation: a member that no document and no sample knows must not be relied on.
READS = {
    "GET /api/2/serverInfo": ("version", "baseUrl"),
    "GET /api/2/myself": ("name",),
    "GET /api/2/mypermissions": ("permissions.*.havePermission",),
    "GET /api/2/project": ("[].key",),
    "GET /api/2/dashboard": ("dashboards.[].id", "total"),
    "GET /api/2/user/picker": ("users.[].name", "total"),
    "GET /api/2/groupuserpicker": ("users.users.[].name", "groups.groups.[].name"),
    "GET /api/2/groups/picker": ("groups.[].name", "total"),
    "GET /api/2/permissionscheme": (
        "permissionSchemes.[].id", "permissionSchemes.[].name", "permissionSchemes.[].permissions.[].id",
        "permissionSchemes.[].permissions.[].permission", "permissionSchemes.[].permissions.[].holder.type",
        "permissionSchemes.[].permissions.[].holder.parameter",
    ),
    "GET /api/2/application-properties": ("[].key", "[].value", "value"),
    "GET /api/2/applicationrole": ("[].groups",),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_recorded_body_fits_the_patched_schema(contracts, document, sample):
    body = json.loads((contracts / "samples" / "jira" / sample).read_text(encoding="utf-8"))
    assert document.problems(document.schema(SAMPLES[sample]), body) == []


@pytest.mark.parametrize("operation", READS)
def test_each_member_the_modules_read_is_known(document, operation):
    method, path = operation.split(" ", 1)
    found = document.find(method, f"/rest{path}")
    assert found is not None
    patch = patches.REPLACED_ANSWERS.get(operation)
    schema = patch.schema if patch else found.raw["responses"]["200"]["content"]["application/json"]["schema"]
    for members in READS[operation]:
        assert document.knows(closed(schema), members), members


@pytest.mark.parametrize("name", patches.ADDED_MEMBERS)
def test_an_added_member_is_missing_in_some_document(contracts, name):
    """A patch that no document needs any more must go."""
    raw = [json.loads(file.read_text(encoding="utf-8"))["components"]["schemas"][name] for file in sorted(contracts.glob("jira-software-dc-*-openapi.json"))]
    assert len(raw) == 3
    assert any(schema.get("properties", {}).get(member) != value for schema in raw for member, value in patches.ADDED_MEMBERS[name].schema.items())


@pytest.mark.parametrize("operation", patches.REPLACED_ANSWERS)
def test_a_replaced_answer_is_wrong_in_the_document(document, operation):
    method, path = operation.split(" ", 1)
    found = document.find(method, f"/rest{path}")
    assert found is not None and found.template == path
    code = "201" if method == "POST" else "200"
    assert "$ref" in found.raw["responses"][code]["content"]["application/json"]["schema"]


@pytest.mark.parametrize("operation", patches.EXTRA_STATUS)
def test_an_extra_code_is_not_documented(document, operation):
    method, path = operation.split(" ", 1)
    found = document.find(method, f"/rest{path}")
    assert found is not None and found.template == path
    assert {str(code) for code in patches.EXTRA_STATUS[operation]} & set(found.raw["responses"]) == set()


def test_the_schemas_are_really_closed(contracts):
    document = Document(contracts, "10.3")
    grant = {"id": 1, "self": "x", "holder": {"type": "anyone", "value": "x"}, "permission": "BROWSE_PROJECTS"}
    assert document.problems(document.schema("PermissionGrantBean"), grant) == ["holder: Additional properties are not allowed ('value' was unexpected)"]
    assert document.problems(document.schema("ServerInfoBean"), {"invented": 1}) != []
    assert document.problems(document.schema("PermissionGrantBean"), {"id": "1"}) != []
