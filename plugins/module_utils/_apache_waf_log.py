# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to this collection: no stable interface.
"""ModSecurity 2.9's audit log in JSON: which files, which lines, and what of a line may be shown.

What clients send stands in the log with little or no escaping, and some of it is secret. Nothing of it leaves this file but what has a known, plain form.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

# Rules that judge the sum of the others: inbound and outbound, then what they report at the end. No cause of anything.
INBOUND_SUMS = frozenset({949110, 949111})
SUMS = INBOUND_SUMS | {959100, 959101, *range(980000, 981000)}
PATH_LENGTH = 120
MESSAGE_LENGTH = 100

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
# Some releases of ModSecurity write a negative offset as --0400 or --03-30.
_TIME = re.compile(r"(\d\d)/([A-Za-z]{3})/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.\d+)? ([+-])-?(\d\d)-?(\d\d)")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# What follows the last ` [file "` of a message. ModSecurity writes quotes in message and data as \x22, but not in the names of arguments before them,
# so only there is what looks like an id really one.
_TAIL = re.compile(
    rf'[^"]*"\] \[line "\d+"\] \[id "(\d+)"\](?: \[rev {_QUOTED}\])?(?: \[msg "((?:[^"\\]|\\.)*)"\])?(?: \[data "((?:[^"\\]|\\.)*)"\])?', re.DOTALL
)
# What ModSecurity's operators say of a match; the group is the name of the variable.
_SAID = (
    re.compile(rf'Match of {_QUOTED} against "(.+)" required\.', re.DOTALL),
    re.compile(r"Found \d+ byte\(s\) in (.+) outside range: [\d,-]+\.", re.DOTALL),
    re.compile(rf'(?:[^"]*?|[^"]*{_QUOTED}) at ([A-Z_]+(?::.+)?)\.(?: \[offset "\d+"\])?', re.DOTALL),
)
# libinjection names no variable, but its rules do in their data, after a fingerprint of a few letters.
_LIBINJECTION = re.compile(r"Matched Data: (?:XSS data|\S{1,8}) found within ([A-Z_]+(?::.+?)?): ", re.DOTALL)
_VARIABLE = re.compile(r"([A-Z_]+)(?::(.*))?", re.DOTALL)
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.:\[\]/*~$-]{1,80}")
# Not plain: escapes, quotes, brackets and all that an attack needs. A blank is written as + before.
_PLAIN_SEGMENT = re.compile(r"[A-Za-z0-9_.~!:,+@=$-]*")
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_HEXADECIMAL = r"(?<![A-Za-z0-9])(?=[a-fA-F]*[0-9])[0-9a-fA-F]{8,}(?![A-Za-z0-9])"
# Long, and of small letters, capitals and digits: as likely a token as an id.
_OPAQUE = r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])[A-Za-z0-9]{20,}(?![A-Za-z0-9])"
_OPAQUE_IDS = re.compile(f"{_UUID}|{_HEXADECIMAL}|{_OPAQUE}")
_IDS = re.compile(rf"{_UUID}|(?P<issue>(?<![A-Za-z0-9])[A-Z][A-Z0-9_]+-[0-9]+(?![A-Za-z0-9]))|{_HEXADECIMAL}|{_OPAQUE}|[0-9]+")


@dataclass(frozen=True)
class Match:
    """A rule that found something. rule: its id; target: the variable it was found in, "" where ModSecurity does not tell."""

    rule: int
    message: str
    target: str


@dataclass(frozen=True)
class Transaction:
    """One request of the log. time: with its zone; path: as `show_path` writes it; matches: each once, without the sums.

    blocked: it was refused. would_block: its score was reached, and it was let through.
    """

    time: datetime
    client: str
    host: str
    method: str
    path: str
    blocked: bool
    would_block: bool
    matches: tuple[Match, ...]


def parse(line: bytes) -> Transaction:
    """Raises ValueError where the line is no transaction of an audit log in JSON."""
    try:
        document = json.loads(line.decode("utf-8", errors="replace"))
        found, request, audit = document["transaction"], document["request"], document["audit_data"]
        messages = [str(message) for message in audit.get("messages", [])]
        errors = [str(error) for error in audit.get("error_messages", [])]
        method, _blank, rest = str(request["request_line"]).partition(" ")
        time, client = parse_time(str(found["time"])), str(found["remote_address"])
    except (AttributeError, KeyError, TypeError, RecursionError) as exc:
        raise ValueError("no transaction of an audit log") from exc
    hits = [match for match in map(_match, messages) if match is not None]
    blocked = any(message.startswith("Access denied with ") for message in messages)
    return Transaction(
        time,
        client,
        _host(errors),
        method if re.fullmatch(r"[A-Z-]{1,20}", method) else "?",
        show_path(re.sub(r" HTTP/[0-9.]+$", "", rest)),
        blocked,
        not blocked and any(hit.rule in INBOUND_SUMS for hit in hits),
        tuple(dict.fromkeys(hit for hit in hits if hit.rule not in SUMS)),
    )


def parse_time(text: str) -> datetime:
    """As in 26/Nov/2026:11:54:25.905948 +0000. strptime would ask the locale for the month. Raises ValueError."""
    match = _TIME.fullmatch(text)
    if match is None or match[2].lower() not in _MONTHS:
        raise ValueError("no time of an audit log")
    offset = timedelta(hours=int(match[8]), minutes=int(match[9]))
    day, year, hour, minute, second = (int(match[number]) for number in (1, 3, 4, 5, 6))
    zone = timezone(-offset if match[7] == "-" else offset)
    return datetime(year, _MONTHS[match[2].lower()], day, hour, minute, second, tzinfo=zone)


def _host(errors: list[str]) -> str:
    """The name httpd took the request for, which it adds to every error message; the last is its own, see _TAIL."""
    for error in errors:
        names = re.findall(r'\[hostname "([A-Za-z0-9._:\[\]-]+)"\]', error)
        if names:
            return str(names[-1]).lower()
    return "?"


def show_path(target: str) -> str:
    """The path of a request's target, so that requests of one kind look alike, and what a client wrote freely is left out.

    No query, no parameters (;jsessionid=...). Ids and numbers are N, issue keys KEY-N, and a segment that is not plain is *. At most PATH_LENGTH characters.
    """
    path = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "", target)
    path = re.split(r"[?#]|%3f|%23", path, maxsplit=1, flags=re.IGNORECASE)[0]
    path = re.sub(r"(?:;|%3b)[^/]*", "", path, flags=re.IGNORECASE).replace("%20", "+")
    path = "/".join(_show_segment(segment) for segment in path.split("/")) or "/"
    return path if len(path) <= PATH_LENGTH else path[: PATH_LENGTH - 3] + "..."


def _show_segment(segment: str) -> str:
    if not _PLAIN_SEGMENT.fullmatch(segment):
        return "*"
    return _IDS.sub(lambda match: "KEY-N" if match["issue"] else "N", segment)


def show_target(variable: str) -> str:
    """ARGS:name and the like. A name that is not plain is ?; the name of a name (ARGS_NAMES) is what the rule has found, and is left out."""
    match = _VARIABLE.fullmatch(variable)
    if match is None:
        return ""
    collection, key = match[1], match[2]
    if key is None or collection.endswith("_NAMES"):
        return collection
    return f"{collection}:{_OPAQUE_IDS.sub('N', key) if _PLAIN_KEY.fullmatch(key) else '?'}"


def show_message(rule: int, message: str) -> str:
    """The message of a rule of the Core Rule Set or of this collection. They quote what was found in brackets, if at all; others may quote anywhere."""
    if not (911000 <= rule <= 999999 or 9900000 <= rule <= 9999999):
        return ""
    return re.sub(r"[^ -~]", "?", message.partition(" (")[0])[:MESSAGE_LENGTH]


def _match(message: str) -> Match | None:
    """None: no rule has found something. ModSecurity writes its own troubles with rules among the messages as well."""
    head, _file, tail = message.rpartition(' [file "')
    said = re.match(r"(?:Warning\.|Access denied with [^(]*\(phase \d\)\.) ", head)
    facts = _TAIL.match(tail)
    if said is None or facts is None:
        return None
    rule = int(facts[1])
    return Match(rule, show_message(rule, facts[2] or ""), _target(head[said.end() :], facts[3] or ""))


def _target(head: str, data: str) -> str:
    """head: what the operator says of its match. data: what the rule adds to it."""
    if head.startswith("detected "):
        found = _LIBINJECTION.match(data)
        return show_target(found[1]) if found else ""
    for form in _SAID:
        if match := form.fullmatch(head):
            return show_target(match[1])
    return ""


def files(path: str, rotated: bool, since: datetime | None) -> list[str]:
    """The log and, if asked for, what logrotate made of it, newest first. Left out: files that were last written before `since`.

    Raises AtlassianError where the folder cannot be listed.
    """
    found = {0: path}
    folder, name = os.path.split(path)
    try:
        # While logrotate compresses a file, it is there twice; the plain one is the complete one, and comes first.
        for entry in sorted(os.listdir(folder or ".") if rotated else []):
            if match := re.fullmatch(re.escape(name) + r"\.([1-9]\d*)(?:\.gz)?", entry):
                found.setdefault(int(match[1]), os.path.join(folder, entry))
        older = [found[number] for number in sorted(found) if number]
        return [path, *(file for file in older if since is None or os.stat(file).st_mtime >= since.timestamp())]
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def lines(path: str) -> Iterator[bytes]:
    """The lines of a log that are not blank; .gz is unpacked. Raises AtlassianError."""
    try:
        with gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb") as handle:
            for line in handle:
                if line.strip():
                    yield line
    except (OSError, EOFError, zlib.error) as exc:
        raise _unreadable(path, exc) from exc


def _unreadable(path: str, exc: Exception) -> AtlassianError:
    if isinstance(exc, FileNotFoundError):
        return AtlassianError(f"{path} is not there. The role apache_waf has it written where a site's mode is detection or blocking.")
    return AtlassianError(f"{path} could not be read: {exc}")
