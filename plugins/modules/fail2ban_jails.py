#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fail2ban_jails
short_description: Compare the jails that run with what is wanted
version_added: 0.4.0
description:
  - Asks the running fail2ban for its jails and their options. Files alone prove nothing, since another file may go before them and a running jail can be
    changed by C(fail2ban-client).
  - Where something differs, fail2ban is told to read its configuration again, which keeps its bans, and is asked once more. What differs then is set by
    somebody else's file; it is reported as drifted, and left alone.
  - Bans that kernel or httpd do not carry out, since somebody has emptied the rule set, are carried out anew. Addresses that are turned away without a ban,
    since fail2ban was killed, and those that are banned and must never be, since they were put on O(jails)'s C(ignoreip) later, are let in again.
  - Of a filter the number of expressions is compared with the files, not their texts.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: Where fail2ban is not installed or does not run, nothing is examined, and the report says so.
  diff_mode:
    support: none
    details: The settings have the values.
  idempotent:
    support: full
  platform:
    details: Debian's fail2ban 1.0 or 1.1, run as root.
options:
  jails:
    description:
      - Jails that must run, and of each the options that must hold, by the names of C(fail2ban-client get <jail>), for example C(maxretry) or C(ignoreip).
      - C(ports) is no option of fail2ban. It is the list of ports that the action C(nftables) closes, as the kernel's rules have it.
      - Lists are compared without order; addresses and networks whatever their spelling.
    type: dict
    default: {}
  if_running:
    description: Of O(jails), those whose options are compared where they run, and that somebody else makes run.
    type: list
    elements: str
    default: []
  absent:
    description: Jails that must not run.
    type: list
    elements: str
    default: []
  server:
    description: Options of the server that must hold, by the names of C(fail2ban-client get). A C(loglevel) that writes more than the given one is as good.
    type: dict
    default: {}
  dubious:
    description: Jails of others that are reported where they run, with the reason each; they are left alone.
    type: dict
    default: {}
  hold:
    description: Why these must not run now. If not empty, nothing is asked, and each jail is reported as drifted for this reason.
    type: str
    default: ""
  conf:
    description: Folder of fail2ban's configuration.
    type: path
    default: /etc/fail2ban
  client:
    description: Path of C(fail2ban-client).
    type: path
    default: /usr/bin/fail2ban-client
seealso:
  - module: hardening.atlassian.fail2ban_fragment
"""

EXAMPLES = r"""
- name: The jail runs as it is written
  hardening.atlassian.fail2ban_jails:
    jails:
      atlassian-login:
        maxretry: 10
        ignoreip: [127.0.0.0/8, "::1", 192.0.2.0/24]
"""

RETURN = r"""
settings:
  description: One entry for each jail and each option of it.
  returned: success
  type: list
  elements: dict
  sample:
    - {setting: atlassian-login, before: runs, after: runs, state: compliant, reason: ""}
    - {setting: atlassian-login bans without effect, before: 0, after: 0, state: compliant, reason: ""}
    - {setting: atlassian-login maxretry, before: "3", after: "10", state: changed, reason: ""}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._ban_effects import Effect, effect, open_again, ports_of
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import (
    CHANGED,
    COMPLIANT,
    DRIFTED,
    NOT_EXAMINED,
    Setting,
)
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import PATIENCE, Fail2ban, items, level, networks, single

SPEC = ArgumentSpec(
    {
        "jails": {"type": "dict", "default": {}},
        "if_running": {"type": "list", "elements": "str", "default": []},
        "absent": {"type": "list", "elements": "str", "default": []},
        "server": {"type": "dict", "default": {}},
        "dubious": {"type": "dict", "default": {}},
        "hold": {"type": "str", "default": ""},
        "conf": {"type": "path", "default": "/etc/fail2ban"},
        "client": {"type": "path", "default": "/usr/bin/fail2ban-client"},
    }
)
ELSEWHERE = (
    "fail2ban was reloaded, and it is still so: a file of somebody else's below /etc/fail2ban sets it (a *.local file goes before ours). It is left alone."
)
# Bans that are put right one by one; everything else takes the jail's restart.
OPENED = ("closed without a ban", "bans of who is never banned")

Values = dict[str, Any]


def plain(value: Any) -> Any:
    """A wanted value as it is compared: a text, or a sorted list of texts."""
    if isinstance(value, (list, tuple)):
        return networks([str(item) for item in value])
    return str(value)


def asked(answer: str | None, wanted: Any) -> Any:
    """What the server said, in the form of the wanted value; None where it knows no such option."""
    if answer is None:
        return None
    if isinstance(wanted, list):
        return networks(items(answer))
    return single(answer)


def observe(fail2ban: Fail2ban, wanted: Mapping[str, Any], absent: list[str]) -> tuple[Values, dict[str, Effect]]:
    """{setting: value now}, and what is wrong with the bans of each jail. Raises AtlassianError where the server does not answer."""
    running = fail2ban.jails()
    now: Values = {name: "absent" if name not in running else "runs" for name in [*wanted["jails"], *absent]}
    effects: dict[str, Effect] = {}
    for jail, options in wanted["jails"].items():
        there = jail in running
        if there:
            effects[jail] = effect(fail2ban, jail, [str(entry) for entry in options.get("ignoreip", [])])
            now |= {f"{jail} {words}": len(found) for words, found in bans(effects[jail], options).items()}
            now[f"{jail} expressions"] = len(items(fail2ban.ask("get", jail, "failregex") or ""))
        for option, value in options.items():
            if option == "ports":
                now[f"{jail} ports"] = ports_of(fail2ban, jail, plain(value)) if there else None
            else:
                now[f"{jail} {option}"] = asked(fail2ban.ask("get", jail, option), plain(value)) if there else None
    for option, value in wanted["server"].items():
        answer = fail2ban.ask("get", option)
        now[f"fail2ban {option}"] = level(answer, value) if option == "loglevel" else asked(answer, plain(value))
    return now, effects


def bans(found: Effect, options: Mapping[str, Any]) -> dict[str, set[str]]:
    """{words of the setting: addresses}. Who must not be banned is known where the list is compared."""
    return {"bans without effect": found.missing, "closed without a ban": found.stale} | (
        {"bans of who is never banned": found.ignored} if "ignoreip" in options else {}
    )


def wanted_values(wanted: Mapping[str, Any], absent: list[str], running: set[str], expressions: Mapping[str, int]) -> Values:
    """{setting: value as it must be}; expressions is {jail that runs: number of those of its filter that lie on the disk}, as far as known."""
    values: Values = {name: "runs" for name in wanted["jails"]} | {name: "absent" for name in absent}
    for jail, options in wanted["jails"].items():
        if jail in running:
            values |= {f"{jail} {words}": 0 for words in bans(Effect(set(), set(), set()), options)}
        if jail in expressions:
            values[f"{jail} expressions"] = expressions[jail]
        values |= {f"{jail} {option}": plain(value) for option, value in options.items()}
    values.update({f"fail2ban {option}": plain(value) for option, value in wanted["server"].items()})
    return values


def rows_of(before: Values, after: Values, differs: str) -> list[Setting]:
    return [
        Setting(name, before[name], value, COMPLIANT) if before[name] == value else Setting(name, before[name], value, differs) for name, value in after.items()
    ]


def repair(fail2ban: Fail2ban, wanted: Mapping[str, Any], absent: list[str], rows: list[Setting], after: Values) -> list[Setting]:
    """Reload and ask again: what is as wanted then was changed; the rest somebody else has decided."""
    wrong = {row.setting for row in rows if row.differs}
    jails = [jail for jail in wanted["jails"] if any(name.startswith(f"{jail} ") for name in wrong)]
    if wrong & {*wanted["jails"], *absent} or any(name.startswith("fail2ban ") for name in wrong):
        fail2ban.reload()
    else:
        # Only these: what other controls would repair is theirs to report.
        for jail in jails:
            fail2ban.reload(jail)
    fail2ban.wait_for(list(wanted["jails"]))
    now, effects = observe(fail2ban, wanted, absent)
    # A reload leaves a jail with the actions it was started with, and bans that are there as they are.
    for jail in wanted["jails"]:
        if jail in effects:
            open_again(fail2ban, jail, effects[jail])
        left = {name for name, value in after.items() if name.startswith(f"{jail} ") and now.get(name) != value}
        if left - {f"{jail} {words}" for words in OPENED}:
            fail2ban.restart(jail)
            fail2ban.wait_for([jail])
    now, effects = observe(fail2ban, wanted, absent)
    return [repaired(row, now.get(row.setting), after[row.setting]) for row in rows]


def repaired(row: Setting, now: Any, after: Any) -> Setting:
    """What became of a setting; now is None where its jail does not run any more."""
    if now != after:
        return Setting(row.setting, now, now, DRIFTED, ELSEWHERE)
    return row if row.state == COMPLIANT else Setting(row.setting, row.before, row.after, CHANGED)


def unexamined(after: Values, reason: str) -> list[Setting]:
    return [Setting(name, None, value, NOT_EXAMINED, reason) for name, value in after.items()]


def on_disk(fail2ban: Fail2ban, jails: set[str]) -> tuple[dict[str, int], str]:
    """({jail: number of expressions} for these jails, why that is not known)."""
    try:
        found = fail2ban.expressions() if jails else {}
    except AtlassianError as exc:
        return {}, str(exc)
    return {jail: found.get(jail, 0) for jail in jails}, ""


def work(fail2ban: Fail2ban, params: Mapping[str, Any], check_mode: bool) -> list[Setting]:
    absent = [name for name in params["absent"] if name not in params["jails"]]
    if params["hold"]:
        return [Setting(name, "not applied", "not applied", DRIFTED, params["hold"]) for name in params["jails"]]
    if not any((params["jails"], absent, params["server"], params["dubious"])):
        return []
    if not fail2ban.installed or not fail2ban.running(0 if check_mode else PATIENCE):
        reason = "fail2ban does not run" if fail2ban.installed else "fail2ban is not installed"
        if not check_mode:
            raise AtlassianError(f"{reason}, so its jails cannot be examined: run the control F2B-04, which starts it.")
        return unexamined(wanted_values(params, absent, set(), {}), f"{reason}.")
    running = set(fail2ban.jails())
    idle = set(params["if_running"]) - running
    wanted = {"jails": {name: options for name, options in params["jails"].items() if name not in idle}, "server": params["server"]}
    expressions, unknown = on_disk(fail2ban, running & set(wanted["jails"]))
    after = wanted_values(wanted, absent, running, expressions)
    before, _effects = observe(fail2ban, wanted, absent)
    rows = rows_of(before, after, DRIFTED if check_mode else CHANGED)
    if not check_mode and any(row.differs for row in rows):
        rows = repair(fail2ban, wanted, absent, rows, after)
    rows += unexamined({f"{jail} expressions": None for jail in wanted["jails"] if jail in running and unknown}, unknown)
    running = set(fail2ban.jails())
    rows += [
        (
            Setting(name, "runs", "runs", DRIFTED, f"{reason} It is not ours, and is left alone.")
            if name in running
            else Setting(name, "absent", "absent", COMPLIANT)
        )
        for name, reason in params["dubious"].items()
    ]
    return rows


def main() -> None:
    module = SPEC.create_module()
    fail2ban = Fail2ban(module.run_command, module.params["conf"], module.params["client"])
    try:
        rows = work(fail2ban, module.params, module.check_mode)
    except (AtlassianError, OSError) as exc:
        module.fail_json(msg=str(exc), changed=False, settings=[])
    outcome = {"changed": any(row.differs for row in rows), "settings": [row.as_dict() for row in rows]}
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
