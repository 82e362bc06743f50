# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""confluence_settings: public sign-up, which the manifest tells in part and a page in full."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.modules import confluence_settings

PAGE, MANIFEST = "/admin/users/signupoptions.action", "/rest/applinks/1.0/manifest"
FIELDS = {"atl_token": "5f2c8e61xsrf", "confirm": "Save"}


@pytest.fixture
def manifest(call: Any) -> Any:
    return lambda public: call("GET", MANIFEST, json={"version": "9.2.6", "publicSignup": public})


@pytest.fixture
def modes(call: Any, form_page: Any) -> Any:
    """The page as a choice of modes."""

    def page(chosen: str) -> Any:
        radios = "".join(
            f'<input type="radio" name="signupMode" value="{mode}"{" checked" if mode == chosen else ""}>'
            for mode in ("private", "restricted", "public")
        )
        return call("GET", PAGE, text=form_page(radios), session=True)

    return page


@pytest.fixture
def box(call: Any, form_page: Any) -> Any:
    """The page as a box that denies."""
    return lambda denied: call("GET", PAGE, text=form_page(("denyPublicSignup", denied)), session=True)


@pytest.fixture
def save(call: Any) -> Any:
    return lambda **fields: call("POST", "/save.action", 302, form={**FIELDS, **fields}, session=True)


@pytest.fixture
def by_form(run_wiki: Any) -> Any:
    return lambda calls, wanted, **options: run_wiki(
        confluence_settings, calls, browser=True, allow_forms=True, settings={"publicSignup": wanted}, **options
    )


def rows(result: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(row["setting"], row["before"], row["after"], row["state"]) for row in result["settings"]]


@pytest.mark.parametrize("mode", ["restricted", "public"])
def test_any_mode_but_the_private_one_is_sign_up(
    by_form: Any, whoami: Any, log_in: Any, modes: Any, manifest: Any, save: Any, log_out: Any, mode: str
) -> None:
    old, new, public = modes(mode), modes("private"), manifest(mode == "public")
    calls = [whoami, *log_in(), old, old, public, old, save(signupMode="private"), new, new, manifest(False), log_out]
    assert rows(by_form(calls, False)) == [("publicSignup", True, False, "changed")]


def test_a_box_that_denies_is_the_other_way_round(by_form: Any, whoami: Any, log_in: Any, box: Any, manifest: Any, save: Any, log_out: Any) -> None:
    old, new = box(False), box(True)
    calls = [whoami, *log_in(), old, old, manifest(True), old, save(denyPublicSignup="true"), new, new, manifest(False), log_out]
    assert rows(by_form(calls, False)) == [("publicSignup", True, False, "changed")]


def test_the_private_mode_is_left_alone(by_form: Any, whoami: Any, log_in: Any, modes: Any, manifest: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), modes("private"), modes("private"), manifest(False), log_out], False)
    assert rows(result) == [("publicSignup", False, False, "compliant")]


def test_a_page_and_a_manifest_that_disagree_are_failed(by_form: Any, whoami: Any, log_in: Any, modes: Any, manifest: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), modes("private"), modes("private"), manifest(True), log_out], False)
    assert rows(result) == [("publicSignup", None, None, "failed")]


def test_check_mode_predicts(by_form: Any, whoami: Any, log_in: Any, modes: Any, manifest: Any, log_out: Any) -> None:
    result = by_form([whoami, *log_in(), modes("public"), modes("public"), manifest(True), log_out], False, check=True)
    assert rows(result) == [("publicSignup", True, False, "drifted")]


@pytest.mark.parametrize(
    ("public", "wanted", "row"),
    [
        (True, False, (True, True, "drifted")),
        (False, False, (None, None, "not_examined")),
        (False, True, (None, None, "not_examined")),
        (True, True, (None, None, "not_examined")),
    ],
)
def test_without_forms_the_manifest_tells_in_part(run_wiki: Any, whoami: Any, manifest: Any, public: bool, wanted: bool, row: Any) -> None:
    result = run_wiki(confluence_settings, [whoami, manifest(public)], settings={"publicSignup": wanted})
    assert rows(result) == [("publicSignup", *row)]
    assert not result["changed"]


@pytest.mark.parametrize("answer", [{"json": {}}, {"json": []}, {"json": {"publicSignup": "false"}}])
def test_a_manifest_without_the_word_is_no_no(run_wiki: Any, call: Any, whoami: Any, answer: dict[str, Any]) -> None:
    result = run_wiki(confluence_settings, [whoami, call("GET", MANIFEST, **answer)], settings={"publicSignup": False})
    assert result["failed"] and "without publicSignup" in result["msg"]


def test_a_page_with_other_modes_is_not_examined(
    by_form: Any, call: Any, form_page: Any, whoami: Any, log_in: Any, manifest: Any, log_out: Any
) -> None:
    page = call("GET", PAGE, text=form_page('<input type="radio" name="signupMode" value="zu" checked>'), session=True)
    result = by_form([whoami, *log_in(), page, page, manifest(False), log_out], False)
    assert rows(result) == [("publicSignup", None, None, "not_examined")]


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
def test_a_form_that_could_not_be_used_says_why_itself(
    by_form: Any, call: Any, whoami: Any, log_in: Any, manifest: Any, log_out: Any, public: bool, wanted: bool
) -> None:
    """Forms are allowed, so to allow them is no advice."""
    lost = [call("GET", PAGE, 404, session=True), call("GET", "/admin/console.action", 404, session=True)]
    result = by_form([whoami, *log_in(), *lost, manifest(public), log_out], wanted)
    left = public and not wanted
    assert rows(result) == [("publicSignup", *((True, True, "drifted") if left else (None, None, "not_examined")))]
    reason = result["settings"][0]["reason"]
    assert f"({PAGE} answered 404)" in reason and "allow_forms" not in reason
    assert reason.startswith("Left as it is. The form" if left else "The form")


def test_a_session_that_could_not_be_had_says_so(by_form: Any, whoami: Any, log_in: Any, manifest: Any) -> None:
    page, refused, _who = log_in()
    refused.status, refused.headers, refused.cookies = 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, ()
    result = by_form([whoami, page, refused, manifest(True)], False)
    assert rows(result) == [("publicSignup", True, True, "drifted")]
    assert "not accepted" in result["settings"][0]["reason"] and not result["changed"]
