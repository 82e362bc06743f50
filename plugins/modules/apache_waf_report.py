#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_waf_report
short_description: Tell what the web application firewall has refused, or would have
version_added: 0.4.0
description:
  - Reads ModSecurity's audit log on a proxy, as the role P(hardening.atlassian.apache_waf#role) has it written, and puts requests of one kind together.
    That is what exclusions are made from, before a site goes from detection to blocking.
  - Requests are of one kind where host, method and path are the same. Ids and numbers in the path count as equal.
  - Queries, bodies, values of headers and what a rule has found are in no result, names of arguments only where they are plain.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: Only reads.
  diff_mode:
    support: none
    details: Nothing is changed.
  idempotent:
    support: full
  platform:
    details: ModSecurity 2.9 with an audit log in JSON, in one file. Run as somebody who may read it.
options:
  path:
    description: The audit log.
    type: path
    default: /var/log/atlassian-waf/audit.log
  rotated:
    description: Whether to read what logrotate has made of the log as well, C(.1), C(.2.gz) and so on.
    type: bool
    default: false
  since:
    description: Leave out requests before this time, in ISO 8601, for example V(2026-11-26T08:00:00+01:00). Without an offset it is UTC.
    type: str
  hours:
    description: Leave out requests from before this many hours ago.
    type: int
  limit:
    description: Most rows to return.
    type: int
    default: 50
"""

EXAMPLES = r"""
- name: What would have been refused in the last week?
  hardening.atlassian.apache_waf_report:
    rotated: true
    hours: 168
  register: found

- name: Show it
  ansible.builtin.debug:
    msg: "{{ found.summary.splitlines() }}"
"""

RETURN = r"""
rows:
  description: Kinds of requests that were refused or would have been, the most frequent first.
  returned: success
  type: list
  elements: dict
  contains:
    host:
      description: The name for which httpd took the request; V(?) where the log does not tell.
      type: str
    method:
      description: The method; V(?) if it is none of capital letters.
      type: str
    path:
      description:
        - The path without its query and parameters, at most 120 characters.
        - Numbers and ids are V(N), issue keys V(KEY-N), and a segment with anything but letters, digits and C(_.~!:,+@=$-) is V(*).
      type: str
    rules:
      description: What was found in them, the most frequent first, at most 20 entries.
      type: list
      elements: dict
      contains:
        id:
          description: Id of the rule.
          type: int
        message:
          description: What the rule looks for. Empty for rules that are neither of the Core Rule Set nor of this collection.
          type: str
        target:
          description:
            - Where it was found, for example V(ARGS:name). V(ARGS:?) is an argument whose name is not plain. Empty where ModSecurity does not tell.
          type: str
        count:
          description: Number of requests in which it was found there.
          type: int
      sample:
        - id: 941100
          message: XSS Attack Detected via libinjection
          target: ARGS:description
          count: 3
    more_rules:
      description: Number of further entries in RV(rows[].rules).
      type: int
    count:
      description: Number of requests.
      type: int
    blocked:
      description: How many of them were really refused.
      type: int
    first:
      description: Time of the first one, in UTC.
      type: str
      sample: "2026-11-26T11:54:25Z"
    last:
      description: Time of the last one, in UTC.
      type: str
    clients:
      description: Number of different addresses they came from.
      type: int
more_rows:
  description: Number of rows left out because of O(limit).
  returned: success
  type: int
examined:
  description: Number of transactions read. The log has only those in which a rule has found something.
  returned: success
  type: int
blocked:
  description: Number of transactions that were really refused.
  returned: success
  type: int
would_block:
  description: Number of transactions that reached the threshold and were let through.
  returned: success
  type: int
unreadable:
  description: Number of lines that are no transaction in JSON. One is usual where httpd is writing a line at that moment.
  returned: success
  type: int
summary:
  description: The same as a table of text.
  returned: success
  type: str
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.hardening.atlassian.plugins.module_utils import _apache_waf_log as log
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._errors import AtlassianError

SPEC = ArgumentSpec(
    {
        "path": {"type": "path", "default": "/var/log/atlassian-waf/audit.log"},
        "rotated": {"type": "bool", "default": False},
        "since": {"type": "str"},
        "hours": {"type": "int"},
        "limit": {"type": "int", "default": 50},
    },
    mutually_exclusive=[("since", "hours")],
)
# A scanner finds hundreds of arguments at one address; nobody reads them.
MOST_RULES = 20
MOST_HOURS = 24 * 3660


@dataclass
class Kind:
    """Requests that are of one kind."""

    first: datetime
    last: datetime
    count: int = 0
    blocked: int = 0
    clients: set[str] = field(default_factory=set)
    matches: Counter[log.Match] = field(default_factory=Counter)

    def add(self, transaction: log.Transaction) -> None:
        self.first = min(self.first, transaction.time)
        self.last = max(self.last, transaction.time)
        self.count += 1
        self.blocked += transaction.blocked
        self.clients.add(transaction.client)
        self.matches.update(transaction.matches)


@dataclass
class Report:
    """What was read. kinds: by host, method and path."""

    kinds: dict[tuple[str, str, str], Kind] = field(default_factory=dict)
    examined: int = 0
    blocked: int = 0
    would_block: int = 0
    unreadable: int = 0

    def add(self, lines: Iterable[bytes], since: datetime | None) -> None:
        for line in lines:
            try:
                transaction = log.parse(line)
            except ValueError:
                self.unreadable += 1
                continue
            if since is None or transaction.time >= since:
                self._count(transaction)

    def _count(self, transaction: log.Transaction) -> None:
        self.examined += 1
        self.blocked += transaction.blocked
        self.would_block += transaction.would_block
        if transaction.blocked or transaction.would_block:
            key = (transaction.host, transaction.method, transaction.path)
            self.kinds.setdefault(key, Kind(transaction.time, transaction.time)).add(transaction)

    def rows(self) -> list[dict[str, Any]]:
        """All rows, the most frequent first."""
        found = sorted(self.kinds.items(), key=lambda item: (-item[1].count, item[0]))
        return [_row(*key, kind) for key, kind in found]


def _row(host: str, method: str, path: str, kind: Kind) -> dict[str, Any]:
    """As documented in RETURN."""
    found = sorted(kind.matches.items(), key=lambda item: (-item[1], item[0].rule, item[0].target))
    rules = [{"id": match.rule, "message": match.message, "target": match.target, "count": count} for match, count in found]
    return {
        "host": host,
        "method": method,
        "path": path,
        "rules": rules[:MOST_RULES],
        "more_rules": len(rules[MOST_RULES:]),
        "count": kind.count,
        "blocked": kind.blocked,
        "first": in_utc(kind.first),
        "last": in_utc(kind.last),
        "clients": len(kind.clients),
    }


def in_utc(time: datetime) -> str:
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin(since: str | None, hours: int | None, now: datetime) -> datetime | None:
    """The time before which requests are left out. Raises AtlassianError where an option makes no sense."""
    if hours is not None:
        if not 1 <= hours <= MOST_HOURS:
            raise AtlassianError(f"hours is {hours}, expected a number from 1 to {MOST_HOURS}.")
        return now - timedelta(hours=hours)
    if since is None:
        return None
    try:
        # Older versions of Python do not know the Z.
        time = datetime.fromisoformat(since.strip().replace("Z", "+00:00"))
    except ValueError as exc:
        raise AtlassianError(f"since is {since!r}, expected a time in ISO 8601, for example 2026-11-26T08:00:00Z.") from exc
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def totals(report: Report) -> str:
    below = report.examined - report.blocked - report.would_block
    said = (
        f"{plural(report.examined, 'request', 'requests')} in the log: {report.blocked} refused, {report.would_block} would have been refused, "
        f"{below} below the threshold."
    )
    if report.unreadable:
        said += f" {plural(report.unreadable, 'line', 'lines')} could not be read."
    return said


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Two or more lines for each row: the request, then what was found in it."""
    if not rows:
        return []
    lines = [f"{'count':>7} {'refused':>7} {'clients':>7}  {'first':<16}  {'last':<16}  request (times in UTC)"]
    for row in rows:
        first, last = (row[name][:16].replace("T", " ") for name in ("first", "last"))
        numbers = f"{row['count']:>7} {row['blocked']:>7} {row['clients']:>7}"
        lines.append(f"{numbers}  {first}  {last}  {row['method']} {row['host']} {row['path']}")
        lines += [f"{rule['count']:>15} x {rule['id']:<7}  {rule['target'] or '-':<40}  {rule['message']}".rstrip() for rule in row["rules"]]
        if row["more_rules"]:
            lines.append(f"{'':>18}{row['more_rules']} more")
    return lines


def summarize(report: Report, rows: list[dict[str, Any]], more: int) -> str:
    lines = [totals(report), *table(rows)]
    if more:
        lines.append(f"{plural(more, 'row', 'rows')} more, see limit.")
    return "\n".join(lines)


def work(params: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The result. Raises AtlassianError."""
    since, limit = begin(params["since"], params["hours"], now), params["limit"]
    if limit < 1:
        raise AtlassianError(f"limit is {limit}, expected 1 or more.")
    report = Report()
    for path in log.files(params["path"], params["rotated"], since):
        report.add(log.lines(path), since)
    rows = report.rows()
    shown, more = rows[:limit], len(rows[limit:])
    return {
        "rows": shown,
        "more_rows": more,
        "examined": report.examined,
        "blocked": report.blocked,
        "would_block": report.would_block,
        "unreadable": report.unreadable,
        "summary": summarize(report, shown, more),
    }


def main() -> None:
    module = SPEC.create_module()
    try:
        result = work(module.params, datetime.now(timezone.utc))
    except AtlassianError as exc:
        module.fail_json(msg=str(exc), changed=False)
    if result["unreadable"]:
        module.warn(f"{module.params['path']}: {plural(result['unreadable'], 'line', 'lines')} could not be read.")
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
