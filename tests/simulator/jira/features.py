# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dark features: what is on, and the private REST to change it.

KDF names /rest/internal/1.0/darkFeatures; shapes from S103/S112 (schemas only) and TK; semantics H6. Grade: doc and code.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from ..answers import body, caller, changed, module_error, no_content, unauthenticated
from . import rights
from .context import errors, jira, world
from .world import Features

PUBLIC_ACCESS_DISABLED = "public.access.disabled"
rest = Blueprint("dark_features", __name__)


def is_on(features: Features, key: str) -> bool:
    """Effective state of exactly this key (H6): a suffix is part of the key, never interpreted here."""
    return key in features.site or key in features.system


def enabled_keys(features: Features) -> list[str]:
    return sorted(features.site | features.system)


def flag_states(features: Features) -> dict[str, bool]:
    """State of each registered flag (KDF): `<flag>.enabled` forces on, `<flag>.disabled` off, else the default.

    Both at once is undocumented; played as the default. The bare key of a flag does nothing: KDF asks for the suffix.
    """
    states = {}
    for flag, default in sorted(features.flags.items()):
        on, off = is_on(features, f"{flag}.enabled"), is_on(features, f"{flag}.disabled")
        states[flag] = default if on == off else on
    return states


def site_is_closed() -> bool:
    """Only exactly this key closes the site, and only where the version obeys it."""
    return jira().version.closes_public_access and is_on(world().features, PUBLIC_ACCESS_DISABLED)


def set_site_feature(features: Features, key: str, enabled: bool) -> None:
    """Only the site entry changes; a system feature stays as the JVM was started (SAL, H6)."""
    if enabled:
        features.site.add(key)
    else:
        features.site.discard(key)


def _refusal() -> Response | None:
    if caller().name is None and jira().version.app_rest_needs_login:
        return unauthenticated()
    # Whether ADMINISTER is enough is unverified; the stricter level is played.
    if not rights.has_global(world(), caller().name, "SYSTEM_ADMIN"):
        return errors(403, "You are not allowed to edit site features.")
    return None


def _wish(value: Any) -> bool | None:
    """`enabled` as sent: a boolean (TK), or the words "true" and "false" (PY)."""
    if not isinstance(value, dict) or set(value) != {"enabled"}:
        return None
    enabled = value["enabled"]
    if isinstance(enabled, bool):
        return enabled
    return {"true": True, "false": False}.get(enabled.lower()) if isinstance(enabled, str) else None


def _write(key: str, enabled: bool) -> None:
    features = world().features
    before = key in features.site
    set_site_feature(features, key, enabled)
    changed("dark feature", key, before, key in features.site)


@rest.get("/darkFeatures/<path:key>")
def get_one(key: str) -> ResponseReturnValue:
    # An unknown key is simply off: 200, not 404 (H6).
    return _refusal() or jsonify({"enabled": is_on(world().features, key.strip())})


@rest.put("/darkFeatures/<path:key>")
def put_one(key: str) -> ResponseReturnValue:
    refusal = _refusal()
    if refusal is not None:
        return refusal
    enabled = _wish(body())
    if enabled is None:
        return module_error(400, "The body must be an object with enabled.")
    _write(key.strip(), enabled)  # blanks at both ends are cut (H6)
    return no_content()  # 204 without a body (H6; 200 on newer versions is unverified)


@rest.put("/darkFeatures")
def put_many() -> ResponseReturnValue:
    """An empty object changes nothing and lists both maps (H6; unverified on 8.x and later)."""
    refusal = _refusal()
    if refusal is not None:
        return refusal
    wishes = body()
    if not isinstance(wishes, dict):
        return module_error(400, "The body must be an object.")
    parsed = {str(key).strip(): _wish(value) for key, value in wishes.items()}
    if None in parsed.values():
        return module_error(400, "Each member must be an object with enabled.")
    for key, enabled in parsed.items():
        _write(key, bool(enabled))
    features = world().features
    return jsonify({
        "siteFeatures": {key: {"enabled": True} for key in sorted(features.site)},
        "systemFeatures": {key: {"enabled": True} for key in sorted(features.system)},
    })
# GET on the collection is absent on purpose: the old resource has none, so 405 (H6; unverified).
