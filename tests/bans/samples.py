# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The samples of samples.yml as lines of a log: those of the access log in both its formats, with what is alike in every line filled in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import yaml

_FIELDS = ("login", "attempt", "websudo", "session", "refused", "answer", "network")
_WORD = re.compile(r'([a-z]+)=("(?:[^"\\]|\\.)*"|\S+)')
_CLIENTS = {"$C": "203.0.113.9", "$6": "2001:db8::9"}


class Sample(NamedTuple):
    """A line for a filter, and the address that it must count (None: nobody)."""

    filter: str
    line: str
    ban: str | None


def _fields(text: str) -> dict[str, str]:
    """method, path and status of a short line, and its fields with their defaults."""
    client, method, rest = text.split(" ", 2)
    head = re.match(r"(.*?) (\d{3}) ((?:login)=.*)$", rest)
    if head is None:
        raise ValueError(f"a sample without a status or a login field: {text}")
    given = {name: value.strip('"') if not value.startswith('"') else value[1:-1] for name, value in _WORD.findall(head[3])}
    default = {name: "-" for name in (*_FIELDS, "user", "referer", "agent")} | {"answer": "backend"}
    return {**default, **given, "client": _CLIENTS[client], "method": method, "path": head[1], "status": head[2]}


def classic(text: str) -> str:
    told = _fields(text)
    ends = " ".join(f"{name}={told[name]}" for name in _FIELDS)
    return (
        f'{told["client"]} - {told["user"]} [26/Nov/2026:10:00:00 +0000] "{told["method"]} {told["path"]} HTTP/1.1" {told["status"]} 512 "{told["referer"]}" '
        f'"{told["agent"]}" vhost=jira.example.com peer={told["client"]} {ends} tls=TLSv1.3 suite=TLS_AES_256_GCM_SHA384 certificate=NONE first_byte_us=900 '
        "duration_us=1000"
    )


def as_json(text: str) -> str:
    told = _fields(text)
    quoted = {name: value.replace('\\"', '"') for name, value in told.items()}
    line = {
        "time": "2026-11-26T10:00:00.123+0000", "client": told["client"], "peer": told["client"], "vhost": "jira.example.com", "user": told["user"],
        "method": told["method"], "path": quoted["path"], "protocol": "HTTP/1.1", "status": int(told["status"]), "bytes": 512, "referer": quoted["referer"],
        "agent": quoted["agent"], **{name: told[name] for name in _FIELDS}, "tls": "TLSv1.3", "suite": "TLS_AES_256_GCM_SHA384", "certificate": "NONE",
        "first_byte_us": "900", "duration_us": 1000,
    }  # fmt: skip
    return json.dumps(line, separators=(",", ":"))


def samples() -> list[Sample]:
    found = []
    for name, entries in yaml.safe_load((Path(__file__).parent / "samples.yml").read_text()).items():
        for entry in entries:
            short = entry["line"].startswith("$")
            lines = [classic(entry["line"]), as_json(entry["line"])] if short else [entry["line"]]
            found += [Sample(name, line, entry["ban"]) for line in lines]
    return found
