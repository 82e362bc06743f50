# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for a host with fail2ban, for the unit tests of fail2ban_fragment and fail2ban_jails. The real one is in the lab."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._compare import Setting
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import Fail2ban
from ansible_collections.hardening.atlassian.plugins.modules import fail2ban_fragment, fail2ban_jails

DEFAULTS: dict[str, Any] = {name: option.get("default") for name, option in {**fail2ban_fragment.SPEC.options, **fail2ban_jails.SPEC.options}.items()}


def _match(left: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"match": {"op": "==", "left": left, "right": right}}


class Host:
    """A configuration folder like Debian's, and a stand-in for fail2ban-client that answers as 1.0 and 1.1 do."""

    def __init__(self, top: Path) -> None:
        self.top, self.conf = top, top / "fail2ban"
        for folder in ("action.d", "filter.d", "jail.d", "fail2ban.d"):
            (self.conf / folder).mkdir(parents=True)
        (self.conf / "jail.conf").write_text("[DEFAULT]\n")
        (self.conf / "jail.d" / "theirs.conf").write_text("[theirs]\nenabled = true\n")
        (top / "client").write_text("")
        self.commands: list[list[str]] = []
        self.complaints: list[str] = []
        self.up, self.dies, self.starts = True, False, True
        self.closed: set[str] = set()
        self.ruled: list[Any] = [{"set": [80, 443]}]
        self.dump = "['set', 'syslogsocket', 'auto']\n['multi-set', 'a', 'addfailregex', ['^x', '^y']]\n['set', 'theirs', 'addfailregex', '^z']\n"
        self.answers: dict[tuple[str, ...], str] = {("status",): "Status\n|- Number of jail:\t1\n`- Jail list:\ttheirs"}
        self.after_reload: dict[tuple[str, ...], str] = {}
        self.fail2ban = Fail2ban(self.run, str(self.conf), str(top / "client"))

    def run(self, command: list[str], **_options: Any) -> tuple[int, str, str]:
        words = tuple(command[1:])
        if command[0] == "systemctl":
            self.up = self.starts
            return 0 if self.starts else 1, "", ""
        if command[:2] == ["nft", "delete"]:
            self.closed.discard(command[-1].strip("{} "))
            return 0, "", ""
        if command[0] == "nft":
            return 0, json.dumps({"nftables": [*self.rules("addr-set-a", "ip"), *self.rules("addr6-set-a", "ip6")]}), ""
        self.commands.append(list(words))
        if words[-1] == "--test":
            complaint = self.complaints.pop(0) if self.complaints else ""
            return (255, "", f"2026-11-26 10:00:00,000 fail2ban [7]: ERROR   {complaint}\nERROR: test configuration failed") if complaint else (0, "OK", "")
        if words[-1] == "-d":
            return (0, self.dump, "") if self.dump else (255, "", "ERROR: No section")
        if words[:3] == ("set", "a", "unbanip"):
            self.answers[("get", "a", "banip")] = self.answers[("get", "a", "banip")].replace(words[3], "")
            self.closed.discard(words[3])
            return 0, "1", ""
        if not self.up:
            return 255, "", "Failed to access socket path"
        if words == ("reload",) and self.dies:
            self.up = self.dies = False
            return 255, "", "Could not find server"
        if words in (("reload",), ("reload", "a")):
            self.answers.update(self.after_reload)
            return 0, "OK", ""
        if words[:2] == ("reload", "--restart"):
            self.closed |= {"192.0.2.66", "2001:db8::66"}
            self.ruled = [{"set": [80, 443]}]
            return 0, "OK", ""
        if words == ("ping",):
            return 0, "Server replied: pong", ""
        return (0, self.answers[words] + "\n", "") if words in self.answers else (255, "", "Sorry but the jail does not exist")

    def rules(self, name: str, protocol: str) -> list[dict[str, Any]]:
        """One family's set and its rule as nft --json lists them, with which fail2ban begins at the first ban."""
        mine = sorted(address for address in self.closed if (":" in address) == (protocol == "ip6"))
        port, source = {"protocol": "tcp", "field": "dport"}, {"protocol": protocol, "field": "saddr"}
        return [{"set": {"family": "inet", "name": name, "table": "f2b-table", "type": "ipv4_addr", **({"elem": mine} if mine else {})}}] + [
            {"rule": {"expr": [_match({"payload": port}, ports), _match({"payload": source}, f"@{name}"), {"reject": {"type": "tcp reset"}}]}}
            for ports in self.ruled
        ]

    def files(self) -> dict[str, str]:
        return {str(path.relative_to(self.conf)): path.read_text() for path in sorted(self.conf.rglob("*")) if path.is_file()}

    def lay(self, check: bool = False, **params: Any) -> dict[str, Any]:
        workplace = self.top / f"work{len(self.commands)}"
        workplace.mkdir(exist_ok=True)
        return fail2ban_fragment.work(self.fail2ban, {**DEFAULTS, **params}, check, str(workplace))

    def look(self, check: bool = False, **params: Any) -> list[Setting]:
        return fail2ban_jails.work(self.fail2ban, {**DEFAULTS, **params}, check)

    def reloads(self) -> int:
        return self.commands.count(["reload"])
