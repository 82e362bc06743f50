# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted risks: entries of atlassian_accepted_risks, checked and matched to targets."""

from __future__ import annotations

import datetime
import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_REQUIRED = ("control", "hosts", "reason", "owner", "expires")
_OPTIONAL = ("setting",)


@dataclass(frozen=True)
class Risk:
    """A person accepts that a control is not met on some targets, until a day (that day included).

    setting is the name, or a shell pattern for the names, of the settings that are accepted; empty for the whole control.
    """

    control: str
    hosts: tuple[str, ...]
    reason: str
    owner: str
    expires: datetime.date
    setting: str = ""

    def covers(self, target: str, groups: Sequence[str]) -> bool:
        """Patterns name hosts, sites or groups, with * and ? as in a shell."""
        names = (target, *groups)
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.hosts for name in names)

    def expired(self, today: datetime.date) -> bool:
        return today > self.expires

    def as_dict(self, today: datetime.date) -> dict[str, Any]:
        """{reason, owner, expires, expired, setting}; setting is null where the whole control is accepted."""
        return {
            "reason": self.reason,
            "owner": self.owner,
            "expires": self.expires.isoformat(),
            "expired": self.expired(today),
            "setting": self.setting or None,
        }

    def sentence(self, today: datetime.date) -> str:
        return sentence_of(self.as_dict(today))


def sentence_of(risk: Mapping[str, Any]) -> str:
    """An accepted risk, given as its mapping, for people."""
    what = f" for the setting {risk['setting']!r}" if risk["setting"] else ""
    if risk["expired"]:
        return (
            f"the accepted risk of {risk['owner']}{what} expired on {risk['expires']} ({risk['reason']}): "
            "nothing is enforced until the entry is renewed or deleted"
        )
    return f"risk{what} accepted by {risk['owner']} until {risk['expires']}: {risk['reason']}"


def matches_setting(pattern: str, name: str) -> bool:
    """Whether a risk for a single setting names this one: exactly, since names hold brackets, or by a shell pattern."""
    return name == pattern or fnmatch.fnmatchcase(name, pattern)


def as_date(value: object) -> datetime.date | None:
    """A day from YAML (a date, a time or an ISO text); None when it is none."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        return None


def entry_problems(entry: object) -> list[str]:
    """What is wrong with one entry, each a half sentence that names field and value."""
    if not isinstance(entry, Mapping):
        return [f"is {entry!r}, expected a mapping with {', '.join(_REQUIRED)}"]
    problems = [f"has no {name}" for name in _REQUIRED if entry.get(name) in (None, "", [])]
    if "setting" in entry and not (isinstance(entry["setting"], str) and entry["setting"].strip()):
        problems.append(f"has setting {entry['setting']!r}, expected the name of a setting; leave it out to accept the whole control")
    problems += [f"has an unknown field {name!r}" for name in entry if name not in (*_REQUIRED, *_OPTIONAL)]
    for name in ("control", "reason", "owner"):
        value = entry.get(name)
        if value not in (None, "") and not (isinstance(value, str) and value.strip()):
            problems.append(f"has {name} {value!r}, expected a text")
    hosts = entry.get("hosts")
    if hosts and not (isinstance(hosts, (list, tuple)) and all(isinstance(host, str) for host in hosts)):
        problems.append(f"has hosts {hosts!r}, expected a list of host, site or group names")
    if entry.get("expires") not in (None, "") and as_date(entry["expires"]) is None:
        problems.append(f"has expires {str(entry['expires'])!r}, expected a day like 2027-06-30")
    return problems


def parse_entry(entry: object) -> Risk:
    """One entry as a Risk; ValueError with a sentence when it is not usable."""
    problems = entry_problems(entry)
    if problems or not isinstance(entry, Mapping):
        raise ValueError("an entry of atlassian_accepted_risks " + " and ".join(problems))
    expires = as_date(entry["expires"])
    if expires is None:
        raise ValueError("an entry of atlassian_accepted_risks has no expires")
    return Risk(
        control=entry["control"],
        hosts=tuple(entry["hosts"]),
        reason=" ".join(entry["reason"].split()),
        owner=entry["owner"].strip(),
        expires=expires,
        setting=entry.get("setting", "").strip(),
    )
