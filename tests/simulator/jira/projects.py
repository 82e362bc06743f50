# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, their permission scheme, issues and search: only as much as shows who sees what."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from ..answers import base, body, caller, changed
from . import rights
from .context import api, errors, jira, needs, world
from .schemes import scheme_as_json
from .world import Project

rest = Blueprint("projects", __name__)


def visible() -> list[Project]:
    return [project for project in world().projects.values() if rights.may_browse(world(), caller().name, project)]


def project_as_json(project: Project) -> dict[str, Any]:
    avatar = f"{base()}/secure/projectavatar"
    return {
        "self": api(f"project/{project.id}"),
        "id": str(project.id),
        "key": project.key,
        "name": project.name,
        "avatarUrls": {"48x48": avatar, "24x24": f"{avatar}?size=small", "16x16": f"{avatar}?size=xsmall"},
        "archived": False,
    }


def issue_as_json(project: Project, number: int) -> dict[str, Any]:
    key = f"{project.key}-{number}"
    issue_id = str(project.id * 100 + number)
    fields = {"summary": project.issues[number - 1], "project": project_as_json(project)}
    return {"id": issue_id, "self": api(f"issue/{issue_id}"), "key": key, "fields": fields}


def find_issue(key: str) -> tuple[Project, int] | None:
    """The issue with this key, if the caller may see it."""
    name, _dash, number = key.upper().rpartition("-")
    project = next((item for item in visible() if item.key == name), None)
    if project is None or not number.isdigit() or not 1 <= int(number) <= len(project.issues):
        return None
    return project, int(number)


def find_project(key_or_id: str) -> Project | None:
    wanted = key_or_id.upper()
    return next((item for item in world().projects.values() if wanted in (item.key, str(item.id))), None)


@rest.get("/project")
def list_projects() -> ResponseReturnValue:
    # Strangers get the projects that anonymous access shows (S103; doc).
    return jsonify([project_as_json(project) for project in visible()])


@rest.get("/project/<key>")
def get_project(key: str) -> ResponseReturnValue:
    project = find_project(key)
    if project is None or project not in visible():
        return errors(404, f"No project could be found with key '{key}'.")
    return jsonify({**project_as_json(project), "description": ""})


@rest.get("/project/<key>/permissionscheme")
@needs("ADMINISTER")
def get_scheme(key: str) -> ResponseReturnValue:
    """Administrators read it for each project, also for one they may not browse (unverified)."""
    project = find_project(key)
    if project is None:
        return errors(404, f"No project could be found with key '{key}'.")
    return jsonify(scheme_as_json(world().schemes[project.scheme], "expand" in request.args))


@rest.put("/project/<key>/permissionscheme")
@needs("ADMINISTER")
def put_scheme(key: str) -> ResponseReturnValue:
    project, wish = find_project(key), body()
    if project is None:
        return errors(404, f"No project could be found with key '{key}'.")
    scheme = world().schemes.get(int(wish["id"])) if isinstance(wish, dict) and isinstance(wish.get("id"), int) else None
    if scheme is None:
        return errors(404, "The permission scheme does not exist")
    before, project.scheme = project.scheme, scheme.id
    changed("project permission scheme", project.key, before, scheme.id)
    return jsonify(scheme_as_json(scheme, "expand" in request.args))


@rest.get("/issue/<key>")
def get_issue(key: str) -> ResponseReturnValue:
    found = find_issue(key)
    return errors(404, "Issue Does Not Exist") if found is None else jsonify(issue_as_json(*found))


@rest.route("/search", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Only `project = KEY` and the empty query are understood; others are a 400 here, never a silent empty list."""
    asked = body() if request.method == "POST" else request.args
    if not hasattr(asked, "get"):
        return errors(400, "The body must be an object.")
    jql = str(asked.get("jql") or "").strip()
    match = re.fullmatch(r"(?i)(?:project\s*=\s*\"?(\w+)\"?)?\s*(?:order\s+by\s+.*)?", jql)
    if match is None:
        return errors(400, f"The simulator does not understand the query {jql!r}.")
    projects = visible()
    if match.group(1):
        projects = [project for project in projects if project.key == match.group(1).upper()]
        if not projects:
            return errors(400, f"The value '{match.group(1)}' does not exist for the field 'project'.")
    issues = [issue_as_json(project, number) for project in projects for number in range(1, len(project.issues) + 1)]
    try:
        start, size = int(asked.get("startAt") or 0), int(asked.get("maxResults") or 50)
    except ValueError:
        return errors(400, "startAt and maxResults must be numbers.")
    answer: dict[str, Any] = {"expand": "names,schema", "startAt": start, "maxResults": size, "total": len(issues)}
    answer["issues"] = issues[start : start + size]
    if jira().version.max_result_window:
        answer["maxResultWindow"] = 10_000  # S112
    return jsonify(answer)
