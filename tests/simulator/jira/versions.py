# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the played versions of Jira. Each field says where the fact comes from and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    line: str
    full: str
    build: int
    build_date: str
    # How the pages carry the feature list: "meta" (names only), or the data block with quotes as \" or as \u0022.
    # IS, H6: all three forms were seen; which version writes which is unverified, so each is played by one.
    feature_block: str
    # Does the site obey public.access.disabled? KAN documents it for 9.2; earlier versions: unverified. The simulator must not be
    # kinder than the product, so 8.20 takes the key, reports it as on, and closes nothing.
    closes_public_access: bool
    # S103/S112: 401 for anonymous on mypermissions. Before 10.0 unverified: played as 200 with what anonymous may do.
    anonymous_mypermissions: bool
    # DT: from 10.1 on the log-in page belongs to the two-step plugin and posts JSON to /rest/tsv/1.0/authenticate.
    two_step_login: bool
    # KP7: from platform 7 (Jira 10.0) an app's resource without an access mark wants a licensed user: 401 for a stranger, where
    # the older REST module let the resource itself say 403.
    app_rest_needs_login: bool
    # S112: the holder of a grant has `expand` in the schema from 11.2; samples of older sites show it too, so all play it.
    max_result_window: bool = False
    # A property that is not exposed, or not to the caller: 403 (H6; code) or 404 (S103; documented). Where it changed is unverified.
    hidden_property_status: int = 404
    # What is on or off: a box, or a pair of radio buttons (H6). Where it changed, if it did, is unverified.
    boxes_in_forms: bool = False


_ALL = (
    Version("8.20", "8.20.30", 820030, "2023-12-05T00:00:00.000+0000", "meta", False, True, False, False, hidden_property_status=403),
    Version("9.12", "9.12.28", 9120028, "2025-09-16T00:00:00.000+0000", "quote", True, True, False, False, hidden_property_status=403),
    Version("10.3", "10.3.24", 10030024, "2026-06-02T00:00:00.000+0000", "unicode", True, False, True, True, boxes_in_forms=True),
    Version("11.2", "11.2.1", 11020001, "2026-01-13T00:00:00.000+0000", "unicode", True, False, True, True, True, boxes_in_forms=True),
)
VERSIONS = {version.line: version for version in _ALL}
