# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dark features of both products share: the wish, and what is said of each key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.hardening.atlassian.plugins.module_utils import _module
from ansible_collections.hardening.atlassian.plugins.module_utils._dark_features import DarkFeatures, FeatureList, Wish, collect, parse_wish
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError


class Lines:
    """A client that only gathers."""

    def gather(self, function: Any, items: Any) -> list[Any]:
        found = []
        for item in items:
            try:
                found.append(function(item))
            except AtlassianError as exc:
                found.append(exc)
        return found


@dataclass
class Site:
    """Keys in a set; `dumb` ones cannot be read, `fixed` ones take a write and ignore it."""

    on: set[str]
    listed: bool = True
    dumb: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    switched: list[tuple[str, bool]] = field(default_factory=list)
    client: Any = field(default_factory=Lines)

    def list(self) -> tuple[FeatureList | None, str]:
        return (FeatureList(frozenset(self.on)), "as listed") if self.listed else (None, "no list")

    def is_on(self, key: str) -> bool:
        if key in self.dumb:
            raise AtlassianError(f"{key} is dumb")
        return key in self.on

    def switch(self, key: str, on: bool) -> None:
        self.switched.append((key, on))
        if key not in self.fixed:
            (self.on.add if on else self.on.discard)(key)

    def wanted_keys(self, wish: Wish, listing: FeatureList | None) -> dict[str, bool]:
        return {**dict.fromkeys(wish.enabled, True), **dict.fromkeys(wish.disabled, False)}

    def is_protected(self, key: str) -> bool:
        return key.startswith("holy")

    def note(self, key: str, listing: FeatureList | None) -> str:
        return ""

    def hint(self, key: str, wanted: bool) -> str:
        return "Ask the site."


def run(site: Site, wish: Wish, check: bool = False) -> list[tuple[str, Any, Any, str]]:
    return [(row.setting, row.before, row.after, row.state) for row in _module.run(DarkFeatures(site, wish), check).settings]


def test_keys_are_stripped_and_each_is_there_once() -> None:
    assert parse_wish([" a ", "a", "b"], None, True, ["c"]) == Wish(("a", "b"), (), True, ("c",))


@pytest.mark.parametrize(("key", "option"), [("", "enabled"), (" ", "disabled"), ("a b", "allowed"), ("x" * 256, "enabled"), ("a\tb", "disabled")])
def test_what_is_no_key(key: str, option: str) -> None:
    given: dict[str, Any] = {"enabled": None, "disabled": None, "allowed": None, option: [key]}
    with pytest.raises(AtlassianError, match=f"{option}: .* is no key of a dark feature"):
        parse_wish(given["enabled"], given["disabled"], False, given["allowed"])


def test_a_key_cannot_be_both() -> None:
    wanted: dict[str, bool] = {}
    collect(wanted, "enabled", "a", {"a": True})
    collect(wanted, "enabled", "a", {"a": True})
    with pytest.raises(AtlassianError, match="disabled: a contradicts another key"):
        collect(wanted, "disabled", "a", {"a": False})
    assert wanted == {"a": True}


def test_written_read_again_and_done() -> None:
    site = Site({"b"})
    assert run(site, Wish(("a",), ("b",))) == [("a", False, True, "changed"), ("b", True, False, "changed")]
    assert site.switched == [("a", True), ("b", False)]
    assert run(site, Wish(("a",), ("b",))) == [("a", True, True, "compliant"), ("b", False, False, "compliant")]


def test_check_mode_switches_nothing() -> None:
    site = Site({"b"})
    assert run(site, Wish(("a",), ("b",), True), check=True) == [
        ("a", False, True, "drifted"),
        ("b", True, False, "drifted"),
        ("exclusive", True, True, "compliant"),
    ]
    assert site.switched == []


def test_others_go_except_named_allowed_and_protected() -> None:
    site = Site({"a", "b", "other", "holy.one"})
    assert run(site, Wish(("a",), (), True, ("b",))) == [("a", True, True, "compliant"), ("other", True, False, "changed")]
    assert site.on == {"a", "b", "holy.one"}


def test_a_protected_key_goes_if_it_is_named() -> None:
    assert run(Site({"holy.one"}), Wish((), ("holy.one",), True), check=True)[0] == ("holy.one", True, False, "drifted")


def test_without_a_list_other_keys_are_not_examined() -> None:
    site = Site({"a", "other"}, listed=False)
    assert run(site, Wish(("a",), (), True)) == [("a", True, True, "compliant"), ("exclusive", None, None, "not_examined")]
    assert site.switched == []


def test_without_exclusive_others_are_nobodys_business() -> None:
    assert run(Site({"a", "other"}), Wish(("a",))) == [("a", True, True, "compliant")]


def test_a_dumb_key_is_failed_and_stops_nobody() -> None:
    site = Site({"b"}, dumb={"a"})
    assert run(site, Wish((), ("a", "b"))) == [("a", None, None, "failed"), ("b", True, False, "changed")]


def test_a_write_that_does_not_help_says_what_may() -> None:
    outcome = _module.run(DarkFeatures(Site({"a"}, fixed={"a"}), Wish((), ("a",))), False)
    assert (outcome.settings[0].state, outcome.settings[0].after) == ("failed", True)
    assert outcome.settings[0].reason.endswith("Ask the site.")


def test_a_key_that_turns_dumb_is_not_called_changed() -> None:
    site = Site({"a"})
    switch = site.switch

    def switch_and_break(key: str, on: bool) -> None:
        switch(key, on)
        site.dumb.add(key)

    site.switch = switch_and_break  # type: ignore[method-assign]
    assert run(site, Wish((), ("a",))) == [("a", True, None, "failed")]


def test_the_diff_is_in_the_users_options() -> None:
    outcome = _module.run(DarkFeatures(Site({"b"}), Wish(("a",), ("b",))), True)
    assert outcome.diff == {"before": {"disabled": ["a"], "enabled": ["b"]}, "after": {"disabled": ["b"], "enabled": ["a"]}}
