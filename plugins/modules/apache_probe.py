#!/usr/bin/python

# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apache_probe
short_description: Look at a web server from outside and judge its answers
version_added: 0.1.0
description:
  - Sends requests without credentials and compares status and headers of the answers with what is expected. Paths go out byte for byte as
    written, so that C(;), C(..;), C(//) and C(%2e) arrive as a stranger would send them.
  - Runs where the view should be from, usually the controller. Each entry names the address it looked from.
  - What does not match is drifted in check mode; in a real run the task fails. What got no answer is not examined, unless O(requests[].must_answer) says
    that an answer is the point.
author:
  - The hardening.atlassian authors (@hardening)
extends_documentation_fragment:
  - hardening.atlassian.attributes
attributes:
  check_mode:
    support: full
    details: Only reads. In a real run it fails where it reports drift in check mode.
  diff_mode:
    support: none
    details: Nothing is changed.
  idempotent:
    support: full
options:
  requests:
    description: What to send and what to expect.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the entry in RV(settings).
        type: str
        required: true
      url:
        description: Scheme, host and port. A path in it is ignored.
        type: str
        required: true
      address:
        description: Address to connect to instead of the host in O(requests[].url). Empty means that host.
        type: str
        default: ""
      path:
        description: Path and query, sent as they are.
        type: str
        default: /
      method:
        description: HTTP method.
        type: str
        default: GET
      headers:
        description: Headers to send.
        type: dict
        default: {}
      status:
        description: Statuses that are right. Empty means any.
        type: list
        elements: int
        default: []
      expect_headers:
        description: Headers that must be there exactly once, with regular expressions that the whole value must match.
        type: dict
        default: {}
      some_headers:
        description: Headers of which one must match a regular expression as a whole; others of the same name may be there.
        type: dict
        default: {}
      each_header:
        description: Headers of which each one must match a regular expression as a whole. Where none is there, the entry is not examined.
        type: dict
        default: {}
      absent_headers:
        description: Headers that must not be there.
        type: list
        elements: str
        default: []
      must_answer:
        description: Count a missing answer as a mismatch.
        type: bool
        default: false
      skip:
        description: Why this cannot be judged from here. If not empty, nothing is sent and the entry is not examined.
        type: str
        default: ""
"""

EXAMPLES = r"""
- name: A stranger does not get into the administration
  hardening.atlassian.apache_probe:
    requests:
      - name: refusal of /;a/admin
        url: https://jira.example.com
        path: /;a/admin
        status: [403]
  delegate_to: localhost
"""

RETURN = r"""
settings:
  description: One entry for each request that expects something or was skipped.
  returned: always
  type: list
  elements: dict
  sample:
    - {setting: "TRACE is refused", before: "status 405", after: "status 405", state: compliant, reason: "Seen from 192.0.2.7."}
answers:
  description: Status and headers by the name of the request, for those that got an answer.
  returned: always
  type: dict
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.hardening.atlassian.plugins.module_utils._apache_request import Answer, NoAnswer, Target, send
from ansible_collections.hardening.atlassian.plugins.module_utils._argspec import ArgumentSpec
from ansible_collections.hardening.atlassian.plugins.module_utils._compare import COMPLIANT, DRIFTED, FAILED, NOT_EXAMINED, Setting

SPEC = ArgumentSpec(
    {
        "requests": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {
                "name": {"type": "str", "required": True},
                "url": {"type": "str", "required": True},
                "address": {"type": "str", "default": ""},
                "path": {"type": "str", "default": "/"},
                "method": {"type": "str", "default": "GET"},
                "headers": {"type": "dict", "default": {}},
                "status": {"type": "list", "elements": "int", "default": []},
                "expect_headers": {"type": "dict", "default": {}},
                "some_headers": {"type": "dict", "default": {}},
                "each_header": {"type": "dict", "default": {}},
                "absent_headers": {"type": "list", "elements": "str", "default": []},
                "must_answer": {"type": "bool", "default": False},
                "skip": {"type": "str", "default": ""},
            },
        },
    }
)


def target_of(request: Mapping[str, Any]) -> Target:
    parts = urlsplit(request["url"])
    name = parts.hostname or ""
    tls = parts.scheme == "https"
    return Target(request["address"] or name, parts.port or (443 if tls else 80), name, tls)


def mismatches(request: Mapping[str, Any], answer: Answer) -> list[str]:
    """What is not as expected, in words."""
    found = []
    if request["status"] and answer.status not in request["status"]:
        found.append(f"status {answer.status} instead of {' or '.join(str(status) for status in request['status'])}")
    for name, pattern in request["expect_headers"].items():
        values = answer.all(name)
        if len(values) != 1:
            found.append(f"{name} is there {len(values)} times instead of once")
        elif not re.fullmatch(pattern, values[0]):
            found.append(f"{name} is {values[0]}")
    for name, pattern in request["some_headers"].items():
        if not any(re.fullmatch(pattern, value) for value in answer.all(name)):
            found.append(f"no {name} is as expected")
    for name, pattern in request["each_header"].items():
        # The value may be a session: only its name is told.
        found += [f"{name} of {value.partition('=')[0]} is not as expected" for value in answer.all(name) if not re.fullmatch(pattern, value)]
    found += [f"{name} is there" for name in request["absent_headers"] if answer.all(name)]
    return found


def judge(request: Mapping[str, Any], answer: Answer | NoAnswer, check_mode: bool) -> Setting:
    wrong_state = DRIFTED if check_mode else FAILED
    name = request["name"]
    if isinstance(answer, NoAnswer):
        state = wrong_state if request["must_answer"] else NOT_EXAMINED
        return Setting(name, "no answer", "no answer", state, f"There was {answer}." if state == wrong_state else f"Not to be judged, {answer}.")
    seen = f"status {answer.status}"
    wrong = mismatches(request, answer)
    if wrong:
        return Setting(name, seen, seen, wrong_state, f"Seen from {answer.source}: {'; '.join(wrong)}.")
    missing = [header for header in request["each_header"] if not answer.all(header)]
    if missing:
        return Setting(name, seen, seen, NOT_EXAMINED, f"Not to be judged, the answer has no {' or '.join(missing)}.")
    return Setting(name, seen, seen, COMPLIANT, f"Seen from {answer.source}.")


def judged(request: Mapping[str, Any]) -> bool:
    """Whether anything is expected. A question that expects nothing only collects, and must not count as something that was found in order."""
    return any(request[option] for option in ("status", "expect_headers", "some_headers", "each_header", "absent_headers", "must_answer"))


def look(request: Mapping[str, Any]) -> Answer | NoAnswer:
    """The answer. Where silence is judged by nobody but whoever reads `answers`, one lost packet must not pass for it: it is asked again, once."""
    answer = once(request)
    return once(request) if isinstance(answer, NoAnswer) and not judged(request) else answer


def once(request: Mapping[str, Any]) -> Answer | NoAnswer:
    try:
        return send(target_of(request), request["path"], request["method"], request["headers"])
    except NoAnswer as exc:
        return exc


def main() -> None:
    module = SPEC.create_module()
    rows: list[Setting] = []
    answers: dict[str, Any] = {}
    for request in module.params["requests"]:
        if request["skip"]:
            rows.append(Setting(request["name"], None, None, NOT_EXAMINED, request["skip"]))
            continue
        answer = look(request)
        if judged(request):
            rows.append(judge(request, answer, module.check_mode))
        if isinstance(answer, Answer):
            answers[request["name"]] = {"status": answer.status, "headers": dict(answer.headers), "source": answer.source}
    result = {"changed": False, "settings": [row.as_dict() for row in rows], "answers": answers}
    failed = [f"{row.setting}: {row.reason}" for row in rows if row.state == FAILED]
    if failed:
        module.fail_json(msg=" ".join(failed), **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
