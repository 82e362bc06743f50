# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of users: what was found out is asked once, what was not is asked again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import Holder
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_people import UserNames
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

BY_NAME, BY_KEY = Holder("user", "ann"), Holder("userkey", "ff1")
ANN = {"type": "known", "username": "ann", "userKey": "ff1"}


@pytest.fixture
def asked(call: Any) -> Any:
    return lambda status=200, **answer: call("GET", "/rest/api/user?username=ann", status, **(answer or {"json": ANN}))


def test_each_is_asked_for_once_in_each_direction(wiki: Any, call: Any, asked: Any) -> None:
    names = UserNames(wiki(asked(), call("GET", "/rest/api/user?key=ff1", json=ANN)))
    assert [names.on("rest", BY_NAME), names.on("rest", BY_NAME)] == [BY_KEY, BY_KEY]
    assert [names.on("form", BY_KEY), names.on("jsonrpc", BY_KEY)] == [BY_NAME, BY_NAME]


def test_who_is_named_rightly_or_is_no_user_is_not_asked_for(wiki: Any) -> None:
    names = UserNames(wiki())
    assert (names.on("rest", BY_KEY), names.on("form", BY_NAME), names.on("rest", Holder("group", "ann"))) == (BY_KEY, BY_NAME, Holder("group", "ann"))


def test_who_is_gone_keeps_the_name_and_is_asked_for_once(wiki: Any, asked: Any) -> None:
    names = UserNames(wiki(asked(404)))
    assert [names.on("rest", BY_NAME), names.on("rest", BY_NAME)] == [BY_NAME, BY_NAME]


@pytest.mark.parametrize(
    ("answer", "words"),
    [({"status": 400}, "answered 400"), ({"status": 403}, "answered 403"), ({"status": 500}, "answered 500"), ({"text": "<html>"}, "HTML")],
)
def test_an_error_of_the_way_is_no_fact_and_is_not_remembered(wiki: Any, asked: Any, answer: Any, words: str) -> None:
    names = UserNames(wiki(asked(**answer), asked()))
    with pytest.raises(AtlassianError, match=words):
        names.on("rest", BY_NAME)
    assert names.on("rest", BY_NAME) == BY_KEY
