# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permission schemes and their grants (S100, S103, S112, TK; documented)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import body, changed, no_content
from . import rights
from .context import api, errors, needs, unrecognised, world
from .world import Grant, Scheme, World

rest = Blueprint("permission_schemes", __name__)
EXPANDABLE = "permissions,user,group,projectRole,field,all"
# Holder type -> does it take a parameter? None: it may. TK, samples (code); the last two unverified.
HOLDERS: dict[str, bool | None] = {
    "anyone": False, "group": None, "applicationRole": None, "projectRole": True, "user": True, "assignee": False,
    "reporter": False, "projectLead": False, "userCustomField": True, "groupCustomField": True,
    "reporterWithCreatePermission": False, "assigneeWithAssignablePermission": False,
}


def grant_as_json(scheme: Scheme, grant: Grant) -> dict[str, Any]:
    holder: dict[str, Any] = {"type": grant.type}
    if grant.parameter is not None:
        holder["parameter"] = grant.parameter
    if grant.type in ("group", "projectRole", "user") and grant.parameter is not None:
        holder["expand"] = grant.type  # sample permissionscheme-list-expanded; in the schema from S112
    return {
        "id": grant.id,
        "self": api(f"permissionscheme/{scheme.id}/permission/{grant.id}"),
        "holder": holder,
        "permission": grant.permission,
    }


def scheme_as_json(scheme: Scheme, expand: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "expand": EXPANDABLE,
        "id": scheme.id,
        "self": api(f"permissionscheme/{scheme.id}"),
        "name": scheme.name,
    }
    if scheme.description:  # the product leaves an empty description out (unverified; a client must not need it)
        shown["description"] = scheme.description
    if expand:
        shown["permissions"] = [grant_as_json(scheme, grant) for grant in scheme.grants]
    return shown


def parse_grant(world_: World, wish: Any, new_id: int) -> Grant | Response:
    if not isinstance(wish, dict):
        return errors(400, "The body must be an object.")
    for name in wish:
        if name not in ("holder", "permission", "id", "self"):
            return unrecognised(name)
    holder, permission = wish.get("holder"), wish.get("permission")
    if permission not in rights.PROJECT_PERMISSIONS:
        return errors(400, permission=f"No project permission is called {permission!r}.")
    if not isinstance(holder, dict) or holder.get("type") not in HOLDERS:
        return errors(400, holder="The holder has no known type.")
    type_, parameter = str(holder["type"]), holder.get("parameter") or None
    takes = HOLDERS[type_]
    if takes is True and parameter is None or takes is False and parameter is not None:
        return errors(400, holder=f"The holder type {type_} and its parameter do not fit.")
    known = {
        "group": world_.groups,
        "applicationRole": set(world_.application_roles),
        "projectRole": {str(role) for role in world_.project_roles},
        "user": {user.key for user in world_.users.values()},
    }.get(type_)
    if parameter is not None and known is not None and parameter not in known:
        return errors(400, holder=f"There is no {type_} {parameter!r}.")
    return Grant(new_id, str(permission), type_, None if parameter is None else str(parameter))


def _wants_grants() -> bool:
    """Any known value of expand returns the grants too (S103)."""
    return bool(set(request.args.get("expand", "").split(",")) & set(EXPANDABLE.split(",")))


def _missing(scheme_id: int) -> Response:
    return errors(404, f"Permission scheme {scheme_id} does not exist")  # sample permissionscheme-missing-error


@rest.get("/permissionscheme")
@needs("ADMINISTER")
def list_schemes() -> ResponseReturnValue:
    expand = _wants_grants()
    return jsonify({"permissionSchemes": [scheme_as_json(scheme, expand) for scheme in world().schemes.values()]})


@rest.post("/permissionscheme")
@needs("ADMINISTER")
def add_scheme() -> ResponseReturnValue:
    wish = body()
    if not isinstance(wish, dict) or not wish.get("name"):
        return errors(400, name="A permission scheme needs a name.")
    grants = _parse_grants(wish.get("permissions") or [])
    if isinstance(grants, Response):
        return grants
    scheme = Scheme(world().new_id(), str(wish["name"]), str(wish.get("description") or ""), grants)
    world().schemes[scheme.id] = scheme
    shown = scheme_as_json(scheme, True)
    changed("permission scheme", str(scheme.id), None, shown)
    return jsonify(scheme_as_json(scheme, _wants_grants())), 201


@rest.get("/permissionscheme/<int:scheme_id>")
@needs("ADMINISTER")
def get_scheme(scheme_id: int) -> ResponseReturnValue:
    scheme = world().schemes.get(scheme_id)
    return _missing(scheme_id) if scheme is None else jsonify(scheme_as_json(scheme, _wants_grants()))


@rest.put("/permissionscheme/<int:scheme_id>")
@needs("ADMINISTER")
def put_scheme(scheme_id: int) -> ResponseReturnValue:
    """Danger (S103): a list of permissions replaces every grant of the scheme; an empty one removes them all."""
    scheme = world().schemes.get(scheme_id)
    wish = body()
    if scheme is None:
        return _missing(scheme_id)
    if not isinstance(wish, dict) or not wish.get("name"):
        return errors(400, name="A permission scheme needs a name.")
    before = scheme_as_json(scheme, True)
    if isinstance(wish.get("permissions"), list):
        grants = _parse_grants(wish["permissions"])
        if isinstance(grants, Response):
            return grants
        scheme.grants = grants
    scheme.name = str(wish["name"])
    scheme.description = str(wish.get("description") or "")
    changed("permission scheme", str(scheme.id), before, scheme_as_json(scheme, True))
    return jsonify(scheme_as_json(scheme, _wants_grants()))


@rest.delete("/permissionscheme/<int:scheme_id>")
@needs("ADMINISTER")
def delete_scheme(scheme_id: int) -> ResponseReturnValue:
    scheme = world().schemes.get(scheme_id)
    if scheme is None:
        return _missing(scheme_id)
    if scheme_id == 0 or any(project.scheme == scheme_id for project in world().projects.values()):
        # The product moves projects to the default scheme or refuses: unverified; refusing hurts nobody.
        return errors(400, "The permission scheme is in use.")
    del world().schemes[scheme_id]
    changed("permission scheme", str(scheme_id), scheme_as_json(scheme, True), None)
    return no_content()


@rest.get("/permissionscheme/<int:scheme_id>/permission")
@needs("ADMINISTER")
def list_grants(scheme_id: int) -> ResponseReturnValue:
    scheme = world().schemes.get(scheme_id)
    if scheme is None:
        return _missing(scheme_id)
    return jsonify({"permissions": [grant_as_json(scheme, grant) for grant in scheme.grants], "expand": "user,group,projectRole,field,all"})


@rest.post("/permissionscheme/<int:scheme_id>/permission")
@needs("ADMINISTER")
def add_grant(scheme_id: int) -> ResponseReturnValue:
    """A grant that is there already is added once more: whether the product refuses is unverified, and a client must not need it."""
    scheme = world().schemes.get(scheme_id)
    if scheme is None:
        return _missing(scheme_id)
    grant = parse_grant(world(), body(), world().new_id())
    if isinstance(grant, Response):
        return grant
    scheme.grants.append(grant)
    shown = grant_as_json(scheme, grant)
    changed("permission grant", f"{scheme_id}/{grant.id}", None, shown)
    return jsonify(shown), 201


@rest.get("/permissionscheme/<int:scheme_id>/permission/<int:grant_id>")
@needs("ADMINISTER")
def get_grant(scheme_id: int, grant_id: int) -> ResponseReturnValue:
    scheme = world().schemes.get(scheme_id)
    if scheme is None:
        return _missing(scheme_id)
    grant = _find(scheme, grant_id)
    return errors(404, f"Permission grant {grant_id} does not exist") if grant is None else jsonify(grant_as_json(scheme, grant))


@rest.delete("/permissionscheme/<int:scheme_id>/permission/<int:grant_id>")
@needs("ADMINISTER")
def delete_grant(scheme_id: int, grant_id: int) -> ResponseReturnValue:
    scheme = world().schemes.get(scheme_id)
    if scheme is None:
        return _missing(scheme_id)
    grant = _find(scheme, grant_id)
    if grant is None:
        return errors(404, f"Permission grant {grant_id} does not exist")
    shown = grant_as_json(scheme, grant)
    scheme.grants.remove(grant)
    changed("permission grant", f"{scheme_id}/{grant_id}", shown, None)
    return no_content()


def _find(scheme: Scheme, grant_id: int) -> Grant | None:
    return next((grant for grant in scheme.grants if grant.id == grant_id), None)


def _parse_grants(wishes: Any) -> list[Grant] | Response:
    grants = []
    for wish in wishes:
        grant = parse_grant(world(), wish, world().new_id())
        if isinstance(grant, Response):
            return grant
        grants.append(grant)
    return grants
