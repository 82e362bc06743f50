# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms as a browser would post them, and nothing that a browser would not."""

from __future__ import annotations

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Control, Form, parse_forms, parse_links

URL = "https://wiki.example.com/wiki/admin/edit.action?key=A"


def form(controls: str, attributes: str = 'action="save.action"') -> Form:
    [found] = parse_forms(f"<html><body><form {attributes}>{controls}</form></body></html>", URL)
    return found


def control(markup: str) -> Control:
    [found] = form(markup).controls.values()
    return found


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<input type="checkbox" name="a" value="yes" checked>', Control("a", "checkbox", True, ("yes",))),
        ('<input type="CHECKBOX" name="a" checked="checked">', Control("a", "checkbox", True, ("on",))),
        ('<input type="checkbox" name="a" value="">', Control("a", "checkbox", False, ("on",))),
        ('<input name="a">', Control("a", "text", "")),
        ('<input type="number" name="a" value="7">', Control("a", "text", "7")),
        ('<input type="password" name="a" value="&lt;&amp;ü">', Control("a", "text", "<&ü")),
        ('<input type="radio" name="a" value="1"><input type="radio" name="a" value="2" checked>', Control("a", "choice", ("2",), ("1", "2"))),
        ('<input type="radio" name="a" value="1"><input type="radio" name="a">', Control("a", "choice", (), ("1", "on"))),
        ('<select name="a"><option value="1">x<option value="2" selected>y</select>', Control("a", "choice", ("2",), ("1", "2"))),
        ('<select name="a"><option value="1">x<option value="2">y</select>', Control("a", "choice", ("1",), ("1", "2"))),
        ('<select name="a"><optgroup label="g"><option> x </optgroup></select>', Control("a", "choice", ("x",), ("x",))),
        ('<select name="a" multiple><option>x<option>y</select>', Control("a", "choice", (), ("x", "y"))),
        ('<select name="a" multiple><option selected>x<option selected>y</select>', Control("a", "choice", ("x", "y"), ("x", "y"))),
        ('<select name="a"></select>', Control("a", "choice", (), ())),
        ('<textarea name="a">one\ntwo</textarea>', Control("a", "text", "one\ntwo")),
        ('<textarea name="a">\none</textarea>', Control("a", "text", "one")),
        ('<textarea name="a">\n\none</textarea>', Control("a", "text", "\none")),
        ('<textarea name="a"></textarea>', Control("a", "text", "")),
    ],
)
def test_every_kind_of_control(markup: str, expected: Control) -> None:
    assert control(markup) == expected


def test_what_a_browser_would_not_post_is_no_control() -> None:
    found = form('<input value="nameless"><input name="off" disabled><input type="checkbox" name="grey" checked disabled="">')
    assert (found.controls, found.hidden, found.unknown) == ({}, (), ())


@pytest.mark.parametrize("kind", ["file", "color", "range", "date", "datetime-local", "anything"])
def test_a_kind_that_would_be_lost_is_unknown(kind: str) -> None:
    found = form(f'<input type="{kind}" name="x" value="1"><input name="a">')
    assert (found.unknown, list(found.controls)) == (("x",), ["a"])


def test_two_controls_of_one_name_are_unknown() -> None:
    assert form('<input type="checkbox" name="a" value="1"><input type="checkbox" name="a" value="2">').unknown == ("a",)


def test_all_of_the_form_is_posted_with_one_change() -> None:
    found = form(
        '<input type="hidden" name="atl_token" value="t"><input type="hidden" name="initial" value="1"><input type="hidden" name="initial" value="2">'
        '<input type="checkbox" name="box" value="true" checked><input type="checkbox" name="other" value="true">'
        '<input name="text" value=" x "><select name="many" multiple><option selected>1<option selected>2<option>3</select>'
        '<textarea name="long">one\ntwo\r\nthree</textarea><input type="submit" name="save" value="Save all">'
    )
    same = [
        ("atl_token", "t"), ("initial", "1"), ("initial", "2"), ("box", "true"), ("text", " x "), ("many", "1"), ("many", "2"),
        ("long", "one\r\ntwo\r\nthree"), ("save", "Save all"),
    ]  # fmt: skip
    assert found.fields({}) == same
    assert found.fields({"box": False}) == [field for field in same if field[0] != "box"]
    assert [field for field in found.fields({"other": True}) if field not in same] == [("other", "true")]
    assert [field for field in found.fields({"text": "y", "many": ("3",)}) if field not in same] == [("text", "y"), ("many", "3")]


@pytest.mark.parametrize(
    ("attributes", "action"),
    [
        ('action="save.action"', "/wiki/admin/save.action"),
        ('action="/wiki/x/save.action?key=A&amp;b=1"', "/wiki/x/save.action?key=A&b=1"),
        ('action="https://wiki.example.com/wiki/save.action"', "/wiki/save.action"),
        ('action="../save.action#top"', "/wiki/save.action"),
        ('action=""', "/wiki/admin/edit.action?key=A"),
        ("", "/wiki/admin/edit.action?key=A"),
    ],
)
def test_where_a_form_is_posted(attributes: str, action: str) -> None:
    assert form("", attributes).action == action


def test_another_host_in_an_action_gets_nothing() -> None:
    """What is posted goes to url, whatever a page says."""
    assert form("", 'action="https://evil.example.net/save.action"').action == "/save.action"


@pytest.mark.parametrize(
    ("buttons", "button"),
    [
        ('<input type="submit" name="confirm" value="Ja"><input type="submit" name="cancel">', ("confirm", "Ja")),
        ('<input type="submit" name="other"><input type="submit" name="save" value="1">', ("save", "1")),
        ('<input type="submit" name="update" value="Go"><button name="Cancel">x</button>', ("update", "Go")),
        ('<input type="submit" value="Save">', None),
        ('<button type="button" name="add">+</button><input type="image" name="i"><input type="reset" name="reset">', None),
        ("", None),
    ],
)
def test_the_button_that_saves(buttons: str, button: tuple[str, str] | None) -> None:
    found = form(buttons)
    assert (found.button, found.unknown, found.controls) == (button, (), {})


def test_several_buttons_are_not_guessed_among() -> None:
    found = form('<input type="submit" name="apply"><input type="submit" name="delete">')
    assert found.unknown == ("several buttons (apply, delete)",)


def test_every_form_in_its_order() -> None:
    first, second = parse_forms('<html><form action="a"><input name="x"></form><form action="b"><input name="y"></form></html>', URL)
    assert (list(first.controls), list(second.controls)) == (["x"], ["y"])


@pytest.mark.parametrize("page", ["", "  ", '<?xml version="1.0" encoding="UTF-8"?><html></html>'])
def test_what_is_no_page_is_an_error(page: str) -> None:
    with pytest.raises(AtlassianError):
        parse_forms(page, URL)


def test_a_page_that_was_cut_off_is_an_error() -> None:
    with pytest.raises(AtlassianError, match="without its end"):
        parse_forms('<html><form action="a"><input name="x">', URL)


def test_a_page_without_a_form_has_none() -> None:
    assert parse_forms("<html><p>-</p></html>", URL) == []


def test_links_by_their_path_each_once() -> None:
    links = [
        "view.action?a=1&amp;b=2",
        "/wiki/admin/view.action?a=1&b=2",
        "https://wiki.example.com/x#top",
        "https://evil.example.net/y",
        "mailto:a@b.c",
    ]
    page = "<html>" + "".join(f'<a href="{link}">-</a>' for link in links) + "<a>-</a></html>"
    assert parse_links(page, URL) == ["/wiki/admin/view.action?a=1&b=2", "/x", "/y"], "pages name the base URL, which need not be the address that was asked"


def test_values_stay_out_of_what_is_printed() -> None:
    assert "hunter2" not in repr(form('<input type="hidden" name="atl_token" value="hunter2">'))


def test_buttons_of_either_kind_are_seen() -> None:
    assert form('<button name="go" value="1">Go</button>').button == ("go", "1")
    assert form('<button name="go">Go</button><input type="submit" name="add">').unknown == ("several buttons (go, add)",)


def test_what_is_disabled_from_above_is_not_posted() -> None:
    assert form('<fieldset disabled><input name="a" value="1"></fieldset>').fields({}) == []
    assert form('<select name="a"><option value="" disabled>-<option value="2">y</select>').fields({}) == [("a", "2")]


@pytest.mark.parametrize("outside", ['<input name="x" form="f">', '<select name="x" form="f"></select>', '<textarea form="f" name="x"></textarea>'])
@pytest.mark.parametrize("where", ["{}{}", "{1}{0}", '{}<form id="g">{}</form>'], ids=["after", "before", "in another form"])
def test_a_control_from_elsewhere_makes_the_form_unknown(outside: str, where: str) -> None:
    """A browser posts it with the form that it names."""
    page = "<html>" + where.format('<form id="f"><input name="a"></form>', outside) + "</html>"
    found = next(one for one in parse_forms(page, URL) if "a" in one.controls)
    assert (found.unknown, list(found.controls)) == (("x",), ["a"])


@pytest.mark.parametrize("outside", ['<input name="x" form="g">', '<input form="f">', '<input name="x">', '<button name="x" form="f">-</button>'])
def test_what_is_not_posted_from_elsewhere_does_not_matter(outside: str) -> None:
    [found] = parse_forms(f'<html><form id="f"><input name="a" form="f"></form>{outside}<form></form></html>', URL)[:1]
    assert (found.unknown, list(found.controls)) == ((), ["a"])


INSIDE = [
    '<input name="x" value="1" form="{}">', '<input type="hidden" name="x" value="1" form="{}">', '<input type="color" name="x" form="{}">',
    '<input type="checkbox" name="x" checked form="{}">', '<select name="x" form="{}"><option>1</select>', '<textarea name="x" form="{}">1</textarea>',
    '<input type="submit" name="x" form="{}">', '<button name="x" form="{}">-</button>',
]  # fmt: skip


@pytest.mark.parametrize("attributes", ['id="f"', 'id=""', ""], ids=["named", "named with nothing", "nameless"])
@pytest.mark.parametrize("owner", ["g", "", "nowhere"])
@pytest.mark.parametrize("inside", INSIDE)
def test_a_control_that_names_another_form_is_not_posted_with_the_one_around_it(inside: str, owner: str, attributes: str) -> None:
    page = f'<html><form {attributes}><input name="a" value="2">{inside.format(owner)}</form><form id="g"><input name="b"></form></html>'
    around, other = parse_forms(page, URL)
    assert (around.fields({}), around.unknown) == ([("a", "2")], ())
    assert other.unknown == (("x",) if owner == "g" and not inside.startswith("<button") else ())


def test_a_control_that_names_the_form_around_it_is_its_own() -> None:
    assert form('<input name="x" value="1" form="f">', 'id="f"').fields({}) == [("x", "1")]
