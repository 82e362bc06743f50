# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ways to permissions a task may take, in its order, and why others are not among them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _credentials, _session
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_global_routes import RestGlobal
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_grants import ANONYMOUS, USE, VIEW_PROFILES, Holder, Operation
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_routes import NO_FORMS, NO_PASSWORD, ways
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_session import ConfluenceDoor
from ansible_collections.hardening.atlassian.plugins.module_utils._confluence_space_routes import RestSpaces
from ansible_collections.hardening.atlassian.plugins.module_utils._connect import Connection
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._session import browser_session, check_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Tls

READ = Operation("space", "read")
ALL = ("rest", "jsonrpc", "form")


def link(password: str | None) -> Connection:
    login = ("automation", password) if password else None
    return Connection("https://wiki.example.com", _credentials.token("x"), Tls(), 30, 1, False, login=login)


def names(found: Any) -> tuple[list[str], list[str], list[str]]:
    return [route.name for route in found.of_site], [route.name for route in found.of_spaces], list(found.unusable)


@pytest.mark.parametrize(
    ("order", "allow_forms", "password", "routes", "unusable"),
    [
        (ALL, True, True, list(ALL), []),
        (("form", "rest", "jsonrpc"), True, True, ["form", "rest", "jsonrpc"], []),
        (ALL, False, True, ["rest", "jsonrpc"], [NO_FORMS]),
        (ALL, False, False, ["rest"], [NO_PASSWORD, NO_FORMS]),
        (("jsonrpc",), False, False, [], [NO_PASSWORD]),
        (("rest", "rest"), False, False, ["rest"], []),
        ((), True, True, [], []),
    ],
)
def test_in_the_tasks_order(
    wiki: Any, session: Any, order: tuple[str, ...], allow_forms: bool, password: bool, routes: list[str], unusable: list[str]
) -> None:
    found = ways(wiki(), session() if password else None, order, allow_forms)
    assert names(found) == (routes, routes, unusable)


def test_forms_with_a_token_are_refused() -> None:
    with pytest.raises(AtlassianError, match="allow_forms: the forms need a log-in with username and password"):
        check_forms(link(None), allow_forms=True)
    check_forms(link(None), allow_forms=False)
    check_forms(link("secret"), allow_forms=True)


def test_no_session_without_a_password_or_a_wish() -> None:
    module: Any = SimpleNamespace()
    with browser_session(module, link(None), ConfluenceDoor()) as none, browser_session(module, link("secret"), ConfluenceDoor(), wanted=False) as unwanted:
        assert none is None and unwanted is None


def test_a_session_ends_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = SimpleNamespace()
    closed: list[object] = []

    def close(session: object) -> None:
        closed.append(session)

    monkeypatch.setattr(_session.Session, "close", close)
    with pytest.raises(AtlassianError, match="oops"), browser_session(module, link("secret"), ConfluenceDoor()) as session:
        raise AtlassianError("oops")
    assert closed == [session] and session is not None
    assert "secret" not in repr(session)


def test_a_missing_lxml_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(Exception):
        pass

    def fail_json(msg: str, **_more: Any) -> None:
        raise Ended(msg)

    monkeypatch.setattr(_session, "LXML_IMPORT_ERROR", "Traceback")
    with pytest.raises(Ended, match="lxml"), browser_session(SimpleNamespace(fail_json=fail_json), link("secret"), ConfluenceDoor()):  # type: ignore[arg-type]
        pass


def test_rest_knows_groups_and_keys_only(wiki: Any) -> None:
    route = RestSpaces(wiki())
    assert route.can_grant("A", Holder("group", "staff"), READ) == route.can_grant("A", Holder("userkey", "ff1"), READ) == ""
    assert "user:ann is nobody who can be granted something by REST" in route.can_grant("A", Holder("user", "ann"), READ)
    assert "unknown" in route.can_grant("A", Holder("unknown"), READ)


def test_rest_asks_another_space_where_the_first_has_its_own_trouble(wiki: Any, call: Any) -> None:
    lost = AtlassianError("the connection broke")
    calls = [call("GET", "/rest/api/space/A/permissions/anonymous", error=lost), call("GET", "/rest/api/space/B/permissions/anonymous", 404)]
    assert "this version has no REST for it" in RestSpaces(wiki(*calls)).missing(["A", "B", "C"])


def test_a_personal_space_keeps_its_tilde(wiki: Any, call: Any) -> None:
    assert RestSpaces(wiki(call("GET", "/rest/api/space/~an%2Fn/permissions/anonymous", json=[]))).anonymous("~an/n") == []


def test_the_list_of_a_space_never_replaces_anonymous_own(wiki: Any, call: Any) -> None:
    item = {"operation": READ.as_json(), "subject": {"type": "anonymous"}}
    calls = [call("GET", "/rest/api/space/A/permissions", json=[item]), call("GET", "/rest/api/space/A/permissions/anonymous", json=[])]
    assert RestSpaces(wiki(*calls)).grants("A") == []


def test_the_remote_api_calls_by_name(wiki: Any, session: Any, call: Any, log_in: Any) -> None:
    def write(method: str) -> Any:
        return call("POST", f"/rpc/json-rpc/confluenceservice-v2/{method}", body=[], json=True, session=True)

    wanted = {(USE, True): "addAnonymousUse", (USE, False): "removeAnonymousUse"}
    wanted.update({(VIEW_PROFILES[n], n == 0): f"{'add' if n == 0 else 'remove'}AnonymousViewUserProfile" for n in (0, 1)})
    browser = session(*log_in(), *(write(f"{name}Permission") for name in wanted.values()))
    route = ways(wiki(), browser, ["jsonrpc"], False).of_site[0]
    for operation, granted in wanted:
        route.write(ANONYMOUS.kind, operation, granted)
    assert route.read(ANONYMOUS.kind) is None and route.users_of_site() is None


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ([("useconfluence_group_staff", True), ("useconfluence_user_ann", True), ("useconfluence_anonymous", True)], ["group:staff", "user:ann"]),
        ([("useconfluence_group_staff", False), ("useconfluence_anonymous", True), ("createspace_group_staff", True)], None),
        ([("useconfluence_group_staff", True), ("useconfluence_allusers", False)], None),
        ([("useconfluence_group_staff", True), ("use-confluence_group_all", True)], None),
    ],
    ids=["named", "nobody", "a kind that is not known", "a name that is not known"],
)
def test_the_global_page_names_somebody_or_tells_nothing(
    wiki: Any, session: Any, call: Any, log_in: Any, form_page: Any, boxes: Any, expected: list[str] | None
) -> None:
    known = ("confluence_checkbox_useconfluence_group_confluence-administrators", False)
    text = form_page(known, *((f"confluence_checkbox_{name}", state) for name, state in boxes))
    page = call("GET", "/admin/permissions/editglobalpermissions.action", text=text, session=True)
    found = ways(wiki(), session(*log_in(), page, page), ["form"], True).of_site[0].users_of_site()
    assert (found if found is None else [holder.text for holder in found]) == expected


@pytest.mark.parametrize("grants", [[], [("application", "use", {"type": "anonymous"})], [("space", "create", {"type": "group", "name": "staff"})]])
def test_rest_names_somebody_or_tells_nothing(wiki: Any, call: Any, grants: list[Any]) -> None:
    listed = [{"operation": {"targetType": target, "operationKey": key}, "subject": subject} for target, key, subject in grants]
    assert RestGlobal(wiki(call("GET", "/rest/api/permissions", json=listed))).users_of_site() is None
