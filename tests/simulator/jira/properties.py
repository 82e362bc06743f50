# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application properties: which keys REST shows at all, at which level, and how they are written.

H7 (7.13.2 metadata; code) says which keys are editable; later versions unverified, so every version plays the same list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import body, caller, changed, module_error
from . import rights
from .context import errors, jira, world
from .gate import asks_password

rest = Blueprint("properties", __name__)


@dataclass(frozen=True)
class Known:
    key: str
    default: str
    kind: str
    sysadmin: bool
    choices: tuple[str, ...] = ()  # of an enum


EDITABLE = {known.key: known for known in (
    Known("jira.title", "Simulated Jira", "string", False),
    Known("jira.option.globalsharing", "true", "boolean", False),
    Known("jira.show.contact.administrators.form", "false", "boolean", True),
    Known("jira.project.description.html.enabled", "false", "boolean", True),
    Known("jira.custom.field.html.enabled", "true", "boolean", True),
    Known("jira.export.html.enabled", "true", "boolean", False),
    Known("jira.csv.export.dialog.enabled", "true", "boolean", False),
    Known("jira.search.views.default.max", "1000", "number", False),
    Known("jira.search.views.max.limit", "1000", "number", False),
    Known("jira.bulk.create.max.issues.per.import", "250", "number", True),
    Known("jira.text.field.character.limit", "32767", "number", True),
    Known("jira.attachment.number.of.zip.entries", "30", "number", True),
    Known("jira.option.user.crowd.allow.rename", "true", "boolean", True),
    Known("jira.quicksearch.max.concurrent.searches", "20", "number", False),
    Known("jira.empty.jql.returns.no.data.enabled", "false", "boolean", False),
    Known("google.site.verification.key", "", "string", True),
    Known("jira.newsletter.tip.delay.days", "7", "number", False),
    Known("jira.enabled.dark.features", "", "string", True),
    # Not of security: for their types. That the last one is an enum is unverified.
    Known("jira.rte.enabled", "true", "boolean", False),
    Known("jira.clone.prefix", "CLONE -", "string", False),
    Known("jira.lf.date.dmy", "dd/MMM/yy", "string", False),
    Known("jira.issue.actions.order", "asc", "enum", False, ("asc", "desc")),
)}


def current_value(key: str) -> str:
    return world().properties.get(key, EDITABLE[key].default)


def _as_json(known: Known) -> dict[str, Any]:
    value = current_value(known.key)
    shown: dict[str, Any] = {"id": known.key, "key": known.key, "value": value, "name": known.key, "desc": "", "type": known.kind}
    if known.kind in ("boolean", "enum"):
        shown["allowedValues"] = list(known.choices) or ["true", "false"]  # an enum is a list of texts (H6); of a boolean: unverified
    if value != known.default:
        shown["defaultValue"] = known.default  # left out when the value equals it (H6; code)
    return shown


def _takes(known: Known, value: str) -> bool:
    if known.kind == "number":
        return re.fullmatch(r"-?[0-9]+", value) is not None
    return known.kind == "string" or value in (known.choices or ("true", "false"))


def _refusal() -> Response | None:
    if caller().name is None:
        return errors(401, "You are not authenticated.")
    if not rights.has_global(world(), caller().name, "ADMINISTER"):
        return errors(403, "No permission")  # H6
    if caller().auth == "session" and asks_password():
        return module_error(401, "This resource requires WebSudo.")  # H6; Basic and tokens skip it
    return None


def _reachable() -> dict[str, Known]:
    """Keys the caller may edit: editability hangs on metadata and level, not on permission alone (H7)."""
    all_of_them = rights.has_global(world(), caller().name, "SYSTEM_ADMIN")
    return {key: known for key, known in EDITABLE.items() if all_of_them or not known.sysadmin}


@rest.get("/application-properties")
def list_properties() -> ResponseReturnValue:
    refusal = _refusal()
    if refusal is not None:
        return refusal
    found = _reachable()
    key = request.args.get("key")
    if key is not None:
        # One object, not a list (S103).
        return jsonify(_as_json(found[key])) if key in found else errors(jira().version.hidden_property_status, "No permission")
    if request.args.get("permissionLevel") == "ADMIN":
        found = {name: known for name, known in found.items() if not known.sysadmin}
    try:
        wanted = re.compile(request.args.get("keyFilter") or ".*")
    except re.error:
        return errors(400, "keyFilter is no regular expression.")
    return jsonify([_as_json(known) for known in found.values() if wanted.fullmatch(known.key)])


@rest.get("/application-properties/advanced-settings")
def advanced_settings() -> ResponseReturnValue:
    return _refusal() or jsonify([_as_json(known) for known in _reachable().values()])


@rest.put("/application-properties/<key>")
def put_property(key: str) -> ResponseReturnValue:
    refusal = _refusal()
    if refusal is not None:
        return refusal
    known, wish = _reachable().get(key), body()
    if known is None:
        return errors(jira().version.hidden_property_status, "No permission")
    if not isinstance(wish, dict) or not isinstance(wish.get("value"), str) or wish.get("id", key) != key:
        return errors(400, value="The body must hold the id of the property and its value as text.")
    value = wish["value"]
    if not _takes(known, value):
        return errors(400, value=f"The value {value!r} is no {known.kind}.")
    before = current_value(key)
    world().properties[key] = value
    changed("application property", key, before, value)
    return jsonify(_as_json(known))
