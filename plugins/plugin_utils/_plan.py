# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run owes each target: the tasks of every play that carry a control.

A host that leaves a play early never runs the rest of it. Without knowing what that rest was, a control whose first task was
fine would look compliant although it was never examined to its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ansible.inventory.manager import split_host_pattern
from ansible.playbook.block import Block
from ansible.playbook.task import Task

from ansible_collections.hardening.atlassian.plugins.plugin_utils._run import SETTINGS_FACT
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import says_nothing, task_title

if TYPE_CHECKING:
    from ansible.playbook import Playbook


def control_of(tags: Iterable[str], controls: Collection[str]) -> str | None:
    """The one control among a task's tags; a task with several belongs to none, since nobody could say to which."""
    found = {tag for tag in tags if tag in controls}
    return found.pop() if len(found) == 1 else None


def _tasks(blocks: Iterable[Any]) -> Iterator[Any]:
    """Tasks in the order they run; rescue sections run only after a failure and are owed by nobody."""
    for entry in blocks:
        if isinstance(entry, Block):
            yield from _tasks(entry.block)
            yield from _tasks(entry.always)
        elif isinstance(entry, Task):
            yield entry


def _examines(task: Task) -> bool:
    """Whether a task finds something out, or is the set_fact by which a role states what was found."""
    return SETTINGS_FACT in task.args or not says_nothing(task.action)


def has_controls(playbook: Playbook, controls: Collection[str]) -> bool:
    """Whether any task of a playbook names a control, whatever tags were asked for."""
    return any(tag in controls for play in playbook.get_plays() for task in _tasks(play.compile()) for tag in task.tags)


def plan_of(playbook: Playbook, controls: Collection[str], only: Sequence[str], skip: Sequence[str]) -> list[dict[str, Any]]:
    """[{play, name, hosts: patterns, tasks: [{task, control, title, once}]}] for the plays of a playbook, under --tags and --skip-tags.

    Tasks of dynamic includes are not known before they run and are not part of the plan.
    """
    plays = []
    for play in playbook.get_plays():
        tasks = []
        for task in _tasks(play.compile()):
            control = control_of(task.tags, controls)
            if control is None or not _examines(task) or not task.evaluate_tags(only, skip, all_vars={}):
                continue
            tasks.append(
                {"task": task._uuid, "control": control, "title": task_title(task.get_name(), control), "once": task.run_once is True}
            )
        hosts = [play.hosts] if isinstance(play.hosts, str) else list(play.hosts)
        plays.append({"play": play._uuid, "name": play.get_name(), "hosts": hosts, "tasks": tasks})
    return plays


def _named(patterns: Iterable[str], names: Collection[str]) -> bool:
    """Whether plain patterns, a:b:!c:&d, name a host by one of these names: its own, those of its groups, all."""
    parts = split_host_pattern(list(patterns))
    some = any(part in names for part in parts)
    return some and not any((part[0] == "!" and part[1:] in names) or (part[0] == "&" and part[1:] not in names) for part in parts if part)


def _owing(play: Mapping[str, Any], started: Mapping[str, Collection[str]], targets: Mapping[str, Sequence[str]]) -> Collection[str]:
    """Targets of a play: those it ran on, or for a play that never began those its plain patterns name."""
    if play["play"] in started:
        return started[play["play"]]
    return [name for name, groups in targets.items() if _named(play["hosts"], ("all", name, *groups))]


def missing(
    plan: Iterable[Mapping[str, Any]],
    started: Mapping[str, Collection[str]],
    seen: Mapping[str, Collection[str]],
    targets: Mapping[str, Sequence[str]],
) -> dict[tuple[str, str], list[str]]:
    """{(control, target): titles of its tasks that never ran there}.

    started is {play: hosts it ran on}, seen is {task: hosts with a result of it}.
    """
    owed: dict[tuple[str, str], list[str]] = {}
    for play in plan:
        for target in _owing(play, started, targets):
            for task in play["tasks"]:
                ran_on = seen.get(task["task"], ())
                if target not in ran_on and not (task["once"] and ran_on):
                    owed.setdefault((task["control"], target), []).append(task["title"])
    return owed
