# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: which request is hit, how often, and what the caller gets instead of the true answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KINDS = (
    "429", "500", "502", "503", "reset", "slow", "captcha", "websudo", "html_login", "anonymous_200", "empty_200",
    "truncated_json", "wrong_content_type",
)
# These need the product's own answer first, so they always let the request happen.
ALTERING = ("slow", "anonymous_200", "truncated_json", "wrong_content_type")


class BadFault(ValueError):
    """A fault that makes no sense; the text is a sentence."""


@dataclass
class Fault:
    kind: str
    method: str | None = None
    path_prefix: str = "/"
    body_contains: str | None = None  # JSON-RPC names what it means in the body alone
    times: int | None = 1  # None: until removed
    skip: int = 0  # so many matching requests pass first
    after_effect: bool = False  # the write happens, then the answer is lost
    retry_after: int | None = None
    delay: float = 0.0

    def matches(self, method: str, path: str, body: bytes) -> bool:
        there = self.body_contains is None or self.body_contains.encode() in body
        return there and (self.method is None or self.method == method) and path.startswith(self.path_prefix)

    @property
    def lets_through(self) -> bool:
        return self.after_effect or self.kind in ALTERING


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def clear(self) -> None:
        self._waiting = []

    def add(self, wish: Mapping[str, Any]) -> None:
        self._waiting.append(parse_fault(wish))

    def take(self, method: str, path: str, body: bytes) -> Fault | None:
        """The first fault that hits this request, counted down."""
        for fault in self._waiting:
            if not fault.matches(method, path, body):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
            return fault
        return None

    def as_list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._waiting]


def parse_fault(wish: Mapping[str, Any]) -> Fault:
    known = {"match", "kind", "times", "skip", "after_effect", "retry_after", "delay"}
    unknown = sorted(set(wish) - known)
    if unknown:
        raise BadFault(f"Unknown members in the fault: {', '.join(unknown)}.")
    match = wish.get("match") or {}
    if not isinstance(match, Mapping) or set(match) - {"method", "path_prefix", "body_contains"}:
        raise BadFault("match must be an object with method, path_prefix and body_contains.")
    kind = str(wish.get("kind"))
    if kind not in KINDS:
        raise BadFault(f"kind is {kind!r}; known are: {', '.join(KINDS)}.")
    times = wish.get("times", 1)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise BadFault("times must be a number from 1, or null for ever.")
    method = match.get("method")
    return Fault(
        kind=kind,
        method=str(method).upper() if method else None,
        path_prefix=str(match.get("path_prefix", "/")),
        body_contains=match.get("body_contains"),
        times=times,
        skip=int(wish.get("skip", 0)),
        after_effect=bool(wish.get("after_effect", False)),
        retry_after=wish.get("retry_after"),
        delay=float(wish.get("delay", 0.0)),
    )
