# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in no document of Confluence: the closed list of private interfaces that may be called, each with its source."""

from __future__ import annotations

from ..interfaces import Private
from ..schemas import BOOLEAN, NUMBER, TEXT, listed, only
from . import forms, json_rpc

_TOOLKIT = "Atlassian's dc-app-performance-toolkit"
_JAVADOC = "javadoc of DarkFeatureSiteResource; the codes are read in product code"
_LOGIN = only(dict.fromkeys(("username", "password", "targetUrl"), TEXT) | {"rememberMe": {"type": ["boolean", "string"]}})
_LOGGED_IN = only({"success": BOOLEAN, "targetUrl": TEXT})
# Sample applinks-manifest.
_MANIFEST = only({
    **dict.fromkeys(("id", "name", "typeId", "version", "applinksVersion", "url", "iconUrl"), TEXT), "buildNumber": NUMBER,
    **dict.fromkeys(("inboundAuthenticationTypes", "outboundAuthenticationTypes"), listed(TEXT)), "publicSignup": BOOLEAN,
})

_REST = (
    Private("GET", r"/status", "the vendor's Helm chart; CONFSERVER-102144", None, only({"state": TEXT}), frozenset((200, 500, 503))),
    Private("GET", r"/rest/applinks/1\.0/manifest", _TOOLKIT, None, _MANIFEST, frozenset((200,)), also=frozenset(("application/xml",))),
    Private("POST", r"/rest/tsv/1\.0/authenticate", _TOOLKIT, _LOGIN, _LOGGED_IN, frozenset((200, 404))),
    Private("GET", r"/rest/feature/1/site/[^/,]+", _JAVADOC, None, None, frozenset((200, 404))),
    Private("POST", r"/rest/feature/1/site", _JAVADOC, listed(TEXT), None, frozenset((201, 400))),
    Private("PUT", r"/rest/feature/1/site/[^/]+", f"{_JAVADOC}; deprecated since 5.6, code unverified", None, None, frozenset((200, 201, 204))),
    Private("DELETE", r"/rest/feature/1/site/[^/]+", _JAVADOC, None, None, frozenset((204,))),
)
# How one asks whether the writes are there without writing: 405 where they are, 404 where not. Unverified.
_PROBE = Private(
    "GET", r"/rest/api/permissions/((anonymous|unlicensed)|(group|user)/[^/]+)/(grant|revoke)", "the operations are PUT only (documents of 9.3 and later)",
    None, None, frozenset((404, 405)),
)
ENTRIES = (*_REST, _PROBE, *json_rpc.ENTRIES, *forms.ENTRIES)
