# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How this machine gets its Debian packages, so that the containers can get theirs the same way.

Nothing of it is part of the project: mirror, proxy and passwords are read when the lab is built.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import LabError
from .process import run

# What decides whether and how a mirror is reached. Not the rest: those are habits of this machine.
_OPTIONS = re.compile(
    r"^Acquire::(https?::|Retries |ForceIPv[46] |Check-Valid-Until |Check-Date |Max-FutureTime )", re.IGNORECASE
)
_ONE_LINE = re.compile(r"^deb\s+(?:\[[^]]*\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)")


@dataclass(frozen=True)
class Apt:
    """Sources for the lab's suite and apt's own options."""

    sources: list[str]
    options: list[str]
    credentials: list[Path]
    certificates: list[Path]


def read(suite: str, root: Path = Path("/")) -> Apt:
    """Read this machine's apt configuration and turn it into one for `suite`."""
    entries = list(_entries(root / "etc/apt"))
    codename = _codename(root)
    mirror = _first(entries, codename)
    security = _first(entries, f"{codename}-security")
    if mirror is None:
        raise LabError(f"The lab takes its packages from this machine's own mirror, and {root / 'etc/apt'} names none for {codename}: add one to sources.list.")
    options = [line for line in run(["apt-config", "dump"]).splitlines() if _OPTIONS.match(line) and '""' not in line]
    options += _environment_proxies(options)
    tls = any("https://" in text for text in (mirror, security or "", *options))
    return Apt(
        sources=[
            f"deb {mirror} {suite} main",
            f"deb {mirror} {suite}-updates main",
            *([f"deb {security} {suite}-security main"] if security else []),
        ],
        options=options,
        credentials=[path for path in _credentials(root / "etc/apt") if path.is_file()],
        # Authorities of this machine's own are needed inside only where packages come over TLS.
        certificates=sorted((root / "usr/local/share/ca-certificates").rglob("*.crt")) if tls else [],
    )


def _codename(root: Path) -> str:
    found = re.search(r"^VERSION_CODENAME=(\w+)", (root / "etc/os-release").read_text(), re.MULTILINE)
    return found[1] if found else ""


def _entries(directory: Path) -> list[tuple[str, str]]:
    """Pairs of (URI, suite) from one-line and deb822 sources."""
    found: list[tuple[str, str]] = []
    files = [directory / "sources.list", *sorted((directory / "sources.list.d").glob("*"))]
    for path in files:
        if not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if path.suffix == ".list":
            found += [(match["uri"], match["suite"]) for line in text.splitlines() if (match := _ONE_LINE.match(line))]
        elif path.suffix == ".sources":
            for stanza in re.split(r"\n\s*\n", text):
                fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*)$", stanza, re.MULTILINE))
                if fields.get("Enabled", "yes").lower() != "no" and "deb" in fields.get("Types", "").split():
                    uris, suites = fields.get("URIs", "").split(), fields.get("Suites", "").split()
                    found += [(uri, suite) for uri in uris for suite in suites]
    return found


def _first(entries: list[tuple[str, str]], suite: str) -> str | None:
    return next((uri for uri, name in entries if name.strip("/") == suite), None)


def _credentials(directory: Path) -> list[Path]:
    return [directory / "auth.conf", *sorted((directory / "auth.conf.d").glob("*.conf"))]


def _environment_proxies(options: list[str]) -> list[str]:
    """apt obeys http_proxy too, but the containers do not inherit this environment."""
    lines = []
    for scheme in ("http", "https"):
        value = os.environ.get(f"{scheme}_proxy")
        if value and not any(line.lower().startswith(f"acquire::{scheme}::proxy ") for line in options):
            lines.append(f'Acquire::{scheme}::Proxy "{value}";')
    return lines
