# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging requests as the simulator logged them: is each one something the product documents, or on the closed private list?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from . import interfaces
from .document import Document
from .product import Contract


def problems(contract: Contract, document: Document, requests: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sentences, none if all is well. requests: the member `requests` of GET /__sim__/requests."""
    found = []
    for request in requests:
        label = f"{request['method']} {request['path']}"
        found += [f"{label}: {text}" for text in [*_headers(request), *_target(contract, document, request)]]
    return found


def _headers(request: Mapping[str, Any]) -> list[str]:
    found = []
    if re.match("Mozilla", request["user_agent"] or ""):
        found.append("the user agent looks like a browser's: the XSRF check refuses its writes")
    if request["method"] not in ("GET", "HEAD") and request["xsrf_header"] != "no-check":
        found.append("a write without X-Atlassian-Token: no-check")
    return found


def _target(contract: Contract, document: Document, request: Mapping[str, Any]) -> list[str]:
    method = "GET" if request["method"] == "HEAD" else request["method"]
    query = {name for name, _value in request["query"]}
    operation = document.find(method, request["path"])
    if operation is not None:
        unknown = query - operation.query
        return [f"unknown query parameter {name}" for name in sorted(unknown)] + document.problems_of_request(operation, request["body"])
    entry = interfaces.find(contract.private, method, request["path"])
    if entry is None and method == "GET" and document.absent(method, request["path"]):
        return []  # a read is how one finds out whether the version has it
    if entry is None:
        return ["neither in the document nor on the list of private interfaces"]
    found = [f"unknown query parameter {name}" for name in sorted(query - entry.query)]
    if entry.form:
        names = {name for name, _value in parse_qsl(str(request["body"]), keep_blank_values=True)}
        return found + [f"unknown form field {name}" for name in sorted(names - {"<secret>"}) if not entry.takes_field(name)]
    if entry.request is None:
        return found if request["body"] is None else [*found, "takes no body, and one was sent"]
    return found + [error.message for error in Draft202012Validator(entry.request).iter_errors(request["body"])]
