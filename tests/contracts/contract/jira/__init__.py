# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jira Software."""

from __future__ import annotations

from ..product import Contract
from ..schemas import NUMBER, TEXT, listed, only
from .documents import ABSENT, DOCUMENTS, FILES, same_as
from .exercise import REFUSED, steps
from .patches import PATCHES
from .private import ENTRIES
from .runs import BAD_REQUESTS, GOOD_REQUEST, RUNS, must_send
from .samples import OTHER_SAMPLES, READS, SAMPLES

JIRA = Contract(
    name="jira",
    title="Jira",
    documents=DOCUMENTS,
    files=FILES,
    absent=ABSENT,
    examples={},
    patches=PATCHES,
    private=ENTRIES,
    # The body of the REST module, and the standard one.
    unknown=only({"message": TEXT, "status-code": NUMBER}, ("message", "status-code")),
    errors=(only({"errorMessages": listed(TEXT), "errors": {"type": "object", "additionalProperties": TEXT}}),),
    steps=steps,
    refused=REFUSED,
    samples=SAMPLES,
    other_samples=OTHER_SAMPLES,
    reads=READS,
    runs=RUNS,
    must_send=must_send,
    good_request=GOOD_REQUEST,
    bad_requests=BAD_REQUESTS,
    login_page="/login.jsp",
    first_cookies=("atlassian.xsrf.token",),
    same_as=same_as,
)
