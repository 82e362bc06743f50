# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Jira as one finds it: it works, and it is open in the ways the control catalogue names."""

from __future__ import annotations

from . import general
from .properties import EDITABLE
from .versions import Version
from .world import ApplicationRole, Dashboard, Features, Filter, Grant, Project, Scheme, Share, User, World

ADMINS = "jira-administrators"
USERS = "jira-software-users"
LIMITED = "jira-limited-admins"
HR = "hr-team"


def seed(version: Version, base_url: str) -> World:
    world = World()
    world.properties = {**{known.key: known.default for known in EDITABLE.values()}, **general.start(version, base_url)}
    world.groups = {ADMINS, USERS, LIMITED, HR}
    world.users = {user.name: user for user in (
        User("automation", "Automation Account", {ADMINS, USERS}),
        User("admin2", "Alex Admin", {LIMITED, USERS}),  # ADMINISTER without SYSTEM_ADMIN
        User("witness", "Wilma Witness", {USERS}),
        User("lena", "Lena Personnel", {USERS, HR}),
        User("guest", "Gus Guest", set()),  # no application access: may not log in
        User("former", "Fred Former", {USERS}, active=False),
    )}
    world.application_roles = {"jira-software": ApplicationRole("jira-software", "Jira Software", {USERS}, {USERS})}
    world.global_permissions = {
        "SYSTEM_ADMIN": {ADMINS},
        "ADMINISTER": {ADMINS, LIMITED},
        "USER_PICKER": {USERS, None},  # Browse Users for anyone: REST cannot take it away
        "CREATE_SHARED_OBJECTS": {USERS},
        "MANAGE_GROUP_FILTER_SUBSCRIPTIONS": {USERS},
        "BULK_CHANGE": {USERS},
    }
    world.project_roles = {10000: "Users", 10001: "Developers", 10002: "Administrators"}
    world.schemes = {scheme.id: scheme for scheme in _schemes()}
    world.projects = {project.key: project for project in _projects()}
    world.features = Features(
        site={
            "com.atlassian.jira.security.endpoint.anonymous.access.priority.enabled",
            "com.atlassian.jira.migration.simulated-step",
            "simulated.experiment",
        },
        system={"atlassian.rest.xsrf.legacy.enabled"},  # IS: seen as a system key on many sites
        flags={
            "com.atlassian.jira.security.endpoint.anonymous.access.priority": False,
            "com.atlassian.jira.security.endpoint.non.browse.projects.access.fields": False,
            "com.atlassian.jira.plugin.issuenavigator.anonymousPreventCfData": False,
            "jira.jql.membersof.ignoreGlobalPermissionsForAnonymous": False,
            "simulated.default.on": True,
        },
    )
    world.filters = {item.id: item for item in (
        Filter(10000, "All open bugs", "witness", "type = Bug AND resolution IS EMPTY", [Share(10100, "global")], {"witness"}),
        Filter(10001, "Team board", "witness", "project = INT", [Share(10101, "loggedin")]),
        Filter(10002, "My notes", "lena", "project = HR"),
        Filter(10003, "Support queue", "automation", "project = SUP", [Share(10102, "group", USERS)], {"automation"}),
    )}
    world.dashboards = {board.id: board for board in (
        Dashboard(10000, "System Dashboard", None, [Share(10200, "global")]),
        Dashboard(10001, "Public roadmap", "witness", [Share(10201, "global")]),
        Dashboard(10002, "Operations", "automation", [Share(10202, "loggedin")]),
        Dashboard(10003, "Personnel", "lena", [Share(10203, "group", HR)]),
    )}
    return world


def _schemes() -> list[Scheme]:
    ids = iter(range(10500, 10600))

    def grant(permission: str, type_: str, parameter: str | None = None) -> Grant:
        return Grant(next(ids), permission, type_, parameter)

    return [
        # Anyone, spelt as the data base has it (TK: a group without a name), beside the grant for everyone who logs in.
        Scheme(0, "Default Permission Scheme", "This is the default permission scheme.", [
            grant("BROWSE_PROJECTS", "applicationRole"),
            grant("BROWSE_PROJECTS", "group"),
            grant("CREATE_ISSUES", "applicationRole"),
            grant("ADD_COMMENTS", "applicationRole"),
            grant("ADMINISTER_PROJECTS", "projectRole", "10002"),
        ]),
        # Anyone alone: taking it away would empty the screens of everyone who logs in.
        Scheme(10100, "Public Scheme", "Read by the whole world.", [
            grant("BROWSE_PROJECTS", "anyone"),
            grant("ADD_COMMENTS", "group"),
            grant("CREATE_ISSUES", "group", USERS),
            grant("ADMINISTER_PROJECTS", "projectRole", "10002"),
        ]),
        Scheme(10101, "Internal Scheme", "", [
            grant("BROWSE_PROJECTS", "applicationRole"),
            grant("CREATE_ISSUES", "applicationRole", "jira-software"),
            grant("ASSIGN_ISSUES", "assignee"),
        ]),
        Scheme(10102, "Partner Scheme", "Partners read along.", [
            grant("BROWSE_PROJECTS", "group", USERS),
            grant("BROWSE_PROJECTS", "anyone"),
            grant("VIEW_DEV_TOOLS", "anyone"),
            grant("CREATE_ATTACHMENTS", "user", "JIRAUSER-witness"),
        ]),
        Scheme(10103, "Personnel Scheme", "", [
            grant("BROWSE_PROJECTS", "group", HR),
            grant("ADMINISTER_PROJECTS", "projectLead"),
        ]),
        Scheme(10104, "Unused Public Scheme", "No project uses it.", [grant("BROWSE_PROJECTS", "group")]),
    ]


def _projects() -> list[Project]:
    def roles() -> dict[int, list[str]]:
        return {10000: [], 10001: [f"group:{USERS}"], 10002: [f"group:{ADMINS}"]}

    return [
        Project(10000, "OPS", "Operations", 0, "automation", roles(), ["Rotate the certificates", "Write the runbook"]),
        Project(10001, "WEB", "Website", 10100, "witness", roles(), ["Broken link on the start page"]),
        Project(10002, "SUP", "Support", 10100, "witness", roles(), ["Printer on fire"]),
        Project(10003, "INT", "Internal tools", 10101, "automation", roles(), ["Replace the time sheet"]),
        Project(10004, "PART", "Partners", 10102, "automation", roles(), ["Contract draft"]),
        Project(10005, "HR", "Personnel", 10103, "lena", roles(), ["Salary round"]),
    ]
