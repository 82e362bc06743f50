# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may see and do what. Strangers are user None."""

from __future__ import annotations

from .world import Grant, Project, Share, World

# Project permissions the seed and the rules use; an unknown key in a grant is refused. Names: H6, TK, samples; grade code.
PROJECT_PERMISSIONS = (
    "ADMINISTER_PROJECTS", "BROWSE_PROJECTS", "VIEW_DEV_TOOLS", "VIEW_READONLY_WORKFLOW", "MANAGE_SPRINTS_PERMISSION",
    "CREATE_ISSUES", "EDIT_ISSUES", "ASSIGN_ISSUES", "RESOLVE_ISSUES", "CLOSE_ISSUES", "MODIFY_REPORTER", "DELETE_ISSUES",
    "LINK_ISSUES", "SCHEDULE_ISSUES", "SET_ISSUE_SECURITY", "MOVE_ISSUES", "TRANSITION_ISSUES", "ASSIGNABLE_USER",
    "VIEW_VOTERS_AND_WATCHERS", "MANAGE_WATCHERS", "ADD_COMMENTS", "EDIT_ALL_COMMENTS", "EDIT_OWN_COMMENTS",
    "DELETE_ALL_COMMENTS", "DELETE_OWN_COMMENTS", "CREATE_ATTACHMENTS", "DELETE_ALL_ATTACHMENTS", "DELETE_OWN_ATTACHMENTS",
    "WORK_ON_ISSUES", "EDIT_ALL_WORKLOGS", "EDIT_OWN_WORKLOGS", "DELETE_ALL_WORKLOGS", "DELETE_OWN_WORKLOGS",
)


def is_anonymous(grant: Grant) -> bool:
    """Both spellings of "Anyone on the web": `anyone` (cloud text; unverified here) and a group without a name (TK; code)."""
    return grant.type == "anyone" or (grant.type == "group" and not grant.parameter)


def licensed(world: World, user: str | None) -> bool:
    """Does the user hold any application role? Inactive users hold none."""
    return any(_in_role(world, user, role) for role in world.application_roles)


def has_global(world: World, user: str | None, permission: str) -> bool:
    """A global permission. SYSTEM_ADMIN includes ADMINISTER (H6; code)."""
    holders = world.global_permissions.get(permission, set())
    if None in holders:
        return True
    groups = _groups(world, user)
    if any(group in groups for group in holders):
        return True
    return permission == "ADMINISTER" and has_global(world, user, "SYSTEM_ADMIN")


def has_project(world: World, user: str | None, project: Project, permission: str) -> bool:
    return any(
        grant.permission == permission and _holds(world, user, project, grant) for grant in world.schemes[project.scheme].grants
    )


def may_browse(world: World, user: str | None, project: Project) -> bool:
    """BROWSE_PROJECTS alone decides, for administrators too: the stricter reading of "visible" (S103); unverified."""
    return has_project(world, user, project, "BROWSE_PROJECTS")


def shared_with(world: World, user: str | None, shares: list[Share]) -> bool:
    return any(_share_reaches(world, user, share) for share in shares)


def _holds(world: World, user: str | None, project: Project, grant: Grant) -> bool:
    if is_anonymous(grant):
        return True
    if user is None:
        return False
    if grant.type == "applicationRole":
        return _in_role(world, user, grant.parameter) if grant.parameter else licensed(world, user)
    if grant.type == "group":
        return grant.parameter in _groups(world, user)
    if grant.type == "user":
        return user in world.users and world.users[user].key == grant.parameter
    if grant.type == "projectRole":
        return any(_is_member(world, user, member) for member in project.roles.get(int(grant.parameter or 0), []))
    if grant.type == "projectLead":
        return project.lead == user
    return False  # assignee, reporter, custom fields: they depend on an issue, so they show no project


def _is_member(world: World, user: str, member: str) -> bool:
    kind, _colon, name = member.partition(":")
    return name == user if kind == "user" else name in _groups(world, user)


def _in_role(world: World, user: str | None, role: str | None) -> bool:
    found = world.application_roles.get(role or "")
    return found is not None and bool(found.groups & _groups(world, user))


def _groups(world: World, user: str | None) -> set[str]:
    found = world.users.get(user or "")
    return found.groups if found is not None and found.active else set()


def _share_reaches(world: World, user: str | None, share: Share) -> bool:
    if share.type == "global":
        return True
    if user is None:
        return False
    if share.type == "loggedin":
        return True
    if share.type == "group":
        return share.target in _groups(world, user)
    if share.type == "user":
        return share.target == user
    project = next((item for item in world.projects.values() if str(item.id) == share.target), None)
    if project is None or share.role is None:
        return project is not None and may_browse(world, user, project)
    return any(_is_member(world, user, member) for member in project.roles.get(share.role, []))
