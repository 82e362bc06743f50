# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What a module says about each thing it looked at, and the diff of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Union

COMPLIANT = "compliant"
DRIFTED = "drifted"
CHANGED = "changed"
FAILED = "failed"
NOT_EXAMINED = "not_examined"
NOT_APPLICABLE = "not_applicable"
STATES = (COMPLIANT, DRIFTED, CHANGED, FAILED, NOT_EXAMINED, NOT_APPLICABLE)  # the others of the report are not a module's to give
NEED_REASON = frozenset({FAILED, NOT_EXAMINED, NOT_APPLICABLE})


@dataclass(frozen=True)
class Setting:
    """One row: what it was before this run and what it is after it (in check mode: would be). Values are plain and normalised."""

    setting: str
    before: Any
    after: Any
    state: str
    reason: str = ""

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"{self.setting}: {self.state} is no state a module may give")
        if self.state in NEED_REASON and not self.reason:
            raise ValueError(f"{self.setting}: the state {self.state} needs a reason")

    @property
    def differs(self) -> bool:
        """True where this run changed something, or in check mode would. A drifted setting that is only reported keeps before == after."""
        return self.state in (DRIFTED, CHANGED) and self.before != self.after

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """A setting that is not as wanted and can be written. `write` raises AtlassianError; `hint` is said only if it does not help."""

    setting: str
    before: Any
    after: Any
    write: Callable[[], object] = field(repr=False, compare=False)
    reason: str = ""
    hint: str = field(default="", compare=False)

    def would_be(self) -> Setting:
        return Setting(self.setting, self.before, self.after, DRIFTED, self.reason)


Finding = Union[Setting, Change]
# Values by setting name -> the user's option names and values.
Dump = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def as_given(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The dump of a module whose settings already carry the user's names."""
    return values


def build_diff(settings: Iterable[Setting], dump: Dump = as_given) -> dict[str, dict[str, Any]]:
    """Before and after of what differs, both by the same function, in the order of names."""
    differing = sorted((setting for setting in settings if setting.differs), key=lambda setting: setting.setting)
    return {
        "before": dict(dump({setting.setting: setting.before for setting in differing})),
        "after": dict(dump({setting.setting: setting.after for setting in differing})),
    }
