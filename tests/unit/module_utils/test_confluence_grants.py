# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Grants in the three ways the product writes them; what is not understood is an error or is seen, never skipped."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import (
    ANONYMOUS,
    RPC_NAMES,
    SPACE_OPERATIONS,
    VIEW_PROFILES,
    Grant,
    Holder,
    Operation,
    by_operation,
    from_rpc_name,
    parse_grants,
    parse_operation,
    texts,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_permission_form import box, box_holder, parse_box
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

READ = Operation("space", "read")
ITEM = {"operation": {"targetType": "space", "operationKey": "read"}, "subject": {"type": "group", "name": "staff"}, "spaceKey": "A", "spaceId": 1}
PARSED = [Grant(READ, Holder("group", "staff"))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [([], []), ([ITEM], PARSED), (ITEM, PARSED), ({"operations": [ITEM]}, PARSED), ({"operations": []}, []), ([ITEM, ITEM], PARSED * 2)],
    ids=["empty", "list", "lone object", "envelope", "empty envelope", "twice"],
)
def test_shapes(body: Any, expected: list[Grant]) -> None:
    assert parse_grants(body, "/x") == expected


@pytest.mark.parametrize(
    "body",
    [None, "x", 1, True, {}, {"results": []}, {"operations": {}}, ["x"], [None], [[]], [{}], [{"operation": None}], [{"operation": "space read"}],
     [{"operation": {"targetType": "space"}}], [ITEM, {"subject": {}}], {"statusCode": 403}],
)  # fmt: skip
def test_nonsense_is_an_error(body: Any) -> None:
    with pytest.raises(AtlassianError, match="GET /x answered in a shape that is not known"):
        parse_grants(json.loads(json.dumps(body)), "/x")


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"type": "anonymous", "displayName": "Anonymous"}, ANONYMOUS),
        ({"type": "group", "name": "staff"}, Holder("group", "staff")),
        ({"type": "user", "userKey": "ff1", "displayName": "Ann"}, Holder("userkey", "ff1")),
        ({"type": "known", "userKey": "ff1"}, Holder("userkey", "ff1")),
        ({"type": "group"}, Holder("unknown")),
        ({"type": "user", "displayName": "Ann"}, Holder("unknown", "Ann")),
        ({}, Holder("unknown")),
        (None, Holder("unknown")),
        ("staff", Holder("unknown")),
    ],
)
def test_holders(subject: Any, expected: Holder) -> None:
    assert parse_grants([{**ITEM, "subject": subject}], "/x") == [Grant(READ, expected)]


def test_a_grant_without_a_subject_is_somebodys() -> None:
    assert parse_grants([{"operation": ITEM["operation"]}], "/x") == [Grant(READ, Holder("unknown"))]


def test_words_for_people() -> None:
    assert READ.text == "space read" and READ.as_json() == {"targetType": "space", "operationKey": "read"}
    assert texts([Holder("group", "staff"), ANONYMOUS, Holder("group", "staff")]) == ["anonymous", "group:staff"]


def test_holders_by_operation_are_sorted_and_each_once() -> None:
    create = Operation("page", "create")
    grants = [Grant(READ, Holder("group", "b")), Grant(READ, ANONYMOUS), Grant(create, Holder("group", "a")), Grant(READ, ANONYMOUS)]
    found = by_operation(grants)
    assert list(found.items()) == [(create, [Holder("group", "a")]), (READ, [ANONYMOUS, Holder("group", "b")])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("space read", READ),
        (" space   read ", READ),
        ("Space read", None),
        ("read", None),
        ("application use", None),
        ("user read", None),
        ("", None),
    ],
)
def test_operations_as_users_write_them(text: str, expected: Operation | None) -> None:
    assert parse_operation(text) == expected


def test_every_operation_of_a_space_has_a_name_of_its_own() -> None:
    assert len(SPACE_OPERATIONS) == 14
    assert len({RPC_NAMES[operation] for operation in SPACE_OPERATIONS}) == 14
    for operation in SPACE_OPERATIONS:
        assert parse_operation(operation.text) == from_rpc_name(RPC_NAMES[operation].lower()) == operation


def test_a_name_nobody_knows_stays_what_it_is() -> None:
    assert from_rpc_name("FLYSPACE") == Operation("unknown", "FLYSPACE")
    assert from_rpc_name("VIEWUSERPROFILES") == VIEW_PROFILES[0]


@pytest.mark.parametrize(
    ("name", "permission", "holder"),
    [
        ("confluence_checkbox_viewspace_anonymous", "VIEWSPACE", ANONYMOUS),
        ("confluence_checkbox_viewspace_group_a_group_b", "VIEWSPACE", Holder("group", "a_group_b")),
        ("confluence_checkbox_viewspace_group_anonymous", "VIEWSPACE", Holder("group", "anonymous")),
        ("confluence_checkbox_comment_user_Ann Müller", "COMMENT", Holder("user", "Ann Müller")),
        ("confluence_checkbox_flyspace_anonymous", "FLYSPACE", ANONYMOUS),
    ],
)
def test_boxes(name: str, permission: str, holder: Holder) -> None:
    assert parse_box(name) == (permission, holder)
    assert box(permission, holder) == name
    assert box_holder(name, permission) == holder and box_holder(name, "OTHER") is None


@pytest.mark.parametrize(
    "name",
    [
        "confluence_initial_viewspace_anonymous",
        "confluence_checkbox_viewspace",
        "confluence_checkbox_viewspace_group",
        "confluence_checkbox_viewspace_user_",
        "confluence_checkbox_viewspace_anonymous_x",
        "confluence_checkbox_useconfluence_unlicensed",
        "x_confluence_checkbox_viewspace_anonymous",
        "atl_token",
    ],
)
def test_other_controls_are_no_boxes(name: str) -> None:
    assert parse_box(name) is None and box_holder(name, "VIEWSPACE") is None
