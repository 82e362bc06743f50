# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task results become settings: {setting, before, after, state, reason}.

Modules of this collection return settings themselves. Those of other modules are made in _builtin_settings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.hardening.atlassian.plugins.plugin_utils._run import SETTINGS_FACT

STATES = ("failed", "drifted", "not_examined", "changed", "compliant", "not_applicable", "accepted", "attested", "off", "planned")
SETTING_STATES = ("failed", "drifted", "not_examined", "changed", "compliant", "not_applicable", "attested")

LARGEST_TEXT = 20_000  # characters of a before or after; a certificate bundle should not make the report unreadable

# What only collects or steers has examined nothing, whatever its result is.
_SAYS_NOTHING = frozenset(
    {
        "add_host", "debug", "find", "gather_facts", "getent", "group_by", "import_playbook", "import_role", "import_tasks",
        "include_role", "include_tasks", "include_vars", "meta", "package_facts", "pause", "service_facts", "set_fact",
        "set_stats", "setup", "slurp", "stat", "wait_for", "wait_for_connection",
    }
)  # fmt: skip

_SCRUBBED = (
    (re.compile(r"(//)[^/\s@]+@"), r"\1***@"),
    (re.compile(r"(?i)(authorization:\s*)\S+(\s+\S+)?"), r"\1***"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), "*** private key ***"),
)
# Ansible's own temporary places differ from run to run; equal states must give equal rows.
_TEMPORARY = re.compile(r"/\S*(?:ansible-tmp-|ansible-local-|\.ansible_tmp|ansible\.)[^\s'\":,]*")


def scrub(text: str) -> str:
    """The text without what looks like a secret: a net under no_log and diff: false, not a replacement for them."""
    for pattern, replacement in _SCRUBBED:
        text = pattern.sub(replacement, text)
    return _TEMPORARY.sub("(temporary file)", text)


def _clean(value: Any) -> Any:
    """A value fit for the report: texts scrubbed and of bounded length, structures kept; JSON has no infinity, so it is a text."""
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    text = scrub(str(value))
    if len(text) > LARGEST_TEXT:
        return f"{text[:LARGEST_TEXT]}\n... ({len(text) - LARGEST_TEXT} more characters)"
    return text


def sentence(value: object) -> str:
    """A message on one line."""
    return " ".join(scrub(str(value)).split())


def setting(name: str, state: str, before: Any = None, after: Any = None, reason: str = "") -> dict[str, Any]:
    return {"setting": name, "before": _clean(before), "after": _clean(after), "state": state, "reason": sentence(reason)}


def says_nothing(action: str) -> bool:
    """Whether a module only collects or steers, by its name; modules named *_info and *_facts read by Ansible's own convention."""
    collection, _dot, name = action.rpartition(".")
    if name.endswith(("_info", "_facts")):
        return True
    return name in _SAYS_NOTHING and collection in ("", "ansible.builtin", "ansible.legacy")


def task_title(name: str, control: str | None) -> str:
    """A task's name without its role and its control id, which stand beside it in the report."""
    title = re.sub(r"^[a-z0-9_.]+ : ", "", name)
    if control:
        title = re.sub(rf"^{re.escape(control)}\s*[|:]\s*", "", title)
    return title


def given_settings(result: Mapping[str, Any], title: str) -> list[dict[str, Any]] | None:
    """The settings a module returned, or a role stated by set_fact; None where there are none of either."""
    facts = result.get("ansible_facts")
    given = result.get("settings")
    if given is None and isinstance(facts, Mapping):
        given = facts.get(SETTINGS_FACT)
    if given is None:
        return None
    if not isinstance(given, Sequence) or isinstance(given, str):
        return [setting(title, "failed", reason=f"the task returned settings that are no list but {type(given).__name__}")]
    return [_given(entry, title) for entry in given]


def _given(entry: object, title: str) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or entry.get("state") not in SETTING_STATES:
        return setting(title, "failed", reason="the task returned a setting without a known state")
    name, reason = str(entry.get("setting", title)), str(entry.get("reason") or "")
    if entry["state"] in ("failed", "not_examined", "not_applicable") and not reason:
        reason = "the task gave no reason"
    return setting(name, entry["state"], entry.get("before"), entry.get("after"), reason)


def failure(result: Mapping[str, Any]) -> str:
    """Why a task failed, in one line."""
    if "censored" in result:
        return "the task failed, its output is hidden by no_log"
    message = sentence(result.get("msg") or result.get("reason") or result.get("stderr") or result.get("module_stderr") or "the task gave no message")
    # The executor's own words around the message say nothing that the state does not.
    message = re.sub(r"^(?:Task failed: |Action failed: |Module failed: )+", "", message)
    limit = 600
    return message if len(message) <= limit else message[:limit] + "..."
