# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Confluence as one finds it: it works, and it is open in the ways the control catalogue names."""

from __future__ import annotations

from . import operations as op
from .settings import seed_settings
from .world import ANONYMOUS, UNLICENSED, Features, Permissions, User, World, group, key_of, user

ADMINS = "confluence-administrators"
USERS = "confluence-users"
LIMITED = "site-admins"
HR = "hr-team"


def seed() -> World:
    world = World()
    world.groups = {ADMINS, USERS, LIMITED, HR}
    world.users = {person.name: person for person in (
        User("automation", "Automation Account", {ADMINS, USERS}),
        User("admin2", "Alex Admin", {LIMITED, USERS}),  # administers Confluence, not the system
        User("witness", "Wilma Witness", {USERS}),
        User("lena", "Lena Personnel", {USERS, HR}),
        User("freya", "Freya Freelance", set()),  # may use Confluence by her own name alone
        User("guest", "Gus Guest", set()),  # no licence: lives from what the unlicensed may
        User("former", "Fred Former", {USERS}, active=False),
    )}
    world.permissions = {
        ANONYMOUS: {op.USE, op.PROFILES},
        UNLICENSED: {op.USE_UNLICENSED},
        group(USERS): {op.USE, op.PERSONAL_SPACE, op.CREATE_SPACE},
        group(ADMINS): {op.USE, op.ADMINISTER, op.SYSTEM},
        group(LIMITED): {op.USE, op.ADMINISTER},
        user(key_of("freya")): {op.USE},
    }
    world.features = Features(
        site={"simulated.experiment", "simulated.migration.step", "enable.legacy.edit.in.office"},
        system={"simulated.jvm.switch"},
    )
    world.settings = seed_settings()
    _spaces(world)
    return world


def _spaces(world: World) -> None:
    def permissions(anonymous: set[str] | None = None, users: set[str] | None = None, **others: set[str]) -> Permissions:
        given = {ANONYMOUS: anonymous, group(USERS): users, group(ADMINS): {op.READ, op.ADMINISTER_SPACE}}
        held = {subject: operations for subject, operations in given.items() if operations}
        return held | {user(key_of(name)): operations for name, operations in others.items()}

    contributors = {op.READ, "page create"}
    owner = {op.READ, op.ADMINISTER_SPACE, "page create", "space delete_own"}
    world.add_space("DOC", "Documentation", permissions({op.READ}, contributors, freya={op.READ}) | {group(LIMITED): {op.READ}})
    # Anonymous is all that lets the users in: taking it away empties their screens.
    world.add_space("PUB", "Public relations", permissions({op.READ, "comment create"}))
    world.add_space("SUP", "Support", permissions({op.READ}, {op.READ, "comment create"}))
    world.add_space("TEAM", "Team", permissions(None, contributors))
    world.add_space("HR", "Personnel", {group(HR): {op.READ, "page create"}})
    world.add_space("OLD", "Old handbook", permissions({op.READ, "page create"}, {op.READ}), status="archived")
    world.add_space("ATT", "Attic", permissions(None, {op.READ}), status="archived")
    world.add_space("~witness", "Wilma Witness", permissions({op.READ}, witness=owner), "personal")
    world.add_space("~lena", "Lena Personnel", {user(key_of("lena")): set(owner)}, "personal")
