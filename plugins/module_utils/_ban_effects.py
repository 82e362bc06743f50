# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""What becomes of a jail's bans: the addresses that the kernel or httpd turns away, which need not be those that fail2ban lists.

Somebody empties the rule set, or fail2ban is killed and forgets a ban whose time has run out, and nobody takes it back.
"""

from __future__ import annotations

import ipaddress
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError
from ansible_collections.hardening.atlassian.plugins.module_utils._fail2ban import Fail2ban, items

# Between two looks: fail2ban changes its list and tells kernel or httpd a moment later.
PAUSE = 1.0  # seconds
FAMILIES = {4: "addr-set", 6: "addr6-set"}


@dataclass
class Closed:
    """Addresses that are turned away for one jail, and at which ports by each rule of the kernel (httpd has none)."""

    addresses: set[str] = field(default_factory=set)
    ports: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Effect:
    """One jail: `missing` is banned and not turned away, `stale` is turned away and not banned, `ignored` is banned and must never be."""

    missing: set[str]
    stale: set[str]
    ignored: set[str]

    def both(self, other: Effect) -> Effect:
        """What is seen in two looks."""
        return Effect(self.missing & other.missing, self.stale & other.stale, self.ignored & other.ignored)


def _element(value: Any) -> str:
    """An element of a set, in nft's JSON a text or an object with its time-out."""
    return str(value["elem"]["val"] if isinstance(value, dict) and "elem" in value else value)


def _ports(right: Any) -> list[str]:
    """The right side of a comparison of ports: one, a set, or ranges."""
    parts = right["set"] if isinstance(right, dict) and "set" in right else [right]
    return sorted("-".join(str(end) for end in part["range"]) if isinstance(part, dict) else str(part) for part in parts)


def _by_nftables(fail2ban: Fail2ban, jail: str) -> Closed:
    """A set closes nothing without the rule that names it. Source of the names: action.d/nftables.conf of fail2ban 1.0 and 1.1."""
    code, out, _err = fail2ban.run(["nft", "--json", "list", "table", "inet", "f2b-table"])
    entries = json.loads(out)["nftables"] if not code else []
    closed = Closed()
    for name in (f"{family}-{jail}" for family in FAMILIES.values()):
        for matches in ([part["match"] for part in entry["rule"]["expr"] if "match" in part] for entry in entries if "rule" in entry):
            if any(match["right"] == f"@{name}" for match in matches):
                found = [_ports(match["right"]) for match in matches if match["left"].get("payload", {}).get("field") == "dport"]
                closed.ports += found or [["all"]]
                closed.addresses |= {_element(value) for entry in entries if entry.get("set", {}).get("name") == name for value in entry["set"].get("elem", [])}
    return closed


def _folder(fail2ban: Fail2ban, jail: str) -> str:
    top = fail2ban.ask("get", jail, "action", "atlassian-proxy", "folder")
    if not top:
        raise AtlassianError(f"fail2ban does not say where the jail {jail} writes its bans.")
    return os.path.join(top, jail)


def closed_by(fail2ban: Fail2ban, jail: str) -> Closed:
    """What a running jail's actions turn away now. Raises AtlassianError where fail2ban does not answer."""
    actions = items(fail2ban.ask("get", jail, "actions") or "")
    closed = _by_nftables(fail2ban, jail) if "nftables" in actions else Closed()
    if "atlassian-proxy" in actions:
        folder = _folder(fail2ban, jail)
        closed.addresses |= set(os.listdir(folder)) if os.path.isdir(folder) else set()
    return closed


def ports_of(fail2ban: Fail2ban, jail: str, wanted: list[str]) -> list[str] | None:
    """The ports that are closed to whom this jail bans: those of the kernel's rules, which a reload leaves as they are; `wanted` only if each has them."""
    rules = closed_by(fail2ban, jail).ports
    if not rules:  # no ban yet: the first one makes the rule
        answer = fail2ban.ask("get", jail, "action", "nftables", "port")
        rules = [sorted(answer.split(","))] if answer else []
    return next((ports for ports in rules if ports != wanted), wanted) if rules else None


def _look(fail2ban: Fail2ban, jail: str, never: list[str]) -> Effect:
    answer = fail2ban.ask("get", jail, "banip")
    if answer is None:
        raise AtlassianError(f"fail2ban does not say whom the jail {jail} has banned.")
    banned = set(answer.split())
    closed = closed_by(fail2ban, jail).addresses
    return Effect(banned - closed, closed - banned, {address for address in banned if _within(address, never)})


def _within(address: str, entries: Iterable[str]) -> bool:
    """Whether a list of addresses and networks holds an address. Names are nothing it could be compared with: the jails ask no name server."""
    for entry in entries:
        try:
            if ipaddress.ip_address(address) in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue
    return False


def effect(fail2ban: Fail2ban, jail: str, never: list[str]) -> Effect:
    """What is wrong with the bans of a running jail, `never` being who must not be banned. Raises AtlassianError where fail2ban does not answer."""
    found = _look(fail2ban, jail, never)
    if found.missing or found.stale:
        time.sleep(PAUSE)
        found = found.both(_look(fail2ban, jail, never))
    return found


def open_again(fail2ban: Fail2ban, jail: str, wrong: Effect) -> None:
    """Let in whom nothing must keep out. Whoever stays banned is not touched."""
    for address in sorted(wrong.ignored):
        fail2ban.ask("set", jail, "unbanip", address)
    actions = items(fail2ban.ask("get", jail, "actions") or "") if wrong.stale else []
    for address in sorted(wrong.stale):
        if "nftables" in actions:
            name = f"{FAMILIES[ipaddress.ip_network(address, strict=False).version]}-{jail}"
            fail2ban.run(["nft", "delete", "element", "inet", "f2b-table", name, f"{{ {address} }}"])
        if "atlassian-proxy" in actions:
            path = os.path.join(_folder(fail2ban, jail), address)
            if os.path.isfile(path):
                os.unlink(path)
