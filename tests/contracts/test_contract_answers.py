# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer of the simulator, for every version: known code, known members, nothing else."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie

import pytest
from contracts.contract import coverage, private
from contracts.contract.exercise import SECRETS, TOKENS, steps
from contracts.contract.patches import ABSENT_BEFORE_10, BEFORE_EVERY_RESOURCE
from jsonschema import Draft202012Validator
from simulator.app import create_app

TEXTS = {"type": "array", "items": {"type": "string"}}
FIELDS = {"type": "object", "additionalProperties": {"type": "string"}}
ERROR_BODIES = (  # the standard body, and the one of the REST module
    {"type": "object", "properties": {"errorMessages": TEXTS, "errors": FIELDS}, "additionalProperties": False},
    {
        "type": "object",
        "properties": {"message": {"type": "string"}, "status-code": {"type": "integer"}},
        "required": ["message", "status-code"],
        "additionalProperties": False,
    },
)


def walk(version):
    """(step, answer) for the whole walk, on one site."""
    app = create_app({"SIM_PRODUCT": "jira", "SIM_VERSION": version, "SIM_SECRETS": SECRETS})
    browser, stranger = app.test_client(), app.test_client(use_cookies=False)
    for step in steps():
        headers = {} if step.user is None else {"Authorization": f"Bearer {TOKENS[step.user]}"}
        client = browser if step.session else stranger
        cookie = browser.get_cookie("atlassian.xsrf.token")
        form = None if step.form is None else {**step.form, **({"atl_token": cookie.value} if cookie else {})}
        more = {"json": step.json} if step.json is not None else {"data": form} if form is not None else {}
        yield app, step, client.open(step.path, method=step.method, headers={**headers, "X-Atlassian-Token": "no-check"}, **more)


def error_problems(answer):
    if answer.mimetype != "application/json":
        return [] if answer.mimetype == "text/html" else [f"an error as {answer.mimetype}"]
    body = answer.get_json()
    return [] if any(Draft202012Validator(schema).is_valid(body) for schema in ERROR_BODIES) else [f"an error body of no known shape: {body}"]


def documented_problems(document, operation, answer):
    if answer.status_code not in document.statuses(operation) | BEFORE_EVERY_RESOURCE:
        return [f"{answer.status_code} is not among the known codes"]
    if answer.status_code >= 400:
        return error_problems(answer)
    body = json.loads(answer.data) if answer.data else None
    return document.problems_of_answer(operation, answer.status_code, body)


def private_problems(entry, answer):
    if answer.status_code not in entry.statuses | BEFORE_EVERY_RESOURCE:
        return [f"{answer.status_code} is not among the known codes"]
    if answer.status_code >= 400 and not answer.is_json:
        return error_problems(answer)
    if entry.answer is None:
        return ["JSON where none is known"] if answer.status_code < 300 and answer.is_json else []
    if answer.status_code >= 400 and not Draft202012Validator(entry.answer).is_valid(answer.get_json()):
        return error_problems(answer)
    return [error.message for error in Draft202012Validator(entry.answer).iter_errors(answer.get_json())]


def test_each_answer_is_one_the_product_may_give(document, version):
    found = []
    for _app, step, answer in walk(version):
        path = step.path.split("?")[0]
        operation, entry = document.find(step.method, path), private.find(step.method, path)
        if operation is not None:
            coverage.answered[version].add(operation.name)
            problems = documented_problems(document, operation, answer)
        elif entry is not None:
            coverage.private[version].add(f"{entry.method} {entry.path}")
            problems = private_problems(entry, answer)
        else:
            problems = ["neither in the document nor on the list of private interfaces"]
        found += [f"{step.method} {step.path} as {step.user}: {answer.status_code}: {text}" for text in problems]
    assert found == []


def test_the_walk_reaches_every_route_and_every_good_answer(version):
    """Without this a new route of the simulator could go unjudged, and a walk of errors alone could pass."""
    served = set()
    for app, step, answer in walk(version):
        if answer.status_code < 400:
            rule, _values = app.url_map.bind("localhost").match(step.path.split("?")[0], method=step.method, return_rule=True)
            served.add((rule.rule, step.method))
    every = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/__sim__", "/rest/api/latest"))
    }
    if app.extensions["simulated_product"].version.two_step_login:
        every -= {("/login.jsp", "POST")}  # the classic form is gone
    else:
        every -= {("/rest/tsv/1.0/authenticate", "POST")}
    assert every - served == set()


@pytest.mark.parametrize("early", ["8.20", "9.12"])
@pytest.mark.parametrize("operation", ABSENT_BEFORE_10)
def test_a_version_without_a_document_serves_nothing_newer(contracts, early, operation):
    method, path = operation.split(" ", 1)
    app = create_app({"SIM_PRODUCT": "jira", "SIM_VERSION": early, "SIM_SECRETS": SECRETS})
    answer = app.test_client().open(f"/rest{path}", method=method, headers={"Authorization": f"Bearer {TOKENS['automation']}"})
    assert answer.status_code in (404, 405)


def test_cookies_are_those_the_clients_look_for(contracts):
    app = create_app({"SIM_PRODUCT": "jira", "SIM_VERSION": "10.3", "SIM_SECRETS": SECRETS})
    answer = app.test_client().get("/login.jsp")
    names = [name for header in answer.headers.getlist("Set-Cookie") for name in SimpleCookie(header)]
    assert names == ["atlassian.xsrf.token"]
