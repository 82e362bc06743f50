# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated product in this process, and the people who call it."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from simulator.app import create_app
from werkzeug.test import TestResponse

SECRETS = {
    "admin_password": "canary-admin-password",
    "admin_token": "canary-admin-token",
    "user_password": "canary-user-password",
    "user_token": "canary-user-token",
    "admin2_password": "canary-admin2-password",
    "admin2_token": "canary-admin2-token",
    "guest_password": "canary-guest-password",
    "former_password": "canary-former-password",
}
TOKENS = {"automation": "admin_token", "witness": "user_token", "admin2": "admin2_token"}


class Form(HTMLParser):
    """What a browser would post of the form with this id, and its buttons apart."""

    def __init__(self, page: str, form_id: str) -> None:
        super().__init__()
        self._id, self._inside, self._select, self._area = form_id, False, "", ""
        self.action = ""
        self.fields: dict[str, str] = {}
        self.controls: set[str] = set()
        self.buttons: dict[str, str] = {}
        self.feed(page)
        if not self.action:
            raise AssertionError(f"no form {form_id} in the page")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == self._id
            self.action = given["action"] if self._inside else self.action
        if not self._inside or not (given.get("name") or tag == "option"):
            return
        name, kind = given.get("name", ""), given.get("type")
        if tag == "option":
            if "selected" in given:
                self.fields[self._select] = given["value"]
        elif kind == "submit":
            self.buttons[name] = given["value"]
        elif tag != "form":
            self.controls.add(name)
            self._select, self._area = (name if tag == "select" else ""), (name if tag == "textarea" else "")
            if tag == "textarea" or tag == "input" and (kind not in ("checkbox", "radio") or "checked" in given):
                self.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        if tag == "form":
            self._inside = False


class Site:
    """One simulated site. `as_user` None is a stranger: no credentials and no cookies."""

    product = "jira"

    def __init__(self, version: str = "10.3", **config: str) -> None:
        self.app = create_app({"SIM_PRODUCT": self.product, "SIM_VERSION": version, "SIM_SECRETS": SECRETS, **config})

    def call(self, method: str, path: str, as_user: str | None = None, json: Any = None, **more: Any) -> TestResponse:
        headers = dict(more.pop("headers", {}))
        if as_user is not None:
            headers["Authorization"] = f"Bearer {SECRETS[TOKENS[as_user]]}"
        if json is not None:
            more["json"] = json
        return self.app.test_client(use_cookies=False).open(path, method=method, headers=headers, **more)

    def get(self, path: str, as_user: str | None = None, **more: Any) -> TestResponse:
        return self.call("GET", path, as_user, **more)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/__sim__/state").get_json()
        return found

    def audit(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/__sim__/audit").get_json()
        return found

    def requests(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/__sim__/requests").get_json()
        return found

    def plant(self, *wishes: dict[str, Any]) -> None:
        answer = self.call("POST", "/__sim__/plant", json=list(wishes))
        if answer.status_code != 204:
            raise AssertionError(answer.get_data(as_text=True))

    def fault(self, **wish: Any) -> None:
        answer = self.call("POST", "/__sim__/faults", json=wish)
        if answer.status_code != 204:
            raise AssertionError(answer.get_data(as_text=True))


class Tracker(Site):
    """A simulated Jira with its pages."""

    def browser(self, user: str | None = "automation", websudo: bool = True) -> FlaskClient:
        """A session, as a browser has it; logged in by the door that the version has."""
        client = self.app.test_client()
        if user is None:
            return client
        password = SECRETS[TOKENS[user].replace("token", "password")]
        if self.state()["version"].startswith(("8.", "9.")):
            client.post("/login.jsp", data={"os_username": user, "os_password": password})
        else:
            client.post("/rest/tsv/1.0/authenticate", json={"username": user, "password": password})
        if websudo:
            client.get("/secure/Dashboard.jspa")  # sets the cookie with the token
            token = client.get_cookie("atlassian.xsrf.token")
            form = {"webSudoPassword": password, "webSudoDestination": "/secure/admin/ViewSystemInfo.jspa", "atl_token": token.value if token else ""}
            answer = client.post("/secure/admin/WebSudoAuthenticate.jspa", data=form)
            if answer.headers.get("X-Atlassian-WebSudo") != "Has-Authentication":
                raise AssertionError(answer.get_data(as_text=True))
        return client


class Wiki(Site):
    """A simulated Confluence. JSON is asked for, as a client does."""

    product = "confluence"

    def __init__(self, version: str = "10.2", **config: str) -> None:
        super().__init__(version, **config)

    def call(self, method: str, path: str, as_user: str | None = None, json: Any = None, **more: Any) -> TestResponse:
        headers = {"Accept": "application/json", "X-Atlassian-Token": "no-check", **dict(more.pop("headers", {}))}
        return super().call(method, path, as_user, json, headers=headers, **more)

    def browser(self, user: str | None = "automation", websudo: bool = True) -> FlaskClient:
        """A session, as a browser has it; logged in by the door that the version has."""
        client = self.app.test_client()
        if user is None:
            return client
        password = SECRETS[TOKENS[user].replace("token", "password")]
        if self.state()["version"].startswith("10."):
            client.post("/rest/tsv/1.0/authenticate", json={"username": user, "password": password})
        else:
            client.post("/dologin.action", data={"os_username": user, "os_password": password})
        if websudo:
            form = {"password": password, "authenticate": "Confirm", "destination": "/admin/console.action"}
            answer = client.post("/doauthenticate.action", data=form, headers={"X-Atlassian-Token": "no-check"})
            if answer.status_code != 302:
                raise AssertionError(answer.get_data(as_text=True))
        return client


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def make_site() -> Callable[..., Site]:
    return Site


@pytest.fixture
def jira() -> Tracker:
    return Tracker()


@pytest.fixture
def make_jira() -> Callable[..., Tracker]:
    return Tracker


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
def make_wiki() -> Callable[..., Wiki]:
    return Wiki


@pytest.fixture
def read_form() -> Callable[[FlaskClient, str, str], Form]:
    return lambda client, path, form_id: Form(client.get(path).get_data(as_text=True), form_id)


@pytest.fixture
def secrets() -> dict[str, str]:
    return dict(SECRETS)
