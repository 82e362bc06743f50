# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback objects of Ansible become events: the one place that knows the shape of a task result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.hardening.atlassian.plugins.plugin_utils._builtin_settings import builtin_settings
from ansible_collections.hardening.atlassian.plugins.plugin_utils._catalogue import TARGET_GROUPS
from ansible_collections.hardening.atlassian.plugins.plugin_utils._plan import control_of
from ansible_collections.hardening.atlassian.plugins.plugin_utils._run import CONTROLS_FACT, RUN_FACT
from ansible_collections.hardening.atlassian.plugins.plugin_utils._settings import (
    failure,
    given_settings,
    says_nothing,
    sentence,
    setting,
    task_title,
)

if TYPE_CHECKING:
    from ansible.executor.task_result import TaskResult
    from ansible.playbook.play import Play

_CONDITIONAL = ("false_condition", "skip_reason", "skipped_reason")


def play_event(play: Play) -> dict[str, Any]:
    """The play that starts, with the hosts it runs on (all batches of them) after --limit."""
    variables = play.get_variable_manager().get_vars(play=play)
    return {"event": "play", "play": play._uuid, "name": play.get_name(), "hosts": sorted(variables.get("ansible_play_hosts_all", ()))}


def inventory_event(play: Play) -> dict[str, Any]:
    """Who is in our groups: all that is known of the world where the first play never says more."""
    groups = play.get_variable_manager().get_vars(play=play).get("groups", {})
    return {"event": "inventory", "groups": {name: sorted(groups[name]) for name in TARGET_GROUPS if name in groups}}


def known_run_events(play: Play | None) -> list[dict[str, Any]]:
    """The run as an earlier playbook of the same call has described it, for facts outlive their playbook; empty where none has."""
    if play is None:
        return []
    hostvars = play.get_variable_manager().get_vars(play=play).get("hostvars", {})
    runs = (hostvars.raw_get(name).get(RUN_FACT) for name in hostvars)
    return next(([_run_event(run)] for run in runs if isinstance(run, Mapping)), [])


def _run_event(run: Mapping[str, Any]) -> dict[str, Any]:
    """A problem quotes the value it is about, whatever somebody wrote there."""
    return {"event": "run", "run": {**run, "problems": [sentence(problem) for problem in run.get("problems", ())]}}


def _facts(result: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = result.get("ansible_facts")
    return facts if isinstance(facts, Mapping) else {}


def fact_events(result: TaskResult) -> list[dict[str, Any]]:
    """What a set_fact tells about the run: the run itself, and what the controls may do on a host."""
    facts = _facts(result._result)
    events: list[dict[str, Any]] = []
    run = facts.get(RUN_FACT)
    if isinstance(run, Mapping):
        events.append(_run_event(run))
    modes = facts.get(CONTROLS_FACT)
    if isinstance(modes, Mapping):
        events.append({"event": "modes", "target": result._host.get_name(), "modes": dict(modes)})
    return events


def _checked(fields: Mapping[str, Any], run_checks: bool) -> bool:
    """Whether the task itself ran in check mode: its own check_mode after templating, which may differ from the run's.

    The executor hands the templated attributes of the task with each result; the task object keeps the template.
    """
    value = fields.get("check_mode")
    return run_checks if value is None else boolean(value, strict=False)


def _shown(fields: Mapping[str, Any]) -> bool:
    """Whether the task shows what differs: diff: false stands where values are secret, also of modules that need no diff to tell."""
    value = fields.get("diff")
    return value is None or boolean(value, strict=False)


def _item(result: Mapping[str, Any], number: int) -> str:
    """How a loop item is called: its label where that is short and plain, else its number, since an item may hold a secret."""
    label = result.get("_ansible_item_label")
    if "censored" not in result and isinstance(label, (str, int)) and len(str(label)) <= 200:
        return str(label)
    return f"item {number}"


def _skip_settings(result: Mapping[str, Any], title: str, check: bool) -> list[dict[str, Any]]:
    """A condition that is false says nothing; a module that cannot look in check mode has left something unexamined."""
    if check and result.get("msg") and not any(name in result for name in _CONDITIONAL):
        return [setting(title, "not_examined", reason=f"this step has no check mode: {result['msg']}")]
    return []


def _skip_message(result: Mapping[str, Any]) -> str:
    condition = result.get("false_condition")
    if condition is not None:
        return sentence(f"the condition {str(condition)!r} does not hold")
    return sentence(result.get("skipped_reason") or result.get("skip_reason") or result.get("msg") or "")


def _settings(result: Mapping[str, Any], action: str, title: str, status: str, check: bool, shown: bool) -> list[dict[str, Any]]:
    """The settings of one result that carries a control."""
    if status == "unreachable":
        return [setting(title, "not_examined", reason=f"unreachable: {failure(result)}")]
    if status == "skipped":
        return _skip_settings(result, title, check)
    given = given_settings(result, title)
    if given is not None:
        if status == "failed" and not any(entry["state"] == "failed" for entry in given):
            given.append(setting(title, "failed", reason=failure(result)))
        return given
    if says_nothing(action) and status == "ok":
        return []
    return builtin_settings(result, title, status, check, action, shown)


def result_event(
    result: TaskResult, status: str, controls: Collection[str], run_checks: bool, ignored: bool = False, number: int | None = None
) -> dict[str, Any]:
    """One task result; number is that of the loop item, None outside loops and for a loop's own end."""
    task, values, fields = result._task, result._result, result._task_fields
    control = control_of(task.tags, controls)
    # The templated name, from the executor; the task object keeps the template.
    title = task_title(str(fields.get("name") or task.get_name()), control)
    message = ""
    if status in ("failed", "unreachable"):
        message = failure(values)
    elif status == "skipped":
        message = _skip_message(values)
    label = title if number is None else f"{title}: {_item(values, number)}"
    settings: Sequence[Mapping[str, Any]] = ()
    if control is not None:
        settings = _settings(values, task.action, label, status, _checked(fields, run_checks), _shown(fields))
    return {
        "event": "result",
        "task": task._uuid,
        "target": result._host.get_name(),
        "control": control,
        "title": title,
        "action": task.action,
        "status": status,
        "ignored": ignored,
        "message": message,
        "settings": list(settings),
    }
