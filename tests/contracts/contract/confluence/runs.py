# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules for Confluence are run with, and what the judge of requests must find wrong."""

from __future__ import annotations

from typing import Any

from ..product import Run
from . import json_rpc

RUNS: tuple[Run, ...] = ()

GOOD_REQUEST = {"method": "GET", "path": "/rest/api/space", "query": [["limit", "100"], ["start", "0"]]}
_FEATURES = {"method": "POST", "path": "/rest/feature/1/site", "query": []}
_ENVELOPE = {"method": "POST", "path": json_rpc.PATH, "query": []}
BAD_REQUESTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"path": "/rest/plugins/1.0/", "query": []}, "neither in the document nor"),
    ({"query": [["startAt", "0"]]}, "unknown query parameter startAt"),
    ({**_FEATURES, "xsrf_header": None, "body": ["a"]}, "without X-Atlassian-Token"),
    ({**_FEATURES, "body": [1]}, "1 is not of type 'string'"),
    ({**_ENVELOPE, "body": {"jsonrpc": "2.0", "method": "removeSpace", "params": ["DOC"], "id": 1}}, "is not valid under any of the given schemas"),
    ({**_ENVELOPE, "path": f"{json_rpc.PATH}/removeAnonymousPermissionFromSpace", "body": ["VIEWSPACE"]}, "too short"),
    ({**_ENVELOPE, "path": "/admin/doeditsecurityconfig.action", "body": "webSudoEnable=true"}, "unknown form field webSudoEnable"),
    ({"user_agent": "Mozilla/5.0"}, "looks like a browser's"),
    ({"body": {"a": 1}}, "takes no body"),
)
