# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages that list what is shared, and many filters at once."""

from __future__ import annotations

import re

import pytest

FILTERS = "/secure/admin/filters/ViewSharedFilters.jspa"
DASHBOARDS = "/secure/admin/dashboards/ViewSharedDashboards.jspa"
POPULAR = "/secure/ManageFilters.jspa?filterView=popular"


def numbers(page):
    return [int(number) for number in re.findall(r"(?:filterId|\?filter|selectPageId)=(\d+)\"", page)]


def pages(client, path):
    """(ids, page) of every page, as the next links lead."""
    while path is not None:
        page = client.get(path).get_data(as_text=True)
        yield numbers(page), page
        found = re.search(r'class="icon-next" href="([^"]+)"', page)
        path = f"{FILTERS.rsplit('/', 1)[0]}/{found[1]}" if found else None


@pytest.mark.parametrize(("version", "address"), [
    ("8.20", "/secure/EditFilter!default.jspa?filterId=10000"), ("9.12", "/secure/EditFilter!default.jspa?filterId=10000"),
    ("10.3", "/issues/?filter=10000"), ("11.2", "/issues/?filter=10000"),
])
def test_shared_filters_have_their_number_in_the_link(make_jira, version, address):
    page = make_jira(version).browser().get(FILTERS).get_data(as_text=True)
    assert f'href="http://localhost:8080{address}"' in page
    assert numbers(page) == [10000, 10003, 10001]  # by name; what nobody else sees is not there


def test_shared_dashboards_without_the_one_of_the_system(jira):
    page = jira.browser().get(DASHBOARDS).get_data(as_text=True)
    assert numbers(page) == [10002, 10003, 10001]
    assert "witness" in page


def test_many_filters_come_in_pages_of_twenty(jira):
    jira.plant({"filters": {"count": 100, "public": 4}})
    found = list(pages(jira.browser(), FILTERS))
    assert [len(ids) for ids, _page in found] == [20, 20, 20, 20, 20, 3]
    assert len({number for ids, _page in found for number in ids}) == 103
    assert sum(page.count("Anyone on the web") for _ids, page in found) == 5  # with the one of the seed
    assert "icon-previous" in found[-1][1]
    assert numbers(jira.browser().get(f"{FILTERS}?pagingOffset=x").get_data(as_text=True)) == found[0][0]


def test_words_are_translated(jira):
    jira.plant({"language": "de"})
    page = jira.browser().get(FILTERS).get_data(as_text=True)
    assert ("Jeder im Web" in page, numbers(page)) == (True, [10000, 10003, 10001])


def test_only_for_administrators_under_websudo(jira):
    for path in (FILTERS, DASHBOARDS):
        assert jira.get(path).status_code == 302
        assert jira.browser("witness", websudo=False).get(path).status_code == 403
        assert b"webSudoPassword" in jira.browser(websudo=False).get(path).data


@pytest.mark.parametrize("wish", [
    {"filter": {"id": 1, "owner": "nobody"}}, {"filters": {"count": 1, "public": 2}},
    {"filter": {"id": 1, "owner": "lena", "shares": [{"type": "anyone"}]}},
])
def test_a_wish_that_makes_no_sense_is_refused(jira, wish):
    assert jira.call("POST", "/__sim__/plant", json=wish).status_code == 400
    assert "1" not in jira.state()["filters"]


@pytest.mark.parametrize(("version", "address"), [("9.12", "/secure/EditFilter!default.jspa?filterId=10000"), ("10.3", "/issues/?filter=10000")])
@pytest.mark.parametrize(("language", "title"), [("en", "Popular filters"), ("de", "Beliebte Filter")])
def test_popular_filters_show_a_stranger_what_is_public(make_jira, version, address, language, title):
    jira = make_jira(version)
    jira.plant({"language": language})
    page = jira.get(POPULAR).get_data(as_text=True)
    assert (numbers(page), title in page, address in page) == ([10000], True, True)
    assert numbers(jira.browser("witness", websudo=False).get(POPULAR).get_data(as_text=True)) == [10000, 10003, 10001]
    assert numbers(jira.get(POPULAR.partition("?")[0]).get_data(as_text=True)) == []


def test_popular_filters_are_twenty_at_most_and_the_favourites_first(jira):
    jira.plant({"filters": {"count": 30, "public": 30}})
    page = jira.get(POPULAR).get_data(as_text=True)
    assert (len(numbers(page)), numbers(page)[0], "icon-next" in page) == (20, 10000, False)


def test_popular_filters_of_a_closed_site_lead_to_the_log_in(jira):
    jira.plant({"site_feature": {"key": "public.access.disabled", "enabled": True}})
    answer = jira.get(POPULAR)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "http://localhost:8080/login.jsp")
    assert numbers(jira.browser("witness", websudo=False).get(POPULAR).get_data(as_text=True)) == [10000, 10003, 10001]
