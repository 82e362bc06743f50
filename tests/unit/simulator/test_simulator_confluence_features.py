# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dark features."""

from __future__ import annotations

from base64 import b64encode

import pytest

SITE = "/rest/feature/1/site"


@pytest.mark.parametrize("version", ["7.19", "8.5", "9.2", "10.2"])
def test_a_feature_is_on_or_not_without_a_body(make_wiki, version):
    wiki = make_wiki(version)
    for key, status in (("simulated.experiment", 200), ("simulated.jvm.switch", 200), ("nothing", 404)):
        answer = wiki.get(f"{SITE}/{key}", "automation")
        assert (answer.status_code, answer.data) == (status, b"")


def test_features_are_switched_on_and_off(wiki):
    assert wiki.call("POST", SITE, "automation", json=["a", "b"]).status_code == 201
    assert wiki.call("PUT", f"{SITE}/c,d", "automation").status_code == 201
    assert wiki.call("DELETE", f"{SITE}/a,c", "automation").status_code == 204
    found = set(wiki.state()["features"]["site"])
    assert (found & {"a", "b", "c", "d"}, len(wiki.audit())) == ({"b", "d"}, 6)
    for wish in ({"a": 1}, [], [1], "a"):
        assert wiki.call("POST", SITE, "automation", json=wish).status_code == 400


def test_a_switch_of_the_jvm_stays_on(wiki):
    assert wiki.call("DELETE", f"{SITE}/simulated.jvm.switch", "automation").status_code == 204
    assert wiki.get(f"{SITE}/simulated.jvm.switch", "automation").status_code == 200


def test_only_system_administrators_and_a_session_only_with_websudo(wiki, secrets):
    path = f"{SITE}/simulated.experiment"
    assert wiki.get(path).status_code == 401
    for user in ("witness", "admin2"):
        assert (wiki.get(path, user).status_code, wiki.get(path, user).mimetype) == (403, "application/json")
    answer = wiki.browser(websudo=False).get(path)
    assert (answer.status_code, answer.get_json()) == (401, {"message": "This resource requires WebSudo.", "status-code": 401})
    assert wiki.browser().get(path).status_code == 200
    basic = {"Authorization": "Basic " + b64encode(f"automation:{secrets['admin_password']}".encode()).decode()}
    assert wiki.get(path, headers=basic).status_code == 200


def test_the_page_lists_both_kinds_apart(wiki):
    wiki.plant({"site_feature": {"key": "planted.key", "enabled": True}}, {"system_feature": {"key": "planted.jvm", "enabled": True}})
    page = wiki.browser().get("/admin/darkfeatures.action").get_data(as_text=True)
    system, site = page.split('<ul id="site-features">')
    assert "<code>planted.key</code> <a" in site
    assert "featureKey=planted.key" in site
    assert "planted.jvm" in system
    assert "planted.jvm" not in site
    assert wiki.browser("admin2").get("/admin/darkfeatures.action").status_code == 403
