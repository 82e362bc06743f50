# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""Administration forms: found by their controls, posted back whole, read again, and put back if anything else moved with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError, WriteUncertain
from ansible_collections.hardening.atlassian.plugins.module_utils._html import Form, Value, parse_forms, parse_links
from ansible_collections.hardening.atlassian.plugins.module_utils._transport import Response


class Browser(Protocol):
    """A logged-in session of an administrator."""

    def page(self, path: str) -> Response:
        """The page at a path below url, past the second password question. Raises AtlassianError where it is not shown."""

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Response:
        """Submit a form; path as page() takes it."""

    def below(self, path: str) -> str:
        """A path as pages name it, with the context path, as page() takes it."""


@dataclass(frozen=True)
class Place:
    """Where a form is. paths: of the page that edits, most likely first. known: names of its controls.

    console: a page with links, in which it is looked for where it is at none of the paths; hints: what such a link may contain.
    """

    title: str
    paths: tuple[str, ...]
    known: tuple[str, ...]
    console: str = ""
    hints: tuple[str, ...] = ()


MOST_LINKS = 5


@dataclass
class FormAt:
    """One form at the path where it was found."""

    browser: Browser
    path: str
    known: tuple[str, ...]

    def read(self) -> Form:
        """Raises AtlassianError where the page no longer has it."""
        found = _form_of(self.browser.page(self.path), self.known)
        if found is None:
            raise AtlassianError(f"The page {self.path} has no form with {_named(self.known)} any more. Look at it in a browser.")
        return found

    def change(self, wanted: Mapping[str, Value]) -> None:
        """Post the whole form with these controls changed, and read it again. Where another control changed with it, the old values
        are posted back. Raises AtlassianError unless exactly what was wanted came about."""
        before = self.read()
        if before.unknown:
            raise AtlassianError(
                f"The form on {self.path} has controls of a kind that cannot be posted back unchanged ({', '.join(before.unknown)}), so nothing was "
                "sent. Set it in a browser."
            )
        came_back = self._try(before, wanted)
        after = self.read()
        moved = [name for name in moved_controls(before, after) if name not in wanted]
        if moved:
            self._put_back(before, after, moved)
        missed = [name for name, value in wanted.items() if _value(after, name) != value]
        if missed:
            raise AtlassianError(
                f"The form on {self.path} was posted ({came_back}), and {', '.join(missed)} is not as sent when it is read again."
            )

    def _try(self, form: Form, changes: Mapping[str, Value]) -> str:
        """What came back. An answer that was lost is no error here: reading the page again tells what happened."""
        try:
            return f"the answer was {self._post(form, changes).status}"
        except WriteUncertain as exc:
            return f"the answer was lost: {exc.sentence}"

    def _post(self, form: Form, changes: Mapping[str, Value]) -> Response:
        return self.browser.post(self.browser.below(form.action), form.fields(changes))

    def _put_back(self, before: Form, after: Form, moved: Sequence[str]) -> None:
        names = ", ".join(moved)
        # The hidden fields are the new page's: tokens change.
        self._post(after, {name: control.value for name, control in before.controls.items() if name in after.controls})
        left = moved_controls(before, self.read())
        if left:
            raise AtlassianError(
                f"Posting the form on {self.path} changed {names} as well. The old values were posted back, and {', '.join(left)} did not return: "
                "set it in a browser now."
            )
        raise AtlassianError(f"Posting the form on {self.path} changed {names} as well, so the old values were posted back; nothing is changed.")


def moved_controls(before: Form, after: Form) -> list[str]:
    """Names of the controls that differ, came or went; a box that came or went without being ticked is none of them."""
    return [name for name in dict.fromkeys((*before.controls, *after.controls)) if _value(before, name) != _value(after, name)]


def _value(form: Form, name: str) -> Value:
    """A box that is not there is not ticked: permission forms show no row for somebody who holds nothing."""
    return form.controls[name].value if name in form.controls else False


def find(browser: Browser, place: Place) -> FormAt:
    """The form, looked for at its usual paths and then behind the links of the administration console. Raises AtlassianError."""
    tried: list[str] = []
    answers: list[str] = []
    for paths in (lambda: place.paths, lambda: _hinted(browser, place)):
        found = _first(browser, place, paths, tried, answers)
        if found is not None:
            return found
    said = f" ({'; '.join(answers)})" if answers else ""
    raise AtlassianError(f"The form {place.title} was not found: no form with {_named(place.known)} at {', '.join(tried)}{said}. Set it in a browser.")


def _first(browser: Browser, place: Place, paths: Callable[[], Sequence[str]], tried: list[str], answers: list[str]) -> FormAt | None:
    for path in paths():
        if path in tried:
            continue
        response = browser.page(path)
        tried.append(path)
        if response.status != 200:
            answers.append(f"{path} answered {response.status}")
        if response.status == 200 and _form_of(response, place.known) is not None:
            return FormAt(browser, path, place.known)
    return None


def _hinted(browser: Browser, place: Place) -> list[str]:
    if not place.console:
        return []
    console = browser.page(place.console)
    if console.status != 200:
        return []
    links = [browser.below(link) for link in parse_links(console.text, console.request.url)]
    return [link for link in links if _is_page(link) and any(hint in link.lower() for hint in place.hints)][:MOST_LINKS]


def _is_page(link: str) -> bool:
    """A link with a query may carry a token and do something; so does an action whose name says so. Looking must change nothing."""
    return "?" not in link and not link.rpartition("/")[2].lower().startswith("do")


def _form_of(response: Response, known: tuple[str, ...]) -> Form | None:
    """The form of the page with most of the known controls."""
    forms = parse_forms(response.text, response.request.url)
    found = max(forms, key=lambda form: _hits(form, known), default=None)
    return found if found is not None and _hits(found, known) else None


def _hits(form: Form, known: tuple[str, ...]) -> int:
    return sum(name in form.controls or name in form.unknown for name in known)


def _named(known: tuple[str, ...]) -> str:
    return " or ".join(known[:3]) + (" ..." if len(known) > 3 else "")
