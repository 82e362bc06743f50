# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The installed fail2ban: its own judgement of a configuration, and what the running server says. fail2ban 1.0 and 1.1 print alike."""

from __future__ import annotations

import ast
import ipaddress
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

# (return code, standard output, standard error), as AnsibleModule.run_command gives it.
RunCommand = Callable[..., tuple[int, str, str]]

# Files of ours, beside which everything else in the folder is somebody else's.
OURS = re.compile(r"(?:action|filter|jail|fail2ban)\.d/atlassian-[a-z0-9-]+\.conf")

# A line of fail2ban's own log: time, module, process, level.
_LOG_HEAD = re.compile(r"^\d{4}-\S+ \S+ \S+\s+\[\d+\]:?\s+(?:ERROR|CRITICAL|WARNING|NOTICE|INFO)\s+")
_ITEM = re.compile(r"^[|`]-\s*(.*?)\s*$", re.MULTILINE)
_NOTHING = re.compile(r"^No (?:IP address/network is ignored|file is currently monitored|regular expression is defined)", re.MULTILINE)
_EXPRESSIONS = re.compile(r"^\['(?:multi-)?set', '([^']+)', 'addfailregex', ")
# Of the log, from the one that writes most.
_LEVELS = ("HEAVYDEBUG", "TRACEDEBUG", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL")
# A server that was just started or reloaded reads its jails for a moment.
PATIENCE = 15.0  # seconds


@dataclass(frozen=True)
class Fail2ban:
    """Debian's fail2ban. `conf` and `client` are options so that a test can point them elsewhere."""

    run: RunCommand
    conf: str = "/etc/fail2ban"
    client: str = "/usr/bin/fail2ban-client"

    @property
    def installed(self) -> bool:
        return os.path.exists(self.client) and os.path.exists(os.path.join(self.conf, "jail.conf"))

    def complaint(self, conf: str) -> str:
        """fail2ban's words about the complete configuration in the folder `conf`; empty if it is content. Sends nothing to the server."""
        code, out, err = self.run([self.client, "-c", conf, "--test"])
        if not code:
            return ""
        lines = [_LOG_HEAD.sub("", line).strip() for line in (out + "\n" + err).splitlines() if re.search(r"\b(?:ERROR|CRITICAL)\b", line)]
        said = " ".join(line for line in lines if line and "test configuration failed" not in line)
        return said.replace(conf, self.conf) or f"fail2ban-client ended with {code} and said nothing"

    def shadow(self, folder: str, files: Mapping[str, str | None]) -> str:
        """A copy of the configuration below `folder` with `files` (None: without that file) laid over it; returns its path."""
        copy = os.path.join(folder, "fail2ban")
        shutil.copytree(self.conf, copy, symlinks=True)
        lay(copy, files)
        return copy

    def running(self, patience: float = 0) -> bool:
        """Whether the server answers, within some seconds: one that was just started takes a moment."""
        end = time.monotonic() + patience
        while self.run([self.client, "ping"])[0] != 0:
            if time.monotonic() >= end:
                return False
            time.sleep(0.2)
        return True

    def ask(self, *words: str) -> str | None:
        """What the server answers, None where it refuses."""
        code, out, _err = self.run([self.client, *words])
        return out.strip() if code == 0 else None

    def jails(self) -> list[str]:
        """Names of the jails that run. Raises AtlassianError where the server does not answer."""
        answer = self.ask("status")
        if answer is None:
            raise AtlassianError("fail2ban does not answer (fail2ban-client status): is its service running?")
        found = re.search(r"Jail list:\s*(.*)$", answer, re.MULTILINE)
        return [name.strip() for name in found.group(1).split(",") if name.strip()] if found else []

    def reload(self, *jails: str) -> None:
        """Take the configuration up, of these jails alone where some are named; bans stay. Raises AtlassianError with fail2ban's words."""
        code, out, err = self.run([self.client, "reload", *jails])
        if code:
            raise AtlassianError(f"fail2ban refuses to reload: {' '.join((out + ' ' + err).split())}")

    def restart(self, jail: str) -> None:
        """Let a jail carry its bans out anew. Raises AtlassianError with fail2ban's words."""
        code, out, err = self.run([self.client, "reload", "--restart", jail])
        if code:
            raise AtlassianError(f"fail2ban refuses to restart the jail {jail}: {' '.join((out + ' ' + err).split())}")

    def bring_back(self) -> None:
        """Start a service that our own reload has brought down. Raises AtlassianError if it stays down."""
        if self.running():
            self.reload()
            return
        code, out, err = self.run(["systemctl", "restart", "fail2ban"])
        if code or not self.running(PATIENCE):
            raise AtlassianError(f"fail2ban is down and could not be started again: {' '.join((out + ' ' + err).split())}")

    def expressions(self) -> dict[str, int]:
        """{jail: number of expressions that its filter has} by the configuration as it lies there. Raises AtlassianError with fail2ban's words."""
        code, out, err = self.run([self.client, "-c", self.conf, "-d"])
        if code:
            raise AtlassianError(f"fail2ban refuses its configuration: {' '.join(err.split())}")
        found: dict[str, int] = {}
        for line in out.splitlines():
            # Commands to the server, as lists of Python: ['multi-set', 'sshd', 'addfailregex', ['^...', '^...']]
            match = _EXPRESSIONS.match(line)
            if match:
                value = ast.literal_eval(line)[3]
                found[match[1]] = len(value) if isinstance(value, list) else 1
        return found

    def wait_for(self, jails: list[str]) -> list[str]:
        """Those of `jails` that still do not run after a while."""
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.ask("status")
            found = set(re.split(r"[,\s]+", answer or ""))
            missing = [name for name in jails if name not in found]
            if not missing or time.monotonic() > end:
                return missing
            time.sleep(0.2)


def lay(folder: str, files: Mapping[str, str | None]) -> None:
    """Write files whole or not at all, or remove them. Raises OSError."""
    for relative, text in files.items():
        path = os.path.join(folder, relative)
        if text is None:
            if os.path.lexists(path):
                os.unlink(path)
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        part = f"{path}.part"  # no file that fail2ban reads
        with open(part, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(part, 0o644)
        os.replace(part, path)


def read(folder: str, paths: list[str]) -> dict[str, str | None]:
    """{relative path: its text, None where there is no such file}."""
    found: dict[str, str | None] = {}
    for relative in paths:
        try:
            with open(os.path.join(folder, relative), encoding="utf-8", errors="surrogateescape") as stream:
                found[relative] = stream.read()
        except FileNotFoundError:
            found[relative] = None
    return found


def items(answer: str) -> list[str]:
    """The entries of an answer that is a list; an answer of one line is its own entry."""
    found = _ITEM.findall(answer)
    if found or _NOTHING.search(answer):
        return found
    lines = [line.strip() for line in answer.splitlines()]
    return [word for line in (lines[1:] if lines and lines[0].endswith(":") else lines) for word in re.split(r",\s*", line) if word]


def single(answer: str) -> str:
    """The one value of an answer, a number of seconds without its unit."""
    return re.sub(r"^(\d+)seconds$", r"\1", (items(answer) or [answer])[0])


def level(answer: str | None, wanted: str) -> str | None:
    """The level of the log; one that writes more than the wanted one counts as that. None where there is none that is known."""
    found = re.search(r"'([A-Z]+)'", answer or "")
    if not found or found[1] not in _LEVELS:
        return None
    return wanted if _LEVELS.index(found[1]) <= _LEVELS.index(wanted) else found[1]


def networks(values: list[str]) -> list[str]:
    """Addresses and networks in one spelling, sorted; what is neither (a host name) stays as it is."""
    found = set()
    for value in values:
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            found.add(value)
            continue
        found.add(str(network.network_address) if network.num_addresses == 1 else str(network))
    return sorted(found)
