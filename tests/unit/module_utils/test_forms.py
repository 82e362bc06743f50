# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Administration forms: posted whole with exactly one difference, read again, and put back if anything else moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain
from ansible_collections.hardening.atlassian.plugins.module_utils._forms import FormAt, Place, find, moved_controls
from ansible_collections.hardening.atlassian.plugins.module_utils._html import parse_forms
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Request, Response

HOST, CONTEXT = "https://wiki.example.com", "/wiki"
EDIT, CONSOLE = "/admin/edit.action", "/admin/console.action"


@dataclass
class Pages:
    """A browser before scripted pages: for each path what comes at each look; the last one stays."""

    shown: dict[str, list[str]]
    looked: list[str] = field(default_factory=list)
    posted: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    def page(self, path: str) -> Response:
        self.looked.append(path)
        texts = self.shown.get(path, [])
        text = texts.pop(0) if len(texts) > 1 else texts[0] if texts else ""
        return Response(Request("GET", HOST + CONTEXT + path, {}), 200 if text else 404, {}, text.encode())

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Response:
        self.posted.append((path, list(fields)))
        return Response(Request("POST", HOST + CONTEXT + path, {}), 302, {}, b"")

    def below(self, path: str) -> str:
        return path.removeprefix(CONTEXT)


def page(box: bool, text: str = "1", token: str = "t", more: str = "") -> str:
    ticked = " checked" if box else ""
    return (
        '<html><form action="/wiki/search"><input name="query"></form><form action="save.action">'
        f'<input type="hidden" name="token" value="{token}"><input type="checkbox" name="box" value="true"{ticked}>'
        f'<input name="text" value="{text}">{more}<input type="submit" name="save" value="Save"></form></html>'
    )


def at(pages: Pages) -> FormAt:
    return FormAt(pages, EDIT, ("box",))


def test_the_whole_form_goes_with_exactly_one_difference() -> None:
    pages = Pages({EDIT: [page(False), page(True)]})
    at(pages).change({"box": True})
    assert pages.posted == [("/admin/save.action", [("token", "t"), ("box", "true"), ("text", "1"), ("save", "Save")])]
    assert pages.looked == [EDIT, EDIT]


def test_a_hidden_field_may_change() -> None:
    pages = Pages({EDIT: [page(False, token="old"), page(True, token="new")]})
    at(pages).change({"box": True})
    assert len(pages.posted) == 1


def test_another_control_that_moved_gets_its_old_value_back() -> None:
    pages = Pages({EDIT: [page(False, token="old"), page(True, "9", token="new"), page(False)]})
    with pytest.raises(AtlassianError, match="changed text as well, so the old values were posted back; nothing is changed"):
        at(pages).change({"box": True})
    assert [("/admin/save.action", [("token", "new"), ("text", "1"), ("save", "Save")])] == pages.posted[1:]


def test_what_does_not_return_is_said() -> None:
    pages = Pages({EDIT: [page(False), page(True, "9"), page(False, "9")]})
    with pytest.raises(AtlassianError, match=r"changed text as well.*and text did not return: set it in a browser now"):
        at(pages).change({"box": True})
    assert len(pages.posted) == 2


def test_a_control_that_vanished_has_moved() -> None:
    pages = Pages({EDIT: [page(False, more='<input name="gone" value="1">'), page(True)]})
    with pytest.raises(AtlassianError, match="changed gone as well"):
        at(pages).change({"box": True})


def test_a_post_that_was_not_heard_is_said() -> None:
    pages = Pages({EDIT: [page(False)]})
    with pytest.raises(AtlassianError, match=r"was posted \(the answer was 302\), and box is not as sent"):
        at(pages).change({"box": True})
    assert len(pages.posted) == 1


@pytest.mark.parametrize("more", ['<input type="file" name="logo">', '<input type="submit" name="delete"><input type="submit" name="apply">'])
def test_a_form_that_is_not_understood_is_never_posted(more: str) -> None:
    text = page(False, more=more) if "file" in more else page(False, more=more).replace('name="save"', 'name="other"')
    pages = Pages({EDIT: [text]})
    with pytest.raises(AtlassianError, match="so nothing was sent"):
        at(pages).change({"box": True})
    assert pages.posted == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><form><input name='text'></form></html>", "has no form with box any more"),
        ("", "without its end"),
        (page(True)[:-7], "without its end"),
    ],
)
def test_a_page_that_lost_its_form_is_no_empty_form(text: str, words: str) -> None:
    with pytest.raises(AtlassianError, match=words):
        at(Pages({EDIT: [text]})).read()


def test_a_form_lost_after_the_post_is_an_error() -> None:
    with pytest.raises(AtlassianError, match="any more"):
        at(Pages({EDIT: [page(False), "<html><p>-</p></html>"]})).change({"box": True})


def test_a_box_without_a_row_is_not_ticked() -> None:
    def form(text: str) -> object:
        return parse_forms(text, HOST)[1]

    row = '<input type="checkbox" name="row">'
    assert moved_controls(form(page(True, more=row)), form(page(True))) == []  # type: ignore[arg-type]
    assert moved_controls(form(page(True)), form(page(True, more=row.replace(">", " checked>")))) == ["row"]  # type: ignore[arg-type]


PLACE = Place("Things", (EDIT, "/admin/other.action"), ("box", "text"), "/admin/console.action", ("things",))


def test_the_usual_path_is_tried_first() -> None:
    pages = Pages({EDIT: [page(False)]})
    assert find(pages, PLACE).path == EDIT
    assert pages.looked == [EDIT]


def test_a_second_path_is_tried() -> None:
    pages = Pages({EDIT: ["<html><form><input name='query'></form></html>"], "/admin/other.action": [page(False)]})
    assert find(pages, PLACE).path == "/admin/other.action"


def test_found_behind_a_link_of_the_console() -> None:
    links = "".join(f'<a href="/wiki/admin/{name}.action">-</a>' for name in ("users", "EditThings", "morethings"))
    pages = Pages({CONSOLE: [f"<html>{links}</html>"], "/admin/EditThings.action": [page(True)]})
    assert find(pages, PLACE).path == "/admin/EditThings.action"
    assert pages.looked == [EDIT, "/admin/other.action", CONSOLE, "/admin/EditThings.action"]


def test_nowhere_is_said_with_all_places_and_few_links() -> None:
    links = "".join(f'<a href="things{number}.action">-</a>' for number in range(9))
    pages = Pages({CONSOLE: [f"<html>{links}</html>"]})
    said = r"not found: no form with box or text at /admin/edit.action, .*things4.action \(.*/admin/things0.action answered 404.*\)\."
    with pytest.raises(AtlassianError, match=said):
        find(pages, PLACE)
    assert len(pages.looked) == 8


def test_a_console_that_is_not_shown_leads_nowhere() -> None:
    with pytest.raises(AtlassianError, match="was not found"):
        find(Pages({}), PLACE)


def test_a_control_of_an_unknown_kind_tells_the_form_too() -> None:
    """So that its setting can be named as not understood."""
    pages = Pages({EDIT: ['<html><form><input type="range" name="box"></form></html>']})
    assert find(pages, PLACE).read().unknown == ("box",)


class Lossy(Pages):
    """The answer to the first post is lost."""

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Response:
        answer = super().post(path, fields)
        if len(self.posted) == 1:
            raise WriteUncertain("the connection broke")
        return answer


def test_a_lost_answer_is_no_reason_not_to_look() -> None:
    pages = Lossy({EDIT: [page(False), page(True, "9"), page(False)]})
    with pytest.raises(AtlassianError, match="text"):
        at(pages).change({"box": True})
    assert len(pages.posted) == 2
    done = Lossy({EDIT: [page(False), page(True)]})
    at(done).change({"box": True})
    lost = Lossy({EDIT: [page(False)]})
    with pytest.raises(AtlassianError, match="the answer was lost: the connection broke"):
        at(lost).change({"box": True})


@pytest.mark.parametrize("link", ["things.action?atl_token=t", "dothings.action", "DoDelete-things.action", "deep/dothings", "dothings.action#x"])
def test_a_link_that_may_do_something_is_never_followed(link: str) -> None:
    """Looking must change nothing, so the page behind it is not even asked for, though it would have the form."""
    path = "/admin/" + link.partition("#")[0]
    pages = Pages({CONSOLE: [f'<html><a href="{link}">-</a><a href="/wiki/admin/mydothings.action">-</a></html>'], path: [page(True)]})
    with pytest.raises(AtlassianError, match="was not found"):
        find(pages, PLACE)
    assert pages.looked == [EDIT, "/admin/other.action", CONSOLE, "/admin/mydothings.action"]


def test_only_answers_that_are_no_page_are_said() -> None:
    pages = Pages({EDIT: ["<html><form><input name='query'></form></html>"]})
    with pytest.raises(AtlassianError, match=r"at /admin/edit.action, /admin/other.action \(/admin/other.action answered 404\)\. Set"):
        find(pages, PLACE)
    shown = {path: ["<html><p>-</p></html>"] for path in PLACE.paths}
    with pytest.raises(AtlassianError, match=r"at /admin/edit.action, /admin/other.action\. Set"):
        find(Pages(shown), PLACE)
