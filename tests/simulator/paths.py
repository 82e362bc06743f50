# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Tomcat reads a path, so that the simulator answers the same odd spellings the product would answer.

Tomcat cuts path parameters (;x) off each segment, then decodes %xx, then merges slashes and resolves dot segments; an encoded
slash, a backslash, a NUL and a path that leaves the root are a 400 (Apache Tomcat, CoyoteAdapter: postParseRequest, normalize).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


def raw_target(environ: WSGIEnvironment) -> str:
    """The path as sent, still encoded: servers give it as RAW_URI; else it is rebuilt from the decoded one."""
    target = str(environ.get("RAW_URI") or quote_from_bytes(str(environ.get("PATH_INFO", "/")).encode("latin-1")))
    return (urlsplit(target).path if "://" in target else target.split("?", 1)[0]) or "/"


def normalise(target: str) -> str | None:
    """The path a servlet would see, as WSGI wants it (bytes as Latin-1); None where Tomcat answers 400."""
    without_parameters = "/".join(segment.split(";", 1)[0] for segment in target.split("/"))
    if "%2f" in without_parameters.lower():
        return None
    path = unquote_to_bytes(without_parameters).decode("latin-1")
    if "\\" in path or "\0" in path:
        return None
    parts: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if not parts:
                return None
            parts.pop()
        elif segment not in ("", "."):
            parts.append(segment)
    tail = "/" if parts and segments[-1] in ("", ".", "..") else ""
    return "/" + "/".join(parts) + tail
