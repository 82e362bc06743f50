# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Confluence."""

from __future__ import annotations

from ..product import Contract
from ..schemas import NUMBER, TEXT, only, ref
from .documents import ABSENT, DOCUMENTS, EXAMPLES, FILES
from .exercise import REFUSED, steps
from .patches import PATCHES
from .private import ENTRIES
from .runs import BAD_REQUESTS, GOOD_REQUEST, RUNS, must_send
from .samples import OTHER_SAMPLES, READS, SAMPLES

CONFLUENCE = Contract(
    name="confluence",
    title="Confluence",
    documents=DOCUMENTS,
    files=FILES,
    absent=ABSENT,
    examples=EXAMPLES,
    patches=PATCHES,
    private=ENTRIES,
    unknown=only({"message": TEXT, "status-code": NUMBER}, ("message", "status-code")),
    errors=(ref("RestError"),),
    steps=steps,
    refused=REFUSED,
    samples=SAMPLES,
    other_samples=OTHER_SAMPLES,
    reads=READS,
    runs=RUNS,
    must_send=must_send,
    good_request=GOOD_REQUEST,
    bad_requests=BAD_REQUESTS,
    login_page="/login.action",
    first_cookies=("atl.xsrf.token",),
)
