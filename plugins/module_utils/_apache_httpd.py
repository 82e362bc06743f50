# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""The installed httpd: where its files are, its own judgement of a configuration, and its process."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

# (return code, standard output, standard error), as AnsibleModule.run_command gives it.
RunCommand = Callable[..., tuple[int, str, str]]

BASE_VARIABLE = "HARDENING_BASE"
BASE_FOLDER = "hardening-atlassian"
ENTRY = "conf-enabled/zz-hardening-atlassian.conf"
ENABLED_FOLDERS = ("conf-enabled", "mods-enabled", "sites-enabled")

# Said on every start of a host without a global ServerName; says nothing about the configuration.
_NOISE = re.compile(r"AH00558|AH00557|^Syntax OK$|^\s*$")


@dataclass(frozen=True)
class Httpd:
    """Debian's httpd. `conf` and `binary` are options so that a test can point them elsewhere."""

    run: RunCommand
    conf: str = "/etc/apache2"
    binary: str = "/usr/sbin/apache2"

    @property
    def base(self) -> str:
        return os.path.join(self.conf, BASE_FOLDER)

    @property
    def current(self) -> str:
        """The symlink that names the version httpd reads."""
        return os.path.join(self.base, "current")

    @property
    def installed(self) -> bool:
        return os.path.exists(self.binary) and os.path.exists(os.path.join(self.conf, "apache2.conf"))

    def test(self, root: str, base: str) -> str:
        """httpd's complaint about the complete configuration below `root` with our files taken from `base`; empty if it is content."""
        code, out, err = self._httpd(root, base, ["-t"])
        return self.complaint(out + "\n" + err, root) or f"httpd ended with {code} and said nothing." if code else ""

    def dump_vhosts(self, root: str, base: str) -> str:
        """What `apache2ctl -S` prints. Raises AtlassianError with httpd's words if the configuration does not load."""
        code, out, err = self._httpd(root, base, ["-t", "-D", "DUMP_VHOSTS"])
        if code:
            raise AtlassianError(f"httpd does not accept the configuration on this host: {self.complaint(out + chr(10) + err, root)}")
        return out.replace(root + "/", self.conf + "/")

    def complaint(self, text: str, root: str) -> str:
        lines = [line.strip() for line in text.splitlines() if not _NOISE.search(line)]
        return " ".join(lines).replace(root + "/", self.conf + "/")

    def _httpd(self, root: str, base: str, arguments: Sequence[str]) -> tuple[int, str, str]:
        # apache2ctl would create run-time folders even for a test; a check must not, so envvars is read here.
        script = '. "$1/envvars" && shift && exec "$@"'
        command = ["/bin/sh", "-c", script, "sh", root, self.binary, "-d", root, "-f", os.path.join(root, "apache2.conf")]
        return self.run([*command, "-C", f"Define {BASE_VARIABLE} {base}", *arguments], environ_update={"LC_ALL": "C"})

    def pid(self) -> int | None:
        """The running parent process, None if there is none."""
        code, out, _err = self.run(["/bin/sh", "-c", '. "$1/envvars" && printf %s "$APACHE_PID_FILE"', "sh", self.conf])
        if code or not out or not os.path.exists(out):
            return None
        try:
            with open(out, encoding="ascii") as handle:
                pid = int(handle.read().strip())
            with open(f"/proc/{pid}/comm", encoding="ascii") as handle:
                alive = handle.read().strip() == os.path.basename(self.binary)
        except (OSError, ValueError):
            return None
        return pid if alive else None

    def reload(self) -> None:
        """Graceful: requests in work are finished. Never starts a stopped httpd (`apache2ctl graceful` would)."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGUSR1)

    def bring_back(self) -> None:
        """Start an httpd that our own reload has brought down. Raises AtlassianError if it stays down."""
        command = ["systemctl", "restart", "apache2"] if os.path.isdir("/run/systemd/system") else ["apache2ctl", "start"]
        code, out, err = self.run(command)
        if code:
            raise AtlassianError(f"httpd is down and could not be started again: {self.complaint(out + chr(10) + err, self.conf)}")

    def module_enabled(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self.conf, "mods-enabled", f"{name}.load"))

    def module_available(self, name: str) -> bool:
        return os.path.exists(os.path.join(self.conf, "mods-available", f"{name}.load"))

    def with_dependencies(self, names: Sequence[str]) -> list[str]:
        """The modules and what Debian's `# Depends:` lines say they need, in loading order."""
        order: list[str] = []

        def add(name: str) -> None:
            if name in order:
                return
            for needed in self._depends(name):
                add(needed)
            order.append(name)

        for name in names:
            add(name)
        return order

    def _depends(self, name: str) -> list[str]:
        path = os.path.join(self.conf, "mods-available", f"{name}.load")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as handle:
            found = re.search(r"^#\s*Depends:\s*(.+)$", handle.read(), re.MULTILINE)
        return found.group(1).split() if found else []


@dataclass(frozen=True)
class Links:
    """What a plan does to the *-enabled folders: names of modules, and relative paths of links."""

    enable: Sequence[str] = ()
    disable: Sequence[str] = ()
    remove: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.enable or self.disable or self.remove)


def build_shadow(httpd: Httpd, root: str, links: Links, entry: str) -> None:
    """A stand-in for the configuration folder below the empty folder `root`: links to the real files, with `links` applied.

    Keys are not copied: every entry is a symlink. Absolute paths inside the configuration still name the real folder;
    ours alone are redirected, by the variable that httpd gets on its command line.
    """
    for name in os.listdir(httpd.conf):
        if name not in ENABLED_FOLDERS:
            os.symlink(os.path.join(httpd.conf, name), os.path.join(root, name))
    for folder in ENABLED_FOLDERS:
        os.mkdir(os.path.join(root, folder))
        real = os.path.join(httpd.conf, folder)
        for name in os.listdir(real) if os.path.isdir(real) else []:
            os.symlink(os.path.join(real, name), os.path.join(root, folder, name))
    for relative in _module_files(httpd, links.enable, "mods-available"):
        target = os.path.join(root, "mods-enabled", os.path.basename(relative))
        if not os.path.lexists(target):
            os.symlink(os.path.join(httpd.conf, relative), target)
    for relative in [*_module_files(httpd, links.disable, "mods-enabled"), *links.remove]:
        if os.path.lexists(os.path.join(root, relative)):
            os.unlink(os.path.join(root, relative))
    if not os.path.lexists(os.path.join(root, ENTRY)):
        with open(os.path.join(root, ENTRY), "w", encoding="utf-8") as handle:
            handle.write(entry)


def _module_files(httpd: Httpd, names: Sequence[str], folder: str) -> list[str]:
    files = [os.path.join(folder, f"{name}{suffix}") for name in names for suffix in (".load", ".conf")]
    return [relative for relative in files if os.path.lexists(os.path.join(httpd.conf, relative))]


def entry_text() -> str:
    """The one file of ours that Debian's configuration reads; the role places the same lines."""
    return (
        f"<IfDefine !{BASE_VARIABLE}>\n    Define {BASE_VARIABLE} /etc/apache2/{BASE_FOLDER}/current\n</IfDefine>\n"
        f"IncludeOptional ${{{BASE_VARIABLE}}}/server.d/*.conf\n"
    )


def as_files(value: Mapping[str, Any]) -> dict[str, str]:
    """Relative paths -> text with one newline at the end. Raises AtlassianError for a path that leaves the version."""
    files: dict[str, str] = {}
    for path, text in value.items():
        if path.startswith("/") or ".." in path.split("/"):
            raise AtlassianError(f"files: {path} must be a path inside the version folder.")
        files[path] = str(text).rstrip("\n") + "\n"
    return files
