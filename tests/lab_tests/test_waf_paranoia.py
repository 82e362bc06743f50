# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ordinary requests of tests/waf against the judge's proxy in blocking at paranoia 2."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab_tests.corpora import PLAIN, fired, ordinary, refused, sites, unanswered
from lab_tests.door import Door
from lab_tests.firewall import configured

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("judge")]

MOST_REFUSED_AT_PARANOIA_2 = 5


@pytest.fixture(scope="module")
def paranoia_2(judge: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with configured(tmp_path_factory.mktemp("waf-paranoia"), apache_waf_mode="blocking", apache_waf_paranoia=2):
        yield


def test_waf_02_hardly_any_ordinary_request_is_refused_at_paranoia_2(paranoia_2: None, door: Door) -> None:
    found = fired(door.proxy, ordinary(), sites(PLAIN))
    assert unanswered(found) == []
    assert len(refused(found)) <= MOST_REFUSED_AT_PARANOIA_2, refused(found)
