# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift by hand, the part both products share: one wish at a time, and what can be wished of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .product import Product

Result = tuple[str, Any, Any]  # subject, before, after
Plants = Mapping[str, Callable[[Any, Any], Result]]


class BadPlant(ValueError):
    """A wish that cannot be planted; the text is a sentence."""


def plant(product: Product, plants: Plants, wish: dict[str, Any]) -> None:
    """One object with one member: what to plant. Recorded in the audit log under the name of nobody in the product."""
    if len(wish) != 1:
        raise BadPlant("Plant one thing at a time: an object with one member.")
    [(what, value)] = wish.items()
    known = {**_SHARED, **plants}
    if what not in known:
        raise BadPlant(f"The simulator cannot plant {what!r}; it can plant: {', '.join(sorted(known))}.")
    try:
        subject, before, after = known[what](product, value)
    except (KeyError, TypeError, ValueError) as error:
        raise BadPlant(f"{what} cannot be planted from {value!r}: {type(error).__name__} {error}.") from error
    product.journal.change("(planted)", what, subject, before, after)


def flip(keys: set[str], value: dict[str, Any]) -> Result:
    """A key that is in a set or not: {"key", "enabled"}."""
    key, on = str(value["key"]), bool(value["enabled"])
    before = key in keys
    if on:
        keys.add(key)
    else:
        keys.discard(key)
    return key, before, on


def _login_failure(product: Product, value: str) -> Result:
    """What a wrong password or token gets: refuse (401), anonymous (goes on as a stranger), empty_200 (JRA-41559)."""
    if value not in product.login_failures:
        raise ValueError(f"known are {', '.join(product.login_failures)}")
    before, product.login_failure = product.login_failure, value
    return "login failure", before, value


def _basic_auth(product: Product, value: bool) -> Result:
    before, product.basic_auth = product.basic_auth, bool(value)
    return "basic authentication", before, bool(value)


def _status(product: Product, value: str) -> Result:
    before, product.status = product.status, str(value)
    return "status", before, product.status


def _language(product: Product, value: str) -> Result:
    if value not in ("en", "de"):
        raise ValueError("known are en, de")
    before, product.language = product.language, value
    return "language", before, value


def _second_factor(product: Product, value: bool) -> Result:
    before, product.second_factor = product.second_factor, bool(value)
    return "second factor", before, bool(value)


def _form(product: Product, name: str) -> str:
    if name not in product.forms:
        raise ValueError(f"known forms are {', '.join(product.forms)}")
    return name


def _form_extra(product: Product, value: dict[str, Any]) -> Result:
    """HTML inside the form of that name."""
    form, text = _form(product, str(value["form"])), str(value["html"])
    before, product.form_extra[form] = product.form_extra.get(form), text
    return form, before, text


def _form_side_effect(product: Product, value: dict[str, Any]) -> Result:
    """Settings that the next save of the form of that name changes besides."""
    form, wanted = _form(product, str(value["form"])), dict(value["set"])
    product.form_side_effects[form] = {name: product.side_effect(form, name, item) for name, item in wanted.items()}
    return form, None, wanted


_SHARED: Plants = {
    "login_failure": _login_failure,
    "basic_auth": _basic_auth,
    "status": _status,
    "language": _language,
    "second_factor": _second_factor,
    "form_extra": _form_extra,
    "form_side_effect": _form_side_effect,
}
