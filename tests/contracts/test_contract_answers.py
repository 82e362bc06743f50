# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every answer of the simulator, for every version: known code, known members, nothing else."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from contracts.contract import coverage
from contracts.contract.answers import NOT_SERVED, Judge
from contracts.contract.document import Document
from contracts.contract.products import each, label
from contracts.contract.steps import SECRETS, TOKENS
from simulator.app import create_app


def site(contract, version):
    return create_app({"SIM_PRODUCT": contract.name, "SIM_VERSION": version, "SIM_SECRETS": SECRETS})


def walk(contract, version):
    """(application, step, answer) for the whole walk, on one site."""
    app = site(contract, version)
    browser, stranger = app.test_client(), app.test_client(use_cookies=False)
    for step in contract.steps(version):
        headers = {} if step.user is None else {"Authorization": f"Bearer {TOKENS[step.user]}"}
        client = browser if step.session else stranger
        cookie = browser.get_cookie("atlassian.xsrf.token")
        form = None if step.form is None else {**step.form, **({"atl_token": cookie.value} if cookie else {})}
        more = {"json": step.json} if step.json is not None else {"data": form} if form is not None else {}
        headers |= {"X-Atlassian-Token": "no-check", **step.headers}
        yield app, step, client.open(step.path, method=step.method, headers=headers, **more)


def test_each_answer_is_one_the_product_may_give(contract, document, version):
    judge, found, seen = Judge(contract, document), [], set()
    for _app, step, answer in walk(contract, version):
        name, problems = judge.problems(step.method, step.path.split("?")[0], answer)
        if name is not None:
            known = coverage.private if name in {entry.name for entry in contract.private} else coverage.answered
            known[contract.name, version].add(name)
            seen.add(name)
        found += [f"{step.method} {step.path} as {step.user}: {answer.status_code}: {text}" for text in problems]
    assert found == []
    assert {entry.name for entry in contract.private} <= seen  # nothing stands on the private list that nobody looks at


def test_the_walk_reaches_every_route_and_every_good_answer(contracts, contract, version):
    """Without this a new route of the simulator could go unjudged, and a walk of errors alone could pass."""
    served = set()
    for app, step, answer in walk(contract, version):
        if answer.status_code < 400:
            rule, _values = app.url_map.bind("localhost").match(step.path.split("?")[0], method=step.method, return_rule=True)
            served.add((rule.rule, step.method))
    every = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/__sim__", "/rest/api/latest"))
    }
    assert every - served == contract.refused.get(version, frozenset())


@pytest.mark.parametrize(
    ("played", "operation"), each(lambda contract, version: contract.absent.get(version, ())), indirect=["played"], ids=label
)
def test_a_version_serves_nothing_newer(contract, document, version, operation):
    method, template = operation.split(" ", 1)
    headers = {"Authorization": f"Bearer {TOKENS['automation']}", "X-Atlassian-Token": "no-check"}
    body = None if method == "GET" else []
    answer = site(contract, version).test_client().open(f"/rest{contract.place(template)}", method=method, headers=headers, json=body)
    assert answer.status_code in NOT_SERVED
    assert Judge(contract, document).absent(answer) == []


@pytest.mark.parametrize(("played", "operation"), each(lambda contract, version: contract.absent.get(version, ())), indirect=["played"], ids=label)
def test_an_operation_that_a_version_lacks_is_one_of_another(contracts, contract, operation):
    """A slip of the pen would make the test before this one a proof of nothing."""
    documents = [Document(contracts, contract, version) for version in contract.documents]
    assert any(operation == found.name for document in documents for found in document.operations)


def test_cookies_are_those_the_clients_look_for(contracts, contract, version):
    answer = site(contract, version).test_client().get(contract.login_page)
    names = [name for header in answer.headers.getlist("Set-Cookie") for name in SimpleCookie(header)]
    assert names == list(contract.first_cookies)
