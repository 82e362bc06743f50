# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client at the front door of the judge's proxy: curl in the container outside, and where it finds that proxy."""

from __future__ import annotations

import json
import subprocess
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from lab_tests.play import JUDGE, LAB, hand_over_authority, inside, play

CLIENT = "outside1"
ACCESS_LOG = "/var/log/atlassian-proxy/access.log"


@dataclass
class Answer:
    """headers: as sent, repeated ones repeated. status 0: the connection ended without an answer."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header.lower() == name.lower()]


@dataclass(frozen=True)
class Door:
    """A site without a context path on the judge's proxy."""

    proxy: str
    address: str
    host: str
    inventory: Path

    def curl(self, path: str, *options: str) -> Answer:
        """One request, sent as it is. The certificate of the proxy is verified."""
        where = ["--resolve", f"{self.host}:443:{self.address}", "--cacert", hand_over_authority(CLIENT)]
        # --globoff: brackets are part of what is sent.
        command = ["curl", "--silent", "--include", "--http1.1", "--globoff", "--path-as-is", "--max-time", "90", *where, *options]
        full = [str(LAB / "podman"), "exec", CLIENT, *command, f"https://{self.host}{path}"]
        done = subprocess.run(full, capture_output=True, text=True, errors="replace", check=False)
        out = done.stdout.replace("\r\n", "\n")
        while out.startswith("HTTP/1.1 100"):
            out = out.partition("\n\n")[2]
        head, _blank, body = out.partition("\n\n")
        first, *lines = head.split("\n")
        parts = [line.partition(":") for line in lines]
        return Answer(int(first.split()[1]) if first else 0, [(name, value.strip()) for name, _colon, value in parts], body)

    def log(self) -> list[str]:
        return inside(self.proxy, "cat", ACCESS_LOG).splitlines()

    def play(self, directory: Path, *arguments: str) -> None:
        """Harden the proxy again, in part or with other variables."""
        run = play(directory, "--limit", "atlassian_proxies", *arguments, inventory=self.inventory)
        if run.code != 0:
            raise RuntimeError(run.output[-3000:])


def judges_door() -> Door:
    groups: dict[str, Any] = yaml.safe_load(JUDGE.read_text())["all"]["children"]
    ((proxy, variables),) = groups["atlassian_proxies"]["hosts"].items()
    urls = [urllib.parse.urlsplit(site["atlassian_url"]) for site in groups["jira_sites"]["hosts"].values()]
    return Door(proxy, variables["lab_address"], next(url.netloc for url in urls if not url.path), JUDGE)


def product(*, put: dict[str, str] | None = None, add: list[tuple[str, str]] | None = None, answer: int = 200) -> str:
    """Query that makes the judge's servlet answer with these headers: `put` in the place of its own, `add` beside them."""
    asked = [("answer", str(answer)), *(("set", f"{name}:{value}") for name, value in (put or {}).items())]
    return "?" + urllib.parse.urlencode([*asked, *(("add", f"{name}:{value}") for name, value in add or [])])


def marker(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.body)
    return found
