# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may see and do what. Strangers are user None."""

from __future__ import annotations

from collections.abc import Iterator

from . import operations as op
from .world import ANONYMOUS, UNLICENSED, Space, World


def has_global(world: World, user: str | None, operation: str) -> bool:
    """A global permission by right: own, or of a group. A system administrator administers Confluence too."""
    subjects = _subjects(world, user)
    wanted = (operation, op.SYSTEM) if operation == op.ADMINISTER else (operation,)
    return any(item in world.permissions.get(subject, ()) for subject in subjects for item in wanted)


def administers(world: World, user: str | None) -> bool:
    return has_global(world, user, op.ADMINISTER)


def is_system_administrator(world: World, user: str | None) -> bool:
    return has_global(world, user, op.SYSTEM)


def may_use(world: World, user: str | None) -> bool:
    """Strangers by the permission of anonymous; who has no licence by that of the unlicensed (facts 4.7), not by that of anonymous."""
    if user is None:
        return op.USE in world.permissions.get(ANONYMOUS, ())
    known = world.users.get(user)
    if known is None or not known.active:
        return False
    return has_global(world, user, op.USE) or op.USE_UNLICENSED in world.permissions.get(UNLICENSED, ())


def may_see_profiles(world: World, user: str | None) -> bool:
    """Who has a licence sees them; the others need it granted (facts 4.1)."""
    if user is None:
        return may_use(world, None) and op.PROFILES in world.permissions.get(ANONYMOUS, ())
    return has_global(world, user, op.USE) or (may_use(world, user) and op.PROFILES in world.permissions.get(UNLICENSED, ()))


def has_space(world: World, user: str | None, space: Space, operation: str) -> bool:
    """A space permission by right; what anonymous holds counts for everyone who logs in (facts 4; documented)."""
    return any(operation in space.permissions.get(subject, ()) for subject in (ANONYMOUS, *_subjects(world, user)))


def may_see(world: World, user: str | None, space: Space) -> bool:
    """Administrators see nothing by their office alone: how complete their lists are is unverified (facts 4.6)."""
    return may_use(world, user) and has_space(world, user, space, op.READ)


def visible(world: World, user: str | None) -> Iterator[Space]:
    """Lazily, as a page of the list needs only some of ten thousand."""
    if not may_use(world, user):
        return
    subjects = (ANONYMOUS, *_subjects(world, user))
    for space in world.spaces.values():
        permissions = space.permissions
        for subject in subjects:
            if op.READ in permissions.get(subject, ()):
                yield space
                break


def administers_space(world: World, user: str | None, space: Space) -> bool:
    """Space administrators and Confluence administrators (facts 4.4), also of a space that they do not see."""
    own = any(op.ADMINISTER_SPACE in space.permissions.get(subject, ()) for subject in _subjects(world, user))
    return own or administers(world, user)


def _subjects(world: World, user: str | None) -> tuple[str, ...]:
    known = world.users.get(user or "")
    return known.subjects if known is not None else ()
