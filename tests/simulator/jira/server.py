# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server itself, and what it knows about the caller."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import base, caller
from . import rights
from .context import api, errors, jira, logged_in, needs, world
from .features import flag_states
from .people import user_as_json
from .projects import find_issue, find_project, visible

rest = Blueprint("server", __name__)
PRIORITY_FLAG = "com.atlassian.jira.security.endpoint.anonymous.access.priority"


@rest.get("/serverInfo")
def server_info() -> ResponseReturnValue:
    """For everyone, also when the site is closed (facts 2.5). `Server` on Data Center too (fixtures; code)."""
    version = jira().version
    return jsonify({
        "baseUrl": base(),
        "version": version.full,
        "versionNumbers": [int(part) for part in version.full.split(".")],
        "deploymentType": "Server",
        "buildNumber": version.build,
        "buildDate": version.build_date,
        "serverTime": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "scmInfo": "0" * 40,
        "serverTitle": "Simulated Jira",
    })


@rest.get("/myself")
@logged_in
def myself() -> ResponseReturnValue:
    return jsonify(user_as_json(world().users[str(caller().name)]))


@rest.get("/priority")
def priorities() -> ResponseReturnValue:
    """Strangers may ask only while a flag reopens it: name and default IS (code), the meaning is inferred from the name."""
    if caller().name is None and not flag_states(world().features).get(PRIORITY_FLAG, False):
        return errors(401, "You are not authenticated.")
    names = enumerate(("Highest", "High", "Medium", "Low", "Lowest"), start=1)
    return jsonify([{"self": api(f"priority/{number}"), "id": str(number), "name": name, "description": ""} for number, name in names])


@rest.get("/configuration")
@logged_in
def configuration() -> ResponseReturnValue:
    names = ("voting", "watching", "subTasks", "issueLinking", "timeTracking", "attachments")
    return jsonify({f"{name}Enabled": True for name in names} | {"unassignedIssuesAllowed": False})


def _definition(key: str, kind: str) -> dict[str, Any]:
    return {"key": key, "name": key.replace("_", " ").capitalize(), "type": kind, "description": ""}


@rest.get("/permissions")
@needs("ADMINISTER")
def permissions() -> ResponseReturnValue:
    """Definitions only: who holds them is not readable by REST (facts 2.3)."""
    found = {key: _definition(key, "GLOBAL") for key in world().global_permissions}
    found |= {key: _definition(key, "PROJECT") for key in rights.PROJECT_PERMISSIONS}
    return jsonify({"permissions": found})


@rest.get("/mypermissions")
def my_permissions() -> ResponseReturnValue:
    user = caller().name
    if user is None and not jira().version.anonymous_mypermissions:
        return errors(401, "You are not authenticated.")
    projects = list(world().projects.values())
    wanted = request.args.get("projectKey") or request.args.get("projectId")
    if wanted:
        project = find_project(wanted)
        if project is None or project not in visible():
            return errors(404, f"No project could be found with key '{wanted}'.")
        projects = [project]
    elif request.args.get("issueKey"):
        found = find_issue(request.args["issueKey"])
        if found is None:
            return errors(404, "Issue Does Not Exist")
        projects = [found[0]]
    shown: dict[str, Any] = {}
    for number, key in enumerate(world().global_permissions):
        have = rights.has_global(world(), user, key)
        shown[key] = {"id": str(number), **_definition(key, "GLOBAL"), "havePermission": have}
    for number, key in enumerate(rights.PROJECT_PERMISSIONS, start=100):
        # Without a context: does the caller have it in any project (S103 narrative; code)?
        have = any(rights.has_project(world(), user, project, key) for project in projects)
        shown[key] = {"id": str(number), **_definition(key, "PROJECT"), "havePermission": have}
    return jsonify({"permissions": shown})
